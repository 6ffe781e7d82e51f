"""When a summary is due, reminded of, late, or released by itself."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from polmas.people.models import Unit
from polmas.summaries import building, releasing
from polmas.summaries.models import PeriodKind, Summary, SummaryReminder, SummaryRun
from polmas.summaries.models.due_times import due_at
from tests.summaries.life_scenes import NOVEMBER_2, State, build, in_november, queue, sent, settings_of, titles
from tests.summaries.rows import banyumanik

__all__ = ["in_november", "queue"]


class TestTime:
    def test_due_times_follow_the_unit_and_its_clock(self, cast):
        settings_of(cast.units.banyumanik, time_zone="Asia/Jayapura", day_due_at="07:30", week_due_day=1, week_due_at="09:00", month_due_day=3)
        unit = Unit.objects.get(pk=cast.units.banyumanik.pk)
        moments = {kind: due_at(unit, kind, datetime.date(2026, 11, 1)).isoformat() for kind in (PeriodKind.DAILY, PeriodKind.WEEKLY)}
        assert moments == {"daily": "2026-11-02T07:30:00+09:00", "weekly": "2026-11-03T09:00:00+09:00"}
        assert due_at(unit, PeriodKind.MONTHLY, datetime.date(2028, 1, 31)).isoformat() == "2028-02-04T00:00:00+09:00"

    def test_late_is_what_was_sent_after_its_time_or_is_not_sent_yet(self, cast, in_november, sign_in):
        on_time, waiting = sent(cast), build(cast.units.gajahmungkur)
        in_november.move_to(NOVEMBER_2 + datetime.timedelta(days=5))
        assert (on_time.is_late, Summary.objects.get(pk=waiting.pk).is_late) == (False, True)

    def test_the_list_finds_late_ones(self, cast, sign_in):
        summary = build(cast.units.banyumanik, start=datetime.date(2025, 10, 1))
        assert list(sign_in(cast.kapolsek).get("/rekap/?terlambat=on").context["page_obj"]) == [summary]

    def test_the_daily_one_goes_by_itself_with_a_number_and_nobodys_name(self, cast, in_november):
        day = datetime.date(2026, 11, 1)
        summary = build(cast.units.banyumanik, PeriodKind.DAILY, day)
        in_november.move_to(NOVEMBER_2 - datetime.timedelta(minutes=1))
        assert releasing.to_release(NOVEMBER_2 - datetime.timedelta(minutes=1)) == []
        in_november.move_to(NOVEMBER_2)
        assert releasing.to_release(NOVEMBER_2) == [summary.pk]
        banyumanik(cast, 3, day)
        assert releasing.release(summary.pk)
        summary.refresh_from_db()
        assert (summary.state, summary.approved_by, summary.signer.get("name"), summary.number) == (
            State.DIKIRIM,
            None,
            None,
            "R/LHGK/1/XI/2026/Sek Bmk",
        )
        assert summary.figures["activities"]["total"]["now"] == 3, "what came until then is counted"
        assert (summary.is_by_itself, releasing.release(summary.pk), releasing.to_release(NOVEMBER_2)) == (True, False, [])

    def test_one_that_cannot_be_counted_is_shown_and_tried_again_later(self, cast, in_november, monkeypatch):
        summary = build(cast.units.banyumanik, PeriodKind.DAILY, datetime.date(2026, 11, 1))
        counting = building.figures_of
        monkeypatch.setattr(building, "figures_of", lambda *args: 1 / 0)
        delays = []
        for _attempt in range(3):
            assert releasing.to_release(timezone.now()) == [summary.pk]
            with pytest.raises(ZeroDivisionError):
                releasing.release(summary.pk)
            run = SummaryRun.objects.get(unit=cast.units.banyumanik, period="daily")
            assert (run.state, run.error) == (SummaryRun.State.FAILED, "ZeroDivisionError: division by zero")
            delays.append((run.next_at - timezone.now()).total_seconds())
            assert releasing.to_release(timezone.now()) == []
            in_november.move_to(run.next_at)
        assert delays == [60, 120, 240]
        monkeypatch.setattr(building, "figures_of", counting)
        assert releasing.release(summary.pk)
        assert SummaryRun.objects.get(pk=run.pk).state == SummaryRun.State.DONE

    def test_not_where_the_unit_says_otherwise_nor_twice(self, cast):
        settings_of(cast.units.banyumanik, releases_daily=False)
        summary = build(cast.units.banyumanik, PeriodKind.DAILY, datetime.date(2026, 11, 1))
        assert releasing.to_release(NOVEMBER_2) == []
        assert not releasing.release(summary.pk)
        assert Summary.objects.get(pk=summary.pk).is_draft

    def test_a_polres_waits_an_hour_for_its_polsek(self, cast, in_november):
        day = datetime.date(2026, 11, 1)
        polsek, polres = (build(unit, PeriodKind.DAILY, day) for unit in (cast.units.banyumanik, cast.units.polres))
        assert releasing.to_release(NOVEMBER_2) == [polsek.pk]
        in_november.move_to(NOVEMBER_2 + datetime.timedelta(hours=1))
        assert releasing.to_release(NOVEMBER_2 + datetime.timedelta(hours=1)) == [polsek.pk, polres.pk]

    def test_only_a_daily_one_may_have_no_signer(self, cast):
        summary = build(cast.units.banyumanik)
        with pytest.raises(IntegrityError), transaction.atomic():
            Summary.objects.filter(pk=summary.pk).update(state=State.DISAHKAN, approved_at=NOVEMBER_2)

    def test_people_are_reminded_before_and_after_once_each(self, cast, in_november):
        build(cast.units.banyumanik)  # due on 2 November, until midnight
        for _time in range(2):
            for summary, kind in list(releasing.to_remind(NOVEMBER_2)):
                releasing.remind(summary, kind)
        assert titles(cast.kapolsek) == ["SUM_DUE"]
        later = NOVEMBER_2 + datetime.timedelta(days=1)
        in_november.move_to(later)
        for _time in range(2):
            for summary, kind in list(releasing.to_remind(later)):
                releasing.remind(summary, kind)
        assert sorted(titles(cast.kanit)) == ["SUM_DUE", "SUM_LATE"]
        assert SummaryReminder.objects.count() == 2

    def test_what_is_sent_is_nobodys_worry(self, cast):
        sent(cast)
        assert list(releasing.to_remind(NOVEMBER_2)) == []
