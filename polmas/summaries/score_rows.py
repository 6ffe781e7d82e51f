"""How a score came about, told part by part, with the rows behind each number."""

import dataclasses
import functools
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fkpm import case_lists
from fkpm.models import AgreementCheck, Case
from patrol.models import Kind, Report, State
from polmas.summaries import duty, scores, scoring
from polmas.summaries.links import rows_link
from polmas.summaries.models import OfficerScore, ScorePart
from polmas.summaries.models.scores import FEW, PARTS
from polmas.summaries.models.targets import ALL_KINDS, FORUM_MEETING, kind_label


@dataclasses.dataclass(frozen=True)
class Line:
    """One number of a part: what it is, how many of how many, and where its rows stand."""

    label: str | Promise
    count: Any
    of: Any = None
    link: str = ""


@dataclasses.dataclass(frozen=True)
class Part:
    """One part as the page tells it. `points` is None where nothing could be measured."""

    part: str
    label: str | Promise
    how: str | Promise
    weight: int
    share: float = 0
    points: float | None = None
    n: int = 0
    lines: tuple[Line, ...] = ()

    @property
    def is_few(self) -> bool:
        return self.points is not None and self.n < FEW

    @property
    def worth(self) -> float:
        """How many of the 100 points of the score it brings."""
        return round(self.share * (self.points or 0) / 100, 2)

    @property
    def colour(self) -> str:
        return "green" if (self.points or 0) >= 85 else "amber" if (self.points or 0) >= 55 else "red"


HOW = {
    ScorePart.ACTIVITY: gettext_lazy(
        "For each kind with a target: what was done of what is expected on the days on duty, never more than 100 %. More of one kind does "
        "not make up for another. The points are the mean over the kinds."
    ),
    ScorePart.QUALITY: gettext_lazy(
        "The mean of three shares: reports with a position and all announced photos; reports whose text and photos are no repeat, or that a "
        "reviewer verified; and of the reports that a reviewer looked at, those verified without having come back."
    ),
    ScorePart.PROBLEMS: gettext_lazy(
        "Of the cases of this month and the two before that could be settled, those with an agreement or guidance; and of the looks after 30 "
        "and 90 days due this month, those that found the agreement observed. Cases that a rule hands on, and those still young, do not count."
    ),
    ScorePart.RESPONSE: gettext_lazy(
        "The median time from a complaint to the officer's arrival: within 25 minutes full points, in twice the time half of them."
    ),
    ScorePart.SATISFACTION: gettext_lazy("What residents say of the officer in surveys. So far no survey asks for this."),
}
# The numbers of a part whose rows stand on a page of their own: the word in its address, and what it lists.
ROWS = {
    "lengkap": (ScorePart.QUALITY, gettext_lazy("Reports without position, or with photos that did not arrive")),
    "berulang": (ScorePart.QUALITY, gettext_lazy("Reports that repeat a text or photo")),
    "kembali": (ScorePart.QUALITY, gettext_lazy("Reports that came back")),
    "perkara": (ScorePart.PROBLEMS, gettext_lazy("Cases that count")),
    "pantau": (ScorePart.PROBLEMS, gettext_lazy("Looks at agreements that count")),
    "respons": (ScorePart.RESPONSE, gettext_lazy("Complaints that were answered")),
}


def parts_of(score: OfficerScore) -> list[Part]:
    """All five parts in their order, those that could not be measured among them."""
    return [_part(score, part) for part in PARTS]


def _part(score, name):
    facts = score.parts.get(name)
    about = (name, ScorePart(name).label, HOW[ScorePart(name)], score.weights.get(name, 0))
    if facts is None:
        return Part(*about)
    return Part(*about, facts["share"], facts["points"], facts["n"], tuple(LINES[name](score, facts)))


def _link(score, what) -> str:
    return f"{reverse('summaries:score_rows', args=[score.officer_id, what])}?bulan={score.month:%Y-%m}"


def _activity(score, facts) -> Iterable[Line]:
    for kind, count, goal in facts["kinds"]:
        filters = {} if kind == ALL_KINDS else {"jenis": kind}
        link = reverse("fkpm:forum_list") if kind == FORUM_MEETING else rows_link(score.span, petugas=score.officer.username, **filters)
        yield Line(kind_label(kind), count, goal, link)


def _quality(score, facts) -> Iterable[Line]:
    yield Line(_("Complete"), facts["complete"], facts["reports"], _link(score, "lengkap"))
    yield Line(_("No repeats"), facts["unique"], facts["reports"], _link(score, "berulang"))
    if facts["reviewed"]:
        yield Line(_("Verified without coming back"), facts["clean"], facts["reviewed"], _link(score, "kembali"))
    else:
        yield Line(_("Verified without coming back"), _("none was looked at yet"))


def _problems(score, facts) -> Iterable[Line]:
    yield Line(_("Cases settled"), facts["settled"], facts["cases"], _link(score, "perkara"))
    yield Line(_("Agreements found observed"), facts["observed"], facts["looks"], _link(score, "pantau"))


def _response(score, facts) -> Iterable[Line]:
    median = number_format(facts["median"], 1)
    yield Line(_("Median until arrival"), _("%(minutes)s minutes") % {"minutes": median}, None, _link(score, "respons"))
    yield Line(_("Allowed"), _("%(minutes)s minutes") % {"minutes": facts["within"]})


LINES = {
    ScorePart.ACTIVITY: _activity,
    ScorePart.QUALITY: _quality,
    ScorePart.PROBLEMS: _problems,
    ScorePart.RESPONSE: _response,
    ScorePart.SATISFACTION: lambda score, facts: (),
}


@dataclasses.dataclass(frozen=True)
class Row:
    title: str
    meta: str
    url: str = ""
    is_good: bool | None = None


def rows_of(score: OfficerScore, what: str):
    """The rows behind one number, as a queryset or list that can be cut into pages, and how each is told."""
    person, period, today = score.officer, score.span, score.unit.today()
    if what in ("lengkap", "berulang", "kembali"):
        lacking = {"lengkap": ~scoring.COMPLETE, "berulang": scoring.REPEATS, "kembali": scoring.CAME_BACK}[what]
        return scoring.rated_reports(period, [person]).filter(lacking).order_by("-occurred_at", "-pk"), _report_row
    if what == "perkara":
        cases = scoring.cases_of(period, today, [person.pk]).order_by("-happened_on", "-pk")
        return cases, functools.partial(_case_row, case_lists.labels())
    if what == "pantau":
        served = duty.of_people([person], period)
        absent = served[person.pk].absent if person.pk in served else set()
        looks = scoring.looks_of(period, today, [person.pk]).select_related("agreement__unit", "agreement__case").order_by("-due_on", "-pk")
        return [look for look in looks if not (look.is_observed is None and look.due_on in absent)], _look_row
    return scoring.responses_of(period, [person]).select_related("report__unit").order_by("-report__occurred_at"), _response_row


def _report_row(report: Report) -> Row:
    labels = [str(label) for label in report.flag_labels]
    state = State(report.state).label
    meta = " · ".join([str(state), *labels])
    return Row(f"{Kind(report.kind).label}, {date_format(report.day, 'j M Y')}", meta, reverse("patrol:report_detail", args=[report.uuid]))


def _case_row(labels: dict[str, str], case: Case) -> Row:
    category = labels.get(case.category, case.category)
    day = date_format(case.happened_on, "j M Y")
    url = reverse("fkpm:case_detail", args=[case.uuid])
    return Row(f"{category}, {day}", str(case.get_outcome_display()), url, case.outcome in scoring.SETTLED)


def _look_row(look: AgreementCheck) -> Row:
    found = _("not looked at") if look.is_observed is None else _("observed") if look.is_observed else _("broken")
    due = date_format(look.due_on, "j M Y")
    meta = _("after %(days)s days, due %(day)s: %(found)s") % {"days": look.days, "day": due, "found": found}
    return Row(look.agreement.number, meta, reverse("fkpm:agreement_detail", args=[look.agreement.uuid]), bool(look.is_observed))


def _response_row(response) -> Row:
    minutes = round((response.arrived_at - response.complained_at).total_seconds() / 60)
    told = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    day = date_format(response.report.day, "j M Y")
    url = reverse("patrol:report_detail", args=[response.report.uuid])
    return Row(f"{Kind(response.report.kind).label}, {day}", told, url, minutes <= scores.ARRIVE_WITHIN)
