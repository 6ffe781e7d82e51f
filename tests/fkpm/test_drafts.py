"""What stands while a text is still a draft: ticks, carried points, who is expected, what was put out, which page was signed, who is told."""

import datetime
import threading

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone, translation

from fkpm import attending, circulating, inviting, reminding
from fkpm.minutes import OutdatedError, carry_over, draft_of, save_draft
from fkpm.models import ActionItem, ActionReminder, Addendum, Comment, Meeting, MeetingFile, Member, Minutes
from fkpm.models.meetings import Presence
from fkpm.printing import fingerprint_of
from polmas.people.models import Notification, Posting
from tests.fkpm.gatherings import make_coming, paper, picture
from tests.fkpm.scenes import adopt, as_typed, fresh, make_meeting, make_minutes, minutes_of

QUIET = {"Accept": "application/json"}


def writing(meeting):
    return reverse("fkpm:minutes_update", args=[meeting.uuid])


def add_members(forum, n):
    for number in range(n):
        Member.objects.create(forum=forum, name=f"Warga {number}", starts_on="2024-01-01")


def change(meeting, **fields):
    draft = draft_of(fresh(meeting))
    draft.fields |= fields
    save_draft(meeting, draft, minutes_of(meeting).version)


def test_an_older_form_takes_no_tick_away(cast, sign_in):
    meeting = make_meeting(cast.forum)
    older = as_typed(meeting, conclusion="Selesai.")
    for member in cast.forum.members.all():
        attending.mark(meeting, member, "present", None)
    assert sign_in(cast.secretary).post(writing(meeting), older).status_code == 302
    assert sign_in(cast.secretary).post(writing(meeting), as_typed(meeting, conclusion="Lain.", version=2), headers=QUIET).status_code == 200
    assert [row.status for row in meeting.attendances.all()] == ["HADIR", "HADIR"]
    assert fresh(meeting).conclusion == "Lain."


def test_what_the_form_changed_on_the_list_is_stored(cast, sign_in):
    meeting, (first, second) = make_minutes(cast.forum), cast.forum.members.all()
    typed = as_typed(meeting, **{f"member-{first.pk}": "IZIN", f"member-{second.pk}": ""})
    assert sign_in(cast.secretary).post(writing(meeting), typed).status_code == 302
    assert [(row.member, row.status) for row in meeting.attendances.exclude(member=None)] == [(first, "IZIN")]


def test_the_api_leaves_members_alone_whom_it_does_not_name(cast, api):
    meeting, (first, second) = make_meeting(cast.forum), cast.forum.members.all()
    attending.mark(meeting, first, "present", None)
    sent = {"version": 1, "attendance": [{"name": second.name, "status": "IZIN"}, {"name": "Bu Lurah", "status": "TAMU"}]}
    assert api(cast.secretary).patch(f"/api/v1/meetings/{meeting.uuid}/minutes/", sent, format="json").status_code == 200
    assert {row.name: row.status for row in meeting.attendances.all()} == {first.name: "HADIR", second.name: "IZIN", "Bu Lurah": "TAMU"}


def test_an_older_form_takes_no_carried_point_away(cast, sign_in):
    make_minutes(cast.forum)
    meeting = make_meeting(cast.forum, days_ago=-3)
    client, older = sign_in(cast.secretary), as_typed(meeting, place="Balai RW 09")
    inviting.invite(meeting, cast.officer)
    assert meeting.agenda.filter(is_follow_up=True).count() == 1
    told = client.post(writing(meeting), older)
    assert told.status_code == 409
    assert client.post(writing(meeting), older | {"version": minutes_of(meeting).version}).status_code == 302
    assert (fresh(meeting).place, meeting.agenda.filter(is_follow_up=True).count()) == ("Balai RW 09", 1)
    point = meeting.agenda.get(is_follow_up=True)
    typed = as_typed(meeting)
    place = next(name for name, value in typed.items() if name.startswith("agenda") and name.endswith("-id") and value == point.pk)
    assert client.post(writing(meeting), typed | {place.replace("-id", "-DELETE"): "on"}).status_code == 302
    assert not meeting.agenda.filter(is_follow_up=True).exists()


def test_what_is_carried_over_is_indonesian_and_told_once_the_meeting_has_begun(cast, sign_in):
    make_minutes(cast.forum)
    meeting = make_meeting(cast.forum, days_ago=-1)
    with translation.override("en"):
        inviting.invite(meeting, cast.officer)
    point = meeting.agenda.get(is_follow_up=True)
    assert (point.topic, point.discussion) == ("Tindak lanjut rapat terdahulu", "")
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - datetime.timedelta(minutes=5))
    client = sign_in(cast.secretary)
    assert client.get(writing(meeting)).status_code == 200
    version = minutes_of(meeting).version
    assert "Ganti lampu gang 3" in meeting.agenda.get(is_follow_up=True).discussion
    client.get(writing(meeting))
    assert minutes_of(meeting).version == version
    with translation.override("en"):
        assert "kami mengundang" in inviting.text_for_people(fresh(meeting))


@pytest.mark.django_db(transaction=True)
def test_a_point_carried_over_waits_for_who_writes(cast):
    make_minutes(cast.forum)
    meeting = make_meeting(cast.forum, days_ago=-3)
    draft, started, told = draft_of(fresh(meeting)), threading.Event(), []

    def carry():
        try:
            started.set()
            carry_over(fresh(meeting))
        finally:
            connection.close()

    from django.db import transaction

    with transaction.atomic():
        Minutes.objects.select_for_update().get(pk=meeting.pk)
        thread = threading.Thread(target=carry)
        thread.start()
        started.wait()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join()
    try:
        save_draft(meeting, draft, 1)
    except OutdatedError as error:
        told = error.differences
    assert told
    assert meeting.agenda.filter(is_follow_up=True).exists()


def test_expected_are_the_members_of_that_day(cast):
    add_members(cast.forum, 12)
    meeting = make_meeting(cast.forum)
    member = cast.forum.members.get(user=cast.chair)
    attending.mark(meeting, member, "present", None)
    presence = fresh(meeting).presence()
    assert (presence, presence.has_quorum) == (Presence(1, 14), False)
    cast.forum.members.filter(name__startswith="Warga").update(ends_on=meeting.day - datetime.timedelta(days=1))
    assert fresh(meeting).presence().expected == 2
    Meeting.objects.filter(pk=meeting.pk).update(kind="MEDIASI")
    add_members(cast.forum, 3)
    assert fresh(meeting).presence().expected == 2


def test_adoption_keeps_how_many_were_expected(cast):
    meeting = make_minutes(cast.forum)
    adopted = adopt(meeting, cast.chair, cast.secretary)
    add_members(cast.forum, 5)
    assert (fresh(meeting).presence().expected, fresh(meeting).content_hash()) == (2, adopted.content_hash)


def test_a_page_signed_for_another_text_is_refused(cast, sign_in):
    meeting = make_minutes(cast.forum)
    client, path = sign_in(cast.secretary), reverse("fkpm:file_create", args=[meeting.uuid])
    code = minutes_of(meeting).print_code()
    assert "code" in client.post(path, {"kind": "SIGNED", "file": picture()}).context["form"].errors
    change(meeting, conclusion="Lain.")
    response = client.post(path, {"kind": "SIGNED", "file": picture(), "code": code})
    assert (response.status_code, code in response.content.decode(), MeetingFile.objects.count()) == (200, True, 0)
    new = minutes_of(meeting).print_code()
    assert client.post(path, {"kind": "SIGNED", "file": picture(), "code": new}).status_code == 302
    change(meeting, conclusion="Lain lagi.")
    response = client.post(path, {"kind": "SIGNED", "file": picture(), "code": minutes_of(meeting).print_code()})
    assert response.status_code == 200
    assert MeetingFile.objects.get().minutes_version == minutes_of(meeting).version - 1
    assert minutes_of(meeting).signed_page() is None


def test_a_signed_page_falls_with_a_later_tick_but_not_with_a_photo(cast):
    meeting = make_minutes(cast.forum)
    Member.objects.create(forum=cast.forum, name="Terlambat", starts_on="2024-01-01")
    MeetingFile.attach_signed(minutes_of(meeting), minutes_of(meeting).print_code(), paper(), cast.secretary)
    MeetingFile.attach(fresh(meeting), "PHOTO", paper("blue"), cast.secretary)
    assert minutes_of(meeting).may_confirm_paper(cast.officer)
    attending.mark(meeting, cast.forum.members.get(name="Terlambat"), "present", None)
    assert not minutes_of(meeting).may_confirm_paper(cast.officer)
    with pytest.raises(ValidationError):
        minutes_of(meeting).adopt_by_paper(cast.officer, minutes_of(meeting).version)


def test_a_tick_makes_another_paper(cast):
    meeting = make_meeting(cast.forum)
    before = fingerprint_of(fresh(meeting))
    attending.mark(meeting, cast.forum.members.first(), "present", None)
    assert fingerprint_of(fresh(meeting)) != before


def test_the_paper_of_a_draft_says_which_text_it_shows(cast):
    from django.template.loader import render_to_string

    from fkpm.printing import minutes_on_paper

    meeting = make_minutes(cast.forum)
    assert minutes_of(meeting).print_code() in render_to_string("fkpm/minutes_print.html", minutes_on_paper(fresh(meeting)))
    adopt(meeting, cast.chair, cast.secretary)
    addendum = Addendum.begin(fresh(meeting), "Hadir 14, bukan 13.", cast.secretary)
    shown = render_to_string("fkpm/minutes_print.html", minutes_on_paper(fresh(meeting)))
    assert addendum.print_code() in shown
    assert minutes_of(meeting).print_code() not in shown


def test_a_file_takes_a_half_adoption_away_and_two_at_once_are_one(cast):
    meeting = make_minutes(cast.forum)
    adopt(meeting, cast.chair)
    first, again = (MeetingFile.attach(fresh(meeting), "PHOTO", paper(), cast.secretary) for _twice in range(2))
    assert first == again
    minutes = minutes_of(meeting)
    assert (minutes.chair_adopted_by, minutes.version) == (None, 3)
    adopt(meeting, cast.chair)
    first.remove()
    assert minutes_of(meeting).chair_adopted_by is None


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_one(cast):
    meeting, start, kept = make_minutes(cast.forum), threading.Barrier(2), []

    def attach():
        try:
            stale = fresh(meeting)
            start.wait()
            kept.append(MeetingFile.attach(stale, "PHOTO", paper(), cast.secretary).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=attach) for _twice in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(kept), len(set(kept)), MeetingFile.objects.count()) == (2, 1, 1)


def test_a_file_for_minutes_adopted_meanwhile_is_refused_with_a_reason(cast, sign_in):
    meeting = make_minutes(cast.forum)
    stale = fresh(meeting)
    adopt(meeting, cast.chair, cast.secretary)
    with pytest.raises(ValidationError) as told:
        MeetingFile.attach(stale, "PHOTO", paper(), cast.secretary)
    assert told.value.code == "locked"


def test_a_text_changed_after_it_was_put_out_says_so(cast, sign_in):
    meeting = make_minutes(cast.forum)
    client = sign_in(cast.secretary)
    client.post(reverse("fkpm:minutes_circulate", args=[meeting.uuid]), {"days": 3})
    minutes_of(meeting).end_comments()
    assert circulating.changes_since_put_out(minutes_of(meeting)) == []
    change(meeting, conclusion="Ditutup dengan nyanyian.")
    [(_what, before, now)] = circulating.changes_since_put_out(minutes_of(meeting))
    assert (before, now) == ("Ditutup dengan doa.", "Ditutup dengan nyanyian.")
    page = reverse("fkpm:minutes_adopt", args=[meeting.uuid])
    for path in (page, meeting.page):
        shown = client.get(path).content.decode()
        assert "<del>Ditutup dengan doa.</del>" in shown
    adopt(meeting, cast.chair, cast.secretary)
    assert "sesudah diedarkan" in client.get(meeting.page).content.decode()
    with pytest.raises(DatabaseError):
        minutes_of(meeting).circulations.update(text_hash="")


def test_an_addendum_changed_after_it_was_put_out_says_so(cast, sign_in):
    meeting = make_minutes(cast.forum)
    adopt(meeting, cast.chair, cast.secretary)
    addendum = Addendum.begin(fresh(meeting), "Hadir 14.", cast.secretary)
    circulating.put_out(addendum, cast.secretary, 2)
    addendum.end_comments()
    addendum.save_text("Hadir 15.", addendum.version)
    addendum = Addendum.objects.get()
    assert circulating.changes_since_put_out(addendum)[0][1:] == ("Hadir 14.", "Hadir 15.")
    assert "<del>Hadir 14.</del>" in sign_in(cast.secretary).get(reverse("fkpm:addendum_detail", args=[addendum.pk])).content.decode()
    circulating.put_out(addendum, cast.secretary, 2)
    assert circulating.changes_since_put_out(Addendum.objects.get()) == []


def test_comments_on_a_text_adopted_meanwhile_are_answered_with_a_reason(cast, sign_in, monkeypatch):
    meeting = make_minutes(cast.forum)
    comment = Comment.objects.create(minutes=minutes_of(meeting), author=cast.chair, text="Tambahkan RT.")
    comment.close(cast.secretary, "Sudah.", is_taken_over=False)
    adopt(meeting, cast.chair, cast.secretary)
    monkeypatch.setattr(Minutes, "is_adopted", property(lambda minutes: False))
    monkeypatch.setattr(Meeting, "is_adopted", property(lambda meeting: False))
    client = sign_in(cast.secretary)
    answer = reverse("fkpm:comment_answer", args=[comment.pk])
    circulate = reverse("fkpm:minutes_circulate", args=[meeting.uuid])
    for path, sent in ((answer, {"answer": "Lagi."}), (circulate, {"days": 3}), (circulate, {"end": "1"})):
        response = client.post(path, sent)
        assert response.status_code == 302, path
    assert Comment.objects.get().answer == "Sudah."


def test_the_api_tells_of_a_move_and_writes_no_cancelled_meeting(cast, api):
    meeting = make_coming(cast.forum, cast.officer)
    path = f"/api/v1/meetings/{meeting.uuid}/minutes/"
    sent = {"version": minutes_of(meeting).version, "place": "Balai RW 11"}
    assert api(cast.secretary).patch(path, sent, format="json").status_code == 200
    assert fresh(meeting).invitation_number == 1
    assert {note.user for note in Notification.objects.filter(kind="MOVED")} == {cast.chair, cast.officer}
    inviting.cancel(fresh(meeting), cast.officer, "Hujan")
    told = api(cast.secretary).patch(path, sent | {"version": minutes_of(meeting).version}, format="json")
    assert (told.status_code, told.data["errors"][0]["code"]) == (409, "cancelled")


def test_a_cancelled_meeting_is_not_adopted(cast, sign_in):
    meeting = make_minutes(cast.forum)
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=timezone.now(), cancel_reason="Hujan")
    sign_in(cast.chair).post(reverse("fkpm:minutes_adopt", args=[meeting.uuid]), {"version": minutes_of(meeting).version})
    assert minutes_of(meeting).chair_adopted_by is None


def test_a_form_open_while_the_meeting_is_cancelled_is_told(cast, sign_in, monkeypatch):
    meeting = make_coming(cast.forum, cast.officer)
    typed = as_typed(meeting, place="Lain")
    inviting.cancel(fresh(meeting), cast.officer, "Hujan")
    monkeypatch.setattr("fkpm.views.meetings.meeting_of", lambda request, uuid: uncancelled(meeting))
    response = sign_in(cast.secretary).post(writing(meeting), typed)
    assert (response.status_code, fresh(meeting).place) == (409, "Balai RW 05")


def uncancelled(meeting):
    row = fresh(meeting)
    row.cancelled_at = None
    return row


def test_a_move_left_unsaved_is_told_after_a_while(cast, sign_in):
    meeting = make_coming(cast.forum, cast.officer)
    assert sign_in(cast.secretary).post(writing(meeting), as_typed(fresh(meeting), place="Balai RW 11"), headers=QUIET).status_code == 200
    now = timezone.now()
    assert inviting.tell_of_moves(now) == 0
    assert inviting.tell_of_moves(now + inviting.SETTLING) == 1
    assert inviting.tell_of_moves(now + inviting.SETTLING) == 0
    assert {note.user for note in Notification.objects.filter(kind="MOVED")} == {cast.chair, cast.secretary, cast.officer}
    assert fresh(meeting).invitation_number == 1


def test_a_plan_that_comes_back_to_what_was_told_is_no_move(cast, sign_in):
    meeting = make_coming(cast.forum, cast.officer)
    for place in ("Balai RW 11", meeting.place):
        sign_in(cast.secretary).post(writing(meeting), as_typed(fresh(meeting), place=place), headers=QUIET)
    assert fresh(meeting).moved_at is None
    assert inviting.tell_of_moves(timezone.now() + inviting.SETTLING) == 0


def test_asked_again_nobody_is_mailed_twice(cast, settings):
    settings.HAS_MAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    Member.objects.filter(user=cast.chair).update(email="ketua@contoh.id")
    meeting = make_coming(cast.forum, cast.officer)
    assert inviting.mail_invitations(meeting) == 1
    Member.objects.create(forum=cast.forum, name="Baru", email="baru@contoh.id", starts_on="2024-01-01")
    assert inviting.invite(fresh(meeting), cast.officer) == 1
    assert inviting.mail_invitations(fresh(meeting)) == 1
    assert [message.to for message in mail.outbox] == [["ketua@contoh.id"], ["baru@contoh.id"]]


def test_former_members_and_moved_officers_are_told_nothing(cast, settings):
    settings.HAS_MAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    Member.objects.filter(user=cast.chair).update(email="ketua@contoh.id")
    meeting = make_coming(cast.forum, cast.officer)
    Member.objects.filter(user=cast.chair).update(ends_on=cast.forum.unit.today())
    Posting.objects.filter(user=cast.officer).update(ends_on=cast.forum.unit.today() - datetime.timedelta(days=1))
    Notification.objects.all().delete()
    inviting.cancel(fresh(meeting), cast.secretary, "Hujan")
    assert inviting.mail_invitations(fresh(meeting)) == 0
    assert not Notification.objects.exists()


def late(cast, **owner):
    action = ActionItem.objects.get(meeting=make_minutes(cast.forum))
    ActionItem.objects.filter(pk=action.pk).update(**{"owner": None, "officer": None} | owner)
    return action.pk


def remind(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return [reminding.remind(*found) for found in reminding.due_reminders(timezone.now())]


def test_the_officer_is_reminded_by_mail_while_serving(cast, settings, django_capture_on_commit_callbacks):
    settings.HAS_MAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    type(cast.officer).objects.filter(pk=cast.officer.pk).update(email="bhabin@contoh.id")
    pk = late(cast, officer=cast.officer)
    assert remind(django_capture_on_commit_callbacks) == [True]
    [message] = mail.outbox
    assert (message.to, message.subject) == (["bhabin@contoh.id"], "Terlambat: Ganti lampu gang 3")
    assert "Batas waktu" in message.body
    assert cast.forum.name in message.body
    ActionReminder.objects.all().delete()
    Notification.objects.all().delete()
    Posting.objects.filter(user=cast.officer).update(ends_on=cast.forum.unit.today() - datetime.timedelta(days=1))
    assert remind(django_capture_on_commit_callbacks) == [True]
    assert len(mail.outbox) == 1
    assert {note.user for note in Notification.objects.all()} == {cast.chair, cast.secretary}
    assert ActionItem.objects.get(pk=pk).officer == cast.officer


def test_a_former_member_is_not_mailed(cast, settings, django_capture_on_commit_callbacks):
    settings.HAS_MAIL, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    member = cast.forum.members.get(user=cast.chair)
    Member.objects.filter(pk=member.pk).update(email="ketua@contoh.id", ends_on=cast.forum.unit.today() - datetime.timedelta(days=1))
    late(cast, owner=member)
    assert remind(django_capture_on_commit_callbacks) == [True]
    assert mail.outbox == []


def test_what_was_told_is_not_loaded_again(cast, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(reminding, "AT_ONCE", 1)
    make_minutes(cast.forum)
    make_minutes(cast.other_forum)
    found = list(reminding.due_reminders(timezone.now()))
    assert len(found) == 2
    for action, kind in found:
        reminding.remind(action, kind)
    with django_assert_num_queries(6):  # three time zones, before and after
        assert list(reminding.due_reminders(timezone.now())) == []
    ActionItem.objects.update(due_on=cast.forum.unit.today() + datetime.timedelta(days=2))
    assert [kind for _action, kind in reminding.due_reminders(timezone.now())] == ["BEFORE", "BEFORE"]
