"""An operator's tables and calendars in the browser, with the worker behind them."""

import io
from pathlib import Path

from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from tests.e2e.conftest import violations

TITLES = ["NRP", "Nama", "Pangkat", "Kode Satuan", "Peran", "Mulai", "Wilayah"]
ROWS = (
    ["81239001", "Wahyu Adi", "Bripda", "POLSEK-GAJAHMUNGKUR", "bhabinkamtibmas", "2026-11-01", "33.74.09.1001"],
    ["81239002", "Salah Tulis", "Bripda", "POLSEK-ENTAH", "bhabinkamtibmas", "besok", ""],
)
OWN = "kopi-pagi-di-sawah"


def table() -> bytes:
    book = Workbook()
    for row in (TITLES, *ROWS):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_from_the_file_to_the_first_sign_in(open_as, axe):
    operator = open_as("80000001", size="desktop")
    operator.goto("/kelola/impor/")
    assert violations(operator, axe) == []
    operator.locator("details:has(#people_file) > summary").first.click()
    operator.locator("#people_file").set_input_files({"name": "personel.xlsx", "mimeType": "application/zip", "buffer": table()})
    operator.locator("form:has(#people_file) button").click()
    apply = operator.locator("form[action$='/terapkan/'] button")
    expect(apply).to_be_visible(timeout=30_000)
    expect(operator.locator("main")).to_contain_text("Kode Satuan")
    assert violations(operator, axe) == []
    apply.click()
    take = operator.locator("form[action$='/sandi/'] button")
    expect(take).to_be_visible(timeout=30_000)
    take.click()
    with operator.expect_download() as download:
        operator.locator("dialog .btn-primary").click()
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).active.iter_rows()]
    assert [row[0] for row in rows[1:]] == ["81239001"]

    newcomer = open_as(None)
    newcomer.goto("/masuk/")
    newcomer.locator("input[name=username]").fill("81239001")
    newcomer.locator("input[name=password]").fill(rows[1][3])
    newcomer.locator("input[name=password]").press("Enter")
    newcomer.wait_for_url("**/profil/sandi/")
    assert violations(newcomer, axe) == []
    for name, password in (("old_password", rows[1][3]), ("new_password1", OWN), ("new_password2", OWN)):
        newcomer.locator(f"input[name={name}]").fill(password)
    newcomer.locator("main form button.btn-primary").click()
    newcomer.wait_for_url(lambda address: address.endswith("/"))
    expect(newcomer.locator("main")).to_contain_text("Gajahmungkur")


def test_an_absence_on_the_phone_and_the_months_around_it(open_as, axe):
    operator = open_as("80000001")
    operator.goto("/absen/baru/")
    operator.locator("[name=user]").select_option("80020001")
    operator.locator("[name=kind]").select_option("CUTI")
    operator.locator("[name=starts_on]").fill("2027-01-30")
    operator.locator("[name=ends_on]").fill("2027-02-02")
    operator.locator("main form button.btn-primary").click()
    operator.wait_for_url("**/absen/?bulan=2027-01")
    expect(operator.locator(".calendar-count")).to_have_count(2)  # January 2027 ends on a Sunday
    assert operator.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(operator, axe) == []
    operator.locator("a[rel=next]").click()
    operator.wait_for_url("**bulan=2027-02**")
    expect(operator.locator("main .rows")).to_contain_text("Agus Riyanto")


def test_a_day_of_the_roster_by_taps(open_as, axe):
    kanit = open_as("80010090")
    kanit.goto("/piket/2027-03-01/")
    kanit.locator("label.chip:has-text('Sutrisno')").first.tap()
    kanit.locator(".action-bar .btn-primary").tap()
    kanit.wait_for_url("**/piket/?**bulan=2027-03")
    expect(kanit.locator("table")).to_contain_text("Sutrisno")
    assert violations(kanit, axe) == []
    assert kanit.evaluate("document.documentElement.scrollWidth") <= 360
