"""Minutes on two phones at once."""

from playwright.sync_api import expect

MEETING = """
from fkpm.models import Forum
from tests.fkpm.scenes import make_minutes
print(make_minutes(Forum.objects.get(name="FKPM Pedalangan"), days_ago=3).uuid)
"""
SAVED_MEANWHILE = """
from fkpm.minutes import draft_of, save_draft
from fkpm.models import Meeting
from tests.fkpm.scenes import fresh
meeting = fresh(Meeting.objects.get(uuid="{uuid}"))
draft = draft_of(meeting)
draft.fields["conclusion"] = "Ditutup oleh ketua."
save_draft(meeting, draft, meeting.minutes.version)
"""


def test_text_kept_on_the_phone_overwrites_nothing_that_was_saved_meanwhile(open_as, polmas):
    uuid = polmas.manage("shell", "-c", MEETING).split()[-1]
    secretary = open_as("fkpm-pedalangan")
    secretary.goto(f"/fkpm/rapat/{uuid}/ubah/")
    secretary.locator("[name=conclusion]").fill("Ditutup oleh sekretaris.")
    secretary.goto("/fkpm/")
    polmas.manage("shell", "-c", SAVED_MEANWHILE.format(uuid=uuid))

    secretary.goto(f"/fkpm/rapat/{uuid}/ubah/")
    expect(secretary.locator("[name=conclusion]")).to_have_value("Ditutup oleh ketua.")
    secretary.locator("[data-restore]").click()
    expect(secretary.locator("[name=conclusion]")).to_have_value("Ditutup oleh sekretaris.")
    with secretary.expect_response(lambda answer: answer.request.method == "POST") as answer:
        secretary.locator("main .action-bar .btn-primary").click()
    assert answer.value.status == 409
    expect(secretary.locator("main")).to_contain_text("Ditutup oleh ketua.")
    expect(secretary.locator("[name=conclusion]")).to_have_value("Ditutup oleh sekretaris.")
