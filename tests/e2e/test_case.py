"""A quarrel between neighbours on the phone: filed without network in mind, settled by a signed agreement, looked after 30 days later."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import violations

OFFICER = "80010001"
SAVE = re.compile("Simpan|Save")
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


def begin(page, category):
    page.goto("/catat/ps/?baru=1")
    expect(page.locator("#where-village")).to_contain_text("Pedalangan")
    page.locator(f'[name="detail-category"][value="{category}"]').check(force=True)
    page.locator("#narrative").fill("Ribut soal musik tiap malam.")


def answer(page, **answers):
    for question in ("grave", "child_crime", "unrest"):
        page.locator(f'[name="detail-{question}"][value="{answers.get(question, "TIDAK")}"]').check(force=True)


def name_parties(page, first="Paijo", second="Tukul"):
    for number, name in enumerate((first, second)):
        page.locator('[data-rows="parties"] [data-name="name"]').nth(number).fill(name)


def file(page):
    page.locator("#save").click()
    expect(page.locator("#saved-title")).to_have_text(re.compile("dan terkirim|and sent"), timeout=20_000)


def days_ago(days):
    return (datetime.date.today() - datetime.timedelta(days=days)).isoformat()  # noqa: DTZ011


def newest_case(page):
    page.goto("/fkpm/perkara/")
    page.locator(".rows a").first.click()
    page.wait_for_url(re.compile(r"/fkpm/perkara/[0-9a-f-]{36}/"))


@pytest.mark.parametrize(
    ("category", "answers", "source", "target", "unit"),
    [
        ("CURI_RINGAN", {"child_crime": "YA"}, "UU 11/2012", "PPA", "Polrestabes Semarang"),
        ("KEKERASAN_SEKSUAL", {}, "UU 12/2022", "PPA", "Polrestabes Semarang"),
        ("NARKOTIKA", {}, "UU 35/2009", "Resnarkoba", "Polrestabes Semarang"),
    ],
    ids=["child as suspect", "sexual violence", "narcotics dealing"],
)
def test_what_may_not_be_settled_is_refused_with_the_rule_and_goes_to_its_unit(open_as, axe, category, answers, source, target, unit):
    page = open_as(OFFICER)
    begin(page, category)
    answer(page, **answers)
    expect(page.locator("#verdict")).to_contain_text(source)
    expect(page.locator('[name="detail-outcome"][value="DILIMPAHKAN"]')).to_be_checked()
    expect(page.locator('[name="detail-referred_to"]')).to_have_value(target)
    assert violations(page, axe) == []
    name_parties(page)
    page.locator('[name="detail-outcome"][value="DAMAI"]').check(force=True)
    page.locator("#save").click()
    expect(page.locator("#faults")).to_contain_text(source)
    page.locator('[name="detail-outcome"][value="DILIMPAHKAN"]').check(force=True)
    file(page)
    newest_case(page)
    expect(page.locator("#limpahan")).to_contain_text(target)
    expect(page.locator("#limpahan")).to_contain_text(unit)
    expect(page.locator("main")).to_contain_text(source)
    expect(page.locator('a[href$="kesepakatan/baru/"]')).to_have_count(0)
    drawn_up = page.request.get(f"{page.url}kesepakatan/baru/", max_redirects=0)
    assert drawn_up.status == 302, "whoever knows the address is sent back to the case"
    assert violations(page, axe) == []


def test_a_quarrel_goes_to_a_signed_agreement_and_its_follow_up(open_as, axe):
    page = open_as(OFFICER)
    begin(page, "TETANGGA")
    page.locator('[name="detail-happened_on"]').fill(days_ago(40))
    answer(page)
    expect(page.locator("#verdict .alert")).to_have_count(0)
    name_parties(page)
    page.locator('[name="detail-outcome"][value="PROSES"]').check(force=True)
    file(page)
    newest_case(page)
    assert violations(page, axe) == []
    page.locator('a[href$="kesepakatan/baru/"]').click()
    expect(page.locator("#id_people-0-name")).to_have_value("Paijo")
    page.locator("#id_place").fill("Balai RW 05")
    page.locator("#id_clauses").fill("Musik berhenti pukul 22.00.\nSaling memaafkan.")
    page.locator("#id_agreed_on").fill(days_ago(31))
    page.locator('.form-pair:has(input[value="SAKSI"]) input[type=text]').nth(0).fill("Sri")
    page.locator('.form-pair:has(input[value="SAKSI"]) input[type=text]').nth(2).fill("Budi")
    assert violations(page, axe) == []
    page.get_by_role("button", name=SAVE).click()
    page.wait_for_url(re.compile(r"/fkpm/kesepakatan/[0-9a-f-]{36}/"))
    expect(page.locator("main")).to_contain_text("KB/")
    page.locator("#id_paper").set_input_files({"name": "skb.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#tanda-tangan button").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator("#pantau")).to_contain_text("30")
    page.locator('#pantau input[value="yes"]').check(force=True)
    page.locator("#pantau button").click()
    expect(page.locator("#pantau")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("90")
    assert violations(page, axe) == []
    page.goto("/fkpm/perkara/")
    expect(page.locator(".rows").first).to_contain_text(re.compile("Kesepakatan tercatat|Agreement recorded"))
