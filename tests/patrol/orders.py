"""Directives that tests need, sent as their form would."""

from patrol.models import Directive
from patrol.models.directives import people_below


def send(sender, roles=("bhabinkamtibmas",), people=None, unit=None, files=(), **more) -> Directive:
    """An atensi of the sender's post to roles of a unit and all below it, or to persons."""
    post = sender.postings.select_related("unit").get()
    unit = unit or post.unit
    text = {"title": "Cek pos kamling jelang Natal", "text": "Periksa setiap pos dan laporkan."}
    directive = Directive(
        sender=sender, sender_role=post.role, sender_unit=post.unit, unit=unit, roles=[] if people else list(roles), **{**text, **more}
    )
    directive.send(people if people is not None else people_below(unit, roles), files)
    return directive
