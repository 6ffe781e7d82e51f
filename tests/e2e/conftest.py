"""A whole polmas for the browser: its own database, gunicorn, a Celery worker, and Debian's Chromium on a phone or a desktop.

The tests of this folder speak to it only as people do, over HTTP; none of them touches the database of the other tests.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import types
import urllib.request
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from playwright.sync_api import expect, sync_playwright

from tests.cast import PASSWORD
from tests.conftest import redis_beside

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
# Chromium's own background traffic finds no network here; as root it has no sandbox of its own.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
TELL_VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation', event => console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI))"
)
# What a page shows late it still shows: how fast it is, bin/bench says, and a slow machine is no fault of the page.
expect.set_options(timeout=15_000)
BROWSERS_REDIS = 8  # so many numbers after the redis database of the other tests
STANDING = {"latitude": -7.0629, "longitude": 110.4280, "accuracy": 12}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def own_database(name):
    """A database of that name on the server that the tests use; gone afterwards."""
    db = settings.DATABASES["default"]
    admin = psycopg2.connect(host=db["HOST"], port=db["PORT"] or None, user=db["USER"], password=db["PASSWORD"], dbname="postgres")
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {os.environ.get('TEMPLATE_DATABASE', 'template1')}")
        yield f"postgis://{db['USER']}:{db['PASSWORD']}@/{db['HOST']}/{name}"
    finally:
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.close()


def wait_until_healthy(url, processes, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for process in processes:
            assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=10):  # noqa: S310
            return
        time.sleep(0.3)
    pytest.fail(f"{url}/healthz did not answer 200 within {seconds} s")


@pytest.fixture(scope="session")
def polmas(tmp_path_factory):
    """The running application with the cast in it: `.url`, and `.manage("command", ...)`."""
    state = tmp_path_factory.mktemp("polmas")
    with own_database(f"{settings.DATABASES['default']['NAME']}_browser") as database_url, contextlib.ExitStack() as stack:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        env = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_beside(BROWSERS_REDIS),
            "POLMAS_STATE": str(state),
            "PUBLIC_URL": url,
            "PYTHONPATH": str(ROOT),
        }

        def manage(*arguments):
            done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            return done.stdout

        manage("migrate", "--verbosity", "0")
        manage("collectstatic", "--noinput", "--verbosity", "0")
        manage("shell", "-c", "from tests.cast import make_cast; make_cast()")
        web = [sys.executable, "-m", "gunicorn", "polmas.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "warning"]
        worker = [sys.executable, "-m", "celery", "-A", "polmas", "worker", "--concurrency", "1", "--loglevel", "warning"]
        processes = {}

        def start(command):
            log = stack.enter_context((state / f"{command[2]}.log").open("a"))
            processes[command[2]] = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)

        def stop_all():
            for process in processes.values():
                stop(process)

        def restart_web():
            stop(processes["gunicorn"])
            start(web)

        stack.callback(stop_all)
        start(web)
        start(worker)
        wait_until_healthy(url, processes.values())
        yield types.SimpleNamespace(url=url, port=port, manage=manage, state=state, restart_web=restart_web)


def stop(process):
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium. One per module: while Playwright runs, Django refuses the database in this thread."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Debian's chromium is missing; bin/test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium, polmas):
    """Somebody's own phone or desktop: `open_as("80010001")` gives a page, signed in by the form; None stays a visitor.

    Every page is watched: a violation of the content security policy, an error of a script, or an answer of 5xx fails the test.
    """
    contexts, faults = [], []

    def opened(account, size="phone", scheme="light", locale="id-ID"):
        context = chromium.new_context(
            base_url=polmas.url,
            viewport=SIZES[size],
            color_scheme=scheme,
            locale=locale,
            timezone_id="Asia/Jakarta",
            geolocation=STANDING,
            permissions=["geolocation"],
            has_touch=size == "phone",
            is_mobile=size == "phone",
        )
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        if account:
            page.goto("/masuk/")
            page.locator("input[name=username]").fill(account)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("input[name=password]").press("Enter")
            page.wait_for_url(lambda address: "/masuk/" not in address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def watch(page, faults):
    def heard(line):
        if line.type == "error" and ("CSP" in line.text or "Content Security Policy" in line.text):
            faults.append(f"{page.url}: {line.text}")

    page.add_init_script(TELL_VIOLATIONS)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", heard)
    page.on("response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)


@pytest.fixture(scope="session")
def axe():
    """axe-core's source; `violations(page, axe)` runs it in a page."""
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text()


def violations(page, axe):
    """What axe finds wrong on a page, as short lines."""
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    return [f"{row['id']}: {row['nodes'][0]['html'][:120]}" for row in found["violations"]]
