"""What of a report goes into which line of BOS V2."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from patrol.kinds import KINDS
from patrol.models import BosField, Report
from patrol.wording import Wording, label_of
from polmas.people.models import Unit
from polmas.people.templatetags.polmas import clock

COMMON: dict[str, tuple] = {
    "date": (_("Date"), lambda report: report.day.strftime("%d-%m-%Y")),
    "time": (_("Hour"), lambda report: clock(report.occurred_at, report.unit)),
    "village": (_("Village"), lambda report: report.area.name),
    "place": (_("Place"), lambda report: report.place or report.area.title),
    "lat": (_("Latitude"), lambda report: f"{report.location.y:.6f}" if report.location else ""),
    "lon": (_("Longitude"), lambda report: f"{report.location.x:.6f}" if report.location else ""),
    "subject": (_("Name"), lambda report: subject_of(report, "label")),
    "rw": ("RW", lambda report: subject_of(report, "rw")),
    "rt": ("RT", lambda report: subject_of(report, "rt")),
    "narrative": (_("What happened"), lambda report: report.narrative or report.result),
    "result": (_("Result"), lambda report: report.result or report.narrative),
    "follow_up": (_("Follow-up"), lambda report: report.follow_up),
    "field": (_("Field"), lambda report: str(report.get_field_display())),
    "situation": (_("Situation"), lambda report: str(report.get_situation_display())),
    "officer": (_("Officer"), lambda report: report.officer.full_name),
}
USUAL = ("date", "time", "village", "rw", "rt", "subject", "narrative", "result", "follow_up")


def subject_of(report: Report, name: str) -> str:
    visit = getattr(report, "visit", None)
    return str(getattr(visit.subject, name)) if visit and visit.subject else ""


def sources_of(kind: str) -> list[tuple[str, str]]:
    """The values of a kind that a line may take, by name and label."""
    columns = KINDS[kind].form.columns()
    own = [(f"detail.{name}", label_of(field.model, field.name)) for name, field in columns.items()]
    return [(name, str(label)) for name, (label, _value) in COMMON.items()] + own


def lines_of(report: Report) -> list[tuple[str, str]]:
    """Label and value of each line, in the order that the unit, or the nearest one above it, has set; else in the usual one."""
    words = Wording(report)
    detail = words.entry.form.detail_of(report)
    columns = words.entry.form.columns()
    lines = fields_of(report.unit, report.kind) or [(str(COMMON[name][0]), name) for name in USUAL]
    said: list[tuple[str, str]] = []
    for label, source in lines:
        value: Callable[[Report], str] | None = COMMON[source][1] if source in COMMON else None
        own = columns.get(source.removeprefix("detail."))
        text = value(report) if value else words.say(detail, own.name) if own is not None and detail else ""
        said.append((label, text))
    return [(label, text) for label, text in said if text]


def fields_of(unit: Unit, kind: str) -> list[tuple[str, str]]:
    chain = [unit.path[: end or None] for end in range(len(unit.path), 0, -Unit.steplen)]
    rows = list(BosField.objects.filter(kind=kind, unit__path__in=chain).select_related("unit"))
    nearest = max((len(row.unit.path) for row in rows), default=0)
    return [(row.label, row.source) for row in rows if len(row.unit.path) == nearest]
