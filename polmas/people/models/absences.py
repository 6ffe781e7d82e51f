"""Days on which somebody is not on duty at the own post, and who stands in."""

import datetime
from collections.abc import Iterable
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from polmas.people.models.units import Unit
from polmas.people.scope import REVIEWERS, in_subtrees, on_day

# Who keeps the calendar of a unit: Kanit Binmas and the operators (architecture.md 6a).
KEEPERS = REVIEWERS | {"operator_polsek", "operator_polres"}


class AbsenceKind(models.TextChoices):
    CUTI = "CUTI", _("leave")
    SAKIT = "SAKIT", _("sick")
    BKO = "BKO", _("BKO (assigned elsewhere)")
    DIKJUR = "DIKJUR", _("dikjur (training)")
    PIKET = "PIKET", "piket"
    LAINNYA = "LAINNYA", _("other")


# Piket is service at the unit: somebody on piket can't walk the village, but is present and counts so in targets and clusters.
PRESENT_KINDS = frozenset({AbsenceKind.PIKET})


class AbsenceQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own, those in which one stands in, and those of the units read whole."""
        return self.filter(Q(user=user) | Q(substitute=user) | in_subtrees("unit__path", user.scope.whole_paths))

    def on(self, day: datetime.date):
        return self.filter(on_day(day))

    def between(self, first: datetime.date, last: datetime.date):
        """Absences of which at least one day lies in the span."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Absence(models.Model):
    """One person's days away from the own post, first and last day included; somebody may stand in for them.

    The unit is the one whose calendar carries it: where the person served when it was recorded.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="absences", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=8, choices=AbsenceKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="substitutions", verbose_name=_("substitute")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["unit", "ends_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AbsenceKind.values), name="absence_kind_known"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("user")),
                name="absence_substitute_is_another",
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (Func(F("starts_on"), F("ends_on"), Value("[]"), function="DATERANGE", output_field=DateRangeField()), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("In that time another absence of this person is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.get_kind_display()}"

    def clean(self):
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day lies before the first.")})

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def is_on(self, day: datetime.date) -> bool:
        return self.starts_on <= day <= self.ends_on


PRESENT_DAYS = """
    WITH span AS (SELECT daterange(%(first)s, %(last)s, '[]') AS whole),
    served AS (
        SELECT user_id, range_agg(daterange(starts_on, ends_on, '[]')) AS days FROM people_posting
        WHERE user_id = ANY(%(ids)s) AND starts_on <= %(last)s AND (ends_on IS NULL OR ends_on >= %(first)s)
          AND (%(roles)s::text[] IS NULL OR role = ANY(%(roles)s)) GROUP BY user_id
    ),
    away AS (
        SELECT user_id, range_agg(daterange(starts_on, ends_on, '[]')) AS days FROM people_absence
        WHERE user_id = ANY(%(ids)s) AND starts_on <= %(last)s AND ends_on >= %(first)s AND NOT kind = ANY(%(present)s) GROUP BY user_id
    )
    SELECT served.user_id, sum(upper(part) - lower(part))::int
    FROM served LEFT JOIN away USING (user_id) CROSS JOIN span
    CROSS JOIN LATERAL unnest(served.days * span.whole::datemultirange - coalesce(away.days, '{}'::datemultirange)) AS part
    GROUP BY served.user_id
"""


def present_days(users: Iterable, first: datetime.date, last: datetime.date, roles: Iterable[str] | None = None) -> dict[int, int]:
    """On how many days of a span, both ends included, each person was on duty: days of a posting minus days of absence.

    `users` are users or their ids; with `roles` only postings in these count. Days of two postings at once count once, piket
    counts as present. One statement whatever the number; everybody asked for is in the answer, with 0 where there was no such day.
    """
    days = {getattr(user, "pk", user): 0 for user in users}
    if not days or last < first:
        return days
    asked: dict[str, Any] = {
        "ids": list(days),
        "first": first,
        "last": last,
        "roles": None if roles is None else [str(role) for role in roles],
        "present": [str(kind) for kind in PRESENT_KINDS],
    }
    with connection.cursor() as cursor:
        cursor.execute(PRESENT_DAYS, asked)
        return days | dict(cursor.fetchall())
