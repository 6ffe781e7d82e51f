"""Totals of up to 24 months before a unit began with this application, from its own papers: one row for a unit, month and kind."""

import datetime
import re

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import IncidentClass
from patrol.models import Kind
from polmas.people.periods import months_back
from polmas.summaries import runs
from polmas.summaries.imports.plans import CHUNK, Plan
from polmas.summaries.imports.sheets import Column, Row
from polmas.summaries.models import EarlierTotal, PeriodKind, Summary
from polmas.summaries.models.due_times import KINDS_OF
from polmas.summaries.models.earlier import MONTHS

Subject = EarlierTotal.Subject
UNIT, MONTH, WHAT, KEY, COUNT = "Satuan", "Bulan", "Yang Dihitung", "Jenis", "Jumlah"
KEYS: dict[str, dict] = {Subject.ACTIVITY: dict(Kind.choices), Subject.INCIDENT: dict(IncidentClass.choices)}
MOST = 1_000_000


class EarlierTotals(Plan):
    title = gettext_lazy("Totals of earlier months")
    key_title = KEY
    notes = (
        gettext_lazy("One row for each unit, month and kind. Loading the same file again changes nothing."),
        gettext_lazy("Taken as the period before, and as the same month last year, where nothing was counted here; the paper says so."),
        gettext_lazy("At most the last 24 months. Activities by kind, incidents by class."),
    )
    columns = (
        Column(UNIT, "unit", gettext_lazy("The unit's code, as the list of units shows it."), True, ("POLSEK-BANYUMANIK",)),
        Column(MONTH, "month", gettext_lazy("Year and month, such as 2026-08."), True, ("2026-08",)),
        Column(WHAT, "subject", gettext_lazy("Activities or incidents."), True, choices=(("ACTIVITY", "Kegiatan"), ("INCIDENT", "Gangguan"))),
        Column(KEY, "key", gettext_lazy("Kind of activity or class of incident, by code or name."), True, ("DDS",)),
        Column(COUNT, "count", gettext_lazy("How many."), True, ("412",)),
    )

    def look_up(self, rows: list[Row]) -> None:
        units = self.desk.managed_units().filter(code__in={row.cells["unit"].upper() for row in rows}, kind__in=KINDS_OF)
        self.units = {unit.code: unit for unit in units}
        stored = EarlierTotal.objects.filter(unit__in=units)
        self.stored = {(total.unit_id, total.month, total.subject, total.key): total for total in stored}
        self.new: list[EarlierTotal] = []
        self.changed: list[EarlierTotal] = []

    def key_of(self, row):
        return (row.cells["unit"].upper(), row.cells["month"], row.cells["subject"].casefold(), row.cells["key"].casefold())

    def name_of(self, row):
        return " · ".join(row.cells[name] for name in ("unit", "month", "key", "count"))

    def place(self, row: Row) -> str:
        said = self._said(row)
        if said is None:
            return "error"
        unit, month, subject, key, count = said
        total = self.stored.get((unit.pk, month, subject, key))
        if total is None:
            self.new.append(EarlierTotal(unit=unit, month=month, subject=subject, key=key, count=count, imported_by=self.desk.user))
            return "new"
        if total.count == count:
            return "unchanged"
        total.count, total.imported_by, total.imported_at = count, self.desk.user, timezone.now()
        self.changed.append(total)
        return "changed"

    def find_faults(self, row: Row) -> None:
        self._said(row)

    def _said(self, row):
        """Unit, month, subject, key and number; None with the reasons at the row."""
        unit, month = self.units.get(row.cells["unit"].upper()), _month(row.cells["month"])
        if unit is None:
            row.refuse(UNIT, _("Unknown, or not one of your units that write summaries."))
        if month is None or not months_back(timezone.localdate().replace(day=1), MONTHS) <= month < timezone.localdate().replace(day=1):
            row.refuse(MONTH, _("A month that is over, of the last 24, such as 2026-08."))
        subject = self.columns[2].choice(row.cells["subject"])
        key = _key(subject, row.cells["key"])
        if subject is None:
            row.refuse(WHAT, _("Activities or incidents."))
        elif key is None:
            row.refuse(KEY, _("No such kind."))
        count = int(row.cells["count"]) if re.fullmatch(r"\d{1,7}", row.cells["count"], re.ASCII) else -1
        if not 0 <= count <= MOST:
            row.refuse(COUNT, _("A whole number up to a million."))
        return None if row.errors else (unit, month, subject, key, count)

    def write(self) -> None:
        EarlierTotal.objects.bulk_create(self.new, batch_size=CHUNK)
        EarlierTotal.objects.bulk_update(self.changed, ["count", "imported_by", "imported_at"], batch_size=CHUNK)
        ask_for_papers([*self.new, *self.changed])


def ask_for_papers(totals: list[EarlierTotal]) -> int:
    """Has the monthly summaries that compare with these months built again; how many. Those of the units above follow."""
    wanted = {(total.unit_id, months_back(total.month, -later)) for total in totals for later in (1, 12)}
    units, starts = {unit for unit, _start in wanted}, {start for _unit, start in wanted}
    papers = Summary.objects.filter(unit__in=units, period=PeriodKind.MONTHLY, starts_on__in=starts).order_by()
    keys = sorted(wanted & set(papers.values_list("unit", "starts_on")))
    return runs.ask_for((unit, PeriodKind.MONTHLY, start) for unit, start in keys)


def _month(text: str) -> datetime.date | None:
    """The first day of a month written as 2026-08 or as one of its days."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})(-\d{1,2}.*)?", text, re.ASCII)
    return datetime.date(int(found[1]), int(found[2]), 1) if found and 2000 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12 else None


def _key(subject, text: str) -> str | None:
    keys = KEYS[subject] if subject else {}
    wanted = text.casefold()
    return next((key for key, label in keys.items() if wanted in (key.casefold(), str(label).casefold())), None)
