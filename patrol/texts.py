"""The short texts that officers send by hand: of one report, and of a day (domain.md 5.1). Always in Indonesian."""

import datetime
import re

from django.template.loader import render_to_string
from django.utils import translation

from patrol.kinds import KINDS
from patrol.models import Report
from polmas.people.models.units import TEXT_WORDS
from polmas.people.scope import OFFICERS
from polmas.people.templatetags.polmas import clock, day

WORD = re.compile(r"\{([a-z_]+)\}")
LONGEST_LINE = 160


def short_text(report: Report) -> str:
    """By the pattern of the unit where it has one. Names of residents are never in it; empty for kinds that are not shared, and
    until its officer has confirmed it."""
    if not KINDS[report.kind].is_shared or report.is_proposed:
        return ""
    with translation.override("id"):
        post = post_of(report)
        if not report.unit.report_text:
            return render_to_string("patrol/report_short.txt", {"report": report, "post": post}).strip()
        words = words_of(report, post)
        return WORD.sub(lambda match: words.get(match[1], match[0]), report.unit.report_text).strip()


def post_of(report):
    """The posting under which the officer filed; None where it is gone."""
    posts = [post for post in report.officer.postings.all() if post.role in OFFICERS and post.is_valid_on(report.day)]
    return posts[0] if posts else None


def words_of(report, post) -> dict[str, str]:
    """What each word of a unit's pattern stands for; the same words as `TEXT_WORDS`."""
    said = {
        "kepada": report.unit.head_title or report.unit.name,
        "dari": f"{post.get_role_display() if post else ''} {report.area.title}".strip(),
        "petugas": report.officer.full_name,
        "jenis": str(report.get_kind_display()),
        "hari": day(report.occurred_at, report.unit),
        "jam": f"{clock(report.occurred_at, report.unit)} {report.unit.zone_label}",
        "tempat": report.place or report.area.title,
        "uraian": report.narrative,
        "hasil": report.result,
        "tindak_lanjut": report.follow_up,
        "situasi": str(report.get_situation_display()),
    }
    return {word: said[word] for word in TEXT_WORDS}


def recap(reports, unit, on: datetime.date, who: str) -> str:
    """The day of an officer or of a whole Polsek: how many of each kind, and one line for each activity that may be shared."""
    with translation.override("id"):
        rows = list(reports.filter(day=on).counted().select_related("officer", "unit", "area").order_by("occurred_at", "pk"))
        counts: dict[str, int] = {}
        for report in rows:
            counts[report.kind_label] = counts.get(report.kind_label, 0) + 1
        lines = [(report, line_of(report)) for report in rows if KINDS[report.kind].is_shared]
        context = {"unit": unit, "who": who, "on": on, "total": len(rows), "counts": sorted(counts.items()), "lines": lines}
        return render_to_string("patrol/recap.txt", context).strip()


def line_of(report) -> str:
    said = (report.result or report.narrative).replace("\n", " ").strip()
    return said if len(said) <= LONGEST_LINE else f"{said[: LONGEST_LINE - 1].rstrip()}…"
