"""Summaries of October, seen from the second of November."""

import datetime

import pytest
import time_machine

from polmas.people.models import Notification, Unit
from polmas.summaries import building, moving
from polmas.summaries.models import PeriodKind, Summary

OCTOBER = datetime.date(2026, 10, 1)
NOVEMBER_2 = datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC)  # Monday, 08.00 WIB
State = Summary.State


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOVEMBER_2, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


def settings_of(unit, **settings):
    Unit.objects.filter(pk=unit.pk).update(**settings)


def build(unit, kind=PeriodKind.MONTHLY, start=OCTOBER):
    return building.build(Unit.objects.get(pk=unit.pk), kind, start)


def approved(summary, by):
    moving.approve(summary, by, summary.draft_hash)
    return summary


def sent(cast):
    summary = approved(build(cast.units.banyumanik), cast.kapolsek)
    moving.send(summary, cast.kapolsek)
    return summary


def titles(user):
    return [row.kind for row in Notification.objects.filter(user=user)]
