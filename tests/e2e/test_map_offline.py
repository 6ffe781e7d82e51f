"""The map without network: own areas and what lies in them, for the one who is signed in alone."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import violations
from tests.e2e.phone import network, phone, playwright

__all__ = ["network", "phone", "playwright"]
OFFICER, COLLEAGUE = "80010001", "80010002"
AS_OF = re.compile("(Tanpa jaringan|Without network) · ")
POST = """
from django.contrib.gis.geos import Point
from mapping.models import Area, Place
from polmas.people.models import Unit
unit = Unit.objects.get(code="POLSEK-BANYUMANIK")
village = Area.objects.get(code="33.74.11.1004")
Place.objects.create(unit=unit, area=village, name="Pos Kamling Mawar", rw="005", location=Point(110.4280, -7.0629, srid=4326))
"""


def sign_out(phone):
    phone.page.goto("/profil/")
    phone.page.locator("main form[data-sign-out] button").click()
    phone.page.wait_for_url("**/masuk/**")


def test_own_areas_and_marks_without_network(phone, network, polmas, axe):
    polmas.manage("shell", "-c", POST)
    phone.sign_in(OFFICER)
    phone.wait_until_ready()
    network.state = "down"
    page = phone.page
    page.goto("/peta/")
    expect(page.locator("#map-as-of")).to_have_text(AS_OF)
    expect(page.locator("path.map-area-own")).to_have_count(2)
    assert violations(page, axe) == []
    mark = page.locator(".map-mark[title^='Pos Kamling Mawar']")
    page.locator(".map-button").tap()
    expect(page.locator("path.map-here")).to_be_visible()
    mark.tap()
    expect(page.locator(".map-card")).to_contain_text(re.compile("halamannya memerlukan jaringan|its page needs the network"))
    page.locator("input[value=posts]").uncheck(force=True)
    expect(mark).to_have_count(0)
    page.goto("/peta/?lapisan=posts")
    mark.tap()
    page.locator(".map-card a").tap()
    expect(page.locator("h1")).to_have_text(re.compile("Tanpa jaringan|No network"))

    network.state = "up"
    sign_out(phone)
    phone.sign_in(COLLEAGUE)
    phone.wait_until_ready()
    network.state = "down"
    page.goto("/peta/?lapisan=posts&lapisan=visits")
    expect(page.locator("path.map-area-own")).to_have_count(1)
    expect(page.locator(".map-mark")).to_have_count(0)
    assert "Mawar" not in page.content()


def test_a_phone_that_nobody_is_signed_in_on_shows_no_map(phone, network):
    phone.sign_in(OFFICER)
    phone.wait_until_ready()
    sign_out(phone)
    network.state = "down"
    phone.page.goto("/peta/")
    phone.page.wait_for_url("**/luring/sesi/")
