"""A quarrel between neighbours on the phone: filed without network in mind, settled by a signed agreement, looked after 30 days later."""

import datetime
import re

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


def newest_case(page):
    page.goto("/fkpm/perkara/")
    page.locator(".rows a").first.click()
    page.wait_for_url(re.compile(r"/fkpm/perkara/[0-9a-f-]{36}/"))


def test_a_child_as_suspect_is_refused_with_the_rule_and_goes_to_ppa(open_as, axe):
    page = open_as(OFFICER)
    begin(page, "CURI_RINGAN")
    answer(page, child_crime="YA")
    expect(page.locator("#verdict")).to_contain_text("UU 11/2012")
    expect(page.locator('[name="detail-outcome"][value="DILIMPAHKAN"]')).to_be_checked()
    expect(page.locator('[name="detail-referred_to"]')).to_have_value("PPA")
    assert violations(page, axe) == []
    name_parties(page)
    page.locator('[name="detail-outcome"][value="DAMAI"]').check(force=True)
    page.locator("#save").click()
    expect(page.locator("#faults")).to_contain_text("UU 11/2012")
    page.locator('[name="detail-outcome"][value="DILIMPAHKAN"]').check(force=True)
    file(page)
    newest_case(page)
    expect(page.locator("#limpahan")).to_contain_text("PPA")
    expect(page.locator('a[href$="kesepakatan/baru/"]')).to_have_count(0)
    assert violations(page, axe) == []


def test_a_quarrel_goes_to_a_signed_agreement_and_its_follow_up(open_as, axe):
    page = open_as(OFFICER)
    begin(page, "TETANGGA")
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
    page.locator("#id_agreed_on").fill((datetime.date.today()).isoformat())  # noqa: DTZ011
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
    expect(page.locator("#pantau")).to_contain_text("90")
    assert violations(page, axe) == []
    page.goto("/fkpm/perkara/")
    expect(page.locator(".rows").first).to_contain_text(re.compile("Kesepakatan tercatat|Agreement recorded"))
