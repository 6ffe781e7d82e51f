"""Laporan Informasi (LI): what an officer learned, for the few who have to know, and its source, for two alone (domain.md 4.4)."""

import contextlib
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models import Area, Field
from patrol.models.reports import COUNTED, Report, State
from patrol.models.visits import OpinionUrgency
from polmas.people.encryption import EncryptedCharField
from polmas.people.models import Notification, Posting, Unit, User
from polmas.people.models.units import LONGEST_NUMBER
from polmas.people.scope import INFORMATION_READERS, INTELLIGENCE, LEADERS_POLRES, LEADERS_POLSEK, REVIEWERS, in_subtrees

METHODS = "LI_METHOD"  # the list of Code rows that `method` names
NAMELESS = "tanpa nama"  # as it stands in the letter; always a valid source
DISPOSERS = LEADERS_POLSEK | LEADERS_POLRES | INTELLIGENCE


class SourceValue(models.TextChoices):
    """How far a source can be trusted: the letter of the value (neraca penilaian, domain.md 3.9)."""

    A = "A", _("fully reliable")
    B = "B", _("reliable")
    C = "C", _("fairly reliable")
    D = "D", _("usually not reliable")
    E = "E", _("not reliable")
    F = "F", _("reliability cannot be judged")


class ContentValue(models.TextChoices):
    """How likely the content is: the digit of the value."""

    ONE = "1", _("confirmed by other sources")
    TWO = "2", _("very probably true")
    THREE = "3", _("possibly true")
    FOUR = "4", _("doubtful")
    FIVE = "5", _("improbable")
    SIX = "6", _("truth cannot be judged")


def with_code(values) -> list[tuple[str, str]]:
    """Choices of a value with their letter or digit in front, in the language of the moment: B · reliable."""
    return [(value, f"{value} · {label}") for value, label in values.choices]


class Classification(models.TextChoices):
    BIASA = "BIASA", _("ordinary")
    TERBATAS = "TERBATAS", _("restricted")
    RAHASIA = "RAHASIA", _("secret")


# The letter with which a number begins.
GRADES = {Classification.BIASA: "B", Classification.TERBATAS: "T", Classification.RAHASIA: "R"}


class InformationState(models.TextChoices):
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    REGISTERED = "registered", _("registered")
    VALUED = "valued", _("valued")
    DISPOSED = "disposed", _("with disposition")


OPEN = (InformationState.SUBMITTED, InformationState.RETURNED)
NUMBERED = (InformationState.REGISTERED, InformationState.VALUED, InformationState.DISPOSED)


def units_above(unit: Unit):
    """The unit and all above it."""
    return Unit.objects.filter(path__in=[unit.path[:end] for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)])


def serving_at(unit: Unit, roles):
    """People who serve today in one of the roles at the unit or above it."""
    postings = Posting.objects.on(unit.today()).filter(role__in=roles, unit__in=units_above(unit))
    return User.objects.filter(is_active=True, pk__in=postings.values("user"))


def may_raise(user, report) -> bool:
    """Whether the user may raise an LI from what a colleague reported: Kanit Binmas, from reports of the own unit that count. Officers
    raise their own on the phone."""
    return user.pk != report.officer_id and report.state in COUNTED and user.scope.holds(REVIEWERS, report.unit)


def told_by_others(author):
    """Reports that somebody else stands for: neither the author's own, nor what the author recorded in a colleague's name and nobody confirmed."""
    return Report.objects.exclude(officer=author).exclude(recorded_by=author, state__in=(State.PROPOSED, State.WITHDRAWN))


class InformationQuerySet(models.QuerySet):
    def for_user(self, user):
        """Own LI, and those of the units in which the user reads them. Neither a fellow officer nor a successor, nor an operator."""
        scope = user.scope
        own = Q(author=user) if scope.is_police else Q(pk__in=[])
        return self.filter(own | in_subtrees("unit__path", scope.information_paths))

    def read_by(self, user):
        """Those that the user reads by a role at the unit, the own ones apart."""
        return self.filter(in_subtrees("unit__path", user.scope.information_paths)).exclude(author=user)

    def waiting_for(self, user):
        """What waits for this reader's act: to be registered, to be valued, or for a disposition."""
        scope = user.scope
        steps = (
            (REVIEWERS, (InformationState.SUBMITTED,)),
            (INTELLIGENCE, (InformationState.REGISTERED,)),
            (LEADERS_POLSEK | LEADERS_POLRES, (InformationState.REGISTERED, InformationState.VALUED)),
        )
        waiting = Q(pk__in=[])
        for roles, states in steps:
            waiting |= Q(in_subtrees("unit__path", scope.paths_as(roles)), state__in=states)
        raised = Exists(told_by_others(user).filter(uuid=OuterRef("origin")))
        return self.filter(waiting).filter(~Q(author=user) | Q(raised, state=InformationState.SUBMITTED))

    def with_details(self):
        return self.select_related("author", "unit", "area", "registry", "registered_by", "valued_by", "returned_by", "source__handler")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Information(models.Model):
    """One Laporan Informasi: one matter of one field of life, facts apart from opinion.

    The phone chooses its uuid and each version is remembered by its hash, as with reports. Its author may correct it until the
    Kanit Binmas has given it a number; from then on the text stands and the number stays. It counts for no target, score or ranking.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=InformationState, default=InformationState.SUBMITTED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="informations", verbose_name=_("author"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("village"))
    day = models.DateField(_("day"), help_text=_("The calendar day on which it was obtained, in the unit's time zone."))
    obtained_at = models.DateTimeField(_("obtained at"))
    event_at = models.DateTimeField(_("time of the event"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    method = models.CharField(_("how it was obtained"), max_length=40)
    field = models.CharField(_("field"), max_length=12, choices=Field)
    subject = models.CharField(_("subject"), max_length=200)
    source_alias = models.CharField(_("code name of the source"), max_length=60, blank=True)
    relation = models.CharField(_("relation of the source to the matter"), max_length=120, blank=True)
    facts = models.TextField(_("facts"), max_length=5000)
    analysis = models.TextField(_("analysis"), max_length=2000, blank=True)
    prediction = models.TextField(_("prediction"), max_length=2000, blank=True)
    steps_taken = models.TextField(_("steps taken"), max_length=2000, blank=True)
    recommendation = models.TextField(_("recommendation"), max_length=2000, blank=True)
    urgency = models.CharField(_("urgency"), max_length=8, choices=OpinionUrgency, blank=True)
    source_value = models.CharField(_("value of the source"), max_length=1, choices=SourceValue, default=SourceValue.F)
    content_value = models.CharField(_("value of the content"), max_length=1, choices=ContentValue, default=ContentValue.SIX)
    valued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    valued_at = models.DateTimeField(null=True, blank=True)
    classification = models.CharField(_("classification"), max_length=8, choices=Classification, default=Classification.RAHASIA)
    distribution = models.ManyToManyField(Unit, through="InformationCopy", related_name="+", verbose_name=_("distribution"))
    registry = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("The unit in whose book the LI stands, and whose number it has.")
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    number = models.CharField(_("number"), max_length=LONGEST_NUMBER, blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    registered_at = models.DateTimeField(null=True, blank=True)
    return_note = models.TextField(_("note to the author"), max_length=2000, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    origin = models.UUIDField(null=True, blank=True, help_text=_("The report that was raised to this LI; it may come later."))
    origin_opinion = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Which of its opinions, the first being 1."))
    version = models.PositiveIntegerField(default=1)
    content_hashes = ArrayField(
        models.CharField(max_length=64), default=list, help_text=_("SHA-256 of each version as sent, the first version's first.")
    )

    objects = InformationQuerySet.as_manager()

    class Meta:
        verbose_name = _("LI")
        verbose_name_plural = _("LI")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["unit", "day"]),
            models.Index(fields=["unit", "-received_at"]),
            models.Index(fields=["author", "-received_at"]),
        ]
        triggers = [
            pgtrigger.Protect(
                name="number_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.number <> '' AND (OLD.number, OLD.registry_id, OLD.year, OLD.sequence, OLD.facts, OLD.subject, OLD.author_id, OLD.unit_id)"
                    " IS DISTINCT FROM (NEW.number, NEW.registry_id, NEW.year, NEW.sequence, NEW.facts, NEW.subject, NEW.author_id, NEW.unit_id)"
                ),
            ),
            pgtrigger.Protect(name="kept_when_numbered", operation=pgtrigger.Delete, condition=pgtrigger.Condition("OLD.number <> ''")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InformationState.values), name="information_state_known"),
            models.CheckConstraint(condition=Q(field__in=Field.values), name="information_field_known"),
            models.CheckConstraint(
                condition=Q(source_value__in=SourceValue.values) & Q(content_value__in=ContentValue.values), name="information_value_known"
            ),
            models.CheckConstraint(condition=Q(classification__in=Classification.values), name="information_classification_known"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, number="", registry=None, year=None, sequence=None, registered_by=None, registered_at=None)
                | Q(
                    state__in=NUMBERED,
                    registry__isnull=False,
                    year__isnull=False,
                    sequence__gte=1,
                    registered_by__isnull=False,
                    registered_at__isnull=False,
                )
                & ~Q(number=""),
                name="information_numbered_when_registered",
                violation_error_message=_("An LI gets its number when it is registered, not before."),
            ),
            models.UniqueConstraint(fields=["registry", "year", "sequence"], name="information_number_once"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_note=""),
                name="information_returned_with_note",
                violation_error_message=_("Say what is missing: an LI is returned with a note."),
            ),
            models.CheckConstraint(condition=~Q(state="valued") | Q(valued_by__isnull=False), name="information_valued_by_somebody"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(facts="") & ~Q(method=""), name="information_has_what_it_must"),
            models.CheckConstraint(condition=Q(origin_opinion=None) | Q(origin__isnull=False), name="information_opinion_of_a_report"),
            models.CheckConstraint(condition=Q(content_hashes__len=models.F("version")), name="information_hash_per_version"),
        ]

    def __str__(self):
        """Neutral on purpose: this text reaches logs and lists of this phone."""
        return self.number or str(_("LI without number"))

    @property
    def is_open(self):
        """Whether its author may still correct it."""
        return self.state in OPEN

    @property
    def is_numbered(self):
        return self.state in NUMBERED

    @property
    def value(self) -> str:
        """Letter and digit, as people write it: B2."""
        return f"{self.source_value}{self.content_value}"

    @property
    def source_name(self) -> str:
        """What the letter says of the source: its code name, never more."""
        return self.source_alias or NAMELESS

    def is_read_by(self, user) -> bool:
        """Whether the user reads it by a role, and not as its author."""
        return user.pk != self.author_id and user.scope.holds(INFORMATION_READERS, self.unit)

    @property
    def is_raised(self) -> bool:
        """Whether its author raised it from what somebody else reported, on a page and not on the phone."""
        return self.origin is not None and told_by_others(self.author_id).filter(uuid=self.origin).exists()

    def may_be_registered_by(self, user) -> bool:
        """Kanit Binmas; the own one alone where it was raised from a colleague's report: many a Polsek has one Kanit."""
        if self.state != InformationState.SUBMITTED or not user.scope.holds(REVIEWERS, self.unit):
            return False
        return user.pk != self.author_id or self.is_raised

    def may_be_returned_by(self, user) -> bool:
        return user.pk != self.author_id and self.may_be_registered_by(user)

    def may_be_valued_by(self, user) -> bool:
        return self.is_numbered and self._is_for(user, INTELLIGENCE)

    def may_be_disposed_by(self, user) -> bool:
        return self.is_numbered and self._is_for(user, DISPOSERS)

    def may_get_handler_from(self, user) -> bool:
        return self._is_for(user, INTELLIGENCE)

    def _is_for(self, user, roles) -> bool:
        """Nobody acts upon the own LI."""
        return user.pk != self.author_id and user.scope.holds(roles, self.unit)

    def register(self, by, classification: str, distribution, version: int) -> None:
        """Gives the next number of the unit's book and year. `version` is what the registrar read: a correction meanwhile is read first.

        Numbers have no gaps: who registers holds the unit until the number is stored, and what has a number is never deleted.
        """
        with self._moving(by, self.may_be_registered_by, version=version):
            registry = Unit.objects.select_for_update(no_key=True).get(pk=self._book_of(by).pk)
            day = registry.today()
            self.registry, self.year = registry, day.year
            self.sequence = 1 + (Information.objects.filter(registry=registry, year=day.year).aggregate(last=Max("sequence"))["last"] or 0)
            self.classification = classification
            self.number = registry.number_of(registry.information_pattern, GRADES[Classification(classification)], "LI", self.sequence, day)
            self.registered_by, self.registered_at, self.state = by, timezone.now(), InformationState.REGISTERED
            self.save()
            self.distribution.set(distribution)

    def announce(self) -> None:
        """Tells who gives the number that it waits, and nothing of what it says."""
        registrars = serving_at(self.unit, REVIEWERS).exclude(pk=self.author_id)
        Notification.objects.tell(registrars, Notification.Kind.LI, reverse("patrol:information_detail", args=[self.uuid]))

    def revise(self, by, told: dict, digest: str) -> None:
        """The next version of an LI that was written on a page, until it has its number."""
        with self._moving(by, lambda user: user.pk == self.author_id and self.is_open):
            for name, value in told.items():
                setattr(self, name, value)
            self.state, self.version, self.content_hashes = InformationState.SUBMITTED, self.version + 1, [*self.content_hashes, digest]
            self.save()

    def send_back(self, by, note: str, version: int) -> None:
        """Returns it to its author before it has a number. The note says what is missing."""
        if not note.strip():
            raise ValidationError({"note": _("Say what is missing: an LI is returned with a note.")})
        with self._moving(by, self.may_be_returned_by, version=version):
            self.state, self.return_note, self.returned_by, self.returned_at = InformationState.RETURNED, note, by, timezone.now()
            self.save()

    def rate(self, by, source_value: str, content_value: str, classification: str, distribution) -> None:
        """The value by Intelkam, who may also set classification and distribution anew. The number stays as it was given."""
        with self._moving(by, self.may_be_valued_by):
            self.source_value, self.content_value, self.classification = source_value, content_value, classification
            self.valued_by, self.valued_at = by, timezone.now()
            if self.state == InformationState.REGISTERED:
                self.state = InformationState.VALUED
            self.save()
            self.distribution.set(distribution)

    def dispose(self, by, text: str) -> None:
        """Adds a disposition: what is to be done and by whom."""
        with self._moving(by, self.may_be_disposed_by):
            Disposition.objects.create(information=self, by=by, text=text)
            self.state = InformationState.DISPOSED
            self.save()

    @contextlib.contextmanager
    def _moving(self, by, may, version=None):
        """This row as it stands now, held until the change is saved: whoever comes second is told, nothing is overwritten."""
        with transaction.atomic():
            Information.objects.select_for_update(no_key=True).get(pk=self.pk)
            self.refresh_from_db()
            if not may(by):
                raise ValidationError(_("This can't be done with this LI, or no longer: somebody may have been faster. Reload the page."))
            if version not in (None, self.version):
                raise ValidationError(_("The author has corrected this LI meanwhile. Please read it again."))
            yield

    def _book_of(self, user) -> Unit:
        """The nearest unit at which the registrar serves: a pospol's LI stands in the book of its Polsek."""
        paths = [path for path in user.scope.paths_as(REVIEWERS) if self.unit.path.startswith(path)]
        return Unit.objects.get(path=max(paths, key=len))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class InformationCopy(models.Model):
    """A unit to which a copy of one LI goes, on paper. It opens nothing in polmas: who reads an LI is decided by its own unit."""

    information = models.ForeignKey(Information, models.CASCADE, related_name="copies")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("copy of an LI")
        verbose_name_plural = _("copies of LI")
        constraints = [models.UniqueConstraint(fields=["information", "unit"], name="information_copy_once")]

    def __str__(self):
        return str(self.unit)


def only_added():
    """A trigger that lets rows be added and nothing else."""
    return pgtrigger.Protect(name="only_added", operation=pgtrigger.Update | pgtrigger.Delete)


class Disposition(models.Model):
    """What a superior decided upon one LI: who does what until when. Only ever added; a later one stands beside the earlier."""

    information = models.ForeignKey(Information, models.PROTECT, related_name="dispositions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    text = models.TextField(_("disposition"), max_length=2000)

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering = ["pk"]
        triggers = [only_added()]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="disposition_says_something")]

    def __str__(self):
        return f"{self.information} {self.at:%Y-%m-%d}"


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class InformationSource(models.Model):
    """Who stands behind the code name of one LI. Stored encrypted; opened by the author and by one handler, whom Intelkam names,
    each time with a reason that both can read. Without this row the source is nameless, and only the author knows."""

    information = models.OneToOneField(Information, models.CASCADE, related_name="source", primary_key=True)
    name = EncryptedCharField(_("true name"), max_length=120, blank=True)
    contact = EncryptedCharField(_("contact"), max_length=120, blank=True)
    note = EncryptedCharField(_("note on the source"), max_length=500, blank=True)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handler"))
    handler_named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    handler_named_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("source of an LI")
        verbose_name_plural = _("sources of LI")
        constraints = [
            models.CheckConstraint(
                condition=Q(handler=None, handler_named_by=None, handler_named_at=None)
                | Q(handler__isnull=False, handler_named_by__isnull=False, handler_named_at__isnull=False),
                name="information_handler_named_by_somebody",
            ),
        ]

    def __str__(self):
        return _("Source of %(information)s") % {"information": self.information}

    def may_be_opened_by(self, user) -> bool:
        """The author, and the handler as long as the LI is in the handler's sight."""
        return user.pk in (self.information.author_id, self.handler_id) and Information.objects.for_user(user).filter(pk=self.pk).exists()

    def may_be_handled_by(self):
        """People from among whom the one handler is named: who reads this LI by a role today, its author apart."""
        return serving_at(self.information.unit, INFORMATION_READERS).exclude(pk=self.information.author_id)

    def name_handler(self, by, handler) -> None:
        if not self.information.may_get_handler_from(by) or handler not in self.may_be_handled_by():
            raise ValidationError(_("Intelkam of the unit names the handler, from among those who read this LI."))
        self.handler, self.handler_named_by, self.handler_named_at = handler, by, timezone.now()
        self.save(update_fields=["handler", "handler_named_by", "handler_named_at"])

    def open(self, by, reason: str) -> None:
        """Writes down who opens it and why. Call before anything of the source is shown."""
        if not self.may_be_opened_by(by):
            raise ValidationError(_("Only the author and the named handler open a source."))
        if not reason.strip():
            raise ValidationError({"reason": _("Say why you open the source.")})
        SourceOpening.objects.create(source=self, by=by, reason=reason)


class SourceOpening(models.Model):
    """One opening of a sealed source: who, when, why. Only ever added; author and handler read it."""

    source = models.ForeignKey(InformationSource, models.PROTECT, related_name="openings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        ordering = ["-pk"]
        triggers = [only_added()]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="source_opening_has_reason")]

    def __str__(self):
        return f"{self.by_id} {self.at:%Y-%m-%d}"


class InformationAccess(models.Model):
    """That somebody else than its author read one LI, or that somebody printed it. Only ever added."""

    class Act(models.TextChoices):
        READ = "READ", _("opened")
        PRINT = "PRINT", _("printed")
        BOOK = "BOOK", _("printed in the book")

    information = models.ForeignKey(Information, models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    act = models.CharField(max_length=5, choices=Act)

    class Meta:
        ordering = ["-pk"]
        triggers = [only_added()]

    def __str__(self):
        return f"{self.user_id} {self.act} {self.information_id}"
