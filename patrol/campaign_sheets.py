"""Giat tematik as tables to take along: the list of them, and the reports of one."""

import functools
from collections.abc import Iterable, Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from patrol.models import Campaign, Kind, Report, State

MAX_ROWS = 10_000  # of one file; more of them are taken from the list of activities, by days


def heads_of_list() -> list[str]:
    numbers = [head for n in (1, 2, 3) for head in (_("What is counted %(n)s") % {"n": n}, _("Sum %(n)s") % {"n": n})]
    return [_("Name"), capfirst(_("tag")), _("Unit"), _("From"), _("Until"), _("State"), _("Target"), _("Activities"), *numbers]


def rows_of_list(campaigns: Iterable[Campaign], sums: dict[int, dict]) -> Iterator[list]:
    """One line for each campaign; `sums` are rows of `added_up` by the campaign's number."""
    for campaign in campaigns:
        row = sums.get(campaign.pk, {})
        numbers = [cell for field in campaign.fields.all() for cell in (str(field), row.get(f"sum_{field.position}"))]
        days = [campaign.starts_on, campaign.ends_on]
        yield [campaign.name, campaign.tag, campaign.unit.name, *days, str(campaign.state.label), campaign.target, row.get("count", 0), *numbers]


def heads_of_reports(campaign: Campaign) -> list[str]:
    numbers = [f"{field.label} ({field.measure})" if field.measure else field.label for field in campaign.fields.all()]
    heads = [_("Day"), _("Hour"), _("Officer"), "NRP", _("Unit"), _("Village"), _("Kind"), _("State"), *numbers]
    return [*heads, _("Result"), _("What happened"), "ID"]


def rows_of_reports(campaign: Campaign, reports: Iterable[Report]) -> Iterator[list]:
    """One line for each report, with its numbers. Names of residents are not among them. What many lines share is put into words once."""
    fields = list(campaign.fields.all())
    kinds, states = ({value: str(label) for value, label in choices} for choices in (Kind.choices, State.choices))
    name_of = functools.cache(lambda officer: officer.full_name)
    for report in reports:
        numbers = [report.campaign_entry.numbers[field.position - 1] for field in fields]
        when = [report.day, f"{report.occurred_at.astimezone(report.unit.zone):%H.%M}"]
        where = [name_of(report.officer), report.officer.nrp, report.unit.name, report.area.name]
        yield [*when, *where, kinds[report.kind], states[report.state], *numbers, report.result, report.narrative, str(report.uuid)]
