"""Who is asked to a meeting, and who says that they come."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models.meetings import Meeting
from fkpm.models.members import Member


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Invitee(models.Model):
    """One member asked to one meeting, and their word: present, or not able to come. Without a word it is unknown."""

    class Answer(models.TextChoices):
        COMING = "COMING", _("will be there")
        AWAY = "AWAY", _("cannot come")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitees", verbose_name=_("meeting"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="meeting_invitations", verbose_name=_("member"))
    answer = models.CharField(_("answer"), max_length=6, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(_("e-mail sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invited member")
        verbose_name_plural = _("invited members")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="invitee_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | Q(answer__in=["COMING", "AWAY"], answered_at__isnull=False),
                name="invitee_answer_has_time",
            ),
        ]

    def __str__(self):
        return str(self.member)

    def reply(self, answer) -> None:
        self.answer, self.answered_at = answer, timezone.now()
        self.save(update_fields=["answer", "answered_at"])
