"""The scripts of bin/, the locks and the container files: what a newcomer's first minutes depend on."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).resolve().parent.parent
SCRIPTS = sorted(path for path in [*(TOP / "bin").iterdir(), TOP / ".ci/run", TOP / "deploy/packages"])
LOCKS = ["requirements.txt", "requirements-test.txt", "requirements-browser.txt"]
COMPOSE = yaml.safe_load((TOP / "docker-compose.yml").read_text())
PROCESSES = dict(line.split(": ", 1) for line in (TOP / "Procfile").read_text().splitlines())


def newcomer(**changes):
    """The environment without what bin/test set for itself."""
    own = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "POLMAS_STATE", "DJANGO_SETTINGS_MODULE", "CI"}
    return {name: value for name, value in os.environ.items() if name not in own} | changes


def run(*command, **changes):
    return subprocess.run(command, cwd=TOP, env=newcomer(**changes), capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_bash_that_parses(script):
    assert run("bash", "-n", script).returncode == 0
    assert script.name == "lib.sh" or (os.access(script, os.X_OK) and script.read_text().startswith("#!/usr/bin/env bash\n"))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_names_no_registry(lock):
    text = (TOP / lock).read_text()
    pinned = re.findall(r"^[a-z0-9][^\s;]*==[^\n]*\n((?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)*)", text, re.MULTILINE | re.IGNORECASE)
    assert pinned
    assert all(pinned)
    assert not re.search(r"https?://|--index-url|--find-links", text)


def test_the_front_end_lock_names_no_registry():
    assert '"resolved"' not in (TOP / "package-lock.json").read_text()


def test_packages_are_listed_by_group():
    assert "redis-server" in run("deploy/packages", "stores").stdout.split()
    assert run("deploy/packages", "nonsense").returncode == 2


def test_bin_up_refuses_a_port_that_is_none():
    refused = run("bin/up", PORT="eighty", POLMAS_STATE="/nowhere")
    assert refused.returncode == 1
    assert "PORT" in refused.stderr


def test_bin_up_refuses_to_open_the_known_password_to_others():
    refused = run("bin/up", HOST="0.0.0.0", PORT=str(free_port()), POLMAS_STATE="/nowhere")
    assert refused.returncode == 1
    assert "DEMO_PASSWORD" in refused.stderr


def test_bin_up_names_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = run("bin/up", PORT=str(port), POLMAS_STATE="/nowhere")
    assert refused.returncode == 1
    assert f"port {port}" in refused.stderr
    assert "PORT=" in refused.stderr


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def state(settings):
    """A state directory that PostgreSQL's user can enter, which pytest's own folders are not. Static files are those of bin/test."""
    path = Path(tempfile.mkdtemp(prefix="polmas-up-", dir="/tmp"))
    if settings.STATIC_ROOT.exists():
        shutil.copytree(settings.STATIC_ROOT, path / "static")
    yield path
    shutil.rmtree(path)


def start(state, port):
    """A bin/up that answers on /healthz, its output in state/up.log."""
    with (state / "up.log").open("w") as log:
        up = subprocess.Popen(["bin/up"], cwd=TOP, env=newcomer(POLMAS_STATE=str(state), PORT=str(port), DEMO="0"), stdout=log, stderr=log)
    for _ in range(1200):  # a busy machine may take minutes
        if up.poll() is not None or "Ready after" in (state / "up.log").read_text():
            break
        time.sleep(0.2)
    output = (state / "up.log").read_text()
    assert up.poll() is None, output
    assert "Ready after" in output, output
    assert health(port) == 200
    return up


def health(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    finally:
        connection.close()


def processes_of(state):
    """Process ids whose environment names the state directory: everything that this bin/up started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"POLMAS_STATE={state}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_bin_up_leaves_nothing_running_and_finds_its_data_again(state):
    port = free_port()
    up = start(state, port)
    run("bin/manage", "shell", "-c", "from django.core.cache import cache; cache.set('kept', 1, None)", POLMAS_STATE=str(state))
    run("bin/manage", "shell", "-c", "from polmas.people.models import User; User.objects.create_user('kept')", POLMAS_STATE=str(state))

    second = run("bin/up", POLMAS_STATE=str(state), PORT=str(free_port()))
    assert second.returncode == 1
    assert f"already runs (process {up.pid})" in second.stderr

    up.send_signal(signal.SIGTERM)
    assert up.wait(15) == 0
    assert processes_of(state) == []

    up = start(state, port)
    ask = "from django.core.cache import cache; from polmas.people.models import User; print(cache.get('kept'), User.objects.get().username)"
    assert run("bin/manage", "shell", "-v", "0", "-c", ask, POLMAS_STATE=str(state)).stdout.strip() == "1 kept"

    # A bin/up that is killed takes its processes along, and the next start is no worse for it.
    up.kill()
    up.wait()
    up = start(state, port)
    up.terminate()
    assert up.wait(15) == 0
    assert processes_of(state) == []


LASTING = [name for name in COMPOSE["services"] if name != "migrate"]


@pytest.mark.parametrize("name", LASTING)
def test_every_service_says_whether_it_is_healthy(name):
    assert COMPOSE["services"][name]["healthcheck"]["test"]


def test_containers_run_the_processes_of_the_procfile():
    commands = [service.get("command", []) for service in COMPOSE["services"].values()]
    assert {command[1] for command in commands if command[:1] == ["bin/run"]} == set(PROCESSES)


def test_secrets_come_from_the_environment_and_have_no_default():
    text = (TOP / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{(\w+):\?\}", text))
    assert asked == {"SECRET_KEY", "FIELD_KEYS", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "PUBLIC_URL"}
    assert not re.search(r"\$\{\w*(SECRET|PASSWORD|KEY)\w*(:?-[^}]*)?\}", text)
    told = (line for line in (TOP / "deploy/env.example").read_text().splitlines() if line and not line.startswith("#"))
    example = dict(line.split("=", 1) for line in told)
    assert example == dict.fromkeys(asked | {"METRICS_TOKEN", "EMAIL_URL", "MAIL_ADDRESS"}, "")


def test_volumes_are_named():
    used = [volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service.get("volumes", [])]
    assert {name for name in used if not name.startswith(".")} == set(COMPOSE["volumes"])


def test_the_image_is_built_from_the_same_lists_and_does_not_run_as_root():
    text = (TOP / "Dockerfile").read_text()
    assert "deploy/packages app" in text
    assert "deploy/packages build" in text
    assert "requirements.txt" in text
    last = text.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER polmas$", last, re.MULTILINE)
