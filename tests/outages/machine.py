"""A small installation that is there to be broken: PostgreSQL, Redis and workers of its own, each of which may be killed and started again."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
from django.db import connection

ROOT = Path(__file__).parents[2]
PATIENT = 60  # seconds for any one thing to come up or go away
# The stores as bin/up starts them. What PostgreSQL was told to keep survives its processes; only the machine itself must not stop (fsync).
STORES = """
source bin/lib.sh
case $1 in
    postgres) start_postgres "$2/postgres" "$2/pg" "$2/log" fsync=off; echo "$PG_PID"; wait "$PG_PID" ;;
    redis) start_redis "$2/redis" "$2/redis.sock" "$2/log"; echo "$REDIS_PID"; wait "$REDIS_PID" ;;
    database)
        PG_BIN=$(pg_bin "$2/postgres/data")
        make_database "$2/pg" scratch
        "$PG_BIN/pg_dump" --no-owner --no-comments --exclude-table-data=spatial_ref_sys "$3" |
            "$PG_BIN/psql" -q -X -v ON_ERROR_STOP=1 "$4" >/dev/null ;;
esac
"""
# As the Procfile starts them; one of them is beat as well.
WORKER = re.search(r"^worker: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)[1].replace("-A polmas", "-A tests.outages.hurried")
WORKERS = {"first": "-B -s beat", "second": ""}


class Machine:
    """Everything lies in one directory under /tmp; `stop` leaves nothing."""

    def __init__(self):
        self.place = Path(tempfile.mkdtemp(prefix="polmas-outages.", dir="/tmp"))
        self.place.chmod(0o711)
        self.dsn = f"postgresql://polmas:scratch@/polmas?host={self.place}/pg"
        url, redis = f"postgis://polmas:scratch@/{self.place}/pg/polmas", f"unix://{self.place}/redis.sock"
        self.env = {
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": redis,
            "POLMAS_STATE": str(self.place),
            "PYTHONPATH": str(ROOT),
            "WORKER_CONCURRENCY": "1",
        }
        self.running: dict[str, tuple[subprocess.Popen, int]] = {}  # by name: what was started, and the process to kill
        self.log = (self.place / "log").open("a")
        (self.place / "log").chmod(0o666)

    def start(self, name: str) -> None:
        if name in WORKERS:
            command = ["bash", "-c", f"exec {WORKER} -n {name} {WORKERS[name]}"]
            process = subprocess.Popen(command, cwd=self.place, env=self.env, stdout=self.log, stderr=self.log, start_new_session=True)
            self.running[name] = process, process.pid
            return
        store = self._bash(name, stdout=subprocess.PIPE)
        with store.stdout as out:
            told = out.readline()
        assert told.strip(), f"{name} did not start: {self.told()}"
        self.running[name] = store, int(told)

    def _bash(self, *words, stdout=None) -> subprocess.Popen:
        command = ["bash", "-c", STORES, "stores", words[0], str(self.place), *words[1:]]
        return subprocess.Popen(command, cwd=ROOT, stdout=stdout or self.log, stderr=self.log, text=True, start_new_session=True)

    def kill(self, name: str) -> None:
        """The process and all its children at once, as when the machine loses its power; returns when none is left."""
        process, pid = self.running.pop(name)
        everybody = [pid, *children(pid)]
        for one in everybody:
            with_signal(one, signal.SIGKILL)
        wait_until(lambda: not any(is_there(one) for one in everybody), f"{name} is still there")
        process.wait(PATIENT)

    def make_database(self) -> None:
        """A copy of the database that bin/test migrated, or else a new one."""
        place, template = connection.settings_dict, os.environ.get("TEMPLATE_DATABASE")
        dsn = f"postgresql://{place['USER']}:{place['PASSWORD']}@/{template}?host={place['HOST']}"
        made = self._bash("database", dsn, self.dsn)
        assert made.wait(PATIENT) == 0, self.told()

    def manage(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "tests.outages.hurried", *words], cwd=ROOT, env=self.env, check=True, stdout=self.log, stderr=self.log)

    def ask(self, sql: str) -> list[tuple]:
        """On a connection of its own: the one before may be gone with its server."""
        asking = psycopg2.connect(self.dsn)
        try:
            with asking.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        finally:
            asking.close()

    def told(self) -> str:
        """The end of what all of them wrote."""
        return (self.place / "log").read_text()[-3000:]

    def stop(self) -> None:
        for name in [*WORKERS, "redis", "postgres"]:
            if name in self.running:
                self.kill(name)
        self.log.close()
        shutil.rmtree(self.place)


def children(pid: int) -> list[int]:
    """Children and their children."""
    below = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return below + [one for child in below for one in children(child)]


def is_there(pid: int) -> bool:
    """Whether it lives; one that waits for its parent to look is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def with_signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_until(done, what: str, patient: float = PATIENT) -> None:
    until = time.monotonic() + patient
    while not done():
        assert time.monotonic() < until, what
        time.sleep(0.05)
