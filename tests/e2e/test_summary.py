"""A weekly summary in the browser: two writers at once, an approval that comes too late, sent up, returned, mended, received; and a
dashboard that renews itself."""

import datetime

from playwright.sync_api import expect

from tests.e2e.conftest import violations

ANALYSIS = "Ronda malam belum berjalan di dua RW."
THEIRS = "Menjelang akhir pekan jalan utama lebih ramai."
NOTE = "Sebutkan langkah yang sudah diambil."
STEPS = "Ronda malam dihidupkan lagi bersama ketua RW."
VISIT = """
from polmas.people.models import User
from tests.patrol.items import file_report
file_report(User.objects.get(username="80010001"))
"""


def confirm(page, name):
    page.get_by_role("button", name=name).click()
    page.locator("dialog[open] .btn-primary").click()


def send(page):
    """Sent up, and the page that says so is there: others may look now."""
    confirm(page, "Kirim")
    expect(page.get_by_role("button", name="Kirim")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Terkirim")


def open_summary(page, polmas):
    """The summary of last week, built by the worker."""
    today = datetime.date.today()  # noqa: DTZ011
    monday = today - datetime.timedelta(days=today.weekday() + 7)
    polmas.manage("build_summaries", "--period", "weekly", "--start", monday.isoformat(), "--unit", "POLSEK-BANYUMANIK")
    rows = page.locator("main a.row-link[href^='/rekap/'], main table a[href^='/rekap/']")
    for _try in range(30):
        page.goto("/rekap/?periode=weekly")
        if rows.count():
            break
        page.wait_for_timeout(1_000)
    rows.first.click()
    expect(page.locator("article.paper")).to_be_visible()
    return page.url


def test_a_summary_from_two_writers_to_the_polres(open_as, polmas, axe):
    kanit, second = open_as("80010090", size="desktop"), open_as("80010090")
    address = open_summary(kanit, polmas)
    for page in (kanit, second):
        page.goto(f"{address}ubah/")
    kapolsek = open_as("80010099")
    kapolsek.goto(address)

    kanit.locator("textarea[name=analysis]").fill(ANALYSIS)
    kanit.get_by_role("button", name="Simpan").click()
    expect(kanit.locator("article.paper")).to_contain_text(ANALYSIS)
    second.locator("textarea[name=analysis]").fill(THEIRS)
    second.get_by_role("button", name="Simpan").click()
    expect(second.locator("textarea[name=analysis]")).to_have_value(THEIRS)
    expect(second.locator("main")).to_contain_text(ANALYSIS)
    assert violations(second, axe) == []

    confirm(kapolsek, "Sahkan")
    expect(kapolsek.locator("article.paper")).to_contain_text(ANALYSIS)
    expect(kapolsek.locator("main")).not_to_contain_text("Disahkan dalam sistem")
    confirm(kapolsek, "Sahkan")
    expect(kapolsek.locator("main")).to_contain_text("Disahkan dalam sistem")
    send(kapolsek)
    assert violations(kapolsek, axe) == []

    polres = open_as("80000099", size="desktop")
    polres.goto(address)
    polres.get_by_role("link", name="Kembalikan").click()
    polres.locator("textarea[name=note]").fill(NOTE)
    polres.get_by_role("button", name="Kembalikan").click()
    expect(polres.locator("main")).to_contain_text(NOTE)

    kanit.goto("/rekap/?periode=weekly")
    kanit.locator("main table a[href^='/rekap/']").first.click()
    expect(kanit.locator("main")).to_contain_text(NOTE)
    mended = kanit.url
    kanit.get_by_role("link", name="Tulis").click()
    kanit.locator("textarea[name=steps]").fill(STEPS)
    kanit.get_by_role("button", name="Simpan").click()
    expect(kanit.locator("article.paper")).to_contain_text(STEPS)
    kapolsek.goto(mended)
    confirm(kapolsek, "Sahkan")
    send(kapolsek)
    polres.goto(mended)
    polres.get_by_role("button", name="Terima").click()
    expect(polres.locator("main")).to_contain_text("Diterima")
    expect(polres.locator("article.paper")).to_contain_text(STEPS)
    assert violations(polres, axe) == []

    outsider = open_as("80020001")
    assert outsider.goto(mended).status == 404
    assert outsider.goto(f"{mended}pdf/").status == 404


def test_a_dashboard_renews_itself(open_as, polmas):
    kapolsek = open_as("80010099", size="desktop")
    kapolsek.clock.install()
    kapolsek.goto("/dasbor/?pilihan=bulan")
    fold = kapolsek.locator("details.fold summary", has_text="Tanggal lain")
    fold.click()
    number = kapolsek.locator(".stat-number").first
    before = int(number.inner_text().replace(".", ""))
    polmas.manage("shell", "-c", VISIT)
    kapolsek.clock.fast_forward(46_000)
    expect(number).to_have_text(str(before + 1))
    expect(kapolsek.locator("details.fold[open]")).to_contain_text("Tanggal lain")
