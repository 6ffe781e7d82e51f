"""Meetings of a forum: what was on the agenda, who came, what was decided, and the minutes that say so."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import Element, Forum, Member

# Minutes are locked by their adoption; so is all that they say. The database holds to it, whatever asks.
LOCKED = "IF EXISTS (SELECT 1 FROM fkpm_minutes WHERE meeting_id = {row}.{column} AND state = 'ADOPTED') THEN RAISE EXCEPTION 'minutes of this meeting are adopted and locked'; END IF; RETURN {row};"


def locked_with_minutes(column="meeting_id"):
    """Triggers that refuse any change of a meeting's row once its minutes are adopted."""
    changed = LOCKED.format(row="NEW", column=column)
    removed = LOCKED.format(row="OLD", column=column)
    return [
        pgtrigger.Trigger(name="locked_on_change", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=changed),
        pgtrigger.Trigger(name="locked_on_delete", when=pgtrigger.Before, operation=pgtrigger.Delete, func=removed),
    ]


class MeetingQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=Forum.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Meeting(models.Model):
    """One meeting of one forum, planned or held."""

    class Kind(models.TextChoices):
        PEMBENTUKAN = "PEMBENTUKAN", _("founding meeting")
        RUTIN = "RUTIN", _("regular meeting")
        LUAR_BIASA = "LUAR_BIASA", _("extraordinary meeting")
        MEDIASI = "MEDIASI", _("mediation")
        SOSIALISASI = "SOSIALISASI", _("information meeting")
        EVALUASI = "EVALUASI", _("evaluation meeting")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="meetings", verbose_name="FKPM")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RUTIN)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200)
    led_by = models.CharField(_("led by"), max_length=120, blank=True)
    written_by = models.CharField(_("minutes by"), max_length=120, blank=True)
    invited_count = models.PositiveSmallIntegerField(_("invited"), null=True, blank=True)
    present_count = models.PositiveSmallIntegerField(_("present"), null=True, blank=True, help_text=_("Counted by hand where no list was kept."))
    conclusion = models.TextField(_("conclusion"), max_length=5000, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at"]
        triggers = locked_with_minutes("id")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")), name="meeting_ends_after_start", violation_error_message=_("The end lies before the start.")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.forum}"


class AgendaItem(models.Model):
    """One point of the agenda, what was said on it and what was decided; an empty decision is "no decision"."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(_("order"))
    topic = models.CharField(_("topic"), max_length=200)
    discussion = models.TextField(_("discussion"), max_length=10000, blank=True)
    decision = models.TextField(_("decision"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["order", "pk"]
        triggers = locked_with_minutes()

    def __str__(self):
        return self.topic


class Attendance(models.Model):
    """One person at one meeting: a member, or a guest by name."""

    class Status(models.TextChoices):
        HADIR = "HADIR", _("present")
        IZIN = "IZIN", _("excused")
        ABSEN = "ABSEN", _("absent")
        TAMU = "TAMU", _("guest")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="attendances")
    name = models.CharField(_("name"), max_length=120)
    element = models.CharField(_("stands for"), max_length=12, choices=Element, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=6, choices=Status, default=Status.HADIR)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["pk"]
        triggers = locked_with_minutes()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once", violation_error_message=_("This member is already on the list.")),
        ]

    def __str__(self):
        return self.name


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Minutes(models.Model):
    """The minutes of one meeting: a draft that its writers change, until chair and secretary have both adopted it.

    From then on meeting, agenda, attendance and minutes are locked, and `content_hash` names exactly what was adopted.
    `version` counts the saves of the draft: a writer who saves over another's save is told, nothing is overwritten.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        ADOPTED = "ADOPTED", _("adopted")

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes", primary_key=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    chair_adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    chair_adopted_at = models.DateTimeField(null=True, blank=True)
    secretary_adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    secretary_adopted_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        triggers = [pgtrigger.Protect(name="locked_when_adopted", operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__state="ADOPTED"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="DRAFT", content_hash="") | Q(state="ADOPTED", chair_adopted_by__isnull=False, secretary_adopted_by__isnull=False) & ~Q(content_hash=""),
                name="minutes_adopted_by_both",
                violation_error_message=_("Minutes are adopted once chair and secretary have both agreed."),
            ),
        ]

    def __str__(self):
        return str(self.meeting)
