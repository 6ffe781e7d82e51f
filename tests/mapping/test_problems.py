"""Problems: who reads them, how their course runs, what recurs, and what is never recorded."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mapping.forms_problems import ProblemForm
from mapping.models import Area, Beat, Place, Potential, Problem, ProblemStep
from mapping.problem_api import ProblemSerializer
from polmas.people.models import Code, Role
from tests.cast import make_person
from tests.mapping.incidents import make_incident
from tests.mapping.problems import PEDALANGAN, make_problem, point, square

pytestmark = pytest.mark.django_db


def readers_of(cast, problem):
    return {name for name, person in cast.people.items() if Problem.objects.for_user(person).filter(pk=problem.pk).exists()}


OPEN_TO = {"officer", "kanit", "clerk", "kapolsek", "kasat", "kapolres", "operator", "kanit_intelkam", "kasat_intelkam"}


def test_a_problem_is_read_in_its_village_and_by_its_unit(cast):
    problem = make_problem(cast)
    assert readers_of(cast, problem) == OPEN_TO
    problem.areas.set([cast.areas["33.74.11.1005"]])
    assert readers_of(cast, problem) == OPEN_TO | {"colleague"}
    Beat.objects.filter(user=cast.officer).update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert readers_of(cast, problem) == (OPEN_TO | {"colleague"}) - {"officer"}


def test_a_confidential_one_is_for_few(cast):
    problem = make_problem(cast, is_confidential=True)
    few = {"officer", "kanit", "kapolsek", "kapolres", "kanit_intelkam", "kasat_intelkam"}
    assert readers_of(cast, problem) == few
    Problem.objects.filter(pk=problem.pk).update(recorded_by=cast.kanit)
    assert readers_of(cast, problem) == few - {"officer"}
    problem.refresh_from_db()
    assert not problem.may_be_kept_by(cast.officer)
    Problem.objects.filter(pk=problem.pk).update(responsible=cast.colleague)
    assert readers_of(cast, problem) == few - {"officer"} | {"colleague"}


def test_kanit_lain_reads_what_is_assigned_and_works_on_it(cast):
    kanit_lain = make_person("80010095", "Rudi", cast.units.banyumanik, Role.KANIT_LAIN)
    problem = make_problem(cast, responsible=kanit_lain)
    other = make_problem(cast)
    assert list(Problem.objects.for_user(kanit_lain)) == [problem]
    assert problem.may_be_worked_on_by(kanit_lain)
    assert problem.may_be_closed_by(kanit_lain)
    assert not problem.may_be_kept_by(kanit_lain)
    assert not other.may_be_worked_on_by(kanit_lain)


def test_who_keeps_and_who_closes(cast):
    problem = make_problem(cast)
    keeps = {name for name, person in cast.people.items() if problem.may_be_kept_by(person)}
    closes = {name for name, person in cast.people.items() if problem.may_be_closed_by(person)}
    assert keeps == {"officer", "kanit", "kapolsek", "kapolres"}
    assert closes == {"kanit", "kapolsek", "kapolres"}


def test_the_course_from_mapped_to_solved_and_back(cast):
    problem = make_problem(cast)
    problem.add_step(cast.officer, "KENALI", "Tiga motor hilang sebulan.", measure="motor hilang", count_before=3)
    assert problem.status == "TERPETAKAN"
    problem.respond(cast.officer, "Lampu dipasang.", phase="SAAT")
    assert (problem.status, problem.phase) == ("DITANGANI", "SAAT")
    with pytest.raises(ValidationError, match="Nilai"):
        problem.close(cast.kanit, "Aman.")
    problem.add_step(cast.officer, "NILAI", "Tidak ada lagi.", phase="PASCA", measure="motor hilang", count_before=3, count_after=0)
    with pytest.raises(ValidationError):
        problem.close(cast.kanit, "  ")
    problem.close(cast.kanit, "Aman.")
    assert (problem.status, problem.solved_on, problem.phase) == ("SELESAI", problem.unit.today(), "PASCA")
    with pytest.raises(ValidationError):
        problem.respond(cast.officer, "Lagi.")
    with pytest.raises(ValidationError):
        problem.reopen(cast.kanit, "")
    problem.reopen(cast.kanit, "Hilang satu motor lagi.")
    problem.refresh_from_db()
    assert (problem.status, problem.solved_on) == ("BERULANG", None)
    assert problem.steps.first().text == "Hilang satu motor lagi."
    assert problem.events.count() >= 3


def test_a_solved_one_of_the_same_kind_and_near_recurs(cast):
    former = make_problem(cast, shape=square(110.425, -7.065))
    Problem.objects.filter(pk=former.pk).update(status="SELESAI", solved_on=timezone.localdate())

    def recurring(**told):
        return list(Problem.objects.for_user(cast.officer).recurring_with(make_problem(cast, **told)))

    assert recurring(shape=point(110.426, -7.064)) == [former]  # within
    assert recurring(shape=point(110.4282, -7.064)) == [former]  # 130 m east of it
    assert recurring(shape=point(110.4290, -7.064)) == []  # 220 m
    assert recurring(shape=square(110.426, -7.066)) == [former]  # overlapping
    assert recurring(shape=point(110.426, -7.064), kind="JUDI") == []
    assert recurring() == []
    assert not Problem.objects.for_user(cast.outsider).recurring_with(make_problem(cast, shape=point(110.426, -7.064))).exists()
    Problem.objects.filter(pk=former.pk).update(solved_on=timezone.localdate() - datetime.timedelta(days=400))
    assert recurring(shape=point(110.426, -7.064)) == []


def test_without_a_place_the_village_tells(cast):
    former = make_problem(cast)
    Problem.objects.filter(pk=former.pk).update(status="SELESAI", solved_on=timezone.localdate())
    assert list(Problem.objects.recurring_with(make_problem(cast))) == [former]
    assert list(Problem.objects.recurring_with(make_problem(cast, village="33.74.11.1003"))) == []


def test_an_outline_has_a_point_within_it(cast):
    problem = make_problem(cast, shape=square(110.425, -7.065))
    assert problem.shape.contains(problem.location)
    problem.shape = None
    problem.save()
    assert problem.location is None


def test_a_group_is_recorded_for_an_event_never_for_a_belief(cast):
    with pytest.raises(ValidationError) as error:
        make_problem(cast, kind="GENG", title="Konvoi geng motor")
    assert "happened_on" in error.value.message_dict
    event = {"kind": "GENG", "title": "Konvoi geng motor", "happened_on": timezone.localdate()}
    assert make_problem(cast, **event).klass == "KELOMPOK"
    for word in ("Kelompok aliran kepercayaan", "Penganut ajaran sesat", "Warga beragama X berkumpul"):
        with pytest.raises(ValidationError) as error:
            make_problem(cast, **{**event, "description": word})
        assert "description" in error.value.message_dict
    assert make_problem(cast, kind="KONFLIK_IBADAH", title="Penolakan pendirian rumah ibadah").klass == "KONFLIK"
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(kind="GENG").update(happened_on=None)


def test_what_cannot_be_is_refused(cast):
    problem = make_problem(cast)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    for told in (
        {"kind": "ENTAH"},
        {"title": " "},
        {"happened_on": tomorrow},
        {"hour_from": datetime.time(1)},
        {"weekdays": [8]},
        {"functions": ["X"]},
    ):
        with pytest.raises(ValidationError):
            make_problem(cast, **told)
    for told in ({"text": ""}, {"text": "  "}, {"text": "a", "day": tomorrow}, {"text": "a", "count_before": 1}):
        with pytest.raises(ValidationError):
            problem.add_step(cast.officer, "KENALI", **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.update(status="SELESAI")
    assert not ProblemStep.objects.exists()


def test_only_who_reads_it_afterwards_makes_it_confidential(cast, api, sign_in):
    problem = make_problem(cast, recorded_by=cast.kanit)
    at, page = f"/api/v1/problems/{problem.uuid}/", f"/masalah/{problem.uuid}/ubah/"
    assert api(cast.officer).patch(at, {"is_confidential": True}).json()["errors"][0]["attr"] == "is_confidential"
    client = sign_in(cast.officer)
    assert 'name="is_confidential"' not in client.get(page).content.decode()
    told = {"kind": problem.kind, "title": "Curanmor", "area": problem.area.code, "grade": "PG", "is_confidential": "on"}
    assert client.post(page, told).status_code == 302
    problem.refresh_from_db()
    assert (problem.title, problem.is_confidential) == ("Curanmor", False)
    assert api(cast.kanit).patch(at, {"is_confidential": True}).status_code == 200
    assert api(cast.kapolsek).patch(at, {"is_confidential": False}).status_code == 200


def test_whoever_holds_an_rt_reads_what_lies_in_the_village_round_it(cast):
    village = cast.areas[PEDALANGAN]
    rw = Area.objects.create(code=f"{village.code}.003", name="003", parent=village)
    rt = Area.objects.create(code=f"{rw.code}.002", name="002", parent=rw)
    problem, incident = make_problem(cast), make_incident(cast)
    place = Place.objects.create(unit=cast.units.banyumanik, area=village, name="Pos RW 05")
    potential = Potential.objects.create(unit=cast.units.banyumanik, area=village, kind="SEKOLAH", name="SD 1")
    for area in (rw, rt):
        Beat.objects.filter(user=cast.colleague).delete()
        Beat.objects.create(user=cast.colleague, area=area, unit=cast.units.banyumanik, starts_on=timezone.localdate())
        for row in (problem, incident, place, potential):
            assert type(row).objects.for_user(cast.colleague).filter(pk=row.pk).exists(), (area, row)
        assert place.may_be_kept_by(cast.colleague)
        assert not type(place).objects.for_user(cast.outsider).filter(pk=place.pk).exists()


FAR_BACK = datetime.date(1, 1, 5)


def test_no_day_lies_before_the_year_2000(cast):
    problem = make_problem(cast)
    for told in ({"happened_on": FAR_BACK}, {"target_on": FAR_BACK}):
        with pytest.raises(ValidationError) as error:
            make_problem(cast, **told)
        assert set(error.value.message_dict) == set(told)
    with pytest.raises(ValidationError) as error:
        problem.add_step(cast.officer, "TANGANI", "Dipasang lampu.", day=FAR_BACK)
    assert "day" in error.value.message_dict


def test_the_page_stands_with_a_day_of_long_ago(cast, sign_in):
    problem = make_problem(cast, shape=point(110.428, -7.0629))
    ProblemStep.objects.create(problem=problem, stage="TANGANI", text="Lampu.", day=FAR_BACK, recorded_by=cast.officer)
    assert sign_in(cast.officer).get(f"/masalah/{problem.uuid}/").status_code == 200


def test_an_edit_leaves_what_became_of_it_meanwhile(cast, rf):
    problem = make_problem(cast)
    problem.add_step(cast.kanit, "NILAI", "Aman.")
    told = {"kind": problem.kind, "title": "Judul lain", "area": problem.area.code, "grade": "PG"}
    form = ProblemForm(told, instance=Problem.objects.get(), user=cast.kanit)
    request = rf.post("/")
    request.user = cast.kanit
    sent = ProblemSerializer(Problem.objects.get(), data={"impact": "Warga takut."}, partial=True, context={"request": request})
    Problem.objects.get().close(cast.kanit, "Sudah aman.")
    assert form.is_valid(), form.errors
    form.save()
    sent.is_valid(raise_exception=True)
    sent.kept()
    problem.refresh_from_db()
    assert (problem.status, problem.outcome, problem.title, problem.impact) == ("SELESAI", "Sudah aman.", "Judul lain", "Warga takut.")


def test_an_edit_keeps_whom_and_what_the_form_would_not_offer(cast, api):
    away = cast.areas["33.74.09.1001"]
    problem = make_problem(cast, responsible=cast.kapolres, areas=[away])
    form = ProblemForm(instance=problem, user=cast.officer)
    assert cast.kapolres in form.fields["responsible"].queryset
    assert away in form.fields["areas"].queryset
    assert api(cast.officer).patch(f"/api/v1/problems/{problem.uuid}/", {"responsible": cast.kapolres.username}).status_code == 200
    fresh = ProblemForm(user=cast.officer)
    assert cast.kapolres not in fresh.fields["responsible"].queryset
    assert away not in fresh.fields["areas"].queryset


def test_a_kind_that_has_ended_stays_and_is_given_to_no_other(cast, api, sign_in):
    problem = make_problem(cast)
    Code.objects.filter(list="PROBLEM_KIND", code=problem.kind).update(valid_to="2020-01-01")
    client, page = sign_in(cast.officer), f"/masalah/{problem.uuid}/ubah/"
    assert f'value="{problem.kind}" selected' in client.get(page).content.decode()
    told = {"kind": problem.kind, "title": "Judul lain", "area": problem.area.code, "grade": "PG"}
    assert client.post(page, told).status_code == 302
    assert api(cast.officer).patch(f"/api/v1/problems/{problem.uuid}/", {"impact": "Warga takut."}).status_code == 200
    problem.refresh_from_db()
    assert (problem.title, problem.kind, problem.klass) == ("Judul lain", "RAWAN_CURANMOR", "LOKASI_RAWAN")
    assert client.post("/masalah/baru/", told).status_code == 200
    assert api(cast.officer).post("/api/v1/problems/", told).json()["errors"][0]["attr"] == "kind"
    assert Problem.objects.count() == 1


def test_each_way_to_a_problem_has_an_index_of_its_own(cast):
    """One question for each way, each by its index; which plan a nearly empty table gets is the planner's whim."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Problem._meta.db_table).values()
    first = {index["columns"][0] for index in found if index["index"] and index["columns"]}
    assert {"area_id", "unit_id", "responsible_id", "recorded_by_id"} <= first
    assert str(Problem.objects.for_user(cast.officer).query).count("UNION") >= 2


def test_an_empty_choice_says_what_it_asks_for(cast, sign_in):
    page = sign_in(cast.officer).get("/masalah/baru/").content.decode()
    assert "– pilih –" in page
    assert "---------" not in page
