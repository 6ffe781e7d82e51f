"""Two to three months of sambang reports, officer by officer and day by day, up to this moment."""

import dataclasses
import datetime
import uuid

from mapping.models import Area, Beat
from patrol.models import Household, Kind, Opinion, Report, Situation, State, Visit
from patrol.models.reports import Flag
from polmas.people.models import Unit, User
from polmas.summaries.demo import words
from polmas.summaries.demo.people import OFFICERS, Person, codes_of
from polmas.summaries.demo.places import VILLAGES, Spots

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
SATURDAY_SHARE, SUNDAY_SHARE = 0.45, 0.2
EVENING = (19 * 60, 21 * 60)  # minutes of the day in which some visits fall, where people work by day


@dataclasses.dataclass
class Neighbourhood:
    """One village as the diary needs it: where points lie, its households, its street names."""

    area: Area
    streets: tuple[str, ...]
    spots: Spots
    households: list[Household]


@dataclasses.dataclass
class Beatbook:
    """One officer with the villages held, and who reviews the reports."""

    person: Person
    user: User
    unit: Unit
    reviewer: User
    villages: list[Neighbourhood]
    last_days: dict[str, datetime.date]

    def held_on(self, day):
        return [village for village in self.villages if day <= self.last_days.get(village.area.code, day)]


@dataclasses.dataclass
class Entry:
    """One report with its rows, not yet saved."""

    report: Report
    visit: Visit
    opinions: list[Opinion]


def load_neighbourhoods(areas, units_by_area, shapes, rng) -> dict[str, Neighbourhood]:
    """Villages with 25 to 60 invented households each, saved; RW are the nearest of a few centres, so that they form blocks."""
    places = {}
    for place in VILLAGES:
        spots = Spots(place, shapes[place.code], rng)
        centres = [spots.one() for _ in range(rng.randint(5, 9))]
        households = [_household(areas[place.code], units_by_area[place.code], spots.one(), centres, rng) for _ in range(rng.randint(25, 60))]
        places[place.code] = Neighbourhood(areas[place.code], place.streets, spots, households)
    Household.objects.bulk_create(household for place in places.values() for household in place.households)
    return places


def _household(area, unit, location, centres, rng):
    rw = min(range(len(centres)), key=lambda number: centres[number].distance(location)) + 1
    name = rng.choice(words.MEN) if rng.random() < 0.8 else rng.choice(words.WOMEN)
    return Household(
        uuid=_uuid(rng),
        unit=unit,
        area=area,
        rw=f"{rw:03}",
        rt=f"{rng.randint(1, 6):03}",
        head_name=name,
        landmark=rng.choice(words.LANDMARKS),
        location=location if rng.random() < 0.9 else None,
    )


def open_books(users, units, neighbourhoods, reviewers) -> list[Beatbook]:
    """One book per officer; `reviewers` are the Kanit Binmas by the code of their unit."""
    last_days = {beat.area.code: beat.ends_on for beat in Beat.objects.filter(ends_on__isnull=False).select_related("area") if beat.ends_on}
    return [
        Beatbook(
            person, users[person.username], units[person.unit], reviewers[person.unit], [neighbourhoods[code] for code in codes_of(person)], last_days
        )
        for person in OFFICERS
    ]


def write(books, since: datetime.date, now: datetime.datetime, digest, rng) -> list[Entry]:
    """All reports from a day until now, oldest first. `digest` names a payload as the sync does."""
    entries = []
    for book in books:
        day = since
        while day <= book.unit.day_of(now):
            entries += _write_day(book, day, now, digest, rng)
            day += DAY
    _mark_exceptions(entries, books, books[0].unit.day_of(now))
    return sorted(entries, key=lambda entry: entry.report.occurred_at)


def save(entries):
    """Inserts by set, a few thousand reports in one go."""
    Report.objects.bulk_create([entry.report for entry in entries], batch_size=1000)
    for entry in entries:
        entry.visit.report = entry.report
        for opinion in entry.opinions:
            opinion.report = entry.report
    Visit.objects.bulk_create([entry.visit for entry in entries], batch_size=1000)
    Opinion.objects.bulk_create([opinion for entry in entries for opinion in entry.opinions], batch_size=1000)


def _write_day(book, day, now, digest, rng):
    villages = book.held_on(day)
    if not villages or (book.unit.day_of(now) - day).days < book.person.silent_days:
        return []
    moments = _moments(book, day, now, rng)
    return [_entry(book, villages, moment, now, digest, rng) for moment in moments]


def _moments(book, day, now, rng) -> list[datetime.datetime]:
    """When the officer was out on a day, in order; of today only what lies behind."""
    share = {5: SATURDAY_SHARE, 6: SUNDAY_SHARE}.get(day.weekday(), 1)
    count = max(0, round(rng.gauss(book.person.pace * share, 0.9)))
    midnight = datetime.datetime.combine(day, datetime.time(), book.unit.zone)
    first, last = 8 * 60 + 10, 16 * 60 + 40
    gone = (now - midnight) // MINUTE
    if day == book.unit.day_of(now):
        first, last, count = _this_morning(gone, last, count, rng)
    minutes = sorted(rng.randint(*EVENING) if rng.random() < 0.07 and gone > EVENING[1] else rng.randint(first, last) for _ in range(count))
    return [midnight + minute * MINUTE for minute in minutes]


def _this_morning(minutes_gone, last, count, rng):
    """First and last minute and number of calls of a day that is not over; before dawn, a few officers walked with the night watch."""
    last = min(minutes_gone - 15, last)
    if last < 6 * 60:
        return 5, max(last, 5), int(last > 5 and rng.random() < 0.35)
    return 5 * 60 + 30, last, min(count, max(1, (last - 330) // 45))


def _entry(book, villages, occurred_at, now, digest, rng):
    village = rng.choice(villages)
    house = rng.choice(village.households)
    visit = Visit(household=house, purposes=list(rng.choice(words.PURPOSES)))
    chance = rng.random()
    visit.is_absent = chance < 0.05
    if 0.05 <= chance < 0.09:
        visit.household, visit.is_declined = None, True
    if not visit.is_absent and not visit.is_declined:
        visit.received_by = f"{rng.choice(words.RECEIVERS)} Bpk./Ibu {house.head_name}" if rng.random() < 0.35 else house.head_name
        visit.next_visit_on = book.unit.day_of(occurred_at) + rng.randint(20, 60) * DAY if rng.random() < 0.12 else None
    report = _report(book, village, house, visit, occurred_at, now, rng)
    voice = rng.choice(words.VOICES) if rng.random() < 0.3 and not visit.is_absent else None
    opinions = _hear(report, voice)
    report.content_hashes = [digest(_payload(report, visit, opinions))]
    return Entry(report, visit, opinions)


def _report(book, village, house, visit, occurred_at, now, rng):
    report = Report(
        uuid=_uuid(rng),
        kind=Kind.DDS,
        officer=book.user,
        unit=book.unit,
        area=village.area,
        day=book.unit.day_of(occurred_at),
        occurred_at=occurred_at,
        ended_at=occurred_at + rng.randint(10, 35) * MINUTE if rng.random() < 0.5 else None,
        received_at=_received(occurred_at, now, rng),
        place=f"{rng.choice(village.streets)} {rng.choice(['No.', 'Gang', 'Blok'])} {rng.randint(1, 48)}",
        distance_m=0.0,
    )
    if report.ended_at and report.ended_at > report.received_at:
        report.ended_at = None
    _write_text(report, visit, house, rng)
    _locate(report, book, village, house, rng)
    if report.received_at - occurred_at > book.unit.late_after_hours * 60 * MINUTE:
        report.flags.append(Flag.LATE)
    if rng.random() < 0.12:
        report.participants = list(rng.choice(words.COMPANIONS))
    _review(report, book, now, rng)
    return report


def _received(occurred_at, now, rng):
    """Mostly within a quarter of an hour; where the network was away, hours or a day later."""
    chance = rng.random()
    wait = rng.randint(2, 15) if chance < 0.9 else rng.randint(60, 420) if chance < 0.985 else rng.randint(25 * 60, 44 * 60)
    return min(occurred_at + wait * MINUTE, now - MINUTE)


def _write_text(report, visit, house, rng):
    if visit.is_absent:
        report.result = ""
        return
    place = report.place.rsplit(" ", 2)[0]
    words_of = {"name": house.head_name, "place": place, "rw": house.rw[1:]}
    report.result = rng.choice(words.DECLINED if visit.is_declined else words.RESULTS).format(**words_of)
    report.narrative = rng.choice(words.NARRATIVES).format(**words_of)


def _locate(report, book, village, house, rng):
    chance = rng.random()
    if chance < 0.03:
        report.distance_m = None
        report.flags.append(Flag.NO_POSITION)
        return
    point = village.spots.near(house.location, 30) if house.location else village.spots.one()
    report.location, report.accuracy_m = point, round(rng.uniform(4, 28), 1)
    if chance > 0.97:
        report.accuracy_m = float(rng.randint(120, 900))
        report.flags.append(Flag.POOR_ACCURACY)


def _hear(report, voice) -> list[Opinion]:
    if voice is None:
        return []
    report.follow_up = voice.follow_up
    report.field = voice.field
    if voice.urgency == "TINGGI":
        report.situation = Situation.ATENSI
    return [Opinion(kind=voice.kind, field=voice.field, text=voice.text, urgency=voice.urgency, frequency=voice.frequency)]


def _review(report, book, now, rng):
    """What is older than the unit's days of grace was accepted by itself; the Kanit looked at flags and at a sample before."""
    age = (book.unit.day_of(now) - report.day).days
    looked_at = rng.random() < (0.7 if report.flags else 0.2) and age > 0
    if looked_at:
        moment = min(report.received_at + rng.randint(2 * 60, 20 * 60) * MINUTE, now - MINUTE)
        report.state, report.reviewed_by, report.reviewed_at = State.VERIFIED, book.reviewer, moment
    elif age > book.unit.accept_after_days:
        report.state = State.ACCEPTED


def _mark_exceptions(entries, books, today):
    """Three reports returned, one of them to the first officer; one withdrawn; one sent from a village that is not held."""
    earlier: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.report.day < today:
            earlier.setdefault(entry.report.officer.username, []).append(entry)
    reviewers = {book.user.username: book.reviewer for book in books}
    for username, note in zip(("80010001", "80020002", "80030004"), words.RETURN_NOTES, strict=True):
        report = earlier[username][-1].report
        report.state, report.review_note, report.reviewed_by = State.RETURNED, note, reviewers[username]
        report.reviewed_at = report.received_at + 15 * MINUTE
    withdrawn = earlier["80010002"][-1].report
    withdrawn.state, withdrawn.withdrawn_reason, withdrawn.reviewed_by, withdrawn.reviewed_at = State.WITHDRAWN, words.WITHDRAWN, None, None
    _stray(earlier["80010004"][-1], next(book for book in books if book.person.username == "80010006"))


def _stray(entry, other):
    """Moves a report to a village that its officer does not hold, as happens when two officers go together."""
    village = other.villages[0]
    entry.report.area, entry.report.location = village.area, village.spots.one()
    entry.report.accuracy_m, entry.report.distance_m = 14.0, 3900.0
    entry.report.flags, entry.report.state, entry.report.reviewed_by, entry.report.reviewed_at = [Flag.OUTSIDE_AREA], State.SUBMITTED, None, None
    entry.visit.household, entry.visit.is_declined, entry.visit.is_absent, entry.visit.received_by = None, True, False, ""


def _payload(report, visit, opinions) -> dict:
    """The report as its officer's phone would have sent it."""
    point = report.location
    house = visit.household
    return {
        "id": str(report.uuid),
        "schema": 1,
        "version": 1,
        "base_version": None,
        "kind": report.kind,
        "occurred_at": report.occurred_at.isoformat(),
        "ended_at": report.ended_at and report.ended_at.isoformat(),
        "location": point and {"lat": point.y, "lon": point.x, "accuracy": report.accuracy_m},
        "area": report.area.code,
        "place": report.place,
        "narrative": report.narrative,
        "result": report.result,
        "follow_up": report.follow_up,
        "field": report.field,
        "phase": report.phase,
        "situation": report.situation,
        "participants": report.participants,
        "photos": [],
        "detail": {
            "household": house and {"id": str(house.uuid), "head_name": house.head_name, "rw": house.rw, "rt": house.rt},
            "received_by": visit.received_by,
            "purposes": visit.purposes,
            "opinions": [
                {"kind": said.kind, "field": said.field, "text": said.text, "urgency": said.urgency, "frequency": said.frequency} for said in opinions
            ],
        },
    }


def _uuid(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)
