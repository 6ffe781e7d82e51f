"""/metrics: for who has the token, and for nobody else."""

import datetime

import pytest
from django.utils import timezone

from polmas.people import measuring
from polmas.summaries import tasks
from polmas.summaries.models import SummaryRun


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = "rahasia"
    return {"Authorization": "Bearer rahasia"}


def test_tells_queues_builds_web_and_worker(db, client, token):
    measuring.add("polmas_worker_tasks", "summaries.build_summary", 0.25)
    client.get("/masuk/")
    text = client.get("/metrics", headers=token).content.decode()
    for line in ('polmas_up{part="database"} 1', 'polmas_queue_length{queue="summaries"} ', 'polmas_summary_builds{state="FAILED"} 0'):
        assert line in text, line
    assert 'polmas_worker_tasks_total{task="summaries.build_summary"}' in text
    assert 'polmas_web_requests_total{class="2xx"}' in text


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer falsch", "rahasi", "Bearer räksmörgås"])
def test_is_not_there_for_others(db, client, token, given):
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_is_not_there_without_a_token_in_the_settings(db, client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_of_what_is_done_only_the_last_day_is_told_and_half_a_year_kept(cast, client, token):
    units, now = (cast.units.banyumanik, cast.units.gajahmungkur, cast.units.polres, cast.units.polda), timezone.now()
    rows = zip(units, ("DONE", "DONE", "DONE", "FAILED"), (0, 2, 181, 200), strict=True)
    for unit, state, age in rows:
        asked = now - datetime.timedelta(days=age)
        SummaryRun.objects.create(unit=unit, period="daily", starts_on=asked.date(), state=state, asked_at=asked, error="x" * (state == "FAILED"))
    text = client.get("/metrics", headers=token).content.decode()
    assert 'polmas_summary_builds{state="DONE"} 1' in text
    assert 'polmas_summary_builds{state="FAILED"} 1' in text
    tasks.forget_old_builds()
    assert {run.unit for run in SummaryRun.objects.all()} == {units[0], units[1], units[3]}


def test_the_overview_of_builds_shows_the_newest_of_each_kind(cast, sign_in):
    starts = {"daily": [20, 21, 22], "weekly": [2, 9, 16], "monthly": [1]}
    for kind, days in starts.items():
        SummaryRun.objects.bulk_create(SummaryRun(unit=cast.units.banyumanik, period=kind, starts_on=datetime.date(2026, 11, day)) for day in days)
    spans = sign_in(cast.operator).get("/kelola/rekap/").context["spans"]
    assert [(span["period"], span["starts_on"].day) for span in spans] == [
        ("daily", 22),
        ("daily", 21),
        ("weekly", 16),
        ("weekly", 9),
        ("monthly", 1),
    ]
