"""What polmas costs above the bare database, measured side by side: `bin/bench`.

Each line gives the time of polmas (through URL, view and model, in this process), the time of the least SQL that does the same
work on the same data, and their ratio. Times drift with the machine; the ratio is what to compare.
"""

import datetime
import json
import statistics
import sys
import time
import uuid

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from psycopg2.extras import execute_values  # noqa: E402

from patrol.models import Household, Report  # noqa: E402
from polmas.people.models import ApiToken  # noqa: E402
from polmas.summaries.recount import recount  # noqa: E402
from tests.cast import PEDALANGAN, make_cast  # noqa: E402
from tests.patrol.items import report_item  # noqa: E402

BATCH = 50
ROUNDS = 15
HOUSEHOLD_COLUMNS = [field.column for field in Household._meta.local_concrete_fields if not field.primary_key]
HOUSEHOLD = f"INSERT INTO patrol_household ({', '.join(HOUSEHOLD_COLUMNS)}) VALUES %s RETURNING id"  # noqa: S608
COLUMNS = [field.column for field in Report._meta.local_concrete_fields if not field.primary_key]
REPORT = f"INSERT INTO patrol_report ({', '.join(COLUMNS)}) VALUES %s RETURNING id"  # noqa: S608
VISIT = "INSERT INTO patrol_visit (report_id, household_id, is_declined, is_absent, received_by, purposes) VALUES %s"
MARK = "INSERT INTO patrol_countmark (unit_id, day) VALUES (%s, %s)"


def seconds(act) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def median(act) -> float:
    act()
    return statistics.median(seconds(act) for _ in range(ROUNDS))


def signed_in(user):
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def by_token(user):
    """A program that sends for its user, as phones do once they hold a token."""
    text, _token = ApiToken.objects.issue(user)
    return Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Token {text}"})


def items(number):
    """Reports over the last thirty days, as phones send them."""
    now = timezone.now()
    return [report_item(occurred_at=(now - datetime.timedelta(days=n % 30, hours=1)).isoformat()) for n in range(number)]


def send(client, batch):
    response = client.post("/api/v1/reports/sync/", json.dumps({"reports": batch}), content_type="application/json")
    assert response.status_code == 200, response.content
    answers = {result["status"] for result in response.json()["results"]}
    assert answers == {"created"}, answers


def insert(cursor, rows, cast):
    """The least that stores a batch: the same columns of the same tables, by set, in one transaction."""
    unit, area, now = cast.units.banyumanik.pk, cast.areas["33.74.11.1004"].pk, timezone.now()
    fresh = [{**row, "uuid": str(uuid.uuid4())} for row in rows]
    with transaction.atomic():
        known = {"unit_id": unit, "area_id": area, "rw": "005", "rt": "003", "head_name": "Widodo", "created_at": now, "updated_at": now}
        empty = {field.column: field.get_default() for field in Household._meta.local_concrete_fields}
        houses = [{**empty, **known, "uuid": str(uuid.uuid4())} for _ in fresh]
        households = execute_values(cursor, HOUSEHOLD, [[house[name] for name in HOUSEHOLD_COLUMNS] for house in houses], fetch=True)
        reports = execute_values(cursor, REPORT, [[row[name] for name in COLUMNS] for row in fresh], fetch=True)
        execute_values(
            cursor, VISIT, [(report, house, False, False, "", ["SILATURAHMI"]) for (report,), (house,) in zip(reports, households, strict=True)]
        )
        cursor.execute(MARK, (unit, now.date()))


def stored_rows():
    """Rows as the database itself writes them, ready to be inserted again."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM patrol_report LIMIT %s", [BATCH])  # noqa: S608
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    return [{**row, "participants": json.dumps([])} for row in rows]


def bench_sync(cast, number):
    client = by_token(cast.officer)
    batches = [items(BATCH) for _ in range(number // BATCH)]
    ours = seconds(lambda: [send(client, batch) for batch in batches])
    rows = stored_rows()
    with connection.cursor() as cursor:
        bare = seconds(lambda: [insert(cursor.cursor, rows, cast) for _ in batches])
    tell(f"sync, {number} reports by {BATCH}", ours, bare, f"{number / ours:.0f} reports/s")


def bench_recount(cast):
    unit, day = cast.units.banyumanik, cast.units.banyumanik.today() - datetime.timedelta(days=1)
    bare = "SELECT kind, state, officer_id, area_id, count(*) FROM patrol_report WHERE unit_id = %s AND day = %s GROUP BY 1, 2, 3, 4"
    tell("recount of one unit's day", median(lambda: recount(unit.pk, day)), median(lambda: ask(bare, [unit.pk, day])))


def bench_pages(cast):
    officer, kapolsek = signed_in(cast.officer), signed_in(cast.kapolsek)
    unit = cast.units.banyumanik.pk
    count = "SELECT day, kind, count(*) FROM patrol_report WHERE unit_id = %s GROUP BY 1, 2"
    newest = "SELECT * FROM patrol_report WHERE officer_id = %s ORDER BY occurred_at DESC LIMIT 50"
    covers = "SELECT area_id FROM mapping_areashape WHERE is_current AND ST_Covers(shape, ST_SetSRID(ST_MakePoint(%s, %s), 4326))"
    point = [PEDALANGAN["lon"], PEDALANGAN["lat"]]
    for name, client, path, sql, values in (
        ("dashboard of a Polsek, 30 days", kapolsek, "/dasbor/?periode=30hari", count, [unit]),
        ("list of own reports", officer, "/kegiatan/", newest, [cast.officer.pk]),
        ("locate by API", officer, f"/api/v1/areas/locate/?lat={point[1]}&lon={point[0]}", covers, point),
    ):
        assert client.get(path).status_code == 200, path
        tell(name, median(lambda client=client, path=path: client.get(path)), median(lambda sql=sql, values=values: ask(sql, values)))


def ask(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()


def tell(name, ours, bare, more=""):
    print(f"{name:34} polmas {ours * 1000:9.1f} ms   bare SQL {bare * 1000:9.1f} ms   ratio {ours / bare:7.1f}   {more}", flush=True)  # noqa: T201


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    cast = make_cast()
    bench_sync(cast, number)
    for day in {report.day for report in Report.objects.only("day")}:
        recount(cast.units.banyumanik.pk, day)
    bench_recount(cast)
    bench_pages(cast)


if __name__ == "__main__":
    main()
