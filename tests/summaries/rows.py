"""Rows that the tests of figures need, written straight into the tables with the mark that a real report leaves."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from patrol.models import Household, Opinion, Report, State, Visit
from polmas.people.models import User

DAY = datetime.date(2026, 10, 15)


def at(unit, day, hour=9):
    return datetime.datetime.combine(day, datetime.time(hour), unit.zone)


def make_report(officer, unit, area, day=DAY, state=State.SUBMITTED, household=None, opinions=(), **more):
    """One sambang of a day, with its mark, as one transaction."""
    extra = {
        State.RETURNED: {"review_note": "Lengkapi uraian."},
        State.WITHDRAWN: {"withdrawn_reason": "Salah catat."},
        State.PROPOSED: {"recorded_by": User.objects.exclude(pk=officer.pk).first()},
    }.get(state, {})
    with transaction.atomic():
        times = {"occurred_at": at(unit, day), "received_at": at(unit, day, 10)}
        report = Report.objects.create(
            **{"kind": "DDS", "content_hashes": ["0" * 64], "result": "Warga aman.", **times, **extra, **more},
            officer=officer,
            unit=unit,
            area=area,
            day=day,
            state=state,
        )
        household = household or make_household(unit, area)
        Visit.objects.create(report=report, household=household)
        for field, urgency in opinions:
            Opinion.objects.create(report=report, kind="KELUHAN", field=field, urgency=urgency, text="Lampu jalan padam.")
        report.mark()
    return report


def make_household(unit, area, name="Widodo"):
    return Household.objects.create(unit=unit, area=area, rw="003", rt="002", head_name=name)


def banyumanik(cast, number=1, day=DAY, **more):
    """So many reports of the cast's officer in Pedalangan."""
    household = more.pop("household", None) or make_household(cast.units.banyumanik, cast.areas["33.74.11.1004"])
    return [
        make_report(
            more.get("officer", cast.officer),
            cast.units.banyumanik,
            more.get("area", cast.areas["33.74.11.1004"]),
            day,
            more.get("state", State.SUBMITTED),
            household,
        )
        for _ in range(number)
    ]


def late(report, moment=None):
    Report.objects.filter(pk=report.pk).update(received_at=moment or timezone.now())


def closing(work):
    def run():
        try:
            work()
        finally:
            connections.close_all()

    return run


def run_in_thread(work):
    thread = threading.Thread(target=closing(work))
    thread.start()
    thread.join()


def at_once(background, writers, stop):
    """Runs all of this work in threads beside each other; what goes on in the background is stopped once the writers are done."""
    beside, writing = ([threading.Thread(target=closing(work)) for work in some] for some in (background, writers))
    for thread in beside + writing:
        thread.start()
    for thread in writing:
        thread.join()
    stop.set()
    for thread in beside:
        thread.join()


def together(*acts):
    """Does all of this at once, each on a connection of its own; what came of each, "refused" where a rule said no."""

    def run(act):
        try:
            return act()
        except ValidationError:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, act) for act in acts]]
