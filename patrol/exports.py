"""The list of activities as CSV, row by row as it is read."""

import csv

from patrol.models import Report
from patrol.models.reports import Flag
from polmas.people.templatetags.polmas import clock

HEAD = (
    *("id", "hari", "jam", "jenis", "status", "petugas", "nrp", "satuan", "kode_wilayah", "wilayah", "rw", "rt"),
    *("hasil", "uraian", "tindak_lanjut", "lat", "lon", "catatan_sistem"),
)
# A cell that begins with one of these is read as a formula by spreadsheets.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MAX_ROWS = 50_000  # of one file
BOM = "\ufeff"  # by which Excel knows UTF-8


class Line:
    """What csv writes to; gives the line back instead of keeping it."""

    def write(self, value: str) -> str:
        return value


def lines(reports):
    """The file, line by line. Names of residents are not in it."""
    writer = csv.writer(Line())
    yield BOM + writer.writerow(HEAD)
    for report in reports.iterator(chunk_size=500):
        yield writer.writerow([harmless(cell) for cell in cells(report)])


def harmless(cell):
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def cells(report: Report):
    household = report.visit.household if hasattr(report, "visit") else None
    point = report.location
    return [
        str(report.uuid),
        report.day.isoformat(),
        clock(report.occurred_at, report.unit),
        report.get_kind_display(),
        str(report.get_state_display()),
        report.officer.full_name,
        report.officer.nrp or "",
        report.unit.name,
        report.area.code,
        report.area.name,
        household.rw if household else "",
        household.rt if household else "",
        report.result,
        report.narrative,
        report.follow_up,
        point.y if point else "",
        point.x if point else "",
        ", ".join(str(Flag(flag).label) for flag in report.flags),
    ]
