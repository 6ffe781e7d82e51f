"""The board and the members on paper and as a table, under the forum's own head (domain.md 4.5): never Polri's lines or emblem."""

import hashlib

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fkpm.models import Forum, Member, Position

# Raised when the layout changes, so that files of an older layout are not served any more.
LAYOUT = 3
# What each paper is called as a document, and the template that draws it.
TEMPLATES = {"board": "fkpm/board_print.html", "members": "fkpm/members_print.html"}
# Who lends their name stands above the board on the paper, as is the custom.
ABOVE = (Position.PELINDUNG, Position.PENASIHAT, Position.PEMBINA)


def fingerprint_of(forum: Forum) -> str:
    """Names what both papers would show now: the head, the term, and each who belongs to the forum today."""
    head = (forum.name, forum.bkpm, forum.phone, forum.area.name, forum.covered(), forum.get_form_display(), forum.unit.today())
    held = forum.term_today
    term = (held.endorsed_by, held.endorsement_number, held.endorsed_on, held.starts_on, held.ends_on, forum.founded_on)
    members = list(forum.active_members().order_by("pk").values_list("name", "position", "section", "element", "starts_on", "ends_on"))
    return hashlib.sha256(repr((LAYOUT, head, term, members)).encode()).hexdigest()


def board_on_paper(forum: Forum) -> dict:
    """What the templates of both papers show."""
    members, term = forum.members_today, forum.term_today
    above = [member for member in members if member.position in ABOVE]
    return {
        "forum": forum,
        "term": term,
        "members": members,
        "seats": [*reversed(above), *(member for member in members if member.position not in ABOVE)],
        "chair": _holder(members, Position.KETUA),
        "secretary": _holder(members, Position.SEKRETARIS),
        "is_endorsed": bool(term.endorsed_by and term.endorsement_number),
        "coverage": forum.covered(),
        "today": forum.unit.today(),
    }


def _holder(members, position) -> str:
    return next((member.name for member in members if member.position == position), "")


def headings() -> list[str]:
    return [_("Name"), _("Office"), _("Section"), _("Stands for"), _("From"), _("Until"), _("Voluntary"), _("No party office")]


def rows_of(members) -> list[list]:
    """Without phone numbers: a table travels further than a page."""
    return [_row(member) for member in members]


def _row(member: Member) -> list:
    shown = (member.get_position_display(), member.get_section_display(), member.get_element_display())
    return [
        member.name,
        *(capfirst(str(text)) for text in shown),
        member.starts_on,
        member.ends_on,
        *(_("yes") if said else _("not noted") for said in (member.has_consented, member.is_party_free)),
    ]
