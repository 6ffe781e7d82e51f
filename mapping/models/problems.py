"""Problems of a village (masalah): what, where and when, why there, who can help, and what was done about it (domain.md 4.3)."""

import datetime
import re
import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry, Point
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models.areas import Area
from mapping.models.beats import held_villages
from mapping.models.matters import Field, Phase
from mapping.models.partners import Partner
from mapping.models.places import PoliceFunction, Weekday
from polmas.people.fields import CodeField
from polmas.people.models import Code, Unit
from polmas.people.models.marks import day_there, marks_days
from polmas.people.scope import INFORMATION_READERS, LEADERS_POLRES, LEADERS_POLSEK, REVIEWERS, in_subtrees

# Confidential ones are for those who also read the Laporan Informasi of the unit, for whoever recorded them and who is to solve them.
TRUSTED = INFORMATION_READERS
LEADERS = LEADERS_POLSEK | LEADERS_POLRES | REVIEWERS
EARLIEST = datetime.date(2000, 1, 1)  # what is told of an earlier day is a slip of the keys
RECURS_WITHIN = datetime.timedelta(days=365)

TOO_FAR_BACK = _("This day lies too far back.")

# A record about a group tells what happened. These words tell what people believe or are, which nobody is recorded for.
BELIEF = re.compile(
    r"\b(kafir|sesat|ajaran|penganut|pemeluk|keyakinan|akidah|aqidah|sekte|mazhab|radikal|intoleran|ateis|komunis"
    r"|aliran (?:kepercayaan|keagamaan|agama)|agamanya|sukunya|bersuku|beragama)\b",
    re.IGNORECASE,
)


class ProblemClass(models.TextChoices):
    """The classes of domain.md 3.11; LINGKUNGAN are the "broken windows" that invite worse."""

    LOKASI_RAWAN = "LOKASI_RAWAN", _("vulnerable place")
    KONFLIK = "KONFLIK", _("conflict")
    PENYAKIT_MASYARAKAT = "PENYAKIT_MASYARAKAT", _("social ill")
    LINGKUNGAN = "LINGKUNGAN", _("surroundings (broken windows)")
    KELOMPOK = "KELOMPOK", _("event of a group")


class Grade(models.TextChoices):
    """How far it is from a disturbance; each grade has its way of handling: preemtif, preventif, represif (domain.md 3.8)."""

    PG = "PG", _("PG · potential disturbance, handled preemptively")
    AG = "AG", _("AG · on the brink, handled preventively")
    GN = "GN", _("GN · disturbance, handled repressively")


class Vulnerability(models.TextChoices):
    KURANG_RAWAN = "KURANG_RAWAN", _("less vulnerable")
    RAWAN = "RAWAN", _("vulnerable")
    SANGAT_RAWAN = "SANGAT_RAWAN", _("very vulnerable")


class ProblemStatus(models.TextChoices):
    TERPETAKAN = "TERPETAKAN", pgettext_lazy("problem", "mapped")
    DITANGANI = "DITANGANI", pgettext_lazy("problem", "being handled")
    SELESAI = "SELESAI", pgettext_lazy("problem", "solved")
    BERULANG = "BERULANG", pgettext_lazy("problem", "recurring")


COUNTED_BY = ("unit_id", "klass", "status", "solved_on", "is_confidential")
OPEN = (ProblemStatus.TERPETAKAN, ProblemStatus.DITANGANI, ProblemStatus.BERULANG)


class Stage(models.TextChoices):
    """The four stages of problem-oriented policing: scanning, analysis, response and assessment."""

    KENALI = "KENALI", _("Scan")
    TELAAH = "TELAAH", _("Analyse")
    TANGANI = "TANGANI", _("Respond")
    NILAI = "NILAI", _("Assess")


def _of_units(paths) -> Q:
    """Rows of the units of some subtrees."""
    return Q(unit__in=Unit.objects.filter(in_subtrees("path", paths)).order_by().values("pk"))


class WithinMetres(Func):
    """Whether two geometries lie within so many metres of each other; those that overlap do."""

    function = "ST_DWithin"
    output_field = BooleanField()


def within_metres(column: F, shape: GEOSGeometry, metres: float) -> WithinMetres:
    on_earth = models.GeometryField(srid=4326, geography=True)
    return WithinMetres(Cast(column, on_earth), Cast(Value(shape, models.GeometryField(srid=4326)), on_earth), metres)


class ProblemQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the villages held today and of the units read whole, and what one is to solve. Confidential ones are read by leaders,
        Kanit Binmas and Intelkam, and by who recorded them or is to solve them.

        Each is asked alone, so that an index finds its rows: one condition of all of them reads the whole table.
        """
        scope = user.scope
        if not scope.is_police:
            return self.none()
        ways = [_of_units(scope.whole_paths)]
        if scope.is_officer:
            held = held_villages(user)
            across = Problem.areas.through.objects.filter(area__in=held).values("problem")
            ways += [Q(area__in=held), Q(pk__in=across)]
        told = Q(is_confidential=False) | Q(recorded_by=user)
        ways = [*(way & told for way in ways), _of_units(scope.paths_as(TRUSTED)), Q(responsible=user)]
        first, *others = (Problem.objects.order_by().filter(way).values("pk") for way in ways)
        return self.filter(pk__in=first.union(*others))

    def open(self):
        return self.filter(status__in=OPEN)

    def overdue(self, day: datetime.date):
        return self.open().filter(target_on__lt=day)

    def across(self):
        """Those that reach beyond one village."""
        return self.filter(Exists(Problem.areas.through.objects.filter(problem=OuterRef("pk"))))

    def recurring_with(self, problem):
        """Solved within the last year, of the same kind, and within some metres of this one or overlapping it; without a place, in the
        same village. The nearest in time first."""
        since = timezone.localdate() - RECURS_WITHIN
        solved = self.filter(kind=problem.kind, status=ProblemStatus.SELESAI, solved_on__gte=since).exclude(pk=problem.pk)
        if problem.shape is None:
            return solved.filter(area=problem.area_id, shape__isnull=True).order_by("-solved_on", "-pk")
        metres = settings.PROBLEM_RECURRENCE_METRES
        near = within_metres(F("shape"), problem.shape, metres)
        box = boxed(problem.shape, metres)
        return solved.filter(near, shape__bboverlaps=box).order_by("-solved_on", "-pk")


def boxed(shape: GEOSGeometry, metres: float) -> GEOSGeometry:
    """The box round a shape with so many metres to spare, by which the index finds what may be near. Wide enough up to ten degrees from
    the equator, where all of Indonesia lies."""
    box = shape.envelope.buffer(metres / 108_000, quadsegs=1).envelope
    box.srid = 4326
    return box


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Problem(models.Model):
    """One problem of a village that police and residents work on: a place where motorcycles vanish, a quarrel over land, a dark street.

    It lies at a point, within an outline, or nowhere exactly; `location` is a point of it for maps, kept by `save`. A problem of a
    group tells an event, never what people believe.
    """

    # What follows from the kind, the village and the place.
    FOLLOWING: ClassVar[tuple[str, ...]] = ("klass", "unit", "location", "updated_at")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="problems", verbose_name=_("village"))
    areas = models.ManyToManyField(Area, blank=True, related_name="+", verbose_name=_("other villages that it reaches"))
    klass = models.CharField(_("class"), max_length=20, choices=ProblemClass)
    kind = CodeField(_("kind"), blank=False, code_list="PROBLEM_KIND")
    field = models.CharField(_("field"), max_length=12, choices=Field, blank=True)
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("what happens there"), max_length=4000, blank=True)
    happened_on = models.DateField(_("day of the event"), null=True, blank=True)
    impact = models.TextField(_("impact"), max_length=2000, blank=True)
    root_cause = models.TextField(_("root cause"), max_length=2000, blank=True)
    prediction = models.TextField(_("prediction"), max_length=2000, blank=True)
    plan = models.TextField(_("action plan"), max_length=2000, blank=True)
    grade = models.CharField(_("grade"), max_length=2, choices=Grade, default=Grade.PG)
    vulnerability = models.CharField(_("vulnerability"), max_length=12, choices=Vulnerability, blank=True)
    hour_from = models.TimeField(_("from hour"), null=True, blank=True)
    hour_to = models.TimeField(_("to hour"), null=True, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(choices=Weekday), verbose_name=_("days"), default=list, blank=True)
    shape = models.GeometryField(_("place on the map"), srid=4326, null=True, blank=True)
    location = models.PointField(_("a point of it"), srid=4326, null=True, blank=True, editable=False)
    functions = ArrayField(models.CharField(max_length=8, choices=PoliceFunction), verbose_name=_("functions concerned"), default=list, blank=True)
    partners = models.ManyToManyField(Partner, blank=True, related_name="problems", verbose_name=_("partners concerned"))
    stakeholders = models.CharField(_("others concerned"), max_length=500, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="problems", verbose_name=_("responsible")
    )
    target_on = models.DateField(_("to be solved until"), null=True, blank=True)
    phase = models.CharField(_("phase"), max_length=5, choices=Phase, default=Phase.PRA, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=ProblemStatus, default=ProblemStatus.TERPETAKAN, editable=False)
    solved_on = models.DateField(_("solved on"), null=True, blank=True, editable=False)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True, editable=False)
    recurs = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="recurrences", verbose_name=_("returns after"))
    is_confidential = models.BooleanField(_("confidential"), default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("recorded by"))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["-created_at", "-pk"]
        triggers = [
            marks_days(
                "{row}.unit_id",
                [day_there("{row}.created_at"), "{row}.solved_on"],
                ["unit_id", "klass", "field", "grade", "status", "solved_on", "is_confidential"],
            )
        ]
        indexes = [
            models.Index(fields=["unit", "status"]),
            models.Index(fields=["area", "status"]),
            models.Index(fields=["unit"], include=["klass", "created_at"], condition=Q(status__in=OPEN, is_confidential=False), name="problem_open"),
            models.Index(fields=["responsible", "status"], condition=Q(responsible__isnull=False), name="problem_of_responsible"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(klass__in=ProblemClass.values), name="problem_class_known"),
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="problem_grade_known"),
            models.CheckConstraint(condition=Q(field__in=["", *Field.values]), name="problem_field_known"),
            models.CheckConstraint(condition=Q(vulnerability__in=["", *Vulnerability.values]), name="problem_vulnerability_known"),
            models.CheckConstraint(condition=Q(status__in=ProblemStatus.values) & Q(phase__in=Phase.values), name="problem_status_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(kind=""), name="problem_has_what_it_must"),
            models.CheckConstraint(condition=Q(weekdays__contained_by=Weekday.values), name="problem_weekdays_known"),
            models.CheckConstraint(condition=Q(functions__contained_by=PoliceFunction.values), name="problem_functions_known"),
            models.CheckConstraint(
                condition=Q(hour_from__isnull=True, hour_to__isnull=True) | Q(hour_from__isnull=False, hour_to__isnull=False),
                name="problem_hours_both",
                violation_error_message=_("Give both hours, or neither."),
            ),
            models.CheckConstraint(
                condition=~Q(klass="KELOMPOK") | Q(happened_on__isnull=False),
                name="problem_of_group_is_event",
                violation_error_message=_("A problem of a group is an event: say on which day it happened."),
            ),
            models.CheckConstraint(
                condition=Q(status="SELESAI", solved_on__isnull=False) | (~Q(status="SELESAI") & Q(solved_on__isnull=True)),
                name="problem_solved_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(shape__isnull=True, location__isnull=True) | Q(shape__isnull=False, location__isnull=False), name="problem_point_of_shape"
            ),
            models.CheckConstraint(condition=Q(recurs__isnull=True) | ~Q(recurs=F("pk")), name="problem_recurs_after_another"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.location = point_in(self.shape)
        super().save(*args, **kwargs)

    def clean(self):
        self.location = point_in(self.shape)
        errors: dict[str, object] = {}
        if self.title and not self.title.strip():
            errors["title"] = _("Name the problem in a few words.")
        if self.happened_on and self.happened_on > timezone.localdate():
            errors["happened_on"] = _("This day has not come yet.")
        errors |= {name: TOO_FAR_BACK for name in ("happened_on", "target_on") if (day := getattr(self, name)) and day < EARLIEST}
        if self.klass == ProblemClass.KELOMPOK and not self.happened_on:
            errors["happened_on"] = _("A problem of a group is an event: say on which day it happened.")
        if self.klass == ProblemClass.KELOMPOK:
            errors |= self._about_belief()
        if errors:
            raise ValidationError(errors)

    def _about_belief(self) -> dict[str, object]:
        """Words about what people believe or are, where a group's event is told."""
        found = {name: BELIEF.search(getattr(self, name)) for name in ("title", "description", "root_cause", "impact", "prediction")}
        refusal = _("Tell what happened, not what people believe or are. Leave out: %(word)s.")
        return {name: refusal % {"word": match.group()} for name, match in found.items() if match}

    def classify(self) -> None:
        """Puts it into the class that its kind has on the list today; later changes of the list leave it there."""
        groups = Code.objects.of("PROBLEM_KIND", timezone.localdate()).filter(code=self.kind).values_list("group", flat=True)
        self.klass = next((group for group in groups if group in ProblemClass.values), "")
        if not self.klass:
            raise ValidationError({"kind": _("This kind is not on the list, or has no class there.")})

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_overdue_on(self, day: datetime.date) -> bool:
        return self.is_open and self.target_on is not None and self.target_on < day

    @property
    def weekday_labels(self) -> list[str]:
        return [str(Weekday(day).label) for day in sorted(self.weekdays)]

    @property
    def function_labels(self) -> list[str]:
        return [str(PoliceFunction(name).label) for name in self.functions]

    def may_be_kept_by(self, user) -> bool:
        """Kanit Binmas and leaders of the unit, and whoever holds one of its villages today."""
        if user.scope.holds(LEADERS, self.unit):
            return True
        if not user.scope.is_officer:
            return False
        is_held = held_villages(user).filter(pk=self.area_id).exists()
        return is_held and (not self.is_confidential or self.recorded_by_id == user.pk)

    def may_be_marked_by(self, user) -> bool:
        """Only who will read it afterwards makes it confidential, or open again."""
        return self.recorded_by_id == user.pk or user.scope.holds(TRUSTED, self.unit)

    def may_be_worked_on_by(self, user) -> bool:
        """Who adds to its course: those who keep it, and who is to solve it."""
        return (user.scope.is_police and user.pk == self.responsible_id) or self.may_be_kept_by(user)

    def may_be_closed_by(self, user) -> bool:
        return user.scope.holds(LEADERS, self.unit) or (user.scope.is_police and user.pk == self.responsible_id)

    def add_step(self, by, stage, text: str, **told) -> "ProblemStep":
        """Puts a step into its course. The first response makes a mapped problem one that is handled."""
        with transaction.atomic():
            step = ProblemStep(problem=self, stage=stage, text=text, recorded_by=by, **({"day": self.unit.today()} | told))
            step.full_clean(exclude=["problem"])
            step.save()
            changes = {"phase": self.steps.values_list("phase", flat=True)[0]}
            if stage == Stage.TANGANI and self.status == ProblemStatus.TERPETAKAN:
                changes["status"] = ProblemStatus.DITANGANI
            self._move(OPEN, **changes)
        return step

    def respond(self, by, text: str, **told) -> "ProblemStep":
        """Says what is done about it; from here on it is being handled."""
        with transaction.atomic():
            step = self.add_step(by, Stage.TANGANI, text, **told)
            self._move(OPEN, status=ProblemStatus.DITANGANI)
        return step

    def close(self, by, outcome: str):
        """Solved. What was done must have been assessed first."""
        if not outcome.strip():
            raise ValidationError({"outcome": _("Say what came of it.")})
        if not self.steps.filter(stage=Stage.NILAI).exists():
            raise ValidationError(_("Assess first what came of the measures: add a step Nilai, then close."))
        self._move(OPEN, status=ProblemStatus.SELESAI, solved_on=self.unit.today(), outcome=outcome)

    def reopen(self, by, reason: str):
        """It came back: the course goes on with the reason."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say why the problem is opened again.")})
        with transaction.atomic():
            self._move((ProblemStatus.SELESAI,), status=ProblemStatus.BERULANG, solved_on=None)
            self.add_step(by, Stage.KENALI, reason)

    def _move(self, allowed, **changes):
        """Changes the problem if its status is still one of those allowed: whoever comes second is told."""
        with transaction.atomic():
            if not Problem.objects.filter(pk=self.pk, status__in=allowed).update(updated_at=timezone.now(), **changes):
                raise ValidationError(_("Somebody changed this problem meanwhile. Reload the page."))
        for name, value in changes.items():
            setattr(self, name, value)


def point_in(shape: GEOSGeometry | None) -> Point | None:
    """A point that surely lies within a shape."""
    if shape is None or isinstance(shape, Point):
        return shape
    point = shape.point_on_surface
    point.srid = shape.srid
    return point


class ProblemStepQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(problem__in=Problem.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ProblemStep(models.Model):
    """One step in the course of a problem: what was seen, understood, done or assessed, before, during or after it; where something was
    counted, the number before and after."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="steps", verbose_name=_("problem"))
    stage = models.CharField(_("stage"), max_length=7, choices=Stage)
    phase = models.CharField(_("phase"), max_length=5, choices=Phase, default=Phase.PRA)
    day = models.DateField(_("day"))
    text = models.TextField(_("what was done or found"), max_length=2000)
    measure = models.CharField(_("what was counted"), max_length=120, blank=True)
    count_before = models.PositiveIntegerField(_("before"), null=True, blank=True)
    count_after = models.PositiveIntegerField(_("after"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("recorded by"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProblemStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a problem")
        verbose_name_plural = _("steps of problems")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["problem", "-day"])]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values) & Q(phase__in=Phase.values), name="problem_step_known"),
            models.CheckConstraint(condition=~Q(text=""), name="problem_step_says_something"),
            models.CheckConstraint(
                condition=~Q(measure="") | Q(count_before__isnull=True, count_after__isnull=True),
                name="problem_step_count_of_something",
                violation_error_message=_("Say what was counted."),
            ),
        ]

    def __str__(self):
        return f"{self.get_stage_display()} {self.day:%Y-%m-%d}"

    def clean(self):
        if self.text and not self.text.strip():
            raise ValidationError({"text": _("One sentence, please.")})
        if self.day and self.day > timezone.localdate():
            raise ValidationError({"day": _("This day has not come yet.")})
        if self.day and self.day < EARLIEST:
            raise ValidationError({"day": TOO_FAR_BACK})
