"""Invitations, comments, adoption by paper, addenda, signatures, search, reminders."""

import base64
import csv
import datetime
import io
import smtplib
import threading

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from fkpm import calendars, circulating, inviting, reminding
from fkpm.minutes import OutdatedError, draft_of, plan, save_draft
from fkpm.models import ActionItem, Addendum, AgendaItem, Comment, Meeting, MeetingFile, Member
from polmas.people.models import Notification
from tests.cast import make_person
from tests.fkpm.gatherings import make_coming, paper, picture
from tests.fkpm.scenes import DECISION, adopt, as_typed, fresh, make_minutes, minutes_of


def test_members_are_invited_once_and_answer_with_one_tap(cast, sign_in):
    meeting = make_coming(cast.forum, cast.officer)
    assert meeting.invitees.count() == 2
    assert fresh(meeting).phase == "invited"
    assert {note.user for note in Notification.objects.filter(kind="INVITED")} == {cast.chair, cast.secretary}
    assert inviting.invite(meeting, cast.officer) == 0
    path = reverse("fkpm:meeting_reply", args=[meeting.uuid])
    for person in (cast.chair, cast.secretary):
        assert sign_in(person).post(path, {"answer": "COMING"}).status_code == 302
    assert fresh(meeting).phase == "confirmed"
    assert sign_in(cast.officer).post(path, {"answer": "COMING"}).status_code == 404
    assert sign_in(cast.chair).get("/").status_code == 200


def test_open_actions_come_onto_the_agenda_by_themselves(cast):
    make_minutes(cast.forum)
    meeting = make_coming(cast.forum, cast.officer)
    assert [item.is_follow_up for item in fresh(meeting).agenda.all()] == [True, False]
    held = plan(cast.forum, {"kind": "RUTIN", "starts_at": timezone.now() - datetime.timedelta(hours=1), "ends_at": None, "place": "Balai"}, [])
    assert "Ganti lampu gang 3" in held.agenda.get().discussion


def test_a_moved_meeting_asks_anew_and_a_cancelled_one_says_why(cast, sign_in):
    meeting = make_coming(cast.forum, cast.officer)
    meeting.invitees.first().reply("COMING")
    typed = as_typed(fresh(meeting), place="Balai RW 07")
    assert sign_in(cast.secretary).post(reverse("fkpm:minutes_update", args=[meeting.uuid]), typed).status_code == 302
    assert not meeting.invitees.exclude(answer="").exists()
    assert Notification.objects.filter(kind="MOVED").exists()
    path = reverse("fkpm:meeting_cancel", args=[meeting.uuid])
    assert sign_in(cast.secretary).post(path, {"reason": " "}).status_code == 200
    sign_in(cast.secretary).post(path, {"reason": "Hujan lebat"})
    stored = fresh(meeting)
    assert (stored.phase, stored.cancel_reason, stored.invitation_number) == ("cancelled", "Hujan lebat", 2)
    assert sign_in(cast.secretary).get(path).status_code == 404


def test_a_meeting_moved_while_somebody_types_is_told_of_once_they_save(cast, sign_in):
    meeting = make_coming(cast.forum, cast.officer)
    client, path = sign_in(cast.secretary), reverse("fkpm:minutes_update", args=[meeting.uuid])
    for place in ("Balai", "Balai RW 07"):
        assert client.post(path, as_typed(fresh(meeting), place=place), headers={"Accept": "application/json"}).status_code == 200
    assert not Notification.objects.filter(kind="MOVED").exists()
    assert client.post(path, as_typed(fresh(meeting))).status_code == 302
    told = Notification.objects.filter(kind="MOVED").count()
    assert told
    client.post(path, as_typed(fresh(meeting)))
    assert Notification.objects.filter(kind="MOVED").count() == told


def test_a_mediation_is_for_those_who_may_know_the_parties(cast, sign_in, api):
    """Board, serving officer, Kanit and Kapolsek read it; a plain member and an operator find nothing of it anywhere."""
    meeting = make_minutes(cast.forum)
    Meeting.objects.filter(pk=meeting.pk).update(kind="MEDIASI")
    plain = make_person("warga-pedalangan", "Warga Biasa")
    Member.objects.create(forum=cast.forum, user=plain, name="Warga Biasa", starts_on="2024-01-01")
    pages = [reverse("fkpm:meeting_detail", args=[meeting.uuid]), f"/api/v1/meetings/{meeting.uuid}/"]
    word = AgendaItem.objects.filter(meeting=meeting).first().topic
    for person, status in ((cast.secretary, 200), (cast.officer, 200), (cast.kanit, 200), (plain, 404), (cast.clerk, 404)):
        assert [sign_in(person).get(path).status_code for path in pages] == [status, status], person
        listed = sign_in(person).get(reverse("fkpm:meeting_list", args=[cast.forum.uuid])).content.decode()
        assert (str(meeting.uuid) in listed) == (status == 200), person
        found = sign_in(person).get(reverse("fkpm:minutes_list"), {"q": word}).content.decode()
        assert (str(meeting.uuid) in found) == (status == 200), person


def test_an_address_that_is_refused_keeps_nobody_else_from_their_mail(cast, settings, monkeypatch):
    settings.HAS_MAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    Member.objects.filter(user=cast.chair).update(email="tidak@ada")
    Member.objects.filter(user=cast.secretary).update(email="sekretaris@contoh.id")
    meeting = make_coming(cast.forum, cast.officer)
    sent, send = [], mail.EmailMessage.send

    def picky(message, *args, **kwargs):
        if message.to == ["tidak@ada"]:
            raise smtplib.SMTPRecipientsRefused({})
        sent.append(message.to)
        return send(message, *args, **kwargs)

    monkeypatch.setattr(mail.EmailMessage, "send", picky)
    assert inviting.mail_invitations(meeting) == 1
    assert sent == [["sekretaris@contoh.id"]]


def test_the_calendar_entry_is_a_request_that_calendars_read(cast, settings):
    settings.HAS_MAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    Member.objects.filter(user=cast.chair).update(email="ketua@contoh.id")
    meeting = make_coming(cast.forum, cast.officer)
    assert inviting.mail_invitations(meeting) == 1
    assert inviting.mail_invitations(meeting) == 0
    [message] = mail.outbox
    name, content, kind = message.attachments[0]
    assert (name, kind.split(";")[0], "method=REQUEST" in kind) == ("undangan.ics", "text/calendar", True)
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    assert (str(calendar["method"]), str(event["status"]), int(event["sequence"])) == ("REQUEST", "CONFIRMED", 0)
    assert event.decoded("dtstart") == meeting.starts_at.replace(microsecond=0)
    assert str(event["attendee"]) == "MAILTO:ketua@contoh.id"
    assert b"\r\n" in calendars.entry_of(meeting)
    inviting.cancel(meeting, cast.officer, "Hujan")
    inviting.mail_invitations(meeting)
    assert "METHOD:CANCEL" in mail.outbox[1].attachments[0][1]


def test_comments_stand_in_the_way_until_they_are_answered(cast, sign_in):
    meeting = make_minutes(cast.forum)
    sign_in(cast.secretary).post(reverse("fkpm:minutes_circulate", args=[meeting.uuid]), {"days": 3})
    minutes = minutes_of(meeting)
    assert minutes.is_open_for_comment
    with pytest.raises(ValidationError):
        adopt(meeting, cast.chair)
    sign_in(cast.chair).post(reverse("fkpm:comment_create", args=[meeting.uuid]), {"text": "Tambahkan <b>RT</b>."})
    comment = Comment.objects.get()
    assert "&lt;b&gt;RT" in sign_in(cast.secretary).get(meeting.page).content.decode()
    minutes.end_comments()
    with pytest.raises(ValidationError):
        adopt(meeting, cast.chair)
    sign_in(cast.secretary).post(reverse("fkpm:comment_answer", args=[comment.pk]), {"is_taken_over": "on"})
    assert adopt(meeting, cast.chair, cast.secretary).state == "ADOPTED"
    with pytest.raises(DatabaseError), transaction.atomic():
        Comment.objects.create(minutes=minutes, author=cast.chair, text="Terlambat.")
    assert sign_in(cast.chair).post(reverse("fkpm:comment_create", args=[meeting.uuid]), {"text": "x"}).status_code == 404


def test_a_signed_page_counts_once_the_officer_confirms_it_for_the_text_as_it_stands(cast, sign_in):
    meeting = make_minutes(cast.forum)
    upload = {"kind": "SIGNED", "file": picture(), "code": f" {minutes_of(meeting).print_code().upper()}"}
    assert sign_in(cast.secretary).post(reverse("fkpm:file_create", args=[meeting.uuid]), upload).status_code == 302
    path = reverse("fkpm:paper_adopt", args=[meeting.uuid])
    assert sign_in(cast.secretary).post(path, {"version": minutes_of(meeting).version}).status_code == 404
    draft = draft_of(fresh(meeting))
    draft.fields["conclusion"] = "Lain."
    save_draft(meeting, draft, minutes_of(meeting).version)
    assert sign_in(cast.officer).post(path, {"version": minutes_of(meeting).version}).status_code == 404
    MeetingFile.attach_signed(minutes_of(meeting), minutes_of(meeting).print_code(), paper("red"), cast.secretary)
    sign_in(cast.officer).post(path, {"version": minutes_of(meeting).version})
    minutes = minutes_of(meeting)
    assert (minutes.state, minutes.paper_confirmed_by, minutes.content_hash) == ("ADOPTED", cast.officer, fresh(meeting).content_hash())


def test_addenda_are_numbered_adopted_by_both_and_locked(cast, sign_in):
    meeting = make_minutes(cast.forum)
    path = reverse("fkpm:addendum_create", args=[meeting.uuid])
    assert sign_in(cast.secretary).post(path, {"text": "Terlalu dini."}).status_code == 404
    with pytest.raises(DatabaseError), transaction.atomic():
        Addendum.objects.create(meeting=meeting, number=1, text="x", written_by=cast.secretary)
    before = adopt(meeting, cast.chair, cast.secretary).content_hash
    sign_in(cast.secretary).post(path, {"text": "Hadir 14, bukan 13."})
    addendum = Addendum.objects.get()
    for person in (cast.chair, cast.secretary):
        sign_in(person).post(reverse("fkpm:addendum_adopt", args=[addendum.pk]), {"version": addendum.version})
    addendum.refresh_from_db()
    assert (addendum.number, addendum.state, len(addendum.content_hash)) == (1, "ADOPTED", 64)
    assert list(Meeting.objects.search(addendum.text.split()[-1])) == [meeting]
    with pytest.raises(DatabaseError), transaction.atomic():
        Addendum.objects.filter(pk=addendum.pk).update(text="lain")
    assert Addendum.begin(meeting, "Kedua.", cast.secretary).number == 2
    assert fresh(meeting).content_hash() == before


def test_a_drawn_signature_is_kept_sealed_and_not_lost_to_an_older_form(cast, sign_in):
    meeting = make_minutes(cast.forum)
    member = cast.forum.members.get(user=cast.chair)
    older = as_typed(meeting, **{f"member-{member.pk}": "ABSEN", "conclusion": "Lain."})
    drawing = "data:image/png;base64," + base64.b64encode(picture("black").read()).decode()
    path = reverse("fkpm:attendance_update", args=[meeting.uuid])
    sign_in(cast.secretary).post(path, {"person": f"member-{member.pk}", "act": "sign", "drawing": drawing})
    row = meeting.attendances.get(member=member)
    assert row.signature_sha256
    sign_in(cast.secretary).post(reverse("fkpm:minutes_update", args=[meeting.uuid]), older)
    row.refresh_from_db()
    assert (row.status, bool(row.signature)) == ("HADIR", True)
    assert fresh(meeting).conclusion == "Lain."
    for drawing in ("x", "data:image/png;base64,###", "data:image/png;base64,aGFsbw=="):
        assert sign_in(cast.secretary).post(path, {"person": f"member-{member.pk}", "act": "sign", "drawing": drawing}).status_code == 302
    for person in ("", "member-0", "row-99999999999999999", "x\0"):
        assert sign_in(cast.secretary).post(path, {"person": person, "act": "present"}).status_code in (302, 404)


def test_minutes_are_found_by_any_form_of_a_word_and_hits_are_marked(cast, sign_in):
    make_minutes(cast.forum)
    make_minutes(cast.other_forum)
    client = sign_in(cast.secretary)
    page = client.get("/fkpm/notulen/", {"q": "digantikan lampu"})
    assert page.status_code == 200
    for text, count in (("lampu", 1), ("diganti", 1), ("tiang padam", 1), ("lam", 1), ("sapi", 0), ('"tiang padam"', 1), ("&|!:*", 0)):
        assert Meeting.objects.for_user(cast.secretary).search(text).count() == count, text
    assert "<mark>Lampu</mark>" in client.get("/fkpm/notulen/?q=lampu").content.decode()
    for query in ("?q=%00", "?forum=x&year=x&kind=x&state=x", "?q=" + "a " * 90, "?page=x", "?state=COMMENT&year=2026"):
        assert client.get(f"/fkpm/notulen/{query}").status_code == 200


def test_the_forum_is_chosen_from_a_list_or_where_there_are_many_typed(cast, sign_in, monkeypatch):
    mine, other = make_minutes(cast.forum), make_minutes(cast.other_forum)
    client = sign_in(cast.kapolres)

    def found(forum):
        return set(client.get("/fkpm/notulen/", {"forum": forum}).context["page"].object_list)

    assert f'<option value="{cast.forum.uuid}">' in client.get("/fkpm/notulen/").content.decode()
    assert found(str(cast.forum.uuid)) == {mine}
    monkeypatch.setattr("polmas.people.choices.MOST_CHOICES", 1)
    page = client.get("/fkpm/notulen/").content.decode()
    assert 'type="search" name="forum"' in page
    assert str(cast.other_forum.uuid) not in page
    assert found(cast.forum.name[-6:].upper()) == {mine}
    assert found("") == {mine, other}
    assert found("tidak ada") == set()


def test_reminders_go_out_once_for_each_day(cast):
    action = ActionItem.objects.get(meeting=make_minutes(cast.forum))
    sent = [(row, kind) for row, kind in reminding.due_reminders(timezone.now())]
    assert sent == [(action, "AFTER")]
    assert reminding.remind(*sent[0])
    assert not reminding.remind(*sent[0])
    assert list(reminding.due_reminders(timezone.now())) == []
    assert Notification.objects.filter(kind="OVERDUE", user=cast.chair).count() == 1
    action.move_to("DONE", "", cast.forum.unit.today())
    assert list(reminding.due_reminders(timezone.now())) == []


def test_autosave_tells_the_second_writer_and_overwrites_nothing(cast, sign_in):
    meeting = make_minutes(cast.forum)
    path, version = reverse("fkpm:minutes_update", args=[meeting.uuid]), minutes_of(meeting).version
    first, second = as_typed(meeting, conclusion="Pertama."), as_typed(meeting, conclusion="Kedua.")
    answer = sign_in(cast.secretary).post(path, first, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["version"]) == (200, version + 1)
    answer = sign_in(cast.chair).post(path, second, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "Pertama." in answer.json()["differences"]
    assert fresh(meeting).conclusion == "Pertama."


def test_the_api_writes_over_the_version_that_was_read(cast, api):
    meeting = make_minutes(cast.forum)
    path, version = f"/api/v1/meetings/{meeting.uuid}/minutes/", minutes_of(meeting).version
    sent = {"version": version, "conclusion": "Selesai.", "agenda": [{"topic": "Ronda", "decision": "Dua regu."}]}
    assert api(cast.secretary).patch(path, sent, format="json").status_code == 200
    told = api(cast.chair).patch(path, {"version": version, "conclusion": "Lain."}, format="json")
    assert (told.status_code, told.data["errors"][0]["code"]) == (409, "outdated")
    assert {"stored": "Selesai.", "own": "Lain."}.items() <= told.data["differences"][0].items()
    for broken in ({}, {"version": "x"}, {"version": 2, "starts_at": "0001-01-01T00:00:00Z"}, {"version": 2, "agenda": [{"topic": "x\0"}]}, []):
        assert api(cast.secretary).patch(path, broken, format="json").status_code == 400
    adopt(meeting, cast.chair, cast.secretary)
    told = api(cast.secretary).patch(path, {"version": version + 1, "conclusion": "Lain."}, format="json")
    assert (told.status_code, told.data["errors"][0]["code"]) == (409, "locked")
    assert api(cast.kapolsek).patch(path, sent, format="json").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_secretaries_writing_at_once_lose_nothing(cast):
    meeting = make_minutes(cast.forum)
    version, start, told = minutes_of(meeting).version, threading.Barrier(2), []

    def write(text):
        try:
            draft = draft_of(fresh(meeting))
            draft.fields["conclusion"] = text
            start.wait()
            save_draft(meeting, draft, version)
            told.append(("stored", text))
        except OutdatedError as error:
            told.append(("told", text, error.differences))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=[text]) for text in ("Tulisan satu.", "Tulisan dua.")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    [stored], [refused] = [row for row in told if row[0] == "stored"], [row for row in told if row[0] == "told"]
    assert fresh(meeting).conclusion == stored[1]
    assert (stored[1], refused[1]) in [(theirs, own) for _what, theirs, own in refused[2]]


def test_members_hear_that_minutes_are_adopted(cast):
    meeting = make_minutes(cast.forum)
    circulating.tell_of_adoption(adopt(meeting, cast.chair, cast.secretary), cast.secretary)
    assert {note.user for note in Notification.objects.filter(kind="ADOPTED")} == {cast.chair, cast.officer}


def rows_of(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_meetings_are_taken_along_as_a_table(cast, sign_in, django_assert_max_num_queries):
    adopt(make_minutes(cast.forum, days_ago=30), cast.chair, cast.secretary)
    make_minutes(cast.forum, place="=HYPERLINK(1)")
    make_coming(cast.forum, cast.officer)
    client, path = sign_in(cast.secretary), reverse("fkpm:meeting_export", args=[cast.forum.uuid])
    with django_assert_max_num_queries(12):
        response = client.get(path, {"bentuk": "csv"})
    heads, *rows = rows_of(response)
    assert [row[-1] for row in rows] == ["disahkan", "draf", "akan datang"]
    assert (rows[1][4], rows[1][heads.index("Hadir")], rows[1][heads.index("Keputusan")]) == ("'=HYPERLINK(1)", "2", DECISION)
    book = client.get(path)
    assert book["Content-Disposition"].endswith('.xlsx"')
    Meeting.objects.filter(place="Balai RW 05", minutes__state="DRAFT").update(kind="MEDIASI")
    plain = make_person("warga-biasa", "Warga Biasa")
    Member.objects.create(forum=cast.forum, user=plain, name="Warga Biasa", starts_on="2024-01-01")
    assert len(rows_of(sign_in(plain).get(path, {"bentuk": "csv"}))) == 3


def test_actions_are_taken_along_as_they_are_narrowed(cast, sign_in, django_assert_max_num_queries):
    make_minutes(cast.forum)
    make_minutes(cast.other_forum)
    done = ActionItem.objects.get(meeting=make_minutes(cast.forum))
    done.move_to("DONE", "Dipasang.", cast.forum.unit.today())
    client, path = sign_in(cast.secretary), reverse("fkpm:action_export", args=[cast.forum.uuid])
    with django_assert_max_num_queries(12):
        assert len(rows_of(client.get(path, {"bentuk": "csv"}))) == 3
    [row] = rows_of(client.get(path, {"bentuk": "csv", "state": "selesai", "q": "lampu"}))[1:]
    assert (row[1], row[3], row[6], row[8]) == ("FKPM Pedalangan", "Ganti lampu gang 3", "Selesai", "Dipasang.")
    board = reverse("fkpm:action_board_export")
    assert [len(rows_of(sign_in(person).get(board, {"bentuk": "csv", "q": "\0"}))) for person in (cast.kapolres, cast.chair)] == [4, 3]
    assert len(rows_of(sign_in(cast.chair).get(board, {"bentuk": "csv", "saya": "1", "state": "terlambat"}))) == 2


def test_hits_far_down_or_far_apart_are_marked(cast, sign_in):
    meeting = make_minutes(cast.forum)
    item = meeting.agenda.first()
    item.discussion = f"{'Sambutan panjang. ' * 500}Parkir liar {'dan lain-lain. ' * 300}penggantian kunci"
    item.save()
    client = sign_in(cast.secretary)
    for asked, marked in (
        ("parkir", "Parkir"),
        ("parkir penggantian", "diganti"),
        ("digantikan", "diganti"),
        ("kunci", "kunci"),
        ('"penggantian kunci"', "kunci"),
    ):
        page = client.get("/fkpm/notulen/", {"q": asked}).content.decode()
        assert "<mark>" in page, asked
        assert f"<mark>{marked}</mark>" in page, asked


def test_a_meeting_stays_with_who_served_the_forum_when_it_met(cast):
    forum = cast.forum
    meeting = Meeting.objects.create(forum=forum, starts_at=datetime.datetime(2020, 3, 1, 12, tzinfo=datetime.UTC), place="Balai")
    for officer in (None, cast.colleague):
        forum.officer = officer
        forum.save()
    assert Meeting.objects.served_by([cast.officer.pk]).get() == meeting
    assert not Meeting.objects.served_by([cast.colleague.pk]).exists()
    later = Meeting.objects.create(forum=forum, starts_at=datetime.datetime(2090, 3, 1, 12, tzinfo=datetime.UTC), place="Balai")
    assert [row.server for row in Meeting.objects.served_by([cast.officer.pk, cast.colleague.pk]).order_by("starts_at")] == [
        cast.officer.pk,
        cast.colleague.pk,
    ]
    assert Meeting.objects.served_by([cast.colleague.pk]).get() == later
