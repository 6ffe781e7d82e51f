"""Minutes on two phones at once."""

import re

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
STORED = """
from fkpm.models import Meeting
print(Meeting.objects.get(uuid="{uuid}").conclusion)
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
    expect(secretary.locator("[data-conflict]")).to_contain_text("Ditutup oleh ketua.")
    expect(secretary.locator("main .action-bar .btn-primary")).to_contain_text("Simpan isi saya")
    expect(secretary.locator("[name=conclusion]")).to_have_value("Ditutup oleh sekretaris.")
    assert "Ditutup oleh ketua." in polmas.manage("shell", "-c", STORED.format(uuid=uuid))


PLANNED = """
import datetime
from django.utils import timezone
from fkpm.minutes import plan
from fkpm.models import Forum, Member
forum = Forum.objects.get(name="FKPM Pedalangan")
for number in range(10):
    Member.objects.create(forum=forum, name=f"Anggota {number}", starts_on="2024-01-01")
starts_at = timezone.now() - datetime.timedelta(hours=2)
fields = {"kind": "RUTIN", "starts_at": starts_at, "ends_at": None, "place": "Balai RW 05"}
print(plan(forum, fields, [f"Pokok {number}" for number in range(1, 6)]).uuid)
"""
BY_SQL = """
from django.db import DatabaseError, connection
from fkpm.models import Meeting
meeting = Meeting.objects.get(uuid="{uuid}")
with connection.cursor() as cursor:
    try:
        cursor.execute("UPDATE fkpm_agendaitem SET decision = 'lain' WHERE meeting_id = %s", [meeting.pk])
    except DatabaseError as error:
        print("REFUSED", error)
"""


def test_a_meeting_from_its_minutes_to_its_addendum(open_as, polmas):
    """Twelve people, five decisions; a comment by another member, adoption by both, changes refused, addendum, search, paper."""
    uuid = polmas.manage("shell", "-c", PLANNED).split()[-1]
    page = f"/fkpm/rapat/{uuid}/"
    secretary, chair = open_as("fkpm-pedalangan"), open_as("ketua-pedalangan")
    secretary.goto(f"{page}ubah/")
    secretary.locator("[name=led_by]").fill("H. Slamet Riyadi")
    secretary.locator("[data-all-present]").click()
    for number, decision in enumerate(secretary.locator("[name^=agenda-][name$=-decision]").all()):
        decision.fill(f"Keputusan {number}: lampu jalan diganti.")
    expect(secretary.locator("[data-autosave-state]")).to_have_text("Tersimpan", timeout=15_000)
    secretary.locator("main .action-bar .btn-primary").click()
    expect(secretary.locator("main .decision li").last).to_contain_text("lampu jalan diganti")
    expect(secretary.locator("main")).to_contain_text("12 dari 12 anggota")

    secretary.locator("form[action$='edarkan/'] button").click()
    expect(secretary.locator("main")).to_contain_text("Terbuka untuk tanggapan")
    chair.goto(page)
    chair.locator("#tanggapan textarea[name=text]").fill("Sebutkan nama gang.")
    chair.locator("#tanggapan form[action$='/tanggapan/'] button").click()
    expect(chair.locator("#tanggapan .row-item")).to_contain_text("Sebutkan nama gang.")
    secretary.goto(page)
    secretary.locator("#tanggapan button[name=is_taken_over]").click()
    expect(secretary.locator("#tanggapan .row-item")).to_contain_text("dimasukkan")
    secretary.locator("button[name=end]").click()
    secretary.locator("dialog[open] .btn-primary").click()
    expect(secretary.locator("main")).to_contain_text("Minta tanggapan sekali lagi")
    for reader in (secretary, chair):
        reader.goto(f"{page}sahkan/")
        reader.locator("main form .btn-primary").click()
        expect(reader).to_have_url(re.compile(rf"{page}(#.*)?$"))
    expect(chair.locator(".seal")).to_contain_text("Disahkan")

    chair.goto(f"{page}ubah/")
    assert chair.url.endswith(page)
    answer = secretary.evaluate(
        """async ([path]) => {
        const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
        const response = await fetch(path, {method: "PATCH", body: JSON.stringify({version: 99, conclusion: "x"}),
            headers: {"Content-Type": "application/json", "X-CSRFToken": token}});
        return response.status;
    }""",
        [f"/api/v1/meetings/{uuid}/minutes/"],
    )
    assert answer in (403, 409)
    assert "REFUSED" in polmas.manage("shell", "-c", BY_SQL.format(uuid=uuid))

    secretary.goto(f"{page}adendum/")
    secretary.locator("[name=text]").fill("Gang yang dimaksud adalah gang tiga.")
    secretary.locator("main .action-bar .btn-primary").click()
    secretary.wait_for_url(re.compile(r"/adendum/\d+/$"))
    addendum = secretary.url
    for reader in (secretary, chair):
        reader.goto(addendum)
        with reader.expect_response(lambda answer: answer.request.method == "POST"):
            reader.locator("main form[action$='sahkan/'] .btn-primary").first.click()
        reader.wait_for_load_state()
    expect(chair.locator(".seal")).to_contain_text("Disahkan")
    chair.goto("/fkpm/notulen/?q=gang+tiga")
    expect(chair.locator("mark").first).to_be_visible()
    chair.goto(page)
    with chair.expect_download(timeout=60_000) as paper:
        chair.locator("a[href$='/pdf/']").click()
    assert paper.value.suggested_filename.endswith(".pdf")
