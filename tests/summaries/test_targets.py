"""Targets: whose nearest one wins, how days of absence make them smaller, who settles them, and what the pages say."""

import csv
import datetime
import io
import re
from fractions import Fraction

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from fkpm.models import Forum, Meeting
from polmas.people.models import Absence, Posting, Role
from polmas.people.periods import Period
from polmas.summaries import building, duty, progress
from polmas.summaries.models import ClusterRule, Target
from polmas.summaries.targets import Cluster, Targets, cluster_of, total_of, whole
from tests.cast import make_person
from tests.summaries.rows import banyumanik, make_report

NOW = datetime.datetime(2026, 11, 18, 3, 0, tzinfo=datetime.UTC)  # Wednesday, 10.00 WIB
TODAY = datetime.date(2026, 11, 18)
MONDAY, SUNDAY = datetime.date(2026, 11, 16), datetime.date(2026, 11, 22)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)
    with time_machine.travel(NOW, tick=False):
        yield


def set_target(unit, amount, kind="DDS", period="day", role="", starts_on=datetime.date(2026, 1, 1), ends_on=None):
    return Target.objects.create(unit=unit, role=role, kind=kind, period=period, amount=amount, starts_on=starts_on, ends_on=ends_on)


def holding(unit, role=Role.BHABINKAMTIBMAS, day=TODAY, kind="DDS"):
    found = {target.kind: target for target in Targets.over(unit.path, day, day).holding((role, unit.path), day)}
    return found[kind].amount if kind in found else None


class TestNearest:
    def test_the_country_holds_until_a_unit_says_otherwise(self, cast):
        polda, polres, polsek = cast.units.polda, cast.units.polres, cast.units.banyumanik
        assert holding(polsek) == 5
        set_target(polda, 6)
        assert (holding(polsek), holding(cast.units.gajahmungkur)) == (6, 6)
        set_target(polsek, 3)
        set_target(polres, 4)
        assert (holding(polsek), holding(cast.units.gajahmungkur), holding(polda)) == (3, 4, 6)

    def test_at_one_unit_the_role_comes_before_all_officers(self, cast):
        polsek = cast.units.banyumanik
        assert holding(polsek, Role.POLISI_RW) == 1
        set_target(polsek, 7)
        assert holding(polsek, Role.POLISI_RW) == 7  # nearer, though of all officers
        set_target(polsek, 2, role=Role.POLISI_RW)
        assert (holding(polsek, Role.POLISI_RW), holding(polsek)) == (2, 7)

    def test_nothing_expected_is_said_by_nought(self, cast):
        set_target(cast.units.banyumanik, 0)
        assert holding(cast.units.banyumanik) is None

    def test_another_units_target_is_not_looked_at(self, cast):
        set_target(cast.units.gajahmungkur, 9)
        assert holding(cast.units.banyumanik) == 5

    def test_a_target_holds_on_its_days(self, cast):
        unit = cast.units.banyumanik
        set_target(unit, 2, starts_on=TODAY, ends_on=TODAY)
        assert [holding(unit, day=TODAY + DAY * offset) for offset in (-1, 0, 1)] == [5, 2, 5]

    def test_a_span_adds_what_held_on_each_of_its_days(self, cast):
        unit = cast.units.banyumanik
        set_target(unit, 2, starts_on=TODAY)
        days = {MONDAY + DAY * number: (Role.BHABINKAMTIBMAS, unit.path) for number in range(7)}
        assert Targets.over(unit.path, MONDAY, SUNDAY).expected(days)["DDS"] == 2 * 5 + 5 * 2

    def test_kinds_without_a_form_are_not_asked_for(self, cast):
        set_target(cast.units.banyumanik, 3, kind="KIND_OF_TOMORROW")
        assert holding(cast.units.banyumanik, kind="KIND_OF_TOMORROW") is None


class TestProrating:
    @given(amount=st.integers(0, 1000), present=st.integers(0, 31), length=st.integers(28, 31), period=st.sampled_from(["day", "week", "month"]))
    def test_presence_shares_the_amount(self, amount, present, length, period):
        target = Target(amount=amount, period=period)
        share = target.share(present, length)
        full = {"day": 1, "week": 7, "month": length}[period]
        assert share == Fraction(amount * present, full)
        assert target.share(full, length) == amount
        assert target.share(present, length) + target.share(full, length) == target.share(present + full, length)
        assert abs(whole(share) - share) <= Fraction(1, 2)

    @given(count=st.integers(0, 200), present=st.integers(0, 31), above=st.integers(1, 20), data=st.data())
    def test_the_cluster_is_that_of_a_week_like_these_days(self, count, present, above, data):
        rule = ClusterRule(active_above=above, fair_from=data.draw(st.integers(1, above)))
        found = cluster_of(count, present, rule)
        assert (found == Cluster.BERHALANGAN) == (present == 0)
        if present:
            a_week = Fraction(7 * count, present)
            expected = Cluster.AKTIF if a_week > above else Cluster.CUKUP if a_week >= rule.fair_from else Cluster.KURANG
            assert found == expected
            order = [Cluster.KURANG, Cluster.CUKUP, Cluster.AKTIF]
            assert order.index(cluster_of(count + 1, present, rule)) >= order.index(found)  # more is never worse
            assert order.index(cluster_of(count, present + 1, rule)) <= order.index(found)  # the same in more days is never better

    def test_bos_by_its_own_words(self):
        rule = ClusterRule()
        assert [cluster_of(count, 7, rule) for count in (0, 1, 3, 4)] == [Cluster.KURANG, Cluster.CUKUP, Cluster.CUKUP, Cluster.AKTIF]

    def test_days_of_absence_are_left_out_and_piket_is_presence(self, cast):
        unit = cast.units.banyumanik
        for kind, first, last in (("CUTI", MONDAY - DAY * 3, MONDAY + DAY), ("PIKET", SUNDAY, SUNDAY)):
            Absence.objects.create(user=cast.officer, unit=unit, kind=kind, starts_on=first, ends_on=last, recorded_by=cast.kanit)
        days = duty.of_unit(unit, Period(MONDAY, SUNDAY))[cast.officer.pk].present(Period(MONDAY, SUNDAY))
        assert sorted(days) == [MONDAY + DAY * number for number in range(2, 7)]
        assert total_of(Targets.over(unit.path, MONDAY, SUNDAY).expected(days)) >= 25

    def test_who_moves_has_the_targets_of_each_post_on_its_days(self, cast):
        Posting.objects.filter(user=cast.officer).update(ends_on=TODAY - DAY)
        Posting.objects.create(user=cast.officer, unit=cast.units.gajahmungkur, role=Role.POLISI_RW, starts_on=TODAY)
        week = Period(MONDAY, SUNDAY)
        days = duty.of_people([cast.officer], week)[cast.officer.pk].present(week)
        expected = Targets.over(cast.units.polres.path, MONDAY, SUNDAY).expected(days)
        assert expected["DDS"] == 2 * 5 + Fraction(5, 7)


class TestRules:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "LI"},
            {"amount": 1001},
            {"role": "kapolsek"},
            {"period": "year"},
            {"kind": "kecil"},
            {"ends_on": datetime.date(2025, 12, 31)},
        ],
    )
    def test_the_database_refuses(self, cast, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            Target.objects.create(**{"kind": "PS", "amount": 1, "period": "week", "starts_on": datetime.date(2026, 1, 1), **wrong})

    def test_one_at_a_time_for_a_unit_and_for_the_country(self, cast):
        for unit in (None, cast.units.banyumanik):
            set_target(unit, 1, kind="PS", ends_on=TODAY)
            with pytest.raises(IntegrityError), transaction.atomic():
                set_target(unit, 2, kind="PS", period="month", starts_on=TODAY)
            set_target(unit, 2, kind="PS", starts_on=TODAY + DAY)

    def test_a_change_ends_the_old_and_begins_the_new(self, cast):
        target = set_target(cast.units.banyumanik, 3)
        later = target.change(4, "day", TODAY, by=cast.kapolsek)
        target.refresh_from_db()
        assert (target.amount, target.ends_on, later.amount, later.starts_on, later.set_by) == (3, TODAY - DAY, 4, TODAY, cast.kapolsek)
        assert later.change(6, "day", TODAY, by=cast.kapolsek).pk == later.pk  # on its first day it is mended
        assert holding(cast.units.banyumanik) == 6

    def test_what_has_held_is_never_lost(self, cast):
        target = set_target(cast.units.banyumanik, 3)
        target.lift(TODAY)
        target.refresh_from_db()
        assert target.ends_on == TODAY - DAY
        tomorrow = set_target(cast.units.banyumanik, 3, starts_on=TODAY + DAY)
        tomorrow.lift(TODAY)
        assert not Target.objects.filter(pk=tomorrow.pk).exists()

    def test_the_thresholds_are_the_nearest_units(self, cast):
        ClusterRule.objects.create(unit=cast.units.polres, active_above=10, fair_from=2)
        rules = Targets.over(cast.units.banyumanik.path, TODAY, TODAY)
        assert (rules.rule(cast.units.banyumanik.path).active_above, rules.rule(cast.units.polda.path).active_above) == (10, 3)

    def test_approved_papers_keep_their_numbers(self, cast):
        october = datetime.date(2026, 10, 1)
        paper = building.build(cast.units.banyumanik, "monthly", october)
        paper.approve(cast.kapolsek, paper.draft_hash)
        set_target(cast.units.banyumanik, 9, starts_on=october)
        again = building.build(cast.units.banyumanik, "monthly", october)
        assert again.pk == paper.pk
        assert {row["targets"]["DDS"] for row in again.figures["officers"]} == {155}


class TestPages:
    def form(self, chosen, **more):
        return {"unit": chosen.code, "role": "", "kind": "DDS", "amount": "4", "period": "day", "starts_on": TODAY.isoformat(), **more}

    @pytest.mark.parametrize("who", ["kapolsek", "kasat", "kapolres", "operator"])
    def test_heads_and_operators_set_targets(self, cast, sign_in, who):
        client = sign_in(cast.people[who])
        assert client.post("/kelola/target/baru/", self.form(cast.units.banyumanik)).status_code == 302
        target = Target.objects.get(unit=cast.units.banyumanik)
        assert (target.set_by, target.amount) == (cast.people[who], 4)
        client.post(f"/kelola/target/{target.pk}/", {"amount": "6", "period": "day", "starts_on": (TODAY + DAY).isoformat()})
        assert [holding(cast.units.banyumanik, day=day) for day in (TODAY, TODAY + DAY)] == [4, 6]

    def test_nobody_sets_those_of_another_unit_or_above(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        for unit in (cast.units.polres, cast.units.gajahmungkur):
            page = client.post("/kelola/target/baru/", self.form(unit))
            assert page.context["form"].errors.keys() == {"unit"}
        above = set_target(cast.units.polres, 4)
        country = Target.objects.filter(unit=None, kind="DDS").first()
        for target in (above, country):
            assert client.get(f"/kelola/target/{target.pk}/").status_code == 404
            assert client.post(f"/kelola/target/{target.pk}/hapus/").status_code == 404
        beside = set_target(cast.units.gajahmungkur, 9)
        assert client.get(f"/kelola/target/{beside.pk}/").status_code == 404
        assert "Gajahmungkur" not in client.get("/kelola/target/").content.decode()

    def test_an_administrator_sets_those_of_the_country(self, cast, sign_in):
        client = sign_in(cast.admin)
        country = Target.objects.get(unit=None, kind="DDS", role="")
        client.post(f"/kelola/target/{country.pk}/", {"amount": "6", "period": "day", "starts_on": TODAY.isoformat()})
        assert holding(cast.units.banyumanik) == 6
        assert client.post("/kelola/target/klaster/", {"active_above": "5", "fair_from": "2"}).status_code == 302
        assert ClusterRule.objects.get(unit=None).active_above == 5

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"kind": "LI"}, "kind"),
            ({"kind": "\0"}, "kind"),
            ({"amount": "-1"}, "amount"),
            ({"amount": "9" * 30}, "amount"),
            ({"amount": ""}, "amount"),
            ({"starts_on": "2026-10-31"}, "starts_on"),
            ({"starts_on": "31/31/99"}, "starts_on"),
            ({"role": "kapolsek"}, "role"),
            ({"unit": "POLSEK-\0"}, "unit"),
            ({"period": "year"}, "period"),
        ],
    )
    def test_wrong_values_are_named_and_what_was_typed_stays(self, cast, sign_in, wrong, field):
        page = sign_in(cast.kapolsek).post("/kelola/target/baru/", self.form(cast.units.banyumanik, **wrong))
        assert page.status_code == 200
        assert field in page.context["form"].errors

    def test_a_second_one_for_the_same_is_refused_in_words(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        client.post("/kelola/target/baru/", self.form(cast.units.banyumanik))
        page = client.post("/kelola/target/baru/", self.form(cast.units.banyumanik, amount="8"))
        assert page.status_code == 200
        assert page.context["form"].non_field_errors()

    def test_a_target_that_is_taken_away_holds_no_longer(self, cast, sign_in):
        target = set_target(cast.units.banyumanik, 3)
        assert sign_in(cast.kapolsek).post(f"/kelola/target/{target.pk}/hapus/").status_code == 302
        assert holding(cast.units.banyumanik) == 5

    def test_thresholds_of_a_unit_are_set_and_given_up(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        assert client.post("/kelola/target/klaster/?satuan=POLSEK-GAJAHMUNGKUR", {"active_above": "5", "fair_from": "2"}).status_code == 404
        assert client.post("/kelola/target/klaster/", {"active_above": "1", "fair_from": "2"}).status_code == 200
        client.post("/kelola/target/klaster/", {"active_above": "9", "fair_from": "2"})
        assert ClusterRule.objects.get(unit=cast.units.banyumanik).active_above == 9
        client.post("/kelola/target/klaster/", {"remove": "1"})
        assert not ClusterRule.objects.filter(unit=cast.units.banyumanik).exists()

    def test_the_list_asks_no_more_the_longer_it_is(self, cast, sign_in):
        client = sign_in(cast.kapolres)
        few = queries(client, "/kelola/target/?status=semua")
        for number in range(30):
            set_target(cast.units.banyumanik, 1, kind="DDS", starts_on=TODAY - DAY * number, ends_on=TODAY - DAY * number)
        many = queries(client, "/kelola/target/?status=semua")
        assert len(many) == len(few) <= 12, "\n".join(many)

    @pytest.mark.parametrize("query", ["?status=x", "?jenis=\0", "?q=\0%27", "?page=99999999999999999999", "?status=lewat&jenis=DDS&q=semarang"])
    def test_odd_addresses_show_a_list(self, cast, sign_in, query):
        assert sign_in(cast.kapolres).get(f"/kelola/target/{query}").status_code == 200


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


class TestProgress:
    def line(self, page, kind="DDS"):
        return page.context["line"].by_kind()[kind]

    def test_an_officer_sees_the_own_week_and_the_way_to_its_rows(self, cast, sign_in):
        banyumanik(cast, 3, TODAY)
        banyumanik(cast, 2, MONDAY - DAY)
        client = sign_in(cast.officer)
        line = self.line(client.get("/capaian/"))
        assert (line.count, line.goal, line.by_now) == (3, 35, 15)
        assert len(re.findall(r'href="/kegiatan/[0-9a-f-]{36}/"', client.get(line.link).content.decode())) == 3
        assert self.line(client.get("/capaian/?periode=hari")).goal == 5
        last_week = self.line(client.get("/capaian/?tanggal=2026-11-12"))
        assert (last_week.count, last_week.goal, last_week.by_now) == (2, 35, None)

    def test_days_of_leave_make_the_target_smaller(self, cast, sign_in):
        Absence.objects.create(user=cast.officer, unit=cast.units.banyumanik, kind="CUTI", starts_on=MONDAY, ends_on=SUNDAY, recorded_by=cast.kanit)
        page = sign_in(cast.officer).get("/capaian/")
        assert (page.context["line"].days_present, page.context["line"].lines) == (0, [])
        month = self.line(sign_in(cast.officer).get("/capaian/?periode=bulan"))
        assert month.goal == 5 * 23

    def test_the_dashboard_calls_nobody_idle_who_is_away(self, cast, sign_in):
        Absence.objects.create(
            user=cast.officer, unit=cast.units.banyumanik, kind="SAKIT", starts_on=TODAY - DAY * 9, ends_on=TODAY, recorded_by=cast.kanit
        )
        lines = {line["person"]: line for line in sign_in(cast.kapolsek).get("/dasbor/").context["officers"]}
        assert (lines[cast.officer]["cluster"], lines[cast.officer]["target"]) == (Cluster.BERHALANGAN, 0)
        assert lines[cast.colleague]["cluster"] == Cluster.KURANG

    def test_a_target_of_a_month_is_no_part_of_a_day(self, cast, sign_in):
        set_target(cast.units.banyumanik, 40, period="month")
        line = sign_in(cast.officer).get("/capaian/?periode=hari").context["line"].by_kind()["DDS"]
        assert (line.goal, line.target.amount) == (None, 40)

    def test_all_kinds_together_have_a_line_of_their_own(self, cast, sign_in):
        set_target(cast.units.banyumanik, 40, kind="", period="week")
        banyumanik(cast, 3, TODAY)
        context = sign_in(cast.officer).get("/capaian/").context["line"]
        assert (context.by_kind()[""].count, context.by_kind()[""].goal, context.total.goal) == (3, 40, 40)

    @pytest.mark.parametrize("who", ["kanit", "kapolsek", "kasat", "kapolres", "operator"])
    def test_commanders_see_each_of_their_officers(self, cast, sign_in, who):
        banyumanik(cast, 2, TODAY)
        make_report(cast.outsider, cast.units.gajahmungkur, cast.areas["33.74.09.1001"], TODAY)
        lines = {row.person: row for row in sign_in(cast.people[who]).get("/capaian/?satuan=POLSEK-BANYUMANIK").context["lines"]}
        assert lines.keys() == {cast.officer, cast.colleague}
        assert lines[cast.officer].by_kind()["DDS"].count == 2

    def test_out_of_sight_is_not_there(self, cast, sign_in):
        for who, pk in (
            ("colleague", cast.officer.pk),
            ("kapolsek", cast.outsider.pk),
            ("polda_reader", cast.officer.pk),
            ("kapolsek", cast.kanit.pk),
        ):
            assert sign_in(cast.people[who]).get(f"/capaian/{pk}/").status_code == 404
        assert sign_in(cast.kapolsek).get("/capaian/?satuan=POLSEK-GAJAHMUNGKUR").status_code == 404

    def test_what_a_former_officer_does_elsewhere_is_not_shown(self, cast, sign_in):
        Posting.objects.filter(user=cast.officer).update(ends_on=TODAY - DAY)
        Posting.objects.create(user=cast.officer, unit=cast.units.gajahmungkur, role=Role.BHABINKAMTIBMAS, starts_on=TODAY)
        make_report(cast.officer, cast.units.gajahmungkur, cast.areas["33.74.09.1001"], TODAY)
        banyumanik(cast, 1, MONDAY)
        line = sign_in(cast.kapolsek).get(f"/capaian/{cast.officer.pk}/").context["line"]
        assert (line.total.count, line.days_present) == (1, 2)
        assert sign_in(cast.officer).get("/capaian/").context["line"].total.count == 2

    def test_costs_the_same_for_many_officers(self, cast, sign_in):
        client = sign_in(cast.kapolres)
        url = "/capaian/?satuan=POLSEK-BANYUMANIK"
        few = queries(client, url)
        for number in range(20):
            person = make_person(f"8444{number:04}", f"Petugas {number}", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
            make_report(person, cast.units.banyumanik, cast.areas["33.74.11.1004"], TODAY)
        many = queries(client, url)
        assert len(many) == len(few) <= 12, "\n".join(many)

    def test_the_table_is_taken_along_as_csv(self, cast, sign_in):
        banyumanik(cast, 3, TODAY)
        cast.colleague.name = "=HYPERLINK(1)"
        cast.colleague.save()
        text = sign_in(cast.kapolsek).get("/capaian/?format=csv").content.decode("utf-8-sig")
        rows = {row[0]: row for row in csv.reader(io.StringIO(text), delimiter=";")}
        assert rows["80010001"][3:5] == ["3", "35"]
        assert not any(cell.startswith("=") for row in rows.values() for cell in row)

    @pytest.mark.parametrize(
        "query", ["?periode=x", "?tanggal=2026-99-99", "?tanggal=\0", "?tanggal=9999-12-31", "?tanggal=0001-01-01", "?satuan=\0"]
    )
    def test_odd_addresses_break_nothing(self, cast, sign_in, query):
        assert sign_in(cast.officer).get(f"/capaian/{query}").status_code == 200
        assert sign_in(cast.kapolsek).get(f"/capaian/{query}").status_code in (200, 404)

    def test_meetings_of_the_own_forum_count(self, cast, sign_in):
        for offset in (-1, 5):  # one held, one to come
            Meeting.objects.create(forum=cast.forum, starts_at=NOW + DAY * offset, place="Balai RW 05")
        line = self.line(sign_in(cast.officer).get("/capaian/?periode=bulan"), "RAPAT_FKPM")
        assert (line.count, line.goal) == (1, 1)
        rings = {ring["kind"]: ring for ring in progress.rings(cast.officer, cast.units.banyumanik, TODAY)}
        assert rings[line.label]["count"] == 1

    def test_a_meeting_that_was_called_off_is_nobodys_credit(self, cast):
        meeting = Meeting.objects.create(forum=cast.forum, starts_at=NOW - DAY, place="Balai RW 05")
        assert self.meetings_of(cast.officer, cast) == 1
        Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=NOW, cancel_reason="Banjir")
        assert self.meetings_of(cast.officer, cast) == 0

    @staticmethod
    def meetings_of(person, cast) -> int:
        [found] = progress.of_officers(cast.units.banyumanik, [person], "month", TODAY)
        line = found.by_kind().get("RAPAT_FKPM")
        return line.count if line else 0

    def test_no_meeting_is_expected_of_who_serves_no_forum(self, cast, sign_in):
        Forum.objects.filter(officer=cast.officer).update(status=Forum.Status.BUBAR)
        lines = sign_in(cast.officer).get("/capaian/?periode=bulan").context["line"].lines
        assert "RAPAT_FKPM" not in {line.kind for line in lines}
        assert "FKPM" not in " ".join(str(ring["kind"]) for ring in progress.rings(cast.officer, cast.units.banyumanik, TODAY))
        [other] = progress.of_officers(cast.units.banyumanik, [cast.colleague], "month", TODAY)
        assert other.by_kind()["RAPAT_FKPM"].goal == 1
