"""What pages of a forum ask about their reader."""

from django import template

register = template.Library()


@register.filter
def is_published_by(forum, user) -> bool:
    """Whether the user says what stands on the public page of the forum: its chairs and secretaries."""
    return forum.is_on_board(user)
