"""A paper report: the operator records it in the officer's name, the officer confirms it with one tap, the colleague finds it, too."""

import datetime
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.e2e.conftest import violations

# People of their own, so that nobody else's numbers change.
PEOPLE = """
import datetime
from mapping.models import Area, Beat
from polmas.people.models import Role, Unit
from tests.cast import LONG_AGO, make_person
unit = Unit.objects.get(code="POLSEK-BANYUMANIK")
make_person("80010081", "Wahyu Nugroho", unit, Role.OPERATOR_POLSEK, "BRIGPOL")
for username, name in (("80010071", "Rina Astuti"), ("80010072", "Bagus Santoso")):
    officer = make_person(username, name, unit, Role.BHABINKAMTIBMAS, "BRIPKA")
    Beat.objects.create(user=officer, area=Area.objects.get(code="33.74.11.1005"), unit=unit, starts_on=LONG_AGO, is_primary=False)
"""
JAKARTA = ZoneInfo("Asia/Jakarta")
SENT = re.compile("dan terkirim|and sent")
STATE = "id => fetch(`/api/v1/reports/${id}/`).then(answer => answer.json())"


def test_the_operator_records_and_the_officer_confirms(open_as, polmas, axe):
    polmas.manage("shell", "-c", PEOPLE)
    clerk = open_as("80010081")
    clerk.goto("/catat/atas-nama/?q=Rina")
    assert violations(clerk, axe) == []
    clerk.locator("main .rows a", has_text="Rina Astuti").click()
    expect(clerk.locator("h1")).to_contain_text("Rina Astuti")
    assert clerk.locator('.kind-card[data-kind="PS"]').count() == 0
    assert violations(clerk, axe) == []
    clerk.locator('.kind-card[data-kind="DDS"]').first.click()
    expect(clerk.locator("#area-held option")).to_have_count(1)
    clerk.locator("#save").click()
    expect(clerk.locator("[data-fault=occurred_at] [data-fault-note]")).to_be_visible()
    yesterday = datetime.datetime.now(JAKARTA).date() - datetime.timedelta(days=1)
    clerk.locator("#occurred_at").fill(f"{yesterday}T09:15")
    clerk.locator("#area").select_option("33.74.11.1005")
    clerk.locator("#declined").click()
    clerk.locator("#result").fill("Warga minta lampu jalan diperbaiki.")
    clerk.locator("#more summary").click()
    clerk.locator("#colleagues button", has_text="Bagus Santoso").click()
    assert violations(clerk, axe) == []
    clerk.locator("#save").click()
    expect(clerk.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    expect(clerk.locator("#saved-what")).to_contain_text("Rina Astuti")
    uuid = clerk.locator("#saved-report").get_attribute("href").strip("/").split("/")[-1]
    clerk.goto("/kegiatan/atas-nama/")
    expect(clerk.locator("main")).to_contain_text("Wahyu Nugroho")
    assert violations(clerk, axe) == []

    officer = open_as("80010071")
    expect(officer.locator("main")).to_contain_text("Wahyu Nugroho")
    assert violations(officer, axe) == []
    report = officer.evaluate(STATE, uuid)
    assert (report["state"], report["recorded_by"]["name"], report["area"], report["location"]) == (
        "proposed",
        "Wahyu Nugroho",
        "33.74.11.1005",
        None,
    )
    assert report["occurred_at"] == f"{yesterday}T09:15:00+07:00"
    officer.locator("button[name=answer][value=confirm]").click()
    officer.wait_for_url(f"**/kegiatan/{uuid}/")
    assert officer.evaluate(STATE, uuid)["state"] == "submitted"
    assert violations(officer, axe) == []

    companion = open_as("80010072")
    companion.goto("/kegiatan/ikut/")
    assert violations(companion, axe) == []
    companion.locator("main .rows a").click()
    expect(companion.locator("main")).to_contain_text("Rina Astuti")
    assert "lampu jalan" not in companion.locator("main").inner_text()
    assert violations(companion, axe) == []


def test_without_the_network_nothing_is_recorded_under_the_wrong_name(open_as, polmas):
    """The page kept on a phone knows of no officer: asked for one, it offers no form."""
    page = open_as("80010001")
    page.goto("/luring/catat/dds/")
    page.goto("/luring/catat/dds/?atas-nama=80010002")
    expect(page.locator("#notice .alert")).to_be_visible()
    expect(page.locator("#entry")).to_be_hidden()
