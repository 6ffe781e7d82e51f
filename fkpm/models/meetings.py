"""Meetings of a forum: what was on the agenda, who came, what was decided, and the minutes that say so."""

import dataclasses
import datetime
import hashlib
import json
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import Forum
from fkpm.models.members import Element, Member

# Minutes are locked by their adoption; so is all that they say. The database holds to it, whatever asks. A row may not be moved
# out of locked minutes either, so the meeting of the row as it was is asked about as well.
LOCKED = """
IF EXISTS (SELECT 1 FROM fkpm_minutes WHERE meeting_id IN (OLD.{column}, NEW.{column}) AND state = 'ADOPTED') THEN
    RAISE EXCEPTION 'minutes of this meeting are adopted and locked';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


def locked_with_minutes(column="meeting_id", operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, **more):
    """A trigger that refuses a change of a meeting's row once its minutes are adopted."""
    return pgtrigger.Trigger(
        name=more.pop("name", "locked_with_minutes"), when=pgtrigger.Before, operation=operation, func=LOCKED.format(column=column), **more
    )


# Without a later meeting a task is due a month after the one that gave it.
DAYS_TO_DO = 30


def in_order(row: dict) -> tuple:
    """Rows of attendance have no order of their own: compared and hashed by name."""
    return (row["name"], row["status"], row["element"], row["organisation"])


@dataclasses.dataclass(frozen=True)
class Presence:
    """Who came: members present of those expected (None where nobody wrote that down), and guests."""

    present: int | None
    expected: int | None
    guests: int = 0

    @property
    def has_quorum(self) -> bool | None:
        """More than half of the members; None where the numbers do not say."""
        return None if self.present is None or not self.expected else self.present * 2 > self.expected


class MeetingQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=Forum.objects.for_user(user))

    def with_minutes(self):
        """Everything that the readable page, the PDF and the API of minutes show, in a fixed number of statements."""
        rows = self.select_related("forum__unit", "forum__area", "forum__officer", "minutes__chair_adopted_by", "minutes__secretary_adopted_by")
        return rows.prefetch_related("agenda", "attendances__member", "actions__owner")

    def coming(self):
        return self.filter(starts_at__gte=timezone.now()).select_related("forum__unit").prefetch_related("agenda").order_by("starts_at")

    def held(self):
        rows = self.filter(starts_at__lt=timezone.now()).select_related("minutes", "forum__unit").prefetch_related("agenda")
        return rows.order_by("-starts_at")

    def search(self, text):
        """Meetings that name the text in place, agenda, discussion or decision."""
        return self.filter(
            Q(place__icontains=text)
            | Q(conclusion__icontains=text)
            | Q(
                pk__in=AgendaItem.objects.filter(Q(topic__icontains=text) | Q(discussion__icontains=text) | Q(decision__icontains=text)).values(
                    "meeting"
                )
            )
        )


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
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
        triggers = [locked_with_minutes("id")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.forum}"

    @property
    def title(self):
        """As people name it: Rapat rutin Oktober 2026."""
        return f"{capfirst(self.get_kind_display())} {date_format(self.day, 'F Y')}"

    @property
    def day(self) -> datetime.date:
        return self.forum.unit.day_of(self.starts_at)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_adopted(self) -> bool:
        return hasattr(self, "minutes") and self.minutes.state == Minutes.State.ADOPTED

    def presence(self) -> Presence:
        """Counted from the list where one was kept, else as counted by hand."""
        rows = list(self.attendances.all())
        guests = sum(row.status == Attendance.Status.TAMU for row in rows)
        if len(rows) == guests:
            return Presence(self.present_count, self.invited_count, guests)
        return Presence(sum(row.status == Attendance.Status.HADIR for row in rows), len(rows) - guests, guests)

    def decisions(self) -> list[str]:
        return [item.decision for item in self.agenda.all() if item.decision.strip()]

    def next_due_on(self) -> datetime.date:
        """When what was agreed is due unless somebody said otherwise: at the next meeting, else in a month."""
        coming = self.forum.meetings.filter(starts_at__gt=self.starts_at).order_by("starts_at").first()
        return self.forum.unit.day_of(coming.starts_at) if coming else self.day + datetime.timedelta(days=DAYS_TO_DO)

    def content(self) -> dict:
        """All that the minutes say, in one shape for every use: the hash of adoption, and comparing what two writers wrote."""
        return {
            "kind": self.kind,
            "starts_at": self.starts_at.astimezone(datetime.UTC).isoformat(),
            "ends_at": self.ends_at and self.ends_at.astimezone(datetime.UTC).isoformat(),
            **{name: getattr(self, name) for name in ("place", "led_by", "written_by", "invited_count", "present_count", "conclusion")},
            "agenda": [item.content() for item in self.agenda.all()],
            "attendance": sorted((row.content() for row in self.attendances.all()), key=in_order),
            "actions": [row.content() for row in self.actions.order_by("pk")],
        }

    def content_hash(self) -> str:
        """SHA-256 of the content as canonical JSON: keys sorted, no spaces, text as it is."""
        text = json.dumps({"meeting": str(self.uuid), **self.content()}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
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
        triggers = [locked_with_minutes()]

    def __str__(self):
        return self.topic

    def content(self) -> dict:
        return {"topic": self.topic, "discussion": self.discussion, "decision": self.decision}


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
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
        triggers = [locked_with_minutes()]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], name="attendance_once", violation_error_message=_("This member is already on the list.")
            ),
        ]

    def __str__(self):
        return self.name

    def content(self) -> dict:
        return {"name": self.name, "element": self.element, "organisation": self.organisation, "status": self.status}


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
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
        triggers = [
            pgtrigger.Protect(name="locked_when_adopted", operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__state="ADOPTED"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="DRAFT", content_hash="")
                | Q(state="ADOPTED", chair_adopted_by__isnull=False, secretary_adopted_by__isnull=False) & ~Q(content_hash=""),
                name="minutes_adopted_by_both",
                violation_error_message=_("Minutes are adopted once chair and secretary have both agreed."),
            ),
            models.CheckConstraint(
                condition=Q(chair_adopted_by__isnull=True)
                | Q(secretary_adopted_by__isnull=True)
                | ~Q(chair_adopted_by=models.F("secretary_adopted_by")),
                name="minutes_adopted_by_two",
                violation_error_message=_("Chair and secretary are two persons."),
            ),
        ]

    def __str__(self):
        return str(self.meeting)

    def missing(self) -> list[str]:
        """What a draft still lacks before anybody can adopt it (domain.md 4.0); a draft may be saved without any of it."""
        meeting = self.meeting
        presence = meeting.presence()
        demands = [
            (gettext("the meeting has not been held yet"), meeting.has_begun),
            (gettext("who led the meeting"), meeting.led_by.strip()),
            (gettext("who or how many were present"), presence.present or presence.guests),
            (gettext("what was discussed on at least one point"), any((item.discussion + item.decision).strip() for item in meeting.agenda.all())),
        ]
        return [text for text, is_there in demands if not is_there]

    def office_of(self, user) -> str | None:
        """As what a user may still adopt: "chair" or "secretary", or None. One person adopts once, whatever offices they hold."""
        if self.state == self.State.ADOPTED or user.pk in (self.chair_adopted_by_id, self.secretary_adopted_by_id):
            return None
        held = set(self.meeting.forum.active_members().filter(user=user).values_list("position", flat=True))
        if self.chair_adopted_by_id is None and held & set(Member.CHAIRS):
            return "chair"
        if self.secretary_adopted_by_id is None and held & set(Member.SECRETARIES):
            return "secretary"
        return None

    @property
    def is_half_adopted(self) -> bool:
        return self.state == self.State.DRAFT and bool(self.chair_adopted_by_id or self.secretary_adopted_by_id)

    @transaction.atomic
    def adopt(self, by, version: int) -> None:
        """One of the two adopts the version that they have read; with the second one the minutes are locked under their hash.

        Raises ValidationError where that version is not the stored one any more, something is missing, or it is not theirs to adopt.
        """
        # A writer who saves at the same moment waits for this row, and is refused afterwards.
        Minutes.objects.select_for_update().get(pk=self.pk)
        self.refresh_from_db()
        if version != self.version:
            raise ValidationError(_("The minutes were changed after you had opened them. Read them again, then adopt them."), code="outdated")
        office = self.office_of(by)
        if office is None:
            raise ValidationError(_("It is not yours to adopt these minutes."), code="not_yours")
        if missing := self.missing():
            raise ValidationError(_("Still missing: %(what)s."), code="incomplete", params={"what": ", ".join(missing)})
        setattr(self, f"{office}_adopted_by", by)
        setattr(self, f"{office}_adopted_at", timezone.now())
        if self.chair_adopted_by_id and self.secretary_adopted_by_id:
            self.state, self.content_hash = self.State.ADOPTED, self.meeting.content_hash()
        self.save()

    def take_over_edit(self) -> None:
        """Counts one more save of the draft. Whoever had adopted it has not read this text: their adoption is gone."""
        self.version += 1
        self.chair_adopted_by = self.chair_adopted_at = self.secretary_adopted_by = self.secretary_adopted_at = None
        self.save()
