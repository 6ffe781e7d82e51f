"""A patrol on the officer's phone: points by one tap, without network, left and found again, with a post by its code."""

import datetime
import re

from playwright.sync_api import expect

from tests.e2e.conftest import violations

OFFICER = "80010001"
SENT = re.compile("dan terkirim|and sent")
WAITING = re.compile("menunggu kirim|waiting to be sent")
ADD_POST = """
from mapping.models import Area, Place
from polmas.people.models import Unit
place = Place.objects.create(unit=Unit.objects.get(code="POLSEK-BANYUMANIK"), area=Area.objects.get(code="33.74.11.1004"), name="Pos RW 05", rw="005")
print(place.uuid)
"""


def open_form(page, address="/catat/patroli/?baru=1"):
    page.goto(address)
    expect(page.locator("#entry")).to_be_visible()
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")


def mark(page, number):
    page.locator("[data-row-add]").click()
    expect(page.locator("[data-row-box] > li")).to_have_count(number)


def choose(page, name, value):
    page.locator(f"input[name={name}][value={value}]").check(force=True)


def from_server(page):
    uuid = page.locator("#saved-report").get_attribute("href").strip("/").split("/")[-1]
    return page.evaluate("id => fetch(`/api/v1/reports/${id}/`).then(answer => answer.json())", uuid)


def test_a_patrol_is_a_tap_for_each_point(open_as, axe):
    page = open_as(OFFICER)
    open_form(page)
    page.locator("#save").click()
    expect(page.locator("#fault-rows li")).to_have_count(2)  # how they went, and a point
    choose(page, "detail-mode", "R2")
    mark(page, 1)
    mark(page, 2)
    expect(page.locator("[data-row-box] > li").last.locator(".row-meta")).to_contain_text("12 m")
    assert not violations(page, axe)
    page.locator("[data-points-undo]").click()
    expect(page.locator("[data-row-box] > li")).to_have_count(1)
    mark(page, 2)
    page.locator("[data-row-box] summary").last.click()
    page.locator("[data-row-box] [data-name=name]").last.fill("Ruko Tirto Agung")
    expect(page.locator("#fault-rows li")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    report = from_server(page)
    assert report["detail"]["mode"] == "R2"
    first, second = report["detail"]["checkpoints"]
    assert (first["location"], second["name"]) == ({"lat": -7.0629, "lon": 110.428, "accuracy": 12}, "Ruko Tirto Agung")
    moments = [report["occurred_at"], report["ended_at"], first["at"], second["at"]]
    start, end, first_at, second_at = map(datetime.datetime.fromisoformat, moments)
    assert (start, end) == (first_at, second_at)
    open_form(page)  # the mode is the one of last time
    expect(page.locator("input[name=detail-mode][value=R2]")).to_be_checked()


def test_words_are_asked_for_where_it_was_not_safe(open_as):
    page = open_as(OFFICER)
    open_form(page)
    choose(page, "detail-mode", "JALAN_KAKI")
    mark(page, 1)
    choose(page, "situation", "RAWAN")
    page.locator("#save").click()
    expect(page.locator("#fault-rows li")).to_have_count(1)
    page.locator("#narrative").fill("Sekelompok remaja diminta pulang.")
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)


def test_a_patrol_without_network_survives_a_reload_and_is_found_again(open_as):
    page = open_as(OFFICER)
    open_form(page)
    choose(page, "detail-mode", "SEPEDA")
    mark(page, 1)
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator("[data-row-box] > li")).to_have_count(1)
    page.goto("/catat/")
    running = page.locator("#draft-rows a").first
    expect(running).to_contain_text(re.compile("Patroli berjalan sejak|Patrol going on since"))
    running.click()
    expect(page.locator("[data-row-box] > li")).to_have_count(1)
    page.context.set_offline(True)
    mark(page, 2)
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(WAITING)
    page.context.set_offline(False)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=30_000)
    assert len(from_server(page)["detail"]["checkpoints"]) == 2


def test_the_code_of_a_post_leads_to_a_point_of_the_running_patrol(open_as, polmas):
    post = polmas.manage("shell", "-v", "0", "-c", ADD_POST).strip().splitlines()[-1]
    page = open_as(OFFICER)
    open_form(page)
    choose(page, "detail-mode", "R2")
    mark(page, 1)
    page.wait_for_timeout(300)
    page.goto(f"/pos/{post}/")
    page.get_by_role("link", name=re.compile("Titik patroli|Point of a patrol")).click()
    expect(page.locator("[data-row-box] > li")).to_have_count(2)
    expect(page.locator("[data-row-box] > li").last).to_contain_text("Pos RW 05")
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator("[data-row-box] > li")).to_have_count(2)
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    assert from_server(page)["detail"]["checkpoints"][1]["post"]["id"] == post


def test_a_colleague_checks_in_at_a_post_of_the_same_polsek(open_as, polmas, axe):
    post = polmas.manage("shell", "-v", "0", "-c", ADD_POST).strip().splitlines()[-1]
    page = open_as("80010002")
    page.goto(f"/pos/{post}/")
    assert violations(page, axe) == []
    page.get_by_role("link", name=re.compile("Titik patroli|Point of a patrol")).click()
    expect(page.locator("[data-row-box] > li")).to_have_count(1)
    expect(page.locator("[data-row-box] > li")).to_contain_text("Pos RW 05")
    choose(page, "detail-mode", "R2")
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    assert from_server(page)["detail"]["checkpoints"][0]["post"]["id"] == post


def test_the_track_is_kept_while_it_is_switched_on(open_as):
    page = open_as(OFFICER)
    open_form(page)
    choose(page, "detail-mode", "JALAN_KAKI")
    page.locator("[data-track-on]").check()
    for step in range(4):
        page.context.set_geolocation({"latitude": -7.0629 + step * 0.0005, "longitude": 110.4280, "accuracy": 8})
        page.wait_for_timeout(400)
    mark(page, 1)
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=20_000)
    assert len(from_server(page)["detail"]["track"]) >= 3
