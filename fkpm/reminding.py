"""Reminders of what somebody has to do: shortly before the day, and once it is over."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fkpm.inviting import address_of
from fkpm.models import ActionItem, ActionReminder, Member
from polmas.people.models import Notification

Kind = ActionReminder.Kind
BEFORE = datetime.timedelta(days=3)


def due_reminders(now: datetime.datetime) -> list[tuple[ActionItem, Kind]]:
    """Open actions that are due within three days or were due before today on the clock of their unit, and of which nobody was told yet."""
    day = timezone.localdate(now)
    rows = ActionItem.objects.filter(state=ActionItem.State.OPEN, due_on__lte=day + BEFORE + datetime.timedelta(days=1))
    rows = rows.exclude(meeting__cancelled_at__isnull=False).select_related("forum__unit", "owner__user", "officer", "meeting")
    sent = set(ActionReminder.objects.filter(action__in=rows).values_list("action", "kind", "due_on"))
    found = [(action, _kind_on(action, now.astimezone(action.forum.unit.zone).date())) for action in rows]
    return [(action, kind) for action, kind in found if kind and (action.pk, kind, action.due_on) not in sent]


def _kind_on(action, today) -> Kind | None:
    if action.due_on < today:
        return Kind.AFTER
    return Kind.BEFORE if action.due_on <= today + BEFORE else None


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
    own = {action.officer_id} if action.officer_id else set()
    if action.owner and action.owner.user_id and action.owner.is_valid_on(action.forum.unit.today()):
        own.add(action.owner.user_id)
    board = action.forum.active_members().filter(position__in=Member.BOARD, user__isnull=False)
    return own | set(board.values_list("user", flat=True)) if kind == Kind.AFTER or not own else own


def _mail(action, kind) -> None:
    address = address_of(action.owner) if action.owner else action.officer.email if action.officer else ""
    if not address or not settings.HAS_MAIL:
        return
    with translation.override("id"):
        subject = _("Overdue: %s") if kind == Kind.AFTER else _("Due soon: %s")
        text = _("%(what)s\nDue: %(day)s\nForum: %(forum)s") % {"what": action.text, "day": action.due_on, "forum": action.forum.name}
        link = f"{settings.PUBLIC_URL}{reverse('fkpm:action_list', args=[action.forum.uuid])}"
        EmailMessage(" ".join((subject % action.text).split()), f"{text}\n\n{link}", to=[address]).send(fail_silently=True)
