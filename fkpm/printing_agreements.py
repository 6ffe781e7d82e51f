"""Surat Kesepakatan Bersama on paper, to be signed: under the forum's own head or a plain one, never Polri's lines or emblem (domain.md 4.5)."""

import hashlib
import json

from fkpm.models import Agreement

LAYOUT = 3  # raised when the layout changes, so that files of an older layout are not served any more


def fingerprint_of(agreement: Agreement) -> str:
    """Names what the paper would show now."""
    forum = agreement.forum
    head = (forum.name, forum.bkpm, forum.phone, forum.area.name) if forum else (agreement.area.title,)
    parts = (LAYOUT, agreement.hash_of_content(), agreement.has_stamp, agreement.state == Agreement.State.BATAL, agreement.is_signed, head)
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def agreement_on_paper(agreement: Agreement) -> dict:
    """What the template of the paper shows."""
    known_by = [
        ("village_head", agreement.village_head),
        ("officer", agreement.officer_name),
        ("chair", agreement.chair_name),
    ]
    return {
        "agreement": agreement,
        "forum": agreement.forum,
        "first_parties": agreement.first_parties,
        "second_parties": agreement.second_parties,
        "witnesses": agreement.witnesses,
        "known_by": [(office, name) for office, name in known_by if office != "chair" or agreement.forum],
    }
