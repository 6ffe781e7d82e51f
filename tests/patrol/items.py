"""Reports as a phone sends them, for every test that needs some.

answer = send(api(cast.officer), report_item(result="Warga minta ronda diaktifkan."))
reports = file_reports(cast.officer, 3)          # stored rows, without HTTP
"""

import datetime
import itertools
import json
import uuid

from django.utils import timezone

from patrol.models import Report
from patrol.sync import take
from tests.cast import PEDALANGAN

_numbers = itertools.count(1)


def report_item(**changes) -> dict:
    """One sambang at Pedalangan, an hour ago, complete and right. `detail` is merged into the usual one, all else replaced."""
    n = next(_numbers)
    household = {"id": str(uuid.uuid4()), "head_name": f"Widodo {n}", "rw": "005", "rt": "003"}
    detail = {"household": household, "purposes": ["SILATURAHMI"], **changes.pop("detail", {})}
    return {
        "id": str(uuid.uuid4()),
        "schema": 1,
        "version": 1,
        "base_version": None,
        "kind": "DDS",
        "occurred_at": (timezone.now() - datetime.timedelta(hours=1)).isoformat(),
        "location": dict(PEDALANGAN),
        "result": f"Situasi aman, warga menerima pesan kamtibmas ke-{n}.",
        "detail": detail,
        **changes,
    }


def correction_of(item: dict, **changes) -> dict:
    """The next version of an item."""
    return {**item, "version": item["version"] + 1, "base_version": item["version"], **changes}


def send(client, *items, **envelope):
    """The answers to one sync by a client of the `api` fixture."""
    body = json.dumps({"reports": list(items), **envelope})
    response = client.generic("POST", "/api/v1/reports/sync/", body, content_type="application/json")
    assert response.status_code == 200, response.content
    return response.json()["results"]


def statuses(answers) -> list[str]:
    return [answer["status"] for answer in answers]


def file_report(officer, **changes) -> Report:
    """One stored report of an officer, taken as sync takes it."""
    item = report_item(**changes)
    [answer] = take(officer, [item])
    assert answer["status"] == "created", answer
    return Report.objects.get(uuid=item["id"])


def file_reports(officer, count: int, **changes) -> list[Report]:
    items = [report_item(**changes) for _n in range(count)]
    assert {answer["status"] for answer in take(officer, items)} <= {"created"}
    return list(Report.objects.filter(uuid__in=[item["id"] for item in items]).order_by("pk"))
