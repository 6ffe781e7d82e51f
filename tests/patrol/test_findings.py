"""What the server finds out by itself: unit, day, village, distance, flags. It flags and never refuses."""

import datetime
import uuid

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from mapping.models import Area, AreaShape, Beat
from patrol.flags import reasons_for
from patrol.models import CheckMark, Report, State
from tests.cast import PEDALANGAN
from tests.patrol.items import correction_of, file_report, report_item, send, statuses

ABROAD = {"lat": -7.0150, "lon": 110.4100, "accuracy": 5}  # in Gajahmungkur
JUST_OUTSIDE = {"lat": -7.0495, "lon": 110.4300, "accuracy": 5}  # some 55 m north of Pedalangan


def hours_ago(hours):
    return (timezone.now() - datetime.timedelta(hours=hours)).isoformat()


def test_an_officer_who_moved_yesterday(cast, api):
    """The report of the day before stays with the old Polsek, that of today goes to the new one."""
    today = cast.units.banyumanik.today()
    cast.officer.postings.update(ends_on=today - datetime.timedelta(days=1))
    cast.officer.postings.create(unit=cast.units.gajahmungkur, role="bhabinkamtibmas", starts_on=today)
    noon = datetime.datetime.combine(today, datetime.time(12), cast.units.banyumanik.zone)
    times = [noon - datetime.timedelta(days=1), min(noon, timezone.now())]
    items = [report_item(occurred_at=time.isoformat()) for time in times]
    assert statuses(send(api(cast.officer), *items)) == ["created", "created"]
    units = [Report.objects.get(uuid=item["id"]).unit for item in items]
    assert units == [cast.units.banyumanik, cast.units.gajahmungkur]


def test_half_past_eleven_at_night_counts_on_that_day_in_wita(cast, api):
    cast.units.banyumanik.time_zone = "Asia/Makassar"
    cast.units.banyumanik.save()
    send(api(cast.officer), report_item(occurred_at="2026-10-20T23:30:00+08:00"), report_item(occurred_at="2026-10-20T23:30:00+07:00"))
    assert list(Report.objects.order_by("occurred_at").values_list("day", flat=True)) == [datetime.date(2026, 10, 20), datetime.date(2026, 10, 21)]


def test_the_first_and_last_minute_of_a_posting(cast, api):
    cast.officer.postings.update(starts_on="2026-10-20", ends_on="2026-10-20")
    times = ["2026-10-19T23:59:59+07:00", "2026-10-20T00:00:00+07:00", "2026-10-20T16:59:59Z", "2026-10-20T17:00:00Z"]
    answers = send(api(cast.officer), *[report_item(occurred_at=time) for time in times])
    assert statuses(answers) == ["rejected", "created", "created", "rejected"]


class TestPlace:
    def test_the_point_decides_before_the_village_chosen(self, cast, api):
        assert file_report(cast.officer, area="33.74.11.1003").area.code == "33.74.11.1004"

    def test_a_point_in_no_village_falls_back_to_the_one_chosen(self, cast, api):
        assert file_report(cast.officer, location={"lat": -6.0, "lon": 110.0}, area="33.74.11.1003").area.code == "33.74.11.1003"

    def test_an_rw_stands_for_its_village(self, cast, api):
        village = cast.areas["33.74.11.1004"]
        rw = Area.objects.create(code="33.74.11.1004.005", name="RW 005", parent=village)
        square = Polygon.from_bbox((110.427, -7.064, 110.429, -7.062))
        AreaShape.objects.create(area=rw, source="uji", shape=MultiPolygon(square, srid=4326), area_m2=40_000)
        assert file_report(cast.officer).area == village
        assert file_report(cast.officer, location=None, area=rw.code).area == village

    def test_the_shape_of_that_day_counts(self, cast, api):
        """A boundary that moved on the first of November: the day before, the point lay in Sumurboto."""
        moved = AreaShape.objects.get(area__code="33.74.11.1004")
        AreaShape.objects.filter(pk=moved.pk).update(valid_from="2026-11-01")
        AreaShape.objects.create(area=cast.areas["33.74.11.1005"], source="lama", shape=moved.shape, area_m2=1, valid_to="2026-10-31")
        before, after = (file_report(cast.officer, occurred_at=f"{day}T10:00:00+07:00") for day in ("2026-10-31", "2026-11-01"))
        assert (before.area.code, after.area.code) == ("33.74.11.1005", "33.74.11.1004")

    def test_the_distance_to_the_own_areas_in_metres(self, cast, api):
        assert file_report(cast.officer).distance_m == 0
        assert 40 < file_report(cast.officer, location=JUST_OUTSIDE, area="33.74.11.1004").distance_m < 70
        assert file_report(cast.officer, location=None, area="33.74.11.1004").distance_m is None
        Beat.objects.all().delete()
        assert file_report(cast.officer).distance_m is None


FLAGS = [
    ({}, []),
    ({"occurred_at": hours_ago(25)}, ["LATE"]),
    ({"location": ABROAD}, ["OUTSIDE_AREA"]),
    ({"location": JUST_OUTSIDE}, ["OUTSIDE_AREA"]),
    ({"location": {**JUST_OUTSIDE, "accuracy": 90}}, []),
    ({"location": None, "area": "33.74.11.1004"}, ["NO_POSITION"]),
    ({"location": None, "area": "33.74.11.1005"}, ["OUTSIDE_AREA", "NO_POSITION"]),
    ({"location": {**PEDALANGAN, "accuracy": 450}}, ["POOR_ACCURACY"]),
]


@pytest.mark.parametrize(("changes", "flags"), FLAGS)
def test_flags(cast, changes, flags):
    changes = {"area": "33.74.11.1004", **changes}
    assert file_report(cast.officer, **changes).flags == flags


def test_whoever_holds_nothing_is_outside_everywhere(cast):
    Beat.objects.all().delete()
    assert file_report(cast.officer).flags == ["OUTSIDE_AREA"]


def test_late_is_what_was_saved_late_on_the_phone(cast):
    """Two days without network are no fault of the officer; writing it down two days later is."""
    assert file_report(cast.officer, occurred_at=hours_ago(50), saved_at=hours_ago(49)).flags == []
    late = file_report(cast.officer, occurred_at=hours_ago(50), saved_at=hours_ago(1))
    assert late.flags == ["LATE"]
    [reason] = reasons_for(late, cast.kanit)
    assert "24" in reason.text
    assert file_report(cast.officer, occurred_at=hours_ago(50)).flags == ["LATE"]


def test_a_correction_keeps_when_the_report_was_first_saved(cast, api):
    item = report_item(occurred_at=hours_ago(50), saved_at=hours_ago(49))
    send(api(cast.officer), item, correction_of(item, result="Diperbaiki.", saved_at=hours_ago(1)))
    send(api(cast.officer), correction_of(correction_of(item), result="Lagi.", saved_at=hours_ago(0)))
    report = Report.objects.get()
    assert (report.version, report.flags) == (3, [])


class TestOutside:
    def test_the_officers_reason_stands_beside_the_metres(self, cast):
        report = file_report(cast.officer, location=ABROAD, outside_reason="KEGIATAN_GABUNGAN")
        assert (report.flags, report.outside_reason) == (["OUTSIDE_AREA"], "KEGIATAN_GABUNGAN")
        [reason] = reasons_for(report, cast.kanit)
        assert "km" in reason.text
        assert "Kegiatan gabungan" in reason.text or "Joint activity" in reason.text

    def test_an_unknown_reason_is_refused(self, cast, api):
        [answer] = send(api(cast.officer), report_item(outside_reason="MALAS"))
        assert (answer["status"], answer["errors"][0]["attr"]) == ("rejected", "outside_reason")

    def test_other_kinds_lead_elsewhere(self, cast):
        talk = file_report(cast.officer, kind="BINLUH", location=ABROAD, narrative="Penyuluhan gabungan.", detail={"household": None})
        assert talk.flags == []


def test_what_takes_longer_is_left_to_the_worker(cast, api):
    """Texts, photos and crowded minutes are looked at later, for corrections too: a mark says so, in the report's own transaction."""
    items = [report_item(result="Sama persis.") for _n in range(2)]
    send(api(cast.officer), *items, items[0])
    assert sorted(CheckMark.objects.values_list("report__uuid", flat=True)) == sorted(uuid.UUID(item["id"]) for item in items)
    CheckMark.objects.all().delete()
    send(api(cast.officer), correction_of(items[0], result="Kini lain."))
    assert [str(mark.report.uuid) for mark in CheckMark.objects.all()] == [items[0]["id"]]


def test_a_household_of_another_village_is_flagged_and_explained(cast):
    """The point stands in Pedalangan, the household that was picked lives in Padangsari."""
    detail = report_item()["detail"]
    assert file_report(cast.officer, location=None, area="33.74.11.1003", detail=detail).flags == ["NO_POSITION"]
    report = file_report(cast.officer, detail=detail)
    assert (report.area.code, report.flags) == ("33.74.11.1004", ["OTHER_VILLAGE"])
    [reason] = reasons_for(report, cast.kanit)
    assert all(cast.areas[code].title in reason.text for code in ("33.74.11.1003", "33.74.11.1004"))
    assert file_report(cast.officer, detail={"household": None, "declined": True}).flags == []


def test_a_correction_does_not_make_a_report_late(cast, api):
    item = report_item()
    send(api(cast.officer), item)
    Report.objects.update(received_at=timezone.now() - datetime.timedelta(days=4))
    send(api(cast.officer), correction_of(item, occurred_at=hours_ago(24 * 4 + 2), result="Diperbaiki."))
    assert Report.objects.get().flags == []
    assert Report.objects.get().state == State.SUBMITTED


class TestClock:
    def sent(self, cast, api, ahead, **changes):
        """A report of an hour ago by a clock that runs ahead, sent now by the same clock."""
        now = timezone.now()
        item = report_item(occurred_at=(now - datetime.timedelta(hours=1) + ahead).isoformat(), **changes)
        assert statuses(send(api(cast.officer), item, sent_at=(now + ahead).isoformat())) == ["created"]
        return Report.objects.get(), now

    @pytest.mark.parametrize("ahead", [datetime.timedelta(hours=3), -datetime.timedelta(days=400), datetime.timedelta(days=20_000)])
    def test_a_wrong_clock_is_corrected_and_flagged(self, cast, api, ahead):
        report, now = self.sent(cast, api, ahead)
        assert report.flags == ["CLOCK_OFF"]
        assert abs(report.occurred_at - (now - datetime.timedelta(hours=1))) < datetime.timedelta(seconds=30)
        assert abs(report.clock_skew_s - ahead.total_seconds()) < 30

    def test_a_slow_network_is_no_wrong_clock(self, cast, api):
        report, now = self.sent(cast, api, -datetime.timedelta(minutes=4))
        assert (report.flags, report.clock_skew_s) == ([], 0)
        assert abs(report.occurred_at - (now - datetime.timedelta(minutes=64))) < datetime.timedelta(seconds=30)

    def test_only_the_corrected_time_is_judged(self, cast, api):
        """A phone two days ahead: as sent the times would be too far ahead."""
        report, _now = self.sent(cast, api, datetime.timedelta(days=2))
        assert report.flags == ["CLOCK_OFF"]

    @pytest.mark.parametrize("sent_at", [None, "", "tadi", 5, {}, "2026-11-20T09:15:00", "0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-12:00"])
    def test_a_sent_at_that_cannot_be_read_changes_nothing(self, cast, api, sent_at):
        assert statuses(send(api(cast.officer), report_item(), sent_at=sent_at)) == ["created"]
        assert Report.objects.get().flags == []
