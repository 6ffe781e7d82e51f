"""What a matter is about and when in its course it stands, in the same words on reports, problems and complaints."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Field(models.TextChoices):
    """Fields of life that a matter touches: ipoleksosbudhankam, and safety (domain.md 3.7)."""

    IDEOLOGI = "IDEOLOGI", _("ideology")
    POLITIK = "POLITIK", _("politics")
    EKONOMI = "EKONOMI", _("economy")
    SOSIAL = "SOSIAL", _("social life")
    BUDAYA = "BUDAYA", _("culture")
    PERTAHANAN = "PERTAHANAN", _("defence")
    KEAMANAN = "KEAMANAN", _("security")
    KESELAMATAN = "KESELAMATAN", _("safety")
    LAINNYA = "LAINNYA", _("other")


class Phase(models.TextChoices):
    """When in the course of a disturbance the activity stands (UU 7/2012)."""

    PRA = "PRA", _("before: prevention")
    SAAT = "SAAT", _("during: stopping and rescue")
    PASCA = "PASCA", _("after: recovery")
