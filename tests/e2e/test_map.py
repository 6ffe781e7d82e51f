"""The map on a phone, by touch: layers, search, measuring, a problem added by a tap, its card, and an address that opens the same view."""

import json
import re

from playwright.sync_api import expect

from tests.e2e.conftest import violations

OFFICER = "80010001"


def tap(page, x, y):
    """Taps a place of the map, given in pixels from its corner."""
    frame = page.locator(".map-frame")
    frame.evaluate("element => element.scrollIntoView({ block: 'start' })")
    box = frame.bounding_box()
    page.touchscreen.tap(box["x"] + x, box["y"] + y)
    page.wait_for_timeout(350)  # two taps within 300 ms are one double tap


def tool(page, selector):
    """Takes one of the tools that stand behind a button on a phone."""
    page.locator(f".map-drop:has({selector}) > [data-drop]").tap()
    page.locator(selector).tap()


def layer(page, name):
    return page.locator(f"input[name=lapisan][value={name}]")


def test_from_a_tap_on_the_map_to_a_problem_and_back(open_as, axe):
    page = open_as(OFFICER)
    page.goto("/peta/")
    status = page.locator(".map-status")
    expect(status).to_have_text(re.compile(r"\d"))
    expect(page.locator("path.map-area-own").first).to_be_attached()
    assert violations(page, axe) == []

    page.locator("#map-search-text").fill("pedalangan")
    page.locator("#map-found button").first.tap()
    expect(page).to_have_url(re.compile("zoom=1[3-7]"))

    tool(page, "#map-measure")
    tap(page, 120, 150)
    tap(page, 220, 250)
    expect(page.locator("#map-hint")).to_contain_text(re.compile(r"(Jarak|Distance) [\d.,]+ k?m"))
    tap(page, 120, 250)
    expect(page.locator("#map-hint")).to_contain_text(re.compile(r"(luas|area) [\d.,]+ (m²|ha|km²)"))
    page.locator("#map-hint button").last.tap()
    expect(page.locator("path.map-measure")).to_have_count(0)

    page.locator("#map-create summary").tap()
    page.locator("#map-create a[href='/masalah/baru/'][data-draw=point]").tap()
    tap(page, 180, 200)
    page.wait_for_url(re.compile(r"/masalah/baru/\?titik=-7\.0\d+,110\.4\d+"))
    expect(page.locator("[data-shape-point]")).to_have_value(re.compile(r"^-7\.0\d+, 110\.4\d+$"))
    page.locator("#id_kind").select_option("LAMPU_MATI")
    page.locator("#id_title").fill("Lampu simpang mati")
    page.get_by_role("button", name=re.compile("Simpan|Save")).tap()
    page.wait_for_url(re.compile(r"/masalah/[0-9a-f-]{36}/"))

    page.goto("/peta/")
    layer(page, "problems").check(force=True)
    page.locator("#map-search-text").fill("lampu simpang")
    page.locator("#map-found button").first.tap()
    mark = page.locator(".leaflet-marker-icon", has=page.locator(".map-layer-problems")).first
    expect(mark).to_be_visible()
    mark.tap()
    card = page.locator(".map-card")
    expect(card).to_contain_text("Lampu simpang mati")
    expect(page).to_have_url(re.compile("zoom=17"))
    page.wait_for_timeout(800)  # the card moves the map until all of it is seen
    address = page.url
    view = re.search("lat=.*&lon=.*&zoom=17", address)[0]
    card.locator("a").first.tap()
    page.wait_for_url(re.compile(r"/masalah/[0-9a-f-]{36}/"))
    page.locator(".back-link").tap()
    expect(page).to_have_url(re.compile(f"/peta/.*{re.escape(view)}"))
    page.goto("/masalah/?q=lampu+simpang")
    page.locator("main a", has_text="Lampu simpang mati").first.tap()
    page.wait_for_url(re.compile(r"/masalah/[0-9a-f-]{36}/"))
    page.locator(".back-link").tap()
    expect(page).to_have_url(re.compile(r"/masalah/\?q=lampu"))
    again = page.context.new_page()
    again.goto(address)
    bar = again.locator(".map-bar").bounding_box()
    assert bar["y"] + bar["height"] <= 740, "tools and time lie within reach of the thumb"
    expect(layer(again, "problems")).to_be_checked()
    expect(again.locator(".leaflet-marker-icon", has=again.locator(".map-layer-problems")).first).to_be_visible()
    for mode, shown in (("heat", "path.map-square"), ("spots", "#map-notes")):
        tool(again, f".chip:has([name=mode][value={mode}])")
        expect(again.locator(shown).first).to_be_visible()
    assert violations(again, axe) == []
    assert again.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_marks_under_the_finger_do_not_take_a_tap_meant_for_the_map(open_as):
    """While measuring, a tap on a mark or on a group counts like any other: no card opens, and the view stays."""
    page = open_as(OFFICER)

    def answer(route):
        """A mark in the middle of what is asked for, and a group beside it."""
        west, south, east, north = (float(part) for part in re.search(r"bbox=([^&]+)", route.request.url)[1].replace("%2C", ",").split(","))
        middle, aside = (west + east) / 2, (3 * west + east) / 4
        told = {"layer": "visits", "count": 1, "id": "1", "title": "Sambang", "meta": "", "url": "/"}
        group = {"layer": "visits", "count": 7, "bounds": [west, south, middle, north]}
        places = ((middle, told), (aside, group))
        features = [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, (south + north) / 2]}, "properties": said} for lon, said in places
        ]
        route.fulfill(body=json.dumps({"type": "FeatureCollection", "features": features}), content_type="application/json")

    page.route(re.compile("/map/clusters/"), answer)
    page.goto("/peta/")
    marks = page.locator(".map-mark")
    expect(marks).to_have_count(2)
    address = page.url
    tool(page, "#map-measure")
    frame = page.locator(".map-frame")
    frame.evaluate("element => element.scrollIntoView({ block: 'center' })")
    for mark in marks.all():
        box = mark.bounding_box()
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(350)
    expect(page.locator("#map-hint")).to_contain_text(re.compile(r"(Jarak|Distance) [\d.,]+ k?m"))
    box = frame.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    expect(page.locator("#map-hint")).to_contain_text(re.compile(r"(luas|area) [\d.,]+ (m²|ha|km²)"))
    expect(page.locator(".map-card")).to_have_count(0)
    assert page.url == address
