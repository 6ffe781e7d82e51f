"""What came in on paper, and what colleagues did together: two reports that the operator recorded, one with a companion."""

import datetime
import uuid

from patrol.models import Report
from patrol.sync import take
from polmas.people.models import User
from polmas.summaries.recount import recount

CLERK, PAPER, HOST = "80010080", "80010002", "80010001"
SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # ids follow from names, the same in every demo


def load_behalf(today: datetime.date, zone) -> list[Report]:
    """Needs the people; goes the way of every report."""
    morning = datetime.datetime.combine(today - datetime.timedelta(days=1), datetime.time(9, 20), zone)
    paper = {
        **_item("kertas", "DDS", morning, "33.74.11.1011"),
        "officer": PAPER,
        "result": "Warga minta ronda RW 02 diaktifkan lagi; disampaikan ke ketua RW.",
        "detail": {"declined": True},
    }
    together = {
        **_item("bersama", "LAINNYA", morning + datetime.timedelta(hours=1), "33.74.11.1004"),
        "narrative": "Gladi bersama karang taruna untuk menyambut tamu kecamatan; lalu lintas di depan balai diatur berdua.",
        "participants": [{"kind": "POLRI", "name": User.objects.get(username=PAPER).full_name, "officer": PAPER}],
        "detail": {"title": "Gladi penyambutan"},
    }
    for sender, item in ((CLERK, paper), (HOST, together)):
        [answer] = take(User.objects.get(username=sender), [item])
        if answer["status"] != "created":
            raise ValueError(answer)
    reports = list(Report.objects.filter(uuid__in=[paper["id"], together["id"]]))
    for unit_id, day in {(report.unit_id, report.day) for report in reports}:
        recount(unit_id, day)
    return reports


def _item(name: str, kind: str, at: datetime.datetime, area: str) -> dict:
    return {"id": str(uuid.uuid5(SPACE, name)), "kind": kind, "occurred_at": at.isoformat(), "saved_at": at.isoformat(), "area": area}
