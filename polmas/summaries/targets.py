"""What an officer is expected to do, until targets per unit and period are kept as data.

Five sambang a day is what Polres orders ask for (domain.md 6.3). The cluster is that of BOS: activities of the last seven
days, more than three is aktif, one to three cukup, none kurang (domain.md 1.1).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from patrol.models import Kind

PER_DAY = {Kind.DDS: 5}
CLUSTER_DAYS = 7


class Cluster(models.TextChoices):
    AKTIF = "aktif", _("active")
    CUKUP = "cukup", _("fair")
    KURANG = "kurang", _("too few")


def target(days: int) -> int:
    """Activities expected of one officer in so many days, all kinds together."""
    return sum(PER_DAY.values()) * days


def cluster_of(count: float) -> Cluster:
    """The cluster of so many activities in seven days."""
    if count > 3:
        return Cluster.AKTIF
    return Cluster.CUKUP if count >= 1 else Cluster.KURANG
