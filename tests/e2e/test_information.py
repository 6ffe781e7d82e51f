"""A Laporan Informasi on the phone: filled in without network, unreadable in the phone's database, sent once, wiped; then the desks."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import violations

OFFICER, KANIT, COLLEAGUE = "80010001", "80010090", "80010002"
SENT = re.compile("dan terkirim|and sent")
SECRETS = ("zxqperihal", "zxqfakta", "zxqnamaasli")
# Everything that the phone's database holds, as text; what is encrypted shows as its type alone.
ALL_ROWS = """async () => {
  const db = await new Promise((done) => { const asked = indexedDB.open("polmas"); asked.onsuccess = () => done(asked.result); });
  const rows = await Promise.all([...db.objectStoreNames].map((name) => new Promise((done) => {
    const asked = db.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result);
  })));
  db.close();
  return JSON.stringify(rows) + JSON.stringify({...localStorage}) + document.cookie;
}"""


def fill(page):
    page.locator("input[name=field][value=KEAMANAN]").check(force=True)
    page.locator("#subject").fill("zxqperihal di pasar")
    page.locator("input[name=method][value=WAWANCARA]").check(force=True)
    page.locator("#facts").fill("zxqfakta: tiga orang berkumpul tiap Jumat malam.")
    page.locator("#source > summary").click()
    page.locator("#source_alias").fill("Elang 7")
    page.locator("#source_name").fill("zxqnamaasli")


def lies_readable(page):
    rows = page.evaluate(ALL_ROWS)
    return [word for word in SECRETS if word in rows]


def test_it_is_filed_without_network_and_nobody_reads_it_from_the_phone(open_as, axe):
    page = open_as(OFFICER)
    page.goto("/catat/li/?baru=1")
    expect(page.locator("#entry")).to_be_visible()
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")
    page.locator("#save").click()
    expect(page.locator("#fault-rows li")).to_have_count(4)
    assert violations(page, axe) == []
    page.context.set_offline(True)
    fill(page)
    page.wait_for_function("() => document.getElementById('draft-state').textContent.match(/[0-9]{2}.[0-9]{2}/)")
    assert lies_readable(page) == [], "the draft"
    page.locator("#save").click()
    expect(page.locator("#saved")).to_be_visible()
    assert lies_readable(page) == [], "the outbox"
    assert "zxq" not in page.locator("#saved").inner_text()
    page.context.set_offline(False)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=60_000)
    assert lies_readable(page) == [], "what was sent is wiped"
    page.goto("/antrean/")
    row = page.locator("#sent-rows a").first
    expect(row).to_contain_text("Laporan Informasi")
    address = row.get_attribute("href")
    assert address.startswith("/li/")
    page.goto(address)
    expect(page.locator("h1")).to_have_text("zxqperihal di pasar")
    assert "zxqnamaasli" not in page.content()
    assert violations(page, axe) == []

    kanit = open_as(KANIT, "desktop")
    kanit.goto(address)
    assert violations(kanit, axe) == []
    kanit.locator("form[action$='/daftar/'] button").click()
    kanit.locator("dialog[open] .btn-primary, dialog[open] button[value=confirm]").first.click()
    expect(kanit.locator(".page-meta, .alert-success").filter(has_text="R/LI-1/").first).to_be_visible()

    assert open_as(COLLEAGUE).goto(address).status == 404


def test_a_returned_one_is_corrected_without_touching_the_sealed_source(open_as):
    page = open_as(OFFICER)
    page.goto("/catat/li/?baru=1")
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")
    fill(page)
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=60_000)
    address = page.locator("#saved-report").get_attribute("href")
    kanit = open_as(KANIT, "desktop")
    kanit.goto(address)
    kanit.locator("summary").filter(has_text=re.compile("Kembalikan|Return")).click()
    kanit.locator("#return_note").fill("Sebutkan jamnya.")
    kanit.locator("form[action$='/kembalikan/'] button").click()
    expect(kanit.locator(".badge-red").first).to_be_visible()
    page.goto(f"/catat{address}")
    expect(page.locator("#facts")).to_have_value("zxqfakta: tiga orang berkumpul tiap Jumat malam.")
    page.locator("#facts").fill("zxqfakta: tiga orang berkumpul tiap Jumat pukul 22.00.")
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=60_000)
    page.goto(address)
    expect(page.locator("main")).to_contain_text("pukul 22.00")
    page.locator("summary").filter(has_text=re.compile("Buka sumber|Open the source")).click()
    page.locator("#source_reason").fill("Menelepon ulang.")
    page.locator("form[action$='/sumber/'] button").click()
    expect(page.locator("main")).to_contain_text("zxqnamaasli")
