"""One phone with its own store on disk, which can be switched off hard and on again."""

import contextlib
import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.cast import PASSWORD
from tests.e2e.conftest import CHROMIUM_FLAGS, SIZES, STANDING, watch
from tests.e2e.network import Network

# Fills whatever a form of any kind still asks for: what stands in the parts that it marks as missing.
FILL = """(names) => {
  const change = input => { input.dispatchEvent(new Event("input", {bubbles: true})); input.dispatchEvent(new Event("change", {bubbles: true})); };
  for (const name of names) {
    const part = document.querySelector(`[data-fault="${name}"]`);
    if (!part) continue;
    if (name === "who") { (document.getElementById("declined") ?? document.getElementById("subject-new")).click(); continue; }
    const inputs = [...part.querySelectorAll("input, select, textarea")].filter(input => !input.closest("[hidden]"));
    if (part.dataset.rows) { part.querySelector("button").click(); continue; }
    const choice = inputs.find(input => ["radio", "checkbox"].includes(input.type));
    if (choice) { if (!inputs.some(input => input.checked)) choice.click(); continue; }
    for (const input of inputs) {
      if (input.value) continue;
      if (input.tagName === "SELECT") input.selectedIndex = [...input.options].findIndex(option => option.value);
      else if (input.type === "number" || input.inputMode === "numeric") input.value = "3";
      else if (input.type === "date") input.value = new Date().toISOString().slice(0, 10);
      else input.value = "Uji coba";
      change(input);
    }
  }
}"""
FAULTS = "() => [...document.querySelectorAll('[data-fault-note]')].map(note => note.closest('[data-fault]')?.dataset.fault)"
READY = re.compile("(tanpa jaringan|without network) ·")
COUNT = """(store) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("polmas");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => { const asked = opening.result.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result.length); }; };
})"""


class Phone:
    """`open()` switches it on, `kill()` takes the battery out: SIGKILL, nothing is written any more."""

    def __init__(self, playwright, url, folder):
        self.playwright, self.url, self.folder, self.faults = playwright, url, Path(folder), []

    def open(self):
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=path,
            args=CHROMIUM_FLAGS,
            base_url=self.url,
            viewport=SIZES["phone"],
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            geolocation=STANDING,
            permissions=["geolocation"],
            has_touch=True,
            is_mobile=True,
        )
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        watch(self.page, self.faults)
        return self.page

    def kill(self):
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(Exception):
            self.context.close()
        for lock in self.folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def processes(self):
        """Those of this browser alone, by the folder on their command line."""
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and str(self.folder).encode() in (entry / "cmdline").read_bytes():
                    yield int(entry.name)

    def close(self):
        with contextlib.suppress(Exception):
            self.context.close()
        assert not self.faults, "\n".join(self.faults)

    def sign_in(self, account, remember=False):
        self.page.goto("/masuk/")
        self.page.locator("input[name=username]").fill(account)
        self.page.locator("input[name=password]").fill(PASSWORD)
        if remember:
            self.page.locator("[data-remember]").check()
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(lambda address: "/masuk/" not in address)

    def wait_until_ready(self):
        """Everything that the shift needs lies on the phone."""
        self.page.goto("/")
        expect(self.page.locator("[data-ready]").first).to_contain_text(READY, timeout=60_000)
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true)")

    def record(self, slug, sentence, photos=()):
        """One report of any kind, saved."""
        page = self.page
        page.goto(f"/catat/{slug}/?baru=1")
        expect(page.locator("#entry")).to_be_visible()
        page.locator("#" + page.locator("#entry").get_attribute("data-sentence")).fill(sentence)
        if photos:
            page.locator("#photo-input").set_input_files(list(photos))
            expect(page.locator("#photos img")).to_have_count(len(photos))
        for _try in range(5):
            page.locator("#save").click()
            page.wait_for_function("() => !document.getElementById('saved').hidden || !document.getElementById('faults').hidden")
            if page.locator("#saved").is_visible():
                return
            page.evaluate(FILL, page.evaluate(FAULTS))
        raise AssertionError(f"{slug}: {page.locator('#fault-rows').inner_text()}")

    def count(self, store) -> int:
        return self.page.evaluate(COUNT, store)

    def wait_until_sent(self, seconds=180):
        self.page.goto("/antrean/")
        deadline = time.monotonic() + seconds
        while self.count("outbox") and time.monotonic() < deadline:
            self.page.evaluate("() => document.getElementById('send-now')?.click()")
            self.page.wait_for_timeout(1000)
        left = self.page.locator("#broken-rows").inner_text() if self.count("outbox") else ""
        assert self.count("outbox") == 0, f"{self.count('outbox')} left: {left}"

    def mine(self) -> list[dict]:
        """The own reports, as the server holds them."""
        return self.page.evaluate("() => fetch('/api/v1/reports/?mine=true&page_size=200').then(answer => answer.json()).then(data => data.results)")


def said(reports) -> list[str]:
    return sorted(report["result"] or report["narrative"] for report in reports)


def photos_of(reports) -> int:
    assert all(sorted(report["photos"]) == sorted(photo["id"] for photo in report["photos_received"]) for report in reports)
    return sum(len(report["photos_received"]) for report in reports)


@pytest.fixture(scope="module")
def playwright():
    with sync_playwright() as running:
        yield running


@pytest.fixture
def network(polmas):
    between = Network(polmas.port)
    yield between
    between.close()


@pytest.fixture
def phone(playwright, network, tmp_path):
    one = Phone(playwright, network.url, tmp_path / "phone")
    one.open()
    yield one
    one.close()
