"""The whole way of one report: from the officer's phone to the Kapolsek's signature, and the minutes on a member's phone."""

import datetime
import re

from playwright.sync_api import expect

from tests.e2e.test_entry import SENT, fill_new_household, open_form, picture, save

__all__ = ["picture"]

RESULT = "Warga meminta ronda malam diaktifkan lagi menjelang akhir tahun."
ADOPT = """
from fkpm.models import Forum
from polmas.people.models import User
from tests.fkpm.scenes import adopt, make_minutes
meeting = make_minutes(Forum.objects.get(name="FKPM Pedalangan"))
adopt(meeting, User.objects.get(username="ketua-pedalangan"), User.objects.get(username="fkpm-pedalangan"))
print(meeting.uuid)
"""


def reports_of_the_month(page):
    page.goto("/dasbor/?pilihan=bulan")
    return int(page.locator(".stat-number").first.inner_text().replace(".", ""))


def test_from_the_phone_to_the_signature(open_as, polmas, picture):
    kapolsek = open_as("80010099", size="desktop")
    before = reports_of_the_month(kapolsek)

    officer = open_as("80010001")
    open_form(officer)
    fill_new_household(officer, "Bapak Wiryawan")
    officer.locator("#result").fill(RESULT)
    officer.locator("#photo-input").set_input_files(picture)
    expect(officer.locator("#photos img")).to_have_count(1)
    save(officer)
    expect(officer.locator("#saved-title")).to_have_text(SENT, timeout=20_000)

    kanit = open_as("80010090", size="desktop")
    kanit.goto("/tinjau/?q=Wiryawan")
    kanit.locator("main a", has_text="Bapak Wiryawan").first.click()
    expect(kanit.locator("main")).to_contain_text(RESULT)
    expect(kanit.locator("main img").first).to_be_visible()
    kanit.wait_for_load_state()  # the page's scripts have run: it listens
    kanit.keyboard.press("v")
    expect(kanit.locator("main")).to_contain_text("terverifikasi", ignore_case=True)

    assert reports_of_the_month(kapolsek) == before + 1

    month = (datetime.date.today().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)  # noqa: DTZ011
    polmas.manage("build_summaries", "--period", "monthly", "--start", month.isoformat(), "--unit", "POLSEK-BANYUMANIK")
    expect_the_worker_to_build(kapolsek)
    kapolsek.locator("main table tbody a[href^='/rekap/'], main li a[href^='/rekap/']").first.click()
    kapolsek.get_by_role("button", name="Sahkan").click()
    kapolsek.locator("dialog[open] .btn-danger-solid, dialog[open] .btn-primary").click()
    expect(kapolsek.locator("main")).to_contain_text("Disahkan dalam sistem")
    with kapolsek.expect_download(timeout=60_000) as download:
        kapolsek.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def expect_the_worker_to_build(page):
    for _try in range(30):
        page.goto("/rekap/")
        if page.locator("main a[href^='/rekap/']", has_text=re.compile("Banyumanik|bulan", re.I)).count():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError("the worker built no summary")


def test_a_member_reads_the_minutes_and_nothing_else(open_as, polmas):
    uuid = polmas.manage("shell", "-c", ADOPT).split()[-1]
    member = open_as("fkpm-pedalangan")
    member.goto("/fkpm/")
    member.locator(f"main a[href*='{uuid}']").first.click()
    expect(member.locator("main")).to_contain_text("Lampu gang 3 diganti dari kas RW.")
    expect(member.locator("main")).to_contain_text("Disahkan")
    for path in ("/kegiatan/", "/dasbor/", "/rekap/", "/tinjau/", "/peta/", "/wilayah/", "/kelola/", "/catat/"):
        assert member.goto(path).status == 404
