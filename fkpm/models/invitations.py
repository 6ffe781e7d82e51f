"""Invitations to make an account: one code for one member, once."""

import datetime
import re
import secrets
from typing import Any

import pghistory
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from fkpm.models.members import Member

# Without letters and digits that are mistaken for one another when read out or copied from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH, GROUP = 12, 4


def plain(code: str) -> str:
    """A code as it was made, however somebody wrote it: in capitals, with hyphens or spaces."""
    return re.sub(r"[\s-]", "", code).lower()


def digest_of(code: str) -> str:
    """What is stored of a code. It is keyed: a copy of the database opens no invitation."""
    return salted_hmac("fkpm.invitation", plain(code), algorithm="sha256").hexdigest()


class InvitationQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(member__in=Member.objects.for_user(user))

    def open(self):
        """Those that still let somebody in: of a member of today or of the next term who has no account."""
        waiting = self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now(), member__user=None)
        return waiting.filter(Q(member__ends_on=None) | Q(member__ends_on__gte=timezone.localdate()))

    def of_code(self, code: str):
        return self.filter(digest=digest_of(code))

    @transaction.atomic
    def issue(self, member: Member, by) -> tuple[str, Any]:
        """A new code for a member, which is shown once, and its row. Earlier ones of the same member end with it."""
        Member.objects.select_for_update().get(pk=member.pk)  # two who invite at once wait for each other
        self.filter(member=member, used_at=None, revoked_at=None).update(revoked_at=timezone.now())
        letters = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
        expires_at = timezone.now() + datetime.timedelta(days=settings.INVITATION_DAYS)
        row = self.create(member=member, digest=digest_of(letters), created_by=by, expires_at=expires_at)
        return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP)), row


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Invitation(models.Model):
    """A slip of paper or a message to one member: whoever has its code makes the member's account, once and before it expires."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="invitations", verbose_name=_("member"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by"))
    created_at = models.DateTimeField(_("invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(used_at=None, revoked_at=None), name="invitation_one_open"),
            models.CheckConstraint(condition=Q(used_at=None) | Q(revoked_at=None), name="invitation_used_or_revoked"),
            models.CheckConstraint(condition=Q(used_at=None) | Q(used_at__lte=F("expires_at")), name="invitation_used_in_time"),
        ]

    def __str__(self):
        return str(self.member)

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()

    def revoke(self) -> None:
        """Takes the code back, if nobody used it yet."""
        Invitation.objects.filter(pk=self.pk, used_at=None, revoked_at=None).update(revoked_at=timezone.now())
