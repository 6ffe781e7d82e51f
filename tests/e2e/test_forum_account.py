"""A forum accounts for itself: its survey on a neighbour's phone."""

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
