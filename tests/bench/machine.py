"""The processes under test: started as in production, their CPU time and memory read from /proc."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator

from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")
TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Processes:
    """Web server, worker and beat of the Procfile, and the database that stands behind this connection."""

    def __init__(self, port: int):
        self.port = port
        env = {**os.environ, "BIND": f"127.0.0.1:{port}", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        env.setdefault("PYTHONWARNINGS", "ignore")
        self.started = {
            name: subprocess.Popen(["setpriv", "--pdeathsig", "TERM", "bin/run", name], cwd=TOP, env=env) for name in ("web", "worker", "beat")
        }

    def wait(self):
        for _attempt in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.2)
        raise TimeoutError("the server does not answer on /healthz")

    def stop(self):
        for process in self.started.values():
            process.terminate()
        for process in self.started.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Holds worker and beat still meanwhile: they would build the summaries that a simulated country owes, and share the machine."""
        held = [pid for name in ("beat", "worker") for pid in tree(self.started[name].pid)]
        for pid in held:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in held:
                os.kill(pid, signal.SIGCONT)

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU that each part has used so far, the database and this generator included."""
        used = {name: sum(cpu_of(pid) for pid in tree(process.pid)) for name, process in self.started.items()}
        return {**used, "database": sum(cpu_of(pid) for pid in tree(postmaster())), "generator": time.process_time()}

    def memory(self) -> dict[str, float]:
        """Megabytes of each part, shared pages counted by share (PSS)."""
        return {name: sum(pss_of(pid) for pid in tree(process.pid)) / 1024 for name, process in self.started.items()}


@contextlib.contextmanager
def running() -> Iterator[Processes]:
    processes = Processes(free_port())
    try:
        processes.wait()
        yield processes
    finally:
        processes.stop()


def postmaster() -> int:
    """The parent of the process that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return parent_of(cursor.fetchone()[0])


def _stat(pid: int) -> list[str]:
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def parent_of(pid: int) -> int:
    return int(_stat(pid)[1])


def cpu_of(pid: int) -> float:
    """With what its ended children used."""
    try:
        return sum(int(value) for value in _stat(pid)[11:15]) / TICK
    except OSError:
        return 0


def pss_of(pid: int) -> int:
    """Kilobytes."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def tree(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            children.setdefault(parent_of(int(name)), []).append(int(name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found
