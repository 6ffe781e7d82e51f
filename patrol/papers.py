"""Reports on paper: the laporan kegiatan of one, and the books of a period (domain.md 2.5 and 5)."""

import hashlib

from patrol.kinds import KINDS
from patrol.models import Kind, Report
from patrol.texts import post_of
from patrol.wording import Wording

# Raised when the layout changes, so that files of an older layout are not served any more.
LAYOUT = 2
# What the paper is called, where it is not a plain laporan kegiatan.
TITLES = {Kind.DDS: "Lembar DDS", Kind.PS: "Laporan problem solving", Kind.PATROLI: "Laporan patroli"}
# The two papers of a report: with the names of parties, and without.
FULL, WITHOUT_NAMES = "report", "report_no_names"


def kind_of_paper(report: Report, user) -> str:
    return FULL if KINDS[report.kind].form.is_open_to(user, report) else WITHOUT_NAMES


def fingerprint_of(report: Report) -> str:
    """Names what the paper would show now."""
    shown = (LAYOUT, report.version, report.state, report.reviewed_at, report.content_hashes, sorted(photo.pk for photo in report.photos.all()))
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def report_on_paper(report: Report, paper: str) -> dict:
    """What the template of the paper shows."""
    words = Wording(report)
    return {
        "report": report,
        "title": TITLES.get(Kind(report.kind), "Laporan kegiatan"),
        "post": post_of(report),
        "facts": words.of_detail(report),
        "parts": words.all_parts(report) if paper == FULL else [],
        "photos": report.photos.all(),
        "unit": report.unit,
    }
