"""What people are told of: a report that came back, a word of thanks, a directive, a handover."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NotificationQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at=None)

    def mark_read(self):
        """Marks what was unread; whatever was read before keeps its time."""
        return self.unread().update(read_at=timezone.now())

    def tell(self, users: Iterable, kind: str, path: str, **params) -> None:
        """One notification for each of these people (users or their ids). The words are chosen when it is read, in the reader's
        language: labels are kept as their msgids."""
        ids = sorted({getattr(user, "pk", user) for user in users})
        with translation.override("en"):
            kept = {name: str(value) for name, value in params.items()}
        self.bulk_create([self.model(user_id=pk, kind=kind, path=path, params=kept) for pk in ids], batch_size=1000)


class Notification(models.Model):
    """One thing that one person is told, with the page where it stands.

    It says what happened and who did it, never what was written: no content of a Laporan Informasi, no resident's name, no note. The
    subject of an incidental report that is not discreet is the one exception: who is called at night must know what for.
    """

    class Kind(models.TextChoices):
        RETURNED = "RETURNED", _("report returned")
        THANKS = "THANKS", _("word of thanks")
        DIRECTIVE = "DIRECTIVE", _("directive")
        REMINDER = "REMINDER", _("reminder")
        FOLLOW_UP = "FOLLOW_UP", _("follow-up of a directive")
        HANDOVER = "HANDOVER", _("handover")
        HANDING_OVER = "HANDING_OVER", _("handover in the unit")
        TAKEN_OVER = "TAKEN_OVER", _("handover accepted")
        CONFIRM = "CONFIRM", _("report to be confirmed")
        REFUSED = "REFUSED", _("report not confirmed")
        LI = "LI", _("LI to be registered")
        LI_RETURNED = "LI_RETURNED", _("LI returned")
        INCIDENT = "INCIDENT", _("incident handed on")
        PERPETRATOR = "PERPETRATOR", _("perpetrator in service")
        INVITED = "INVITED", _("invitation to a meeting")
        MOVED = "MOVED", _("meeting changed")
        CANCELLED = "CANCELLED", _("meeting cancelled")
        COMMENT = "COMMENT", _("minutes open for comment")
        TO_ADOPT = "TO_ADOPT", _("minutes to be adopted")
        ADOPTED = "ADOPTED", _("minutes adopted")
        DUE = "DUE", _("action item due soon")
        OVERDUE = "OVERDUE", _("action item overdue")
        CASE = "CASE", _("case handed on")
        CASE_ANSWER = "CASE_ANSWER", _("answer on a case")
        AGREEMENT = "AGREEMENT", _("agreement to look after")
        AGREEMENT_LATE = "AGR_LATE", _("agreement not looked after")
        AWARD = "AWARD", _("award")
        AWARD_ASKED = "AWARD_ASKED", _("award proposed")
        AWARD_ANSWER = "AWARD_ANSWER", _("answer to a proposed award")
        NOTE = "NOTE", _("note of a superior")
        NOTE_ANSWER = "NOTE_ANSWER", _("answer to a note")
        SESSION = "SESSION", _("coaching session")
        SUMMARY_DUE = "SUM_DUE", _("summary due soon")
        SUMMARY_LATE = "SUM_LATE", _("summary late")
        SUMMARY_SENT = "SUM_SENT", _("summary sent")
        SUMMARY_RETURNED = "SUM_RETURNED", _("summary returned")
        INCIDENTAL = "INCIDENTAL", _("incidental report")
        LOOK_AGAIN = "LOOK_AGAIN", _("plan to look at again")

    # The words of each kind; `by` and `to` are the title or name of a colleague, `what` a kind of activity or directive or what is handed
    # over, `day` a date.
    WORDS = {
        Kind.RETURNED: _("%(by)s returned your report: %(what)s of %(day)s"),
        Kind.THANKS: _("%(by)s thanks you for your report: %(what)s of %(day)s"),
        Kind.DIRECTIVE: pgettext_lazy("notification", "New from %(by)s: %(what)s"),
        Kind.REMINDER: _("%(by)s reminds you: %(what)s"),
        Kind.FOLLOW_UP: _("%(by)s followed up your %(what)s"),
        Kind.HANDOVER: _("%(by)s hands over to you: %(what)s"),
        Kind.HANDING_OVER: _("%(by)s hands over to %(to)s: %(what)s"),
        Kind.TAKEN_OVER: _("%(by)s took over: %(what)s"),
        Kind.CONFIRM: _("%(by)s recorded an activity in your name: please confirm it"),
        Kind.REFUSED: _("%(by)s did not confirm what you recorded: %(what)s of %(day)s"),
        Kind.LI: _("A Laporan Informasi waits to be registered"),
        Kind.LI_RETURNED: _("A Laporan Informasi of yours came back"),
        Kind.INCIDENT: _("%(by)s handed an incident on to you"),
        Kind.PERPETRATOR: _("A unit below tells of a perpetrator in service"),
        Kind.INVITED: _("%(by)s invites you to a meeting on %(day)s. Will you come?"),
        Kind.MOVED: _("%(by)s changed a meeting: it is on %(day)s now"),
        Kind.CANCELLED: _("%(by)s cancelled the meeting of %(day)s"),
        Kind.COMMENT: _("%(by)s asks for your comments on minutes until %(day)s"),
        Kind.TO_ADOPT: _("%(by)s: the %(what)s of %(day)s waits for your adoption"),
        Kind.ADOPTED: _("%(by)s: the minutes of %(day)s are adopted"),
        Kind.DUE: _("%(by)s: something that you have to do is due on %(day)s"),
        Kind.OVERDUE: _("%(by)s: something that you have to do was due on %(day)s"),
        Kind.CASE: _("%(by)s handed a case on to you"),
        Kind.CASE_ANSWER: _("%(by)s answered on a case that you handed on"),
        Kind.AGREEMENT: _("Agreement %(what)s: see whether it is observed, due %(day)s"),
        Kind.AGREEMENT_LATE: _("Nobody has looked after agreement %(what)s yet, due %(day)s"),
        Kind.AWARD: _("%(by)s honours you: %(what)s"),
        Kind.AWARD_ASKED: _("%(by)s proposes an award: %(what)s"),
        Kind.AWARD_ANSWER: _("%(by)s has decided on an award that you proposed: %(what)s"),
        Kind.NOTE: _("%(by)s wrote to you about your service. Please confirm that you have read it"),
        Kind.NOTE_ANSWER: _("%(by)s answered what you wrote about their service"),
        Kind.SESSION: _("Coaching session with %(by)s on %(day)s"),
        Kind.SUMMARY_DUE: _("%(by)s: the %(what)s summary is due on %(day)s"),
        Kind.SUMMARY_LATE: _("%(by)s: the %(what)s summary was due on %(day)s"),
        Kind.SUMMARY_SENT: _("%(by)s sent the %(what)s summary that begins on %(day)s"),
        Kind.SUMMARY_RETURNED: _("%(by)s returned your %(what)s summary that begins on %(day)s"),
        Kind.INCIDENTAL: _("%(by)s sent an incidental report"),
        Kind.LOOK_AGAIN: _("Look again at what you planned with %(by)s, due %(day)s"),
    }
    ICONS = {
        Kind.RETURNED: "arrow-back-up",
        Kind.THANKS: "heart-handshake",
        Kind.DIRECTIVE: "speakerphone",
        Kind.REMINDER: "bell",
        Kind.FOLLOW_UP: "list-check",
        Kind.HANDOVER: "arrow-right",
        Kind.HANDING_OVER: "repeat",
        Kind.TAKEN_OVER: "check",
        Kind.CONFIRM: "circle-check",
        Kind.REFUSED: "ban",
        Kind.LI: "shield-lock",
        Kind.LI_RETURNED: "arrow-back-up",
        Kind.INCIDENT: "urgent",
        Kind.PERPETRATOR: "user-shield",
        Kind.INVITED: "calendar-event",
        Kind.MOVED: "calendar-event",
        Kind.CANCELLED: "ban",
        Kind.COMMENT: "message",
        Kind.TO_ADOPT: "writing-sign",
        Kind.ADOPTED: "shield-check",
        Kind.DUE: "clock",
        Kind.OVERDUE: "clock-exclamation",
        Kind.CASE: "puzzle",
        Kind.CASE_ANSWER: "puzzle",
        Kind.AGREEMENT: "heart-handshake",
        Kind.AGREEMENT_LATE: "heart-handshake",
        Kind.AWARD: "award",
        Kind.AWARD_ASKED: "award",
        Kind.AWARD_ANSWER: "award",
        Kind.NOTE: "message",
        Kind.NOTE_ANSWER: "message",
        Kind.SESSION: "calendar-event",
        Kind.SUMMARY_DUE: "clock",
        Kind.SUMMARY_LATE: "clock-exclamation",
        Kind.SUMMARY_SENT: "send",
        Kind.SUMMARY_RETURNED: "arrow-back-up",
        Kind.INCIDENTAL: "urgent",
        Kind.LOOK_AGAIN: "calendar-event",
    }

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12, choices=Kind)
    params = models.JSONField(default=dict, blank=True)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at"]),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(path__startswith="/") & ~Q(path__startswith="//"), name="notification_leads_to_own_page"),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self) -> str:
        day = parse_date(self.params.get("day", ""))
        words = {
            "by": self.params.get("by", ""),
            "to": self.params.get("to", ""),
            "what": translation.gettext(self.params["what"]) if self.params.get("what") else "",
            "day": date_format(day, "j M Y") if day else "",
        }
        told, subject = str(self.WORDS[self.Kind(self.kind)]) % words, self.params.get("subject")
        return f"{told}: {subject}" if subject else told

    @property
    def icon(self) -> str:
        return self.ICONS[self.Kind(self.kind)]
