"""How pages of the demo look to Lighthouse: a phone with a processor four times slower on slow 4G, in Debian's Chromium (ux.md 4)."""

import dataclasses
import json
import pathlib
import shutil
import subprocess
import tempfile
from typing import Any

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from fkpm.models import Meeting
from polmas.people.models import User
from tests.bench import scene
from tests.bench.machine import TOP, free_port
from tests.bench.table import tell

TOOLS = pathlib.Path(__file__).resolve().parent / "painting_tools"
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 95}
MOST_SHIFT = 0.05


@dataclasses.dataclass
class Page:
    name: str
    account: str
    path: str
    paints_within: int | None = None  # milliseconds until the largest content


def pages() -> list[Page]:
    call_command("demo", "--force", verbosity=0)
    held = Meeting.objects.filter(forum__members__user__username="fkpm-pedalangan", starts_at__lt=timezone.now(), conclusion__gt="")
    return [
        Page("form", "80010001", "/catat/dds/", 2000),
        Page("officer's home", "80010001", "/"),
        Page("dashboard", "80010099", "/dasbor/", 2500),
        Page("minutes", "fkpm-pedalangan", reverse("fkpm:meeting_detail", args=[held[0].uuid])),
    ]


def paint(processes) -> None:
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=TOOLS, check=True)
    todo = [(page, scene.cookie_of(User.objects.get(username=page.account)).partition("=")[2]) for page in pages()]
    for page, session in todo:
        show(page, report_of(f"http://127.0.0.1:{processes.port}", page.path, session))


def report_of(base: str, path: str, session: str) -> dict[str, Any]:
    """Lighthouse's report of one page, opened for the first time by somebody who has signed in."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.conftest import CHROMIUM_FLAGS, STANDING

    port, chromium = free_port(), shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        flags = [*CHROMIUM_FLAGS, f"--remote-debugging-port={port}"]
        browser = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium, args=flags, geolocation=STANDING, permissions=["geolocation"]
        )
        browser.add_cookies([{"name": "sessionid", "value": session, "url": base}])
        categories = f"--only-categories={','.join(LEAST)}"
        words = [base + path, "--quiet", f"--port={port}", "--disable-storage-reset", "--throttling-method=devtools", categories, "--output=json"]
        done = subprocess.run([TOOLS / "node_modules/.bin/lighthouse", *words], cwd=TOP, capture_output=True, text=True, check=True)
        browser.close()
    return json.loads(done.stdout)


def show(page: Page, report: dict[str, Any]) -> None:
    numbers = {name: audit["numericValue"] for name, audit in report["audits"].items() if "numericValue" in audit}
    for name, least in LEAST.items():
        tell(f"{page.name}: Lighthouse, {name}", report["categories"][name]["score"] * 100, "", at_least=least)
    first, blocked, size = (numbers[name] for name in ("first-contentful-paint", "total-blocking-time", "total-byte-weight"))
    more = f"first {first:.0f} ms, blocked {blocked:.0f} ms, {size / 1024:.0f} KB"
    tell(f"{page.name}: largest paint", numbers["largest-contentful-paint"], "ms", at_most=page.paints_within, more=more)
    tell(f"{page.name}: layout shift x 1000", numbers["cumulative-layout-shift"] * 1000, "", at_most=MOST_SHIFT * 1000)
