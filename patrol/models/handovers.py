"""Serah terima: what an officer who moves hands over to the successor."""

import hashlib
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm.cases import pass_on
from mapping.models import Area
from patrol.models.informations import serving_at
from polmas.people.models import Notification, Unit
from polmas.people.models.absences import KEEPERS
from polmas.people.scope import REVIEWERS, in_subtrees


class HandoverQuerySet(models.QuerySet):
    def for_user(self, user):
        """Both officers as long as they serve, and those who read the unit whole."""
        scope = user.scope
        parties = Q(from_user=user) | Q(to_user=user) if scope.is_police else Q(pk__in=[])
        return self.filter(parties | in_subtrees("unit__path", scope.whole_paths))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Handover(models.Model):
    """One officer's villages given into another's hands, with a picture of that day: what is open, due and worth knowing.

    The picture is taken when it starts and can be taken anew until the successor accepts; then it is locked, by a trigger too.
    Laporan informasi are never in it.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="handovers", verbose_name=_("unit"))
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers_given", verbose_name=_("hands over"))
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers_taken", verbose_name=_("takes over"))
    areas = models.ManyToManyField(Area, related_name="handovers", verbose_name=_("villages"))
    note = models.TextField(_("what the successor should know"), max_length=4000, blank=True)
    snapshot = models.JSONField(default=dict)
    taken_at = models.DateTimeField(_("as of"), default=timezone.now)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("started by"))
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["unit", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_user=F("to_user")),
                name="handover_between_two",
                violation_error_message=_("Nobody hands over to themselves."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="locked_when_accepted",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__accepted_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.from_user} → {self.to_user}"

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None

    @property
    def version(self) -> str:
        """Names the picture and the note as somebody read them."""
        return hashlib.sha256(f"{self.taken_at.isoformat()} {self.note}".encode()).hexdigest()[:16]

    def may_change(self, user) -> bool:
        """Until it is accepted: who hands over, Kanit Binmas and the operator."""
        return not self.is_accepted and (user.pk == self.from_user_id or user.scope.holds(KEEPERS, self.unit))

    @property
    def path(self) -> str:
        return reverse("patrol:handover_detail", args=[self.uuid])

    def announce(self, by) -> None:
        """Tells who is to read it that it is made: the successor, the predecessor where somebody else made it, and Kanit Binmas."""
        told = {"by": self.from_user.full_name, "to": self.to_user.full_name, "what": self._villages()}
        Notification.objects.tell({self.to_user_id} - {by.pk}, Notification.Kind.HANDOVER, self.path, **told)
        Notification.objects.tell((self._watching() | {self.from_user_id}) - {by.pk}, Notification.Kind.HANDING_OVER, self.path, **told)

    def _villages(self) -> str:
        return ", ".join(self.areas.order_by("code").values_list("name", flat=True))

    def _watching(self) -> set[int]:
        """Kanit Binmas of the unit, where they are not a party themselves."""
        kanit = serving_at(self.unit, REVIEWERS).values_list("pk", flat=True)
        return set(kanit) - {self.from_user_id, self.to_user_id}

    def accept(self, by, seen: str) -> None:
        """The successor takes over what was read; a picture taken anew since is read first."""
        with transaction.atomic():
            stored = Handover.objects.select_for_update().get(pk=self.pk)
            if by.pk != stored.to_user_id or stored.is_accepted:
                raise ValidationError(_("This handover can't be accepted, or no longer."))
            if seen != stored.version:
                raise ValidationError(_("The handover changed since you opened the page. Please read again and accept then."))
            self.accepted_at = timezone.now()
            self.save(update_fields=["accepted_at"])
            held = self.areas.values("pk")
            villages = Area.objects.filter(Q(pk__in=held) | Q(parent__in=held) | Q(parent__parent__in=held))
            pass_on(villages, self.unit, self.from_user, self.to_user)
            told = self._watching() | {self.from_user_id, self.started_by_id}
            Notification.objects.tell(told - {by.pk}, Notification.Kind.TAKEN_OVER, self.path, by=by.full_name, what=self._villages())
