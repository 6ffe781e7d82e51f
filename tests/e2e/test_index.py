"""A member of a board scores on the phone: one indicator after the other, kept as it is typed; the board closes the quarter."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import violations

SCENE = """
from polmas.summaries.models import IndexPeriod
from tests.cast import make_person
from tests.summaries.index_scenes import make_board, make_period
from polmas.people.models import Unit, User
from mapping.models import Area
import types
unit = Unit.objects.get(code="POLSEK-BANYUMANIK")
cast = types.SimpleNamespace(areas={"33.74.11": Area.objects.get(code="33.74.11")}, units=types.SimpleNamespace(banyumanik=unit))
board = make_board(cast, user=make_person("dewan-ratna", "Dr. Ratna Dewi"))
print(make_period(board, User.objects.get(username="80010090")).uuid)
"""


@pytest.fixture
def quarter(polmas):
    return polmas.manage("shell", "-v0", "-c", SCENE).strip().splitlines()[-1]


def test_a_quarter_is_scored_on_the_phone_and_closed(open_as, quarter, axe):
    page = open_as("dewan-ratna")
    page.goto("/")
    page.get_by_role("link", name=re.compile("Lembar nilai Anda|Your score sheet")).tap()
    page.get_by_role("link", name=re.compile("^(Mulai|Begin)$")).tap()
    page.wait_for_url(re.compile("/nilai/I1/"))
    assert violations(page, axe) == []
    page.locator("label.chip", has_text=re.compile("^4")).tap()
    page.locator("#id_reason").fill("Upacara rutin di semua sekolah.")
    expect(page.locator("[data-score-state]")).to_contain_text(re.compile("Tersimpan|Kept"))
    page.reload()
    expect(page.locator("#id_reason")).to_have_value("Upacara rutin di semua sekolah.")
    expect(page.locator("input[name=value][value='4']")).to_be_checked()
    page.get_by_role("button", name=re.compile("berikutnya|next one")).tap()
    page.wait_for_url(re.compile("/nilai/I2/"))

    kapolsek = open_as("80010099", size="desktop")
    kapolsek.goto(f"/indeks/{quarter}/")
    expect(kapolsek.locator("main")).not_to_contain_text("Upacara rutin")
    for act in ("Akhiri penilaian|End the scoring", "Tutup triwulan|Close the quarter"):
        kapolsek.get_by_role("button", name=re.compile(f"^({act})$")).click()
        kapolsek.locator("dialog").get_by_role("button", name=re.compile(act)).click()
        expect(kapolsek.locator("dialog")).to_have_count(0)
        kapolsek.wait_for_load_state()
    expect(kapolsek.locator(".seal")).to_contain_text("Bambang Supriyadi")
    expect(kapolsek.locator(".stat-number").first).to_have_text(re.compile("4[,.]00"))
    assert violations(kapolsek, axe) == []

    page.locator("label.chip", has_text=re.compile("^3")).tap()
    page.get_by_role("button", name=re.compile("berikutnya|next one")).tap()
    expect(page.locator("main")).to_contain_text(re.compile("tidak tersimpan|not saved"))
