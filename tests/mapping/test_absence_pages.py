"""The calendar of absences as people use it: Kanit and operator record, everybody else reads what is theirs."""

import datetime
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mapping.models import Beat
from polmas.people.models import Absence, Posting, Role, User
from tests.cast import make_cast, make_person

DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def form_of(person, first=0, last=3, substitute="", kind="CUTI", note="Cuti tahunan"):
    days = {"starts_on": (today() + first * DAY).isoformat(), "ends_on": (today() + last * DAY).isoformat()}
    return {"user": person.username, "kind": kind, "substitute": substitute and substitute.username, "note": note, **days}


CREATE = "/absen/baru/"


def test_kanit_records_an_absence_and_the_substitute_is_told_on_the_home_page(cast, sign_in):
    client = sign_in(cast.kanit)
    answer = client.post(CREATE, form_of(cast.officer, substitute=cast.colleague))
    assert answer.status_code == 302
    absence = Absence.objects.get()
    assert (absence.user, absence.unit, absence.recorded_by, absence.days) == (cast.officer, cast.units.banyumanik, cast.kanit, 4)
    assert set(Beat.objects.filter(user=cast.colleague, absence=absence).values_list("area__name", flat=True)) == {"Pedalangan", "Padangsari"}
    home = sign_in(cast.colleague).get("/").content.decode()
    assert "Aipda Sutrisno" in home
    assert "Pedalangan" in home
    assert "Dewi Lestari" in sign_in(cast.officer).get("/").content.decode()
    page = client.get(answer.url).content.decode()
    assert "Sutrisno" in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_on": "2026-13-40"}, "starts_on"),
        ({"starts_on": "1900-01-01"}, "starts_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"ends_on": "2001-01-01"}, "ends_on"),
        ({"kind": "LIBUR"}, "kind"),
        ({"user": "80020001"}, "user"),
        ({"user": "'; --\x00"}, "user"),
        ({"substitute": "80020001"}, "substitute"),
        ({"substitute": "80010001"}, "__all__"),
        ({"substitute": "80010090"}, "substitute"),
        ({"note": "a\x00b"}, "note"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(change, field, cast, sign_in):
    page = sign_in(cast.kanit).post(CREATE, {**form_of(cast.officer), **change})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not Absence.objects.exists()
    if "note" not in change:
        assert "Cuti tahunan" in page.content.decode()


def test_saving_the_form_as_it_opens_changes_nothing(cast, sign_in):
    client = sign_in(cast.kanit)
    client.post(CREATE, form_of(cast.officer, substitute=cast.colleague))
    path = reverse("mapping:absence_update", args=[Absence.objects.get().pk])
    form = client.get(path).context["form"]
    sent = {field.name: field.value() for field in form}
    assert client.post(path, sent).status_code == 302
    absence = Absence.objects.get()
    assert (absence.substitute, absence.note, absence.kind) == (cast.colleague, "Cuti tahunan", "CUTI")
    assert Beat.objects.filter(absence=absence).count() == 2


def test_who_is_away_stands_in_for_nobody(cast, sign_in):
    client = sign_in(cast.kanit)
    client.post(CREATE, form_of(cast.colleague, 2, 9))
    page = client.post(CREATE, form_of(cast.officer, substitute=cast.colleague))
    assert page.context["form"].errors.keys() == {"substitute"}


def test_a_substitute_who_falls_ill_is_named(cast, sign_in):
    client = sign_in(cast.kanit)
    client.post(CREATE, form_of(cast.officer, substitute=cast.colleague))
    page = client.post(CREATE, form_of(cast.colleague, 1, 1, kind="SAKIT"), follow=True)
    assert any("Aipda Sutrisno" in str(message) for message in page.context["messages"])


def test_an_operator_of_the_polsek_keeps_the_own_units_calendar_only(cast, sign_in):
    assert sign_in(cast.clerk).post(CREATE, form_of(cast.outsider)).context["form"].errors.keys() == {"user"}
    assert sign_in(cast.clerk).post(CREATE, form_of(cast.officer)).status_code == 302
    absence = Absence.objects.get()
    kanit = make_person("80020090", "Teguh", cast.units.gajahmungkur, Role.KANIT_BINMAS)
    for name in ("absence_update", "absence_end", "absence_delete"):
        assert sign_in(kanit).post(reverse(f"mapping:{name}", args=[absence.pk])).status_code == 404


def test_readers_see_no_form_and_change_nothing(cast, sign_in):
    sign_in(cast.kanit).post(CREATE, form_of(cast.officer))
    path = reverse("mapping:absence_update", args=[Absence.objects.get().pk])
    for person in (cast.officer, cast.kapolsek, cast.kapolres):
        page = sign_in(person).get(path)
        assert page.status_code == 200
        assert b'name="starts_on"' not in page.content
        assert sign_in(person).post(path, form_of(cast.officer)).status_code == 404


def test_ending_today_and_deleting(cast, sign_in):
    client = sign_in(cast.kanit)
    client.post(CREATE, form_of(cast.officer, -2, 5, cast.colleague))
    pk = Absence.objects.get().pk
    assert client.get(reverse("mapping:absence_end", args=[pk])).status_code == 404
    client.post(reverse("mapping:absence_end", args=[pk]))
    assert Absence.objects.get().ends_on == today()
    assert set(Beat.objects.filter(user=cast.colleague, absence=pk).values_list("ends_on", flat=True)) == {today()}
    client.post(reverse("mapping:absence_delete", args=[pk]))
    assert not Absence.objects.exists()
    assert not Beat.objects.filter(user=cast.colleague).exclude(absence=None).exists()


def test_the_month_is_filtered_searched_and_bounded(cast, sign_in):
    client = sign_in(cast.kapolres)
    for person, unit in ((cast.officer, cast.units.banyumanik), (cast.outsider, cast.units.gajahmungkur)):
        Absence.objects.create(user=person, unit=unit, kind="CUTI", starts_on=today(), ends_on=today(), recorded_by=cast.operator)

    def names(**asked):
        return [absence.user.name for absence in client.get("/absen/", asked).context["page"]]

    assert names() == ["Agus Riyanto", "Sutrisno"]
    assert names(satuan="POLSEK-BANYUMANIK") == ["Sutrisno"]
    assert names(q="agus") == ["Agus Riyanto"]
    assert names(jenis="SAKIT") == []
    assert names(hari=(today() + DAY).isoformat()) == []
    for strange in ("0000-00", "9999-12", "x" * 500, "2026-11\x00", "2026-1"):
        assert client.get("/absen/", {"bulan": strange, "hari": strange, "q": strange, "satuan": strange, "page": strange}).status_code == 200


def test_the_calendar_costs_few_queries_whatever_it_holds(cast, sign_in, django_assert_max_num_queries, django_assert_num_queries):
    client = sign_in(cast.kapolres)
    Absence.objects.create(user=cast.officer, unit=cast.units.banyumanik, kind="CUTI", starts_on=today(), ends_on=today(), recorded_by=cast.operator)
    client.get("/absen/")
    with django_assert_max_num_queries(12) as first:
        client.get("/absen/")
    for number in range(15):
        person = make_person(f"8666{number:04}", f"Petugas {number}", cast.units.gajahmungkur, Role.BHABINKAMTIBMAS)
        Absence.objects.create(
            user=person, unit=cast.units.gajahmungkur, kind="SAKIT", starts_on=today(), ends_on=today() + number * DAY, recorded_by=cast.operator
        )
    with django_assert_num_queries(len(first)):
        client.get("/absen/")


@pytest.mark.django_db(transaction=True)
def test_two_who_record_at_once_leave_one_absence():
    cast = make_cast()
    statuses = []

    def record():
        client = Client()
        client.force_login(User.objects.get(pk=cast.kanit.pk), backend="django.contrib.auth.backends.ModelBackend")
        statuses.append(client.post(CREATE, form_of(cast.officer, substitute=cast.colleague)).status_code)
        connection.close()

    threads = [threading.Thread(target=record) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 200, 200, 302]
    assert Absence.objects.count() == 1
    assert Beat.objects.exclude(absence=None).count() == 2


def test_the_end_of_a_post_ends_what_was_held_in_place(cast, sign_in):
    sign_in(cast.kanit).post(CREATE, form_of(cast.officer, 0, 9, cast.colleague))
    posting = Posting.objects.get(user=cast.colleague)
    sign_in(cast.operator).post(reverse("summaries:posting_end", args=[posting.pk]), {"ends_on": today().isoformat()})
    assert set(Beat.objects.filter(user=cast.colleague).exclude(absence=None).values_list("ends_on", flat=True)) == {today()}
