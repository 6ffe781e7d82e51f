"""How figures are written."""

from django import template
from django.utils.formats import date_format

from polmas.summaries.models import ScoreLabel
from polmas.summaries.targets import Cluster

register = template.Library()


@register.filter
def when(moment, unit):
    """A moment of late in few letters, by the unit's clock: 09.02 today, 19 Nov before that."""
    if not moment:
        return "–"
    return date_format(moment.astimezone(unit.zone), "H.i" if unit.day_of(moment) == unit.today() else "j M")


COLOURS = {Cluster.AKTIF: "green", Cluster.CUKUP: "amber", Cluster.KURANG: "red"}


@register.filter
def cluster_colour(cluster):
    """The colour of an officer's week; one who was away or held no post has none."""
    return COLOURS.get(cluster, "grey")


SCORE_COLOURS = {ScoreLabel.SANGAT_BAIK: "green", ScoreLabel.BAIK: "green", ScoreLabel.CUKUP: "amber", ScoreLabel.PEMBINAAN: "red"}


@register.filter
def score_colour(label):
    """The colour of a rating; the word stands in it."""
    return SCORE_COLOURS.get(label, "grey")
