"""Giat tematik in the browser: an operator sets one, an officer taps its chip without network, and the number arrives."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import violations

OFFICER, OPERATOR = "80010001", "80000001"
SENT = re.compile("dan terkirim|and sent")


def set_one(page, name, tag):
    page.goto("/giat/baru/")
    page.locator("#id_name").fill(name)
    page.locator("#id_tag").fill(tag)
    today = page.evaluate("() => new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10)")
    page.locator("#id_starts_on").fill(today)
    page.locator("#id_ends_on").fill(today)
    page.locator("#id_target").fill("10")
    page.locator("#id_label_1").fill("Pohon ditanam")
    page.locator("#id_measure_1").fill("pohon")
    page.locator("#id_name").press("Enter")
    page.wait_for_url(re.compile(r"/giat/[0-9a-f-]{36}/"))


def test_a_chip_and_its_number_arrive(open_as, axe):
    operator = open_as(OPERATOR, size="desktop")
    operator.goto("/giat/baru/")
    assert violations(operator, axe) == []
    set_one(operator, "Tanam Sejuta Pohon", "Tanam pohon")
    address = operator.url

    page = open_as(OFFICER)
    page.goto("/catat/sosial/?baru=1")
    expect(page.locator("#campaign .chip", has_text="Tanam pohon")).to_be_visible()
    page.context.set_offline(True)
    page.locator("#narrative").fill("Menanam bersama warga RW 05.")
    page.locator("#campaign .chip", has_text="Tanam pohon").click()
    number = page.get_by_label("Pohon ditanam (pohon)")
    number.fill("dua puluh")
    page.locator("#save").click()
    expect(page.locator("#faults")).to_be_visible()
    expect(number).to_have_attribute("aria-invalid", "true")
    number.fill("25")
    assert violations(page, axe) == []
    page.locator("#save").click()
    expect(page.locator("#saved")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#saved-title")).to_have_text(SENT, timeout=30_000)
    [report] = page.evaluate("() => fetch('/api/v1/reports/?mine=true&kind=SOSIAL').then(answer => answer.json()).then(data => data.results)")
    assert report["campaign"]["name"] == "Tanam Sejuta Pohon"
    assert list(report["campaign"]["values"].values()) == [25]

    page.goto(f"/catat/sosial/{report['id']}/")
    expect(page.locator("#campaign input[type=radio]").first).to_be_checked()
    expect(page.get_by_label("Pohon ditanam (pohon)")).to_have_value("25")

    operator.goto(address)
    expect(operator.locator(".stat-number").first).to_have_text("1")
    expect(operator.locator(".stat-number").nth(1)).to_have_text("25")
    assert violations(operator, axe) == []


def test_the_chips_are_there_without_network_from_the_start(open_as):
    """After one visit online, also on a form that was never opened before."""
    set_one(open_as(OPERATOR, size="desktop"), "Bersih Kali", "Bersih kali")
    page = open_as(OFFICER)
    page.goto("/")
    expect(page.locator("[data-ready]").first).to_contain_text(re.compile("(tanpa jaringan|without network) ·"), timeout=60_000)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.goto("/catat/binluh/?baru=1")
    expect(page.locator("#campaign .chip", has_text="Bersih kali")).to_be_visible()
    page.context.set_offline(False)
