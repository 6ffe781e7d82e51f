"""The page on which minutes are written: without JavaScript, with nothing lost."""

import pytest
from django.urls import reverse

from fkpm.models import ActionItem, Meeting, Minutes
from tests.fkpm.scenes import DECISION, adopt, as_typed, fresh, make_meeting, make_minutes, minutes_of


def page(meeting):
    return reverse("fkpm:minutes_update", args=[meeting.uuid])


def test_typed_minutes_are_stored_and_read(cast, sign_in):
    meeting = make_meeting(cast.forum, topics=["Ronda"])
    chair, secretary = cast.forum.members.by_office()
    typed = as_typed(
        meeting,
        **{"led_by": chair.name, "written_by": secretary.name, f"member-{chair.pk}": "HADIR", f"member-{secretary.pk}": "IZIN"},
        **{"agenda-0-discussion": "Dua regu.", "agenda-0-decision": "Ronda tiap malam.\r\nMulai Senin."},
        **{
            "guests-TOTAL_FORMS": 1,
            "guests-0-name": "Bu Lurah",
            "actions-TOTAL_FORMS": 2,
            "actions-0-text": "Susun jadwal",
            "actions-0-owner_name": secretary.name,
        },
    )
    response = sign_in(cast.secretary).post(page(meeting), typed, follow=True)
    assert response.status_code == 200
    stored = fresh(meeting)
    assert stored.decisions() == ["Ronda tiap malam.\nMulai Senin."]
    assert (stored.presence().present, stored.presence().expected, stored.presence().guests) == (1, 2, 1)
    action = ActionItem.objects.get(meeting=meeting)
    assert (action.owner, (action.due_on - stored.day).days) == (secretary, 30)
    assert "Ronda tiap malam." in response.text


def test_an_action_without_a_day_is_due_at_the_next_meeting(cast, sign_in):
    meeting, coming = make_meeting(cast.forum), make_meeting(cast.forum, days_ago=-10)
    sign_in(cast.officer).post(
        page(meeting), as_typed(meeting, **{"actions-TOTAL_FORMS": 1, "actions-0-text": "Susun jadwal", "actions-0-owner_name": "Pak RT"})
    )
    action = ActionItem.objects.get(meeting=meeting)
    assert (action.due_on, action.owner) == (coming.day, None)


def test_a_button_adds_a_row_and_keeps_what_was_typed(cast, sign_in):
    meeting = make_meeting(cast.forum)
    response = sign_in(cast.chair).post(page(meeting), as_typed(meeting, **{"add": "agenda", "agenda-0-decision": "Belum tersimpan"}))
    assert response.status_code == 200
    assert "Belum tersimpan" in response.text
    assert 'name="agenda-1-topic"' in response.text
    assert fresh(meeting).decisions() == []
    assert minutes_of(meeting).version == 1


def test_rows_are_changed_in_place_taken_out_and_put_in(cast, sign_in):
    meeting = make_minutes(cast.forum)
    kept = meeting.actions.get()
    typed = as_typed(
        meeting,
        **{
            "actions-0-text": "Ganti dua lampu",
            "agenda-0-DELETE": "on",
            "agenda-TOTAL_FORMS": 2,
            "agenda-1-topic": "Kas",
            "guests-0-name": "",
            "guests-0-organisation": "",
            "guests-0-element": "",
        },
    )
    assert sign_in(cast.chair).post(page(meeting), typed).status_code == 302
    stored = fresh(meeting)
    assert [item.topic for item in stored.agenda.all()] == ["Kas"]
    assert stored.presence().guests == 0
    assert (stored.actions.get().pk, stored.actions.get().text) == (kept.pk, "Ganti dua lampu")


def test_a_second_save_shows_both_texts_and_stores_nothing(cast, sign_in):
    meeting = make_minutes(cast.forum)
    first, second = (
        as_typed(meeting, **{"agenda-0-decision": "Lampu dari kas RW."}),
        as_typed(meeting, **{"agenda-0-decision": "Lampu dari kelurahan."}),
    )
    sign_in(cast.chair).post(page(meeting), first)
    response = sign_in(cast.secretary).post(page(meeting), second)
    assert response.status_code == 409
    assert "Lampu dari kas RW." in response.text
    assert "Lampu dari kelurahan." in response.text
    assert fresh(meeting).decisions() == ["Lampu dari kas RW."]
    # Having read both, the second writer saves the own text on purpose.
    response = sign_in(cast.secretary).post(page(meeting), second | {"version": minutes_of(meeting).version})
    assert response.status_code == 302
    assert fresh(meeting).decisions() == ["Lampu dari kelurahan."]


def test_a_save_over_adopted_minutes_gives_the_text_back(cast, sign_in):
    meeting = make_minutes(cast.forum)
    typed = as_typed(meeting, **{"agenda-0-decision": "Terlambat"})
    adopt(meeting, cast.chair, cast.secretary)
    client = sign_in(cast.officer)
    assert client.get(page(meeting)).status_code == 302
    assert client.post(page(meeting), typed).status_code in (302, 409)
    assert fresh(meeting).decisions() == [DECISION]


@pytest.mark.parametrize(
    "changes",
    [
        {"day": "0001-01-01"},
        {"day": "besok"},
        {"begins": "25:00"},
        {"kind": "PESTA"},
        {"place": " "},
        {"place": "a\0b"},
        {"present_count": "-1"},
        {"present_count": "99999"},
        {"agenda-0-topic": " "},
        {"agenda-0-topic": "x" * 201},
        {"agenda-TOTAL_FORMS": "1001"},
        {"agenda-TOTAL_FORMS": "x"},
        {"actions-TOTAL_FORMS": "1", "actions-0-text": "Tanpa orang"},
        {"guests-TOTAL_FORMS": "1", "guests-0-name": "Tamu", "guests-0-element": "LAIN"},
    ],
)
def test_what_cannot_be_stored_comes_back_with_a_reason(cast, sign_in, changes):
    meeting = make_meeting(cast.forum)
    response = sign_in(cast.secretary).post(page(meeting), as_typed(meeting) | {"led_by": "Bu Sri"} | changes)
    assert response.status_code == 422
    assert "Bu Sri" in response.text
    assert minutes_of(meeting).version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000, "²"])
def test_a_version_that_is_none_overwrites_nothing(cast, sign_in, version):
    meeting = make_minutes(cast.forum)
    assert sign_in(cast.chair).post(page(meeting), as_typed(meeting) | {"version": version, "led_by": "Lain"}).status_code == 409
    assert fresh(meeting).led_by != "Lain"


def test_another_meetings_rows_are_out_of_reach(cast, sign_in):
    mine, theirs = make_minutes(cast.forum), make_minutes(cast.other_forum)
    row = theirs.agenda.get()
    sign_in(cast.chair).post(page(mine), as_typed(mine, **{"agenda-0-id": row.pk, "agenda-0-topic": "Diambil"}))
    row.refresh_from_db()
    assert (row.meeting_id, row.topic) == (theirs.pk, "Lampu jalan")
    assert [item.topic for item in fresh(mine).agenda.all()] == ["Diambil"]


def test_a_meeting_is_planned_with_its_agenda(cast, sign_in):
    path = reverse("fkpm:meeting_create", args=[cast.forum.uuid])
    plan = {
        "kind": "RUTIN",
        "day": f"{cast.forum.unit.today():%Y-%m-%d}",
        "begins": "23:58",
        "ends": "00:30",
        "place": "Balai RW 05",
        "topics": "Ronda\n\n Kas RW ",
    }
    assert sign_in(cast.officer).post(path, plan).status_code == 302
    meeting = Meeting.objects.get()
    assert [item.topic for item in meeting.agenda.all()] == ["Ronda", "Kas RW"]
    assert (meeting.ends_at - meeting.starts_at).total_seconds() == 32 * 60
    assert meeting.minutes.state == Minutes.State.DRAFT


def test_adoption_asks_first_and_takes_the_version_that_was_read(cast, sign_in):
    meeting = make_minutes(cast.forum)
    path = reverse("fkpm:minutes_adopt", args=[meeting.uuid])
    client = sign_in(cast.chair)
    assert client.get(path).status_code == 200
    assert minutes_of(meeting).chair_adopted_by is None
    client.post(path, {"version": 1})
    assert minutes_of(meeting).chair_adopted_by is None
    client.post(path, {"version": minutes_of(meeting).version})
    assert minutes_of(meeting).chair_adopted_by == cast.chair
    assert client.get(path).status_code == 404
    sign_in(cast.secretary).post(path, {"version": minutes_of(meeting).version})
    assert minutes_of(meeting).state == "ADOPTED"


def test_a_kept_draft_is_compared_and_never_stored(cast, sign_in):
    meeting = make_minutes(cast.forum)
    sign_in(cast.chair).post(page(meeting), as_typed(meeting, conclusion="Ketua: jadwal Natal dibahas."))
    typed = as_typed(meeting, conclusion="Ketikan lama.", compare="1")  # even where it names the stored version
    answer = sign_in(cast.secretary).post(page(meeting), typed, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["version"]) == (409, minutes_of(meeting).version)
    assert "jadwal Natal" in answer.json()["differences"]
    assert cast.chair.full_name in answer.json()["differences"]
    assert fresh(meeting).conclusion == "Ketua: jadwal Natal dibahas."


def test_the_page_of_a_conflict_keeps_the_version_that_was_typed_on(cast, sign_in):
    meeting = make_minutes(cast.forum)
    old = as_typed(meeting, conclusion="Kedua.")
    sign_in(cast.chair).post(page(meeting), as_typed(meeting, conclusion="Pertama."))
    response = sign_in(cast.secretary).post(page(meeting), old)
    shown = response.content.decode()
    assert f'data-typed-on="{old["version"]}"' in shown
    assert f'name="version" value="{minutes_of(meeting).version}"' in shown
    assert f"{cast.chair.full_name} menyimpan" in shown
    assert shown.index("menyimpan notulen ini") < shown.index('id="fields"')
    assert "Simpan isi saya, ganti yang tersimpan" in shown
