"""The detail of problem solving: a case, which stands with the forums."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from fkpm.models import Case
from patrol.models.details import Detail


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class ProblemSolving(Detail):
    """The report by which a case came in. What the case holds is the case's own, since a forum may take it up."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="+", verbose_name=_("case"))

    class Meta:
        verbose_name = "problem solving"
        verbose_name_plural = "problem solving"

    def __str__(self):
        return str(self.case)
