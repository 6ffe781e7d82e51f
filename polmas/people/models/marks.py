"""Signs that what is counted for a unit and a day changed, written by the database itself with the rows that changed."""

from collections.abc import Iterable

import pgtrigger
from django.db import models

from polmas.people.models.units import Unit


class DayMark(models.Model):
    """A sign that something counted for a unit and a day changed since its last count, by whatever way. Written by `marks_days` in the
    transaction of the change, taken away by the recount that has seen it."""

    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["unit", "day"], name="day_mark_key")]

    def __str__(self):
        return f"{self.unit_id} {self.day}"


def marks_days(unit: str, days: Iterable[str], counted: Iterable[str]) -> pgtrigger.Trigger:
    """The trigger of a table whose rows are counted for a unit on some days: SQL for the unit's id and for the days, with the row
    as {row} and its unit at hand as `unit`; and the columns on which the counts hang."""
    values = ", ".join(f"({day})" for day in days)
    mark = f"""
            INSERT INTO people_daymark (unit_id, day)
            SELECT DISTINCT unit.id, days.day FROM people_unit unit CROSS JOIN LATERAL (VALUES {values}) AS days (day)
            WHERE unit.id = {unit} AND days.day IS NOT NULL;
    """  # noqa: S608 - put together from constants of the models
    before, after = (f"ROW({', '.join(f'{row}.{column}' for column in counted)})" for row in ("OLD", "NEW"))
    func = f"""
        IF TG_OP = 'UPDATE' AND {before} IS NOT DISTINCT FROM {after} THEN RETURN NULL; END IF;
        IF TG_OP <> 'INSERT' THEN {mark.format(row="OLD")} END IF;
        IF TG_OP <> 'DELETE' THEN {mark.format(row="NEW")} END IF;
        RETURN NULL;
    """
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    return pgtrigger.Trigger(name="marks_days", when=pgtrigger.After, operation=operation, func=func)


def day_there(moment: str) -> str:
    """SQL for the calendar day of a moment by the clock of the row's unit."""
    return f"({moment} AT TIME ZONE unit.time_zone)::date"
