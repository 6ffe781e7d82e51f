"""Incidents: who knows which of them, what the daily word of SPKT is bound to, and what the numbers say."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapping import bulletins, incidents
from mapping.models import DailyStatement, Incident, PerpetratorFlag
from polmas.people.models import Code, Notification
from polmas.people.periods import Change, Period
from tests.mapping.incidents import make_incident, wib


@pytest.fixture
def yesterday():
    return timezone.localdate() - datetime.timedelta(days=1)


def names_of(queryset_verb, cast):
    return {name for name, person in cast.people.items() if queryset_verb(person).exists()}


class TestSight:
    WHOLE = {"spkt", "kanit", "kapolsek", "clerk", "kasat", "kapolres", "operator"}

    def test_readers_of_the_unit_and_whoever_holds_the_village(self, cast):
        make_incident(cast)
        assert names_of(Incident.objects.for_user, cast) == {*self.WHOLE, "officer"}
        assert names_of(Incident.objects.pointed_for, cast) == {*self.WHOLE, "officer"}

    def test_another_function_knows_what_was_handed_to_it(self, cast):
        incident = make_incident(cast, "CABUL")
        assert not Incident.objects.for_user(cast.reskrim).exists()
        incident = incidents.hand_to(incident, cast.reskrim, cast.spkt)
        assert Incident.objects.pointed_for(cast.reskrim).get() == incident
        assert incident.may_be_read_whole_by(cast.reskrim)
        assert [note.user for note in Notification.objects.filter(kind="INCIDENT")] == [cast.reskrim]
        incidents.hand_to(incident, None, cast.spkt)
        assert not Incident.objects.for_user(cast.reskrim).exists()

    @pytest.mark.parametrize("kind", ["PERKOSA", "CABUL", "KDRT", "ANAK"])
    def test_discreet_kinds_are_for_those_who_handle_them(self, cast, kind):
        make_incident(cast, kind)
        assert names_of(Incident.objects.for_user, cast) == {"spkt", "kanit", "kapolsek", "kapolres"}
        assert names_of(Incident.objects.pointed_for, cast) == {"spkt", "kanit", "kapolsek", "kapolres"}
        assert names_of(Incident.objects.counted_for, cast) == {*self.WHOLE, "officer", "polda_reader"}

    def test_an_operator_knows_what_they_entered_but_maps_show_no_point_of_it(self, cast):
        make_incident(cast, "KDRT", by=cast.clerk)
        assert Incident.objects.for_user(cast.clerk).exists()
        assert not Incident.objects.pointed_for(cast.clerk).exists()
        assert not Incident.objects.for_user(cast.operator).exists()

    def test_other_units_know_nothing(self, cast):
        make_incident(cast, village="33.74.09.1001", unit=cast.units.gajahmungkur, location=None)
        assert names_of(Incident.objects.for_user, cast) == {"outsider", "kasat", "kapolres", "operator"}

    def test_what_is_taken_back_is_gone_but_for_readers_of_the_unit(self, cast):
        incidents.withdraw(make_incident(cast), cast.spkt, "Salah catat.")
        assert names_of(Incident.objects.for_user, cast) == set()
        assert names_of(Incident.objects.counted_for, cast) == set()
        assert names_of(Incident.objects.withdrawn_for, cast) == self.WHOLE

    def test_officers_do_not_read_the_whole_of_it(self, cast):
        incident = make_incident(cast)
        assert not incident.may_be_read_whole_by(cast.officer)
        assert incident.may_be_read_whole_by(cast.clerk)

    def test_spkt_the_operator_and_nobody_else_write(self, cast):
        incident = make_incident(cast)
        assert {name for name, person in cast.people.items() if incident.may_be_written_by(person)} == {"spkt", "clerk"}
        assert names_of(Incident.objects.writable_for, cast) == {"spkt", "clerk"}


class TestPerpetratorFlag:
    def test_goes_one_level_up_and_to_propam(self, cast):
        incidents.flag_perpetrator(make_incident(cast), cast.spkt, "TNI")
        assert names_of(PerpetratorFlag.objects.for_user, cast) == {"kapolres", "propam"}
        assert {note.user for note in Notification.objects.filter(kind="PERPETRATOR")} == {cast.kapolres, cast.propam}

    def test_of_the_polres_itself_only_those_above_read(self, cast):
        incident = make_incident(cast, unit=cast.units.polres)
        incidents.flag_perpetrator(incident, cast.kapolres, "POLRI")
        assert names_of(PerpetratorFlag.objects.for_user, cast) == {"polda_reader"}

    def test_leaves_no_trace_at_the_incident(self, cast):
        incident = make_incident(cast)
        before = Incident.objects.filter(pk=incident.pk).values().get()
        incidents.flag_perpetrator(incident, cast.spkt, "ASN", "Anggota dinas.")
        assert Incident.objects.filter(pk=incident.pk).values().get() == before
        assert PerpetratorFlag not in {relation.related_model for relation in Incident._meta.related_objects}

    def test_spkt_and_the_head_of_the_polsek_may_say_it(self, cast):
        incident = make_incident(cast)
        assert {name for name, person in cast.people.items() if incident.may_be_flagged_by(person)} == {"spkt", "kapolsek"}


class TestRecording:
    def test_takes_the_class_of_the_kind_as_of_that_day(self, cast):
        incident = make_incident(cast, "NARKOBA")
        Code.objects.filter(list="INCIDENT_KIND", code="NARKOBA").update(group="GANGGUAN")
        incidents.amend(incident, cast.spkt, {"narrative": "Sabu."})
        incident.refresh_from_db()
        assert (incident.klass, incident.recorded_by) == ("TRANSNASIONAL", cast.spkt)

    def test_the_day_is_the_units_own(self, cast):
        late = make_incident(cast, at=wib(2026, 11, 2, 23, 30))
        assert late.day == datetime.date(2026, 11, 2)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("kind", "ADA_ADA_SAJA"),
            ("occurred_at", timezone.now() + datetime.timedelta(hours=1)),
            ("occurred_until", wib(2020, 1, 1)),
            ("narrative", "  \n "),
            ("loss_rp", Decimal(-5)),
            ("status", "SELESAI"),
            ("cleared_on", datetime.date(2019, 1, 1)),
        ],
    )
    def test_refuses_what_cannot_be(self, cast, field, value):
        with pytest.raises(ValidationError):
            make_incident(cast, **({"kind": value} if field == "kind" else {"at": value} if field == "occurred_at" else {field: value}))
        assert not Incident.objects.exists()

    def test_a_number_of_a_police_report_stands_once(self, cast):
        first = make_incident(cast, no_lp="LP/B/12/XI/2026/SPKT")
        with pytest.raises(ValidationError):
            make_incident(cast, no_lp="LP/B/12/XI/2026/SPKT")
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.create(
                unit=first.unit,
                area=first.area,
                kind="CURAT",
                klass="KONVENSIONAL",
                occurred_at=first.occurred_at,
                narrative="Lagi.",
                no_lp=first.no_lp,
                recorded_by=cast.spkt,
            )
        incidents.withdraw(first, cast.spkt, "Ganda.")
        make_incident(cast, no_lp="LP/B/12/XI/2026/SPKT")

    def test_victims_are_numbers_by_group(self, cast):
        incident = make_incident(cast, "LAKA", victims={("MATI", "L", False): 1, ("LUKA_RINGAN", "P", True): 2, ("LUKA_BERAT", "L", True): 0})
        assert {(row.harm, row.sex, row.is_child, row.count) for row in incident.victims.all()} == {
            ("MATI", "L", False, 1),
            ("LUKA_RINGAN", "P", True, 2),
        }
        incident = incidents.amend(incident, cast.spkt, {}, {("MATI", "L", False): 2, ("LUKA_RINGAN", "P", True): 0})
        assert [(row.harm, row.count) for row in incident.victims.all()] == [("MATI", 2)]

    def test_closing_a_case_clears_it_and_opening_it_again_does_not(self, cast):
        incident = make_incident(cast)
        assert incidents.handle(incident, "RJ").cleared_on == incident.unit.today()
        assert not incidents.handle(incident, "SIDIK").is_cleared

    def test_a_day_of_clearance_needs_a_closing_status(self, cast):
        incident = make_incident(cast)
        with pytest.raises(ValidationError, match="P21"):
            incidents.handle(incident, "SIDIK", incident.unit.today())
        with pytest.raises(ValidationError, match="P21"):
            make_incident(cast, cleared_on=incident.unit.today())

    def test_acts_change_what_they_say_and_nothing_else(self, cast):
        incident = make_incident(cast)
        incidents.hand_to(incident, cast.reskrim, cast.spkt)
        incidents.handle(incident, "P21")
        kept = incidents.amend(incident, cast.spkt, {"address": "Jl. Tirto Agung"})
        assert (kept.assigned_to, kept.status, kept.address) == (cast.reskrim, "P21", "Jl. Tirto Agung")

    def test_victims_are_compared_with_what_stands(self, cast):
        make_incident(cast)
        one, other = (Incident.objects.prefetch_related("victims").get() for _reader in range(2))
        incidents.amend(one, cast.spkt, {}, {("MATI", "L", False): 1})
        incidents.amend(other, cast.spkt, {}, {("MATI", "L", False): 2})
        assert other.victims.model.objects.get().count == 2

    @pytest.mark.parametrize("act", ["handle", "hand_to", "amend", "withdraw"])
    def test_on_what_was_taken_back_nothing_is_done(self, cast, act):
        incident = make_incident(cast)
        incidents.withdraw(incident, cast.spkt, "Salah catat.")
        before = Incident.objects.values().get()
        said = {"handle": ("P21",), "hand_to": (cast.reskrim, cast.spkt), "amend": (cast.spkt, {}), "withdraw": (cast.spkt, "Lagi.")}[act]
        with pytest.raises(ValidationError):
            getattr(incidents, act)(incident, *said)
        assert Incident.objects.values().get() == before

    @pytest.mark.parametrize("act", ["handle", "hand_to", "amend", "withdraw"])
    def test_the_list_is_held_before_a_row(self, cast, act):
        incident = make_incident(cast)
        said = {"handle": ("P21",), "hand_to": (cast.reskrim, cast.spkt), "amend": (cast.spkt, {}), "withdraw": (cast.spkt, "Ganda.")}[act]
        with CaptureQueriesContext(connection) as asked:
            getattr(incidents, act)(incident, *said)
        held = [query["sql"] for query in asked if "pg_advisory" in query["sql"] or "FOR UPDATE" in query["sql"]]
        assert ["pg_advisory" in sql for sql in held] == [True, False]

    @pytest.mark.parametrize(
        ("field", "moment"),
        [
            ("at", wib(206, 11, 2)),
            ("at", wib(1999, 12, 31)),
            ("reported_at", wib(206, 11, 2)),
            ("occurred_until", datetime.datetime(9999, 12, 31, 23, tzinfo=datetime.UTC)),
        ],
    )
    def test_times_lie_between_the_year_2000_and_now(self, cast, field, moment):
        with pytest.raises(ValidationError):
            make_incident(cast, **{field: moment})

    def test_a_kind_that_has_ended_is_for_old_incidents_alone(self, cast, yesterday):
        incident = make_incident(cast, "LAKA")
        Code.objects.filter(list="INCIDENT_KIND", code="LAKA").update(valid_to=yesterday)
        assert incidents.amend(incident, cast.spkt, {"kind": "LAKA", "address": "Jl. Tirto Agung"}).klass == "GANGGUAN"
        with pytest.raises(ValidationError):
            make_incident(cast, "LAKA")

    def test_the_unit_is_the_polsek_that_polices_the_village(self, cast):
        village = cast.areas["33.74.11.1004"]
        assert incidents.unit_of(village, [cast.units.polres.path]) == cast.units.banyumanik
        assert incidents.unit_of(village, [cast.units.gajahmungkur.path]) is None


class TestStatements:
    def test_a_day_is_isi_or_nihil(self, cast, yesterday):
        make_incident(cast)
        unit = cast.units.banyumanik
        assert incidents.state(unit, yesterday, "ISI", cast.spkt).says == "ISI"
        assert incidents.state(unit, yesterday - datetime.timedelta(days=1), "NIHIL", cast.spkt).says == "NIHIL"
        assert DailyStatement.objects.count() == 2

    @pytest.mark.parametrize(("says", "has_incident"), [("NIHIL", True), ("ISI", False), ("MUNGKIN", False)])
    def test_what_contradicts_the_list_is_refused(self, cast, yesterday, says, has_incident):
        if has_incident:
            make_incident(cast)
        with pytest.raises(ValidationError):
            incidents.state(cast.units.banyumanik, yesterday, says, cast.spkt)
        assert not DailyStatement.objects.exists()

    def test_a_day_to_come_is_not_stated(self, cast):
        with pytest.raises(ValidationError):
            incidents.state(cast.units.banyumanik, timezone.localdate() + datetime.timedelta(days=1), "NIHIL", cast.spkt)

    def test_said_twice_is_said_once(self, cast, yesterday):
        for _again in range(2):
            incidents.state(cast.units.banyumanik, yesterday, "NIHIL", cast.spkt)
        assert DailyStatement.objects.count() == 1

    def test_a_later_incident_supersedes_nihil(self, cast, yesterday):
        incidents.state(cast.units.banyumanik, yesterday, "NIHIL", cast.spkt)
        make_incident(cast, by=cast.clerk)
        now, before = DailyStatement.objects.order_by("-at")
        assert (now.says, now.by, now.superseded_at) == ("ISI", cast.clerk, None)
        assert before.says == "NIHIL"
        assert before.superseded_at

    def test_isi_falls_with_the_last_incident(self, cast, yesterday):
        incident = make_incident(cast)
        incidents.state(cast.units.banyumanik, yesterday, "ISI", cast.spkt)
        incidents.withdraw(incident, cast.spkt, "Salah catat.")
        assert not DailyStatement.objects.current().exists()
        assert incidents.state(cast.units.banyumanik, yesterday, "NIHIL", cast.spkt)

    def test_moving_an_incident_to_another_day_settles_both(self, cast, yesterday):
        incident = make_incident(cast)
        earlier = yesterday - datetime.timedelta(days=1)
        incidents.state(cast.units.banyumanik, yesterday, "ISI", cast.spkt)
        incidents.state(cast.units.banyumanik, earlier, "NIHIL", cast.spkt)
        incidents.amend(incident, cast.spkt, {"occurred_at": incident.occurred_at - datetime.timedelta(days=1)})
        assert dict(DailyStatement.objects.current().values_list("day", "says")) == {earlier: "ISI"}


class TestNumbers:
    NOW = Period(datetime.date(2026, 11, 2), datetime.date(2026, 11, 8), "week")

    @pytest.mark.parametrize(("before", "now", "difference", "percent"), [(4930, 4742, -188, "-3.81"), (5175, 4930, -245, "-4.73")])
    def test_the_printed_vectors(self, before, now, difference, percent):
        change = Change(before, now)
        assert (change.difference, change.percent) == (difference, Decimal(percent))

    def test_the_bulletin_counts_classes_and_the_five_most_frequent_kinds(self, cast):
        for kind, days in (("CURANMOR", (2, 3, 4)), ("CURAT", (2, 2)), ("NARKOBA", (5,)), ("LAKA", (8,)), ("BANJIR", (8,)), ("PERDA", (8,))):
            for day in days:
                make_incident(cast, kind, at=wib(2026, 11, day, 10))
        make_incident(cast, at=wib(2026, 10, 27, 10))
        make_incident(cast, at=wib(2026, 11, 9, 0))
        incidents.handle(Incident.objects.filter(kind="CURAT").first(), "P21")
        found = bulletins.bulletin(Incident.objects.all(), self.NOW, self.NOW.previous(), {})
        assert found.total.change == Change(1, 9)
        assert [(line.code, line.change.now, line.change.before) for line in found.crimes] == [
            ("KONVENSIONAL", 5, 1),
            ("TRANSNASIONAL", 1, 0),
            ("KEKAYAAN_NEGARA", 0, 0),
            ("KONTINJENSI", 0, 0),
        ]
        assert [(line.code, line.change.now) for line in found.others] == [("PELANGGARAN", 1), ("GANGGUAN", 1), ("BENCANA", 1)]
        assert [line.code for line in found.top] == ["CURANMOR", "CURAT", "BANJIR", "LAKA", "NARKOBA"]
        assert (found.crime_total, found.crime_cleared, found.clearance) == (6, 1, Decimal("16.67"))
        assert found.top[1].change.percent is None

    def test_no_crime_has_no_clearance(self, cast):
        assert bulletins.bulletin(Incident.objects.all(), self.NOW, self.NOW.previous(), {}).clearance is None

    def test_known_incidents_give_known_cells(self, cast):
        for at in (wib(2026, 11, 2, 0, 0), wib(2026, 11, 2, 23, 59), wib(2026, 11, 9, 23, 0), wib(2026, 11, 8, 12, 30)):
            make_incident(cast, at=at)
        table = bulletins.matrix(Incident.objects.all())
        assert {(day, hour): number for day, row in enumerate(table) for hour, number in enumerate(row) if number} == {
            (0, 0): 1,
            (0, 23): 2,
            (6, 12): 1,
        }
        assert bulletins.matrix(Incident.objects.all(), bands=6)[0] == [1, 0, 0, 0, 0, 2]

    def test_each_unit_has_its_own_clock(self, cast):
        make_incident(cast, at=wib(2026, 11, 2, 23, 30))
        cast.units.banyumanik.time_zone = "Asia/Jayapura"
        cast.units.banyumanik.save()
        assert bulletins.matrix(Incident.objects.all())[1][1] == 1
