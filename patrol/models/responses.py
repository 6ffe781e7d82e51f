"""The detail of answering a complaint, and of first action at a scene."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.details import Detail
from polmas.people.fields import CodeField, CodesField


class Channel(models.TextChoices):
    LANGSUNG = "LANGSUNG", _("in person")
    TELEPON = "TELEPON", _("telephone")
    CALL_110 = "CALL_110", "110"
    WA = "WA", "WhatsApp"
    WEB = "WEB", "Web"
    JUMAT_CURHAT = "JUMAT_CURHAT", "Jumat Curhat"
    FKPM = "FKPM", "FKPM"
    POLISI_RW = "POLISI_RW", "Polisi RW"


class Service(models.TextChoices):
    """What kind of service was asked for (seed 004)."""

    KEAMANAN = "KEAMANAN", _("security")
    KESELAMATAN = "KESELAMATAN", _("safety")
    HUKUM = "HUKUM", _("law")
    ADMINISTRASI = "ADMINISTRASI", _("administration")
    KEMANUSIAAN = "KEMANUSIAAN", _("humanity")


class Validity(models.TextChoices):
    VALID = "VALID", _("valid")
    HOAKS = "HOAKS", _("hoax or prank")
    TIDAK_LENGKAP = "TIDAK_LENGKAP", _("incomplete")
    GANDA = "GANDA", _("reported twice")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Response(Detail):
    """One complaint answered on the spot: how it came, when one was there, whether it was true."""

    channel = models.CharField(_("how it came"), max_length=12, choices=Channel, blank=True)
    service = models.CharField(_("kind of service"), max_length=12, choices=Service, blank=True)
    complained_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    validity = models.CharField(_("validity"), max_length=13, choices=Validity, blank=True)

    class Meta:
        verbose_name = _("response to a complaint")
        verbose_name_plural = _("responses to complaints")

    def __str__(self):
        return str(self.get_channel_display())


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class SceneAction(Detail):
    """First action at the scene of an incident (TPTKP): what was done until the investigators took over."""

    incident = CodeField(_("incident"), code_list="INCIDENT_KIND")
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    steps = CodesField(verbose_name=_("what was done"), code_list="SCENE_STEP")
    dead = models.PositiveSmallIntegerField(_("dead"), null=True, blank=True)
    injured = models.PositiveSmallIntegerField(_("injured"), null=True, blank=True)
    witness_count = models.PositiveSmallIntegerField(_("witnesses"), null=True, blank=True)
    evidence = models.TextField(_("evidence"), max_length=1000, blank=True)
    handed_to = models.CharField(_("handed over to"), max_length=120, blank=True)

    class Meta:
        verbose_name = "TPTKP"
        verbose_name_plural = "TPTKP"

    def __str__(self):
        return self.incident


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Assistance(Detail):
    """Help to persons: somebody lost, hurt, ill or robbed, and to whom they were brought."""

    need = CodeField(_("who was helped"), code_list="ASSISTANCE_KIND")
    person_count = models.PositiveSmallIntegerField(_("people helped"), null=True, blank=True)
    handed_to = models.CharField(_("handed over to"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("help to persons")
        verbose_name_plural = _("help to persons")

    def __str__(self):
        return self.need


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class DisasterHelp(Detail):
    """Help in a disaster: what struck, whom, and what is needed still."""

    disaster = CodeField(_("disaster"), code_list="DISASTER_KIND")
    household_count = models.PositiveIntegerField(_("households struck"), null=True, blank=True)
    dead = models.PositiveSmallIntegerField(_("dead"), null=True, blank=True)
    injured = models.PositiveSmallIntegerField(_("injured"), null=True, blank=True)
    displaced = models.PositiveIntegerField(_("displaced"), null=True, blank=True)
    needs = models.TextField(_("what is needed"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("disaster help")
        verbose_name_plural = _("disaster help")

    def __str__(self):
        return self.disaster
