"""The list of activities as CSV, written by the database itself: a hundred thousand rows in a second."""

import tempfile
from typing import IO

from django.db import connection, transaction
from django.db.models import Case, CharField, F, FloatField, Func, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Replace, Trim

from patrol.models import Kind, State
from patrol.models.campaigns import positions
from patrol.models.reports import Flag
from polmas.people.models import Rank
from polmas.people.sheets import FORMULA

MAX_ROWS = 200_000  # of one file
BOM = "\ufeff"  # by which Excel knows UTF-8
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is longer waits in a file for the reader


class Harmless(Func):
    """The same by the database."""

    template = rf"regexp_replace(%(expressions)s, '{FORMULA}', E'\'\\&')"
    output_field = TextField()


def label(name: str, choices):
    """What people call a code."""
    return Case(*(When(**{name: value}, then=Value(str(text))) for value, text in choices), default=Value(""), output_field=CharField())


def text(name: str):
    return Harmless(Coalesce(F(name), Value(""), output_field=TextField()))


def at(name: str):
    """A moment in the unit's own zone."""
    return Func(F("unit__time_zone"), F(name), function="timezone")


def degrees(function: str):
    return Func(F("location"), function=function, output_field=FloatField())


def columns() -> dict:
    """The file's columns and where they come from. Names of residents are not among them."""
    officer = Trim(Concat(label("officer__rank", Rank.choices), Value(" "), F("officer__name"), output_field=TextField()))
    recorder = Trim(
        Concat(label("recorded_by__rank", Rank.choices), Value(" "), Coalesce(F("recorded_by__name"), Value("")), output_field=TextField())
    )
    flags: Func = Func(F("flags"), Value(", "), function="array_to_string", output_field=TextField())
    for flag in Flag:
        flags = Replace(flags, Value(flag.value), Value(str(flag.label)))
    return {
        "id": F("uuid"),
        "hari": F("day"),
        "jam": Func(at("occurred_at"), Value("HH24.MI"), function="to_char", output_field=CharField()),
        "jenis": label("kind", Kind.choices),
        "status": label("state", State.choices),
        "petugas": Harmless(officer),
        "nrp": Coalesce(F("officer__nrp"), Value("")),
        "dicatat_oleh": Harmless(recorder),
        "satuan": text("unit__name"),
        "kode_wilayah": F("area__code"),
        "wilayah": text("area__name"),
        "rw": text("visit__household__rw"),
        "rt": text("visit__household__rt"),
        "hasil": text("result"),
        "uraian": text("narrative"),
        "tindak_lanjut": text("follow_up"),
        "lat": degrees("ST_Y"),
        "lon": degrees("ST_X"),
        "catatan_sistem": Case(When(flags=[], then=Value("")), default=flags, output_field=TextField()),
        "giat_tematik": text("campaign_entry__campaign__name"),
        **{f"giat_angka_{n}": F(f"campaign_entry__numbers__{n - 1}") for n in positions()},
        "di_bos": Func(at("bos_mark__at"), Value("YYYY-MM-DD HH24.MI"), function="to_char", output_field=CharField()),
    }


def written(reports) -> IO[bytes]:
    """The file, open at its beginning."""
    said = columns()
    rows = reports.values_list(*said.values())
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    file.write(f"{BOM}{','.join(said)}\r\n".encode())
    sql, values = rows.query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")  # the rows are put in order in memory
        query = cursor.mogrify(sql, values).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')", file)
    file.seek(0)
    return file
