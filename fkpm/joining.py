"""How a member of a forum comes to an account: by a code that was handed out, once."""

import contextlib
import dataclasses
import datetime

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from fkpm.models import Element, Invitation, Member
from polmas.people.addresses import client_address, public_address
from polmas.people.models import User
from polmas.people.qr import qr_of
from polmas.people.scope import on_day
from polmas.people.templatetags.polmas import moment

# Wrong codes lock as wrong passwords do: so many from one address, for so long.
LOCKED_FOR = datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)
LANGUAGE = "id"
TEXT = """Yth. {name},

Anda diundang membuat akun polmas sebagai {position} {forum}. Dengan akun itu Anda membaca notulen dan keputusan forum.

Buka {link}
atau buka {door} dan ketik kode {code}

Berlaku sampai {until}, untuk satu kali pakai. Mohon tidak diteruskan kepada orang lain."""


NOT_INVITED = _("Only members of today and of the next term are invited who have no account. Police have theirs: it is linked by the operator.")


class CodeError(Exception):
    """The code opens nothing: it is wrong, used, revoked or expired, and which of these nobody is told."""


@dataclasses.dataclass(frozen=True)
class Slip:
    """What one member gets on paper or as a message; it exists only while it is shown."""

    member: Member
    code: str
    link: str
    door: str
    qr: str
    expires_at: object
    text: str


def kept_out(person: User) -> str:
    """Why an account may not be that of a member, or nothing. An FKPM stays out of politics: nobody in it scores the index (domain.md 7)."""
    # The boards belong to an application that builds on this one: it is asked through the account, not imported.
    if person.index_memberships.filter(on_day(timezone.localdate())).exists():
        return gettext("This account sits on a board of the security index, and an FKPM stays out of politics: leave the board first.")
    return ""


def slip_of(member: Member, by) -> Slip:
    """Invites a member: the code is made and told here, and nowhere again."""
    code, invitation = Invitation.objects.issue(member, by)
    link, door = public_address(reverse("fkpm:invitation_accept", args=[code])), public_address(reverse("fkpm:invitation_open"))
    with override(LANGUAGE):
        told = {"name": member.name, "position": member.get_position_display(), "forum": member.forum, "link": link, "door": door, "code": code}
        text = TEXT.format(**told, until=moment(invitation.expires_at, member.forum.unit))
    return Slip(member, code, link, door, qr_of(link), invitation.expires_at, text)


def to_invite(forum):
    """Members of today and of the next term without an account; who serves in both is asked once. Police have theirs: it is linked by the
    operator."""
    today = forum.unit.today()
    known = forum.active_members().values("name")
    asked = forum.members.filter(on_day(today) | (Q(starts_on__gt=today) & ~Q(name__in=known)))
    return asked.filter(user=None).exclude(element=Element.POLRI).by_office()


def is_locked(request) -> bool:
    """Whether too many codes were guessed from this address."""
    return cache.get(_guesses_of(request), 0) >= settings.AXES_FAILURE_LIMIT


def note_guess(request) -> None:
    key = _guesses_of(request)
    cache.add(key, 0, LOCKED_FOR.total_seconds())
    with contextlib.suppress(ValueError):  # it expired between the two
        cache.incr(key)


def _guesses_of(request) -> str:
    return f"invitation-guesses:{client_address(request)}"


def invitation_of(code: str) -> Invitation:
    """The open invitation of a code. Raises CodeError."""
    found = Invitation.objects.open().of_code(code).select_related("member__forum__unit", "member__forum__area").first()
    if found is None:
        raise CodeError
    return found


@transaction.atomic
def join(code: str, person: User) -> Member:
    """Makes a new account, or ties the one of somebody signed in, and ends the code. Raises CodeError where another was faster, and
    ValidationError where this person is kept out."""
    invitation = Invitation.objects.open().of_code(code).select_related("member__forum").select_for_update(of=("self",)).first()
    if invitation is None:
        raise CodeError
    if person._state.adding:
        person.save()
    elif reason := kept_out(person):
        raise ValidationError(reason)
    member = invitation.member
    member.user = person
    member.phone = member.phone or person.phone
    member.save(update_fields=["user", "phone"])
    # Whoever stays serves in the next term as another row of the same person.
    Member.objects.filter(forum=member.forum_id, name=member.name, user=None, starts_on__gt=member.starts_on).update(user=person)
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    return member
