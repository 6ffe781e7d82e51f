"""Signs by which a forum knows whether it works (SKEP/433/VII/2006 chapter IV, Perkap 7/2008 articles 55-58; domain.md 2.6, 2.8).

Each is counted from the rows of one calendar year and stands beside the year before. Nothing is estimated, and where there is
nothing to count the answer is none, not zero.
"""

import dataclasses
import datetime

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fkpm.models import ActionItem, AgendaItem, Agreement, AgreementCheck, Case, Forum, Minutes, ProgrammeItem, Survey
from fkpm.models.meetings import PRIVATE_KINDS
from polmas.people.periods import Period, half_up


@dataclasses.dataclass(frozen=True)
class Indicator:
    """One sign: its name, how it is counted, and in what it is told ("%" of a share, "5" of a mean, else a number)."""

    key: str
    label: str | Promise
    how: str | Promise
    measure: str = ""
    has_rows: bool = True


INDICATORS = (
    Indicator("rapat", _("Meetings held"), _("Meetings of the year that have begun and were not called off.")),
    Indicator("kehadiran", _("Attendance"), _("Members present of those expected, over the meetings that kept count."), "%"),
    Indicator("keputusan", _("Decisions"), _("Points with a decision in minutes that are adopted.")),
    Indicator("tindak-lanjut", _("Done in time"), _("Action items due in the year up to today that were done by their day."), "%"),
    Indicator("program", _("Programme carried out"), _("Activities of the programme that are done, of those not given up."), "%"),
    Indicator("perkara", _("Problems taken up"), _("Cases of problem solving before the forum, by the day of the matter."), has_rows=False),
    Indicator("damai", _("Settled by agreement"), _("Of these, those in which the parties agreed."), has_rows=False),
    Indicator("ditaati", _("Agreements found observed"), _("Visits after 30 and 90 days that found the agreement kept, of those made."), "%", False),
    Indicator("diteruskan", _("Complaints passed on"), _("Of the problems taken up, those handed on to police or government."), has_rows=False),
    Indicator("rasa-aman", _("Feeling of safety"), _("Mean of the survey, 1 to 5; from five answers on, once it is over."), "5"),
    Indicator("kepercayaan", _("Trust"), _("Mean of the survey, 1 to 5; from five answers on, once it is over."), "5"),
    Indicator("kepuasan", _("Satisfaction"), _("Mean of the survey, 1 to 5; from five answers on, once it is over."), "5"),
)


@dataclasses.dataclass(frozen=True)
class Reading:
    """An indicator of one forum: the number of the year and of the year before; `of` says of how many a share is."""

    indicator: Indicator
    now: float | int | None
    before: float | int | None
    of: int | None = None

    @property
    def change(self) -> float | None:
        return None if self.now is None or self.before is None else round(self.now - self.before, 1)


@dataclasses.dataclass(frozen=True)
class Row:
    """One row behind a number."""

    title: str
    meta: str
    url: str = ""


def readings(forum: Forum, year: int) -> list[Reading]:
    now, before = numbers(forum, year), numbers(forum, year - 1)
    return [Reading(sign, now[sign.key][0], before[sign.key][0], now[sign.key][1]) for sign in INDICATORS]


def numbers(forum: Forum, year: int) -> dict[str, tuple[float | int | None, int | None]]:
    """Each indicator of a year, with what it is a share of."""
    meetings = list(attended(forum, year))
    told: dict[str, tuple[float | int | None, int | None]] = {"rapat": (len(meetings), None), "kehadiran": _attendance(meetings)}
    told["keputusan"] = (decisions(forum, year).count(), None)
    due = actions(forum, year)
    told["tindak-lanjut"] = share(due.filter(done_on__lte=F("due_on")).count(), due.count())
    progress = ProgrammeItem.objects.filter(forum=forum, year=year).progress()
    told["program"] = share(progress["done"], progress["n"])
    return told | _cases(forum, year) | _survey(forum, year)


def share(part: int, whole: int) -> tuple[int | None, int | None]:
    return (round(100 * part / whole), whole) if whole else (None, None)


def held(forum: Forum, year: int):
    first, last = Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31)).moments(forum.unit.zone)
    meetings = forum.meetings.filter(starts_at__range=(first, min(last, max(first, timezone.now()))), cancelled_at__isnull=True)
    return meetings.select_related("forum__unit", "minutes").order_by("starts_at")


def attended(forum: Forum, year: int):
    """With all that says who came and who was expected."""
    return held(forum, year).prefetch_related("attendances", "forum__members")


def decisions(forum: Forum, year: int):
    """Of mediations none: the report is for every member, and they name the parties."""
    open_meetings = held(forum, year).exclude(kind__in=PRIVATE_KINDS)
    adopted = AgendaItem.objects.filter(meeting__in=open_meetings, meeting__minutes__state=Minutes.State.ADOPTED).exclude(decision="")
    return adopted.select_related("meeting__forum__unit").order_by("meeting__starts_at", "order", "pk")


def actions(forum: Forum, year: int):
    """Those due in the year, up to yesterday: what is due today may still be done. What was cancelled is not asked for."""
    due = forum.actions.filter(due_on__year=year, due_on__lt=forum.unit.today()).exclude(state=ActionItem.State.CANCELLED)
    due = due.exclude(meeting__kind__in=PRIVATE_KINDS)
    return due.select_related("meeting").order_by("due_on", "pk")


def _attendance(meetings):
    counted = [presence for meeting in meetings if (presence := meeting.presence()).present is not None and presence.expected]
    return share(sum(presence.present for presence in counted), sum(presence.expected for presence in counted))


def _cases(forum, year):
    """Numbers alone: who the parties are is not for the forum's readers."""
    told = Case.objects.filter(forum=forum, happened_on__year=year, is_standing=True).aggregate(
        n=Count("pk"),
        settled=Count("pk", filter=Q(outcome__in=[Case.Outcome.DAMAI, Case.Outcome.INGKAR])),
        passed=Count("pk", filter=Q(outcome=Case.Outcome.DILIMPAHKAN) | Q(kind=Case.Kind.EKSEKUTIF)),
    )
    agreed = Agreement.objects.filter(case__forum=forum).order_by().values("pk")
    checks = AgreementCheck.objects.filter(agreement__in=agreed, checked_on__year=year)
    return {
        "perkara": (told["n"], None),
        "damai": (told["settled"], None),
        "ditaati": share(checks.filter(is_observed=True).count(), checks.count()),
        "diteruskan": (told["passed"], None),
    }


def _survey(forum, year):
    survey = Survey.objects.filter(forum=forum, year=year).select_related("forum__unit").first()
    results = survey.results() if survey else None
    told = {}
    for key, name in (("rasa-aman", "safety"), ("kepercayaan", "trust"), ("kepuasan", "satisfaction")):
        item = results["items"][name] if results else {"mean": None, "n": None}
        told[key] = (None if item["mean"] is None else float(half_up(item["mean"], 1)), item["n"])
    return told


def rows_of(forum: Forum, year: int, key: str) -> list[Row]:
    """The rows that make a number."""
    if key in ("rapat", "kehadiran"):
        return [Row(meeting.title, _presence(meeting), _page(meeting)) for meeting in attended(forum, year)]
    if key == "keputusan":
        return [Row(item.decision, item.meeting.title, _page(item.meeting)) for item in decisions(forum, year)]
    if key == "tindak-lanjut":
        return [Row(action.text, _done(action), _page(action.meeting)) for action in actions(forum, year)]
    if key == "program":
        items = ProgrammeItem.objects.filter(forum=forum, year=year).in_force()
        return [
            Row(item.activity, str(item.get_state_display()), reverse("fkpm:programme_list", args=[forum.uuid]) + f"?tahun={year}") for item in items
        ]
    surveys = Survey.objects.filter(forum=forum, year=year)
    return [Row(str(survey), str(_("Survey")), reverse("fkpm:survey_detail", args=[survey.uuid])) for survey in surveys.select_related("forum")]


def _page(meeting) -> str:
    return reverse("fkpm:meeting_detail", args=[meeting.uuid])


def _presence(meeting) -> str:
    presence = meeting.presence()
    day = date_format(meeting.day, "j M Y")
    return f"{day} · {presence.present}/{presence.expected}" if presence.present is not None and presence.expected else day


def _done(action) -> str:
    due = f"{_('Due')} {date_format(action.due_on, 'j M Y')}"
    return f"{due} · {_('Done on')} {date_format(action.done_on, 'j M Y')}" if action.done_on else f"{due} · {action.get_state_display()}"
