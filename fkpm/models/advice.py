"""What a board should look like: said to those who can mend it, with the reason, and never a ground to refuse.

Sources: SKEP/433/VII/2006 and Perpol 1/2021 as given in domain.md 2.6 and 4.5. A forum is voluntary: rules inform it.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from fkpm.models.members import Element, Position

FEWEST_MEMBERS, MOST_MEMBERS = 10, 20
LAST_MONTHS_DAYS = 60  # a board is elected and endorsed in some weeks


def advice_on(forum, members: list) -> list[str]:
    """Each thing that the forum lacks today, as one sentence that says what and why."""
    found = [*_on_numbers(members), *_on_offices(members), *_on_elements(forum, members), *_on_promises(members), *_on_term(forum)]
    return [text for text, is_due in found if is_due]


def _on_numbers(members) -> Iterable[tuple[str, bool]]:
    n = len(members)
    yield (
        gettext("A forum should have %(fewest)d to %(most)d members, so that all are represented and everybody is heard. It has %(n)d.")
        % {"fewest": FEWEST_MEMBERS, "most": MOST_MEMBERS, "n": n},
        not FEWEST_MEMBERS <= n <= MOST_MEMBERS,
    )


def _on_offices(members):
    held = {member.position for member in members}
    chairs = sum(member.position == Position.KETUA for member in members)
    yield gettext("The forum has no chair: nobody leads its meetings and adopts its minutes."), chairs == 0
    yield gettext("The forum has more than one chair: one of them should end the term."), chairs > 1
    yield gettext("The forum has no secretary: minutes are adopted by chair and secretary."), Position.SEKRETARIS not in held


def _on_elements(forum, members):
    """Residents, local government and police in a village; the six elements in a zone; an adat institution follows its own custom."""
    elements = {member.element for member in members}
    if forum.form == forum.Form.PRANATA_ADAT:
        return
    yield gettext("Nobody stands for the local government, one of the three pillars of Polmas."), Element.PEMERINTAH not in elements
    yield (
        gettext("No Polmas officer belongs to the forum. It takes up matters of crime only together with one."),
        Element.POLRI not in elements and forum.officer_id is None,
    )
    if forum.form == forum.Form.WILAYAH:
        yield gettext("Nobody stands for the residents, whose forum it is."), elements <= {Element.PEMERINTAH, Element.POLRI}
        return
    wanted: dict[str, Any] = {
        "PEMILIK": {Element.PEMILIK, Element.USAHA},
        "PENGELOLA": {Element.PENGELOLA},
        "SATPAM": {Element.SATPAM},
        "PEKERJA": {Element.PEKERJA},
    }
    missing = [capfirst(str(Element(name).label)) for name, any_of in wanted.items() if not elements & any_of]
    yield gettext("In a forum of a zone these are represented too. Missing: %(elements)s.") % {"elements": ", ".join(missing)}, bool(missing)


def _on_promises(members):
    """Police sit by their office: the promises are those of residents."""
    residents = [member for member in members if member.element != Element.POLRI]
    unasked = sum(not member.has_consented for member in residents)
    bound = sum(not member.is_party_free for member in residents)
    yield (
        ngettext(
            "Membership is voluntary: of %(n)d member it is not noted yet that they said so.",
            "Membership is voluntary: of %(n)d members it is not noted yet that they said so.",
            unasked,
        )
        % {"n": unasked},
        bool(unasked),
    )
    yield (
        ngettext(
            "A forum keeps out of party politics: of %(n)d member it is not noted yet that they hold no party office.",
            "A forum keeps out of party politics: of %(n)d members it is not noted yet that they hold no party office.",
            bound,
        )
        % {"n": bound},
        bool(bound),
    )


def _on_term(forum):
    if forum.term_ends_on is None:
        return
    days = (forum.term_ends_on - forum.unit.today()).days
    yield gettext("The term of the board is over: elect the next one and record the handover."), days < 0
    yield gettext("The term of the board ends in %(days)d days: prepare the election.") % {"days": days}, 0 <= days <= LAST_MONTHS_DAYS
