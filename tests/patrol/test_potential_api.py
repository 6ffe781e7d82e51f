"""The API of potentials, groups, partners and communities: reading, writing, and what broken input gets."""

import uuid

import pytest

from mapping.models import Community, Partner, Potential

pytestmark = pytest.mark.django_db
POINT = {"type": "Point", "coordinates": [110.428, -7.0629]}


def said(**changes):
    return {"name": "SD Pedalangan 01", "kind": "SEKOLAH", "location": POINT, **changes}


def test_the_village_is_found_by_the_point(cast, api):
    answer = api(cast.officer).post("/api/v1/potentials/", said())
    assert answer.status_code == 201
    entry = Potential.objects.get()
    found = answer.json()
    assert (found["id"], found["area"], found["unit"], found["location"]) == (str(entry.uuid), "33.74.11.1004", "POLSEK-BANYUMANIK", POINT)
    assert "phone" not in found
    assert entry.recorded_by == cast.officer
    [listed] = api(cast.kapolsek).get("/api/v1/potentials/?kind=SEKOLAH&area=33.74.11.1004&main_class=TEMPAT&q=sd").json()["results"]
    assert listed["id"] == found["id"]
    assert api(cast.kapolsek).get("/api/v1/potentials/?kind=PASAR").json()["results"] == []


def test_the_same_entry_sent_again_is_known_and_another_under_its_id_is_not(cast, api):
    client, chosen = api(cast.officer), str(uuid.uuid4())
    assert client.post("/api/v1/potentials/", said(id=chosen)).status_code == 201
    assert client.post("/api/v1/potentials/", said(id=chosen)).status_code == 200
    assert client.post("/api/v1/potentials/", said(id=chosen, name="Lain")).status_code == 409
    assert api(cast.outsider).post("/api/v1/potentials/", said(id=chosen, area="33.74.09.1001")).status_code == 409
    assert Potential.objects.count() == 1


WRONG = [
    ({"name": " "}, "name"),
    ({"name": "a\0b"}, "name"),
    ({"name": "x" * 5000}, "name"),
    ({"kind": "HAJATAN"}, "kind"),
    ({"kind": None}, "kind"),
    ({"main_class": "ORANG"}, "main_class"),
    ({"location": {"type": "Point", "coordinates": [4.3, 52.1]}}, "location"),
    ({"location": {"type": "Point", "coordinates": []}}, "location"),
    ({"location": {"type": "Polygon", "coordinates": [[[110, -7], [111, -7], [111, -8], [110, -7]]]}}, "location"),
    ({"location": "POINT(x)"}, "location"),
    ({"location": 7}, "location"),
    ({"location": None}, "area"),
    ({"area": "33.74.09.1001"}, "area"),
    ({"area": "99"}, "area"),
    ({"location": {"type": "Point", "coordinates": [110.41, -7.01]}}, "area"),  # Gajahmungkur
    ({"rw": "12345"}, "rw"),
    ({"quantity": 2**70}, "quantity"),
    ({"quantity": 3}, None),
    ({"next_on": "besok"}, "next_on"),
    ({"id": "x"}, "id"),
]


@pytest.mark.parametrize(("changes", "attr"), WRONG, ids=[str(changes)[:40] for changes, _attr in WRONG])
def test_what_is_wrong_is_named_by_its_field(cast, api, changes, attr):
    answer = api(cast.officer).post("/api/v1/potentials/", said(**changes))
    assert answer.status_code == 400
    if attr:
        assert {error["attr"] for error in answer.json()["errors"]} == {attr}
    assert not Potential.objects.exists()


def test_keepers_change_an_entry_and_readers_do_not(cast, api):
    api(cast.officer).post("/api/v1/potentials/", said())
    address = f"/api/v1/potentials/{Potential.objects.get().uuid}/"
    assert api(cast.kanit).patch(address, {"influence": "TINGGI", "phone": "0812 3456 7890"}).json()["influence"] == "TINGGI"
    assert api(cast.kanit).patch(address, {"kind": "HAJATAN"}).status_code == 400
    assert api(cast.kanit).patch(address, {"main_class": "KEGIATAN"}).status_code == 400
    assert api(cast.kanit).patch(address, {"main_class": "KEGIATAN", "kind": "HAJATAN"}).status_code == 200
    assert api(cast.kapolsek).patch(address, {"name": "X"}).status_code == 404
    assert api(cast.kapolsek).post("/api/v1/potentials/", said()).status_code == 404
    assert Potential.objects.get().phone == "0812 3456 7890"


def test_partners_groups_and_communities_are_written_too(cast, api):
    client = api(cast.clerk)
    assert client.post("/api/v1/partners/", {"name": "Dishub", "kind": "DISHUB"}).json()["area"] is None
    assert Partner.objects.get().unit == cast.units.banyumanik
    assert api(cast.officer).post("/api/v1/partners/", {"name": "Dishub", "kind": "DISHUB"}).status_code == 400
    assert client.post("/api/v1/groups/", {"name": "Linmas", "kind": "LINMAS", "area": "3374111004", "member_count": 12}).status_code == 201
    club = {"name": "Sepeda", "basis": "HOBI", "area": "33.74.11.1004", "areas": ["33.74.11.1005"], "function": "LANTAS"}
    made = client.post("/api/v1/communities/", club).json()
    assert made["areas"] == ["33.74.11.1005"]
    assert client.patch(f"/api/v1/communities/{made['id']}/", {"areas": []}).json()["areas"] == []
    assert Community.objects.get().function == "LANTAS"
    [phone] = api(cast.officer).get("/api/v1/communities/").json()["results"]
    assert (phone["name"], phone["visit_count"]) == ("Sepeda", 0)


def test_an_entry_goes_out_of_use_with_a_reason_and_comes_back(cast, api):
    api(cast.officer).post("/api/v1/potentials/", said())
    address = f"/api/v1/potentials/{Potential.objects.get().uuid}/"
    assert api(cast.kanit).post(f"{address}close/", {}).json()["errors"][0]["attr"] == "reason"
    assert api(cast.kapolsek).post(f"{address}close/", {"reason": "Pindah"}).status_code == 404
    assert api(cast.kanit).post(f"{address}close/", {"reason": "Pindah"}).json()["closed_on"]
    assert Potential.objects.get().closing_reason == "Pindah"
    assert api(cast.kanit).post(f"{address}reopen/").json()["closed_on"] is None
