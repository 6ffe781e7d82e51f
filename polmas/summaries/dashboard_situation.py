"""The situation of a unit beside its officers' activity: incidents, problems, voices of residents, forums. Read from counts alone, at
the same cost for a Polsek as for the country; nobody is named."""

import collections
from collections.abc import Iterable, Mapping

from django.core.cache import cache
from django.utils.text import capfirst
from django.utils.translation import get_language

from fkpm.models import Case, Minutes
from mapping.bulletins import BAND_HOURS, HOURS, WEEKDAYS, Bulletin, bulletin_of
from mapping.models import Field, ProblemClass
from patrol.models import OpinionUrgency
from polmas.people.models import Code, Unit
from polmas.people.periods import DAY, Change, Period
from polmas.summaries import figures
from polmas.summaries.coverage import gaps_of
from polmas.summaries.dashboards import CHART_DAYS, at_least, drawn_before, spans_of
from polmas.summaries.models import Measure
from polmas.summaries.situation import is_filled_in

MEASURES = (
    *(Measure.BY_KIND, Measure.INCIDENTS, Measure.CLEARED, Measure.STATEMENTS, Measure.PROBLEMS, Measure.SOLVED, Measure.OPINIONS, Measure.VISITS),
    *(Measure.CASES, Measure.MEETINGS, Measure.AGREEMENTS, Measure.ACTIONS_DONE),
)
URGENT = (OpinionUrgency.TINGGI, OpinionUrgency.DARURAT)
HEAT_STEPS = 7
TOP_FIELDS = 4
KEPT = 600  # seconds
Tally = dict[str, collections.Counter]  # by measure: how many of each key


def read(unit: Unit, period: Period, before: Period) -> list[figures.Row]:
    """All that a dashboard counts in both periods, and the days that its chart draws, by measure, day and key: one statement, or two
    where the periods lie apart."""
    drawn, earlier = at_least(period, CHART_DAYS), drawn_before(period, before)
    spans = spans_of(Period(min(before.start, earlier.start), max(before.end, earlier.end)), Period(min(period.start, drawn.start), period.end))
    return [row for span in spans for row in figures.several(unit, MEASURES, span, by=("measure", "day", "key"))]


def situation_of(unit: Unit, rows: list[figures.Row], period: Period, before: Period, open_problems: Mapping[str, int]) -> dict:
    """What stands on a dashboard below the tiles, the period beside another one."""
    now, then = tally(rows, period), tally(rows, before)
    return {
        "incidents": incidents(now, then),
        "hours": hours(row for row in rows if row.measure == Measure.INCIDENTS and row.day and period.includes(row.day)),
        "stated": (filled := stated(unit, period, rows)),
        "stated_before": (filled_before := stated(unit, before, rows)),
        "is_filled_before": (is_known_before := is_filled_in(filled_before["days"], filled_before["of"])),
        "is_comparable": is_known_before and is_filled_in(filled["days"], filled["of"]),
        "problems": problems(open_problems, now, then),
        "opinions": opinions(now, then),
        "visits": Change(then[Measure.VISITS].total(), now[Measure.VISITS].total()),
        "forums": forums(now, then),
    }


def tally(rows: Iterable[figures.Row], period: Period) -> Tally:
    found: Tally = collections.defaultdict(collections.Counter)
    for row in rows:
        if row.day and period.includes(row.day):
            found[row.measure or ""][row.key] += row.number
    return found


def change(now: Tally, then: Tally, measure: Measure, *first: str) -> Change:
    """How many keys of a measure there were, all or those whose last part is one of some."""
    return Change(*(sum(number for key, number in found[measure].items() if not first or key.split(":")[-1] in first) for found in (then, now)))


def incidents(now: Tally, then: Tally) -> Bulletin:
    return bulletin_of(_by_kind(now), _by_kind(then), kind_labels())


def kind_labels() -> dict[str, str]:
    """What people call the kinds of incidents; lists change by the year, pages are asked for by the second."""
    key = f"incident-kinds:{get_language()}"
    if (labels := cache.get(key)) is None:
        cache.set(key, labels := {code.code: code.label for code in Code.objects.of("INCIDENT_KIND")}, timeout=KEPT)
    return labels


def _by_kind(found: Tally) -> list[tuple[str, str, int, int]]:
    numbers: collections.Counter = collections.Counter()
    for key, number in found[Measure.INCIDENTS].items():
        numbers[tuple(key.split(":")[:2])] += number
    return [(klass, kind, number, found[Measure.CLEARED][f"{klass}:{kind}"]) for (klass, kind), number in numbers.items()]


def hours(rows: Iterable[figures.Row]) -> dict:
    """Incidents by band of four hours and weekday, Monday first, each cell with the step in which it is coloured; and where most lie."""
    table = [[0] * WEEKDAYS for _ in range(HOURS // BAND_HOURS)]
    for row in rows:
        if row.day and row.key:
            table[int(row.key.split(":")[-1])][row.day.weekday()] += row.number
    top = max(map(max, table))
    return {
        "total": sum(map(sum, table)),
        "bands": [
            {
                "name": f"{place * BAND_HOURS:02}–{(place + 1) * BAND_HOURS:02}",
                "cells": [{"number": number, "heat": -(-number * HEAT_STEPS // top) if top else 0} for number in line],
            }
            for place, line in enumerate(table)
        ],
    }


def stated(unit: Unit, period: Period, rows: Iterable[figures.Row]) -> dict:
    """For how many days SPKT stated that its list of incidents is complete, of the days of all Polsek that are over."""
    over = Period(period.start, min(period.end, unit.today() - DAY))
    days = sum(row.number for row in rows if row.measure == Measure.STATEMENTS and row.day and over.includes(row.day))
    return {"days": days, "of": max(0, over.days) * gaps_of(unit)["polsek"]}


def problems(open_problems: Mapping[str, int], now: Tally, then: Tally) -> dict:
    """How many came and were solved, and what is open today by class."""
    return {
        "new": change(now, then, Measure.PROBLEMS),
        "solved": change(now, then, Measure.SOLVED),
        "open": sum(open_problems.values()),
        "classes": [(klass.value, capfirst(str(klass.label)), open_problems[klass.value]) for klass in ProblemClass if klass in open_problems],
    }


def opinions(now: Tally, then: Tally) -> dict:
    """What residents spoke of most, and how much of it was urgent."""
    fields: collections.Counter = collections.Counter()
    urgent: collections.Counter = collections.Counter()
    for key, number in now[Measure.OPINIONS].items():
        field, urgency = key.split(":")
        fields[field] += number
        urgent[field] += number if urgency in URGENT else 0
    return {
        "all": change(now, then, Measure.OPINIONS),
        "urgent": change(now, then, Measure.OPINIONS, *URGENT),
        "fields": [(Field(field).label if field else "–", number, urgent[field]) for field, number in fields.most_common(TOP_FIELDS)],
    }


def forums(now: Tally, then: Tally) -> dict[str, Change]:
    """Meetings with their minutes, problem solving with its outcome, agreements and what was done, in the order of a summary's part E."""
    return {
        "meetings": change(now, then, Measure.MEETINGS),
        "adopted": change(now, then, Measure.MEETINGS, Minutes.State.ADOPTED),
        "cases": change(now, then, Measure.CASES),
        "settled": change(now, then, Measure.CASES, Case.Outcome.DAMAI),
        "referred": change(now, then, Measure.CASES, Case.Outcome.DILIMPAHKAN),
        "agreements": change(now, then, Measure.AGREEMENTS),
        "done": change(now, then, Measure.ACTIONS_DONE),
    }
