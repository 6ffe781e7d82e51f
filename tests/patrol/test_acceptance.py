"""Reports that nobody needs to look at are accepted by themselves once their unit's days of grace are over."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from patrol import tasks
from patrol.history import history_of
from patrol.models import CheckMark, CountMark, Report
from polmas.people.models import Unit, User
from tests.patrol.items import correction_of, file_reports, report_item, send
from tests.patrol.test_races import at_once

DAY = datetime.timedelta(days=1)
NO_POSITION = {"location": None, "area": "33.74.11.1004"}


def filed(cast, days_ago, number=1, **changes):
    with time_machine.travel(timezone.now() - days_ago * DAY, tick=False):
        reports = file_reports(cast.officer, number, **changes)
    CheckMark.objects.all().delete()  # looked at long ago
    return reports


def states(*reports):
    return [Report.objects.get(pk=report.pk).state for report in reports]


def test_what_waited_longer_than_the_units_days_without_a_flag(cast):
    [old], [young], [flagged] = filed(cast, 3.1), filed(cast, 2.9), filed(cast, 4, **NO_POSITION)
    [returned], [verified] = filed(cast, 5), filed(cast, 5)
    returned.send_back(cast.kanit, "Lengkapi.")
    verified.verify(cast.kanit)
    CountMark.objects.all().delete()
    tasks.accept_unflagged()
    assert states(old, young, flagged, returned, verified) == ["accepted", "submitted", "submitted", "returned", "verified"]
    assert [(mark.unit, mark.day) for mark in CountMark.objects.all()] == [(old.unit, old.day)]
    tasks.accept_unflagged()
    assert CountMark.objects.count() == 1


def test_each_unit_has_its_own_days(cast):
    [report] = filed(cast, 3.1)
    Unit.objects.filter(pk=cast.units.banyumanik.pk).update(accept_after_days=7)
    tasks.accept_unflagged()
    assert states(report) == ["submitted"]


def test_in_chunks(cast, monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK", 2)
    reports = filed(cast, 4, 5)
    tasks.accept_unflagged()
    assert set(states(*reports)) == {"accepted"}


def test_a_correction_waits_the_whole_time_again(cast, api):
    item = report_item(occurred_at=(timezone.now() - 4 * DAY - DAY / 24).isoformat())
    with time_machine.travel(timezone.now() - 4 * DAY, tick=False):
        send(api(cast.officer), item)
    send(api(cast.officer), correction_of(item, result="Warga minta lampu jalan."))
    report = Report.objects.get(uuid=item["id"])
    assert (report.version, report.flags) == (2, [])
    tasks.accept_unflagged()
    assert states(report) == ["submitted"]


def test_its_history_says_so(cast):
    [report] = filed(cast, 4)
    tasks.accept_unflagged()
    assert history_of(Report.objects.get(pk=report.pk), cast.kanit)[-1].icon == "checks"


@pytest.mark.django_db(transaction=True)
def test_beside_a_reviewer_each_report_has_one_end(cast):
    for _round in range(3):
        [report] = filed(cast, 4)
        seen = Report.objects.get(pk=report.pk)
        accepted, review = at_once(tasks.accept_unflagged, lambda seen=seen: seen.verify(User.objects.get(pk=cast.kanit.pk)))
        assert accepted is None
        assert states(report) == ["accepted" if isinstance(review, ValidationError) else "verified"]


@pytest.mark.django_db(transaction=True)
def test_what_somebody_holds_is_left_for_the_next_time(cast):
    [held], [free] = filed(cast, 4), filed(cast, 4)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM patrol_report WHERE id = %s FOR UPDATE", [held.pk])
        assert at_once(tasks.accept_unflagged) == [None]
    assert states(held, free) == ["submitted", "accepted"]


def test_is_on_beats_list_and_known_to_the_worker():
    from polmas.celery import app

    app.loader.import_default_modules()
    assert "patrol.accept_unflagged" in app.tasks
    assert "patrol.accept_unflagged" in {entry["task"] for entry in app.conf.beat_schedule.values()}
