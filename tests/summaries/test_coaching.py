"""Notes and coaching sessions, and what becomes of them when an officer moves."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from polmas.people.models import Notification, Posting, Role, User
from polmas.summaries import coaching
from polmas.summaries.models import CoachingSession, ServiceNote
from tests.cast import make_person
from tests.summaries.service_scenes import DAY, NOW, make_note, make_session, on_a_wednesday, queries, told

__all__ = ["on_a_wednesday"]


class TestNotes:
    GOOD = {"officer": "80010001", "kind": "LISAN", "given_on": "2026-11-17", "text": "Tiga laporan menyusul."}

    def test_written_read_and_answered(self, cast, sign_in):
        client = sign_in(cast.kanit)
        assert client.post("/pembinaan/baru/", self.GOOD).status_code == 302
        note = ServiceNote.objects.get()
        assert (note.unit, note.written_by, note.read_at) == (cast.units.banyumanik, cast.kanit, None)
        assert told(cast.officer)[-1] == ("NOTE", f"/pembinaan/{note.uuid}/")
        assert "menyusul" not in str(Notification.objects.filter(user=cast.officer).last())
        officer = sign_in(cast.officer)
        officer.get(f"/pembinaan/{note.uuid}/")
        note.refresh_from_db()
        assert note.read_at is None  # looking is no confirmation
        page = officer.post(f"/pembinaan/{note.uuid}/jawab/", {"text": "Siap."})
        assert page.context["form"].non_field_errors()
        officer.post(f"/pembinaan/{note.uuid}/baca/")
        assert officer.post(f"/pembinaan/{note.uuid}/jawab/", {"text": "Siap, sinyal hilang."}).status_code == 302
        note.refresh_from_db()
        assert (note.read_at, note.answer) == (NOW, "Siap, sinyal hilang.")
        assert told(cast.kanit)[-1] == ("NOTE_ANSWER", f"/pembinaan/{note.uuid}/")
        assert officer.post(f"/pembinaan/{note.uuid}/jawab/", {"text": "Lagi."}).status_code == 200
        assert ServiceNote.objects.get().answer == "Siap, sinyal hilang."

    def test_colleagues_operators_and_other_units_find_nothing(self, cast, sign_in):
        note, session = make_note(cast), make_session(cast)
        for person in (cast.colleague, cast.outsider, cast.clerk, cast.operator, cast.spkt, cast.admin, cast.polda_reader, cast.chair):
            client = sign_in(person)
            assert client.get(f"/pembinaan/{note.uuid}/").status_code == 404
            assert client.get(f"/pembinaan/sesi/{session.uuid}/").status_code == 404
        assert not list(sign_in(cast.colleague).get("/pembinaan/").context["page_obj"])
        kapolsek = make_person("80020099", "Lain", cast.units.gajahmungkur, Role.KAPOLSEK)
        assert sign_in(kapolsek).get(f"/pembinaan/{note.uuid}/").status_code == 404

    def test_only_the_officer_confirms_and_answers(self, cast, sign_in):
        note = make_note(cast)
        for act in ("baca", "jawab"):
            assert sign_in(cast.kanit).post(f"/pembinaan/{note.uuid}/{act}/", {"text": "x"}).status_code == 404

    def test_nobody_writes_to_officers_of_others_or_to_oneself(self, cast, sign_in):
        for officer in ("80020001", "80010090", "\0", "80099999"):
            page = sign_in(cast.kanit).post("/pembinaan/baru/", {**self.GOOD, "officer": officer})
            assert list(page.context["form"].errors) == ["officer"]

    @pytest.mark.parametrize(
        "wrong",
        [{"kind": "x"}, {"given_on": "2026-11-19"}, {"given_on": "31/31"}, {"text": " "}, {"text": "x" * 3001}, {"text": "a\0"}],
    )
    def test_wrong_values_are_named(self, cast, sign_in, wrong):
        page = sign_in(cast.kanit).post("/pembinaan/baru/", {**self.GOOD, **wrong})
        assert (page.status_code, list(page.context["form"].errors)) == (200, list(wrong))

    def test_withdrawn_with_a_reason_and_on_record(self, cast, sign_in):
        note = make_note(cast)
        client = sign_in(cast.kapolsek)
        assert client.post(f"/pembinaan/{note.uuid}/cabut/", {"reason": ""}).status_code == 200
        assert client.post(f"/pembinaan/{note.uuid}/cabut/", {"reason": "Salah orang."}).status_code == 302
        note.refresh_from_db()
        assert (note.withdrawn_by, note.is_standing) == (cast.kapolsek, False)
        assert "Salah orang." in sign_in(cast.officer).get(f"/pembinaan/{note.uuid}/").content.decode()
        assert sign_in(cast.officer).post(f"/pembinaan/{note.uuid}/cabut/", {"reason": "x"}).status_code == 404

    def test_withdrawn_by_who_wrote_it_or_stands_higher(self, cast, sign_in):
        note = make_note(cast, written_by=cast.kapolsek, kind="TERTULIS")
        people = (cast.kanit, cast.kapolsek, cast.kasat, cast.kapolres)
        assert [note.may_be_withdrawn_by(person) for person in people] == [False, True, True, True]
        assert sign_in(cast.kanit).post(f"/pembinaan/{note.uuid}/cabut/", {"reason": "Teman."}).status_code == 404
        deputy = make_person("80010098", "Wakil Uji", cast.units.banyumanik, "wakapolsek")
        assert not note.may_be_withdrawn_by(deputy)
        by_deputy = make_note(cast, written_by=deputy)
        assert [by_deputy.may_be_withdrawn_by(person) for person in (cast.kanit, cast.kapolsek)] == [False, True]
        second = make_person("80010097", "Kanit Kedua", cast.units.banyumanik, "kanit_binmas")
        assert not make_note(cast).may_be_withdrawn_by(second)

    def test_the_words_stay_and_changes_are_tracked(self, cast):
        note = make_note(cast)
        with pytest.raises(Exception, match="words_stay"), transaction.atomic():
            ServiceNote.objects.filter(pk=note.pk).update(text="Lain.")
        with pytest.raises(Exception, match="never_deleted"), transaction.atomic():
            note.delete()
        note.read()
        assert note.events.count() == 1

    def test_lists_are_narrowed_and_cost_the_same(self, cast, sign_in):
        make_note(cast)
        client = sign_in(cast.kanit)
        few = queries(client, "/pembinaan/")
        for _ in range(20):
            make_note(cast, officer=cast.colleague, kind="TERTULIS")
        assert len(queries(client, "/pembinaan/")) == len(few) <= 12
        assert [note.officer for note in client.get("/pembinaan/?jenis=LISAN&status=belum&q=sutrisno").context["page_obj"]] == [cast.officer]
        for query in ("?q=\0&jenis=x", "?status=dicabut", "?page=x"):
            assert client.get(f"/pembinaan/{query}").status_code == 200


class TestMoved:
    """What was written about an officer follows them to where they serve now."""

    def sees(self, sign_in, user, *rows):
        codes = {sign_in(user).get(f"/pembinaan/{'sesi/' * isinstance(row, CoachingSession)}{row.uuid}/").status_code for row in rows}
        assert len(codes) == 1
        return codes == {200}

    def move(self, cast, user, unit, role):
        Posting.objects.filter(user=user).update(ends_on=NOW.date() - DAY)
        Posting.objects.create(user=user, unit=unit, role=role, starts_on=NOW.date())

    def test_the_superior_there_reads_and_goes_on_and_those_before_read_their_own_words_alone(self, cast, sign_in):
        head_there = make_person("80020099", "Kepala Uji", cast.units.gajahmungkur, "kapolsek")
        rows = make_note(cast), make_session(cast)
        assert not self.sees(sign_in, head_there, *rows)
        self.move(cast, cast.officer, cast.units.gajahmungkur, "bhabinkamtibmas")
        seen = {name: self.sees(sign_in, user, *rows) for name, user in {**cast.people, "head_there": head_there}.items() if user}
        assert {name for name, sees in seen.items() if sees} == {"officer", "kanit", "kapolres", "kasat", "head_there"}
        note, session = rows
        assert (note.may_be_withdrawn_by(cast.kanit), note.may_be_withdrawn_by(cast.kapolsek)) == (True, False)
        assert (session.may_be_led_by(cast.kanit), session.may_be_led_by(head_there), session.may_be_led_by(cast.kapolres)) == (False, True, True)
        assert cast.officer.name in sign_in(head_there).get("/pembinaan/").content.decode()
        assert cast.officer.name not in sign_in(cast.kapolsek).get("/pembinaan/").content.decode()

    def test_who_wrote_reads_on_from_a_post_without_command(self, cast, sign_in):
        rows = make_note(cast), make_session(cast)
        self.move(cast, cast.kanit, cast.units.gajahmungkur, "operator_polsek")
        assert self.sees(sign_in, cast.kanit, *rows)
        assert sign_in(cast.kanit).get("/pembinaan/").status_code == 200
        assert sign_in(cast.kanit).get("/pembinaan/baru/").status_code == 404

    def test_of_who_serves_as_officer_no_longer_it_stays_with_the_unit(self, cast, sign_in):
        note = make_note(cast)
        Posting.objects.filter(user=cast.officer).update(ends_on=NOW.date() - DAY)
        assert self.sees(sign_in, cast.kapolsek, note)


class TestSessions:
    def test_planned_held_and_looked_at_again(self, cast, sign_in, on_a_wednesday):
        client = sign_in(cast.kanit)
        asked = {"officer": "80010001", "starts_at": "2026-11-20T09:00", "topic": "Mutu laporan"}
        assert client.post("/pembinaan/sesi/baru/", asked).status_code == 302
        session = CoachingSession.objects.get()
        assert session.starts_at == datetime.datetime(2026, 11, 20, 2, 0, tzinfo=datetime.UTC)
        assert told(cast.officer)[-1] == ("SESSION", f"/pembinaan/sesi/{session.uuid}/")
        page = client.post(f"/pembinaan/sesi/{session.uuid}/hasil/", {"notes": "Baik."})
        assert page.context["form"].non_field_errors()  # it lies ahead
        on_a_wednesday.move_to(NOW + 3 * DAY)
        client = sign_in(cast.kanit)
        results = {"notes": "Sudah lebih tepat waktu.", "plan": "Satu laporan sehari lengkap.", "follow_up_on": "2026-11-27"}
        page = client.post(f"/pembinaan/sesi/{session.uuid}/hasil/", {**results, "follow_up_on": "2026-11-01"})
        assert list(page.context["form"].errors) == ["follow_up_on"]
        assert client.post(f"/pembinaan/sesi/{session.uuid}/hasil/", results).status_code == 302
        session.refresh_from_db()
        assert (session.state, session.follow_up_on) == ("HELD", datetime.date(2026, 11, 27))
        assert "Sudah lebih tepat waktu." in sign_in(cast.officer).get(f"/pembinaan/sesi/{session.uuid}/").content.decode()
        assert sign_in(cast.officer).post(f"/pembinaan/sesi/{session.uuid}/hasil/", results).status_code == 404

    def test_led_by_the_coach_who_stands_higher_or_came_after(self, cast, sign_in):
        session = make_session(cast, hours=-2, coach=cast.kapolsek)
        assert [session.may_be_led_by(person) for person in (cast.kanit, cast.kapolsek, cast.kapolres)] == [False, True, True]
        assert sign_in(cast.kanit).post(f"/pembinaan/sesi/{session.uuid}/hasil/", {"notes": "Lain."}).status_code == 404
        successor = make_person("80010098", "Kepala Baru", cast.units.banyumanik, "kapolsek")
        assert not session.may_be_led_by(successor)
        Posting.objects.filter(user=cast.kapolsek).update(ends_on=NOW.date(), unit=cast.units.banyumanik)
        assert not session.may_be_led_by(successor), "the coach serves until the evening"
        CoachingSession.objects.filter(pk=session.pk).update(created_at=NOW - DAY)
        Posting.objects.filter(user=cast.kapolsek).update(ends_on=NOW.date() - DAY)
        session = CoachingSession.objects.get(pk=session.pk)
        now = {person.pk: person for person in User.objects.all()}
        assert [session.may_be_led_by(now[person.pk]) for person in (cast.kanit, cast.kapolsek, successor)] == [False, False, True]

    def test_called_off_with_a_reason(self, cast, sign_in):
        session = make_session(cast)
        client = sign_in(cast.kapolsek)
        client.post(f"/pembinaan/sesi/{session.uuid}/batal/", {"reason": "Pengamanan pilkades."})
        session.refresh_from_db()
        assert session.state == "CANCELLED"
        assert told(cast.officer)[-1][0] == "CANCELLED"
        assert client.post(f"/pembinaan/sesi/{session.uuid}/batal/", {"reason": "x"}).status_code == 200
        CoachingSession.objects.update(starts_at=NOW - DAY)
        page = client.post(f"/pembinaan/sesi/{session.uuid}/hasil/", {"notes": "Terlaksana."})
        assert page.context["form"].non_field_errors()

    @pytest.mark.parametrize(
        "wrong", [{"starts_at": "x"}, {"starts_at": "2099-01-01T09:00"}, {"topic": " "}, {"topic": "a\0"}, {"officer": "80020001"}]
    )
    def test_wrong_values_are_named(self, cast, sign_in, wrong):
        asked = {"officer": "80010001", "starts_at": "2026-11-20T09:00", "topic": "Mutu laporan", **wrong}
        page = sign_in(cast.kanit).post("/pembinaan/sesi/baru/", asked)
        assert (page.status_code, list(page.context["form"].errors)) == (200, list(wrong))

    def test_reminders_come_once_each(self, cast):
        note = make_note(cast)
        ServiceNote.objects.filter(pk=note.pk).update(written_at=NOW - 4 * DAY)
        make_session(cast, hours=20)
        held = make_session(cast, hours=-48)
        held.hold("Baik.", "Lanjut.", datetime.date(2026, 11, 18))
        Notification.objects.all().delete()
        assert coaching.remind(timezone.now()) == 3
        assert {kind for kind, _path in told(cast.officer)} == {"NOTE", "SESSION"}
        assert {kind for kind, _path in told(cast.kanit)} == {"SESSION", "LOOK_AGAIN"}
        assert coaching.remind(timezone.now()) == 0
        assert coaching.remind(timezone.now() + 3 * DAY) == 1  # the note is still unread

    @pytest.mark.parametrize("query", ["?q=\0", "?status=x", "?status=HELD&page=9", "?q=sutrisno"])
    def test_odd_addresses_show_a_list(self, cast, sign_in, query):
        make_session(cast)
        assert sign_in(cast.kanit).get(f"/pembinaan/sesi/{query}").status_code == 200
