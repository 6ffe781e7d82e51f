"""The books that officers keep (domain.md 2.5), written from the reports of a period: nobody copies a line."""

import dataclasses
import datetime
import io
from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrol.lists import in_detail
from patrol.models import Kind, Report
from patrol.wording import Wording, labels_of
from polmas.people.models import Code, User
from polmas.people.templatetags.polmas import clock, short_day

MOST_ROWS = 1000  # of one book: a Polsek's busy month
LONGEST_DAYS = 92

VISITS = (Kind.DDS, Kind.SAMBANG_USAHA, Kind.SAMBANG_TOKOH, Kind.SAMBANG_KOMUNITAS)


@dataclasses.dataclass(frozen=True)
class Column:
    label: str | Promise
    cell: Callable[["Line"], str]


@dataclasses.dataclass(frozen=True)
class Book:
    """One book: which kinds it holds (none means all), and its columns after the running number."""

    slug: str
    title: str
    icon: str
    columns: tuple[Column, ...]
    kinds: tuple[Kind, ...] = ()


class Line:
    """One report as a book reads it."""

    def __init__(self, report: Report, user, labels):
        self.report = report
        self.words = Wording(report, labels)
        self.user = user

    @property
    def day(self) -> str:
        return short_day(self.report.day)

    @property
    def hour(self) -> str:
        return clock(self.report.occurred_at, self.report.unit)

    @property
    def said(self) -> str:
        return self.report.result or self.report.narrative

    @property
    def told(self) -> str:
        return self.report.narrative or self.report.result

    def fact(self, *names) -> str:
        """The values of columns of the detail, one after the other."""
        detail = self.words.entry.form.detail_of(self.report)
        return ", ".join(filter(None, (self.words.say(detail, name) for name in names))) if detail else ""

    @property
    def subject(self) -> str:
        visit = getattr(self.report, "visit", None)
        entry = visit.subject if visit else getattr(getattr(self.report, "watch", None), "post", None)
        if entry:
            return f"{entry.label}, {entry.address}"
        return str(_("Resident not named")) if visit else ""

    @property
    def parties(self) -> str:
        parts = self.words.of_parts(self.report, self.user)
        return ", ".join(str(row) for part in parts for row, _terms in part["rows"])


DAY = Column(_("Day"), lambda line: line.day)
HOUR = Column(_("Hour"), lambda line: line.hour)
PLACE = Column(_("Place"), lambda line: line.report.place or line.report.area.name)
RESULT = Column(_("Result"), lambda line: line.said)

BOOKS = {
    book.slug: book
    for book in (
        Book(
            "mutasi",
            "Buku mutasi kegiatan",
            "clipboard-list",
            (
                *(DAY, HOUR, Column(_("Activity"), lambda line: " · ".join(filter(None, (line.report.kind_label, line.told))))),
                *(RESULT, Column(_("Remarks"), lambda line: line.report.follow_up)),
            ),
        ),
        Book(
            "kunjungan",
            "Buku kunjungan",
            "home-heart",
            (
                *(DAY, HOUR, Column(_("Name and address"), lambda line: line.subject)),
                *(Column(_("Purpose"), lambda line: line.fact("purposes")), RESULT, Column(_("Initials"), lambda line: "")),
            ),
            VISITS,
        ),
        Book(
            "binluh",
            "Buku binluh",
            "presentation",
            (
                *(DAY, PLACE, Column(_("Topics"), lambda line: line.fact("topics"))),
                *(
                    Column(_("Participants"), lambda line: line.fact("participant_count", "audience")),
                    Column(_("Speaker"), lambda line: line.fact("speaker")),
                ),
            ),
            (Kind.BINLUH,),
        ),
        Book(
            "siskamling",
            "Buku kontrol siskamling",
            "shield-check",
            (
                *(DAY, HOUR, Column(_("Post"), lambda line: line.subject or line.report.area.name)),
                *(Column(_("Guards"), lambda line: line.fact("guards_present")), Column(_("Condition"), lambda line: line.fact("condition"))),
                Column(_("Advice"), lambda line: line.fact("advice") or line.told),
            ),
            (Kind.KONTROL_KAMLING,),
        ),
        Book(
            "problem-solving",
            "Buku problem solving",
            "puzzle",
            (
                *(DAY, Column(_("Parties"), lambda line: line.parties), Column(_("Problem"), lambda line: line.told)),
                *(Column(_("Method"), lambda line: line.fact("method")), Column(_("Outcome"), lambda line: line.fact("outcome", "referred_to"))),
            ),
            (Kind.PS,),
        ),
        Book(
            "pengaduan",
            "Buku pengaduan",
            "speakerphone",
            (
                *(DAY, HOUR, Column(_("How it came"), lambda line: line.fact("channel", "service"))),
                *(Column(_("Complaint"), lambda line: line.told), Column(_("Follow-up"), lambda line: line.report.follow_up or line.report.result)),
            ),
            (Kind.RESPON_ADUAN, Kind.JUMAT_CURHAT),
        ),
    )
}


def reports_of(book: Book, user, officer, start: datetime.date, end: datetime.date):
    """What stands in a book: counted reports of the days, of one officer or of all that the user may read, the oldest first."""
    reports = Report.objects.for_user(user).counted().filter(day__range=(start, end))
    if book.kinds:
        reports = reports.filter(kind__in=book.kinds)
    if officer:
        reports = reports.filter(officer=officer)
    return in_detail(reports.order_by("occurred_at", "pk").only("pk")[:MOST_ROWS])


def lines_of(book: Book, user, reports: Iterable[Report]) -> list[list[str]]:
    """The book's rows as text, in its columns."""
    labels = labels_of(Code.objects.all())
    lines = [Line(report, user, labels) for report in reports]
    return [[str(column.cell(line)) for column in book.columns] for line in lines]


def details_of(book: Book, officer, start: datetime.date, end: datetime.date) -> dict:
    """What a worker needs to write the same book again."""
    return {"slug": book.slug, "officer": officer and officer.pk, "start": start.isoformat(), "end": end.isoformat()}


def on_paper(user: User, slug: str, officer: int | None, start: str, end: str) -> dict:
    """What the template of a book shows, read with the rights of who asked for it."""
    book, of = BOOKS[slug], User.objects.filter(pk=officer).first() if officer else None
    days = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
    unit = (of or user).post.unit if (of or user).post else None
    who = (of or user).full_name if of or unit is None else unit.name
    return {
        "book": book,
        "lines": lines_of(book, user, reports_of(book, user, of, *days)),
        "who": who,
        "unit": unit,
        "start": days[0],
        "end": days[1],
    }


def sheet_of(book: Book, lines: list[list[str]]) -> io.BytesIO:
    """The book as a workbook; texts are texts, never formulas."""
    import xlsxwriter  # imported where used: a web process stays small

    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(book.title[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, len(book.columns), 26)
    for column, label in enumerate(["No", *(str(column.label) for column in book.columns)]):
        sheet.write_string(0, column, label, bold)
    for number, line in enumerate(lines, 1):
        sheet.write_number(number, 0, number, wrapped)
        for column, text in enumerate(line, 1):
            sheet.write_string(number, column, text, wrapped)
    workbook.close()
    out.seek(0)
    return out
