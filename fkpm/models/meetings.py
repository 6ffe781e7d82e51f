"""Meetings of a forum: what was on the agenda, who came, what was decided, and the minutes that say so."""

import dataclasses
import datetime
import hashlib
import json
import re
import uuid

import pghistory
import pgtrigger
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import UNIT_OF_FORUM, Forum
from fkpm.models.members import Element, Member, Position
from fkpm.models.words import query_of, words_kept
from polmas.people.models.marks import day_there, marks_days

# Minutes are locked by their adoption; so is all that they say. The database holds to it, whatever asks. A row may not be moved
# out of locked minutes either, so the meeting of the row as it was is asked about as well.
LOCKED = """
IF {unless}EXISTS (SELECT 1 FROM fkpm_minutes WHERE meeting_id IN (OLD.{column}, NEW.{column}) AND state = 'ADOPTED') THEN
    RAISE EXCEPTION 'minutes of this meeting are adopted and locked';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""


def locked_with_minutes(column="meeting_id", operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, unless="", **more):
    """A trigger that refuses a change of a meeting's row once its minutes are adopted; rows that have `unless` belong to a later text."""
    exempt = f"COALESCE(OLD.{unless}, NEW.{unless}) IS NULL AND " if unless else ""
    function = LOCKED.format(column=column, unless=exempt)
    return pgtrigger.Trigger(name=more.pop("name", "locked_with_minutes"), when=pgtrigger.Before, operation=operation, func=function, **more)


# An open action on the agenda behind which nothing was written: "- Ganti lampu (Budi, 3 Nov 2026):".
UNANSWERED = re.compile(r"- .*\(.*\):")
# The state of minutes that are locked.
ADOPTED = "ADOPTED"
# Without a later meeting a task is due a month after the one that gave it.
DAYS_TO_DO = 30


def in_order(row: dict) -> tuple:
    """Rows of attendance have no order of their own: compared and hashed by name."""
    return (row["name"], row["status"], row["element"], row["organisation"])


def hash_of(content: dict) -> str:
    """SHA-256 of canonical JSON: keys sorted, no spaces, text as it is."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


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


# Meetings that name the parties of a quarrel.
PRIVATE_KINDS = ("MEDIASI",)


class MeetingQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the forums in sight; mediations only where one may know the parties."""
        seen = self.filter(forum__in=Forum.objects.for_user(user))
        return seen.filter(~Q(kind__in=PRIVATE_KINDS) | Q(forum__in=Forum.objects.settled_by(user)))

    def with_minutes(self):
        """Everything that the readable page, the PDF and the API of minutes show, in a fixed number of statements."""
        adopters = ("minutes__chair_adopted_by", "minutes__secretary_adopted_by", "minutes__paper_confirmed_by")
        rows = self.select_related("forum__unit", "forum__area", "forum__officer", *adopters)
        return rows.prefetch_related("agenda", "attendances__member", "actions__owner", "files", "addenda", "forum__members")

    def coming(self):
        rows = self.filter(starts_at__gte=timezone.now()).select_related("forum__unit").prefetch_related("agenda")
        return rows.order_by("starts_at")

    def held(self):
        rows = self.filter(starts_at__lt=timezone.now(), cancelled_at=None).select_related("minutes", "forum__unit")
        rows = rows.prefetch_related(models.Prefetch("agenda", AgendaItem.objects.defer("discussion")))
        return rows.order_by("-starts_at")

    def served_by(self, officers):
        """Those of which these are the Polmas officers, each with `server`: who served the forum when it met, as the forum's history has it;
        where nobody was named then, whoever was named next."""
        replaced = Forum.pgh_event_models["update"].objects  # type: ignore[attr-defined]
        forums = Forum.objects.filter(officer__in=officers).values("pk").union(replaced.filter(officer__in=officers).values("pgh_obj_id"))
        then = replaced.filter(pgh_obj_id=OuterRef("forum"), pgh_created_at__gt=OuterRef("starts_at"), officer__isnull=False)
        first = Subquery(then.order_by("pgh_created_at", "pgh_id").values("officer_id")[:1])
        return (
            self.filter(forum__in=forums)
            .annotate(server=Coalesce(first, "forum__officer_id", output_field=models.BigIntegerField()))
            .filter(server__in=officers)
        )

    def search(self, text):
        """Meetings whose minutes hold these words, in any of their forms, the last word also as a beginning."""
        return self.filter(words__words=query_of(text))


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
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)
    invitation_number = models.PositiveSmallIntegerField(default=0, help_text=_("How often the invited were told: SEQUENCE of the calendar entry."))
    told_starts_at = models.DateTimeField(null=True, blank=True, help_text="When the invited expect it to begin.")
    told_place = models.CharField(max_length=200, blank=True, help_text="Where the invited expect it.")
    moved_at = models.DateTimeField(null=True, blank=True, help_text="Last change of hour or place of which the invited do not know yet.")
    members_count = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Members of that day, as counted at adoption.")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at"]
        triggers = [
            locked_with_minutes("id"),
            *words_kept("id", "place", "led_by", "written_by", "conclusion"),
            marks_days(UNIT_OF_FORUM, [day_there("{row}.starts_at")], ["forum_id", "kind", "starts_at", "cancelled_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_reason="") | Q(cancelled_at__isnull=False) & ~Q(cancel_reason=""),
                name="meeting_cancelled_with_reason",
                violation_error_message=_("Say why the meeting is cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(moved_at__isnull=True) | Q(invited_at__isnull=False),
                name="meeting_moved_was_invited",
                violation_error_message=_("Nobody was invited who would have to be told."),
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
        return hasattr(self, "minutes") and self.minutes.state == ADOPTED

    @property
    def page(self) -> str:
        return reverse("fkpm:meeting_detail", args=[self.uuid])

    def may_comment(self, user) -> bool:
        """The members of today, and the officer who serves the forum."""
        return self.forum.is_served_by(user) or self.forum.member_of(user) is not None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_moved(self) -> bool:
        """Whether those who were invited still expect another hour or place."""
        if self.invited_at is None or self.has_begun or self.is_cancelled:
            return False
        return (self.told_starts_at, self.told_place) != (self.starts_at, self.place)

    def note_told(self) -> None:
        """The invited are told now of hour and place as they stand."""
        self.invited_at, self.told_starts_at, self.told_place, self.moved_at = timezone.now(), self.starts_at, self.place, None

    @property
    def has_attendance_photo(self) -> bool:
        return any(file.kind == "ATTENDANCE" for file in self.files.all())

    @property
    def phase(self) -> str:
        """How far a meeting has come: cancelled, held, confirmed (more than half of the invited come), invited, planned."""
        if self.is_cancelled:
            return "cancelled"
        if self.has_begun:
            return "held"
        answers = [invitee.answer for invitee in self.invitees.all()]
        if answers.count("COMING") * 2 > len(answers):
            return "confirmed"
        return "invited" if self.invited_at else "planned"

    def expected(self) -> int:
        """How many members there were that day, to a mediation those of the board: as counted at adoption, before it as they stand."""
        if self.members_count is not None:
            return self.members_count
        asked = Member.BOARD if self.kind in PRIVATE_KINDS else Position.values
        return sum(member.is_valid_on(self.day) and member.position in asked for member in self.forum.members.all())

    def presence(self) -> Presence:
        """Counted from the list where one was kept, else as counted by hand. Who has no row on the list was a member all the same."""
        rows = list(self.attendances.all())
        guests = sum(row.status == Attendance.Status.TAMU for row in rows)
        listed = len(rows) - guests
        if not listed:
            return Presence(self.present_count, self.invited_count, guests)
        return Presence(sum(row.status == Attendance.Status.HADIR for row in rows), max(self.expected(), listed), guests)

    def decisions(self) -> list[str]:
        return [item.decision for item in self.agenda.all() if item.decision.strip()]

    def next_due_on(self) -> datetime.date:
        """When what was agreed is due unless somebody said otherwise: at the next meeting, else in a month."""
        coming = self.forum.meetings.filter(starts_at__gt=self.starts_at, cancelled_at=None).order_by("starts_at").first()
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

    def seals(self) -> dict:
        """Signatures and files that are adopted with the text, by their SHA-256."""
        signatures = sorted((row.name, row.signature_sha256) for row in self.attendances.all() if row.signature_sha256)
        files = sorted((file.kind, file.sha256) for file in self.files.all() if file.kind != "SIGNED")
        members = {} if self.members_count is None else {"members": self.members_count}
        return ({"signatures": signatures} if signatures else {}) | ({"files": files} if files else {}) | members

    def text_hash(self) -> str:
        """Names the text and the list of attendance alone, as they are printed and signed: what is attached later leaves it alone."""
        return hash_of({"meeting": str(self.uuid), **self.content()})

    def content_hash(self) -> str:
        """Names all that is adopted: the text with what is attached to it."""
        return hash_of({"meeting": str(self.uuid), **self.content(), **self.seals()})


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class AgendaItem(models.Model):
    """One point of the agenda, what was said on it and what was decided; an empty decision is "no decision"."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(_("order"))
    topic = models.CharField(_("topic"), max_length=200)
    discussion = models.TextField(_("discussion"), max_length=10000, blank=True)
    decision = models.TextField(_("decision"), max_length=5000, blank=True)
    is_follow_up = models.BooleanField(_("open actions of earlier meetings"), default=False)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["order", "pk"]
        triggers = [locked_with_minutes(), *words_kept("meeting_id", "meeting", "order", "topic", "discussion", "decision")]

    def __str__(self):
        return self.topic

    @property
    def told(self) -> str:
        """What was said, without the open actions that were put on the agenda by themselves and of which nobody said anything."""
        if not self.is_follow_up:
            return self.discussion
        return "\n".join(line for line in self.discussion.splitlines() if not UNANSWERED.fullmatch(line.rstrip()))

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
    signature = models.FileField(_("signature"), upload_to="signatures/%Y/%m/", blank=True)
    signature_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["pk"]
        triggers = [locked_with_minutes()]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], name="attendance_once", violation_error_message=_("This member is already on the list.")
            ),
            models.CheckConstraint(
                condition=Q(signature="", signature_sha256="") | Q(status__in=["HADIR", "TAMU"]) & ~Q(signature="") & ~Q(signature_sha256=""),
                name="attendance_signed_present",
                violation_error_message=_("Only somebody who was there signs."),
            ),
        ]

    def __str__(self):
        return self.name

    def content(self) -> dict:
        return {"name": self.name, "element": self.element, "organisation": self.organisation, "status": self.status}
