"""Who is away, who is on piket, and villages that change hands."""

import datetime

from django.utils import timezone

from mapping import substitution
from patrol import handovers
from patrol.models import Handover
from polmas.people.models import Absence, AbsenceKind, DutyShift, Role
from polmas.people.months import DAY, Month
from polmas.summaries.demo.people import BANYUMANIK, GAJAHMUNGKUR, PEOPLE, TEMBALANG

# Who, what, first and last day counted from today, substitute, note. The first one is away since the diary falls silent.
ABSENCES = (
    ("80010007", AbsenceKind.DIKJUR, -8, 4, "80010004", "Dikjur Polmas, SPN Purwokerto"),
    ("80010003", AbsenceKind.CUTI, 6, 10, "80010004", "Cuti tahunan"),
    ("80020003", AbsenceKind.BKO, 3, 5, "80020005", "Pam pertandingan di Stadion Jatidiri"),
    ("80020004", AbsenceKind.CUTI, 12, 16, None, "Cuti alasan penting"),
    ("80030005", AbsenceKind.SAKIT, 1, 2, "80030006", "Surat dokter"),
    ("80030002", AbsenceKind.PIKET, 4, 4, None, ""),
)
# From whom to whom, which village, since how many days, accepted or not, what the predecessor wrote.
HANDOVERS = (
    (
        "80010007",
        "80010004",
        "33.74.11.1006",
        10,
        True,
        "Ronda RW 02 baru berjalan lagi, Pak Bambang yang menggerakkan. Portal RT 04 belum disepakati.",
    ),
    ("80030003", "80030004", "33.74.10.1002", 2, False, "Parkir di depan pasar sering ribut saat hari pasaran; Bu Endang RW 01 paling tahu."),
)


def load_movements(units, users, areas, today: datetime.date) -> None:
    kanit = {person.unit: users[person.username] for person in PEOPLE if person.role == Role.KANIT_BINMAS}
    unit_of = {person.username: person.unit for person in PEOPLE}
    for username, kind, first, last, substitute, note in ABSENCES:
        unit = unit_of[username]
        substitution.keep(
            Absence(
                user=users[username],
                unit=units[unit],
                kind=kind,
                starts_on=today + first * DAY,
                ends_on=today + last * DAY,
                substitute=users[substitute] if substitute else None,
                note=note,
                recorded_by=kanit[unit],
            )
        )
    for unit in (BANYUMANIK, GAJAHMUNGKUR, TEMBALANG):
        _load_roster(units[unit], [users[person.username] for person in PEOPLE if person.unit == unit and person.role == Role.BHABINKAMTIBMAS], today)
    for predecessor, successor, code, days, is_accepted, note in HANDOVERS:
        _hand_over(units[unit_of[predecessor]], users[predecessor], users[successor], areas[code], days, is_accepted, note, kanit)


def _load_roster(unit, officers, today):
    """Everybody in turn, one by day and one by night, in this month and the next."""
    days = [*Month.of(today).days, *Month.of(today).next.days]
    pairs = [
        (day, shift, officers[(2 * number + place) % len(officers)])
        for number, day in enumerate(days)
        for place, shift in enumerate(("Pagi", "Malam"))
    ]
    away = {(absence.user_id, day) for absence in Absence.objects.filter(unit=unit) for day in days if absence.is_on(day)}
    DutyShift.objects.bulk_create(DutyShift(unit=unit, day=day, shift=shift, user=user) for day, shift, user in pairs if (user.pk, day) not in away)


def _hand_over(unit, predecessor, successor, area, days, is_accepted, note, kanit):
    handover = Handover(unit=unit, from_user=predecessor, to_user=successor, note=note, started_by=kanit[unit.code])
    handovers.photograph(handover, [area])
    handover.save()
    handover.areas.add(area)
    taken_at = timezone.now() - days * DAY
    Handover.objects.filter(pk=handover.pk).update(taken_at=taken_at, accepted_at=taken_at + datetime.timedelta(hours=3) if is_accepted else None)
