"""Recording a forum that exists, and founding one that does not."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from fkpm import founding
from fkpm.models import Forum, Member
from tests.access_table import png


def create(client, **typed):
    return client.post(reverse("fkpm:forum_create"), {"name": "FKPM Padangsari", "chair": "Pak Wahono", **typed})


@pytest.fixture
def padangsari(cast):
    return cast.areas["33.74.11.1003"]


def test_an_existing_forum_takes_three_lines_and_the_rest_is_advice(cast, sign_in, padangsari):
    answer = create(sign_in(cast.officer), area=padangsari.pk)
    forum = Forum.objects.get(name="FKPM Padangsari")
    assert answer.url == reverse("fkpm:member_list", args=[forum.uuid])
    assert (forum.form, forum.status, forum.officer, forum.unit) == ("WILAYAH", "AKTIF", cast.officer, cast.units.banyumanik)
    assert forum.members.get().position == "KETUA"
    page = sign_in(cast.officer).get(answer.url).content.decode()
    assert "10 sampai 20" in page


def test_the_chair_of_an_existing_forum_serves_since_the_day_that_is_said(cast, sign_in, padangsari):
    for wrong in ("9999-12-31", "0001-01-01", "kemarin", f"{timezone.localdate() + datetime.timedelta(days=3)}"):
        assert create(sign_in(cast.officer), area=padangsari.pk, chair_since=wrong).context["form"].errors["chair_since"]
    create(sign_in(cast.officer), area=padangsari.pk, chair_since="2019-05-01")
    assert Member.objects.get(forum__name="FKPM Padangsari").starts_on == datetime.date(2019, 5, 1)


def test_a_zone_says_what_it_lives_of_and_others_do_not(cast, sign_in, padangsari):
    create(sign_in(cast.officer), area=padangsari.pk, form="KAWASAN", zone_kind="PENDIDIKAN")
    assert Forum.objects.get(name="FKPM Padangsari").zone_kind == "PENDIDIKAN"
    create(sign_in(cast.officer), area=padangsari.pk, name="FKPM Lain", zone_kind="PENDIDIKAN")
    assert Forum.objects.get(name="FKPM Lain").zone_kind == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        Forum.objects.filter(name="FKPM Lain").update(zone_kind="PENDIDIKAN")


def test_what_is_typed_wrongly_comes_back(cast, sign_in, padangsari):
    for typed in ({"area": 10**30}, {"area": padangsari.pk, "name": "a\0b"}, {"area": padangsari.pk, "name": "x" * 5000}, {"area": ""}):
        answer = create(sign_in(cast.officer), **typed)
        assert answer.status_code == 200
        assert "Pak Wahono" in answer.content.decode()
    assert not Forum.objects.filter(area=padangsari).exists()


def test_a_forum_says_what_it_covers_and_keeps_its_statutes(cast, sign_in, padangsari):
    client = sign_in(cast.secretary)
    typed = {"name": "FKPM Pedalangan", "form": "WILAYAH", "coverage": "RW 03–07", "areas": [padangsari.pk], "founded_on": "2020-05-01"}
    typed["paper"] = SimpleUploadedFile("adart.png", png())
    assert client.post(reverse("fkpm:forum_update", args=[cast.forum.uuid]), typed).status_code == 302
    cast.forum.refresh_from_db()
    assert cast.forum.covered() == f"RW 03–07, {padangsari.title}"
    assert "Padangsari" in client.get(reverse("fkpm:forum_detail", args=[cast.forum.uuid])).content.decode()
    path = reverse("fkpm:statutes_file", args=[cast.forum.uuid])
    kept = sign_in(cast.chair).get(path)
    assert kept["Content-Type"] == "image/jpeg"
    assert kept.getvalue().startswith(b"\xff\xd8")
    assert sign_in(cast.other_secretary).get(path).status_code == 404
    wrong = {"paper": SimpleUploadedFile("virus.exe", b"MZ"), "name": "FKPM Baru", "form": "WILAYAH"}
    answer = client.post(reverse("fkpm:forum_update", args=[cast.forum.uuid]), wrong)
    assert "bukan PDF" in answer.content.decode()


def meeting(client, forum, kind, days_ago):
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    path = reverse("fkpm:founding_meeting", args=[forum.uuid, kind])
    shown = client.get(path)
    topics = shown.context["form"]["topics"].value() if shown.status_code == 200 else ""
    return client.post(path, {"day": f"{day}", "begins": "19:30", "place": "Balai RW", "topics": topics})


def test_a_forum_is_founded_step_by_step(cast, sign_in, padangsari):
    client = sign_in(cast.officer)
    begun = client.post(reverse("fkpm:founding_create"), {"name": "FKPM Padangsari", "area": padangsari.pk, "form": "WILAYAH"})
    forum = Forum.objects.get(name="FKPM Padangsari")
    path = reverse("fkpm:founding_detail", args=[forum.uuid])
    assert (begun.url, forum.status) == (path, "RINTISAN")
    assert client.get(path).context["next_step"].key == "SOSIALISASI"

    meeting(client, forum, "pembentukan", 3)  # refused: residents have not been told yet
    assert not forum.meetings.exists()
    later = [reverse(f"fkpm:{name}", args=[forum.uuid]) for name in ("member_create", "endorsement_update")]
    assert [client.get(there).url for there in later] == [path, path]  # refused: nobody is elected before the founding meeting
    assert "Lebih dahulu: Sosialisasi." in client.get(path).content.decode()
    meeting(client, forum, "sosialisasi", 20)
    meeting(client, forum, "pembentukan", 10)
    elected = client.get(later[0]).context["form"].initial["starts_on"]
    assert elected == timezone.localdate() - datetime.timedelta(days=10)
    assert client.get(later[1]).url == path
    topics = forum.meetings.get(kind="PEMBENTUKAN").agenda.values_list("topic", flat=True)
    assert len(topics) == 6
    assert topics[3] == "Pemilihan anggota"
    meeting(client, forum, "pembentukan", 5)
    assert forum.meetings.filter(kind="PEMBENTUKAN").count() == 1

    assert client.get(path).context["next_step"].key == "ANGGOTA"
    client.post(path)
    forum.refresh_from_db()
    assert forum.status == "RINTISAN"
    for number in range(8):
        Member.objects.create(forum=forum, name=f"Warga {number}", starts_on=timezone.localdate())
    for position in ("KETUA", "SEKRETARIS"):
        Member.objects.create(forum=forum, name=f"Pak {position}", position=position, starts_on=timezone.localdate())
    assert client.get(path).context["next_step"].key == "PENGESAHAN"
    today = timezone.localdate()
    endorsed = {"endorsed_by": "LURAH", "endorsement_number": "141/9/2026", "endorsed_on": f"{today}"}
    endorsed |= {"term_starts_on": f"{today}", "term_ends_on": f"{today + datetime.timedelta(days=1095)}"}
    assert client.post(reverse("fkpm:endorsement_update", args=[forum.uuid]), endorsed).url == path
    assert client.get(path).context["may_finish"]
    assert client.post(path).url == reverse("fkpm:forum_detail", args=[forum.uuid])
    forum.refresh_from_db()
    assert (forum.status, forum.founded_on) == ("AKTIF", today - datetime.timedelta(days=10))
    assert client.get(path).status_code == 302


@pytest.fixture
def begun(cast, sign_in, padangsari):
    sign_in(cast.kanit).post(reverse("fkpm:founding_create"), {"name": "FKPM Padangsari", "area": padangsari.pk, "form": "WILAYAH"})
    return Forum.objects.get(name="FKPM Padangsari")


def page(name, forum, *more):
    return reverse(f"fkpm:founding_{name}", args=[forum.uuid, *more])


class TestGivingUp:
    """Residents may not want it yet: the founding is put aside with the reason, and taken up where it was left."""

    def test_it_is_asked_recorded_and_taken_up_again(self, cast, sign_in, begun):
        kanit = sign_in(cast.kanit)
        meeting(kanit, begun, "sosialisasi", 20)
        meeting(kanit, begun, "pembentukan", -10)
        coming = begun.meetings.get(kind="PEMBENTUKAN")
        asked = kanit.get(page("cancel", begun))
        assert asked.context["planned"] == 1
        for wrong in ("", "  ", "a\0b", "x" * 5000):
            assert kanit.post(page("cancel", begun), {"reason": wrong}).context["form"].errors
        assert kanit.post(page("cancel", begun), {"reason": "Warga menunggu panen."}).url == page("detail", begun)
        begun.refresh_from_db()
        coming.refresh_from_db()
        assert (begun.is_given_up, begun.given_up_by, begun.given_up_reason) == (True, cast.kanit, "Warga menunggu panen.")
        assert (coming.is_cancelled, coming.cancel_reason) == (True, "Warga menunggu panen.")
        for path in (page("detail", begun), reverse("fkpm:forum_list"), reverse("fkpm:forum_detail", args=[begun.uuid])):
            assert "dihentikan" in kanit.get(path).content.decode()
        assert "Warga menunggu panen." in kanit.get(page("detail", begun)).content.decode()
        assert kanit.get(page("cancel", begun)).url == page("detail", begun)
        assert kanit.get(page("meeting", begun, "pembentukan")).status_code == 404

        assert kanit.post(page("resume", begun)).url == page("detail", begun)
        begun.refresh_from_db()
        assert (begun.is_given_up, begun.given_up_reason, begun.given_up_by) == (False, "", None)
        assert kanit.get(page("detail", begun)).context["next_step"].key == "PEMBENTUKAN"
        assert begun.events.filter(given_up_reason="Warga menunggu panen.").exists()

    def test_who_comes_too_late_is_told(self, cast, sign_in, begun):
        kanit = sign_in(cast.kanit)
        kanit.post(page("resume", begun))
        assert not Forum.objects.get(pk=begun.pk).is_given_up
        stale = Forum.objects.get(pk=begun.pk)
        founding.give_up(begun, cast.kanit, "Warga menunggu panen.")
        for act in (lambda: founding.give_up(stale, cast.officer, "Lain"), lambda: founding.finish(stale)):
            with pytest.raises(ValidationError):
                act()
        assert Forum.objects.get(pk=begun.pk).given_up_reason == "Warga menunggu panen."
        founding.resume(begun)
        with pytest.raises(ValidationError):
            founding.resume(stale)

    def test_a_forum_that_works_is_not_given_up(self, cast, sign_in):
        assert sign_in(cast.kanit).get(page("cancel", cast.forum)).status_code == 404
        assert sign_in(cast.kanit).post(page("resume", cast.forum)).status_code == 404
        with pytest.raises(IntegrityError), transaction.atomic():
            Forum.objects.filter(pk=cast.forum.pk).update(given_up_at=timezone.now(), given_up_by=cast.kanit, given_up_reason="x")


def test_a_kanit_plans_the_meetings_of_a_founding(cast, sign_in, begun):
    """A village without an officer of its own is founded by the Kanit, who has no minutes to write yet."""
    assert begun.may_write_minutes(cast.kanit) is False
    meeting(sign_in(cast.kanit), begun, "sosialisasi", 3)
    assert begun.meetings.get().kind == "SOSIALISASI"


def test_no_forum_is_founded_beside_an_adat_institution(cast, sign_in, padangsari):
    Forum.objects.create(unit=cast.units.banyumanik, area=padangsari, name="Rembug Desa", form="PRANATA_ADAT")
    answer = sign_in(cast.officer).post(reverse("fkpm:founding_create"), {"name": "FKPM Padangsari", "area": padangsari.pk})
    assert answer.status_code == 200
    assert "adat" in answer.content.decode()
    assert not Forum.objects.filter(name="FKPM Padangsari").exists()


def test_an_endorsement_lies_on_days_that_can_be(cast, sign_in):
    path = reverse("fkpm:endorsement_update", args=[cast.forum.uuid])
    tomorrow = timezone.localdate() + datetime.timedelta(days=2)
    for typed in (
        {"endorsed_on": f"{tomorrow}"},
        {"endorsed_on": "0001-01-01"},
        {"term_starts_on": "2026-01-01", "term_ends_on": "2025-01-01"},
        {"endorsed_by": "GUBERNUR"},
        {"term_ends_on": "9999-12-31"},
    ):
        answer = sign_in(cast.secretary).post(path, typed)
        assert answer.status_code == 200, typed
        assert answer.context["form"].errors
