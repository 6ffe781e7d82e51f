"""Cases handed over to a unit: what may not be settled by the officer, or could not."""

import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.models.cases import Case
from fkpm.models.eligibility import Target
from polmas.people.models import Posting, Unit
from polmas.people.scope import SPKT

ASSIGNABLE = frozenset({"kanit_lain"})


def serving_on(day: datetime.date):
    """Posts of Kanit to whom a case may be handed by name."""
    return Posting.objects.on(day).filter(role__in=ASSIGNABLE, user__is_active=True)


def _units_as(user, roles) -> list[int]:
    return [unit for role, _path, unit in user.scope.posts if role in roles]


class ReferralQuerySet(models.QuerySet):
    def handed_to(self, user):
        """Those that name the user as Kanit of another function there, and those that stand at the user's counter: without a Kanit, or once
        the one who was named serves there no more, the SPKT of the unit has them (domain.md 2.7)."""
        serving, counters = _units_as(user, ASSIGNABLE), _units_as(user, SPKT)
        unnamed = Q(person=None) | ~Exists(serving_on(timezone.localdate()).filter(user=OuterRef("person"), unit=OuterRef("unit")))
        return self.standing().filter(Q(person=user, unit__in=serving) | (Q(unit__in=counters) & unnamed))

    def standing(self):
        return self.exclude(state__in=[CaseReferral.State.RETURNED, CaseReferral.State.WITHDRAWN])

    def waiting(self):
        """Nobody has accepted them yet."""
        return self.filter(state=CaseReferral.State.SENT)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class CaseReferral(models.Model):
    """One case in the hands of another unit: sent, accepted or given back, and what came of it there. polmas does not lead the case itself."""

    class State(models.TextChoices):
        SENT = "SENT", _("sent, not accepted yet")
        ACCEPTED = "ACCEPTED", _("accepted")
        REPORTED = "REPORTED", _("result reported")
        RETURNED = "RETURNED", _("given back")
        WITHDRAWN = "WITHDRAWN", _("taken back by the officer")

    case = models.ForeignKey(Case, models.CASCADE, related_name="referrals", verbose_name=_("case"))
    target = models.CharField(_("goes to"), max_length=8, choices=Target, default=Target.SPKT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="referred_cases", verbose_name=_("Kanit who takes it")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.SENT)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    number = models.CharField(_("number of the police report"), max_length=80, blank=True)
    result = models.TextField(_("what came of it"), max_length=2000, blank=True)
    result_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("handing over of a case")
        verbose_name_plural = _("handings over of cases")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["unit", "state"]),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="referral_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["SENT", "ACCEPTED", "REPORTED"]),
                name="case_referred_once_at_a_time",
                violation_error_message=_("The case lies with a unit already."),
            ),
            models.CheckConstraint(condition=Q(target__in=Target.values), name="referral_target_known"),
            models.CheckConstraint(
                condition=Q(state__in=["SENT", "WITHDRAWN"]) | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="referral_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["REPORTED", "RETURNED"]) | ~Q(result=""),
                name="referral_says_what_came_of_it",
                violation_error_message=_("Say what came of it."),
            ),
        ]

    def __str__(self):
        return f"{self.get_target_display()} {self.unit}"

    @property
    def has_person(self) -> bool:
        """Whether the Kanit named still serves at the unit."""
        return self.person_id is not None and serving_on(self.unit.today()).filter(user=self.person_id, unit=self.unit_id).exists()

    def is_handed_to(self, user) -> bool:
        """Whether the user answers for it: the Kanit named, or the counter of the unit."""
        if self.has_person:
            return self.person_id == user.pk
        return self.unit_id in _units_as(user, SPKT)
