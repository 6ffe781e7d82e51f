"""The piket roster of a unit: a month as a table, a day filled, a week copied from the one before."""

import collections
import datetime
import hashlib

from django.db import transaction

from polmas.people.models import Absence, DutyShift, Unit, User
from polmas.people.models.absences import PRESENT_KINDS
from polmas.people.models.postings import Posting
from polmas.people.months import DAY, Month

WEEK = 7 * DAY
LAYOUT = 1  # raised when the paper changes, so that files of an older layout are not served any more


def staff_on(unit: Unit, day: datetime.date):
    """People who serve at the unit or at one below it on a day."""
    posts = Posting.objects.on(day).filter(unit__path__startswith=unit.path)
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")


def away_on(first: datetime.date, last: datetime.date, users) -> dict[int, list[Absence]]:
    """Absences of people in a span that keep them from piket, by person."""
    away = collections.defaultdict(list)
    for absence in Absence.objects.filter(user__in=users).exclude(kind__in=PRESENT_KINDS).between(first, last):
        away[absence.user_id].append(absence)
    return away


def month_table(unit: Unit, month: Month) -> dict:
    """Days down, shifts across; each cell with its people, those who are away that day marked."""
    shifts = list(DutyShift.objects.filter(unit=unit).between(month.first, month.last).select_related("user").order_by("day", "user__name", "pk"))
    names = list(dict.fromkeys([*unit.shift_names, *(row.shift for row in shifts)]))
    away = away_on(month.first, month.last, {row.user_id for row in shifts})
    cells: dict[tuple, list[dict]] = collections.defaultdict(list)
    for row in shifts:
        is_away = any(absence.is_on(row.day) for absence in away.get(row.user_id, ()))
        cells[row.day, row.shift].append({"user": row.user, "is_away": is_away})
    days = [{"day": day, "cells": [{"shift": name, "people": cells[day, name]} for name in names]} for day in month.days]
    return {"unit": unit, "month": month, "shifts": names, "days": days, "is_empty": not shifts}


@transaction.atomic
def fill_day(unit: Unit, day: datetime.date, people: dict[str, list[User]]) -> None:
    """Puts exactly these people into the shifts of a day; shifts that are not named stay as they are."""
    Unit.objects.select_for_update().get(pk=unit.pk)  # two who fill the same day follow each other
    stored = {(row.shift, row.user_id): row for row in DutyShift.objects.filter(unit=unit, day=day, shift__in=people)}
    wanted = {(shift, user.pk) for shift, users in people.items() for user in users}
    DutyShift.objects.filter(pk__in=[row.pk for key, row in stored.items() if key not in wanted]).delete()
    DutyShift.objects.bulk_create(
        DutyShift(unit=unit, day=day, shift=shift, user_id=user_id) for shift, user_id in sorted(wanted) if (shift, user_id) not in stored
    )


@transaction.atomic
def copy_week(unit: Unit, monday: datetime.date) -> tuple[int, int]:
    """Fills the empty days of a week as the week before; who is away or no longer serves is left out. Returns copied and left out."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    filled = set(DutyShift.objects.filter(unit=unit).between(monday, monday + 6 * DAY).values_list("day", flat=True))
    earlier = [row for row in DutyShift.objects.filter(unit=unit).between(monday - WEEK, monday - DAY) if row.day + WEEK not in filled]
    away = away_on(monday, monday + 6 * DAY, {row.user_id for row in earlier})
    staff = {day: set(staff_on(unit, day).values_list("pk", flat=True)) for day in {row.day + WEEK for row in earlier}}
    copies = [
        DutyShift(unit=unit, day=row.day + WEEK, shift=row.shift, user_id=row.user_id)
        for row in earlier
        if row.user_id in staff[row.day + WEEK] and not any(absence.is_on(row.day + WEEK) for absence in away.get(row.user_id, ()))
    ]
    DutyShift.objects.bulk_create(copies)
    return len(copies), len(earlier) - len(copies)


def fingerprint_of(table: dict) -> str:
    """Names what the paper would show: the month, from which the worker reads it again, and a hash of its content."""
    unit = table["unit"]
    people = [[[f"{person['user']}{person['is_away']}" for person in cell["people"]] for cell in day["cells"]] for day in table["days"]]
    shown = (LAYOUT, unit.letterhead, unit.name, unit.head_title, unit.city, table["shifts"], people)
    return f"{table['month']}-{hashlib.sha256(repr(shown).encode()).hexdigest()[:48]}"
