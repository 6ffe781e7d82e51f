"""Who reads and keeps what of a forum, and how pages behave with many rows and odd names."""

import datetime

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from fkpm.models import ActionItem, Forum, Member
from tests.fkpm.scenes import DECISION, adopt, fresh, make_meeting, make_minutes

READERS = {"officer", "kanit", "kapolsek", "kasat", "kapolres", "operator", "chair", "secretary"}
WRITERS = {"officer", "chair", "secretary"}
MANAGERS = WRITERS | {"kanit", "operator"}
EVERYBODY = {*READERS, "colleague", "outsider", "polda_reader", "admin", "other_secretary"}


def admitted(clients, path):
    return {name for name, client in clients.items() if client.get(path).status_code != 404}


def test_pages_open_to_those_whom_they_concern(cast, sign_in):
    meeting = make_minutes(cast.forum)
    clients = {name: sign_in(getattr(cast, name)) for name in EVERYBODY}
    forum, action, member = cast.forum.uuid, meeting.actions.get().pk, cast.forum.members.first().pk
    for name, args, who in (
        ("forum_list", [], EVERYBODY),
        ("forum_detail", [forum], READERS),
        ("forum_update", [forum], MANAGERS),
        ("forum_create", [], {"officer", "colleague", "outsider", "kanit", "operator"}),
        ("member_list", [forum], READERS),
        ("member_create", [forum], MANAGERS),
        ("member_update", [forum, member], MANAGERS),
        ("meeting_create", [forum], WRITERS),
        ("meeting_detail", [meeting.uuid], READERS),
        ("minutes_update", [meeting.uuid], WRITERS),
        ("minutes_adopt", [meeting.uuid], {"chair", "secretary"}),
        ("minutes_pdf", [meeting.uuid], READERS),
        ("action_list", [forum], READERS),
        ("action_update", [action], WRITERS),
    ):
        path = reverse(f"fkpm:{name}", args=args)
        assert admitted(clients, path) == who, name
        assert sign_in(None).get(path).status_code == 302


def test_a_member_reads_the_own_minutes_and_no_other_forums(cast, sign_in):
    own, other = make_minutes(cast.forum), make_minutes(cast.other_forum)
    client = sign_in(cast.secretary)
    assert DECISION in client.get(reverse("fkpm:meeting_detail", args=[own.uuid])).text
    assert client.get(reverse("fkpm:meeting_detail", args=[other.uuid])).status_code == 404
    assert client.get("/fkpm/").url == reverse("fkpm:forum_detail", args=[cast.forum.uuid])
    listed = client.get("/fkpm/?semua=1").text
    assert "FKPM Pedalangan" in listed
    assert "Sumurboto" not in listed


def test_an_officer_who_moved_away_serves_the_forum_no_more(cast, sign_in):
    path = reverse("fkpm:forum_detail", args=[cast.forum.uuid])
    assert sign_in(cast.officer).get(path).status_code == 200
    yesterday = cast.forum.unit.today() - datetime.timedelta(days=1)
    cast.officer.beats.update(ends_on=yesterday)
    assert sign_in(cast.officer).get(path).status_code == 200
    cast.officer.postings.update(unit=cast.units.gajahmungkur)
    assert sign_in(cast.officer).get(path).status_code == 404


def test_a_member_whose_term_ended_reads_no_more(cast, sign_in):
    cast.forum.members.filter(user=cast.secretary).update(ends_on=cast.forum.unit.today() - datetime.timedelta(days=1))
    assert sign_in(cast.secretary).get(reverse("fkpm:forum_detail", args=[cast.forum.uuid])).status_code == 404


def test_adopted_minutes_say_who_and_when_and_lock_the_page(cast, sign_in):
    meeting = make_minutes(cast.forum)
    path = reverse("fkpm:meeting_detail", args=[meeting.uuid])
    assert reverse("fkpm:minutes_update", args=[meeting.uuid]) in sign_in(cast.chair).get(path).text
    minutes = adopt(meeting, cast.chair, cast.secretary)
    text = sign_in(cast.chair).get(path).text
    assert minutes.content_hash[:12] in text
    assert cast.chair.name in text
    assert reverse("fkpm:minutes_update", args=[meeting.uuid]) not in text


def test_minutes_to_be_adopted_show_the_discussion_and_whom_they_wait_for(cast, sign_in):
    meeting = make_minutes(cast.forum)
    item = meeting.agenda.first()
    item.discussion = "Warga minta lampu di gang tiga."
    item.save()
    assert item.discussion in sign_in(cast.chair).get(reverse("fkpm:minutes_adopt", args=[meeting.uuid])).text
    adopt(meeting, cast.chair)
    with translation.override(None):
        assert "secretary" in render_to_string("fkpm/_minutes_badge.html", {"minutes": fresh(meeting).minutes})


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE fkpm_forum; --",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "Ｔｈｅ ｑｕｉｃｋ",
    "‮test‮",
    "😍👨‍👩‍👧",
    " Spasi ",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_odd_names_are_shown_as_they_are_and_never_run(cast, sign_in, name):
    member = {"name": name, "position": "ANGGOTA", "element": "TOMAS", "starts_on": "2026-01-01", "ends_on": "", "phone": ""}
    client = sign_in(cast.secretary)
    assert client.post(reverse("fkpm:member_create", args=[cast.forum.uuid]), member).status_code == 302
    assert cast.forum.members.filter(name=name).exists()
    meeting = make_minutes(cast.forum, place=name)
    for path in (
        reverse("fkpm:member_list", args=[cast.forum.uuid]),
        reverse("fkpm:meeting_detail", args=[meeting.uuid]),
        reverse("fkpm:minutes_update", args=[meeting.uuid]),
    ):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert client.get(reverse("fkpm:forum_detail", args=[cast.forum.uuid]), {"q": name}).status_code == 200
    assert sign_in(cast.kanit).get("/fkpm/", {"q": name}).status_code == 200


def test_lists_ask_the_database_as_often_for_many_as_for_few(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.kapolres)
    for number in range(25):
        forum = Forum.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1003"], name=f"FKPM RW {number:02}")
        Member.objects.create(forum=forum, name="Ketua", position="KETUA", starts_on="2024-01-01")
    for days_ago in range(1, 16):
        make_minutes(cast.forum, days_ago=days_ago)
    make_meeting(cast.forum, days_ago=-3)
    meeting = make_minutes(cast.forum)
    for path in (
        "/fkpm/",
        reverse("fkpm:forum_detail", args=[cast.forum.uuid]),
        reverse("fkpm:forum_detail", args=[cast.forum.uuid]) + "?q=lampu",
        reverse("fkpm:member_list", args=[cast.forum.uuid]),
        reverse("fkpm:action_list", args=[cast.forum.uuid]),
        reverse("fkpm:meeting_detail", args=[meeting.uuid]),
    ):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200


def test_the_list_tells_next_meeting_and_overdue_actions_and_filters(cast, sign_in):
    make_minutes(cast.forum, days_ago=30)
    coming = make_meeting(cast.forum, days_ago=-3)
    client = sign_in(cast.kanit)
    forum = next(row for row in client.get("/fkpm/").context["page"] if row == cast.forum)
    assert (forum.next_meeting_at, forum.open_count, forum.overdue_count) == (coming.starts_at, 1, 1)
    assert [row.name for row in client.get("/fkpm/?overdue=1").context["page"]] == ["FKPM Pedalangan"]
    assert [row.name for row in client.get("/fkpm/?q=sumur").context["page"]] == ["FKPM Sumurboto"]


def test_minutes_are_found_by_what_they_say(cast, sign_in):
    meeting = make_minutes(cast.forum)
    make_meeting(cast.forum, topics=["Kas RW"])
    found = sign_in(cast.chair).get(reverse("fkpm:forum_detail", args=[cast.forum.uuid]), {"q": "TIANG padam"}).context["page"]
    assert list(found) == [meeting]


def test_an_existing_forum_is_recorded_by_its_officer(cast, sign_in):
    client = sign_in(cast.officer)
    form = {"name": "FKPM Padangsari", "area": cast.areas["33.74.11.1003"].pk, "bkpm": "Balai RW 02", "chair": "Pak Darmo"}
    assert client.post(reverse("fkpm:forum_create"), form).status_code == 302
    forum = Forum.objects.get(name="FKPM Padangsari")
    assert (forum.unit, forum.officer, forum.form) == (cast.units.banyumanik, cast.officer, "WILAYAH")
    assert forum.members.get().position == "KETUA"
    assert client.post(reverse("fkpm:forum_create"), form).status_code == 200
    assert client.post(reverse("fkpm:forum_create"), form | {"name": "Lain", "area": cast.areas["33.74.11.1005"].pk}).status_code == 200
    assert Forum.objects.filter(name__in=["FKPM Padangsari", "Lain"]).count() == 1


def test_an_operator_records_a_forum_for_the_unit_that_polices_the_village(cast, sign_in):
    form = {"name": "FKPM Padangsari", "area": cast.areas["33.74.11.1003"].pk, "bkpm": "Balai RW 02", "chair": "Pak Darmo"}
    sign_in(cast.operator).post(reverse("fkpm:forum_create"), form)
    forum = Forum.objects.get(name="FKPM Padangsari")
    assert (forum.unit, forum.officer) == (cast.units.banyumanik, cast.officer)


def test_a_forum_keeps_its_name_apart_from_the_villages_other_forums(cast, sign_in):
    Forum.objects.create(unit=cast.units.banyumanik, area=cast.forum.area, name="FKPM RW 5")
    form = {"name": "FKPM RW 5", "bkpm": "", "form": "WILAYAH", "status": "AKTIF"}
    assert sign_in(cast.chair).post(reverse("fkpm:forum_update", args=[cast.forum.uuid]), form).status_code == 200
    assert sign_in(cast.chair).post(reverse("fkpm:forum_update", args=[cast.forum.uuid]), form | {"name": "FKPM RW 6"}).status_code == 302


def test_only_those_who_register_a_forum_say_who_serves_it_and_link_accounts(cast, sign_in):
    form = {"name": "FKPM Pedalangan", "bkpm": "", "form": "WILAYAH", "status": "AKTIF", "officer": cast.colleague.pk}
    path = reverse("fkpm:forum_update", args=[cast.forum.uuid])
    sign_in(cast.chair).post(path, form)
    cast.forum.refresh_from_db()
    assert cast.forum.officer == cast.officer
    sign_in(cast.kanit).post(path, form)
    cast.forum.refresh_from_db()
    assert cast.forum.officer == cast.colleague
    member = {"name": "Joko", "position": "ANGGOTA", "element": "TOMAS", "starts_on": "2026-01-01", "account": "fkpm-sumurboto"}
    for person in (cast.chair, cast.kanit):
        sign_in(person).post(reverse("fkpm:member_create", args=[cast.forum.uuid]), member)
    assert [row.user for row in cast.forum.members.filter(name="Joko").order_by("pk")] == [None, cast.other_secretary]


def test_a_board_has_one_chair_at_a_time(cast, sign_in):
    client = sign_in(cast.secretary)
    member = {"name": "Pak Baru", "position": "KETUA", "element": "TOMAS", "starts_on": "2026-01-01"}
    assert client.post(reverse("fkpm:member_create", args=[cast.forum.uuid]), member).status_code == 200
    chair = cast.forum.members.get(position="KETUA")
    client.post(reverse("fkpm:member_update", args=[cast.forum.uuid, chair.pk]), {"end": "1"})
    chair.refresh_from_db()
    assert chair.ends_on == cast.forum.unit.today()
    assert client.post(reverse("fkpm:member_create", args=[cast.forum.uuid]), member).status_code == 200  # both would have led since January
    member["starts_on"] = str(chair.ends_on)
    assert client.post(reverse("fkpm:member_create", args=[cast.forum.uuid]), member).status_code == 302


def test_a_boards_gaps_are_advice_and_never_in_the_way(cast):
    assert len(cast.forum.advice()) == 4  # too few members, nobody of the local government, and nobody was asked for either promise
    for number in range(19):
        Member.objects.create(forum=cast.forum, name=f"Warga {number}", element="PEMERINTAH", starts_on="2024-01-01")
    cast.forum.members.update(has_consented=True, is_party_free=True)
    assert len(cast.forum.advice()) == 1  # now too many
    cast.forum.members.filter(name__in=["Warga 1", "Warga 2"]).delete()
    assert cast.forum.advice() == []


def test_whoever_is_to_do_it_says_when_it_is_done(cast, sign_in):
    helper = Member.objects.create(forum=cast.forum, user=cast.other_secretary, name="Joko Santoso", starts_on="2024-01-01")
    meeting = make_minutes(cast.forum)
    action = meeting.actions.get()
    ActionItem.objects.filter(pk=action.pk).update(owner=helper, owner_name=helper.name)
    path, done = reverse("fkpm:action_update", args=[action.pk]), {"state": "DONE", "note": "Dipasang."}
    assert sign_in(cast.kanit).post(path, done).status_code == 404
    assert sign_in(cast.outsider).post(path, done).status_code == 404
    assert sign_in(cast.other_secretary).post(path, done).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.done_on, action.note) == ("DONE", cast.forum.unit.today(), "Dipasang.")
    listed = sign_in(cast.chair).get(reverse("fkpm:action_list", args=[cast.forum.uuid]), {"state": "selesai"})
    assert list(listed.context["page"]) == [action]


def test_only_those_who_may_change_an_action_are_led_to_it(cast, sign_in):
    meeting = make_minutes(cast.forum)
    ActionItem.objects.update(note="Menunggu dana RW.")
    path = reverse("fkpm:action_update", args=[meeting.actions.get().pk])
    for name, uuid in (("action_list", cast.forum.uuid), ("forum_detail", cast.forum.uuid), ("meeting_detail", meeting.uuid)):
        page = reverse(f"fkpm:{name}", args=[uuid])
        assert all(path in sign_in(person).get(page).text for person in (cast.officer, cast.chair, cast.secretary)), name
        reader = sign_in(cast.kapolsek).get(page).text
        assert path not in reader, name
        assert "Menunggu dana RW." in reader, name


def test_how_active_a_forum_is_only_its_registrars_say(cast, sign_in):
    path = reverse("fkpm:forum_update", args=[cast.forum.uuid])
    form = {"name": "FKPM Pedalangan", "bkpm": "", "form": "WILAYAH", "status": "VAKUM"}
    for person in (cast.secretary, cast.chair, cast.officer):
        client = sign_in(person)
        assert 'name="status"' not in client.get(path).text
        assert client.post(path, form).status_code == 302
        assert Forum.objects.get(pk=cast.forum.pk).status == "AKTIF"
    assert sign_in(cast.kanit).post(path, form).status_code == 302
    assert Forum.objects.get(pk=cast.forum.pk).status == "VAKUM"


def test_a_meeting_entered_without_minutes_is_shown_and_gets_a_draft(cast, sign_in):
    meeting = make_meeting(cast.forum)
    meeting.minutes.delete()
    client = sign_in(cast.chair)
    assert client.get(reverse("fkpm:meeting_detail", args=[meeting.uuid])).status_code == 200
    assert client.get(reverse("fkpm:minutes_update", args=[meeting.uuid])).status_code == 200
    assert fresh(meeting).minutes.version == 1
