"""Groups that guard themselves and their neighbours (pengamanan swakarsa, seed 002), and who belongs to them."""

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import KeptEntry, kept
from polmas.people.fields import CodeField


@kept
class Group(KeptEntry):
    """One swakarsa group of a village: satpam of a firm, Linmas, Pokdar Kamtibmas, a school's patrol. Closed while it is not active."""

    SENT = ("name", "kind", "rw", "rt", "landmark")

    kind = CodeField(_("kind"), blank=False, code_list="SWAKARSA_KIND")
    name = models.CharField(_("name"), max_length=120)
    head = models.CharField(_("head of the group"), max_length=120, blank=True)
    member_count = models.PositiveIntegerField(_("members"), null=True, blank=True)
    confirmed_on = models.DateField(_("inaugurated on"), null=True, blank=True, help_text=_("Day of the pengukuhan."))
    card_number = models.CharField(_("number of the card (KTA)"), max_length=60, blank=True)

    class Meta(KeptEntry.Meta):
        verbose_name = _("swakarsa group")
        verbose_name_plural = _("swakarsa groups")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "name"])]


class GroupMemberQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(group__in=Group.objects.for_user(user))


@kept
class GroupMember(models.Model):
    """One person who belongs, or belonged, to a group: name and position, no NIK."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="members", verbose_name=_("swakarsa group"))
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=80, blank=True)
    card_number = models.CharField(_("number of the card (KTA)"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="group_member_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return self.name
