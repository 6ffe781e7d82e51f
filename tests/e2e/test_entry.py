"""The officer's phone: a sambang from the form to the server, with and without network, within its budgets."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import violations

OFFICER = "80010001"
FIRST_LOAD_KB = 180  # ux.md section 4
MOST_TAPS = 8
SENT = re.compile("dan terkirim|and sent")
WAITING = re.compile("menunggu kirim|waiting to be sent")

COUNT_TAPS = """() => { window.taps = 0; document.addEventListener("click", event => { if (event.isTrusted) window.taps += 1; }, true); }"""
TRANSFERRED = """() => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
    .filter(entry => !entry.name.includes("/api/")).reduce((sum, entry) => sum + entry.transferSize, 0)"""


def open_form(page, address="/catat/dds/?baru=1"):
    page.goto(address)
    expect(page.locator("#entry")).to_be_visible()
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")


def fill_new_household(page, name):
    page.locator("#subject-new").click()
    page.locator("#head_name").fill(name)
    page.locator("#rt").fill("3")
    page.locator("#rw").fill("5")


def save(page):
    page.locator("#save").click()
    expect(page.locator("#saved")).to_be_visible()


def report_id(page):
    page.goto("/antrean/")
    link = page.locator("#sent-rows a").first
    expect(link).to_be_visible()
    return link.get_attribute("href").strip("/").split("/")[-1]


def from_server(page, uuid):
    return page.evaluate("id => fetch(`/api/v1/reports/${id}/`).then(answer => answer.json())", uuid)


@pytest.fixture
def picture(tmp_path):
    """A photo larger than the form keeps, made of noise so that it does not compress away."""
    from PIL import Image

    path = tmp_path / "besar.jpg"
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(path, quality=95)
    return path


def test_a_sambang_with_a_photo_reaches_the_server(open_as, picture):
    page = open_as(OFFICER)
    page.goto("/catat/")
    page.locator('.kind-card[data-kind="DDS"]').first.click()
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")
    fill_new_household(page, "Bapak Widodo")
    page.locator("#result").fill("Lampu jalan gang 3 mati sejak seminggu.")
    page.locator("#voices input[value=KELUHAN]").check(force=True)
    page.locator("#voices input[value=TINGGI]").check(force=True)
    page.locator("#photo-input").set_input_files(picture)
    expect(page.locator("#photos img")).to_have_count(1)
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    report = from_server(page, report_id(page))
    assert report["location"] == {"lat": -7.0629, "lon": 110.428, "accuracy": 12}
    assert report["area"] == "33.74.11.1004"
    assert report["detail"]["household"]["head_name"] == "Bapak Widodo"
    assert report["detail"]["purposes"] == ["SILATURAHMI"]
    assert report["detail"]["opinions"][0]["text"] == "Lampu jalan gang 3 mati sejak seminggu."
    [photo] = report["photos_received"]
    assert max(photo["width"], photo["height"]) <= 1600


def test_a_repeat_sambang_takes_eight_taps_and_one_sentence(open_as):
    page = open_as(OFFICER)
    open_form(page)
    fill_new_household(page, "Ibu Sri")
    page.locator("#result").fill("Perkenalan.")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    page.goto("/catat/")
    page.evaluate("sessionStorage.clear()")
    taps = 1  # the button that leads to this page
    page.locator('.kind-card[data-kind="DDS"]').first.click()
    taps += 1
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")
    page.evaluate(COUNT_TAPS)
    expect(page.locator("#subject .subject-hint")).to_be_visible()
    page.locator("#subject").click()
    expect(page.locator("#subject .subject-hint")).to_be_hidden()
    page.locator("#result").click()
    page.keyboard.type("Aman, warga rutin ronda.")
    save(page)
    taps += page.evaluate("() => window.taps")
    assert taps <= MOST_TAPS
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)


def test_a_household_of_another_village_is_named_before_and_after_saving(open_as):
    """Without a position a household of Padangsari is filed; later it is picked while standing in Pedalangan."""
    page = open_as(OFFICER)
    page.context.clear_permissions()
    page.goto("/catat/dds/?baru=1")
    fill_new_household(page, "Bapak Seberang")
    page.locator("#area").select_option("33.74.11.1003")
    page.locator("#result").fill("Perkenalan di Padangsari.")
    save(page)
    expect(page.locator("#saved-what")).to_have_text(re.compile("Bapak Seberang · Padangsari"))
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    page = open_as(OFFICER)  # another phone: this one knows the household from the server
    open_form(page)
    page.locator("#absent").check(force=True)
    expect(page.locator("#who-note")).not_to_be_empty()
    page.locator("#search-open").click()
    page.locator("#search").fill("seberang padangsari")
    row = page.locator("#search-rows button")
    expect(row).to_contain_text("Padangsari")
    row.click()
    expect(page.locator("#subject-meta")).to_contain_text("Padangsari")
    expect(page.locator("#who-note")).to_contain_text("Padangsari")
    expect(page.locator("#who-note")).to_contain_text("Pedalangan")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    expect(page.locator("#saved-outbox")).to_be_hidden()
    page.locator("#saved-report").click()
    page.wait_for_url("**/kegiatan/*/")
    assert "OTHER_VILLAGE" in from_server(page, page.url.strip("/").split("/")[-1])["flags"]


def test_a_draft_survives_a_reload_and_can_be_thrown_away(open_as, picture):
    page = open_as(OFFICER)
    open_form(page)
    fill_new_household(page, "Ibu Draf")
    page.locator("#result").fill("Belum selesai ditulis")
    page.locator("#photo-input").set_input_files(picture)
    expect(page.locator("#photos img")).to_have_count(1)
    expect(page.locator("#draft-state")).to_have_text(re.compile(r"\d\d[.]\d\d"), timeout=5_000)
    page.wait_for_timeout(2_500)
    page.reload()
    expect(page.locator("#result")).to_have_value("Belum selesai ditulis")
    expect(page.locator("#head_name")).to_have_value("Ibu Draf")
    expect(page.locator("#photos img")).to_have_count(1)
    page.goto("/catat/")
    expect(page.locator("#draft-rows li")).to_have_count(1)
    page.locator("#draft-rows a").click()
    page.locator("#notice form button").click()
    page.locator("dialog .btn-danger-solid").click()
    page.wait_for_url("**/catat/dds/?*")
    expect(page.locator("#entry")).to_be_visible()
    expect(page.locator("#result")).to_have_value("")
    page.goto("/catat/")
    expect(page.locator("#drafts")).to_be_hidden()


def test_without_network_a_report_waits_and_leaves_by_itself(open_as):
    page = open_as(OFFICER)
    open_form(page)
    page.context.set_offline(True)
    page.locator("#declined").click()
    page.locator("#result").fill("Ditulis tanpa jaringan.")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(WAITING)
    page.context.set_offline(False)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    assert from_server(page, report_id(page))["result"] == "Ditulis tanpa jaringan."


def test_without_a_position_the_village_is_chosen(open_as):
    page = open_as(OFFICER)
    page.context.clear_permissions()
    page.goto("/catat/dds/?baru=1")
    expect(page.locator("#where-choice")).to_be_visible()
    page.locator("#declined").click()
    page.locator("#area").select_option("")
    page.locator("#save").click()
    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("#fault-rows li")).to_have_count(2)
    page.locator("#area").select_option("33.74.11.1003")
    page.locator("#result").fill("Tanpa posisi.")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    report = from_server(page, report_id(page))
    assert (report["area"], report["location"]) == ("33.74.11.1003", None)
    assert "NO_POSITION" in report["flags"]


def test_the_officer_corrects_an_own_report(open_as):
    page = open_as(OFFICER)
    open_form(page)
    page.locator("#declined").click()
    page.locator("#result").fill("Kalimat pertama.")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    uuid = report_id(page)
    page.goto(f"/catat/dds/{uuid}/")
    expect(page.locator("#result")).to_have_value("Kalimat pertama.")
    page.locator("#result").fill("Kalimat yang diperbaiki.")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    report = from_server(page, uuid)
    assert (report["version"], report["result"]) == (2, "Kalimat yang diperbaiki.")


def test_the_pin_moves_by_arrow_keys(open_as):
    page = open_as(OFFICER)
    open_form(page)
    page.locator("#pin").click()
    page.keyboard.press("ArrowUp")
    page.locator("#pin").click()
    page.locator("#declined").click()
    page.locator("#result").fill("Pin digeser.")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    place = from_server(page, report_id(page))["location"]
    assert place["accuracy"] is None
    assert -7.0629 < place["lat"] < -7.0628


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_the_phone(open_as, axe, scheme):
    page = open_as(OFFICER, scheme=scheme)
    for address in ("/catat/", "/catat/dds/?baru=1", "/antrean/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if "dds" in address:
            page.locator("#more summary").click()
            page.locator("#voices input[value=KELUHAN]").check(force=True)
            page.locator("#subject-new").click()
        assert violations(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_the_form_is_light(open_as):
    page = open_as(OFFICER)
    context = page.context.browser.new_context(
        base_url=page.url.split("/")[0] + "//" + page.url.split("/")[2], storage_state=page.context.storage_state()
    )
    try:
        fresh = context.new_page()
        fresh.goto("/catat/dds/?baru=1")
        fresh.wait_for_load_state("networkidle")
        assert fresh.evaluate(TRANSFERRED) <= FIRST_LOAD_KB * 1024
    finally:
        context.close()


def test_the_one_missing_thing_is_asked_for_and_reaches_the_household(open_as, axe):
    page = open_as(OFFICER)
    open_form(page)
    fill_new_household(page, "Keluarga Tanya")
    page.locator("#result").fill("Perkenalan.")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    page = open_as(OFFICER)
    open_form(page)
    expect(page.locator("#answer-part")).to_be_hidden()
    page.locator("#search-open").click()
    page.locator("#search").fill("keluarga tanya")
    page.locator("#search-rows button").click()
    expect(page.locator('[data-answer="phone"]')).to_be_visible()
    assert violations(page, axe) == []
    page.locator("#id_answer-phone").fill("belum")
    page.locator("#result").fill("Nomor diberikan.")
    page.locator("#save").click()
    expect(page.locator('[data-fault="answer-phone"] [data-fault-note]')).to_be_visible()
    page.locator("#id_answer-phone").fill("0812 3456 7890")
    page.wait_for_timeout(2500)
    page.reload()
    expect(page.locator("#id_answer-phone")).to_have_value("0812 3456 7890")
    save(page)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    asked = page.evaluate("() => fetch('/api/v1/households/?page_size=200').then(answer => answer.json())")["results"]
    [household] = [entry for entry in asked if entry["head_name"] == "Keluarga Tanya"]
    assert household["suggestion"]["field"] == "landmark"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_party_of_a_problem_is_two_fields_and_the_rest_on_demand(open_as, axe, scheme):
    page = open_as(OFFICER, scheme=scheme)
    open_form(page, "/catat/ps/?baru=1")
    parties = page.locator('[data-rows="parties"] fieldset')
    expect(parties).to_have_count(2)
    first, second = parties.nth(0), parties.nth(1)
    expect(first.locator('[data-name="occupation"]')).to_be_hidden()
    first.locator('[data-name="name"]').fill("Paijo")
    second.locator('[data-name="name"]').fill("T.K.")
    second.locator("details > summary").click()
    second.locator('[data-name="occupation"]').fill("Tani")
    assert violations(page, axe) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= 360")
    page.wait_for_timeout(2500)
    page.reload()
    expect(parties.nth(0).locator('[data-name="occupation"]')).to_be_hidden()
    expect(parties.nth(1).locator('[data-name="occupation"]')).to_be_visible()


def test_what_waits_is_told_in_the_words_of_its_form(open_as, axe):
    page = open_as(OFFICER)
    open_form(page)
    fill_new_household(page, "Bu Kata")
    page.locator("#result").fill("Aman.")
    page.route("**/api/v1/reports/sync/", lambda route: route.abort())
    save(page)
    page.goto("/antrean/")
    page.locator("#waiting-rows [data-act=look]").first.click()
    told = page.locator("dialog[open] dl")
    expect(told).to_contain_text("Silaturahmi")
    expect(told).to_contain_text(re.compile("Kepala keluarga|Head of the household"))
    for raw in ("SILATURAHMI", "head_name", "AMAN", "PRA"):
        expect(told).not_to_contain_text(raw)
    assert violations(page, axe) == []
