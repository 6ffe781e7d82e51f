"""What an officer did: the part that all kinds of activity share, its states and its review."""

import datetime
import uuid
from collections.abc import Collection, Iterable

import pghistory
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fkpm.cases import follow_report
from mapping.models import Area, Beat, Field, Phase
from patrol.models.marks import mark_days
from polmas.people.changes import AnyOther
from polmas.people.models import Notification, Posting, Unit
from polmas.people.scope import OFFICERS, in_subtrees


class Kind(models.TextChoices):
    """Kinds of activity (domain.md 3.5). What each asks for stands in `patrol.kinds`."""

    DDS = "DDS", "Sambang"
    SAMBANG_USAHA = "SAMBANG_USAHA", _("Sambang of a business")
    SAMBANG_TOKOH = "SAMBANG_TOKOH", "Sambang tokoh"
    SAMBANG_KOMUNITAS = "SAMBANG_KOMUNITAS", _("Sambang of a community")
    PATROLI = "PATROLI", _("Patrol")
    KONTROL_KAMLING = "KONTROL_KAMLING", _("Siskamling check")
    BINLUH = "BINLUH", "Binluh"
    PEMBINAAN_SWAKARSA = "PEMBINAAN_SWAKARSA", _("Coaching of swakarsa")
    PENJAGAAN = "PENJAGAAN", _("Guarding")
    PENGATURAN = "PENGATURAN", _("Traffic and crowd regulation")
    PENGAMANAN = "PENGAMANAN", _("Securing an event")
    PS = "PS", "Problem solving"
    DETEKSI_DINI = "DETEKSI_DINI", _("Early detection")
    RESPON_ADUAN = "RESPON_ADUAN", _("Response to a complaint")
    TPTKP = "TPTKP", "TPTKP"
    PERTOLONGAN = "PERTOLONGAN", _("Help to persons")
    BENCANA = "BENCANA", _("Disaster help")
    FKPM = "FKPM", _("Work with the FKPM")
    JUMAT_CURHAT = "JUMAT_CURHAT", "Jumat Curhat"
    JUMAT_KELILING = "JUMAT_KELILING", "Jumat Keliling"
    KOORDINASI = "KOORDINASI", _("Coordination of the three pillars")
    PENDAMPINGAN = "PENDAMPINGAN", _("Accompanying a programme")
    SOSIAL = "SOSIAL", _("Social service")
    MEDIA = "MEDIA", _("Publication")
    PELATIHAN = "PELATIHAN", _("Training")
    LAINNYA = "LAINNYA", _("Other activity")


class State(models.TextChoices):
    PROPOSED = "proposed", _("to be confirmed")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    VERIFIED = "verified", _("verified")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


# What was recorded in an officer's name counts, waits for review and is accepted only once that officer has confirmed it: PROPOSED is in
# none of these.
COUNTED = (State.SUBMITTED, State.VERIFIED, State.ACCEPTED)
OPEN = (State.SUBMITTED, State.RETURNED)
LOCKED = (State.VERIFIED, State.ACCEPTED)
UNDO_WITHIN = datetime.timedelta(minutes=2)  # how long a slip of the finger may be taken back; the page offers it for a shorter time


class Situation(models.TextChoices):
    AMAN = "AMAN", _("safe and orderly")
    ATENSI = "ATENSI", _("needs attention")
    RAWAN = "RAWAN", _("vulnerable")
    KEJADIAN = "KEJADIAN", _("something happened")


class Flag(models.TextChoices):
    """What a reviewer should look at: a reason to ask, never one to refuse."""

    LATE = "LATE", _("sent late")
    OUTSIDE_AREA = "OUTSIDE_AREA", _("outside the own area")
    NO_POSITION = "NO_POSITION", _("without position")
    POOR_ACCURACY = "POOR_ACCURACY", _("position inaccurate")
    CLOCK_OFF = "CLOCK_OFF", _("phone's clock off")
    OTHER_VILLAGE = "OTHER_VILLAGE", _("household of another village")
    AWAY_FROM_POST = "AWAY_FROM_POST", _("away from the post")
    CAMPAIGN = "CAMPAIGN", _("giat tematik left out")
    SAME_TEXT = "SAME_TEXT", _("text as before")
    SAME_PHOTO = "SAME_PHOTO", _("photo as before")
    RAPID = "RAPID", _("many in one minute")
    ALWAYS = "ALWAYS", _("always reviewed")
    SAMPLE = "SAMPLE", _("random sample")


# Found by the worker after the report is stored (patrol.checks); the others when it is taken.
FOUND_LATER = (Flag.SAME_TEXT, Flag.SAME_PHOTO, Flag.RAPID, Flag.ALWAYS, Flag.SAMPLE)


class Part(models.TextChoices):
    """The part of a report that a reviewer's note is about, as the form names them."""

    WHERE = "where", _("place and village")
    WHEN = "when", _("time")
    WHO = "who", _("who was met")
    RESULT = "result", _("result")
    STORY = "story", _("what happened")
    VOICES = "voices", _("voices of residents")
    PHOTOS = "photos", _("photos")
    DETAIL = "detail", _("the rest of the form")


def posted():
    """The postings under which a report was made: those of its officer at its unit on its day."""
    mine = Posting.objects.filter(user=OuterRef("officer"), unit=OuterRef("unit"), role__in=OFFICERS, starts_on__lte=OuterRef("day"))
    return mine.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("day")))


def nearest_units(user) -> list[int]:
    """Units that the user reviews, without those below that have a reviewer of their own."""
    paths = user.scope.review_paths
    units = dict(Unit.objects.filter(in_subtrees("path", paths)).values_list("pk", "path"))
    if len(units) <= len(paths):
        return list(units)
    others = Posting.objects.reviewing(timezone.localdate()).exclude(user=user).filter(unit__in=units).values_list("unit__path", flat=True)
    nearer = {path for path in others if path not in paths}
    return [pk for pk, path in units.items() if not any(path.startswith(other) for other in nearer)]


def is_any_of(name: str, keys):
    """The column is one of some keys that are looked up once: beside another condition (OR) an index still serves it, unlike a subquery."""
    return models.Func(models.F(name), ArraySubquery(keys), template="%(expressions)s)", arg_joiner=" = ANY(", output_field=models.BooleanField())


class ReportQuerySet(models.QuerySet):
    def for_user(self, user):
        """Own reports, those of the areas held today (so that a successor knows the village), of the units read whole, and of
        officers whose reports one reviews."""
        scope = user.scope
        seen = in_subtrees("unit__path", scope.whole_paths)
        if scope.is_officer:
            held = Beat.objects.on(timezone.localdate()).filter(user=user).order_by()
            seen |= Q(officer=user) | Q(is_any_of("area", held.values("area"))) | Q(is_any_of("area", held.values("area__parent")))
        if scope.is_supervisor:
            seen |= Q(Exists(posted().filter(supervisor=user)))
        return self.filter(seen)

    def counted(self):
        """Reports that figures count: neither returned nor withdrawn, and confirmed by their officer where somebody else recorded them."""
        return self.filter(state__in=COUNTED)

    def sent_by(self, user):
        """Reports that came from this person: the own ones, and those recorded in an officer's name."""
        return self.filter(Q(officer=user) | Q(recorded_by=user))

    def to_withdraw(self, user):
        """Reports that this person may take back as long as they are open: the own ones, those recorded in an officer's name, and in the
        units that one reviews all that wait for an officer, so that nothing waits for ever after both have moved."""
        waiting = in_subtrees("unit__path", user.scope.review_paths) & Q(state=State.PROPOSED)
        return self.filter(Q(officer=user) | Q(recorded_by=user) | waiting)

    def to_confirm(self, user):
        """What others recorded in this officer's name and the officer has not answered for yet, the oldest first."""
        return self.filter(officer=user, state=State.PROPOSED).order_by("received_at", "pk")

    def on_behalf(self):
        """What somebody else than its officer recorded."""
        return self.filter(recorded_by__isnull=False)

    def joined_by(self, user):
        """Reports of colleagues in which the user took part, unless somebody else recorded them and their officer has not confirmed them, or
        they are withdrawn. `for_user` does not hold them: of these only the facts are open."""
        return self.filter(is_any_of("pk", user.participations.values("report")), state__in=[*COUNTED, State.RETURNED])

    def of_or_joined_by(self, usernames: Collection[str]):
        """Reports of some officers, and those of colleagues in which they took part."""
        joined = Report.objects.filter(participations__officer__username__in=usernames).order_by()
        return self.filter(Q(officer__username__in=usernames) | Q(is_any_of("pk", joined.values("pk"))))

    def supervised_by(self, user):
        """Reports of those on whose posting the user is named as supervisor."""
        return self.filter(Exists(posted().filter(supervisor=user))) if user.scope.is_supervisor else self.none()

    def reviewed_by(self, user):
        """Reports that the user may review: of the own units, or as supervisor; never the own ones."""
        reports = self.filter(in_subtrees("unit__path", user.scope.review_paths))
        if user.scope.is_supervisor:
            reports = self.filter(in_subtrees("unit__path", user.scope.review_paths) | Q(Exists(posted().filter(supervisor=user))))
        return reports.exclude(officer=user)

    def verify_all(self, by, versions: dict[uuid.UUID, int]) -> list["Report"]:
        """Verifies at once those that still wait in the version that was seen, and returns them. What somebody else decides or
        corrects right now is left to them."""
        with transaction.atomic():
            waiting = self.reviewed_by(by).filter(uuid__in=versions, state=State.SUBMITTED).order_by("pk")
            rows = list(waiting.select_for_update(skip_locked=True, of=("self",), no_key=True))
            seen = [row for row in rows if row.version == versions[row.uuid]]
            decision = {"state": State.VERIFIED, "review_note": "", "review_parts": [], "reviewed_by": by, "reviewed_at": timezone.now()}
            self.filter(pk__in=[row.pk for row in seen]).update(**decision)
            mark_days((row.unit_id, row.day, row.pk) for row in seen)
        return seen

    def to_review(self, user):
        """What waits for this reviewer, oldest first: for the named supervisor of its officer, else for the nearest unit that has a reviewer."""
        elsewhere = posted().filter(supervisor__isnull=False, supervisor__is_active=True).exclude(supervisor=user)
        serving = Posting.objects.on(timezone.localdate()).filter(user=OuterRef("supervisor"))
        mine = Q(unit__in=nearest_units(user)) & ~Q(Exists(elsewhere.filter(Exists(serving))))
        if user.scope.is_supervisor:
            mine |= Q(Exists(posted().filter(supervisor=user)))
        return self.filter(mine, state=State.SUBMITTED).exclude(officer=user).order_by("received_at", "pk")


# What the worker finds out afterwards is no act upon the report: flags alone make no history.
@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old, condition=AnyOther(but=["flags"])), pghistory.DeleteEvent())
class Report(models.Model):
    """One activity of one officer. The phone chooses its uuid; place, unit and day are the server's finding; what the officer
    sent is kept per version as a hash, so that a retry years later is still recognised."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUBMITTED)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="reports", verbose_name=_("officer"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="recorded_reports",
        verbose_name=_("recorded by"),
        help_text=_("Who entered it in the officer's name, such as the operator from paper; empty where the officer filed it."),
    )
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="reports", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="reports", verbose_name=_("village"))
    day = models.DateField(_("day"), help_text=_("The calendar day of the activity in the unit's time zone."))
    occurred_at = models.DateTimeField(_("time"))
    ended_at = models.DateTimeField(_("end"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True, help_text=_("By the phone's clock, corrected; phones of before say none."))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    clock_skew_s = models.IntegerField(_("phone's clock ahead, seconds"), default=0)
    location = models.PointField(pgettext_lazy("on the map", "position"), srid=4326, null=True, blank=True, spatial_index=False)
    accuracy_m = models.FloatField(_("accuracy, metres"), null=True, blank=True)
    distance_m = models.FloatField(_("distance to the own area, metres"), null=True, blank=True)
    outside_reason = models.CharField(_("why outside the own area"), max_length=40, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    narrative = models.TextField(_("what happened"), max_length=5000, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    follow_up = models.TextField(_("follow-up"), max_length=2000, blank=True)
    field = models.CharField(_("field"), max_length=12, choices=Field, blank=True)
    phase = models.CharField(_("phase"), max_length=5, choices=Phase, default=Phase.PRA)
    situation = models.CharField(_("situation"), max_length=8, choices=Situation, default=Situation.AMAN)
    obstacle = models.TextField(_("obstacle"), max_length=500, blank=True)
    obstacle_owner = models.CharField(_("who removes the obstacle"), max_length=120, blank=True)
    obstacle_due_on = models.DateField(_("obstacle removed until"), null=True, blank=True)
    participants = models.JSONField(_("with"), default=list, blank=True)
    photo_ids = ArrayField(models.UUIDField(), default=list, blank=True, help_text=_("Photos that the phone announced."))
    flags = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    schema = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    content_hashes = ArrayField(
        models.CharField(max_length=64), default=list, help_text=_("SHA-256 of each version as sent, the first version's first.")
    )
    review_note = models.TextField(_("note of the reviewer"), max_length=2000, blank=True)
    review_parts = ArrayField(models.CharField(max_length=8, choices=Part), verbose_name=_("parts that the note is about"), default=list, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(_("why withdrawn"), max_length=500, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-occurred_at", "-pk"]
        # Each report is written into all of these, so none stands here twice: those of two columns serve the first one alone, too.
        indexes = [
            # With what maps and counts ask of a unit's days, so that they need not open the rows.
            models.Index(fields=["unit", "day"], include=["state", "kind", "location", "id"], name="report_counted"),
            models.Index(fields=["-occurred_at", "-id"]),
            models.Index(fields=["officer", "-occurred_at"]),
            models.Index(fields=["area", "-occurred_at"]),
            models.Index(fields=["unit", "received_at"], condition=Q(state="submitted"), name="report_waiting_for_review"),
            models.Index(fields=["officer", "received_at"], condition=Q(state="proposed"), name="report_waiting_for_officer"),
            models.Index(fields=["unit", "received_at"], condition=Q(recorded_by__isnull=False), name="report_on_behalf"),
            GistIndex(fields=["location"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("occurred_at")),
                name="report_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(review_note=""),
                name="report_returned_with_note",
                violation_error_message=_("Say what is missing: a report is returned with a note."),
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="report_withdrawn_with_reason",
                violation_error_message=_("Say why the report is withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) | ~Q(recorded_by=models.F("officer")),
                name="report_recorded_by_another",
                violation_error_message=_("Nobody records in the own name: an officer's own report is simply filed."),
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(recorded_by__isnull=False),
                name="report_proposed_by_somebody",
                violation_error_message=_("Only what somebody else recorded waits for the officer's confirmation."),
            ),
            models.CheckConstraint(condition=Q(content_hashes__len=models.F("version")), name="report_hash_per_version"),
            models.CheckConstraint(condition=Q(location__isnull=False) | Q(accuracy_m__isnull=True), name="report_accuracy_needs_position"),
        ]

    # Set by the queue for its page: whether it may be ticked, and the address that keeps the filter.
    may_be_picked: bool
    review_path: str

    def __str__(self):
        return f"{self.get_kind_display()} {self.day}"

    @property
    def is_discreet(self) -> bool:
        """Whether lists name the kind alone: of some matters between people no word stands where one does not ask for it."""
        return self.kind == Kind.PS and hasattr(self, "problemsolving") and self.problemsolving.case.is_discreet

    @property
    def kind_label(self) -> str:
        """The name of its kind, for lists: `get_kind_display` puts the names of all kinds into the reader's language each time."""
        return str(Kind(self.kind).label)

    @property
    def is_open(self):
        """Whether its officer may still correct or withdraw it."""
        return self.state in OPEN

    @property
    def is_proposed(self):
        """Whether it waits for its officer's confirmation."""
        return self.state == State.PROPOSED

    def may_be_changed_by(self, user) -> bool:
        """Whether the user may correct it: whoever recorded it until the officer has confirmed it, then the officer."""
        return user.pk == self.recorded_by_id if self.is_proposed else user.pk == self.officer_id and self.is_open

    def may_be_withdrawn_by(self, user) -> bool:
        """Whoever may correct it, and whoever reviews the unit what waits for an officer, who refuses it instead."""
        is_stuck = self.is_proposed and user.pk != self.officer_id
        return self.may_be_changed_by(user) or (is_stuck and user.scope.reviews(self.unit))

    @property
    def is_locked(self):
        """Whether it stays as it was reviewed; its officer may add to it."""
        return self.state in LOCKED

    @property
    def flag_labels(self):
        return [Flag(flag).label for flag in self.flags]

    @property
    def part_labels(self):
        return [str(Part(part).label) for part in self.review_parts]

    @property
    def filed_photos(self) -> list:
        """Those that came with the report itself; a supplement shows its own."""
        return [photo for photo in self.photos.all() if photo.supplement_id is None]

    @property
    def missing_photos(self) -> int:
        """How many photos the phone announced and has not sent yet."""
        return len(set(self.photo_ids) - {photo.uuid for photo in self.photos.all()})

    def mark(self):
        """Asks for a recount of the day that this report stands on; call inside the transaction that changed it."""
        mark_days([(self.unit_id, self.day, self.pk)])

    def verify(self, by):
        self._review(State.VERIFIED, by, note="")

    def unverify(self, by):
        """Takes the own verification back, shortly after: a slip of the finger."""
        since = timezone.now() - UNDO_WITHIN
        if by.pk != self.reviewed_by_id or self.reviewed_at is None or self.reviewed_at < since:
            raise ValidationError(_("The verification can no longer be taken back."))
        refusal = _("The verification can no longer be taken back.")
        self._move((State.VERIFIED,), refusal, state=State.SUBMITTED, reviewed_by=None, reviewed_at=None)

    def send_back(self, by, note: str, parts: Iterable[str] = ()):
        """Returns the report to its officer. The note is required: it says what is missing, `parts` where."""
        if not note.strip():
            raise ValidationError({"note": _("Say what is missing: a report is returned with a note.")})
        with transaction.atomic():
            self._review(State.RETURNED, by, note, [part for part in Part.values if part in set(parts)])
            told = {"by": by.full_name, "what": self.get_kind_display(), "day": self.day}
            Notification.objects.tell([self.officer_id], Notification.Kind.RETURNED, f"/kegiatan/{self.uuid}/", **told)

    def withdraw(self, by, reason: str):
        """Takes the own report back before it is verified, or one that was recorded for an officer before it is confirmed; it stays on
        record and is counted no longer."""
        if by.pk not in (self.officer_id, self.recorded_by_id) and not self.may_be_withdrawn_by(by):
            raise ValidationError(_("Only its officer may withdraw a report."))
        if not reason.strip():
            raise ValidationError({"reason": _("Say why the report is withdrawn.")})
        if not self.may_be_withdrawn_by(by):
            raise ValidationError(_("This report can no longer be withdrawn."))
        allowed = (State.PROPOSED,) if self.is_proposed else OPEN
        self._move(allowed, _("This report can no longer be withdrawn."), state=State.WITHDRAWN, withdrawn_reason=reason)

    def confirm(self, by):
        """Takes what somebody else recorded as the own: from here on it is like any report that the officer filed."""
        self._answer(by, state=State.SUBMITTED)

    def refuse(self, by, reason: str):
        """Says that what somebody else recorded was not the own activity. It stays on record, withdrawn, and whoever recorded it is told."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say in a word why this is not your activity.")})
        with transaction.atomic():
            self._answer(by, state=State.WITHDRAWN, withdrawn_reason=reason)
            told = {"by": by.full_name, "what": self.get_kind_display(), "day": self.day}
            Notification.objects.tell([self.recorded_by_id], Notification.Kind.REFUSED, f"/kegiatan/{self.uuid}/", **told)

    def _answer(self, by, **changes):
        if by.pk != self.officer_id:
            raise ValidationError(_("Only the officer in whose name it was recorded confirms a report."))
        self._move((State.PROPOSED,), _("This report has already been answered or changed; reload the page."), **changes)

    def may_be_reviewed_by(self, user) -> bool:
        """Whoever reviews the unit, or is named as supervisor; nobody the own reports."""
        if user.pk == self.officer_id:
            return False
        return user.scope.reviews(self.unit) or Report.objects.supervised_by(user).filter(pk=self.pk).exists()

    def _review(self, state, by, note, parts=()):
        if not self.may_be_reviewed_by(by):
            raise ValidationError(_("Only the Kanit Binmas of the unit or the supervisor reviews reports, and nobody the own ones."))
        self._move(
            (State.SUBMITTED,),
            _("This report has already been reviewed or changed; reload the page."),
            state=state,
            review_note=note,
            review_parts=list(parts),
            reviewed_by=by,
            reviewed_at=timezone.now(),
        )

    def _move(self, allowed, refusal, **changes):
        """Changes the state if it is still one of those allowed: whoever comes second is told, nothing is overwritten."""
        with transaction.atomic():
            if not Report.objects.filter(pk=self.pk, version=self.version, state__in=allowed).update(**changes):
                raise ValidationError(refusal)
            for name, value in changes.items():
                setattr(self, name, value)
            self.mark()
            if self.kind == Kind.PS:
                follow_report(self.uuid, self.officer, is_standing=self.state not in (State.PROPOSED, State.WITHDRAWN))
