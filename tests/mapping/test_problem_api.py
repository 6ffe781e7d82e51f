"""Problems for programs: what comes back, what is taken, and what odd senders get."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapping.geometry import geojson
from mapping.models import Problem
from tests.mapping.problems import PEDALANGAN, make_problem, point, square

pytestmark = pytest.mark.django_db
ALL = "/api/v1/problems/"


def test_a_problem_is_recorded_by_its_place_and_read_back(cast, api):
    shape = geojson(square(110.425, -7.065))
    sent = {"kind": "LAMPU_MATI", "title": "Lampu gang mati", "shape": shape, "weekdays": [5], "functions": ["SAMAPTA"], "areas": ["3374111003"]}
    answer = api(cast.officer).post(ALL, sent | {"responsible": cast.colleague.username})
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["area"], told["unit"], told["class"], told["status"]) == (PEDALANGAN, "POLSEK-BANYUMANIK", "LINGKUNGAN", "TERPETAKAN")
    assert (told["shape"], told["location"]["type"], told["areas"], told["responsible"]) == (shape, "Point", ["33.74.11.1003"], "80010002")
    at = f"{ALL}{told['id']}/"
    assert api(cast.officer).get(at).json() == told
    changed = api(cast.officer).patch(at, {"title": "Lampu mati lagi", "shape": None, "responsible": None}).json()
    assert (changed["title"], changed["shape"], changed["location"], changed["responsible"], changed["kind"]) == (
        *("Lampu mati lagi", None, None, None),
        "LAMPU_MATI",
    )
    assert api(cast.officer).patch(at, {"status": "SELESAI"}).json()["status"] == "TERPETAKAN"
    assert api(cast.outsider).get(at).status_code == 404
    assert api(cast.clerk).patch(at, {"title": "x"}).status_code == 404


REFUSED = [
    {"kind": None},
    {"kind": "ENTAH"},
    {"kind": "X" * 5000},
    {"title": ""},
    {"title": "  "},
    {"title": "a\0b"},
    {"title": "x" * 5000},
    {"description": "x" * 5000},
    {"area": None},
    {"area": ""},
    {"area": "33.74.09.1001"},
    {"area": "x\0"},
    {"areas": "33"},
    {"areas": ["33"]},
    {"areas": [None]},
    {"areas": ["33.74.11.1003"] * 60},
    {"shape": "POINT(1 1)"},
    {"shape": {"type": "Point", "coordinates": [4, 52]}},
    {"shape": {"type": "Point"}},
    {"shape": []},
    {"weekdays": [8]},
    {"weekdays": ["x"]},
    {"functions": ["KOKI"]},
    {"grade": "ZZ"},
    {"hour_from": "22:00"},
    {"responsible": "80020001"},
    {"responsible": {"a": 1}},
    {"recurs": "x"},
    {"recurs": "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11"},
    {"kind": "GENG"},
    {"happened_on": "2099-01-01"},
]


@pytest.mark.parametrize("changes", REFUSED, ids=[str(changes)[:40] for changes in REFUSED])
def test_what_cannot_be_is_refused_with_its_field(cast, api, changes):
    answer = api(cast.officer).post(ALL, {"kind": "LAMPU_MATI", "title": "Lampu", "area": PEDALANGAN} | changes)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"]
    assert not Problem.objects.exists()


def test_steps_are_added_and_read(cast, api):
    problem = make_problem(cast)
    at = f"{ALL}{problem.uuid}/steps/"
    client = api(cast.officer)
    answer = client.post(at, {"stage": "TANGANI", "phase": "SAAT", "text": "Lampu dipasang.", "measure": "lampu", "count_after": 4})
    assert answer.status_code == 201
    assert answer.json()["day"] == problem.unit.today().isoformat()
    assert [step["stage"] for step in client.get(at).json()] == ["TANGANI"]
    problem.refresh_from_db()
    assert (problem.status, problem.phase) == ("DITANGANI", "SAAT")
    for odd in (
        {},
        {"stage": "X", "text": "a"},
        {"stage": "NILAI", "text": " "},
        {"stage": "NILAI", "text": "\0"},
        {"stage": "NILAI", "text": "x" * 5000},
    ):
        assert client.post(at, odd).status_code == 400
    assert client.post(at, {"stage": "NILAI", "text": "a", "count_before": 10**12, "measure": "x"}).status_code == 400
    assert api(cast.clerk).post(at, {"stage": "NILAI", "text": "a"}).status_code == 404
    assert api(cast.outsider).get(at).status_code == 404


def test_the_list_is_scoped_and_narrowed(cast, api):
    here = make_problem(cast, shape=point(110.428, -7.0629))
    hidden = make_problem(cast, is_confidential=True, kind="JUDI")
    solved = make_problem(cast, village="33.74.11.1005")
    Problem.objects.filter(pk=solved.pk).update(status="SELESAI", solved_on="2026-01-05")

    def found(user, query=""):
        return {row["id"] for row in api(user).get(f"{ALL}?{query}").json()["results"]}

    assert found(cast.kanit) == {str(problem.uuid) for problem in (here, hidden, solved)}
    assert found(cast.clerk) == {str(here.uuid), str(solved.uuid)}
    assert found(cast.outsider) == set()
    assert found(cast.kanit, "status=SELESAI") == {str(solved.uuid)}
    assert found(cast.kanit, "class=PENYAKIT_MASYARAKAT") == {str(hidden.uuid)}
    assert found(cast.kanit, "kind=JUDI") == {str(hidden.uuid)}
    assert found(cast.kanit, "area=33.74.11.1005") == {str(solved.uuid)}
    assert found(cast.kanit, "area=33.74.11") == {str(problem.uuid) for problem in (here, hidden, solved)}
    assert found(cast.kanit, "bbox=110.42,-7.07,110.43,-7.06") == {str(here.uuid)}
    assert found(cast.kanit, "from=2026-02-01") == {str(here.uuid), str(hidden.uuid)}
    assert found(cast.kanit, f"to={timezone.localdate().replace(year=2020)}") == set()
    client = api(cast.kanit)
    for odd in ("bbox=1,2", "bbox=nan,nan,nan,nan", "bbox=x", "status=X", "class=X", "from=x", "kind=" + "x" * 99, "kind=%00", "area=%00"):
        assert client.get(f"{ALL}?{odd}").status_code == 400
    assert client.get(f"{ALL}?cursor=xxx").status_code == 404
    assert client.get(f"{ALL}?area=aceh").json()["results"] == []


def test_a_former_problem_out_of_sight_is_not_named(cast, api):
    former = make_problem(cast, is_confidential=True)
    again = make_problem(cast, recurs=former)
    assert api(cast.kanit).get(f"{ALL}{again.uuid}/").json()["recurs"] == str(former.uuid)
    assert api(cast.clerk).get(f"{ALL}{again.uuid}/").json()["recurs"] is None


def test_the_same_problem_sent_again_is_known(cast, api):
    sent = {"id": "0192f0c1-7a4e-7c3a-9b5e-2f4f6f0e1a11", "kind": "LAMPU_MATI", "title": "Lampu", "area": PEDALANGAN, "weekdays": [5]}
    sent["shape"] = geojson(square(110.425, -7.065))
    first, again, other = (api(cast.officer).post(ALL, sent | changes) for changes in ({}, {}, {"title": "Lain"}))
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert first.json()["id"] == sent["id"]
    Problem.objects.update(is_confidential=True, recorded_by=cast.kapolsek)
    assert api(cast.officer).post(ALL, sent).status_code == 409
    assert api(cast.kapolsek).patch(f"{ALL}{sent['id']}/", {"id": "0192f0c1-7a4e-7c3a-9b5e-2f4f6f0e1a12"}).json()["id"] == sent["id"]


def test_a_place_far_off_in_another_village_is_refused(cast, api, sign_in):
    far, near, across = point(110.41, -7.01), point(110.4415, -7.0629), square(110.438, -7.072, 0.02)
    told = {"kind": "LAMPU_MATI", "title": "Lampu", "area": PEDALANGAN}
    refused = api(cast.officer).post(ALL, told | {"shape": geojson(far)}).json()["errors"]
    assert refused[0]["attr"] == "shape"
    assert "Gajahmungkur" in refused[0]["detail"]
    page = sign_in(cast.officer).post("/masalah/baru/", told | {"grade": "PG", "shape": "", "shape_point": "-7.01, 110.41"})
    assert "Gajahmungkur" in page.content.decode()
    assert not Problem.objects.exists()
    for shape in (near, across):
        assert api(cast.officer).post(ALL, told | {"shape": geojson(shape)}).status_code == 201
    stray = make_problem(cast, shape=far)  # as one of before
    assert api(cast.officer).patch(f"{ALL}{stray.uuid}/", {"title": "Lampu gang"}).status_code == 200


def test_the_list_asks_for_former_ones_once(cast, api):
    former = [make_problem(cast) for _turn in range(6)]
    make_problem(cast, recurs=former[0])
    client = api(cast.kanit)
    with CaptureQueriesContext(connection) as few:
        client.get(ALL)
    for one in former[1:]:
        make_problem(cast, recurs=one)
    with CaptureQueriesContext(connection) as many:
        rows = client.get(ALL).json()["results"]
    assert sum(row["recurs"] is not None for row in rows) == 6
    assert len(many) <= len(few)


def test_a_problem_is_closed_after_it_was_assessed_and_opened_again(cast, api):
    problem = make_problem(cast)
    address, kanit = f"{ALL}{problem.uuid}/", api(cast.kanit)
    assert kanit.post(f"{address}close/", {"outcome": "Terang lagi."}).status_code == 400
    assert kanit.post(f"{address}steps/", {"stage": "NILAI", "text": "Lampu menyala sebulan."}).status_code == 201
    assert kanit.post(f"{address}close/", {"outcome": " "}).json()["errors"][0]["attr"] == "outcome"
    closed = kanit.post(f"{address}close/", {"outcome": "Terang lagi."}).json()
    assert (closed["status"], closed["outcome"]) == ("SELESAI", "Terang lagi.")
    assert kanit.post(f"{address}close/", {"outcome": "Lagi."}).status_code == 400
    assert kanit.post(f"{address}reopen/", {"reason": "Mati lagi."}).json()["status"] == "BERULANG"
