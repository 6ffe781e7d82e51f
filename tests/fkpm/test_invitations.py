"""Accounts of members by a code that is handed out once."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from fkpm import joining
from fkpm.models import Invitation, Member
from polmas.people.models import User
from tests.cast import make_person
from tests.summaries.index_scenes import make_board

PASSWORD = "ronda-malam-rw-lima"


@pytest.fixture
def parjo(cast):
    return Member.objects.create(forum=cast.forum, name="Parjo", phone="0812 3456 7890", starts_on="2024-01-01")


@pytest.fixture
def code(cast, parjo):
    return Invitation.objects.issue(parjo, cast.secretary)[0]


def accept(client, code, **typed):
    data = {"name": "Suparjo", "username": "parjo.rw5", "password": PASSWORD, "phone": ""}
    return client.post(reverse("fkpm:invitation_accept", args=[code]), data | typed)


def test_a_member_is_invited_and_comes_in_with_an_account(cast, sign_in, parjo, settings):
    settings.PUBLIC_URL = "https://polmas.example.id"
    page = sign_in(cast.secretary).post(reverse("fkpm:invitation_list", args=[cast.forum.uuid]), {"member": [parjo.pk]})
    text = page.content.decode()
    assert "no-store" in page["Cache-Control"]
    code = re.search(r"https://polmas\.example\.id/undangan/([a-z0-9-]{14})/", text)[1]
    assert "<svg" in text
    assert not Invitation.objects.filter(digest__contains=code.replace("-", "")).exists()

    visitor = sign_in(None)
    shown = visitor.get(reverse("fkpm:invitation_accept", args=[code]))
    assert "FKPM Pedalangan" in shown.content.decode()
    assert "0812" not in shown.content.decode()  # a lost slip tells no number
    answer = accept(visitor, code)
    assert answer.url == reverse("fkpm:forum_detail", args=[cast.forum.uuid])
    assert visitor.get(answer.url).status_code == 200
    account = User.objects.get(username="parjo.rw5")
    parjo.refresh_from_db()
    assert (parjo.user, account.name, account.language, account.nrp) == (account, "Suparjo", "id", None)
    assert account.check_password(PASSWORD)
    assert visitor.get(reverse("fkpm:forum_detail", args=[cast.other_forum.uuid])).status_code == 404


def test_wrong_used_revoked_and_expired_codes_look_the_same(cast, sign_in, parjo):
    codes = {"wrong": "abcd-efgh-jkmn"}
    codes["replaced"], _row = Invitation.objects.issue(parjo, cast.secretary)
    codes["revoked"], row = Invitation.objects.issue(parjo, cast.secretary)
    row.revoke()
    codes["expired"], row = Invitation.objects.issue(parjo, cast.secretary)
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - datetime.timedelta(minutes=1))
    codes["left"], _row = Invitation.objects.issue(
        Member.objects.create(forum=cast.forum, name="Purna", starts_on="2024-01-01", ends_on="2025-01-01"), cast.kanit
    )
    nonce = re.compile(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"|value="/undangan/[^"]*"|name="code" value="[^"]*"')
    pages = set()
    for number, code in enumerate(codes.values()):
        answer = sign_in(None).get(reverse("fkpm:invitation_accept", args=[code]), REMOTE_ADDR=f"10.0.0.{number}")
        assert answer.status_code == 404
        pages.add(nonce.sub("", answer.content.decode()))
    assert len(pages) == 1


def test_a_mistyped_code_comes_back_to_be_mended(cast, sign_in):
    answer = sign_in(None).get(reverse("fkpm:invitation_accept", args=["abcd-efgh-jkmm" + "x" * 100]))
    assert answer.context["form"]["code"].value() == ("abcd-efgh-jkmm" + "x" * 100)[:40]


def test_a_code_opens_once(cast, sign_in, code):
    assert accept(sign_in(None), code.upper().replace("-", " ")).status_code == 302
    assert accept(sign_in(None), code, username="orang.lain").status_code == 404
    assert not User.objects.filter(username="orang.lain").exists()


def test_what_was_typed_comes_back_and_nothing_is_made(cast, sign_in, code):
    for typed in (
        {"username": "80010001"},  # a number is for police
        {"username": "fkpm-pedalangan"},  # taken
        {"username": "FKPM-Pedalangan"},
        {"username": "a b"},
        {"username": "x" * 5000},
        {"username": "a\0b"},
        {"password": "123"},
        {"password": "parjo.rw5"},
        {"name": " "},
        {"phone": "tidak ada"},
    ):
        answer = accept(sign_in(None), code, **typed)
        assert answer.status_code == 200, typed
        assert answer.context["form"].errors, typed
    assert Invitation.objects.open().of_code(code).exists()


def test_guessing_is_stopped(cast, sign_in, code):
    client = sign_in(None)
    for number in range(5):
        assert client.get(reverse("fkpm:invitation_accept", args=[f"abcd-efgh-{number}"])).status_code == 404
    locked = client.get(reverse("fkpm:invitation_accept", args=[code]))
    assert locked.status_code == 429
    assert "kode" in locked.content.decode()
    elsewhere = client.get(reverse("fkpm:invitation_accept", args=[code]), REMOTE_ADDR="10.9.9.9")
    assert elsewhere.status_code == 200
    signing_in = client.post("/masuk/", {"username": cast.chair.username, "password": "sandi-uji-2026"})
    assert signing_in.status_code == 302  # a lock of codes is none of passwords


def test_who_has_an_account_joins_with_it_and_police_do_not(cast, sign_in, code, parjo):
    path = reverse("fkpm:invitation_accept", args=[code])
    assert sign_in(cast.officer).post(path).status_code == 404
    assert sign_in(cast.other_secretary).post(path).status_code == 302
    parjo.refresh_from_db()
    assert parjo.user == cast.other_secretary
    assert sign_in(cast.other_secretary).get(reverse("fkpm:forum_detail", args=[cast.forum.uuid])).status_code == 200


def test_the_page_shows_who_waits_and_takes_a_code_back(cast, sign_in, code, parjo):
    client, path = sign_in(cast.kanit), reverse("fkpm:invitation_list", args=[cast.forum.uuid])
    ((member, invitation),) = client.get(path).context["lines"]
    assert (member, invitation.is_open) == (parjo, True)
    client.post(reverse("fkpm:invitation_revoke", args=[cast.forum.uuid, invitation.pk]))
    assert sign_in(None).get(reverse("fkpm:invitation_accept", args=[code])).status_code == 404
    assert client.post(path, {"member": ["x", "9" * 40, "\0"]}).status_code == 200
    assert Invitation.objects.count() == 1


def test_the_code_is_typed_as_it_stands_on_the_paper(cast, sign_in, code):
    answer = sign_in(None).post(reverse("fkpm:invitation_open"), {"code": f" {code.upper()} "})
    assert sign_in(None).get(answer.url).status_code == 200
    for odd in ("", "\0", "../..", "x" * 5000, "%"):
        assert sign_in(None).post(reverse("fkpm:invitation_open"), {"code": odd}).status_code in (200, 302)
    assert sign_in(None).get("/undangan/%00/").status_code == 404


def member_form(client, cast, member, **typed):
    """What the page of a member posts when nothing was typed but this; what it was opened with lies beside the account's name."""
    shown = client.get(reverse("fkpm:member_update", args=[cast.forum.uuid, member.pk])).context["form"]
    account = shown.initial["account"] or ""
    data = {name: shown[name].value() or "" for name in shown.fields} | {"account": account, "initial-account": account}
    return {name: value for name, value in data.items() if value is not False} | typed


def test_a_form_opened_before_somebody_joined_takes_no_account_away(cast, sign_in, code, parjo):
    kanit, path = sign_in(cast.kanit), reverse("fkpm:member_update", args=[cast.forum.uuid, parjo.pk])
    assert b'name="initial-account"' in kanit.get(path).content
    stale = member_form(kanit, cast, parjo, phone="0813 9999 0000")
    accept(sign_in(None), code)
    assert kanit.post(path, stale).status_code == 302
    parjo.refresh_from_db()
    assert (parjo.user.username, parjo.phone) == ("parjo.rw5", "0813 9999 0000")

    answer = kanit.post(path, stale | {"account": cast.other_secretary.username})
    assert "account" in answer.context["form"].errors  # somebody else was linked since
    parjo.refresh_from_db()
    assert parjo.user.username == "parjo.rw5"
    assert kanit.post(path, {name: value for name, value in stale.items() if name != "initial-account"}).status_code == 302
    parjo.refresh_from_db()
    assert parjo.user.username == "parjo.rw5"  # a client that names no account takes none away

    assert kanit.post(path, member_form(kanit, cast, parjo, account="")).status_code == 302
    parjo.refresh_from_db()
    assert parjo.user is None


class TestWhoScoresTheSecurityIndex:
    """An FKPM stays out of politics: whoever sits on a board of the index is kept out of it (domain.md 7)."""

    @pytest.fixture
    def dean(self, cast):
        person = make_person("dewan-ratna", "Dr. Ratna Dewi")
        make_board(cast, user=person)
        return person

    def test_does_not_join_by_a_code(self, cast, sign_in, code, parjo, dean):
        path, client = reverse("fkpm:invitation_accept", args=[code]), sign_in(dean)
        for page in (client.get(path), client.post(path)):
            assert page.status_code == 200
            assert "indeks keamanan" in page.content.decode()
        with pytest.raises(ValidationError):
            joining.join(code, dean)
        parjo.refresh_from_db()
        assert parjo.user is None
        assert Invitation.objects.open().of_code(code).exists()

    def test_is_not_linked_by_hand(self, cast, sign_in, parjo, dean):
        kanit, path = sign_in(cast.kanit), reverse("fkpm:member_update", args=[cast.forum.uuid, parjo.pk])
        answer = kanit.post(path, member_form(kanit, cast, parjo, account=dean.username))
        assert "indeks keamanan" in str(answer.context["form"].errors["account"])
        new = {"name": "Ratna", "position": "ANGGOTA", "element": "TOMAS", "starts_on": "2026-01-01", "account": dean.username}
        answer = kanit.post(reverse("fkpm:member_create", args=[cast.forum.uuid]), new)
        assert "account" in answer.context["form"].errors

    def test_joins_once_the_seat_is_over(self, cast, sign_in, code, dean):
        dean.index_memberships.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
        assert sign_in(dean).post(reverse("fkpm:invitation_accept", args=[code])).status_code == 302


def test_whoever_guessed_too_often_reads_their_own_clock(cast, sign_in, code):
    for number in range(5):
        sign_in(None).get(reverse("fkpm:invitation_accept", args=[f"abcd-efgh-{number}"]))
    told = sign_in(None).get(reverse("fkpm:invitation_accept", args=[code])).content.decode()
    assert re.search(r"\d\d\.\d\d WIB / \d\d\.\d\d WITA / \d\d\.\d\d WIT", told)
