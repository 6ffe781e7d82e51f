"""Code lists that an administrator edits."""

import datetime

import pghistory
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class CodeQuerySet(models.QuerySet):
    def of(self, name: str, day: datetime.date | None = None):
        """The codes of a list in its order; with a day, only those valid on it."""
        codes = self.filter(list=name)
        return codes.of_day(day) if day else codes

    def of_day(self, day: datetime.date):
        return self.exclude(valid_from__gt=day).exclude(valid_to__lt=day)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Code(models.Model):
    """One choice of a list that the field changes without us: a purpose of a visit, a kind of incident."""

    list = models.CharField(_("list"), max_length=40)
    code = models.CharField(_("code"), max_length=40)
    label_id = models.CharField(_("label in Indonesian"), max_length=120)
    label_en = models.CharField(_("label in English"), max_length=120, blank=True)
    group = models.CharField(_("group"), max_length=40, blank=True, help_text=_("The class that it is counted in, where the list has classes."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["list", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="code_once_in_list"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z0-9_]+$"),
                name="code_in_capitals",
                violation_error_message=_("Capitals, digits and underscores only."),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        return (self.label_en if get_language() == "en" else "") or self.label_id
