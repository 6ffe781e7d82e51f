"""The score of an officer's month: its arithmetic, where its parts come from, who reads it and what the pages say."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from fkpm.models import Case
from patrol.models import Report, Response, State
from polmas.people.models import Absence, Posting, Role, Unit
from polmas.summaries import scores, scoring
from polmas.summaries.models import OfficerScore, ScoreLabel, ScorePart, ScoreWeights, Target
from polmas.summaries.models.scores import DEFAULTS
from polmas.summaries.targets import Targets, whole
from tests.cast import make_person
from tests.fkpm.cases import make_agreement, make_case, signed
from tests.summaries.rows import make_household, make_report

NOW = datetime.datetime(2026, 11, 18, 3, 0, tzinfo=datetime.UTC)  # Wednesday, 10.00 WIB
OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)
DAY = datetime.timedelta(days=1)
KINDS = ["DDS", "BINLUH", "KONTROL_KAMLING", "RAPAT_FKPM"]
counts_of = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 500))
goals_of = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 200), min_size=1)
weights_of = (
    st.lists(st.integers(0, 100), min_size=4, max_size=4)
    .map(sorted)
    .map(lambda cuts: dict(zip(scores_parts(), [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)], strict=True)))
)


def scores_parts():
    return [str(part) for part in ScorePart]


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def only_sambang(db):
    """Two sambang a day and nothing else is expected."""
    Target.objects.filter(unit=None).delete()
    Target.objects.create(kind="DDS", period="day", amount=2, starts_on=datetime.date(2026, 1, 1))


def reports(cast, number, day=OCTOBER, officer=None, spread=1, **more):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    household = make_household(unit, area)
    return [make_report(officer or cast.officer, unit, area, day + DAY * (i % spread), household=household, **more) for i in range(number)]


def away(cast, first, last):
    Absence.objects.create(user=cast.officer, unit=cast.units.banyumanik, kind="CUTI", starts_on=first, ends_on=last, recorded_by=cast.kanit)


def score_of(person, month=OCTOBER):
    return OfficerScore.objects.get(officer=person, month=month)


class TestArithmetic:
    @given(counts=counts_of, goals=goals_of, kind=st.sampled_from(KINDS), more=st.integers(1, 300))
    def test_activity_is_capped_and_more_is_never_worse(self, counts, goals, kind, more):
        found = scores.activity(counts, goals)
        if not any(goals.values()):
            assert found is None
            return
        assert 0 <= found.points <= 100
        better = scores.activity({**counts, kind: counts.get(kind, 0) + more}, goals)
        assert better.points >= found.points

    @given(goals=goals_of.filter(lambda goals: any(goals.values())), kind=st.sampled_from(KINDS), volume=st.integers(1, 10_000))
    def test_volume_of_one_kind_buys_no_rank(self, goals, kind, volume):
        """However many of one kind: they are worth one kind's share and not a point more."""
        asked = [name for name, goal in goals.items() if goal]
        points = scores.activity({kind: volume}, goals).points
        assert points <= Fraction(100, len(asked))

    @given(done=st.integers(0, 8), amount=st.integers(1, 8), present=st.integers(1, 31), absent=st.integers(0, 30))
    def test_days_of_absence_neither_help_nor_hurt(self, done, amount, present, absent):
        """Who does as much on each day of presence has the same points, however many days of absence there are beside them."""
        path, month = "0001", datetime.date(2026, 10, 1)
        target = Target(pk=1, kind="DDS", period="day", amount=amount, starts_on=month)
        present_days = {month + DAY * number: (Role.BHABINKAMTIBMAS, path) for number in range(min(present, 31 - min(absent, 30)))}
        goals = {kind: whole(number) for kind, number in Targets([target]).expected(present_days).items()}
        points = scores.activity({"DDS": done * len(present_days)}, goals).points
        assert points == min(Fraction(100), Fraction(100 * done, amount))

    @given(st.data())
    def test_quality_is_a_share_and_better_is_never_worse(self, data):
        n = data.draw(st.integers(1, 300))
        complete, unique, reviewed = (data.draw(st.integers(0, n)) for _ in range(3))
        clean = data.draw(st.integers(0, reviewed))
        points = scores.quality(n, complete, unique, reviewed, clean).points
        assert 0 <= points <= 100
        assert scores.quality(n, min(n, complete + 1), unique, reviewed, clean).points >= points
        assert scores.quality(n, complete, min(n, unique + 1), reviewed, clean).points >= points
        assert scores.quality(n, complete, unique, reviewed, min(reviewed, clean + 1)).points >= points
        assert scores.quality(3 * n, 3 * complete, 3 * unique, 3 * reviewed, 3 * clean).points == points  # thrice as many of the same is no better

    @given(cases=st.integers(0, 30), looks=st.integers(0, 30), data=st.data())
    def test_problem_solving_is_a_share(self, cases, looks, data):
        settled, observed = data.draw(st.integers(0, cases)), data.draw(st.integers(0, looks))
        found = scores.problems(cases, settled, looks, observed)
        assert (found is None) == (cases + looks == 0)
        if found:
            assert 0 <= found.points <= 100
            assert scores.problems(cases, min(cases, settled + 1), looks, observed).points >= found.points

    @given(st.lists(st.floats(0, 100_000), min_size=1, max_size=30))
    def test_a_slower_median_is_never_better(self, minutes):
        points = scores.response(minutes).points
        assert 0 <= points <= 100
        assert scores.response([number + 10 for number in minutes]).points <= points

    def test_twice_the_time_is_worth_half(self):
        assert [scores.response(minutes).points for minutes in ([25], [10, 25, 400], [50])] == [100, 100, 50]
        assert scores.response([]) is None

    @given(weights=weights_of, measured=st.sets(st.sampled_from(scores_parts())))
    def test_the_weights_of_what_was_measured_make_a_hundred(self, weights, measured):
        shares = scores.shares(weights, measured)
        assert set(shares) <= measured
        assert sum(shares.values()) == (100 if any(weights[part] for part in measured) else 0)

    @given(weights=weights_of, data=st.data())
    def test_the_total_lies_within_its_parts(self, weights, data):
        points = data.draw(st.dictionaries(st.sampled_from(scores_parts()), st.fractions(0, 100), min_size=1))
        found = {part: scores.Finding(value, 5, {}) for part, value in points.items()}
        total = scores.total_of(found, weights)
        if not any(weights[part] for part in found):
            assert total is None
            return
        counting = [value for part, value in points.items() if weights[part]]
        assert scores.rounded(min(counting)) <= total <= scores.rounded(max(counting))
        part = data.draw(st.sampled_from(sorted(found)))
        better = {**found, part: scores.Finding(Fraction(100), 5, {})}
        assert scores.total_of(better, weights) >= total

    @pytest.mark.parametrize(
        ("total", "label"),
        [
            ("100", "SANGAT_BAIK"),
            ("85", "SANGAT_BAIK"),
            ("84.99", "BAIK"),
            ("70", "BAIK"),
            ("69.99", "CUKUP"),
            ("55", "CUKUP"),
            ("54.99", "PEMBINAAN"),
        ],
    )
    def test_labels(self, total, label):
        assert scores.label_of(Decimal(total)) == ScoreLabel(label)

    def test_the_five_parts_weigh_as_the_domain_has_it(self):
        assert list(DEFAULTS.values()) == [30, 25, 20, 15, 10]


@pytest.mark.usefixtures("only_sambang")
class TestParts:
    def test_the_target_is_reached_and_no_more(self, cast):
        reports(cast, 31, spread=31)
        scoring.build(cast.units.polres, OCTOBER)
        found = score_of(cast.officer)
        assert found.parts["activity"]["kinds"] == [["DDS", 31, 62]]
        assert (found.parts["activity"]["points"], found.unit) == (50, cast.units.banyumanik)
        reports(cast, 100, spread=31)
        scoring.build(cast.units.polres, OCTOBER)
        assert score_of(cast.officer).parts["activity"]["points"] == 100

    def test_who_serves_no_forum_is_not_measured_by_its_meetings(self, cast):
        Target.objects.create(unit=cast.units.polres, kind="RAPAT_FKPM", period="month", amount=1, starts_on=datetime.date(2026, 1, 1))
        cast.forum.officer = None
        cast.forum.save()
        scoring.build(cast.units.polres, OCTOBER)
        kinds = {person: [row[0] for row in score_of(cast.people[person]).parts["activity"]["kinds"]] for person in ("officer", "colleague")}
        assert kinds == {"officer": ["DDS"], "colleague": ["DDS", "RAPAT_FKPM"]}

    def test_leave_makes_the_target_smaller(self, cast):
        reports(cast, 20, spread=10)
        Absence.objects.create(
            user=cast.officer,
            unit=cast.units.banyumanik,
            kind="CUTI",
            starts_on=OCTOBER + DAY * 10,
            ends_on=OCTOBER + DAY * 30,
            recorded_by=cast.kanit,
        )
        scoring.build(cast.units.polres, OCTOBER)
        found = score_of(cast.officer)
        assert (found.parts["activity"]["points"], found.days_present, found.days_posted) == (100, 10, 31)

    def test_who_was_away_all_month_is_not_rated(self, cast):
        away(cast, OCTOBER, OCTOBER + DAY * 30)
        scoring.build(cast.units.polres, OCTOBER)
        found = score_of(cast.officer)
        assert (found.total, found.label, found.measured) == (None, "", 0)

    def test_of_a_running_month_the_days_that_are_over_count(self, cast):
        reports(cast, 17, day=NOVEMBER, spread=17)
        scoring.build(cast.units.polres, NOVEMBER)
        assert score_of(cast.officer, NOVEMBER).parts["activity"]["kinds"] == [["DDS", 17, 34]]

    def test_quality_asks_for_what_came_back_what_lacks_and_what_repeats(self, cast):
        plain = reports(cast, 4, location=None)
        Report.objects.filter(pk__in=[report.pk for report in plain[:2]]).update(location="SRID=4326;POINT(110.43 -7.06)")
        Report.objects.filter(pk=plain[1].pk).update(flags=["SAME_PHOTO"])
        plain[0].verify(cast.kanit)
        plain[2].send_back(cast.kanit, "Lengkapi posisi.")
        scoring.build(cast.units.polres, OCTOBER)
        found = score_of(cast.officer).parts["quality"]
        assert {name: found[name] for name in ("reports", "complete", "unique", "reviewed", "clean")} == {
            "reports": 4,
            "complete": 2,
            "unique": 3,
            "reviewed": 2,
            "clean": 1,
        }

    def test_a_report_that_came_back_once_stays_so_when_it_is_verified(self, cast):
        [report] = reports(cast, 1)
        report.send_back(cast.kanit, "Lengkapi.")
        Report.objects.filter(pk=report.pk).update(state=State.SUBMITTED)
        report.refresh_from_db()
        report.verify(cast.kanit)
        scoring.build(cast.units.polres, OCTOBER)
        found = score_of(cast.officer).parts["quality"]
        assert (found["reviewed"], found["clean"]) == (1, 0)

    def test_a_repeat_that_a_reviewer_verified_is_none(self, cast):
        [report] = reports(cast, 1)
        Report.objects.filter(pk=report.pk).update(flags=["SAME_TEXT"])
        report.refresh_from_db()
        report.verify(cast.kanit)
        scoring.build(cast.units.polres, OCTOBER)
        assert score_of(cast.officer).parts["quality"]["unique"] == 1

    def test_photos_that_never_came_are_lacking(self, cast):
        [report] = reports(cast, 1)
        point = "SRID=4326;POINT(110.43 -7.06)"
        Report.objects.filter(pk=report.pk).update(location=point, photo_ids=["0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11"])
        scoring.build(cast.units.polres, OCTOBER)
        assert score_of(cast.officer).parts["quality"]["complete"] == 0

    def test_problem_solving_counts_settled_cases_and_agreements_that_hold(self, cast):
        peace = make_case(cast)
        agreement = signed(make_agreement(peace, cast.officer), cast.officer)
        make_case(cast, outcome="TIDAK_SEPAKAT")
        make_case(cast)  # still has its time
        make_case(cast, category="NARKOTIKA", outcome="DILIMPAHKAN")  # handed on by rule
        look = agreement.checks.order_by("days").first()
        agreement.checks.filter(pk=look.pk).update(
            due_on=datetime.date(2026, 11, 10), checked_on=datetime.date(2026, 11, 10), is_observed=True, checked_by=cast.officer
        )
        scoring.build(cast.units.polres, NOVEMBER)
        found = score_of(cast.officer, NOVEMBER).parts["problems"]
        assert [found[name] for name in ("cases", "settled", "looks", "observed")] == [2, 1, 1, 1]
        assert found["points"] == 66.67

    def test_a_case_left_in_progress_and_a_look_left_out_count_against(self, cast):
        case = make_case(cast)
        Case.objects.filter(pk=case.pk).update(happened_on=datetime.date(2026, 10, 5))
        held = signed(make_agreement(make_case(cast), cast.officer), cast.officer)
        held.checks.filter(days=30).update(due_on=datetime.date(2026, 11, 4))
        scoring.build(cast.units.polres, NOVEMBER)
        found = score_of(cast.officer, NOVEMBER).parts["problems"]
        assert [found[name] for name in ("cases", "settled", "looks", "observed")] == [2, 1, 1, 0]

    def test_a_look_that_fell_on_leave_is_not_asked_for(self, cast):
        held = signed(make_agreement(make_case(cast), cast.officer), cast.officer)
        held.checks.filter(days=30).update(due_on=datetime.date(2026, 11, 4))
        day = datetime.date(2026, 11, 4)
        away(cast, day, day)
        scoring.build(cast.units.polres, NOVEMBER)
        assert score_of(cast.officer, NOVEMBER).parts["problems"]["looks"] == 0

    def test_response_is_the_median_of_what_was_answered(self, cast):
        for minutes in (10, 40, 60):
            [report] = reports(cast, 1, kind="RESPON_ADUAN")
            moment = report.occurred_at
            Response.objects.create(report=report, complained_at=moment, arrived_at=moment + datetime.timedelta(minutes=minutes))
        scoring.build(cast.units.polres, OCTOBER)
        found = score_of(cast.officer).parts["response"]
        assert (found["median"], found["n"], found["points"]) == (40, 3, 62.5)

    def test_what_cannot_be_measured_is_left_out(self, cast):
        reports(cast, 62, spread=31)
        scoring.build(cast.units.polres, OCTOBER)
        found = score_of(cast.officer)
        assert (found.measured, set(found.parts)) == (2, {"activity", "quality"})
        assert sum(part["share"] for part in found.parts.values()) == pytest.approx(100, abs=0.02)

    def test_no_laporan_informasi_stands_in_a_score(self, cast):
        from tests.patrol.informations import make_information

        scoring.build(cast.units.polres, NOVEMBER)
        before = OfficerScore.objects.order_by("pk").values_list("total", "parts")
        listed = list(before)
        for _ in range(3):
            make_information(cast)
        scoring.build(cast.units.polres, NOVEMBER)
        assert list(before.all()) == listed


class TestBuilding:
    def test_twice_is_once_and_what_is_frozen_stays(self, cast):
        reports(cast, 5)
        assert scoring.build(cast.units.polres, OCTOBER) == scoring.build(cast.units.polres, OCTOBER) == 3
        OfficerScore.objects.filter(officer=cast.officer).freeze()
        before = score_of(cast.officer)
        reports(cast, 20)
        assert scoring.build(cast.units.polres, OCTOBER) == 2
        assert score_of(cast.officer).parts == before.parts
        with pytest.raises(Exception, match="frozen"), transaction.atomic():
            OfficerScore.objects.filter(officer=cast.officer).update(total=100)

    def test_the_statements_do_not_grow_with_the_officers(self, cast):
        few = statements(lambda: scoring.build(cast.units.polres, OCTOBER))
        for number in range(40):
            person = make_person(f"8101{number:04}", f"Petugas {number}", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
            reports(cast, 1, officer=person)
        scoring.build(cast.units.polres, OCTOBER)
        assert statements(lambda: scoring.build(cast.units.polres, OCTOBER)) <= few + 1 <= 18
        assert OfficerScore.objects.count() == 43

    def test_who_moves_is_rated_once_where_the_month_ended(self, cast):
        Posting.objects.filter(user=cast.officer).update(ends_on=OCTOBER + DAY * 9)
        Posting.objects.create(user=cast.officer, unit=cast.units.gajahmungkur, role=Role.BHABINKAMTIBMAS, starts_on=OCTOBER + DAY * 10)
        for unit in (cast.units.banyumanik, cast.units.gajahmungkur, cast.units.polres):
            scoring.build(unit, OCTOBER)
        assert score_of(cast.officer).unit == cast.units.gajahmungkur
        assert score_of(cast.officer).days_posted == 31

    def test_the_nearest_weights_hold(self, cast):
        ScoreWeights.objects.create(
            unit=cast.units.banyumanik, activity=100, quality=0, problems=0, response=0, satisfaction=0, starts_on=datetime.date(2026, 1, 1)
        )
        reports(cast, 31, spread=31)
        scoring.build(cast.units.polres, OCTOBER)
        found = score_of(cast.officer)
        assert float(found.total) == found.parts["activity"]["points"]
        assert score_of(cast.outsider).weights == {str(part): weight for part, weight in DEFAULTS.items()}

    def test_beat_asks_for_this_month_and_the_one_before(self, cast, monkeypatch):
        asked = []
        monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: asked.append((name, *args)))
        scoring.queue_builds()
        polres = cast.units.polres.pk
        assert asked == [("summaries.build_scores", polres, "2026-10-01"), ("summaries.build_scores", polres, "2026-11-01")]

    def test_a_station_under_no_polres_is_asked_for_by_itself(self, cast, monkeypatch):
        asked = []
        monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: asked.append(args[0]))
        post = Unit.objects.add_child(Unit.objects.get(pk=cast.units.polda.pk), {"code": "POSPOL-X", "name": "Pospol X", "kind": "POSPOL"})
        make_person("81019999", "Sendiri", post, Role.PETUGAS_POSPOL)
        scoring.queue_builds()
        assert set(asked) == {cast.units.polres.pk, post.pk}


class TestWeights:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"activity": 31},
            {"activity": 0, "quality": 0, "problems": 0, "response": 0, "satisfaction": 0},
            {"starts_on": datetime.date(2026, 1, 2)},
            {"ends_on": datetime.date(2025, 12, 31)},
        ],
    )
    def test_the_database_refuses(self, cast, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            ScoreWeights.objects.create(**{"unit": cast.units.banyumanik, "starts_on": datetime.date(2026, 1, 1), **wrong})

    def test_one_at_a_time_and_a_change_ends_the_old(self, cast):
        weights = ScoreWeights.objects.create(unit=cast.units.polres, starts_on=OCTOBER)
        with pytest.raises(IntegrityError), transaction.atomic():
            ScoreWeights.objects.create(unit=cast.units.polres, starts_on=NOVEMBER)
        other = {"activity": 40, "quality": 20, "problems": 20, "response": 10, "satisfaction": 10}
        later = weights.change(other, NOVEMBER, by=cast.kapolres)
        weights.refresh_from_db()
        assert (weights.ends_on, weights.activity, later.starts_on, later.activity) == (NOVEMBER - DAY, 30, NOVEMBER, 40)
        assert ScoreWeights.objects.holding_in(cast.units.polres.path, OCTOBER).get(unit=cast.units.polres).activity == 30


def statements(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
