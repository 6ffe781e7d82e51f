"""Founding a forum, step by step (SKEP/433/VII/2006, Perpol 1/2021; domain.md 2.6).

First residents hear what a forum is, then they meet and found it, elect members and board, and are endorsed for a term. Which
steps are done is read from what is recorded, so that a founding can be left for weeks and found again.
"""

import dataclasses
import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fkpm import inviting
from fkpm.models import Forum, Meeting, Position
from fkpm.models.advice import FEWEST_MEMBERS

# What stands on the paper of the two meetings, in the order of the guide.
AGENDAS: dict[str, tuple[str, ...]] = {
    Meeting.Kind.SOSIALISASI: (
        "Penjelasan tentang Polmas dan FKPM: tugas, wewenang, dan larangannya",
        "Tanya jawab dan tanggapan warga",
        "Kesediaan warga dan rencana rapat pembentukan",
    ),
    Meeting.Kind.PEMBENTUKAN: (
        "Pembukaan",
        "Penjelasan Polmas oleh Kapolsek atau petugas Polmas",
        "Sambutan Camat, Lurah, atau Kades",
        "Pemilihan anggota",
        "Pemilihan dan penyusunan pengurus",
        "Penutup dan doa",
    ),
}


@dataclasses.dataclass(frozen=True)
class Step:
    """One step: what it is, whether it is done, what is known of it, and the meeting that it is, if it is one."""

    key: str
    title: str | Promise
    text: str | Promise
    is_done: bool
    meeting: Meeting | None = None
    count: int | None = None


def _hold(forum: Forum, is_given_up: bool) -> None:
    """Keeps the forum's row for this transaction. Raises ValidationError where somebody has given the founding up, taken it up again or
    finished it meanwhile."""
    held = Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
    if not held.is_being_founded or held.is_given_up != is_given_up:
        raise ValidationError(_("Somebody has moved this founding on meanwhile. Look at it again."))


@transaction.atomic
def give_up(forum: Forum, by, reason: str) -> None:
    """The founding does not go on. Meetings that were planned for it are cancelled with the same reason, and whoever was invited is told."""
    _hold(forum, is_given_up=False)
    for meeting in forum.meetings.filter(kind__in=AGENDAS, cancelled_at=None, starts_at__gt=timezone.now()).select_related("forum__unit"):
        inviting.cancel(meeting, by, reason)
    forum.put_aside(by, reason)


@transaction.atomic
def resume(forum: Forum) -> None:
    """The founding goes on where it was left."""
    _hold(forum, is_given_up=True)
    forum.take_up()


def steps_of(forum: Forum) -> list[Step]:
    members = list(forum.active_members())
    held = {member.position for member in members}
    told, founded = (_meeting_of(forum, kind) for kind in AGENDAS)
    return [
        Step(
            "SOSIALISASI",
            _("Information meeting"),
            _("Residents hear from the Polmas officer what a forum is, what it may do and what it may not."),
            told is not None and told.has_begun,
            told,
        ),
        Step(
            "PEMBENTUKAN",
            _("Founding meeting"),
            _("Six points stand on its agenda already, from the opening to the closing prayer."),
            founded is not None and founded.has_begun,
            founded,
        ),
        Step(
            "ANGGOTA",
            _("Members elected"),
            _("10 to 20 volunteers who represent residents, the local government and the Polmas officer."),
            len(members) >= FEWEST_MEMBERS,
            count=len(members),
        ),
        Step("PENGURUS", _("Board elected"), _("A chair and a secretary at least."), {Position.KETUA, Position.SEKRETARIS} <= held),
        Step(
            "PENGESAHAN",
            _("Endorsement and term"),
            _("Camat, Kapolsek, Lurah or Kades endorses and installs the board: by which paper, on which day, from when to when."),
            all((forum.endorsed_by, forum.endorsement_number, forum.endorsed_on, forum.term_starts_on, forum.term_ends_on)),
        ),
    ]


def _meeting_of(forum, kind) -> Meeting | None:
    """The first one that was held, else the one that is planned."""
    return forum.meetings.filter(kind=kind, cancelled_at=None).select_related("forum__unit").order_by("starts_at").first()


def next_of(steps: list[Step]) -> Step | None:
    return next((step for step in steps if not step.is_done), None)


def before(steps: list[Step], key: str) -> Step | None:
    """What has to be done before this step can be: too few members are advice and keep nobody waiting."""
    for step in steps:
        if step.key == key:
            return None
        if not (step.is_done or (step.key == "ANGGOTA" and step.count)):
            return step
    return None


def members_since(forum: Forum) -> datetime.date:
    """From when somebody who is put on the list belongs to the forum: elected at the founding meeting, or today."""
    meeting = _meeting_of(forum, Meeting.Kind.PEMBENTUKAN) if forum.is_being_founded else None
    return meeting.day if meeting and meeting.has_begun else forum.unit.today()


def may_plan(steps: list[Step], kind: str) -> bool:
    """The information meeting comes first; each of the two is held once."""
    told, founded = steps[0], steps[1]
    if kind == Meeting.Kind.SOSIALISASI:
        return told.meeting is None
    return told.is_done and founded.meeting is None


def may_finish(steps: list[Step]) -> bool:
    """A forum works once all is done; too few members are advice and do not keep it from working."""
    return all(step.is_done or (step.key == "ANGGOTA" and step.count) for step in steps)


@transaction.atomic
def finish(forum: Forum) -> None:
    """The founding is over: the forum works from now on, founded on the day of its founding meeting."""
    _hold(forum, is_given_up=False)
    meeting = _meeting_of(forum, Meeting.Kind.PEMBENTUKAN)
    forum.status = Forum.Status.AKTIF
    forum.founded_on = meeting.day if meeting else forum.unit.today()
    forum.save(update_fields=["status", "founded_on"])
