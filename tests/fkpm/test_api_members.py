"""Members of a forum and their invitations over the API: the rules are those of the pages."""

import datetime

import pytest
from django.utils import timezone

from fkpm import joining
from fkpm.models import Invitation, Member
from tests.cast import make_person

NEW = {"name": "Bu Lastri", "position": "BENDAHARA", "element": "PEREMPUAN", "starts_on": "2026-01-01", "has_consented": True, "is_party_free": True}


@pytest.fixture
def parjo(cast):
    return Member.objects.create(forum=cast.forum, name="Parjo", phone="0812 3456 7890", starts_on="2024-01-01")


def members_of(cast, what="members"):
    return f"/api/v1/forums/{cast.forum.uuid}/{what}/"


def test_every_reader_lists_the_members_without_their_numbers(cast, api, parjo):
    Member.objects.create(forum=cast.forum, name="Purna", starts_on="2020-01-01", ends_on="2021-01-01")
    Member.objects.create(forum=cast.other_forum, name="Orang lain", starts_on="2020-01-01")
    answer = api(cast.secretary).get(members_of(cast), {"on": f"{timezone.localdate()}"})
    names = {row["name"] for row in answer.data["results"]}
    assert "Parjo" in names
    assert not names & {"Purna", "Orang lain"}
    row = next(row for row in answer.data["results"] if row["name"] == "Parjo")
    assert row.keys() == {"id", "name", "position", "section", "element", "starts_on", "ends_on"}
    assert row["id"] == str(parjo.uuid)
    assert len(api(cast.secretary).get(members_of(cast), {"page_size": 1}).data["results"]) == 1
    assert api(cast.other_secretary).get(members_of(cast)).status_code == 404
    for odd in ({"on": "besok"}, {"position": "RAJA"}):
        assert api(cast.secretary).get(members_of(cast), odd).status_code == 400


def test_who_manages_the_forum_adds_and_corrects(cast, api):
    kanit = api(cast.kanit)
    made = kanit.post(members_of(cast), NEW, format="json")
    assert made.status_code == 201, made.data
    member = Member.objects.get(uuid=made.data["id"])
    assert (member.forum, member.name, member.position, member.has_consented) == (cast.forum, "Bu Lastri", "BENDAHARA", True)
    path = f"/api/v1/members/{member.uuid}/"
    changed = kanit.patch(path, {"phone": "0813 1111 2222", "ends_on": "2026-12-31"}, format="json")
    assert (changed.data["phone"], changed.data["ends_on"], changed.data["has_account"]) == ("0813 1111 2222", "2026-12-31", False)
    member.refresh_from_db()
    assert (member.name, member.has_consented, member.ends_on) == ("Bu Lastri", True, datetime.date(2026, 12, 31))
    assert api(cast.kapolsek).patch(path, {"name": "X"}, format="json").status_code == 404
    assert api(cast.other_secretary).get(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "x" * 5000}, "name"),
        ({"position": "RAJA"}, "position"),
        ({"element": None}, "element"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"starts_on": "kemarin"}, "starts_on"),
        ({"ends_on": "2025-01-01"}, "non_field_errors"),
        ({"phone": "tidak ada"}, "phone"),
        ({"email": "bukan"}, "email"),
        ({"position": "KETUA"}, "non_field_errors"),  # there is a chair
        ({"has_consented": "mungkin"}, "has_consented"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(cast, api, changes, attr):
    Member.objects.filter(forum=cast.forum, user=cast.chair).update(position="KETUA")
    answer = api(cast.kanit).post(members_of(cast), NEW | changes, format="json")
    assert answer.status_code == 400, answer.data
    assert attr in {error["attr"] for error in answer.data["errors"]}
    assert not Member.objects.filter(name="Bu Lastri").exists()


def test_a_correction_takes_no_account_away(cast, api):
    secretary = cast.forum.members.get(user=cast.secretary)
    answer = api(cast.kanit).patch(f"/api/v1/members/{secretary.uuid}/", {"phone": "0813 1111 2222"}, format="json")
    assert answer.data["has_account"] is True
    secretary.refresh_from_db()
    assert secretary.user == cast.secretary


class TestInvitations:
    def test_a_code_is_told_once_and_opens_once(self, cast, api, parjo, settings):
        settings.PUBLIC_URL = "https://polmas.example.id"
        path = f"/api/v1/members/{parjo.uuid}/invitation/"
        slip = api(cast.secretary).post(path).data
        assert slip["link"] == f"https://polmas.example.id/undangan/{slip['code']}/"
        assert slip["code"] in slip["text"]
        [row] = api(cast.secretary).get(members_of(cast, "invitations")).data["results"]
        assert (row["member"], row["name"], row["is_open"]) == (str(parjo.uuid), "Parjo", True)
        assert slip["code"] not in str(row)
        later = api(cast.kanit).post(path).data["code"]
        assert not Invitation.objects.open().of_code(slip["code"]).exists()
        joining.join(later, make_person("parjo", "Parjo"))
        assert api(cast.kanit).post(path).status_code == 400
        assert [row["is_open"] for row in api(cast.kanit).get(members_of(cast, "invitations")).data["results"]] == [False, False]

    def test_a_code_is_taken_back(self, cast, api, parjo):
        path = f"/api/v1/members/{parjo.uuid}/invitation/"
        code = api(cast.secretary).post(path).data["code"]
        assert api(cast.kapolsek).delete(path).status_code == 404
        assert api(cast.secretary).delete(path).status_code == 204
        assert not Invitation.objects.open().of_code(code).exists()
        assert api(cast.secretary).delete(path).status_code == 404

    def test_police_and_former_members_are_not_invited(self, cast, api):
        for more in ({"element": "POLRI"}, {"ends_on": "2021-01-01"}):
            member = Member.objects.create(forum=cast.forum, name="Aiptu X", starts_on="2020-01-01", **more)
            assert api(cast.secretary).post(f"/api/v1/members/{member.uuid}/invitation/").status_code == 400
