"""The demo as one act: everything in one transaction, so that it is there as a whole or not at all."""

import datetime
import hashlib
import random

from django.db import connection, transaction
from django.utils import timezone

from patrol.models import Report
from patrol.recount import COLUMNS, recount_all
from patrol.schema import canonical
from polmas.people.models import Role, User
from polmas.people.periods import months_back
from polmas.summaries.branches import add_up_marked
from polmas.summaries.demo import (
    accounts,
    behalf,
    boards,
    campaigns,
    cases,
    diary,
    duties,
    forums,
    gatherings,
    incidents,
    index_boards,
    informations,
    months,
    movements,
    orders,
    people,
    photos,
    places,
    potentials,
    problems,
    registers,
    reviews,
    rounds,
    service,
)
from polmas.summaries.recount import recount, recount_marked

SEED = 20261122
PHOTOS = 20
# Postings and beats began this long before the first report, so that no day of the diary lies outside them.
SERVICE_MONTHS = 14


def is_loaded() -> bool:
    return User.objects.filter(username__in=[person.username for person in people.PEOPLE]).exists()


@transaction.atomic
def load(password: str, now: datetime.datetime | None = None) -> int:
    """Loads everything up to this moment and returns the number of reports. Each kind of thing draws from a generator of its
    own, so that a change of one leaves the others as they were."""
    now = now or timezone.now()
    units = people.load_units()
    today = units["POLSEK-BANYUMANIK"].day_of(now)
    first_day = months_back(today.replace(day=1), 2)
    since = months_back(first_day, SERVICE_MONTHS)
    users = people.load_people(units, password, since)
    areas = places.load_areas(units)
    people.load_beats(units, users, areas, since, today)
    entries = _write_reports(units, users, areas, first_day, now)
    diary.save(entries)
    _photograph([entry.report for entry in entries], today.replace(day=1))
    reviews.load_reviews(users, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # tables that grew from nothing within this transaction: the planner takes them for empty
    filed = [entry.report for entry in entries] + rounds.load_rounds(areas, units, users, now, _digest, _generator("rounds"))
    filed += duties.load_duties(areas, units, users, first_day, now, _digest, _generator("duties"))
    for unit_id, day in {(report.unit_id, report.day) for report in filed}:
        recount(unit_id, day)
    for register in COLUMNS:
        recount_all(register._base_manager.all())
    filed += behalf.load_behalf(today, units["POLSEK-BANYUMANIK"].zone)
    forums.load_forums(areas, units, users, today, _generator("forums"))
    gatherings.load_gatherings(users, now, _generator("gatherings"))
    boards.load_boards(areas, units, users, today)
    accounts.load_accounts(users, today, _generator("accounts"))
    cases.load_cases(users, now)
    service.load_matters(users, now)
    recount_marked()
    add_up_marked()
    movements.load_movements(units, users, areas, today)
    informations.load_informations(areas, units, users, now)
    orders.load_orders(units, users, today, now)
    campaigns.load_campaigns(units, users, today, _generator("campaigns"))
    potentials.load_potentials(areas, units, users, today, _generator("potentials"))
    incidents.load_incidents(areas, units, users, now, _generator("incidents"))
    problems.load_problems(areas, units, users, now, _generator("problems"))
    index_boards.load_boards(units, users, now, _generator("boards"))
    service.load_service(units, users, now)
    recount_marked()
    add_up_marked()
    months.load_months(units, users, today)  # the papers tell of all that was loaded before
    return len(filed)


def _write_reports(units, users, areas, first_day, now):
    unit_of = {place.code: units[places.DISTRICTS[place.code[:8]][1]] for place in places.VILLAGES}
    neighbourhoods = diary.load_neighbourhoods(areas, unit_of, places.shapes_by_code(), _generator("households"))
    reviewers = {person.unit: users[person.username] for person in people.PEOPLE if person.role == Role.KANIT_BINMAS}
    books = diary.open_books(users, units, neighbourhoods, reviewers)
    found = registers.load_registers(neighbourhoods, _generator("registers"))
    entries = diary.write(books, first_day, now, _digest, _generator("reports"))
    entries += registers.visits_to(found, books, first_day, now, _digest, _generator("visits"))
    return sorted(entries, key=lambda entry: entry.report.occurred_at)


def _photograph(reports: list[Report], this_month: datetime.date):
    """Photos for some reports of the last days, spread over the officers, and for one of each officer of the month before."""
    by_officer: dict[int, list[Report]] = {}
    for report in reports:
        if report.location:
            by_officer.setdefault(report.officer_id, []).append(report)
    chosen = [mine[-number] for number in (2, 4) for mine in by_officer.values() if len(mine) >= number][:PHOTOS]
    earlier = [[report for report in mine if report.day < this_month] for mine in by_officer.values()]
    chosen += [mine[-1] for mine in earlier if mine and mine[-1] not in chosen]
    for photo in photos.load_photos(chosen, _generator("photos")):
        photo.report.photo_ids = [photo.uuid]
    Report.objects.bulk_update(chosen, ["photo_ids"])


def _generator(name: str) -> random.Random:
    return random.Random(f"{SEED} {name}")


def _digest(payload: dict) -> str:
    """As the sync names what a phone sent."""
    return hashlib.sha256(canonical(payload)).hexdigest()
