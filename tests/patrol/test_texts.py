"""What the phone fetches by name, and what a report says in WhatsApp."""

import re
from pathlib import Path

import pytest

from patrol.models import Report
from patrol.registers import REGISTERS
from patrol.texts import short_text
from tests.patrol.items import file_report, send
from tests.patrol.test_kinds import complete

PREPARE = Path(__file__).parents[2] / "static/js/lib/prepare.js"


def test_the_phone_fetches_every_register():
    fetched = re.search(r"REGISTERS = \[(.*?)\]", PREPARE.read_text())[1]
    assert set(re.findall(r'"(\w+)"', fetched)) == {words.path for words in REGISTERS.values()}


@pytest.mark.parametrize("kind", ["BINLUH", "SOSIAL", "KOORDINASI", "LAINNYA"])
def test_other_kinds_say_what_was_done_and_not_that_somebody_was_visited(cast, api, kind):
    item = complete(kind) | {"narrative": "Bersama warga RT 03 di balai.", "place": "Balai RW 03"}
    send(api(cast.officer), item)
    report = Report.objects.get(uuid=item["id"])
    text = short_text(report)
    assert "Sambang" not in text
    assert f"{report.get_kind_display()} di" in text
    assert "Bersama warga RT 03 di balai." in text
    assert "Balai RW 03" in text


def test_a_visit_says_where(cast):
    assert "Sambang warga di RT" in short_text(file_report(cast.officer))
