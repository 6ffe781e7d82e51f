"""Loads the official list of areas: which codes and names there are, from the province to the village (Permendagri 137/2017 and its updates)."""

import csv
import dataclasses
import datetime
import gzip
import re
import zlib
from collections.abc import Container, Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mapping.geofiles import GZIP_MAGIC, RefusedError
from mapping.models import Area
from mapping.models.areas import CODE, dotted
from polmas.people.imports import Line

# What the public sources call the code and the name: our own, cahyadsn/wilayah, BPS and BIG.
CODE_NAMES = ("kode", "code", "kode_wilayah", "kode_kemendagri", "kdepum", "kdcpum", "kdpkab", "kdppum", "id")
NAME_NAMES = ("nama", "name", "nama_wilayah", "namobj", "wadmkd", "wadmkc", "wadmkk", "wadmpr")
LONGEST_NAME = 120  # characters, as the model has it
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL and halves of surrogate pairs, which neither PostgreSQL nor a page takes
MANGLED = "\ufffd"  # what stands for them in the report
TOGETHER = 5000  # rows of one statement


@dataclasses.dataclass
class CodesReport:
    """What became of a list. Vanished: areas of the list's levels and provinces that it no longer names; they stay, since reports lie there."""

    added: int = 0
    unchanged: int = 0
    renamed: list[Line] = dataclasses.field(default_factory=list)
    vanished: list[Line] = dataclasses.field(default_factory=list)
    refused: list[Line] = dataclasses.field(default_factory=list)


def text_of(properties: dict, names: Iterable[str]) -> str:
    """The first of the properties that says something, in one line: official lists carry trailing spaces and line breaks.

    What cannot be stored is marked, so that the reason of a refusal can be shown beside it.
    """
    for name in names:
        value = properties.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str | int) and (text := " ".join(str(value).split())):
            return UNSTORABLE.sub(MANGLED, text)
    return ""


def check(code: str, name: str, seen: Container[str]) -> None:
    """Raises RefusedError for what can be no area of a list that has named the areas in `seen` so far."""
    if not code:
        raise RefusedError(_("no code"))
    if not CODE.fullmatch(code):
        raise RefusedError(_("no official code: it looks like 33.74.11.1004"))
    if code in seen:
        raise RefusedError(_("occurs twice in the file"))
    if not name or len(name) > LONGEST_NAME or MANGLED in name:
        raise RefusedError(_("no usable name"))


@transaction.atomic
def load_codes(paths: Iterable[Path], listed_on: datetime.date) -> CodesReport:
    """Loads CSV files (also .gz) with a code and a name in each line, all of them together; loading them again changes nothing.

    `listed_on` is the day of the list. From then on boundaries of a kecamatan that it names are taken for its villages alone. Raises
    ValidationError where a file as a whole cannot be read, or nothing of it is an area.
    """
    report = CodesReport()
    names: dict[str, str] = {}
    for path in paths:
        for number, row in enumerate(_rows(path), start=2):
            code, name = dotted(text_of(row, CODE_NAMES)), text_of(row, NAME_NAMES)
            try:
                check(code, name, names.keys())
            except RefusedError as refusal:
                report.refused.append(Line(code or _("line %(number)s") % {"number": number}, name[:LONGEST_NAME], str(refusal)))
            else:
                names[code] = name
    if not names:
        raise ValidationError(_("The file holds no areas."))
    _store(names, listed_on, report)
    return report


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """The lines of one file by the names of its columns, in small letters."""
    try:
        with path.open("rb") as stream:
            is_packed = stream.read(2) == GZIP_MAGIC
            stream.seek(0)
            with TextIOWrapper(cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if is_packed else stream, encoding="utf-8-sig", newline="") as text:
                lines = csv.reader(text)
                columns = [name.strip().casefold() for name in next(lines, [])]
                yield from (dict(zip(columns, cells, strict=False)) for cells in lines if any(cells))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValidationError(_("This file is no CSV text. In Excel, save it as CSV UTF-8.")) from error
    except (OSError, EOFError, zlib.error) as error:
        raise ValidationError(_("The file cannot be opened, or is damaged.")) from error


def _store(names: dict[str, str], listed_on: datetime.date, report: CodesReport) -> None:
    known = {area.code: area for area in Area.objects.only("code", "name", "depth", "listed_on")}
    new = {code: name for code, name in names.items() if code not in known}
    for code in sorted(new, key=lambda code: code.count(".")):
        if "." in code and (above := code.rpartition(".")[0]) not in known and above not in new:
            report.refused.append(Line(code, new.pop(code), _("the area around it is neither known nor named")))
    report.added = len(Area.objects.make(new, known, listed_on=listed_on))
    standing = [area for code, area in known.items() if code in names and code not in new]
    renamed = [area for area in standing if area.name != names[area.code]]
    for area in renamed:
        report.renamed.append(Line(area.code, names[area.code], area.name))
        area.name = names[area.code]
    Area.objects.bulk_update(renamed, ["name"], batch_size=TOGETHER)
    report.unchanged = len(standing) - len(renamed)
    covered = {(code[:2], code.count(".") + 1) for code in names}  # a list may be of one province alone
    gone = [area for code, area in known.items() if code not in names and (code[:2], area.depth) in covered]
    report.vanished = [Line(area.code, area.name) for area in gone]
    Area.objects.filter(pk__in=[area.pk for area in standing if area.listed_on != listed_on]).update(listed_on=listed_on)
