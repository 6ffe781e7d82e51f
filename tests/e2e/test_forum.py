"""A forum from its founding to the phone of a member who was invited by paper."""

import datetime
import re

from playwright.sync_api import expect

TODAY = datetime.date.today()  # noqa: DTZ011
PASSWORD = "ronda-malam-rw-lima"


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def enter_meeting(page, days_ago):
    page.get_by_role("link", name="Rencanakan atau catat").first.click()
    page.locator("[name=day]").fill(f"{TODAY - datetime.timedelta(days=days_ago)}")
    page.locator("[name=place]").fill("Balai RW 02")
    press(page, "Simpan")


def add_member(page, name, position="ANGGOTA"):
    page.locator("[name=name]").fill(name)
    page.locator("[name=position]").select_option(position)
    page.locator("[name=has_consented]").check()
    page.locator("[name=is_party_free]").check()
    press(page, "Simpan, tambah lagi")
    expect(page.locator("[name=name]")).to_have_value("")


def test_a_forum_is_founded_and_a_member_comes_in_by_a_code(open_as):
    officer = open_as("80010001")
    officer.goto("/fkpm/pendirian/")
    officer.locator("[name=name]").fill("FKPM Padangsari")
    officer.locator("[name=area]").select_option(label="Padangsari")
    press(officer, "Mulai")
    founding = officer.url
    enter_meeting(officer, 14)
    enter_meeting(officer, 7)
    officer.get_by_role("link", name="Tambah anggota").click()
    add_member(officer, "Pak Wahono", "KETUA")
    add_member(officer, "Bu Ratna", "SEKRETARIS")
    for number in range(1, 9):
        add_member(officer, f"Warga {number}")
    officer.goto(founding)
    officer.get_by_role("link", name="Catat pengesahan").click()
    officer.locator("[name=endorsed_by]").select_option("LURAH")
    officer.locator("[name=endorsement_number]").fill("141/9/2026")
    for name, day in (("endorsed_on", TODAY), ("term_starts_on", TODAY), ("term_ends_on", TODAY.replace(year=TODAY.year + 3, day=1))):
        officer.locator(f"[name={name}]").fill(f"{day}")
    press(officer, "Simpan")
    press(officer, "FKPM resmi berdiri")
    expect(officer.locator("main")).to_contain_text("FKPM Padangsari sudah berdiri")

    officer.get_by_role("link", name="Anggota", exact=True).click()
    officer.get_by_role("link", name="Undang", exact=True).click()
    expect(officer.get_by_label("Bu Ratna")).to_be_visible()
    for box in officer.locator("[name=member]").all():
        box.uncheck()
    officer.get_by_label("Bu Ratna").check()
    press(officer, "Buat kode untuk yang dicentang")
    code = officer.locator(".slip-code").inner_text()
    assert re.fullmatch(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", code)

    member = open_as(None)
    member.goto("/undangan/")
    member.locator("[name=code]").fill(code.upper())
    press(member, "Lanjut")
    expect(member.locator("main")).to_contain_text("FKPM Padangsari")
    member.locator("[name=username]").fill("ratna.padangsari")
    member.locator("[name=password]").fill(PASSWORD)
    press(member, "Buat akun")
    expect(member.locator("h1")).to_have_text("FKPM Padangsari")
    member.goto("/fkpm/")
    expect(member.locator("h1")).to_have_text("FKPM Padangsari")  # the only forum in sight

    stranger = open_as(None)
    stranger.goto(f"/undangan/{code}/")
    expect(stranger.locator("main")).to_contain_text("Kode ini tidak berlaku")
