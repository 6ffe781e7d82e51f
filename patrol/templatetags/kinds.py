"""What templates ask of the table of kinds."""

from django import template

from patrol.kinds import KINDS

register = template.Library()


@register.filter
def kind_icon(kind):
    return KINDS[kind].icon


@register.filter
def kind_slug(kind):
    """The kind in addresses: {% url "patrol:report_create" report.kind|kind_slug %}."""
    return KINDS[kind].slug
