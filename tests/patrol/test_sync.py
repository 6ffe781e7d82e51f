"""Sending reports: the contract with every phone that is out there."""

from patrol.models import Report
from tests.patrol.items import report_item, send, statuses


def test_the_judges_batch(cast, api):
    """3 new, 1 repeated, 1 changed under the same id, 1 in Paris."""
    repeated = report_item()
    send(api(cast.officer), repeated)
    changed = {**repeated, "result": "Lain sama sekali."}
    paris = report_item(location={"lat": 48.8566, "lon": 2.3522, "accuracy": 5})
    answers = send(api(cast.officer), report_item(), report_item(), report_item(), repeated, changed, paris)
    assert statuses(answers) == ["created", "created", "created", "known", "conflict", "rejected"]
    assert {error["code"] for error in answers[-1]["errors"]} == {"outside_indonesia"}
    assert Report.objects.count() == 4
