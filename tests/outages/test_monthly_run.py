"""Workers, Redis and PostgreSQL killed at random moments while a month of 500 units is built: at the end every summary stands once, with
the figures that a full recount of the rows gives."""

import datetime
import os
import random
import time

import pytest
from django.utils import timezone

from tests.outages.machine import Machine, wait_until

SEED = int(os.environ.get("OUTAGE_SEED", "7"))
REPORTS, OFFICERS = 12_000, 3700  # make 463 Polsek under 47 Polres and 4 Polda
KILLS = ["first", "second", "redis", "redis", "postgres", "postgres", "first", "postgres"]
LONGEST_PAUSE = 1.0  # seconds for which something stays away
PATIENT = 240  # seconds for the whole run on a slow machine

UNITS = "SELECT count(*) FROM people_unit WHERE kind <> 'MABES'"
DONE = "SELECT count(*) FROM summaries_summaryrun WHERE state = 'DONE'"
OPEN = "SELECT state, count(*), min(next_at), max(error) FROM summaries_summaryrun WHERE state <> 'DONE' GROUP BY 1"
SUMMARIES = "SELECT count(*), count(DISTINCT unit_id), max(revision) FROM summaries_summary"
# By unit and all below it: reports by kind in the month and in the one before, by day and by village, and the incidents.
RECOUNT = """
    WITH report AS (
        SELECT path, day, day >= date '{month}' AS is_now, report.kind, area.code FROM patrol_report report
        JOIN people_unit unit ON unit.id = unit_id JOIN mapping_area area ON area.id = area_id
        WHERE day >= date '{month}' - interval '1 month' AND day < date '{month}' + interval '1 month'
            AND state NOT IN ('returned', 'withdrawn', 'proposed')
    )
    SELECT unit.code,
        (SELECT jsonb_object_agg(kind, n) FROM (SELECT kind, count(*) n FROM report WHERE is_now AND starts_with(path, unit.path) GROUP BY 1) a),
        (SELECT jsonb_object_agg(kind, n) FROM (SELECT kind, count(*) n FROM report WHERE NOT is_now AND starts_with(path, unit.path) GROUP BY 1) b),
        (SELECT jsonb_object_agg(day, n) FROM (
            SELECT extract(day FROM day)::int AS day, count(*) n FROM report WHERE is_now AND starts_with(path, unit.path) GROUP BY 1) c),
        (SELECT jsonb_object_agg(code, n) FROM (
            SELECT code, count(*) n FROM report WHERE is_now AND path = unit.path AND unit.kind = 'POLSEK' GROUP BY 1) d),
        (SELECT count(*) FROM mapping_incident incident JOIN people_unit below ON below.id = incident.unit_id
            WHERE starts_with(below.path, unit.path) AND day >= date '{month}' AND day < date '{month}' + interval '1 month' AND withdrawn_at IS NULL)
    FROM people_unit unit WHERE kind <> 'MABES' ORDER BY code
"""
BUILT = "SELECT unit.code, figures FROM summaries_summary JOIN people_unit unit ON unit.id = unit_id"


@pytest.fixture
def machine():
    made = Machine()
    try:
        for store in ("postgres", "redis"):
            made.start(store)
        made.make_database()
        yield made
    finally:
        made.stop()


def told_in(figures: dict) -> tuple:
    """What a summary says, in the shape of the recount."""
    kinds, days = figures["activities"]["kinds"], figures["activities"]["days"]
    now, before = ({row["key"]: row[when] for row in kinds if row[when]} or None for when in ("now", "before"))
    by_day = {str(place): number for place, number in enumerate(days, 1) if number} or None
    villages = {row["code"]: row["now"] for row in figures["areas"] if row["now"]} or None
    return now, before, by_day, villages, figures["incidents"]["total"]["now"] or 0


def break_things(machine, units: int, chance: random.Random) -> list[tuple[str, int]]:
    """Kills one after the other, each once so many builds are done, and starts it again after a pause; what was killed when."""
    names = chance.sample(KILLS, len(KILLS))
    moments = sorted(chance.sample(range(5, units - 40), len(names)))
    for name, moment in zip(names, moments, strict=True):
        wait_until(lambda moment=moment: machine.ask(DONE)[0][0] >= moment, f"{moment} builds before {name} is killed", PATIENT)
        time.sleep(chance.random() * 0.2)
        machine.kill(name)
        time.sleep(chance.random() * LONGEST_PAUSE)
        machine.start(name)
    return list(zip(names, moments, strict=True))


def test_every_summary_of_the_month_stands_once_with_the_figures_of_a_recount(machine):
    month = (timezone.localdate().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    machine.manage("simulate", "--reports", str(REPORTS), "--officers", str(OFFICERS), "--years", "1", "--force")
    ((units,),) = machine.ask(UNITS)
    assert units >= 500
    machine.manage("build_summaries", "--period", "monthly", "--start", month.isoformat())
    for worker in ("first", "second"):
        machine.start(worker)
    try:
        killed = break_things(machine, units, random.Random(SEED))
        wait_until(lambda: machine.ask(DONE)[0][0] == units, "all builds", PATIENT)
        assert machine.ask(SUMMARIES) == [(units, units, 1)], killed
    except AssertionError as error:
        error.add_note(f"OUTAGE_SEED={SEED}; open: {machine.ask(OPEN)}\n{machine.told()}")
        raise
    counted = {code: tuple(row) for code, *row in machine.ask(RECOUNT.format(month=month))}
    assert {code: told_in(figures) for code, figures in machine.ask(BUILT)} == counted, (SEED, killed)
