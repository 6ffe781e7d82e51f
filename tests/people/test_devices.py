"""Phones that people are signed in on: remembered behind a PIN, locked after a while, put out when lost."""

import base64
import datetime
import time

import pytest
from django.test import Client
from django.utils import timezone

from polmas.people.models import ApiToken, Device
from tests.cast import PASSWORD
from tests.patrol.items import file_report

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(32)).decode()
SECRET = "r" * 43
ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hashing is slow by design, and these tests sign in for real."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.PASSWORD_HASHERS = hashers


def signed_in(person, **more):
    person.set_password(PASSWORD)
    person.save()
    client = Client(headers={"user-agent": ANDROID})
    answer = client.post("/masuk/", {"username": person.username, "password": PASSWORD, **more})
    assert answer.status_code == 302, answer.content
    return client, answer


def remembered(person):
    client, _answer = signed_in(person, remember="on")
    assert client.post("/api/v1/devices/current/key/", {}, content_type="application/json").json()["key"] is None
    assert client.put("/api/v1/devices/current/key/", {"key": KEY, "secret": SECRET}, content_type="application/json").status_code == 204
    return client


def sleep(client, seconds):
    session = client.session
    session["active_at"] = int(time.time()) - seconds
    session["password_at"] = int(time.time()) - seconds
    session.save()


def device_of(client) -> Device:
    return Device.objects.get(uuid=client.session["device"])


def test_signing_in_notes_the_phone_by_what_it_is(cast):
    client, _answer = signed_in(cast.officer)
    device = device_of(client)
    assert (device.label, device.user, device.is_remembered) == ("Chrome, Android 14", cast.officer, False)
    again, _answer = signed_in(cast.officer, device=f"{device.uuid},x")
    assert device_of(again) == device
    somebody_else, _answer = signed_in(cast.colleague, device=str(device.uuid))
    assert device_of(somebody_else) != device


def test_whoever_wants_it_remembered_chooses_a_pin_next(cast):
    _client, answer = signed_in(cast.officer, remember="on")
    assert answer.url == "/ponsel/?next=%2F"


def test_a_remembered_phone_stays_signed_in_for_thirty_days(cast):
    client = remembered(cast.officer)
    assert client.session.get_expiry_age() >= 30 * 24 * 3600 - 60
    assert device_of(client).expires_at > timezone.now() + datetime.timedelta(days=29)


def test_the_key_lies_encrypted_and_is_given_for_the_password_alone(cast, django_assert_num_queries):
    client = remembered(cast.officer)
    device = device_of(client)
    assert device.key == KEY
    assert KEY not in str(Device.objects.values_list("key", flat=True).get(pk=device.pk).token)
    sleep(client, 14 * 60 + 120)
    client.post("/api/v1/devices/current/open/", {"secret": SECRET}, content_type="application/json")
    answer = client.post("/api/v1/devices/current/key/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "password_needed")
    wrong = client.post("/api/v1/devices/current/key/", {"password": "salah"}, content_type="application/json")
    assert wrong.status_code == 403
    right = client.post("/api/v1/devices/current/key/", {"password": PASSWORD}, content_type="application/json")
    assert right.json() == {"device": str(device.uuid), "key": KEY}


def test_a_phone_keeps_its_first_key(cast):
    client = remembered(cast.officer)
    assert client.put("/api/v1/devices/current/key/", {"key": OTHER_KEY, "secret": SECRET}, content_type="application/json").status_code == 403
    assert client.put("/api/v1/devices/current/key/", {"key": "pendek", "secret": SECRET}, content_type="application/json").status_code == 400
    assert device_of(client).key == KEY


def test_after_a_quarter_of_an_hour_the_cookie_opens_nothing_until_the_phone_is_opened(cast):
    client = remembered(cast.officer)
    assert client.get("/kegiatan/").status_code == 200
    sleep(client, 15 * 60 + 1)
    assert client.get("/kegiatan/?jenis=DDS").url == "/kunci/?next=%2Fkegiatan%2F%3Fjenis%3DDDS"
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "locked")
    for address in ("key", "open"):
        assert client.delete(f"/api/v1/devices/current/{address}/").status_code in (401, 405)
    assert client.post("/api/v1/devices/current/open/", {"secret": "s" * 43}, content_type="application/json").status_code == 403
    assert client.get("/api/v1/me/").status_code == 401
    assert client.post("/api/v1/devices/current/open/", {"secret": SECRET}, content_type="application/json").status_code == 204
    assert client.get("/api/v1/me/").status_code == 200


def test_an_ordinary_session_does_not_sleep(cast):
    client, _answer = signed_in(cast.officer)
    sleep(client, 3 * 24 * 3600)
    assert client.get("/kegiatan/").status_code == 200


def test_the_pin_can_be_taken_off(cast):
    client = remembered(cast.officer)
    assert client.delete("/api/v1/devices/current/key/").status_code == 204
    sleep(client, 3600)
    assert client.get("/kegiatan/").status_code == 200
    device = device_of(client)
    assert (device.is_remembered, device.key) == (False, KEY)


@pytest.mark.parametrize("by", ["officer", "operator"])
def test_a_lost_phone_is_put_out(cast, sign_in, by):
    client = remembered(cast.officer)
    ApiToken.objects.issue(cast.officer)
    device = device_of(client)
    path = f"/profil/ponsel/{device.uuid}/keluarkan/" if by == "officer" else f"/kelola/personel/{cast.officer.pk}/ponsel/{device.uuid}/keluarkan/"
    assert Client().get(f"/api/v1/devices/{device.uuid}/").json() == {"state": "active"}
    assert sign_in(cast.people[by]).post(path).status_code == 302
    assert client.get("/kegiatan/").url.startswith("/masuk/")
    assert client.get("/api/v1/me/").status_code == 401
    assert Client().get(f"/api/v1/devices/{device.uuid}/").json() == {"state": "revoked"}
    assert not cast.officer.api_tokens.exists()
    device.refresh_from_db()
    assert device.revoked_by == cast.people[by]
    again, _answer = signed_in(cast.officer, device=str(device.uuid))
    assert device_of(again) != device


def test_a_colleague_cannot_put_it_out(cast, sign_in):
    client = remembered(cast.officer)
    uuid = device_of(client).uuid
    assert sign_in(cast.colleague).post(f"/profil/ponsel/{uuid}/keluarkan/").status_code == 404
    assert sign_in(cast.kapolsek).post(f"/kelola/personel/{cast.officer.pk}/ponsel/{uuid}/keluarkan/").status_code == 404
    assert client.get("/kegiatan/").status_code == 200


def test_a_closed_account_puts_its_phones_out(cast, sign_in):
    client, _answer = signed_in(cast.officer)
    device = device_of(client)
    sign_in(cast.operator).post(f"/kelola/personel/{cast.officer.pk}/tutup/", {"reason": "Pensiun"})
    device.refresh_from_db()
    assert device.revoked_at


def test_a_new_password_leaves_this_phone_signed_in_and_revocable(cast):
    client, _answer = signed_in(cast.officer)
    new = "sandi-baru-2026"
    client.post("/profil/sandi/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    device = device_of(client)
    assert device.session_key == client.session.session_key
    device.revoke(cast.officer)
    assert client.get("/kegiatan/").status_code == 302


def test_the_phone_that_is_heard_is_noted_once_an_hour(cast):
    client, _answer = signed_in(cast.officer)
    client.get("/api/v1/me/")
    first = device_of(client).last_synced_at
    assert first
    client.get("/api/v1/me/")
    assert device_of(client).last_synced_at == first
    Device.objects.update(last_synced_at=timezone.now() - datetime.timedelta(hours=2))
    client.post("/api/v1/reports/sync/", {"user": cast.officer.pk, "reports": []}, content_type="application/json")
    assert device_of(client).last_synced_at > first


def test_commanders_see_whose_phone_was_not_heard_of(cast, sign_in):
    signed_in(cast.officer)
    text, english = "not synced for 4 days", {"headers": {"accept-language": "en"}}
    Device.objects.update(last_synced_at=timezone.now() - datetime.timedelta(days=4))
    assert text in sign_in(cast.kanit).get("/", **english).content.decode()
    assert text in sign_in(cast.kapolsek).get("/dasbor/", **english).content.decode()
    file_report(cast.officer)
    assert text not in sign_in(cast.kanit).get("/", **english).content.decode()
