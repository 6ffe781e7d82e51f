"""When things are reported: how many on which day, at which hour, of which kind, and by whom how many.

The numbers are guesses at what a village sees, good enough for load and for charts that look like life.
"""

import datetime
import itertools
from collections.abc import Iterable

from patrol.models import Kind

WEEKDAYS = (1.1, 1.12, 1.1, 1.08, 0.95, 0.75, 0.5)  # Monday first
# First and last day by the Indonesian calendar: fewer activities while people fast, and few in the week of Lebaran.
RAMADAN = (
    ("2023-03-23", "2023-04-21"),
    ("2024-03-12", "2024-04-09"),
    ("2025-03-01", "2025-03-30"),
    ("2026-02-19", "2026-03-19"),
    ("2027-02-08", "2027-03-09"),
)
LEBARAN_DAYS = 8
HOLIDAYS = {(1, 1), (5, 1), (6, 1), (8, 17), (12, 25), (12, 26)}
FASTING, LEBARAN, HOLIDAY = 0.8, 0.45, 0.6
# A twelfth each: fewer in January and July, more towards the end of the year, when Operasi Lilin begins.
MONTHS = (0.9, 0.95, 1, 1, 1.02, 1, 0.94, 1.03, 1.02, 1.05, 1.04, 1.08)
GROWTH = 0.2  # a year: as more units take part
# How many of twenty; reports of those with much are not drawn more often than these.
ZEAL = (1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 8, 9, 11, 14)
# Of a thousand reports.
KINDS = {
    Kind.DDS: 560,
    Kind.PATROLI: 95,
    Kind.BINLUH: 80,
    Kind.KONTROL_KAMLING: 65,
    Kind.PENGATURAN: 55,
    Kind.DETEKSI_DINI: 50,
    Kind.KOORDINASI: 40,
    Kind.PS: 30,
    Kind.FKPM: 25,
}
BY_NIGHT = (Kind.PATROLI, Kind.KONTROL_KAMLING)
DAY_HOURS = (6, 7, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 13, 14, 15, 16, 16, 17, 19)
NIGHT_HOURS = (0, 1, 4, 8, 15, 19, 20, 20, 21, 21, 21, 22, 22, 23)
RUSH_HOURS = (6, 6, 6, 7, 7, 12, 16, 17)


def weight_of(day: datetime.date, first: datetime.date) -> float:
    """How much happens on this day, as a share of a plain one."""
    weight = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * (1 + GROWTH * (day - first).days / 365)
    if (day.month, day.day) in HOLIDAYS:
        weight *= HOLIDAY
    for start, end in RAMADAN:
        if datetime.date.fromisoformat(start) <= day <= datetime.date.fromisoformat(end):
            weight *= FASTING
        elif 0 < (day - datetime.date.fromisoformat(end)).days <= LEBARAN_DAYS:
            weight *= LEBARAN
    return weight


def spread(number: int, first: datetime.date, last: datetime.date) -> list[tuple[datetime.date, int, int]]:
    """Numbers from 0 on shared out over the days: each day with its first and last number; days without any are left out."""
    days = [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]
    sums = list(itertools.accumulate(weight_of(day, first) for day in days))
    edges = [0, *(round(number * some / sums[-1]) for some in sums)]
    return [(day, start, end - 1) for day, start, end in zip(days, edges, edges[1:], strict=False) if end > start]


def by_share(dice: str, shares: dict) -> str:
    """SQL that chooses by weight: `dice` is SQL of a number from 0 to the sum of the weights, less one."""
    edges = itertools.accumulate(shares.values())
    whens = " ".join(f"WHEN {dice} < {edge} THEN '{name}'" for name, edge in zip(shares, edges, strict=True))
    return f"CASE {whens} END"


def numbers(values: Iterable[int]) -> str:
    return f"ARRAY[{', '.join(map(str, values))}]"
