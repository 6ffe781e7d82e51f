"""Minutes: adopted by two, locked by the database, never overwritten unseen."""

import contextlib
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from fkpm.minutes import LockedError, OutdatedError, draft_of, save_draft
from fkpm.models import ActionItem, Meeting, Member, Minutes, Position
from tests.fkpm.scenes import DECISION, adopt, fresh, make_meeting, make_minutes, minutes_of


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@contextlib.contextmanager
def refused(code):
    """The verb answers with this error, in whatever language."""
    with pytest.raises(ValidationError) as error:
        yield
    assert error.value.code == code


def test_chair_and_secretary_adopt_in_any_order(cast):
    for people in ((cast.chair, cast.secretary), (cast.secretary, cast.chair)):
        meeting = make_minutes(cast.forum)
        assert adopt(meeting, people[0]).state == "DRAFT"
        minutes = adopt(meeting, people[1])
        assert (minutes.state, minutes.chair_adopted_by, minutes.secretary_adopted_by) == ("ADOPTED", cast.chair, cast.secretary)
        assert minutes.content_hash == fresh(meeting).content_hash()
        assert len(minutes.content_hash) == 64


def test_nobody_else_adopts_and_nobody_twice(cast):
    meeting = make_minutes(cast.forum)
    for person in (cast.officer, cast.kanit, cast.kapolsek, cast.other_secretary, cast.admin):
        with refused("not_yours"):
            adopt(meeting, person)
    Member.objects.create(forum=cast.forum, user=cast.chair, name="H. Slamet Riyadi", position=Position.WAKIL_SEKRETARIS, starts_on="2024-01-01")
    adopt(meeting, cast.chair)
    with refused("not_yours"):
        adopt(meeting, cast.chair)
    assert minutes_of(meeting).secretary_adopted_by is None


def test_a_secretary_whose_term_is_over_adopts_nothing(cast):
    meeting = make_minutes(cast.forum)
    cast.forum.members.filter(user=cast.secretary).update(ends_on="2025-01-01")
    with refused("not_yours"):
        adopt(meeting, cast.secretary)


def test_incomplete_minutes_are_not_adopted(cast):
    meeting = make_meeting(cast.forum)
    assert len(minutes_of(meeting).missing()) == 3
    with refused("incomplete"):
        adopt(meeting, cast.chair)
    to_come = make_meeting(cast.forum, days_ago=-7)
    assert len(minutes_of(to_come).missing()) == 4


def test_an_edit_takes_the_first_adoption_away(cast):
    meeting = make_minutes(cast.forum)
    version = minutes_of(meeting).version
    adopt(meeting, cast.chair)
    draft = draft_of(fresh(meeting))
    save_draft(meeting, draft, version)  # nothing changed
    assert minutes_of(meeting).chair_adopted_by == cast.chair
    draft.agenda[0]["decision"] = "Lampu diganti kelurahan."
    save_draft(meeting, draft, version)
    minutes = minutes_of(meeting)
    assert (minutes.chair_adopted_by, minutes.version) == (None, version + 1)
    with refused("outdated"):
        minutes.adopt(cast.secretary, version)


def test_a_second_writer_is_told_and_nothing_is_overwritten(cast):
    meeting = make_minutes(cast.forum)
    version = minutes_of(meeting).version
    first, second = draft_of(fresh(meeting)), draft_of(fresh(meeting))
    first.agenda[0]["decision"] = "Lampu dari kas RW."
    second.agenda[0]["decision"] = "Lampu dari kelurahan."
    save_draft(meeting, first, version)
    with pytest.raises(OutdatedError) as told:
        save_draft(meeting, second, version)
    assert ("Lampu dari kas RW.", "Lampu dari kelurahan.") in [(stored, own) for _what, stored, own in told.value.differences]
    assert len(told.value.differences) == 1
    assert fresh(meeting).decisions() == ["Lampu dari kas RW."]


def test_namesakes_are_not_mixed_up_in_the_differences(cast):
    meeting = make_minutes(cast.forum)
    for _twice in range(2):
        Member.objects.create(forum=cast.forum, name="Joko", starts_on="2024-01-01")
    draft = draft_of(fresh(meeting))
    draft.statuses |= dict.fromkeys(cast.forum.members.filter(name="Joko"), "HADIR")
    with pytest.raises(OutdatedError) as told:
        save_draft(meeting, draft, 1)
    assert len(told.value.differences) == 2


LOCKED_ROWS = (
    "UPDATE fkpm_meeting SET place = 'lain' WHERE id = %s",
    "DELETE FROM fkpm_meeting WHERE id = %s",
    "UPDATE fkpm_agendaitem SET decision = 'lain' WHERE meeting_id = %s",
    "DELETE FROM fkpm_agendaitem WHERE meeting_id = %s",
    "INSERT INTO fkpm_agendaitem (meeting_id, \"order\", topic, discussion, decision) VALUES (%s, 9, 'x', '', '')",
    "UPDATE fkpm_attendance SET status = 'ABSEN' WHERE meeting_id = %s",
    "DELETE FROM fkpm_attendance WHERE meeting_id = %s",
    "INSERT INTO fkpm_attendance (meeting_id, name, element, organisation, status) VALUES (%s, 'x', '', '', 'TAMU')",
    "UPDATE fkpm_actionitem SET text = 'lain' WHERE meeting_id = %s",
    "UPDATE fkpm_actionitem SET due_on = '2030-01-01' WHERE meeting_id = %s",
    "UPDATE fkpm_actionitem SET owner_name = 'lain' WHERE meeting_id = %s",
    "DELETE FROM fkpm_actionitem WHERE meeting_id = %s",
    "UPDATE fkpm_minutes SET state = 'DRAFT', content_hash = '' WHERE meeting_id = %s",
    "UPDATE fkpm_minutes SET content_hash = repeat('0', 64) WHERE meeting_id = %s",
    "DELETE FROM fkpm_minutes WHERE meeting_id = %s",
)


@pytest.mark.parametrize("statement", LOCKED_ROWS)
def test_adopted_minutes_are_locked_for_any_statement(cast, statement):
    meeting = make_minutes(cast.forum)
    before = adopt(meeting, cast.chair, cast.secretary).content_hash
    with pytest.raises(DatabaseError, match=r"locked|[Cc]annot"):
        sql(statement, meeting.pk)
    assert fresh(meeting).content_hash() == before


@pytest.mark.parametrize("table", ["agendaitem", "attendance", "actionitem"])
def test_no_row_is_moved_into_or_out_of_adopted_minutes(cast, table):
    adopted, draft = make_minutes(cast.forum), make_minutes(cast.forum)
    adopt(adopted, cast.chair, cast.secretary)
    for source, target in ((adopted, draft), (draft, adopted)):
        with pytest.raises(DatabaseError, match="locked"):
            sql(f"UPDATE fkpm_{table} SET meeting_id = %s WHERE meeting_id = %s", target.pk, source.pk)  # noqa: S608 - the names stand above


def test_what_was_agreed_goes_on_being_done(cast):
    meeting = make_minutes(cast.forum)
    before = adopt(meeting, cast.chair, cast.secretary).content_hash
    action = ActionItem.objects.get(meeting=meeting)
    action.move_to("DONE", "Dipasang warga.", cast.forum.unit.today())
    assert fresh(meeting).content_hash() == before


def test_a_draft_over_adopted_minutes_is_refused(cast):
    meeting = make_minutes(cast.forum)
    draft = draft_of(fresh(meeting))
    minutes = adopt(meeting, cast.chair, cast.secretary)
    with pytest.raises(LockedError):
        save_draft(meeting, draft, minutes.version)


def test_the_history_keeps_what_a_draft_said_before(cast):
    meeting = make_minutes(cast.forum)
    draft = draft_of(fresh(meeting))
    draft.agenda = []
    save_draft(meeting, draft, minutes_of(meeting).version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT decision FROM fkpm_agendaitemevent WHERE meeting_id = %s AND pgh_label = 'delete'", [meeting.pk])
        assert cursor.fetchall() == [(DECISION,)]


def test_one_person_never_stands_for_both(cast):
    meeting = make_minutes(cast.forum)
    with pytest.raises(DatabaseError, match="minutes_adopted_by_two"), transaction.atomic():
        Minutes.objects.filter(pk=meeting.pk).update(chair_adopted_by=cast.chair, secretary_adopted_by=cast.chair)


def test_two_meetings_of_a_month_are_told_apart_by_the_titles_of_their_pages(cast, sign_in):
    client, first, second = sign_in(cast.secretary), make_minutes(cast.forum), make_minutes(cast.forum)
    Meeting.objects.filter(pk=second.pk).update(starts_at=first.starts_at.replace(day=first.starts_at.day % 28 + 1))
    for address in ("/fkpm/rapat/{}/", "/fkpm/rapat/{}/ubah/"):
        pages = [client.get(address.format(meeting.uuid)) for meeting in (first, second)]
        assert [page.status_code for page in pages] == [200, 200]
        titles = [re.search("<title>(.*?)</title>", page.content.decode(), re.DOTALL)[1] for page in pages]
        assert titles[0] != titles[1]
