"""The sync protocol under everything that happens between a phone and a server, as a machine that makes its own stories.

Model: for each id the versions that the phone ever froze. Whatever is lost, repeated, reordered or changed on the way, the server
holds each report once, in the last version that reached it in order, and what it confirmed once it never denies.
"""

import json
import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule, run_state_machine_as_test
from rest_framework.test import APIClient

from patrol.models import Report
from tests.cast import make_cast
from tests.patrol.items import correction_of, report_item

CONFIRMED = {"created", "known"}
texts = st.sampled_from(["Aman.", "Warga minta ronda.", "Lampu jalan mati.", "é ☂ \U0001f6b2"])


class Protocol(RuleBasedStateMachine):
    """Two tabs of one officer and a colleague. A message is a list of items; a lost answer is one that the phone never reads."""

    messages = Bundle("messages")

    @initialize()
    def begin(self):
        cast = make_cast()
        self.officer = self.client_of(cast.officer)
        self.colleague = self.client_of(cast.colleague)
        self.frozen: dict[str, list[dict]] = {}  # by id, what the phone froze, the versions in order
        self.stored: dict[str, int] = {}  # by id, the version that the server holds
        self.confirmed: list[dict] = []

    def client_of(self, person):
        client = APIClient()
        client.force_authenticate(person)
        return client

    def post(self, client, items):
        answer = client.post("/api/v1/reports/sync/", json.dumps({"reports": items}), content_type="application/json")
        assert answer.status_code == 200
        return [result["status"] for result in answer.json()["results"]]

    def expected(self, item) -> str:
        """What the server must answer, by what it holds; notes what it holds then."""
        versions, held = self.frozen[item["id"]], self.stored.get(item["id"], 0)
        if item in versions[:held]:
            return "known"
        if item in versions and item["version"] == held + 1:
            self.stored[item["id"]] = held + 1
            return "created"
        return "conflict"

    def arrive(self, items) -> None:
        """The server takes a message; the answers are right whether or not anybody reads them."""
        expected = [self.expected(item) for item in items]
        assert self.post(self.officer, items) == expected
        self.confirmed += [item for item, status in zip(items, expected, strict=True) if status in CONFIRMED]

    @rule(target=messages, sentences=st.lists(texts, min_size=1, max_size=4))
    def file_reports(self, sentences):
        items = [report_item(result=sentence) for sentence in sentences]
        self.frozen |= {item["id"]: [item] for item in items}
        return items

    @rule(target=messages, data=st.data(), sentence=texts)
    def correct(self, data, sentence):
        """The next version of a report, frozen whether or not the earlier one has arrived."""
        if not self.frozen:
            return []
        versions = self.frozen[data.draw(st.sampled_from(sorted(self.frozen)))]
        versions.append(correction_of(versions[-1], result=f"{sentence} ({len(versions) + 1})"))
        return [versions[-1]]

    @rule(message=messages)
    def send(self, message):
        """Also what was sent before: an answer that was lost, a second tab, a very late retry of an older version."""
        self.arrive(message)

    @rule(message=consumes(messages))
    def lose(self, message):
        """The request never arrives; the phone keeps the item and may yet send it in another message."""

    @rule(target=messages, one=messages, other=messages, order=st.randoms(use_true_random=False))
    def mix(self, one, other, order):
        """Two tabs, or a batch made anew after a restart: items twice and in any order."""
        mixed = [*one, *other]
        order.shuffle(mixed)
        return mixed[:50]

    @rule(data=st.data(), sentence=texts)
    def change_under_the_same_id(self, data, sentence):
        """Other content under an id and version that stand for something: never stored, and nothing else suffers."""
        if not self.stored:
            return
        stored = self.frozen[data.draw(st.sampled_from(sorted(self.stored)))][0]
        assert self.post(self.officer, [{**stored, "result": f"{sentence} diubah diam-diam"}]) == ["conflict"]

    @rule(data=st.data())
    def somebody_else_sends_it(self, data):
        if not self.stored:
            return
        versions = self.frozen[data.draw(st.sampled_from(sorted(self.stored)))]
        assert self.post(self.colleague, [versions[-1]]) == ["conflict"]

    @rule(message=messages)
    def send_beside_broken_ones(self, message):
        """What can't be read stops nothing else of its batch."""
        broken = [{"id": str(uuid.uuid4())}, {"id": "bukan"}, None, {**report_item(), "kind": "TIDAK_ADA"}]
        expected = [self.expected(item) for item in message]
        assert self.post(self.officer, [*broken, *message]) == ["rejected"] * len(broken) + expected

    @invariant()
    def each_is_held_once_in_its_last_version(self):
        if not hasattr(self, "stored"):
            return
        held = {str(report.uuid): (report.version, report.result) for report in Report.objects.all()}
        assert held == {key: (version, self.frozen[key][version - 1]["result"]) for key, version in self.stored.items()}

    def teardown(self):
        """In the end everything is sent in order, and then all of it once more: nothing changes any more."""
        if not hasattr(self, "stored"):
            return
        for versions in self.frozen.values():
            for item in versions:
                self.arrive([item])
        assert all(status == "known" for status in self.post(self.officer, self.confirmed[:200]))
        self.each_is_held_once_in_its_last_version()


@pytest.mark.django_db(transaction=False)
def test_the_protocol_holds_in_any_story(db):
    from django.db import connection, transaction

    class Story(Protocol):
        """Each story in a transaction of its own, of which nothing stays."""

        def __init__(self):
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self):
            try:
                super().teardown()
            finally:
                transaction.set_rollback(True)
                self.atomic.__exit__(None, None, None)

    run_state_machine_as_test(
        Story, settings=settings(max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    )
    assert connection.in_atomic_block
