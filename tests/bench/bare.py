"""What the database alone can do: pgbench inserting rows that polmas wrote, with the same indexes, triggers and durability."""

import pathlib
import re
import shutil
import subprocess
import tempfile

from django.conf import settings
from django.db import connection, models

from patrol.models import CountMark, Household, Opinion, Report, Visit

TEMPLATES = 200


def pgbench_program() -> str:
    found = shutil.which("pgbench") or next(iter(sorted(map(str, pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench")), reverse=True)), None)
    if not found:
        raise FileNotFoundError("pgbench is missing: it comes with the PostgreSQL server's package")
    return found


def keep_templates() -> None:
    """Notes some filed reports that pgbench copies: it then writes what polmas writes, for officers and villages all over."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_template (n int PRIMARY KEY, report_id bigint, household_id bigint)")
        cursor.execute(
            "INSERT INTO bench_template SELECT row_number() OVER (), report_id, household_id FROM (SELECT report_id, household_id FROM patrol_visit"
            " WHERE household_id IS NOT NULL ORDER BY report_id DESC LIMIT %s) v",
            [TEMPLATES],
        )


def copy_of(model: type[models.Model], replaced: dict[str, str], source: str) -> str:
    """INSERT of copies of a template's row; `replaced` gives the SQL of what differs."""
    fields = [field for field in model._meta.local_concrete_fields if field.name in replaced or not (field.primary_key and not field.remote_field)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(replaced.get(field.name, f't."{field.column}"') for field in fields)
    return f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {values} FROM {source}"  # noqa: S608


def script(number: int) -> str:
    """One transaction of that many reports."""
    chosen = "SELECT report_id, household_id FROM bench_template WHERE n = :n"
    new = {"uuid": "gen_random_uuid()"}
    household = copy_of(Household, new, f"chosen JOIN patrol_household t ON t.id = chosen.household_id, generate_series(1, {number})")
    report = copy_of(Report, new, f"chosen JOIN patrol_report t ON t.id = chosen.report_id, generate_series(1, {number})")
    visit = copy_of(Visit, {"report": "report.id"}, "report, chosen JOIN patrol_visit t ON t.report_id = chosen.report_id")
    opinion = copy_of(Opinion, {"report": "report.id"}, "report, chosen JOIN patrol_opinion t ON t.report_id = chosen.report_id")
    mark = copy_of(CountMark, {"reports": "ARRAY[chosen.report_id]"}, "chosen JOIN patrol_report t ON t.id = chosen.report_id")
    parts = f"WITH chosen AS ({chosen}), house AS ({household}), report AS ({report} RETURNING id), visit AS ({visit}), opinion AS ({opinion}) {mark}"
    return f"\\set n random(1, {TEMPLATES})\nBEGIN;\n{parts};\nCOMMIT;\n"


def rate(clients: int, seconds: float, number: int = 1) -> float:
    """Reports per second that pgbench inserts."""
    if "bench_template" not in connection.introspection.table_names():
        keep_templates()
    database = settings.DATABASES["default"]
    env = {"PGHOST": database["HOST"], "PGUSER": database["USER"], "PGPASSWORD": database["PASSWORD"], "PGDATABASE": database["NAME"]}
    if database.get("PORT"):
        env["PGPORT"] = str(database["PORT"])
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script(number))
        file.flush()
        command = [pgbench_program(), "-n", "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(max(1, round(seconds))), "-f", file.name]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if done.returncode or not found:
        raise RuntimeError(done.stderr or done.stdout)
    return float(found[1]) * number


def clear_marks() -> None:
    """Takes away what pgbench left for the worker, so that it is not counted as polmas's."""
    CountMark.objects.all().delete()
