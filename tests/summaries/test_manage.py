"""The management pages: whom an operator reaches, what may be handed out, and what stays on record."""

import csv
import datetime
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from mapping.models import Area, Beat
from polmas.people.models import ApiToken, Posting, Role, Unit, UnitKind, User
from polmas.summaries.histories import history_of
from polmas.summaries.imports import jobs
from polmas.summaries.managing import GRANTS, Desk
from polmas.summaries.models import ImportJob
from tests.cast import LONG_AGO, PASSWORD, make_person

TODAY = timezone.localdate
PERSON = {"nrp": "81230001", "name": "Wahyu Adi", "rank": "BRIPDA", "phone": ""}


def post_of(unit, role, **more):
    return {"unit": unit.code, "role": role, "kind": "TETAP", "starts_on": TODAY().isoformat(), "order_number": "Sprin/7/XI/KEP./2026", **more}


def url(name, *args):
    return reverse(f"summaries:{name}", args=args)


PAGES = ("manage_home", "user_list", "user_create", "area_list", "unit_list", "import_create")


@pytest.mark.parametrize("name", PAGES)
def test_only_managers_find_the_pages(name, cast, sign_in):
    for role in ("officer", "kanit", "kasat", "polda_reader", "secretary"):
        assert sign_in(cast.people[role]).get(url(name)).status_code == 404
    for role in ("operator", "admin"):
        assert sign_in(cast.people[role]).get(url(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_heads_look_and_change_nothing(name, cast, sign_in):
    expected = 404 if name in ("user_create", "import_create") else 200
    assert sign_in(cast.kapolsek).get(url(name)).status_code == expected
    assert sign_in(cast.kapolres).get(url(name)).status_code == expected


def test_heads_see_a_person_but_no_form(cast, sign_in):
    client = sign_in(cast.kapolsek)
    page = client.get(url("user_update", cast.officer.pk))
    assert page.status_code == 200
    assert b'name="nrp"' not in page.content
    assert client.post(url("user_update", cast.officer.pk), PERSON).status_code == 404
    assert client.get(url("user_password", cast.officer.pk)).status_code == 404
    assert client.post(url("unit_update", cast.units.banyumanik.pk), {}).status_code == 404


def test_an_operator_reaches_the_own_subtree_only(cast, sign_in, clerk):
    client = sign_in(clerk)
    names = client.get(url("user_list")).content.decode()
    assert "Sutrisno" in names
    assert "Agus Riyanto" not in names
    posting, beat = cast.outsider.postings.get(), cast.outsider.beats.get()
    for path in (
        url("user_update", cast.outsider.pk),
        url("user_password", cast.outsider.pk),
        url("user_close", cast.outsider.pk),
        url("posting_create", cast.outsider.pk),
        url("beat_create", cast.outsider.pk),
        url("posting_end", posting.pk),
        url("beat_end", beat.pk),
        url("unit_update", cast.units.gajahmungkur.pk),
        url("unit_update", cast.units.polres.pk),
    ):
        assert client.get(path).status_code == 404, path
        assert client.post(path, {}).status_code == 404, path


@pytest.mark.parametrize("person", ["kapolsek", "kapolres", "operator", "admin"])
def test_a_clerk_takes_over_nobody_above(person, cast, sign_in, clerk):
    client, target = sign_in(clerk), cast.people[person]
    assert client.post(url("user_password", target.pk)).status_code == 404
    assert client.post(url("user_close", target.pk), {"reason": "x"}).status_code == 404
    target.refresh_from_db()
    assert target.is_active
    assert target.check_password(PASSWORD)


def test_a_second_post_above_puts_a_person_out_of_reach(cast, sign_in, clerk):
    Posting.objects.create(user=cast.officer, unit=cast.units.polres, role=Role.WAKAPOLRES, starts_on=LONG_AGO)
    assert sign_in(clerk).post(url("user_password", cast.officer.pk)).status_code == 404


def test_nobody_manages_themselves(cast, sign_in):
    client = sign_in(cast.operator)
    assert client.get(url("posting_create", cast.operator.pk)).status_code == 404
    assert client.post(url("user_password", cast.operator.pk)).status_code == 404


@pytest.mark.parametrize(
    ("giver", "role", "unit"),
    [
        ("polsek", Role.KAPOLSEK, "banyumanik"),
        ("polsek", Role.OPERATOR_POLSEK, "banyumanik"),
        ("polsek", Role.ADMIN, "banyumanik"),
        ("polsek", Role.BHABINKAMTIBMAS, "gajahmungkur"),
        ("polsek", Role.KAPOLRES, "polres"),
        ("polres", Role.ADMIN, "polres"),
        ("polres", Role.KAPOLRES, "polres"),
        ("polres", Role.KAPOLDA, "polda"),
        ("polres", Role.BHABINKAMTIBMAS, "polres"),
        ("admin", Role.KAPOLRES, "banyumanik"),
    ],
)
def test_roles_that_are_not_theirs_to_give(giver, role, unit, cast, sign_in, clerk):
    user = {"polsek": clerk, "polres": cast.operator, "admin": cast.admin}[giver]
    page = sign_in(user).post(url("user_create"), {**PERSON, **post_of(getattr(cast.units, unit), role)})
    assert page.status_code == 200
    assert not User.objects.filter(username=PERSON["nrp"]).exists()
    assert "Wahyu Adi" in page.content.decode()
    assert page.context["posting_form"].errors.keys() <= {"role", "unit"}


def test_nobody_hands_out_the_own_role_or_more():
    grants = GRANTS
    assert all(own not in given for own, given in grants.items())
    assert all(Role.ADMIN not in given for given in grants.values())


def test_the_password_is_shown_once_and_opens_the_account(cast, sign_in):
    client = sign_in(cast.operator)
    page = client.post(url("user_create"), {**PERSON, **post_of(cast.units.banyumanik, Role.BHABINKAMTIBMAS)})
    password = page.context["password"]
    person = User.objects.get(username="81230001")
    assert password in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert person.check_password(password)
    assert password not in client.get(url("user_update", person.pk)).content.decode()
    assert person.postings.get().unit == cast.units.banyumanik
    assert [line.by for line in history_of(person)] == [cast.operator.full_name]


def test_a_new_password_ends_the_old_ones_sessions_and_tokens(cast, sign_in):
    ApiToken.objects.issue(cast.officer)
    theirs = sign_in(cast.officer)
    client = sign_in(cast.operator)
    assert client.get(url("user_password", cast.officer.pk)).status_code == 200
    password = client.post(url("user_password", cast.officer.pk)).context["password"]
    cast.officer.refresh_from_db()
    assert cast.officer.check_password(password)
    assert not ApiToken.objects.filter(user=cast.officer).exists()
    assert theirs.get("/").status_code == 302
    assert history_of(cast.officer)[0].by == cast.operator.full_name


def test_closing_needs_a_reason_and_is_recorded(cast, sign_in):
    client = sign_in(cast.operator)
    assert client.post(url("user_close", cast.officer.pk), {"reason": " "}).context["form"].errors.keys() == {"reason"}
    client.post(url("user_close", cast.officer.pk), {"reason": "Purna tugas"})
    cast.officer.refresh_from_db()
    assert not cast.officer.is_active
    line = history_of(cast.officer)[0]
    assert (line.by, line.why) == (cast.operator.full_name, "Purna tugas")
    client.post(url("user_open", cast.officer.pk), {"reason": "Keliru"})
    cast.officer.refresh_from_db()
    assert cast.officer.is_active


def test_a_number_that_is_taken_keeps_what_was_typed(cast, sign_in):
    page = sign_in(cast.operator).post(url("user_create"), {**PERSON, "nrp": "80020001", **post_of(cast.units.banyumanik, Role.SPKT)})
    assert page.context["form"].errors.keys() == {"nrp"}
    assert "Sprin/7/XI/KEP./2026" in page.content.decode()


def test_ending_an_officers_post_ends_the_areas(cast, sign_in):
    posting = cast.officer.postings.get()
    day = TODAY()
    answer = sign_in(cast.operator).post(url("posting_end", posting.pk), {"ends_on": day.isoformat()})
    assert answer.status_code == 302
    assert set(cast.officer.beats.values_list("ends_on", flat=True)) == {day}
    assert cast.officer.postings.get().ends_on == day


def test_a_last_day_before_the_first_is_refused(cast, sign_in):
    posting = cast.officer.postings.get()
    page = sign_in(cast.operator).post(url("posting_end", posting.pk), {"ends_on": (LONG_AGO - datetime.timedelta(days=1)).isoformat()})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert cast.officer.postings.get().ends_on is None


def test_areas_are_those_of_the_unit_and_have_one_first_officer(cast, sign_in):
    client = sign_in(cast.operator)
    path = url("beat_create", cast.colleague.pk)
    form = {"starts_on": TODAY().isoformat(), "is_primary": "on"}
    assert client.post(path, {**form, "area": cast.areas["33.74.09.1001"].pk}).context["form"].errors.keys() == {"area"}
    assert client.post(path, {**form, "area": cast.areas["33.74.11.1004"].pk}).context["form"].errors
    assert client.post(path, {**form, "area": cast.areas["33.74.11.1005"].pk}).context["form"].errors.keys() == {"area"}
    early = {**form, "starts_on": "2020-01-01", "area": cast.areas["33.74.11.1004"].pk, "is_primary": ""}
    assert client.post(path, early).context["form"].errors.keys() == {"starts_on"}
    shared = {"starts_on": TODAY().isoformat(), "area": cast.areas["33.74.11.1004"].pk}
    assert client.post(path, shared).status_code == 302
    assert Beat.objects.filter(user=cast.colleague, area__code="33.74.11.1004", is_primary=False).exists()


def test_vacant_villages_stand_out(cast, sign_in):
    cast.colleague.beats.all().delete()
    page = sign_in(cast.operator).get(url("area_list"), {"vacant": "1"})
    assert [area.name for area in page.context["page"]] == ["Sumurboto"]


def test_the_list_is_searched_filtered_and_exported(cast, sign_in):
    client = sign_in(cast.operator)
    found = client.get(url("user_list"), {"q": "dewi", "unit": "POLSEK-BANYUMANIK", "role": Role.BHABINKAMTIBMAS})
    assert [person.name for person in found.context["page"]] == ["Dewi Lestari"]
    User.objects.filter(pk=cast.colleague.pk).update(name="=HYPERLINK(1)")
    text = client.get(url("user_list"), {"format": "csv", "unit": "POLSEK-BANYUMANIK"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert {row[0] for row in rows[1:]} == {"80010001", "80010002", "80010080", "80010085", "80010090", "80010091", "80010092", "80010099"}
    assert "'=HYPERLINK(1)" in text


@pytest.mark.parametrize("name", ["user_list", "area_list", "unit_list"])
def test_lists_ask_the_same_number_of_questions_whatever_they_hold(name, cast, sign_in, django_assert_max_num_queries, django_assert_num_queries):
    client = sign_in(cast.operator)
    client.get(url(name))
    with django_assert_max_num_queries(12) as first:
        client.get(url(name))
    for number in range(12):
        person = make_person(f"8555{number:04}", f"Petugas {number}", cast.units.gajahmungkur, Role.BHABINKAMTIBMAS)
        village = Area.objects.create(code=f"33.74.09.10{number + 20}", name=f"Desa {number}", parent=cast.areas["33.74.09"])
        village.units.add(cast.units.gajahmungkur)
        Beat.objects.create(user=person, area=village, unit=cast.units.gajahmungkur, starts_on=LONG_AGO)
    with django_assert_num_queries(len(first)):
        client.get(url(name))


def test_letters_of_a_unit_have_rules(cast, sign_in):
    client, unit = sign_in(cast.operator), cast.units.banyumanik
    path = url("unit_update", unit.pk)
    form = {
        "letterhead": "A\nB\nC",
        "head_title": "KAPOLSEK",
        "number_pattern": "{klas}/{n}/{bulan}",
        "information_pattern": "{klas}/{jenis}-{n}/{tahun}",
        "agreement_pattern": "KB/{n}/{bln}/{thn}/{x}",
        "accept_after_days": 5,
        "late_after_hours": 24,
        "visit_every_days": 180,
        "month_due_day": 2,
        "day_due_at": "07:30",
        "week_due_day": 1,
        "week_due_at": "09:00",
        "piket_shifts": "Pagi\nMalam",
        "sample_percent": 5,
    }
    assert client.post(path, {**form, "letterhead": "A\nB\nC\nD"}).context["form"].errors.keys() == {"letterhead"}
    assert client.post(path, {**form, "number_pattern": "{n}/{salah}"}).context["form"].errors.keys() == {"number_pattern"}
    assert client.post(path, {**form, "information_pattern": "{klas}/{jenis}"}).context["form"].errors.keys() == {"information_pattern"}
    assert client.post(path, {**form, "month_due_day": 31}).context["form"].errors.keys() == {"month_due_day"}
    assert client.post(path, {**form, "piket_shifts": "1\n2\n3\n4\n5\n6\n7"}).context["form"].errors.keys() == {"piket_shifts"}
    assert client.post(path, form).status_code == 302
    unit.refresh_from_db()
    assert (unit.accept_after_days, unit.name) == (5, "Polsek Banyumanik")


def test_villages_are_assigned_above_the_polsek_and_never_taken_from_another_command(cast, sign_in, clerk):
    unit = cast.units.banyumanik
    path = url("unit_update", unit.pk)
    assert sign_in(clerk).post(path, {"codes": "33.74.09"}).status_code == 200
    assert unit.areas.count() == 3
    client = sign_in(cast.operator)
    assert client.post(path, {"codes": "33.74.11\n33.74.09.1001"}).status_code == 302
    assert unit.areas.count() == 4
    assert client.post(path, {"codes": "33.74.99"}).context["areas_form"].errors.keys() == {"codes"}
    assert client.post(path, {"codes": "33.74"}).context["areas_form"].errors.keys() == {"codes"}
    foreign = Unit.objects.add_child(Unit.objects.get(code="POLDA-JATENG"), dict(code="POLRES-DEMAK", name="Polres Demak", kind="POLRES"))
    cast.areas["33.74.09.1001"].units.set([foreign])
    assert client.post(path, {"codes": "33.74.09"}).context["areas_form"].errors.keys() == {"codes"}


def geojson(*features):
    square = {"type": "Polygon", "coordinates": [[[110.40, -7.05], [110.41, -7.05], [110.41, -7.04], [110.40, -7.04], [110.40, -7.05]]]}
    rows = [{"type": "Feature", "geometry": square, "properties": {"kode": code, "nama": name}} for code, name in features]
    return SimpleUploadedFile("batas.geojson", json.dumps({"type": "FeatureCollection", "features": rows}).encode())


@pytest.fixture
def load(settings, tmp_path):
    """Loads a file as somebody does, the worker's part included."""
    settings.MEDIA_ROOT = tmp_path

    def run(client, kind, file):
        answer = client.post(url("import_create"), {"kind": kind, "file": file})
        assert answer.status_code == 302
        job = ImportJob.objects.first()
        jobs.run(job.pk)
        job.refresh_from_db()
        return job

    return run


def counts(job):
    return sorted(count for count in job.counts.values() if count)


def test_boundaries_are_loaded_within_the_own_city(cast, sign_in, load):
    file = geojson(("33.74.09.1001", "Gajahmungkur"), ("33.21.01.2001", "Desa Lain"))
    assert counts(load(sign_in(cast.operator), "AREAS", file)) == [1, 1]
    assert not Area.objects.filter(code__startswith="33.21").exists()


def test_units_are_loaded_below_the_own_one(cast, sign_in, load):
    text = "code,name,kind,parent\nPOLSEK-GENUK,Polsek Genuk,POLSEK,POLRESTABES-SEMARANG\nPOLRES-DEMAK,Polres Demak,POLRES,POLDA-JATENG\n"
    assert counts(load(sign_in(cast.operator), "UNITS", SimpleUploadedFile("satuan.csv", text.encode()))) == [1, 1]
    assert Unit.objects.filter(code="POLSEK-GENUK").exists()
    assert not Unit.objects.filter(code="POLRES-DEMAK").exists()


@pytest.mark.parametrize(
    ("kind", "data"), [("AREAS", b"no json"), ("AREAS", b"{}"), ("AREAS", b"\x00\xff\xfe"), ("UNITS", b"a,b\n1,2\n"), ("UNITS", b"\xff\xfe\x00")]
)
def test_wrong_files_are_refused_with_a_reason(kind, data, cast, sign_in, load):
    client = sign_in(cast.operator)
    job = load(client, kind, SimpleUploadedFile("x.csv", data))
    assert (job.state, job.file.name) == ("FAILED", "")
    assert not re.search("codec|byte|position|delimiter", job.message)  # no exception's own words
    assert job.message in client.get(url("import_detail", job.uuid)).content.decode()


def test_a_role_of_other_units_says_for_which_it_is(cast, sign_in):
    page = sign_in(cast.operator).post(url("user_create"), {**PERSON, **post_of(cast.units.polres, Role.BHABINKAMTIBMAS)})
    assert str(UnitKind.POLSEK.label) in page.context["posting_form"].errors["role"][0]


def test_a_phone_looks_like_one(cast, sign_in):
    form = {**PERSON, **post_of(cast.units.banyumanik, Role.BHABINKAMTIBMAS)}
    page = sign_in(cast.operator).post(url("user_create"), {**form, "phone": "tanya istri"})
    assert page.context["form"].errors.keys() == {"phone"}
    assert sign_in(cast.operator).post(url("user_create"), {**form, "phone": "+62 812-3456-789"}).status_code in (200, 302)
    assert User.objects.get(username=PERSON["nrp"]).phone == "+62 812-3456-789"


def test_an_import_without_a_known_kind_or_file_is_harmless(cast, sign_in):
    client = sign_in(cast.operator)
    assert client.post(url("import_create"), {"kind": "x"}).status_code == 200
    assert client.post(url("import_create"), {"kind": "UNITS"}).context["refused_form"].errors.keys() == {"file"}


def test_an_administrator_reaches_accounts_without_posts(cast, sign_in):
    assert sign_in(cast.admin).get(url("user_update", cast.secretary.pk)).status_code == 200
    assert sign_in(cast.operator).get(url("user_update", cast.secretary.pk)).status_code == 404


def test_an_administrator_ends_and_gives_areas(cast, sign_in):
    client, beat = sign_in(cast.admin), cast.officer.beats.first()
    assert beat.area.name in client.get(url("user_update", cast.officer.pk)).content.decode()
    assert client.post(url("beat_end", beat.pk), {"ends_on": TODAY().isoformat()}).status_code == 302
    assert client.get(url("beat_create", cast.officer.pk)).status_code == 200


def test_who_moved_away_is_no_longer_here(cast):
    elsewhere = Unit.objects.add_child(Unit.objects.get(code="POLDA-JATENG"), dict(code="POLRES-DEMAK", name="Polres Demak", kind="POLRES"))
    cast.officer.postings.update(ends_on=TODAY() - datetime.timedelta(days=1))
    desk = Desk(User.objects.get(pk=cast.operator.pk))
    assert cast.officer in desk.people()
    Posting.objects.create(user=cast.officer, unit=elsewhere, role=Role.KANIT_LAIN, starts_on=TODAY())
    assert cast.officer not in desk.people()
