"""The way of a summary: texts by their writers, approval by whoever may, sent, received, returned, mended."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from patrol.models import Report
from polmas.people.models import Absence, Posting, Unit
from polmas.summaries import moving, queues, releasing
from polmas.summaries.models import CountedDay, PeriodKind, Summary, SummaryAnnex, SummaryReminder, SummaryStep, TextPart, authority
from polmas.summaries.models.seals import hash_of, signed_content
from tests.cast import make_person
from tests.summaries.life_scenes import NOVEMBER_2, OCTOBER, State, approved, build, in_november, queue, sent, settings_of, titles
from tests.summaries.rows import banyumanik

__all__ = ["in_november", "queue"]


class TestTexts:
    def test_each_part_has_its_writers(self, cast):
        unit = cast.units.banyumanik
        names = ("spkt", "kanit_intelkam", "kanit", "kapolsek")
        parts = {name: {str(part) for part in authority.parts_written_by(cast.people[name], unit)} for name in names}
        assert parts["spkt"] == {"B", "F"}
        assert parts["kanit_intelkam"] == {"C", "G"}
        assert parts["kanit"] == {"D", "E", "analysis", "prediction", "steps", "recommendation", "plan"}
        assert parts["kapolsek"] == set(TextPart.values)
        for name in ("officer", "reskrim", "clerk", "kapolres", "kasat", "outsider", "polda_reader"):
            assert authority.parts_written_by(cast.people[name], unit) == [], name

    def test_parts_without_a_writer_fall_to_the_kanit(self, cast):
        Posting.objects.filter(user=cast.kanit_intelkam).update(ends_on=datetime.date(2026, 10, 31))
        assert {"C", "G"} <= {str(part) for part in authority.parts_written_by(cast.kanit, cast.units.banyumanik)}

    def test_two_writers_of_different_parts_do_not_disturb_each_other(self, cast):
        summary = build(cast.units.banyumanik)
        seen = summary.text_hashes()
        Summary.objects.get(pk=summary.pk).edit(cast.spkt, {"B": "Dua curanmor."}, seen)
        Summary.objects.get(pk=summary.pk).edit(cast.kapolsek, {"B": "", "analysis": "Naik."}, seen)
        summary.refresh_from_db()
        assert (summary.texts, summary.state) == ({"B": "Dua curanmor.", "analysis": "Naik."}, State.DISUNTING)

    def test_the_second_writer_of_a_part_is_told_which(self, cast):
        summary = build(cast.units.banyumanik)
        seen = summary.text_hashes()
        Summary.objects.get(pk=summary.pk).edit(cast.kanit, {"analysis": "Dari Kanit."}, seen)
        with pytest.raises(ValidationError) as caught:
            Summary.objects.get(pk=summary.pk).edit(cast.kapolsek, {"analysis": "Lain.", "plan": "Ronda."}, seen)
        assert set(caught.value.message_dict) == {"analysis"}

    def test_nobody_writes_a_part_of_others(self, cast):
        summary = build(cast.units.banyumanik)
        with pytest.raises(ValidationError):
            summary.edit(cast.spkt, {"analysis": "Bukan tugas saya."}, summary.text_hashes())

    def test_the_form_shows_the_others_words_and_keeps_the_own(self, cast, sign_in):
        summary = build(cast.units.banyumanik)
        keys = {f"seen-{part}": value for part, value in summary.text_hashes().items()}
        summary.edit(cast.kanit, {"analysis": "Dari Kanit."}, summary.text_hashes())
        client, url = sign_in(cast.kapolsek), f"/rekap/{summary.uuid}/ubah/"
        page = client.post(url, {**keys, "analysis": "Dari Kapolsek.", "plan": "Ronda."})
        text = page.content.decode()
        assert page.status_code == 200
        assert "Dari Kanit." in text
        assert "Dari Kapolsek." in text
        again = {field.html_name: field.value() or "" for field in page.context["form"]}
        assert client.post(url, again).status_code == 302
        assert Summary.objects.get().texts == {"analysis": "Dari Kapolsek.", "plan": "Ronda."}

    @pytest.mark.parametrize("text", ["x" * 10_001, "a\0b"])
    def test_odd_texts_are_refused(self, cast, sign_in, text):
        summary = build(cast.units.banyumanik)
        assert sign_in(cast.kanit).post(f"/rekap/{summary.uuid}/ubah/", {"analysis": text}).status_code == 200
        assert Summary.objects.get().texts == {}


class TestAuthority:
    def absent(self, cast, **more):
        days = {"starts_on": datetime.date(2026, 10, 30), "ends_on": datetime.date(2026, 11, 6)}
        Absence.objects.create(user=cast.kapolsek, unit=cast.units.banyumanik, kind="CUTI", recorded_by=cast.clerk, **days, **more)

    def test_a_head_on_leave_does_not_sign_and_the_page_says_whom_to_name(self, cast, sign_in):
        self.absent(cast, substitute=cast.kanit)
        summary = build(cast.units.banyumanik)
        with pytest.raises(ValidationError):
            approved(summary, cast.kapolsek)
        page = sign_in(cast.kanit).get(f"/rekap/{summary.uuid}/", headers={"Accept-Language": "en"}).content.decode()
        assert "Nobody may approve for this unit today" in page
        assert "Bambang Supriyadi" in page
        assert "Harjono" in page
        assert "Polrestabes Semarang" in page

    def test_who_stands_in_signs_with_the_order_and_its_days(self, cast):
        self.absent(cast)
        Posting.objects.create(
            user=cast.kanit, unit=cast.units.banyumanik, role="kapolsek", kind="PLH", order_number="Sprin/88/X/2026",
            starts_on=datetime.date(2026, 10, 30), ends_on=datetime.date(2026, 11, 6),
        )  # fmt: skip
        cast.kanit.__dict__.pop("scope", None)
        by = type(cast.kanit).objects.get(pk=cast.kanit.pk)
        signer = approved(build(cast.units.banyumanik), by).signer
        assert (signer["prefix"], signer["order"], signer["order_from"], signer["order_until"]) == (
            "Plh.", "Sprin/88/X/2026", "2026-10-30", "2026-11-06",
        )  # fmt: skip
        assert Summary.objects.get().order_days.endswith("– 6 November 2026")
        assert authority.nobody_signs(cast.units.banyumanik) is None

    def test_a_polda_is_signed_by_its_kapolda(self, cast):
        summary = build(cast.units.polda)
        with pytest.raises(ValidationError):
            approved(summary, cast.kapolres)
        assert approved(summary, cast.polda_reader).signer["title"] == "KAPOLDA JAWA TENGAH"

    def test_a_kanit_releases_the_daily_one_in_the_name_of_the_head(self, cast):
        summary = build(cast.units.banyumanik, PeriodKind.DAILY, datetime.date(2026, 11, 1))
        signer = approved(summary, cast.kanit).signer
        assert (signer["prefix"], signer["title"], signer["own_title"]) == ("a.n.", "KAPOLSEK BANYUMANIK", "KANIT BINMAS")
        assert summary.number == "R/LHGK/1/XI/2026/Sek Bmk"


class TestHashes:
    def test_what_is_signed_with_the_paper_is_named(self, cast):
        """LI stand in an annex of their own: whoever signs has read them, and the seal holds them."""
        draft = build(cast.units.banyumanik)
        before, bare = draft.draft_hash, hash_of(signed_content(draft))
        SummaryAnnex.objects.filter(summary=draft).update(content={"informations": [{"number": "LI/1/X/2026"}], "problems": []})
        draft = Summary.objects.get(pk=draft.pk)
        assert draft.draft_hash != before
        assert hash_of(signed_content(draft)) != bare
        with pytest.raises(ValidationError):
            moving.approve(draft, cast.kapolsek, before)


class TestWay:
    def test_up_and_received(self, cast):
        summary = sent(cast)
        assert summary.state == State.DIKIRIM
        moving.receive(summary, cast.kasat)
        steps = [(step.state, step.by) for step in summary.steps.all()]
        assert steps == [("OTOMATIS", None), ("DISAHKAN", cast.kapolsek), ("DIKIRIM", cast.kapolsek), ("DITERIMA", cast.kasat)]
        assert summary.steps.last().title == "Kasat Binmas Polrestabes Semarang"

    def test_a_unit_may_send_at_once(self, cast):
        settings_of(cast.units.banyumanik, sends_at_once=True)
        assert approved(build(cast.units.banyumanik), cast.kapolsek).state == State.DIKIRIM
        assert "SUM_SENT" in titles(cast.kasat)

    def test_returned_with_a_note_opens_a_revision_that_keeps_number_and_texts(self, cast):
        banyumanik(cast, 2)
        summary = build(cast.units.banyumanik)
        summary.edit(cast.kanit, {"analysis": "Tenang."}, summary.text_hashes())
        moving.send(approved(summary, cast.kapolsek), cast.kapolsek)
        draft = moving.send_back(summary, cast.kapolres, "Lengkapi bagian B.")
        summary.refresh_from_db()
        assert (summary.state, draft.revision, draft.state, draft.texts) == (State.DIKEMBALIKAN, 2, State.DISUNTING, {"analysis": "Tenang."})
        assert "SUM_RETURNED" in titles(cast.kapolsek)
        assert build(cast.units.banyumanik) == draft, "a rebuild goes on with the revision"
        draft = Summary.objects.get(pk=draft.pk)
        moving.send(approved(draft, cast.kapolsek), cast.kapolsek)
        assert (draft.number, draft.is_late) == (summary.number, False)

    def test_what_is_returned_takes_its_annex_along(self, cast):
        draft = build(cast.units.banyumanik)
        told = {"informations": [{"number": "LI/1/X/2026"}], "problems": []}
        SummaryAnnex.objects.filter(summary=draft).update(content=told)
        summary = Summary.objects.get(pk=draft.pk)
        moving.send(approved(summary, cast.kapolsek), cast.kapolsek)
        draft = moving.send_back(summary, cast.kapolres, "Lengkapi.")
        assert Summary.objects.get(pk=draft.pk).confidential == told

    def test_what_is_returned_while_late_reports_wait_is_mended_in_their_revision(self, cast):
        banyumanik(cast, 2)
        summary = sent(cast)
        late = banyumanik(cast, 1)
        waiting = build(cast.units.banyumanik)
        draft = moving.send_back(summary, cast.kapolres, "Lengkapi.")
        assert (draft.pk, draft.state) == (waiting.pk, State.DISUNTING)
        Report.objects.filter(pk__in=[report.pk for report in late]).update(state="withdrawn", withdrawn_reason="Salah tanggal.")
        assert build(cast.units.banyumanik) == draft, "what is to be mended stays, although nothing differs any more"

    @pytest.mark.parametrize("waits", [False, True])
    def test_what_is_returned_is_due_again_the_next_day_and_reminded_of(self, cast, in_november, waits):
        summary = sent(cast)
        if waits:
            banyumanik(cast, 1)
            build(cast.units.banyumanik)
        draft = moving.send_back(summary, cast.kapolres, "Lengkapi.")
        assert draft.due_at == NOVEMBER_2 + datetime.timedelta(days=1)
        assert list(releasing.to_remind(NOVEMBER_2)) == [(draft, SummaryReminder.Kind.BEFORE)]
        in_november.move_to(NOVEMBER_2 + datetime.timedelta(days=2))
        assert Summary.objects.get(pk=draft.pk).is_late
        assert list(releasing.to_remind(timezone.now())) == [(draft, SummaryReminder.Kind.AFTER)]

    def test_a_day_that_is_returned_is_mended_by_people(self, cast, in_november):
        summary = approved(build(cast.units.banyumanik, PeriodKind.DAILY, datetime.date(2026, 11, 1)), cast.kapolsek)
        moving.send(summary, cast.kapolsek)
        draft = moving.send_back(summary, cast.kapolres, "Lengkapi.")
        in_november.move_to(NOVEMBER_2 + datetime.timedelta(days=2))
        assert releasing.to_release(timezone.now()) == []
        assert list(releasing.to_remind(timezone.now())) == [(draft, SummaryReminder.Kind.AFTER)]

    def test_what_is_returned_is_missing_until_it_is_sent_again(self, cast, sign_in):
        summary = sent(cast)
        client = sign_in(cast.kapolres)

        def lacking():
            return [row["unit"] for line in client.get("/rekap/").context["missing"] if line["kind"] == "monthly" for row in line["units"]]

        assert lacking() == [cast.units.gajahmungkur]
        draft = moving.send_back(summary, cast.kapolres, "Lengkapi.")
        assert lacking() == [cast.units.banyumanik, cast.units.gajahmungkur]
        moving.send(approved(draft, cast.kapolsek), cast.kapolsek)
        assert lacking() == [cast.units.gajahmungkur]
        banyumanik(cast, 1)
        build(cast.units.banyumanik)
        assert lacking() == [cast.units.gajahmungkur], "a revision for late reports takes nothing back that was sent"

    def test_periods_before_the_last_are_asked_after_in_short(self, cast, sign_in, in_november):
        sent(cast)
        banyumanik(cast, 1, OCTOBER)
        CountedDay.objects.create(unit=cast.units.banyumanik, day=OCTOBER, changes=1)
        in_november.move_to(datetime.datetime(2026, 12, 2, 1, 0, tzinfo=datetime.UTC))
        page = sign_in(cast.kapolres).get("/rekap/")
        months = [line for line in page.context["missing_earlier"] if line["kind"] == "monthly"]
        assert [(line["start"], [row["unit"] for row in line["units"]]) for line in months] == [(OCTOBER, [cast.units.gajahmungkur])]

    def test_what_was_counted_long_before_is_found_without_looking_at_all_days(self, cast, sign_in, in_november, django_assert_max_num_queries):
        CountedDay.objects.create(unit=cast.units.banyumanik, day=datetime.date(2024, 1, 1), changes=1)
        with django_assert_max_num_queries(40) as asked:
            months = [line for line in sign_in(cast.kapolres).get("/rekap/").context["missing_earlier"] if line["kind"] == "monthly"]
        assert [line["start"].month for line in months] == [8, 9]
        assert all(len(line["units"]) == 2 for line in months), "also of the unit of which nothing was counted"
        assert not [query["sql"] for query in asked.captured_queries if "MIN(" in query["sql"] and "countedday" in query["sql"]]

    def test_a_superseded_revision_goes_nowhere(self, cast, sign_in):
        first = approved(build(cast.units.banyumanik), cast.kapolsek)
        banyumanik(cast, 1)
        second = build(cast.units.banyumanik)
        assert (second.revision, first.may_be_sent_by(cast.kapolsek)) == (2, True)
        approved(second, cast.kapolsek)
        page = sign_in(cast.kapolsek).get("/rekap/")
        assert [row.revision for row in page.context["waiting"]["unsent"]] == [2]
        assert "revisi 2" in page.content.decode()
        with pytest.raises(ValidationError):
            moving.send(first, cast.kapolsek)
        moving.send(second, cast.kapolsek)

    def test_what_is_missing_is_told_by_each_units_own_clock(self, cast):
        """At a quarter past midnight in Makassar it is still yesterday in Semarang."""
        settings_of(cast.units.gajahmungkur, time_zone="Asia/Makassar")
        with time_machine.travel(datetime.datetime(2026, 11, 2, 16, 15, tzinfo=datetime.UTC), tick=False):
            lines = {line["start"].day: line for line in queues.missing_of(queues.senders_to(cast.kapolres)) if line["kind"] == PeriodKind.DAILY}
        told = {day: ([row["unit"] for row in line["units"]], line["due_at"].isoformat()) for day, line in lines.items()}
        assert told == {
            1: ([cast.units.banyumanik], "2026-11-02T08:00:00+07:00"),
            2: ([cast.units.gajahmungkur], "2026-11-03T08:00:00+08:00"),
        }

    @pytest.mark.parametrize("note", ["", "   "])
    def test_nothing_is_returned_without_a_note(self, cast, note):
        with pytest.raises(ValidationError):
            moving.send_back(sent(cast), cast.kapolres, note)

    def test_is_sent_received_and_returned_by_those_concerned_alone(self, cast):
        summary = approved(build(cast.units.banyumanik), cast.kapolsek)
        for name in ("clerk", "spkt", "kasat", "officer", "outsider"):
            with pytest.raises(ValidationError):
                moving.send(summary, cast.people[name])
        moving.send(summary, cast.kanit)
        for name in ("kapolsek", "kanit", "operator", "polda_reader", "outsider"):
            with pytest.raises(ValidationError):
                moving.receive(summary, cast.people[name])

    def test_only_once(self, cast):
        summary = sent(cast)
        moving.receive(summary, cast.kasat)
        for act in (lambda: moving.receive(summary, cast.kasat), lambda: moving.send(summary, cast.kapolsek)):
            with pytest.raises(ValidationError):
                act()

    def test_several_are_received_at_once_and_the_rest_is_counted(self, cast, sign_in):
        head = make_person("80020099", "Kepala Uji", cast.units.gajahmungkur, "kapolsek")
        one, other = sent(cast), approved(build(cast.units.gajahmungkur), head)
        moving.send(other, head)
        client = sign_in(cast.kapolres)
        waiting = client.get("/rekap/").context["waiting"]["sent"]
        assert set(waiting) == {one, other}
        page = client.post("/rekap/terima/", {"rekap": [one.uuid, other.uuid, "nonsense", one.uuid]}, follow=True)
        assert {row.state for row in Summary.objects.all()} == {State.DITERIMA}
        assert page.context["waiting"]["sent"] == []

    def test_the_polda_reads_what_it_returned(self, cast, sign_in):
        summary = approved(build(cast.units.polres), cast.kapolres)
        moving.send(summary, cast.kapolres)
        url = f"/rekap/{summary.uuid}/"
        assert sign_in(cast.polda_reader).post(f"{url}kembalikan/", {"note": "Ranking belum benar."}).status_code == 302
        assert sign_in(cast.polda_reader).get(url).status_code == 200

    def test_a_unit_that_moved_sends_to_where_it_stands_now(self, cast):
        other = Unit.objects.add_child(Unit.objects.get(pk=cast.units.polda.pk), {"code": "POLRES-LAIN", "name": "Polres Lain", "kind": "POLRES"})
        chief = make_person("80030099", "Kapolres Lain", other, "kapolres")
        with time_machine.travel(datetime.datetime(2026, 10, 15, 3, 0, tzinfo=datetime.UTC), tick=False):
            banyumanik(cast, 2)
            Unit.objects.move(Unit.objects.get(pk=cast.units.banyumanik.pk), Unit.objects.get(pk=other.pk), "sorted-child")
        by = type(cast.kapolsek).objects.get(pk=cast.kapolsek.pk)
        summary = approved(build(cast.units.banyumanik), by)
        moving.send(summary, by)
        with pytest.raises(ValidationError):
            moving.receive(summary, cast.kapolres)
        moving.receive(summary, chief)
        assert [row["code"] for row in build(other).figures["units"]] == ["POLSEK-BANYUMANIK"]
        assert [row["code"] for row in build(cast.units.polres).figures["units"]] == ["POLSEK-GAJAHMUNGKUR"]

    def test_steps_are_never_changed_and_a_return_needs_words(self, cast):
        summary = build(cast.units.banyumanik)
        with pytest.raises(InternalError), transaction.atomic():
            SummaryStep.objects.update(note="lain")
        with pytest.raises(IntegrityError), transaction.atomic():
            summary.steps.create(state=State.DIKEMBALIKAN)

    def test_what_is_approved_stays_as_it_is_down_to_its_history(self, cast):
        """Nothing is slipped in, taken out or dated anew behind a signature."""
        draft = build(cast.units.banyumanik)
        SummaryAnnex.objects.filter(summary=draft).delete()
        draft = Summary.objects.get(pk=draft.pk)
        summary = approved(draft, cast.kapolsek)
        row, later = Summary.objects.filter(pk=summary.pk), NOVEMBER_2 + datetime.timedelta(days=9)
        moving.send(summary, cast.kapolsek)
        for change in (
            lambda: SummaryAnnex.objects.create(summary=summary, content={"informations": [], "problems": []}),
            lambda: summary.steps.all().delete(),
            lambda: row.update(sent_at=later),
            lambda: row.update(due_at=later),
        ):
            with pytest.raises(InternalError), transaction.atomic():
                change()
        other = build(cast.units.gajahmungkur)
        other.delete()
        assert not SummaryStep.objects.filter(summary__unit=cast.units.gajahmungkur).exists()
