"""Founding a forum, step by step (SKEP/433/VII/2006, Perpol 1/2021; domain.md 2.6).

First residents hear what a forum is, then they meet and found it, elect members and board, and are endorsed for a term. Which
steps are done is read from what is recorded, so that a founding can be left for weeks and found again.
"""

import dataclasses

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
            _("Endorsement"),
            _("Camat, Kapolsek, Lurah or Kades endorses and installs the board: by which paper, on which day."),
            bool(forum.endorsed_by and forum.endorsement_number and forum.endorsed_on),
        ),
        Step("MASA_BAKTI", _("Term of office"), _("From when to when the board serves."), bool(forum.term_starts_on and forum.term_ends_on)),
    ]


def _meeting_of(forum, kind) -> Meeting | None:
    """The first one that was held, else the one that is planned."""
    return forum.meetings.filter(kind=kind, cancelled_at=None).select_related("forum__unit").order_by("starts_at").first()


def next_of(steps: list[Step]) -> Step | None:
    return next((step for step in steps if not step.is_done), None)


def may_plan(steps: list[Step], kind: str) -> bool:
    """The information meeting comes first; each of the two is held once."""
    told, founded = steps[0], steps[1]
    if kind == Meeting.Kind.SOSIALISASI:
        return told.meeting is None
    return told.is_done and founded.meeting is None


def may_finish(steps: list[Step]) -> bool:
    """A forum works once all is done; too few members are advice and do not keep it from working."""
    return all(step.is_done or (step.key == "ANGGOTA" and step.count) for step in steps)


def finish(forum: Forum) -> None:
    """The founding is over: the forum works from now on, founded on the day of its founding meeting."""
    meeting = _meeting_of(forum, Meeting.Kind.PEMBENTUKAN)
    forum.status = Forum.Status.AKTIF
    forum.founded_on = meeting.day if meeting else forum.unit.today()
    forum.save(update_fields=["status", "founded_on"])
