"""The public page of a forum: off until the board says so, and nothing on it that was not chosen."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from fkpm.models import Case, CaseParty, Publication, PublishedDecision
from tests.fkpm.scenes import adopt, make_meeting, make_minutes

ALL = {"is_public": "on", "shows_meetings": "on", "shows_decisions": "on", "shows_contact": "on", "shows_place": "on"}
CONTACT = {"welcome": "Selamat datang.", "contact_name": "Aipda Sutrisno", "contact_phone": "024-7471234"}


def switch_on(cast, sign_in, **changes):
    return sign_in(cast.secretary).post(f"/fkpm/{cast.forum.uuid}/publikasi/", {**ALL, **CONTACT, **changes})


def adopted(cast, decision):
    meeting = make_minutes(cast.forum)
    meeting.agenda.update(decision=decision)
    adopt(meeting, cast.chair, cast.secretary)
    return meeting.agenda.get()


def party(cast, name):
    """Somebody who quarrels before the forum."""
    told = {"unit": cast.units.banyumanik, "area": cast.forum.area, "officer": cast.officer, "category": "TETANGGA"}
    case = Case.objects.create(**told, happened_on=timezone.localdate(), outcome="DAMAI", forum=cast.forum)
    CaseParty.objects.create(case=case, role="PIHAK_1", name=name)


def page_of(client, cast, query=""):
    return client.get(f"/fkpm/publik/{Publication.objects.get(forum=cast.forum).slug}/{query}")


class TestThePage:
    def test_it_is_not_there_until_the_board_switches_it_on(self, cast, sign_in, client):
        sign_in(cast.chair).post(f"/fkpm/{cast.forum.uuid}/publikasi/", CONTACT)
        assert page_of(client, cast).status_code == 404
        assert sign_in(cast.officer).post(f"/fkpm/{cast.forum.uuid}/publikasi/", ALL).status_code == 404
        assert switch_on(cast, sign_in).status_code == 302
        assert page_of(client, cast).status_code == 200

    def test_it_shows_what_was_chosen_and_nothing_else(self, cast, sign_in, client):
        soon = make_meeting(cast.forum, days_ago=-4, place="Rumah Pak Joko")
        mediation = make_meeting(cast.forum, days_ago=-2, kind="MEDIASI")
        secret = adopted(cast, "Kas dibelikan rompi.")
        switch_on(cast, sign_in)
        page = page_of(client, cast).content.decode()
        zone = cast.forum.unit.zone
        assert f"{soon.starts_at.astimezone(zone):%H.%M}" in page
        assert "Rumah Pak Joko" not in page
        assert page.count("row-item") == 3  # one meeting, the contact, the place
        assert mediation.day != soon.day
        assert secret.decision not in page
        for name in (cast.chair.name, cast.secretary.name):
            assert name not in page

    def test_each_switch_is_for_one_thing(self, cast, sign_in, client):
        make_meeting(cast.forum, days_ago=-4)
        switch_on(cast, sign_in, shows_contact="", shows_place="", shows_meetings="", shows_decisions="")
        page = page_of(client, cast).content.decode()
        for text in ("024-7471234", "Balai RW 05", "row-item"):
            assert text not in page

    def test_it_is_read_in_two_languages_without_cookies_and_kept_for_minutes(self, cast, sign_in, client):
        switch_on(cast, sign_in)
        page = page_of(client, cast)
        assert not page.cookies
        assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("public, max-age=300", "noindex")
        assert "Accept-Language" in page["Vary"]
        assert "Next meetings" in page_of(client, cast, "?bahasa=en").content.decode()
        assert client.get(page.request["PATH_INFO"], headers={"If-None-Match": page["ETag"]}).status_code == 304
        assert page_of(client, cast, "?bahasa=xx").status_code == 200
        switch_on(cast, sign_in, is_indexed="on")
        assert "X-Robots-Tag" not in page_of(client, cast)

    def test_a_contact_is_whole_or_not_there(self, cast, sign_in):
        assert switch_on(cast, sign_in, contact_phone="").context["form"].errors
        assert switch_on(cast, sign_in, contact_phone="telepon saya").context["form"].errors
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.create(forum=cast.forum, slug="a", shows_contact=True)

    def test_forums_of_one_name_have_addresses_of_their_own(self, cast):
        first = Publication.of(cast.forum)
        first.save()
        cast.other_forum.name, cast.other_forum.area = cast.forum.name, cast.forum.area
        assert Publication.of(cast.other_forum).slug not in ("", first.slug)


class TestDecisions:
    def publish(self, cast, sign_in, item, text, **more):
        return sign_in(cast.chair).post(f"/fkpm/publikasi/keputusan/{item.pk}/", {"text": text, "publish": "1", **more})

    def test_one_is_published_as_it_was_previewed_and_taken_off_again(self, cast, sign_in, client):
        item = adopted(cast, "Ronda dua regu.")
        switch_on(cast, sign_in)
        chair, path = sign_in(cast.chair), f"/fkpm/publikasi/keputusan/{item.pk}/"
        assert "Ronda dua regu." in chair.post(path, {"text": "Ronda dua regu.", "preview": "1"}).content.decode()
        assert not PublishedDecision.objects.exists()
        assert self.publish(cast, sign_in, item, "Ronda dua regu.").status_code == 302
        assert "Ronda dua regu." in page_of(client, cast).content.decode()
        assert chair.post(f"{path}tarik/").status_code == 302
        assert "Ronda dua regu." not in page_of(client, cast).content.decode()

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("Slamet mengganti lampu.", ["Slamet"]),  # the chair
            ("Bu Siti dan Pak Budi berdamai.", ["Siti", "Budi"]),
            ("Keluarga Widodo pindah.", ["Widodo"]),  # a party
            ("Ronda Pedalangan tiap malam, Ketua RT hadir.", []),
            ("Lurah menyetujui.", []),
        ],
    )
    def test_names_are_warned_of(self, cast, sign_in, text, names):
        party(cast, "Widodo")
        item = adopted(cast, text)
        page = self.publish(cast, sign_in, item, text)
        if not names:
            assert page.status_code == 302
            return
        assert page.context["look"].names == names
        assert not PublishedDecision.objects.exists()
        assert self.publish(cast, sign_in, item, text, confirmed="on").status_code == 302

    def test_a_party_is_not_found_out_by_typing_names(self, cast, sign_in):
        party(cast, "Widodo")
        item = adopted(cast, "Ronda dua regu.")
        path, texts = f"/fkpm/publikasi/keputusan/{item.pk}/", ("Rapat dengan Widodo.", "Rapat dengan Santoso.")
        looks = [sign_in(cast.chair).post(path, {"text": text}).context["look"] for text in texts]
        assert [(look.names, len(look.others)) for look in looks] == [([], 1), ([], 1)]

    def test_only_adopted_decisions_of_open_meetings_are_published(self, cast, sign_in):
        draft = make_minutes(cast.forum).agenda.get()
        mediated = make_minutes(cast.forum, kind="MEDIASI", days_ago=9)
        adopt(mediated, cast.chair, cast.secretary)
        for item in (draft, mediated.agenda.get()):
            assert self.publish(cast, sign_in, item, "x").status_code == 404
        with pytest.raises(IntegrityError), transaction.atomic():
            PublishedDecision.objects.create(forum=cast.forum, item=draft, text="x", decided_on=datetime.date(2026, 1, 1), published_by=cast.chair)
        other = adopted(cast, "Ronda.")
        assert sign_in(cast.other_secretary).post(f"/fkpm/publikasi/keputusan/{other.pk}/", {"text": "x"}).status_code == 404
        for text in ("", "x" * 5000, "a\0b"):
            assert self.publish(cast, sign_in, other, text).status_code == 200


def test_the_board_finds_the_public_page_from_every_section(cast, sign_in, settings):
    settings.PUBLIC_URL = "https://polmas.example.id"
    path = reverse("fkpm:publication_update", args=[cast.forum.uuid])
    for name in ("meeting_list", "member_list", "cash_list", "survey_list", "indicator_list", "programme_list", "action_list"):
        section = reverse(f"fkpm:{name}", args=[cast.forum.uuid])
        assert path in sign_in(cast.secretary).get(section).content.decode(), name
        assert path not in sign_in(cast.kanit).get(section).content.decode(), name
    assert sign_in(cast.secretary).get(path).context["address"].startswith("https://polmas.example.id/")
