"""A problem on the phone: its outline drawn with a finger, bent, taken back, and stored."""

import json
import re

from playwright.sync_api import expect

from tests.e2e.conftest import violations

OFFICER = "80010001"
CORNERS = ((80, 120), (230, 125), (240, 230), (90, 240))


def tap(page, x, y):
    """Taps a place of the map, given in pixels from its corner."""
    frame = page.locator("[data-shape-map]")
    frame.evaluate("element => element.scrollIntoView({ block: 'start' })")
    box = frame.bounding_box()
    page.touchscreen.tap(box["x"] + x, box["y"] + y)
    page.wait_for_timeout(350)  # two taps within 300 ms are one double tap


def test_an_outline_is_drawn_and_stored(open_as, axe):
    page = open_as(OFFICER)
    page.goto("/masalah/baru/?titik=-7.0629,110.4280")
    expect(page.locator("[data-shape-point]")).to_have_value("-7.062900, 110.428000")
    assert violations(page, axe) == []
    act = {name: page.locator(f"[data-shape-act={name}]") for name in ("outline", "finish", "edit", "undo", "remove")}
    drawn = page.locator("[data-shape-drawn]")

    act["outline"].tap()
    expect(page.locator(".cursor-marker")).to_be_attached()
    for corner in CORNERS:
        tap(page, *corner)
    act["undo"].tap()
    tap(page, *CORNERS[-1])
    act["finish"].tap()
    outline = json.loads(drawn.input_value())
    assert (outline["type"], len(outline["coordinates"][0])) == ("Polygon", 5)
    expect(page.locator("[data-shape-point]")).to_have_value("")

    act["edit"].tap()
    expect(page.locator(".marker-icon-middle").first).to_be_visible()
    act["remove"].tap()
    expect(drawn).to_have_value("")
    act["undo"].tap()
    assert json.loads(drawn.input_value()) == outline

    page.locator("#id_kind").select_option("LAMPU_MATI")
    page.locator("#id_title").fill("Lampu gang mati")
    page.get_by_role("button", name=re.compile("Simpan|Save")).tap()
    page.wait_for_url(re.compile(r"/masalah/[0-9a-f-]{36}/"))
    expect(page.locator("path.shape-outline")).to_be_visible()
    assert violations(page, axe) == []
