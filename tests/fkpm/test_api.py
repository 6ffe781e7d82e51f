"""Forums over the API: scoped, in a fixed number of statements."""

import pytest

from tests.fkpm.scenes import DECISION, adopt, make_meeting, make_minutes

ROUTES = ("/api/v1/forums/{forum}/", "/api/v1/meetings/{meeting}/", "/api/v1/meetings/{meeting}/minutes/")


@pytest.mark.parametrize("route", ROUTES)
def test_one_row_is_found_by_those_who_may_read_it(cast, api, route):
    meeting = make_minutes(cast.forum)
    path = route.format(forum=cast.forum.uuid, meeting=meeting.uuid)
    for person in (cast.officer, cast.kanit, cast.kapolsek, cast.kapolres, cast.operator, cast.chair, cast.secretary):
        assert api(person).get(path).status_code == 200
    for person in (cast.colleague, cast.outsider, cast.other_secretary, cast.polda_reader, cast.admin):
        assert api(person).get(path).status_code == 404
    assert api(None).get(path).status_code == 401
    assert api(cast.chair).post(path, {}).status_code == 405


def test_lists_hold_only_what_one_may_read(cast, api):
    mine, _theirs = make_minutes(cast.forum), make_minutes(cast.other_forum)
    for path, ids in (("forums/", {str(cast.forum.uuid)}), ("meetings/", {str(mine.uuid)}), ("actions/", {str(mine.actions.get().uuid)})):
        assert {row["id"] for row in api(cast.secretary).get(f"/api/v1/{path}").data["results"]} == ids
        assert len(api(cast.kapolsek).get(f"/api/v1/{path}").data["results"]) == 2
        assert api(cast.outsider).get(f"/api/v1/{path}").data["results"] == []


def test_lists_are_filtered(cast, api):
    make_minutes(cast.forum, days_ago=30)
    make_minutes(cast.other_forum, days_ago=1)
    client = api(cast.kanit)
    for query, count in (
        (f"forum={cast.forum.uuid}", 1),
        ("state=OPEN", 2),
        ("state=OVERDUE", 1),
        ("state=DONE", 0),
        (f"forum={cast.other_forum.uuid}&state=OVERDUE", 0),
    ):
        assert len(client.get(f"/api/v1/actions/?{query}").data["results"]) == count, query
    assert client.get("/api/v1/actions/?forum=x").status_code == 400
    assert client.get("/api/v1/actions/?state=x").status_code == 400
    assert client.get("/api/v1/meetings/?forum=x").status_code == 400


def test_minutes_are_told_in_full(cast, api):
    meeting = make_minutes(cast.forum)
    data = api(cast.secretary).get(f"/api/v1/meetings/{meeting.uuid}/minutes/").data
    assert (data["id"], data["forum"], data["state"], data["content_hash"]) == (str(meeting.uuid), str(cast.forum.uuid), "DRAFT", "")
    assert data["agenda"][0]["decision"] == DECISION
    assert data["presence"] == {"present": 2, "expected": 2, "guests": 1, "has_quorum": True}
    assert {row["name"] for row in data["attendance"]} == {cast.chair.name, cast.secretary.name, "Bu Lurah"}
    minutes = adopt(meeting, cast.chair, cast.secretary)
    data = api(cast.secretary).get(f"/api/v1/meetings/{meeting.uuid}/minutes/").data
    assert (data["state"], data["content_hash"]) == ("ADOPTED", minutes.content_hash)


def test_a_meeting_without_minutes_is_a_draft(cast, api):
    meeting = make_meeting(cast.forum)
    meeting.minutes.delete()
    assert api(cast.chair).get(f"/api/v1/meetings/{meeting.uuid}/").data["state"] == "DRAFT"
    assert api(cast.chair).get(f"/api/v1/meetings/{meeting.uuid}/minutes/").data["version"] is None


def test_long_lists_cost_no_more_statements(cast, api, django_assert_max_num_queries):
    for days_ago in range(1, 10):
        make_minutes(cast.forum, days_ago=days_ago)
    for path in ("forums/", "meetings/", "actions/", f"meetings/{make_minutes(cast.forum).uuid}/minutes/"):
        with django_assert_max_num_queries(10):
            assert api(cast.kapolres).get(f"/api/v1/{path}").status_code == 200


def test_a_forum_that_exists_is_recorded_and_corrected(cast, api):
    sent = {"name": "FKPM Padangsari", "area": "3374111003", "chair": "Pak Wahono"}
    made = api(cast.officer).post("/api/v1/forums/", sent)
    assert (made.status_code, made.data["unit"], made.data["status"]) == (201, "POLSEK-BANYUMANIK", "AKTIF")
    assert [member["position"] for member in made.data["members"]] == ["KETUA"]
    path = f"/api/v1/forums/{made.data['id']}/"
    assert api(cast.kanit).patch(path, {"coverage": "RW 01–04"}).data["coverage"] == "RW 01–04"
    assert api(cast.kapolsek).patch(path, {"coverage": "x"}).status_code == 404
    assert api(cast.outsider).patch(path, {"coverage": "x"}).status_code == 404
    assert api(cast.kapolres).post("/api/v1/forums/", sent).status_code == 404
    assert len(api(cast.kanit).get("/api/v1/forums/?area=33.74.11.1003").data["results"]) == 1
    assert api(cast.kanit).get("/api/v1/forums/?status=x").status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "FKPM Pedalangan", "area": "33.74.11.1004"},
        {"area": "33.74.09.1001"},
        {"area": "\0"},
        {"name": " "},
        {"name": "x" * 5000},
        {"form": "KLUB"},
        {"form": "KAWASAN", "zone_kind": "x"},
        {"chair": "a\0b"},
        {"name": ["x"]},
    ],
)
def test_a_forum_that_cannot_be_is_refused_in_words(cast, api, wrong):
    sent = {"name": "FKPM Baru", "area": "33.74.11.1003", "chair": "Pak Wahono"} | wrong
    answer = api(cast.officer).post("/api/v1/forums/", sent)
    assert answer.status_code == 400
    assert answer.data["errors"][0]["detail"]


def test_a_correction_that_cannot_be_is_refused(cast, api):
    path = f"/api/v1/forums/{cast.forum.uuid}/"
    cast.other_forum.area = cast.forum.area
    cast.other_forum.save()
    for wrong in ({"name": "FKPM Sumurboto"}, {"name": " "}, {"name": "\0"}, {"coverage": "x" * 300}):
        assert api(cast.kanit).patch(path, wrong).status_code == 400, wrong
