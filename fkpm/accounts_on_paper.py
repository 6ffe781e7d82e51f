"""What a forum accounts for, on paper under its own head: cash book, programme, the report of a year."""

import datetime
import hashlib

from fkpm import cash_book, indicators
from fkpm.models import Forum, Member, Position, Survey
from fkpm.surveying import address_of, lines_of, previous_of
from polmas.people.models import Document
from polmas.people.qr import qr_of

# Raised when a layout changes, so that files of an older layout are not served any more.
LAYOUT = 3
# Who stands on the first page of a report.
OFFICES = (*Member.BOARD, Position.BENDAHARA)


def digest_of(forum: Forum, *shown) -> str:
    """Names what a paper shows now, its head included."""
    head = (forum.name, forum.bkpm, forum.phone, forum.area.name, forum.unit.time_zone)
    return hashlib.sha256(repr((LAYOUT, *head, *shown)).encode()).hexdigest()


def paper_of(document: Document) -> tuple[str, dict]:
    """Template and content of a paper that was asked for."""
    if document.kind == "forum_survey":
        return "fkpm/survey_print.html", survey_on_paper(Survey.objects.select_related("forum__area").get(pk=document.object_id))
    forum = Forum.objects.select_related("unit", "area", "officer").get(pk=document.object_id)
    template, content = PAPERS[document.kind]
    return template, content(forum, document.details["year"])


def cash_on_paper(forum: Forum, year: int) -> dict:
    """The book of one year: its entries in order, the months, and the sums."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    entries = forum.cash.filter(day__range=(first, last)).select_related("corrects", "correction")
    return {
        "forum": forum,
        "year": year,
        "entries": cash_book.with_balances(forum, entries.order_by("day", "number")),
        "months": [month for month in cash_book.months_of(forum) if month.first.year == year],
        "sums": cash_book.sums_of(forum, first, last),
        "today": forum.unit.today(),
        **signers_of(forum),
    }


def programme_on_paper(forum: Forum, year: int) -> dict:
    """The programme of one year with its progress."""
    items = forum.programme.filter(year=year)
    return {"forum": forum, "year": year, "items": list(items), "progress": items.progress(), **signers_of(forum)}


def survey_on_paper(survey: Survey) -> dict:
    """The sheet with the QR code."""
    return {"survey": survey, "forum": survey.forum, "qr": qr_of(address_of(survey)), "address": address_of(survey)}


def report_on_paper(forum: Forum, year: int) -> dict:
    """What the forum did in a year: board, meetings, decisions, programme, cash, cases by number only, survey, indicators."""
    readings = indicators.readings(forum, year)
    members = list(forum.active_members().by_office())
    survey = forum.surveys.filter(year=year).select_related("forum__unit").first()
    results, before = (survey.results(), previous_of(survey)) if survey else (None, None)
    return {
        **cash_on_paper(forum, year),
        **programme_on_paper(forum, year),
        "board": [member for member in members if member.position in OFFICES],
        "member_count": len(members),
        "meetings": [(meeting, meeting.presence()) for meeting in indicators.attended(forum, year)],
        "decisions": list(indicators.decisions(forum, year)),
        "cases": {reading.indicator.key: reading.now for reading in readings},
        "lines": lines_of(results, before.results() if before else None) if results else [],
        "survey_n": results["n"] if results else None,
        "readings": readings,
    }


def signers_of(forum: Forum) -> dict:
    """Who signs today: names by office, empty where nobody holds it."""
    names = {member.position: member.name for member in forum.active_members().order_by("-pk")}
    return {"chair": names.get("KETUA", ""), "secretary": names.get("SEKRETARIS", ""), "treasurer": names.get("BENDAHARA", "")}


# By the kind of the document: its template, and what gives its content for a forum and a year.
PAPERS = {
    "forum_cash": ("fkpm/cash_print.html", cash_on_paper),
    "forum_report": ("fkpm/report_print.html", report_on_paper),
    "forum_programme": ("fkpm/programme_print.html", programme_on_paper),
}
