"""Potentials of a village: places, activities and goods that matter for its order. People stand in the register of tokoh (domain.md 3.11)."""

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import Influence, KeptEntry, KeptQuerySet, kept
from polmas.people.fields import CodeField
from polmas.people.models import Code
from polmas.people.scope import INFORMATION_READERS, in_subtrees


class PotentialClass(models.TextChoices):
    """The main classes of domain.md 3.11 beside people."""

    TEMPAT = "TEMPAT", _("place")
    KEGIATAN = "KEGIATAN", _("activity")
    BARANG = "BARANG", _("goods")


KIND_LISTS = {
    PotentialClass.TEMPAT: "POTENTIAL_PLACE",
    PotentialClass.KEGIATAN: "POTENTIAL_ACTIVITY",
    PotentialClass.BARANG: "POTENTIAL_GOODS",
}
# Confidential ones are for those who also read the Laporan Informasi of the unit, and for whoever recorded them.
TRUSTED = INFORMATION_READERS


class PotentialQuerySet(KeptQuerySet):
    def for_user(self, user):
        """As every register, without what is confidential; leaders, Kanit Binmas and Intelkam read all of their unit."""
        open_ones = super().for_user(user).filter(Q(is_confidential=False) | Q(recorded_by=user))
        trusted = user.scope.paths_as(TRUSTED)
        if not trusted:
            return open_ones
        whole = in_subtrees("unit__path", trusted)
        if not user.scope.is_officer and user.scope.whole_paths <= trusted:
            return self.filter(whole)
        return self.filter(whole | Q(pk__in=open_ones.values("pk")))


@kept
class Potential(KeptEntry):
    """One place, activity or store of goods that matters for the order of a village: a school, a market day, a fuel depot."""

    main_class = models.CharField(_("class"), max_length=8, choices=PotentialClass, default=PotentialClass.TEMPAT)
    kind = CodeField(_("kind"), blank=False, help_text=_("A code of POTENTIAL_PLACE, POTENTIAL_ACTIVITY or POTENTIAL_GOODS, by its class."))
    name = models.CharField(_("name"), max_length=160)
    contact = models.CharField(_("contact person"), max_length=120, blank=True)
    influence = models.CharField(_("influence"), max_length=6, choices=Influence, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    schedule = models.CharField(_("when it takes place"), max_length=200, blank=True)
    next_on = models.DateField(_("next time"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    source = models.CharField(_("source"), max_length=60, blank=True)
    external_id = models.CharField(_("number at the source"), max_length=80, blank=True)

    objects = PotentialQuerySet.as_manager()  # type: ignore[misc]  # a wider manager than the register's

    class Meta(KeptEntry.Meta):
        verbose_name = _("potential")
        verbose_name_plural = _("potentials")
        ordering = ["area__code", "name"]
        indexes = [models.Index(fields=["area", "main_class", "name"]), models.Index(fields=["unit", "main_class"])]
        constraints = [
            *KeptEntry.Meta.constraints,
            models.CheckConstraint(condition=Q(main_class__in=PotentialClass.values), name="potential_class_known"),
            models.CheckConstraint(condition=Q(influence="") | Q(influence__in=Influence.values), name="potential_influence_known"),
            models.CheckConstraint(
                condition=Q(main_class=PotentialClass.KEGIATAN) | Q(schedule="", next_on__isnull=True),
                name="potential_schedule_of_activity",
                violation_error_message=_("Only activities take place at a time."),
            ),
            models.CheckConstraint(
                condition=Q(main_class=PotentialClass.BARANG) | Q(quantity__isnull=True),
                name="potential_quantity_of_goods",
                violation_error_message=_("Only goods are counted."),
            ),
            models.UniqueConstraint(fields=["source", "external_id"], condition=~Q(external_id=""), name="potential_once_per_source"),
        ]

    @property
    def kind_list(self) -> str:
        """The code list of its kind."""
        return KIND_LISTS[PotentialClass(self.main_class)]

    @property
    def kind_label(self) -> str:
        code = Code.objects.of(self.kind_list).filter(code=self.kind).first()
        return code.label if code else self.kind
