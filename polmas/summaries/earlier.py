"""Totals of months before the application came, in place of what it did not count itself; the figures say where that is so.

Which number stands for an earlier month at a unit: what the application counted, where it counted all of it; else the total that the unit
itself took from its own papers; else the sum of what the units below have, imported or counted. A Polres has papers of its own of before,
and they hold all its Polsek, so its total goes before a sum in which some are missing or imported. Where both are known and differ, the
paper says so.
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from mapping.models.incidents import CRIMES
from polmas.people.periods import Period
from polmas.summaries.models import EarlierTotal

Subject = EarlierTotal.Subject
SPANS = ("before", "last_year")


def fill(figures: dict[int, dict[str, Any]], period: Period) -> None:
    """Takes imported totals of a month as the one before, or as that of a year ago, in the figures of units by their number. What was taken,
    here or below, stands under `imported`: {"before": ["ACTIVITY"], ...}; a total that differs from the sum below under `differing_totals`."""
    months = {"before": period.previous().start, "last_year": period.last_year().start}
    found: dict[tuple[int, datetime.date, str], dict[str, int]] = {}
    for row in EarlierTotal.objects.filter(unit__in=figures, month__in=months.values()):
        found.setdefault((row.unit_id, row.month, row.subject), {})[row.key] = row.count
    for unit_id, told_of_unit in figures.items():
        for span, month in months.items():
            for subject, take in TAKING.items():
                if told := found.get((unit_id, month, subject)):
                    _take(told_of_unit, span, subject, told, take)


def _take(figures, span, subject: Subject, told: dict[str, int], take: Callable) -> None:
    summed = take(figures, span, told)
    if summed is None:
        return
    taken = figures.setdefault("imported", {}).setdefault(span, [])
    if subject.value not in taken:
        taken.append(subject.value)
    if figures["units"] and summed != sum(told.values()):
        differing = {"span": span, "subject": subject.value, "own": sum(told.values()), "summed": summed}
        figures["differing_totals"] = [*figures.get("differing_totals", []), differing]


def _take_activities(figures, span, told) -> int | None:
    """Answers the number that stood there, None where nothing is taken."""
    activities = figures["activities"]
    summed = activities["total"][span]
    if summed and not _is_partial(figures, span, summed, told):
        return None
    activities["total"][span] = sum(told.values())
    if span == "before":
        rows = {row["key"]: {**row, "before": told.get(row["key"], 0)} for row in activities["kinds"]}
        for key in told:
            rows.setdefault(key, {"key": key, "before": told[key], "now": 0})
        activities["kinds"] = list(rows.values())
    return summed


def _is_partial(figures, span, summed, told) -> bool:
    """Whether the sum of the units below holds imported totals, or lacks some of them; of a unit that counts itself, whether its paper knows
    more: in the month in which it began here it counted the last days alone."""
    if not figures["units"]:
        return sum(told.values()) > summed
    is_imported = Subject.ACTIVITY in figures.get("imported", {}).get(span, [])
    return is_imported or (span == "before" and any(not row["before"] for row in figures["units"]))


def _take_incidents(figures, span, told) -> int | None:
    """As the one above. An imported month is whole: its days count as filled in."""
    incidents = figures.get("incidents")
    if not incidents:
        return None
    summed, days = incidents["total"][span], incidents["days"][span]
    is_whole = span not in incidents.get("imported", []) and days["stated"] >= days["of"]
    knows_more = bool(figures["units"]) or sum(told.values()) > (summed or 0)
    if summed is not None and (is_whole or not knows_more):
        return None
    incidents["total"][span] = sum(told.values())
    incidents["imported"] = [*{*incidents.get("imported", []), span}]
    days["stated"] = days["of"]
    for row in incidents["classes"]:
        row[span] = told.get(row["key"], 0)
    for row in incidents["kinds"]:
        row[span] = None
    if span == "before":
        incidents["crimes"] |= {"before": sum(told.get(klass, 0) for klass in CRIMES), "cleared_before": None}
    return summed or 0


TAKING: dict[Subject, Callable] = {Subject.ACTIVITY: _take_activities, Subject.INCIDENT: _take_incidents}


def of_parts(parts: Iterable[dict]) -> dict[str, list[str]]:
    """What the units below took from their own papers."""
    told: dict[str, set[str]] = {}
    for part in parts:
        for span, subjects in part.get("imported", {}).items():
            told.setdefault(span, set()).update(subjects)
    return {span: sorted(told[span]) for span in SPANS if span in told}
