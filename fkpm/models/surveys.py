"""The yearly survey of a forum (SurveiFKPM, SurveiWarga: domain.md 4.5, 4.6): how safe people feel and whom they trust.

It is anonymous by what is stored, not by what is promised: no name, no address, no moment, no order of arrival, and the free
sentence lies apart from the numbers.
"""

import secrets
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Avg, Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import Forum
from fkpm.models.programme import FIRST_YEAR, LAST_YEAR

# Fewer answers say nothing in general and too much about single people.
FEWEST_ANSWERS = 5
# Letters and digits that nobody confuses on paper.
ALPHABET, CODE_LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 8
ITEMS = ("safety", "fear", "acquaintance", "trust", "satisfaction")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


class SurveyQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=Forum.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Survey(models.Model):
    """One survey of one forum in one year; whoever knows its code answers it between its days, without an account."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="surveys", verbose_name="FKPM")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)])
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"), help_text=_("The last day on which it is answered."))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "year"], name="survey_once_a_year", violation_error_message=_("This year already has its survey.")
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="survey_closes_after_opening",
                violation_error_message=_("The survey closes before it opens."),
            ),
            models.CheckConstraint(condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="survey_year_real"),
        ]

    def __str__(self):
        return f"{self.forum} {self.year}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.opens_on <= self.forum.unit.today() <= self.closes_on

    @property
    def is_over(self) -> bool:
        """For good: what is over does not open again, else the next answer could be read from the difference."""
        return self.closed_at is not None or self.closes_on < self.forum.unit.today()

    def close(self) -> None:
        """Ends it before its last day."""
        if self.is_over:
            raise ValidationError(_("This survey is over already."))
        self.closed_at = timezone.now()
        self.save(update_fields=["closed_at"])

    def results(self) -> dict | None:
        """Number of answers, mean and spread of each question; None while it is open or of fewer than five answers.

        While answers still come in, whoever looks before and after a neighbour has answered would read that one answer.
        """
        if not self.is_over:
            return None
        groups = dict(self.answers.order_by().values_list("group").annotate(n=Count("pk")))
        n = sum(groups.values())
        if n < FEWEST_ANSWERS:
            return None
        return {"n": n, "groups": self._by_group(groups), "items": {name: self._item(name) for name in ITEMS}}

    def _item(self, name) -> dict:
        spread = dict(self.answers.order_by().values_list(name).annotate(n=Count("pk")))
        answered = sum(count for value, count in spread.items() if value)
        mean = sum(value * count for value, count in spread.items() if value) / answered if answered >= FEWEST_ANSWERS else None
        return {"n": answered, "mean": mean, "spread": [spread.get(value, 0) for value in range(1, 6)] if mean is not None else []}

    def _by_group(self, groups) -> dict:
        """Means of members and residents apart, where enough of each group answered; else nothing, since the rest could be reckoned."""
        told = {group: n for group, n in groups.items() if n}
        if len(told) < 2 or min(told.values()) < FEWEST_ANSWERS:
            return {}
        answered = {group: self.answers.filter(group=group).aggregate(**{name: Count(name) for name in ITEMS}) for group in told}
        means = {name: Avg(name) for name in ITEMS if min(counts[name] for counts in answered.values()) >= FEWEST_ANSWERS}
        return {group: {"n": n, **dict.fromkeys(ITEMS), **self.answers.filter(group=group).aggregate(**means)} for group, n in told.items()}


class SurveyAnswer(models.Model):
    """One filled-in survey. Its key is drawn by lot, so that no row tells when it came; nothing in it can be changed."""

    class Group(models.TextChoices):
        WARGA = "WARGA", _("resident")
        ANGGOTA = "ANGGOTA", _("member of the forum")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers", verbose_name=_("survey"))
    group = models.CharField(_("you are"), max_length=7, choices=Group, default=Group.WARGA)
    safety = models.PositiveSmallIntegerField(_("How safe do you feel where you live?"), null=True, blank=True)
    fear = models.PositiveSmallIntegerField(_("How often are you afraid of crime?"), null=True, blank=True)
    acquaintance = models.PositiveSmallIntegerField(_("How well do you know the Bhabinkamtibmas of your village?"), null=True, blank=True)
    trust = models.PositiveSmallIntegerField(_("How much do you trust the police and the FKPM here?"), null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("How content are you with what they do?"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            *(
                models.CheckConstraint(condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 5)}), name=f"survey_{name}_1_to_5")
                for name in ITEMS
            ),
            models.CheckConstraint(
                condition=Q(safety__isnull=False)
                | Q(fear__isnull=False)
                | Q(acquaintance__isnull=False)
                | Q(trust__isnull=False)
                | Q(satisfaction__isnull=False),
                name="survey_answer_says_something",
                violation_error_message=_("Answer one question at least."),
            ),
            models.CheckConstraint(condition=Q(group__in=["WARGA", "ANGGOTA"]), name="survey_group_known"),
        ]

    def __str__(self):
        return str(self.pk)


class SurveyRemarkQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(survey__in=Survey.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class SurveyRemark(models.Model):
    """One free sentence of a survey. Members see it once the board has looked: a sentence can name a neighbour."""

    class State(models.TextChoices):
        MENUNGGU = "MENUNGGU", _("waiting to be read")
        TAMPIL = "TAMPIL", _("shown to members")
        DITAHAN = "DITAHAN", _("held back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="remarks", verbose_name=_("survey"))
    text = models.CharField(_("one sentence, if you like"), max_length=300)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.MENUNGGU)
    looked_at_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    objects = SurveyRemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="MENUNGGU", looked_at_by__isnull=True) | Q(state__in=["TAMPIL", "DITAHAN"], looked_at_by__isnull=False),
                name="remark_state_has_reader",
            )
        ]

    def __str__(self):
        return self.text

    def look(self, by, state: str) -> None:
        """The board shows it or holds it back."""
        self.state, self.looked_at_by = state, by
        self.save(update_fields=["state", "looked_at_by"])
