"""Reminders of what somebody has to do: shortly before the day, and once it is over."""

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fkpm.inviting import address_of
from fkpm.models import ActionItem, ActionReminder, Member
from fkpm.models.forums import served_paths
from polmas.people.addresses import public_address
from polmas.people.models import Notification, User
from polmas.people.models.units import Zone

Kind = ActionReminder.Kind
BEFORE = datetime.timedelta(days=3)
AT_ONCE = 500


def due_reminders(now: datetime.datetime) -> Iterator[tuple[ActionItem, Kind]]:
    """Open actions that are due within three days or were due before today on the clock of their unit, and of which nobody was told yet."""
    for zone in Zone.values:
        today = now.astimezone(zoneinfo.ZoneInfo(zone)).date()
        due = {Kind.AFTER: Q(due_on__lt=today), Kind.BEFORE: Q(due_on__gte=today, due_on__lte=today + BEFORE)}
        for kind, when in due.items():
            yield from ((action, kind) for action in _untold(kind, when, zone))


def _untold(kind: Kind, when: Q, zone: str) -> Iterator[ActionItem]:
    """In the order of their keys, some hundred at a time: those that were told long ago are never loaded."""
    told = ActionReminder.objects.filter(action=OuterRef("pk"), kind=kind, due_on=OuterRef("due_on"))
    rows = ActionItem.objects.filter(when, ~Exists(told), state=ActionItem.State.OPEN, forum__unit__time_zone=zone, meeting__cancelled_at=None)
    rows = rows.select_related("forum__unit", "forum__officer", "owner__user", "officer", "meeting").order_by("pk")
    last = 0
    while found := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield from found
        last = found[-1].pk


def remind(action: ActionItem, kind: Kind) -> bool:
    """Tells who is to do it, and the board when it is late; once, whoever asks and how often. False where it was told already."""
    with transaction.atomic():
        _row, is_new = ActionReminder.objects.get_or_create(action=action, kind=kind, due_on=action.due_on)
        if not is_new:
            return False
        told = Notification.Kind.OVERDUE if kind == Kind.AFTER else Notification.Kind.DUE
        path = reverse("fkpm:action_update", args=[action.pk])
        Notification.objects.tell(_people(action, kind), told, path, by=action.forum.name, day=action.due_on.isoformat())
        transaction.on_commit(lambda: _mail(action, kind), robust=True)
    return True


def _people(action, kind) -> Iterable[int]:
    """Who is to do it, if they still serve or belong; nobody with an account: the board. Late ones are the board's affair as well."""
    own = {person.pk for person in _doers(action)}
    board = action.forum.active_members().filter(position__in=Member.BOARD, user__isnull=False)
    return own | set(board.values_list("user", flat=True)) if kind == Kind.AFTER or not own else own


def _doers(action) -> Iterable[User]:
    """The account of who is to do it, unless they moved away or their term is over."""
    if action.officer and action.forum.unit.path in served_paths(action.officer.scope):
        yield action.officer
    if action.owner and action.owner.user and _belongs(action):
        yield action.owner.user


def _belongs(action) -> bool:
    """Whether the member who is to do it is one today, in this office or in another that they were elected to since."""
    return action.owner.is_valid_on(action.forum.unit.today()) or bool(action.owner.user and action.forum.member_of(action.owner.user))


def _address(action) -> str:
    """Where who is to do it gets e-mail; nowhere once they moved away or their term is over."""
    if action.owner:
        return address_of(action.owner) if _belongs(action) else ""
    return next((officer.email for officer in _doers(action)), "")


def _mail(action, kind) -> None:
    address = _address(action)
    if not address or not settings.HAS_MAIL:
        return
    with translation.override("id"):
        subject = _("Overdue: %s") if kind == Kind.AFTER else _("Due soon: %s")
        day = date_format(action.due_on, "j F Y")
        text = _("%(what)s\nDue: %(day)s\nForum: %(forum)s") % {"what": action.text, "day": day, "forum": action.forum.name}
        link = public_address(reverse("fkpm:action_list", args=[action.forum.uuid]))
        EmailMessage(" ".join((subject % action.text).split()), f"{text}\n\n{link}", to=[address]).send(fail_silently=True)
