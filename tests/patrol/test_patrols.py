"""Patrols: points by one tap, posts by their code, and what a phone must not get away with."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from mapping.models import Place
from patrol.distances import length_of
from patrol.models import Checkpoint, Patrol, Report
from tests.cast import PEDALANGAN
from tests.patrol.items import correction_of, report_item, send, statuses
from tests.patrol.patrols import checkpoint, patrol_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(cast):
    place = Point(PEDALANGAN["lon"], PEDALANGAN["lat"], srid=4326)
    return Place.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], name="Pos RW 05", rw="005", location=place)


@pytest.fixture
def far_post(cast):
    return Place.objects.create(unit=cast.units.gajahmungkur, area=cast.areas["33.74.09.1001"], name="Pos Papandayan")


def one(client, item):
    [answer] = send(client, item)
    return answer


def attrs(answer):
    return {(error["code"], error["attr"]) for error in answer["errors"]}


def test_a_patrol_arrives_with_its_points_in_order(api, cast, post):
    item = patrol_item(
        ended_at=timezone.now().isoformat(),
        detail={
            "targets": ["PEMUKIMAN", "JALUR_RAWAN"],
            "residents_met": 7,
            "message": "Kunci ganda sepeda motor.",
            "track": [[110.428, -7.0629], [110.4285, -7.0631], [110.429, -7.0633]],
            "checkpoints": [
                checkpoint(60, post={"id": str(post.uuid)}),
                checkpoint(40, name="ATM", finding="Lampu mati", action="Lapor PLN", situation="ATENSI"),
            ],
        },
    )
    assert one(api(cast.officer), item)["status"] == "created"
    patrol = Patrol.objects.get(report__uuid=item["id"])
    first, second = Checkpoint.objects.filter(report=patrol.report)
    assert (patrol.nature, patrol.targets, patrol.residents_met) == ("DIALOGIS", ["PEMUKIMAN", "JALUR_RAWAN"], 7)
    assert len(patrol.track) == 3
    assert 100 < length_of(patrol.track) < 150
    assert (first.post, first.accuracy_m, round(first.post_distance_m)) == (post, 12.5, 0)
    assert (second.name, second.finding, second.situation, second.post) == ("ATM", "Lampu mati", "ATENSI", None)
    assert patrol.report.narrative == ""


def test_the_api_tells_a_patrol_as_it_was_sent(api, cast, post):
    item = patrol_item(detail={"track": [[110.428, -7.0629], [110.429, -7.063]], "checkpoints": [checkpoint(30, post={"id": str(post.uuid)})]})
    client = api(cast.officer)
    one(client, item)
    detail = client.get(f"/api/v1/reports/{item['id']}/").json()["detail"]
    assert detail["track"] == item["detail"]["track"]
    [point] = detail["checkpoints"]
    assert point["location"] == PEDALANGAN
    assert point["post"] == {"id": str(post.uuid), "name": "Pos RW 05", "rw": "005", "rt": "", "landmark": ""}


def test_a_patrol_needs_a_mode_and_a_point(api, cast):
    answer = one(api(cast.officer), patrol_item(detail={"mode": None, "checkpoints": []}))
    assert answer["status"] == "rejected"
    assert ("unknown_code", "detail.mode") in attrs(answer)
    answer = one(api(cast.officer), patrol_item(detail={"checkpoints": []}))
    assert attrs(answer) == {("required", "detail.checkpoints")}


def test_words_are_asked_for_only_where_it_was_not_safe(api, cast):
    client = api(cast.officer)
    assert attrs(one(client, patrol_item(situation="RAWAN"))) == {("required", "narrative")}
    assert one(client, patrol_item(situation="RAWAN", narrative="Balap liar dibubarkan."))["status"] == "created"
    assert one(client, patrol_item(situation="AMAN"))["status"] == "created"


HOSTILE = [
    ({"checkpoints": [{"location": None}]}, "detail.checkpoints.0.at"),
    ({"checkpoints": [{"at": None}]}, "detail.checkpoints.0.at"),
    ({"checkpoints": [{"at": "kemarin"}]}, "detail.checkpoints.0.at"),
    ({"checkpoints": [{"at": "9999-12-31T23:59:59+00:00"}]}, "detail.checkpoints.0.at"),
    ({"checkpoints": [{"at": "2026-11-20T21:00:00+07:00", "location": {"lat": 52.1, "lon": 4.3}}]}, "detail.checkpoints.0.location.lat"),
    ({"checkpoints": [{"at": "2026-11-20T21:00:00+07:00", "location": [110, -7]}]}, "detail.checkpoints.0.location"),
    ({"checkpoints": [{"at": "2026-11-20T21:00:00+07:00", "name": "a\0b"}]}, "detail.checkpoints.0.name"),
    ({"checkpoints": [{"at": "2026-11-20T21:00:00+07:00", "post": "x"}]}, "detail.checkpoints.0.post"),
    ({"checkpoints": [{"at": "2026-11-20T21:00:00+07:00", "post": {"id": "x"}}]}, "detail.checkpoints.0.post.id"),
    ({"checkpoints": [{"at": "2026-11-20T21:00:00+07:00", "situation": "GAWAT"}]}, "detail.checkpoints.0.situation"),
    ({"checkpoints": "semua"}, "detail.checkpoints"),
    ({"checkpoints": [None]}, "detail.checkpoints.0"),
    ({"mode": "ROKET"}, "detail.mode"),
    ({"targets": ["BULAN"]}, "detail.targets.0"),
    ({"residents_met": 10**9}, "detail.residents_met"),
    ({"track": [[110.4, -7.06]] * 2001}, "detail.track"),
    ({"track": [[-7.06, 110.4], [110.4, -7.06]]}, "detail.track.0.0"),
    ({"track": [[110.4, -7.06, 3], [110.4, -7.06]]}, "detail.track.0"),
    ({"track": [["110", "-7"], [110.4, -7.06]]}, "detail.track.0.0"),
    ({"track": {"type": "LineString"}}, "detail.track"),
]


@pytest.mark.parametrize(("detail", "attr"), HOSTILE, ids=[f"{n}-{attr}" for n, (_detail, attr) in enumerate(HOSTILE)])
def test_what_cannot_be_is_refused_by_its_field(api, cast, detail, attr):
    answers = send(api(cast.officer), patrol_item(detail=detail), patrol_item())
    assert statuses(answers) == ["rejected", "created"]
    assert attr in {error["attr"] for error in answers[0]["errors"]}


def test_a_track_of_one_point_is_no_track(api, cast):
    item = patrol_item(detail={"track": [[110.428, -7.0629]]})
    assert one(api(cast.officer), item)["status"] == "created"
    assert Patrol.objects.get(report__uuid=item["id"]).track is None


def test_a_point_without_position_is_a_point(api, cast):
    item = patrol_item(detail={"checkpoints": [checkpoint(10, location=None)]})
    assert one(api(cast.officer), item)["status"] == "created"


def test_posts_out_of_sight_are_not_known(api, cast, far_post):
    item = patrol_item(detail={"checkpoints": [checkpoint(10, post={"id": str(far_post.uuid)})]})
    assert attrs(one(api(cast.officer), item)) == {("not_found", "detail.checkpoints.0.post.id")}
    unknown = patrol_item(detail={"checkpoints": [checkpoint(10, post={"id": "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11"})]})
    assert attrs(one(api(cast.officer), unknown)) == {("not_found", "detail.checkpoints.0.post.id")}


def test_a_correction_takes_the_points_place_and_the_history_tells_it(api, client, cast, post):
    item = patrol_item(detail={"checkpoints": [checkpoint(60, name="Pasar"), checkpoint(30, post={"id": str(post.uuid)})]})
    officer = api(cast.officer)
    one(officer, item)
    same = correction_of(item, follow_up="Patroli diulang.")
    assert one(officer, same)["status"] == "created"
    assert set(Checkpoint.objects.values_list("since_version", flat=True)) == {1}
    other = correction_of(same, detail={**item["detail"], "checkpoints": [checkpoint(60, name="Pasar Damar")]})
    assert one(officer, other)["status"] == "created"
    assert [point.name for point in Checkpoint.objects.all()] == ["Pasar Damar"]
    client.force_login(cast.officer)
    page = client.get(f"/kegiatan/{item['id']}/").content.decode()
    assert "Pasar Damar" in page
    assert "Pos RW 05" in page


def test_the_place_far_from_its_post_is_measured_and_flagged(api, cast, post):
    north = {**PEDALANGAN, "lat": PEDALANGAN["lat"] + 0.003}
    item = patrol_item(detail={"checkpoints": [checkpoint(30, post={"id": str(post.uuid)}, location=north)]})
    watch = report_item(kind="KONTROL_KAMLING", narrative="Pos kosong.", location=north) | {
        "detail": {"post": {"id": str(post.uuid), "name": "Pos RW 05"}}
    }
    near = report_item(kind="KONTROL_KAMLING", narrative="Pos terisi.") | {"detail": {"post": {"id": str(post.uuid), "name": "Pos RW 05"}}}
    assert statuses(send(api(cast.officer), item, watch, near)) == ["created"] * 3
    patrol, check, good = (Report.objects.get(uuid=each["id"]) for each in (item, watch, near))
    assert [("AWAY_FROM_POST" in report.flags) for report in (patrol, check, good)] == [True, True, False]
    assert 330 < patrol.checkpoints.get().post_distance_m < 337
    assert 330 < check.watch.post_distance_m < 337


def test_the_reviewer_reads_how_far_it_was(api, client, cast, post):
    north = {**PEDALANGAN, "lat": PEDALANGAN["lat"] + 0.003}
    item = patrol_item(detail={"checkpoints": [checkpoint(30, post={"id": str(post.uuid)}, location=north)]})
    one(api(cast.officer), item)
    client.force_login(cast.kanit)
    assert "334 m" in client.get(f"/kegiatan/{item['id']}/").content.decode()


def test_times_of_points_follow_the_corrected_clock(api, cast):
    ahead = datetime.timedelta(hours=9)
    at = timezone.now() + ahead
    item = patrol_item(occurred_at=at.isoformat(), detail={"checkpoints": [{"at": at.isoformat()}]})
    [answer] = send(api(cast.officer), item, sent_at=at.isoformat())
    assert answer["status"] == "created"
    assert abs(Checkpoint.objects.get().at - timezone.now()) < datetime.timedelta(minutes=1)


def test_who_may_not_see_the_patrol_sees_none_of_it(api, client, cast):
    item = patrol_item()
    one(api(cast.officer), item)
    for person, expected in ((cast.kanit, 200), (cast.kapolres, 200), (cast.colleague, 404), (cast.outsider, 404), (cast.chair, 404)):
        client.force_login(person)
        assert client.get(f"/kegiatan/{item['id']}/").status_code == expected
