"""The list of activities as CSV or as a workbook, each row put together by the database itself."""

import contextlib
from collections.abc import Callable
from typing import IO

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Case, CharField, F, FloatField, Func, IntegerField, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Replace, Trim
from django.utils.translation import gettext

from patrol.models import Kind, State
from patrol.models.campaigns import positions
from patrol.models.reports import Flag
from polmas.people.long_sheets import COPIED, DAY, EPOCH, NUMBER, TEXT, LongSheet
from polmas.people.models import Rank
from polmas.people.sheets import FORMULA, long_file

MAX_ROWS = 200_000  # of a file that is written while its reader waits; longer ones are left to a worker
MOST = {"csv": 5_000_000, "xlsx": 1_048_575}  # of a file at all; a sheet has no more rows
STEP = 5000  # rows between two signs of life
BOM = "\ufeff"  # by which Excel knows UTF-8
KINDS = {"hari": DAY, "lat": NUMBER, "lon": NUMBER, **{f"giat_angka_{n}": NUMBER for n in positions()}}
ROOM = "SET LOCAL work_mem = '128MB'"  # the rows are put in order in memory


class Harmless(Func):
    """The same by the database."""

    template = rf"regexp_replace(%(expressions)s, '{FORMULA}', E'\'\\&')"
    output_field = TextField()


def label(name: str, choices):
    """What people call a code."""
    return Case(*(When(**{name: value}, then=Value(str(text))) for value, text in choices), default=Value(""), output_field=CharField())


def at(name: str):
    """A moment in the unit's own zone."""
    return Func(F("unit__time_zone"), F(name), function="timezone")


def degrees(function: str):
    return Func(F("location"), function=function, output_field=FloatField())


def columns(typed: Callable = Harmless) -> dict:
    """The file's columns and where they come from; `typed` makes of what people wrote what the file takes for text. Names of residents are
    not among them."""
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
        "petugas": typed(officer),
        "nrp": Coalesce(F("officer__nrp"), Value("")),
        "dicatat_oleh": typed(recorder),
        "satuan": typed(F("unit__name")),
        "kode_wilayah": F("area__code"),
        "wilayah": typed(F("area__name")),
        "rw": typed(F("visit__household__rw")),
        "rt": typed(F("visit__household__rt")),
        "hasil": typed(F("result")),
        "uraian": typed(F("narrative")),
        "tindak_lanjut": typed(F("follow_up")),
        "lat": degrees("ST_Y"),
        "lon": degrees("ST_X"),
        "catatan_sistem": Case(When(flags=[], then=Value("")), default=flags, output_field=TextField()),
        "giat_tematik": typed(F("campaign_entry__campaign__name")),
        **{f"giat_angka_{n}": F(f"campaign_entry__numbers__{n - 1}") for n in positions()},
        "di_bos": Func(at("bos_mark__at"), Value("YYYY-MM-DD HH24.MI"), function="to_char", output_field=CharField()),
    }


class Watched:
    """A file that tells how many rows it holds: the database hands over one at a time."""

    def __init__(self, file: IO[bytes], tell: Callable[[int], None]):
        self.file, self.tell, self.done = file, tell, 0

    def write(self, row: bytes) -> int:
        self.done += 1
        if self.done % STEP == 0:
            self.tell(self.done)
        return self.file.write(row)


def written(reports, tell: Callable[[int], None] = lambda done: None) -> IO[bytes]:
    """The file, open at its beginning; `tell` learns how many rows are done."""
    said = columns()
    file = long_file()
    file.write(f"{BOM}{','.join(said)}\r\n".encode())
    _copy(reports.values_list(*said.values()), "FORMAT csv, ENCODING 'UTF8'", Watched(file, tell))
    file.seek(0)
    return file


def workbook(reports, tell: Callable[[int], None] = lambda done: None) -> IO[bytes]:
    """The same as a workbook, whose texts are texts: it takes no more memory however long it is."""
    said = columns(typed=lambda words: words)
    said["hari"] = Func(F("day"), template=f"(%(expressions)s - DATE '{EPOCH}')", output_field=IntegerField())
    with LongSheet(gettext("Activities"), {name: KINDS.get(name, TEXT) for name in said}, tell, STEP) as sheet:
        _copy(reports.values_list(*said.values()), COPIED, sheet)
    return sheet.file


def _copy(rows, form: str, file) -> None:
    with contextlib.suppress(EmptyResultSet), transaction.atomic(), connection.cursor() as cursor:  # what can't hold a row has no SQL
        sql, values = rows.query.sql_with_params()
        cursor.execute(ROOM)
        query = cursor.mogrify(sql, values).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH ({form})", file)


WRITERS = {"csv": written, "xlsx": workbook}
