"""The acts on incidents: entering, correcting, handing on and taking back, and the daily word that goes with them.

Each act and each statement of one unit waits for the one before it, so that no "nihil" stands beside an incident of its day. Only then
is a row locked and read: what stands by then is what an act changes.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.models import Area, DailyStatement, Incident, IncidentVictims, PerpetratorFlag
from mapping.models.incidents import ABOVE, CLOSING
from polmas.people.models import Code, Notification, Posting, Unit, UnitKind
from polmas.people.scope import INCIDENT_WRITERS, in_subtrees

LOCK = 74_011_004  # first half of the advisory lock; the second is the unit
OLDEST = datetime.date(2000, 1, 1)
Says = DailyStatement.Says
Group = tuple[str, str, bool]  # harm, sex, is_child
Victims = Mapping[Group, int]


def villages_of(user):
    """Villages in which a person may enter incidents: those policed by the units that they write for."""
    paths = user.scope.paths_as(INCIDENT_WRITERS)
    policed = Area.units.through.objects.filter(in_subtrees("unit__path", paths)).values("area")
    return Area.objects.villages().filter(pk__in=policed)


def unit_of(area: Area, paths: Iterable[str]) -> Unit | None:
    """Whose incident it is that happens in a village: the Polsek that polices it, as far as it lies in these subtrees."""
    paths = tuple(paths)
    policing = [unit for unit in area.units.all() if any(unit.path.startswith(path) for path in paths)]
    raised = {path for unit in policing if any((path := unit.polsek_path).startswith(top) for top in paths)}
    units = Unit.objects.filter(path__in=raised | {unit.path for unit in policing})
    return min(units, key=lambda unit: (unit.kind != UnitKind.POLSEK, unit.depth, unit.path), default=None)


def wait_for(unit_id: int) -> None:
    """Holds the unit's list until the end of the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, unit_id])


def _held(incident: Incident, *others: Unit) -> Incident:
    """The incident as it stands now, held until the end of the caller's transaction; before it the lists of its unit and of others."""
    unit_id = Incident.objects.values_list("unit", flat=True).get(pk=incident.pk)
    for each in sorted({unit_id, *(unit.pk for unit in others)}):
        wait_for(each)
    rows = Incident.objects.standing().select_for_update(of=("self",)).select_related("unit", "area")
    row = rows.filter(pk=incident.pk, unit=unit_id).first()
    if row is None:
        raise ValidationError(_("This incident was taken back or moved in the meantime. Look at it again."))
    return row


@transaction.atomic
def record(incident: Incident, by, victims: Victims | None = None) -> Incident:
    """Enters a new incident. Raises ValidationError by field."""
    wait_for(incident.unit_id)
    incident.recorded_by = by
    incident.cleared_on = clearing(incident.unit, incident.status, incident.cleared_on)
    incident.classify()
    _check(incident)
    _check_place(incident)
    incident.save()
    keep_victims(incident, victims or {})
    settle(incident.unit, incident.day, by)
    return incident


# What is said of a new incident, by which one that was sent again is known.
SAID = (
    *("unit_id", "area_id", "location", "address", "occurred_at", "occurred_until", "reported_at", "kind", "scene", "narrative"),
    *("modus", "loss_rp", "no_lp", "phase", "evidence", "actions", "status"),
)


@transaction.atomic
def record_once(incident: Incident, by, victims: Victims | None = None) -> tuple[Incident, bool]:
    """Enters a new incident, unless its id stands already for the same: the incident, and whether it is new.

    Raises ValidationError by field; with the code "conflict" where the id stands for something else.
    """
    wait_for(incident.unit_id)
    if not Incident.objects.filter(uuid=incident.uuid).exists():
        return record(incident, by, victims), True
    stored = (
        Incident.objects.for_user(by).filter(uuid=incident.uuid, **{name: getattr(incident, name) for name in SAID if name != "location"}).first()
    )
    if (
        stored is None
        or stored.location != incident.location
        or _numbers(stored) != {group: count for group, count in (victims or {}).items() if count}
    ):
        raise ValidationError(_("This was saved already, with other words. Open the incident to correct it."), code="conflict")
    return stored, False


def _numbers(incident) -> dict[Group, int]:
    return {(row.harm, row.sex, row.is_child): row.count for row in incident.victims.all()}


@transaction.atomic
def amend(incident: Incident, by, said: Mapping[str, Any], victims: Victims | None = None) -> Incident:
    """Corrects what is said, by field, and nothing else; `victims` replaces the numbers of the groups that it names.

    Returns the incident as it stands then. Raises ValidationError by field.
    """
    row = _held(incident, *([said["unit"]] if "unit" in said else []))
    before, kind = (row.unit, row.day), row.kind
    if "status" in said or "cleared_on" in said:
        status = said.get("status", row.status)
        said = {**said, "status": status, "cleared_on": clearing(row.unit, status, said.get("cleared_on"), row.cleared_on)}
    for name, value in said.items():
        setattr(row, name, value)
    if row.kind != kind:
        row.classify()
    _check(row)
    if "location" in said or "area" in said:
        _check_place(row)
    row.save(update_fields=[*said, "klass", "day", "updated_at"])
    keep_victims(row, victims or {})
    for unit, day in {before, (row.unit, row.day)}:
        settle(unit, day, by)
    return row


def _check(incident) -> None:
    """The model's own rules, and whether its kind of scene is on the list."""
    incident.full_clean(exclude=["day", "klass"])
    if incident.scene and not Code.objects.of("INCIDENT_SCENE").filter(code=incident.scene).exists():
        raise ValidationError({"scene": _("This kind of scene is not on the list.")})


def _check_place(incident) -> None:
    day = incident.unit.today()
    if incident.location and (other := Area.objects.misplaced(incident.location, incident.area, day)):
        raise ValidationError({"location": far_away(other)}, code="far")


def far_away(village: Area) -> str:
    return _("This point lies in %(village)s, far from the village that is named. Correct one of the two.") % {"village": village.title}


def keep_victims(incident, victims: Victims) -> None:
    """Replaces the numbers of the groups that are given."""
    if not victims:
        return
    stored = {(row.harm, row.sex, row.is_child): row for row in IncidentVictims.objects.filter(incident=incident)}
    for group, count in victims.items():
        row = stored.get(group)
        if row and not count:
            row.delete()
        elif row and row.count != count:
            row.count = count
            row.save()
        elif count and row is None:
            harm, sex, is_child = group
            IncidentVictims.objects.create(incident=incident, harm=harm, sex=sex, is_child=is_child, count=count)


@transaction.atomic
def withdraw(incident: Incident, by, reason: str) -> None:
    """Takes an incident back: it counts no more, and stays with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is taken back.")})
    row = _held(incident)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), by, reason
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason", "day", "updated_at"])
    settle(row.unit, row.day, by)


def clearing(unit: Unit, status: str, said: datetime.date | None, known: datetime.date | None = None) -> datetime.date | None:
    """The day on which a status cleared the case: the one said, else the one known, else today; none of a case that is open.

    Raises ValidationError where a new day is said of a case that is open.
    """
    if status in CLOSING:
        return said or known or unit.today()
    if said and said != known:
        message = _("A day of clearance goes with P21, RJ, discontinued or handed over. Choose one of them, or leave the day empty.")
        raise ValidationError({"cleared_on": message}, code="open")
    return None


@transaction.atomic
def handle(incident: Incident, status: str, cleared_on: datetime.date | None = None) -> Incident:
    """Says how far the case is. One that is closed is cleared, today unless a day is given; one that is open again is not."""
    row = _held(incident)
    row.status, row.cleared_on = status, clearing(row.unit, status, cleared_on, row.cleared_on)
    _check(row)
    row.save(update_fields=["status", "cleared_on", "day", "updated_at"])
    return row


@transaction.atomic
def hand_to(incident: Incident, person, by) -> Incident:
    """Hands an incident to a Kanit of another function, who may read it from then on and is told; with None, back."""
    row = _held(incident)
    is_new = person is not None and person.pk != row.assigned_to_id
    row.assigned_to = person
    row.save(update_fields=["assigned_to", "day", "updated_at"])
    if is_new:
        path = reverse("mapping:incident_detail", args=[row.uuid])
        Notification.objects.tell([person], Notification.Kind.INCIDENT, path, by=by.full_name)
    return row


@transaction.atomic
def flag_perpetrator(incident: Incident, by, office: str, note: str = "") -> None:
    """Tells the level above, and Sipropam, that a perpetrator serves in TNI, Polri or as ASN. Nobody at the unit reads it again."""
    flag = PerpetratorFlag(incident=incident, office=office, note=note, stated_by=by)
    flag.full_clean()
    flag.save()
    posts = Posting.objects.on(incident.unit.today()).filter(user__is_active=True).select_related("unit")
    above = [incident.unit.path[:end] for end in range(Unit.steplen, len(incident.unit.path), Unit.steplen)]
    heads = Q(role__in=ABOVE, unit__path__in=above[-1:])
    readers = posts.filter(heads | Q(role="sipropam", unit__path__in=above)).values_list("user", flat=True)
    Notification.objects.tell(readers, Notification.Kind.PERPETRATOR, reverse("mapping:flag_list"))


@transaction.atomic
def state(unit: Unit, day: datetime.date, says: str, by) -> DailyStatement:
    """Takes the daily word of a unit. Raises ValidationError where it contradicts what is entered, or speaks of a day to come."""
    wait_for(unit.pk)
    if day > unit.today():
        raise ValidationError({"day": _("This day has not come yet.")}, code="future")
    if day < OLDEST:
        raise ValidationError({"day": _("Nothing was recorded before the year 2000.")}, code="old")
    if says not in Says.values:
        raise ValidationError({"says": _("Say isi or nihil.")}, code="invalid_choice")
    number = _number_of(unit, day)
    if says == Says.NIHIL and number:
        message = _("On this day %(n)d incidents are entered: it can't be nihil. Take back what is wrong, or state isi.") % {"n": number}
        raise ValidationError({"says": message}, code="not_nihil")
    if says == Says.ISI and not number:
        raise ValidationError({"says": _("No incident is entered for this day. Enter it first, or state nihil.")}, code="nothing_entered")
    current = DailyStatement.objects.current().filter(unit=unit, day=day).first()
    return current if current and current.says == says else _replaced(current, unit, day, says, by)


def settle(unit: Unit, day: datetime.date, by) -> None:
    """Keeps the daily word true to what is entered: a nihil becomes isi by the incident that came later; an isi of which nothing is left
    falls. The word that no longer holds is kept as superseded. Runs in the caller's transaction, after the unit's lock."""
    current = DailyStatement.objects.current().filter(unit=unit, day=day).first()
    if current is None:
        return
    number = _number_of(unit, day)
    if current.says == Says.NIHIL and number:
        _replaced(current, unit, day, Says.ISI, by)
    elif current.says == Says.ISI and not number:
        _superseded(current)


def _number_of(unit, day) -> int:
    return Incident.objects.standing().filter(unit=unit, day=day).count()


def _replaced(current, unit, day, says, by) -> DailyStatement:
    if current:
        _superseded(current)
    return DailyStatement.objects.create(unit=unit, day=day, says=says, by=by)


def _superseded(statement) -> None:
    statement.superseded_at = timezone.now()
    statement.save(update_fields=["superseded_at"])
