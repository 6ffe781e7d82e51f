"""What may be settled between people, and what has to go to a unit: rules with the days on which they hold."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Answer(models.TextChoices):
    YA = "YA", _("yes")
    TIDAK = "TIDAK", _("no")


class Question(models.TextChoices):
    """The three questions after the story, by the columns of a case that hold their answers."""

    GRAVE = "grave", _("Did somebody die, or was somebody seriously hurt or sexually harmed?")
    CHILD_CRIME = "child_crime", _("Is a child (below 18) suspected of a crime, or the victim of one?")
    UNREST = "unrest", _("Does it stir unrest among residents, or was the accused sentenced before, as far as you know?")


class Target(models.TextChoices):
    """To what kind of unit a case is handed."""

    SPKT = "SPKT", "SPKT"
    RESKRIM = "RESKRIM", "Reskrim"
    PPA = "PPA", "PPA"
    NARKOBA = "NARKOBA", "Resnarkoba"
    LANTAS = "LANTAS", "Lantas"
    INTELKAM = "INTELKAM", "Intelkam"


class EligibilityRule(models.Model):
    """One rule on what may be settled in problem solving, in force on a span of days (domain.md 2.7; Perpol 8/2021, UU 11/2012, UU 12/2022,
    UU 1/2023, UU 20/2025, PERMA 2/2012).

    A table and not code, since laws change while polmas runs: an administrator ends a rule with a day and adds the next one. Of the rules
    that fit a case the first by `order` decides.
    """

    class Effect(models.TextChoices):
        REFER = "REFER", _("hand over to a unit")
        GUIDE = "GUIDE", _("guidance with parents or school, initials only")

    code = models.CharField(_("code"), max_length=30)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    categories = ArrayField(models.CharField(max_length=40), verbose_name=_("categories"), default=list, blank=True, help_text=_("Empty: all."))
    question = models.CharField(
        _("question answered with yes"), max_length=11, choices=Question, blank=True, help_text=_("Empty: whatever is answered.")
    )
    effect = models.CharField(_("effect"), max_length=5, choices=Effect, default=Effect.REFER)
    target = models.CharField(_("goes to"), max_length=8, choices=Target, blank=True)
    text_id = models.CharField(_("text in Indonesian"), max_length=300)
    text_en = models.CharField(_("text in English"), max_length=300)
    source = models.CharField(_("source"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("rule on eligibility")
        verbose_name_plural = _("rules on eligibility")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="eligibility_rule_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="eligibility_rule_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=(Q(effect="REFER") & ~Q(target="")) | Q(effect="GUIDE", target=""),
                name="eligibility_rule_names_its_unit",
                violation_error_message=_("A rule that hands over names the unit; guidance names none."),
            ),
            models.CheckConstraint(condition=Q(question__in=["", *Question.values]), name="eligibility_rule_question_known"),
            models.CheckConstraint(condition=Q(target__in=["", *Target.values]), name="eligibility_rule_target_known"),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "id").startswith("en") else self.text_id
