"""The details of working with others: coordination, accompaniment, social service, FKPM, publication, training."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models.details import Detail
from polmas.people.fields import CodeField, CodesField


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Coordination(Detail):
    """One coordination with the other pillars: village head, Babinsa, an agency."""

    pillars = CodesField(verbose_name=_("with whom"), code_list="PILLAR")
    agency = models.CharField(_("agency"), max_length=160, blank=True)
    subject = models.CharField(_("about"), max_length=200, blank=True)
    agreement = models.TextField(_("agreed"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("coordination")
        verbose_name_plural = _("coordination")

    def __str__(self):
        return self.subject or self.agency


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Accompaniment(Detail):
    """Accompanying one programme of the government in the village: dana desa, bansos, vaccination."""

    programme = CodeField(_("programme"), code_list="PROGRAMME")
    organiser = models.CharField(_("organiser"), max_length=160, blank=True)
    beneficiary_count = models.PositiveIntegerField(_("beneficiaries"), null=True, blank=True)
    irregularities = models.TextField(_("irregularities seen"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("accompaniment")
        verbose_name_plural = _("accompaniment")

    def __str__(self):
        return self.programme


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class SocialService(Detail):
    """One social service: what was given to how many."""

    service = CodeField(_("what was given"), code_list="SOCIAL_SERVICE")
    recipient_count = models.PositiveIntegerField(_("recipients"), null=True, blank=True)
    source = models.CharField(_("given by"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("social service")
        verbose_name_plural = _("social services")

    def __str__(self):
        return self.service


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ForumActivity(Detail):
    """Taking part in the work of a FKPM. The minutes of a meeting are the forum's own and stand with the forum."""

    forum_name = models.CharField(_("forum"), max_length=160, blank=True)
    occasion = CodeField(_("occasion"), code_list="FORUM_OCCASION")
    attendance = models.PositiveIntegerField(_("number present"), null=True, blank=True)

    class Meta:
        verbose_name = _("FKPM activity")
        verbose_name_plural = _("FKPM activities")

    def __str__(self):
        return self.forum_name


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Publication(Detail):
    """One piece of publicity: where it appeared, and its address."""

    channel = CodeField(_("channel"), code_list="MEDIA_CHANNEL")
    title = models.CharField(_("title"), max_length=200, blank=True)
    link = models.CharField(_("link"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self):
        return self.title


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Training(Detail):
    """One training or coaching that the officer took part in."""

    training = CodeField(_("kind of training"), code_list="TRAINING_KIND")
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    organiser = models.CharField(_("organiser"), max_length=160, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("training")

    def __str__(self):
        return self.topic


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class OtherActivity(Detail):
    """What none of the other kinds says."""

    title = models.CharField(_("what kind of activity"), max_length=160, blank=True)
    attendance = models.PositiveIntegerField(_("number present"), null=True, blank=True)

    class Meta:
        verbose_name = _("other activity")
        verbose_name_plural = _("other activities")

    def __str__(self):
        return self.title
