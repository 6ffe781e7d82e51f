"""Cases and agreements for tests, made as they are made in the field."""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from fkpm import agreements, cases
from fkpm.forms_agreements import blank_for_case, blank_for_forum
from fkpm.models import Agreement, Case
from patrol.sync import take
from polmas.people.uploads import PDF, Cleaned
from tests.patrol.items import report_item

NO = {"grave": "TIDAK", "child_crime": "TIDAK", "unrest": "TIDAK"}
PARTIES = [{"role": "PIHAK_1", "name": "Paijo Rahasia", "age": 41}, {"role": "PIHAK_2", "name": "Tukul Rahasia", "age": 38}]
WITNESSES = [{"role": "SAKSI", "name": "Sri"}, {"role": "SAKSI", "name": "Budi"}]
PAPER = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


def case_item(category="TETANGGA", outcome="PROSES", **detail) -> dict:
    """A report of problem solving as a phone sends it: a quarrel between neighbours, a day ago."""
    day = (timezone.now() - datetime.timedelta(days=1)).date().isoformat()
    item = report_item(kind="PS", narrative="Ribut soal suara musik tiap malam.")
    return {**item, "detail": {"category": category, "happened_on": day, "outcome": outcome, "parties": PARTIES, **NO, **detail}}


def make_case(cast, by=None, **detail) -> Case:
    item = case_item(**detail)
    [answer] = take(by or cast.officer, [item])
    assert answer["status"] == "created", answer
    return Case.objects.get(uuid=item["id"])


def typed_case(case, **changes) -> dict:
    """What a browser posts from the page on which a case is corrected."""
    names = ("chronology", "root_cause", "method", "venue", "settlement", "outcome")
    parties = cases.parties_of(case)
    lines = {f"parties-{n}-{name}": "" if value is None else value for n, party in enumerate(parties) for name, value in party.items()}
    head = {"version": case.version, "parties-TOTAL_FORMS": len(parties), "parties-INITIAL_FORMS": len(parties)}
    return {**{name: getattr(case, name) for name in names}, **lines, **head, **changes}


def make_agreement(case, by, **changes) -> Agreement:
    """A peace between the parties of a case, to be signed."""
    agreement = blank_for_case(case, "Perselisihan tetangga")
    for name, value in {"place": "Balai RW 05", "clauses": ["Saling memaafkan.", "Musik berhenti pukul 22.00."], **changes}.items():
        setattr(agreement, name, value)
    people = [{"role": party["role"], "name": party["name"], "detail": ""} for party in PARTIES]
    return agreements.draw_up(agreement, people + [{**witness, "detail": ""} for witness in WITNESSES], by)


def make_forum_agreement(forum, by, **changes) -> Agreement:
    agreement = blank_for_forum(forum)
    for name, value in {"subject": "Jam malam", "place": "Balai", "clauses": ["Tamu melapor."], **changes}.items():
        setattr(agreement, name, value)
    return agreements.draw_up(agreement, [{**witness, "detail": ""} for witness in WITNESSES], by)


def signed(agreement, by) -> Agreement:
    return agreements.sign(agreement, Cleaned("skb", ".pdf", PDF, ContentFile(PAPER, name="skb.pdf")), by)
