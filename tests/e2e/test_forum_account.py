"""A forum accounts for itself: the cash book on the chair's phone, the survey on a neighbour's."""

from playwright.sync_api import expect

from tests.e2e.conftest import violations

SURVEY = """
import datetime
from fkpm.models import Forum, Survey
forum = Forum.objects.get(name="FKPM Pedalangan")
today = forum.unit.today()
chair = forum.members.get(position="KETUA").user
survey = Survey.objects.create(forum=forum, year=today.year, opens_on=today, closes_on=today + datetime.timedelta(days=9), created_by=chair)
print(forum.uuid, survey.code)
"""


def write(page, direction, amount, text, category, **more):
    page.locator(f"label:has(input[name=direction][value={direction}])").click()
    page.locator("[name=amount]").fill(amount)
    page.locator("[name=text]").fill(text)
    page.locator("[name=category]").select_option(category)
    for name, value in more.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator(".action-bar .btn-primary").click()


def test_the_chair_writes_the_book_and_a_member_reads_the_balance(open_as, axe):
    chair = open_as("ketua-pedalangan")
    chair.goto("/fkpm/")
    chair.get_by_role("link", name="Buku kas").click()
    chair.get_by_role("link", name="Tulis saldo awal").click()
    write(chair, "MASUK", "1.000.000", "Saldo awal", "MASUK_LAIN")
    chair.get_by_role("link", name="Catatan baru").click()
    write(chair, "KELUAR", "1.200.000", "Lampu gang 3", "PERBAIKAN")
    expect(chair.locator("[name=overdraft_reason]")).to_be_visible()
    expect(chair.locator("[name=amount]")).to_have_value("1.200.000")
    chair.locator("[name=amount]").fill("200.000")
    chair.locator(".action-bar .btn-primary").click()
    expect(chair.locator(".stat").first).to_contain_text("Rp 800.000")
    assert violations(chair, axe) == []

    chair.get_by_role("link", name="Lampu gang 3").click()
    chair.locator("a[href$='/koreksi/']").click()
    chair.locator("[name=reason]").fill("jumlah keliru")
    chair.locator(".action-bar .btn-danger").click()
    expect(chair.locator("[name=text]")).to_have_value("Lampu gang 3")

    member = open_as("fkpm-pedalangan")
    member.goto("/fkpm/")
    member.get_by_role("link", name="Buku kas").click()
    expect(member.locator(".stat").first).to_contain_text("Rp 1.000.000")
    expect(member.get_by_role("link", name="Catatan baru")).to_have_count(0)
    expect(member.locator("main")).to_contain_text("dibatalkan oleh no. 3")


def test_a_neighbour_answers_without_an_account_and_without_scripts(open_as, polmas, axe):
    forum, code = polmas.manage("shell", "-v0", "-c", SURVEY).split()[-2:]
    visitor = open_as(None)
    visitor.goto(f"/survei/{code}/")
    assert violations(visitor, axe) == []
    assert visitor.context.cookies() == []
    for name, value in (("safety", 4), ("fear", 2), ("trust", 5)):
        visitor.locator(f"label:has(input[name={name}][value='{value}'])").click()
    visitor.locator("[name=remark]").fill("Lampu gang 3 masih gelap.")
    visitor.get_by_role("button", name="Kirim").click()
    expect(visitor.locator("h1")).to_have_text("Terima kasih")
    assert [cookie["name"] for cookie in visitor.context.cookies()] == ["polmas_survei"]
    visitor.goto(f"/survei/{code}/")
    expect(visitor.locator("form")).to_have_count(0)

    secretary = open_as("fkpm-pedalangan")
    secretary.goto(f"/fkpm/{forum}/survei/")
    secretary.locator("a.row-link").first.click()
    expect(secretary.locator(".stat-number")).to_have_text("1")
    expect(secretary.locator("main")).not_to_contain_text("Lampu gang 3")
