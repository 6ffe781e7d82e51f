"""Who manages whom, and what is done to people and posts by those who may.

Operators manage the accounts, posts and beats of their units; Kapolsek and Kapolres look; administrators manage all. Nobody
grants a role like the own or above it, and nobody manages themselves: what an operator can hand out never widens.
"""

import dataclasses
import datetime
import functools
import secrets
from typing import Any, cast

import pghistory
from axes.utils import reset
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from mapping import substitution
from mapping.models import Area, Beat, Potential
from polmas.people.models import Device, Posting, Role, Unit, User
from polmas.people.models.postings import ROLE_UNIT_KINDS
from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, OFFICERS, OPERATORS, in_subtrees

LOOKERS = OPERATORS | LEADERS_POLSEK | LEADERS_POLRES
BELOW_POLSEK_OPERATOR = OFFICERS | {Role.KANIT_BINMAS, Role.KANIT_INTELKAM, Role.KANIT_LAIN, Role.KA_SPKT, Role.SPKT}
BELOW_POLRES_OPERATOR = BELOW_POLSEK_OPERATOR | LEADERS_POLSEK | {Role.OPERATOR_POLSEK, Role.KASAT_BINMAS, Role.KASAT_INTELKAM, Role.SIPROPAM}
GRANTS: dict[str, frozenset[str]] = {Role.OPERATOR_POLSEK: BELOW_POLSEK_OPERATOR, Role.OPERATOR_POLRES: BELOW_POLRES_OPERATOR}
# Without letters and digits that are mistaken for one another when read out or copied from paper.
LIGHT_ITERATIONS = 1000
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclasses.dataclass(frozen=True)
class Desk:
    """What one person sees and does in the management pages."""

    user: User

    @functools.cached_property
    def is_admin(self) -> bool:
        return self.user.scope.is_admin

    @functools.cached_property
    def seen_paths(self):
        return self.user.scope.paths_as(LOOKERS)

    @functools.cached_property
    def managed_paths(self):
        return self.user.scope.paths_as(OPERATORS)

    @property
    def may_look(self) -> bool:
        return self.is_admin or bool(self.seen_paths)

    @property
    def may_manage(self) -> bool:
        return self.is_admin or bool(self.managed_paths)

    def _within(self, field, paths) -> Q:
        return Q() if self.is_admin else in_subtrees(field, paths)

    def units(self) -> QuerySet[Unit]:
        """Units that stand in the lists."""
        return Unit.objects.for_user(self.user).filter(self._within("path", self.seen_paths))

    def managed_units(self) -> QuerySet[Unit]:
        return Unit.objects.for_user(self.user).filter(self._within("path", self.managed_paths))

    def people(self) -> QuerySet[User]:
        """People with a post here, now or to come, and those who left from here and serve nowhere since.

        Accounts without any post (members of forums) are an administrator's.
        """
        people = User.objects.for_user(self.user)
        if self.is_admin:
            return people
        all_of = Posting.objects.filter(user=OuterRef("pk"))
        here = all_of.filter(in_subtrees("unit__path", self.seen_paths))
        serving = all_of.exclude(ends_on__lt=timezone.localdate())
        return people.filter(Exists(here.exclude(ends_on__lt=timezone.localdate())) | (Exists(here) & ~Exists(serving)))

    def potentials(self) -> QuerySet[Potential]:
        """Those that a file may change: what is confidential only by who reads it."""
        return Potential.objects.for_user(self.user)

    def areas(self) -> QuerySet[Area]:
        """Villages that the units police; for an administrator all that any unit does."""
        return Area.objects.for_user(self.user).villages().filter(pk__in=Area.units.through.objects.filter(unit__in=self.units()).values("area"))

    def beats(self) -> QuerySet[Beat]:
        """Who holds what, for the eyes of this desk; with the accounts, an administrator also settles their areas."""
        return Beat.objects.all() if self.is_admin else Beat.objects.for_user(self.user)

    def roles_at(self, unit: Unit) -> frozenset[str]:
        """Roles that may be granted at a unit."""
        if self.is_admin:
            granted = frozenset(Role.values)
        else:
            granted = frozenset(
                role for own, path, _ in self.user.scope.posts if own in GRANTS and unit.path.startswith(path) for role in GRANTS[own]
            )
        return frozenset(role for role in granted if unit.kind in ROLE_UNIT_KINDS.get(role, {unit.kind}))

    def roles(self) -> list[tuple[str, str | Promise]]:
        """Choices of a role: all that may be granted somewhere."""
        granted = set(Role.values) if self.is_admin else {role for own in self.user.scope.roles if own in GRANTS for role in GRANTS[own]}
        return [(role.value, role.label) for role in Role if role in granted]

    def manages(self, person: User) -> bool:
        """Whether the person's account may be changed: all posts held, or the last one, are posts that this desk grants."""
        return self.manages_all(person, list(person.postings.select_related("unit")))

    def manages_all(self, person: User, postings: list[Posting]) -> bool:
        """The same of a person whose postings, with their units, are read already."""
        if person.pk == self.user.pk:
            return False
        if self.is_admin:
            return True
        if person.is_staff or person.is_superuser:
            return False
        postings = sorted(postings, key=lambda posting: (posting.starts_on, posting.pk), reverse=True)
        current = [posting for posting in postings if posting.ends_on is None or posting.ends_on >= timezone.localdate()]
        return bool(postings) and all(self.manages_posting(posting) for posting in current or postings[:1])

    def manages_posting(self, posting: Posting) -> bool:
        return posting.role in self.roles_at(posting.unit)

    def manages_unit(self, unit: Unit) -> bool:
        return self.is_admin or any(unit.path.startswith(path) for path in self.managed_paths)

    @property
    def may_assign_areas(self) -> bool:
        """Which villages a unit polices is settled above the Polsek."""
        return self.is_admin or self.user.scope.has(Role.OPERATOR_POLRES)


@dataclasses.dataclass(frozen=True)
class SystemDesk(Desk):
    """Whoever runs commands on the server: every unit, and nobody by name."""

    user: Any = None

    @property
    def may_manage(self) -> bool:
        return True

    def managed_units(self) -> QuerySet[Unit]:
        return Unit.objects.all()

    def potentials(self) -> QuerySet[Potential]:
        return Potential.objects.all()


def one_time_password() -> str:
    """Twelve characters in three groups, easy to read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _give_password(person: User) -> str:
    """A one-time password for a person, who is asked for an own one at the first sign-in."""
    password = one_time_password()
    person.set_password(password)
    person.must_change_password = True
    return password


def _note(by: User, person: User, act: int, text: str):
    """What the history of changes can't show: rows that are new, and passwords, which stand in no history."""
    LogEntry.objects.log_actions(by.pk, [person], act, change_message=text, single_object=True)


def note_new_accounts(by: User, people: list[User]) -> None:
    """The same note for each account that a file made."""
    if people:
        LogEntry.objects.log_actions(by.pk, people, ADDITION, change_message="account")


def hand_out_passwords(people: list[User], by: User) -> dict[int, str]:
    """One-time passwords for people who never had one, by id. Hashed lightly: a thousand at once, each of 59 random bits, and each is
    hashed in full as soon as it is used or changed."""
    passwords = {person.pk: one_time_password() for person in people}
    hasher = cast("PBKDF2PasswordHasher", get_hasher("pbkdf2_sha256"))
    for person in people:
        person.password = hasher.encode(passwords[person.pk], hasher.salt(), iterations=LIGHT_ITERATIONS)
        person.must_change_password = True
    User.objects.bulk_update(people, ["password", "must_change_password"], batch_size=500)
    LogEntry.objects.log_actions(by.pk, people, CHANGE, change_message="password")
    return passwords


@transaction.atomic
def create_person(person: User, posting: Posting, by: User) -> str:
    """Saves a new account with its first post; returns the password, which is kept nowhere."""
    password = _give_password(person)
    person.save()
    posting.user = person
    posting.save()
    _note(by, person, ADDITION, "account")
    return password


@transaction.atomic
def renew_password(person: User, by: User) -> str:
    """A new password; whoever is signed in under the old one, program or phone, is signed out, and a lock-out is lifted."""
    password = _give_password(person)
    person.save(update_fields=["password", "must_change_password"])
    person.api_tokens.all().delete()
    reset(username=person.username)
    _note(by, person, CHANGE, "password")
    return password


@transaction.atomic
def put_out(device: Device, by: User) -> None:
    """Signs a lost phone out, for its owner."""
    device.revoke(by)
    _note(by, device.user, CHANGE, "phone")


@transaction.atomic
def close_account(person: User, reason: str):
    """Closes an account: no sign-in any more, and its phones wipe what they keep. Posts and reports stay as they are."""
    with pghistory.context(reason=reason):
        person.is_active = False
        person.save(update_fields=["is_active"])
        person.api_tokens.all().delete()
        for device in Device.objects.filter(user=person).in_use():
            device.revoke(None)


@transaction.atomic
def open_account(person: User, reason: str):
    with pghistory.context(reason=reason):
        person.is_active = True
        person.save(update_fields=["is_active"])


@transaction.atomic
def end_posting(posting: Posting, ends_on: datetime.date):
    """Ends a post, and with an officer's last post at a unit the beats held there."""
    posting.ends_on = ends_on
    posting.save(update_fields=["ends_on"])
    if posting.role in OFFICERS:
        _end_beats(posting, ends_on)
        substitution.mend_for(posting.user)


def _end_beats(posting, ends_on):
    others = Posting.objects.filter(user=posting.user, unit=posting.unit, role__in=OFFICERS).exclude(pk=posting.pk).exclude(ends_on__lte=ends_on)
    if others.exists():
        return
    for beat in Beat.objects.filter(user=posting.user, unit=posting.unit, absence=None).exclude(ends_on__lte=ends_on):
        beat.ends_on = max(ends_on, beat.starts_on)
        beat.save(update_fields=["ends_on"])
