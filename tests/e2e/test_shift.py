"""A whole shift without network: every report and every photo arrives once, whatever happens to the phone, the server and the answers."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from patrol.kinds import ENTRIES
from tests.e2e.phone import network, phone, photos_of, playwright, said
from tests.e2e.test_entry import COUNT_TAPS, MOST_TAPS, fill_new_household, open_form, save

__all__ = ["network", "phone", "playwright"]
OFFICER, COLLEAGUE = "80010001", "80010002"
SLUGS = [entry.slug for entry in ENTRIES][:10]
END_SESSIONS = """
from django.contrib.sessions.models import Session
from django.core.cache import cache
Session.objects.all().delete()
cache.clear()
"""
PUT_OUT = """
from polmas.people.models import Device
for device in Device.objects.filter(revoked_at=None):
    device.revoke(None)
"""
# What was fetched minutes ago counts as fresh: the household that was just recorded is fetched with the rest.
FORGET_CACHE = """() => new Promise(done => { indexedDB.open("polmas").onsuccess = ({ target: { result: db } }) => {
    db.transaction("cache", "readwrite").objectStore("cache").clear().onsuccess = () => { db.close(); done(); }; }; })"""


@pytest.fixture
def pictures(tmp_path):
    """Thirty different photographs."""
    paths = [tmp_path / f"foto-{number}.jpg" for number in range(30)]
    for number, path in enumerate(paths):
        Image.effect_noise((320, 240), 20 + number).convert("RGB").save(path, quality=80)
    return paths


def work(phone, sentences, pictures, slugs=SLUGS):
    """One report after the other, the kinds in turn, a photo with each as long as there are any."""
    for number, sentence in enumerate(sentences):
        phone.record(slugs[number % len(slugs)], sentence, pictures[number : number + 1])


def test_fifty_reports_and_thirty_photos_of_a_shift_arrive_once(phone, network, pictures):
    """Without network from the first to the last; the phone dies in the middle; then of every three answers one is lost."""
    phone.sign_in(OFFICER)
    phone.wait_until_ready()
    before = {report["id"] for report in phone.mine()}
    network.state = "down"
    sentences = [f"Giliran jaga, laporan {number:02}." for number in range(50)]
    work(phone, sentences[:25], pictures[:25])
    phone.kill()
    phone.open()
    phone.page.goto("/antrean/")
    assert phone.count("outbox") == 25
    work(phone, sentences[25:], pictures[25:])
    assert (phone.count("outbox"), phone.count("photos")) == (50, 30)
    network.state = "lossy"
    phone.page.goto("/profil/")
    if "/masuk/" in phone.page.url:  # a browser writes cookies every half minute: the last ones died with the battery
        phone.sign_in(OFFICER)
    phone.wait_until_sent(300)
    assert network.lost >= 10
    network.state = "up"
    mine = [report for report in phone.mine() if report["id"] not in before]
    assert said(mine) == sorted(sentences)
    assert {report["version"] for report in mine} == {1}
    assert photos_of(mine) == 30
    assert (phone.count("photos"), phone.count("drafts"), phone.count("sent")) == (0, 0, 50)


def test_an_expired_session_a_stranger_and_a_restart_lose_nothing(phone, network, polmas, pictures):
    phone.sign_in(OFFICER)
    phone.wait_until_ready()
    before = {report["id"] for report in phone.mine()}
    network.state = "down"
    sentences = [f"Setelah sesi berakhir, laporan {number}." for number in range(12)]
    work(phone, sentences, pictures[:6])
    polmas.manage("shell", "-c", END_SESSIONS)
    network.state = "up"
    phone.page.goto("/antrean/")
    phone.page.wait_for_url("**/masuk/**")

    phone.sign_in(COLLEAGUE)
    phone.page.goto("/antrean/")
    expect(phone.page.locator("#waiting")).to_be_hidden()
    phone.page.wait_for_timeout(2_000)
    assert phone.count("outbox") == 12
    assert not set(said(phone.mine())) & set(sentences)
    phone.page.goto("/profil/")
    phone.page.locator("main form[data-sign-out] button").click()
    phone.page.wait_for_url("**/masuk/**")

    phone.sign_in(OFFICER)
    network.state = "lossy"
    phone.page.goto("/antrean/")
    phone.page.wait_for_timeout(1_000)
    polmas.restart_web()
    phone.wait_until_sent(300)
    network.state = "up"
    mine = [report for report in phone.mine() if report["id"] not in before]
    assert said(mine) == sorted(sentences)
    assert photos_of(mine) == 6


def test_the_officers_pages_open_without_network(phone, network):
    phone.sign_in(OFFICER)
    phone.wait_until_ready()
    phone.record("dds", "Kunjungan sebelum jaringan hilang.")
    expect(phone.page.locator("#saved-report")).to_be_visible(timeout=20_000)
    network.state = "down"
    page = phone.page
    for address in ("/", "/catat/", *(f"/catat/{slug}/?baru=1" for slug in SLUGS), "/antrean/", "/kegiatan/"):
        page.goto(address)
        expect(page.locator("#main h1")).not_to_be_empty()
    page.goto("/")
    expect(page.locator("#home")).to_be_visible()
    expect(page.locator("#home-person")).to_contain_text("Sutrisno")
    expect(page.locator("#home-villages-rows")).to_contain_text("Pedalangan")
    page.goto("/catat/dds/?baru=1")
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")
    page.goto("/rekap/")
    expect(page.locator("h1")).to_contain_text(re.compile("jaringan|network"))


def test_a_new_version_waits_until_it_is_wanted_and_the_draft_stays(phone, network):
    """The page that is open goes on with the scripts that it began with."""
    phone.sign_in(OFFICER)
    phone.wait_until_ready()
    page = phone.page
    open_form(page)
    page.locator("#result").fill("Ditulis dengan versi lama.")
    notice = page.locator("[data-new-version]").first
    expect(notice).to_be_hidden()
    network.has_new_version = True
    page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")
    expect(notice).to_be_visible()
    expect(page.locator("#result")).to_have_value("Ditulis dengan versi lama.")
    with page.expect_navigation():
        notice.get_by_role("button").click()
    expect(page.locator("#result")).to_have_value("Ditulis dengan versi lama.")
    expect(page.locator("[data-new-version]").first).to_be_hidden()
    fill_new_household(page, "Ibu Versi")
    save(page)
    phone.wait_until_sent()
    assert "Ditulis dengan versi lama." in said(phone.mine())


def set_pin(page, pin="271828"):
    expect(page.locator("#pin-form")).to_be_visible()
    page.locator("#pin").fill(pin)
    page.locator("#pin-again").fill(pin)
    page.locator("#pin-form [type=submit]").click()
    page.wait_for_url(lambda address: "/ponsel/" not in address)


def give_pin(page, pin):
    expect(page.locator("#lock")).to_be_visible()
    page.locator("#pin").fill(pin)
    page.locator("#lock [type=submit]").click()


def test_a_remembered_phone_asks_for_its_pin_after_a_restart(phone, network):
    phone.sign_in(OFFICER, remember=True)
    set_pin(phone.page)
    phone.wait_until_ready()
    network.state = "down"
    phone.record("dds", "Ditulis di balik PIN.")
    phone.context.close()
    phone.open()
    phone.page.goto("/")
    phone.page.wait_for_url("**/kunci/**")
    give_pin(phone.page, "314159")
    expect(phone.page.locator("#lock-error-text")).to_contain_text("9")
    give_pin(phone.page, "271828")
    phone.page.wait_for_url(lambda address: "/kunci/" not in address)
    expect(phone.page.locator("#home-waiting-rows li")).to_have_count(1)
    network.state = "up"
    phone.wait_until_sent()
    assert "Ditulis di balik PIN." in said(phone.mine())


def test_a_phone_that_was_put_out_wipes_itself_and_gives_its_queue_back_for_the_password(phone, network, polmas):
    phone.sign_in(OFFICER, remember=True)
    set_pin(phone.page)
    phone.wait_until_ready()
    network.state = "down"
    phone.record("dds", "Menunggu di ponsel yang dikeluarkan.")
    polmas.manage("shell", "-c", PUT_OUT)
    network.state = "up"
    phone.page.goto("/")
    phone.page.wait_for_url("**/masuk/**")
    phone.page.wait_for_function("() => !localStorage.getItem('polmas.devices')?.includes('-')")
    assert (phone.count("cache"), phone.count("outbox")) == (0, 1)
    phone.sign_in(OFFICER)
    if "/ponsel/" not in phone.page.url:
        phone.page.goto("/ponsel/?next=/antrean/")
    set_pin(phone.page, "161803")
    phone.wait_until_sent()
    assert "Menunggu di ponsel yang dikeluarkan." in said(phone.mine())


def test_a_repeat_sambang_without_network_takes_eight_taps_and_one_sentence(phone, network):
    phone.sign_in(OFFICER)
    page = phone.page
    open_form(page)
    fill_new_household(page, "Ibu Ulang")
    page.locator("#result").fill("Perkenalan.")
    save(page)
    expect(page.locator("#saved-report")).to_be_visible(timeout=20_000)
    page.evaluate(FORGET_CACHE)
    phone.wait_until_ready()
    network.state = "down"
    page.goto("/catat/")
    taps = 1  # the button that leads to this page
    page.locator(".kind-card[data-kind=DDS]").first.click()
    taps += 1
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")
    page.evaluate(COUNT_TAPS)
    expect(page.locator("#subject")).to_be_visible()
    page.locator("#subject").click()
    page.locator("#result").click()
    page.keyboard.type("Aman, warga rutin ronda.")
    save(page)
    taps += page.evaluate("() => window.taps")
    assert taps <= MOST_TAPS
    network.state = "up"
    phone.wait_until_sent()
