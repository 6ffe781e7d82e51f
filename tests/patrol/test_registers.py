"""Registers: who reads and writes them, what they never show, and that each opening is kept."""

import datetime
import io
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from patrol.models import Business, Contact, Household, HouseholdMember, RegisterOpening
from patrol.register_pages import coverage_by_rw, coverage_of, share_of
from tests.patrol.items import file_report

PHONE, MASKED = "0812-3456-7890", "0812-****-7890"
CHILD = "Dimas Widodo"
VILLAGE = "33.74.11.1004"
WHERE = {"rw": "5", "rt": "3"}
BUDGET = 12


@pytest.fixture
def household(cast):
    made = make(cast, "Widodo", phone=PHONE, emergency_phone="0813-1111-2222", landmark="Cat hijau")
    HouseholdMember.objects.create(household=made, name=CHILD, relation="ANAK", born_on=datetime.date(2018, 1, 1), occupation="SD")
    return made


def make(cast, name, model=Household, **more):
    values = {"unit": cast.units.banyumanik, "area": cast.areas[VILLAGE], "rw": "005", "rt": "003", model.NAME: name, **more}
    return model.objects.create(**values)


def page_of(entry, action="detail"):
    return reverse(f"patrol:{entry._meta.model_name}_{action}", args=[entry.uuid])


def body(response):
    assert response.status_code == 200
    return response.content.decode()


def names(response):
    body(response)
    return [entry.label for entry in response.context["page"].rows]


class TestNumbers:
    def test_stand_masked_until_they_are_asked_for(self, household, cast, sign_in):
        client = sign_in(cast.officer)
        page = body(client.get(page_of(household)))
        assert MASKED in page
        assert PHONE not in page
        page = body(client.post(page_of(household, "phones")))
        assert PHONE in page
        assert "0813-1111-2222" in page

    def test_each_opening_is_kept_and_shown_to_those_who_answer_for_it(self, household, cast, sign_in):
        client = sign_in(cast.officer)
        page = body(client.get(page_of(household)))
        assert 'id="openings"' not in page
        client.post(page_of(household, "phones"))
        kept = [(opening.user, opening.act) for opening in RegisterOpening.objects.order_by("pk")]
        assert kept == [(cast.officer, "PAGE"), (cast.officer, "PHONE")]
        for reader in ("kanit", "kapolsek", "kapolres"):
            openings = sign_in(cast.people[reader]).get(page_of(household)).context["openings"]
            assert [opening.user for opening in openings][-2:] == [cast.officer, cast.officer]
        assert 'id="openings"' not in body(sign_in(cast.operator).get(page_of(household)))

    def test_what_is_kept_can_not_be_changed(self, household, cast, sign_in):
        sign_in(cast.officer).get(page_of(household))
        for change in (lambda rows: rows.update(act="PHONE"), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(RegisterOpening.objects.all())

    def test_no_form_shows_them_and_what_is_left_masked_stays(self, household, cast, sign_in):
        client = sign_in(cast.officer)
        response = client.get(page_of(household, "update"))
        assert PHONE not in body(response)
        form = posted(response.context["form"])
        assert form["phone"] == MASKED
        assert client.post(page_of(household, "update"), {**form, "occupation": "Pedagang"}).status_code == 302
        household = Household.objects.get()
        assert (household.phone, household.occupation) == (PHONE, "Pedagang")
        client.post(page_of(household, "update"), {**form, "phone": "0811-000-111"})
        assert Household.objects.get().phone == "0811-000-111"

    def test_what_is_no_number_is_refused_and_stays_in_its_field(self, household, cast, sign_in):
        client = sign_in(cast.officer)
        form = posted(client.get(page_of(household, "update")).context["form"])
        page = body(client.post(page_of(household, "update"), {**form, "phone": "tanya <istri>", "occupation": "Tani"}))
        assert "tanya &lt;istri&gt;" in page
        assert 'value="Tani"' in page
        assert Household.objects.get().phone == PHONE


def posted(form) -> dict:
    """What a browser sends of a form that nobody touched."""
    values = {field.name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, False, "")}


class TestChildren:
    """Names of who lives in a household stand on its own page, and nowhere else."""

    def test_stand_on_the_page(self, household, cast, sign_in):
        assert CHILD in body(sign_in(cast.officer).get(page_of(household)))

    @pytest.mark.parametrize("who", ["officer", "kanit", "kapolsek", "kapolres", "operator"])
    def test_stand_in_no_list_and_are_not_found(self, household, cast, sign_in, api, who):
        client = sign_in(cast.people[who])
        for path in ("/warga/", "/warga/?q=Widodo", "/warga/?status=belum", f"/wilayah/{VILLAGE}/", "/"):
            assert CHILD not in body(client.get(path))
        assert names(client.get("/warga/?q=Dimas")) == []
        listed = api(cast.people[who]).get("/api/v1/households/").content.decode()
        assert CHILD not in listed
        assert PHONE not in listed

    def test_stand_in_no_download_nor_do_numbers(self, household, cast, sign_in):
        response = sign_in(cast.kapolsek).get("/warga/unduh/")
        cells = [str(cell) for row in rows_of(response) for cell in row]
        assert "Widodo" in cells
        assert not [cell for cell in cells if "Dimas" in cell or "0812" in cell or "0813" in cell]


def rows_of(response):
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)), read_only=True)
    return list(book.active.iter_rows(values_only=True))


class TestList:
    def test_what_came_due_first_stands_first(self, cast, sign_in):
        today = timezone.localdate()
        for name, due, visits in (("Nanti", 30, 1), ("Lewat", -30, 1), ("Belum", None, 0)):
            entry = make(cast, name)
            Household.objects.filter(pk=entry.pk).update(due_on=due and today + datetime.timedelta(days=due), visit_count=visits, last_visit_on=today)
        client = sign_in(cast.officer)
        assert names(client.get("/warga/")) == ["Belum", "Lewat", "Nanti"]
        assert names(client.get("/warga/?status=jatuh-tempo")) == ["Belum", "Lewat"]
        assert names(client.get("/warga/?status=belum")) == ["Belum"]
        assert names(client.get("/warga/?urut=nama")) == ["Belum", "Lewat", "Nanti"]

    @pytest.mark.parametrize("text", ["widodo", "RT 3 RW 5", "rt 003", "003/005", "3/5", "hijau", "wid rw 5"])
    def test_search_by_name_street_and_landmark(self, cast, sign_in, text):
        make(cast, "Widodo", landmark="Cat hijau")
        make(cast, "Sartono", rw="001", rt="001", landmark="Pagar besi")
        assert names(sign_in(cast.officer).get("/warga/", {"q": text})) == ["Widodo"]

    def test_who_has_moved_away_is_left_out_until_asked_for(self, cast, sign_in):
        make(cast, "Widodo")
        make(cast, "Pindah", is_active=False)
        client = sign_in(cast.kanit)
        assert names(client.get("/warga/")) == ["Widodo"]
        assert names(client.get("/warga/?status=pergi")) == ["Pindah"]

    def test_each_sees_the_own_villages(self, cast, sign_in):
        make(cast, "Widodo")
        make(cast, "Sumurboto", area=cast.areas["33.74.11.1005"])
        make(cast, "Gajah", area=cast.areas["33.74.09.1001"], unit=cast.units.gajahmungkur)
        seen = {who: set(names(sign_in(cast.people[who]).get("/warga/"))) for who in ("officer", "colleague", "outsider", "kanit", "kapolres")}
        assert seen == {
            "officer": {"Widodo"},
            "colleague": {"Sumurboto"},
            "outsider": {"Gajah"},
            "kanit": {"Widodo", "Sumurboto"},
            "kapolres": {"Widodo", "Sumurboto", "Gajah"},
        }

    @pytest.mark.parametrize("path", ["/warga/", "/usaha/", "/tokoh/"])
    def test_costs_the_same_for_many(self, cast, sign_in, path, django_assert_max_num_queries):
        for number in range(45):
            make(cast, f"Keluarga {number}")
            make(cast, f"Warung {number}", Business, kind="WARUNG")
            make(cast, f"Haji {number}", Contact, role="TOGA")
        client = sign_in(cast.kapolsek)
        client.get(path)
        with django_assert_max_num_queries(BUDGET):
            response = client.get(path)
        assert len(names(response)) == 40
        assert len(names(client.get(path, {"page": 2}))) == 5

    @pytest.mark.parametrize(
        "query", ["q=%00", f"page={'9' * 20}", "page=-1", "page=x", "wilayah=%00", "rw=%00", "rw=99999", "urut=x", "status=x", f"q={'x' * 5000}"]
    )
    def test_bears_whatever_is_asked(self, cast, sign_in, query):
        make(cast, "Widodo")
        client = sign_in(cast.kapolsek)
        assert client.get(f"/warga/?{query}").status_code == 200
        assert client.get(f"/warga/unduh/?{query}").status_code in (200, 302)


class TestWriting:
    def test_an_officer_adds_to_the_own_village_alone(self, cast, sign_in):
        client = sign_in(cast.officer)
        form = {"head_name": "Sartono", "area": cast.areas[VILLAGE].pk, "rw": "5", "rt": "12", "basis": "TUGAS"}
        assert client.post("/warga/tambah/", form).status_code == 302
        household = Household.objects.get()
        assert (household.unit, household.rw, household.rt) == (cast.units.banyumanik, "005", "012")
        elsewhere = client.post("/warga/tambah/", {**form, "area": cast.areas["33.74.11.1005"].pk})
        assert "area" in elsewhere.context["form"].errors
        assert Household.objects.count() == 1

    def test_the_operator_adds_for_the_unit_that_polices_the_village(self, cast, sign_in):
        form = {"name": "Bengkel Jaya", "kind": "BENGKEL", "area": cast.areas["33.74.09.1001"].pk, "guard_count": "0"}
        assert sign_in(cast.operator).post("/usaha/tambah/", form).status_code == 302
        business = Business.objects.get()
        assert (business.unit, business.kind, business.guard_count) == (cast.units.gajahmungkur, "BENGKEL", 0)

    def test_a_position_is_whole_and_in_indonesia(self, cast, sign_in):
        client = sign_in(cast.officer)
        form = {"head_name": "Sartono", "area": cast.areas[VILLAGE].pk, **WHERE, "basis": "TUGAS"}
        for lat, lon in (("-7.06", ""), ("", "110.4"), ("52.5", "13.4"), ("nan", "110.4"), ("1e400", "1"), ("x", "y")):
            assert client.post("/warga/tambah/", {**form, "lat": lat, "lon": lon}).context["form"].errors
        client.post("/warga/tambah/", {**form, "lat": "-7.0629", "lon": "110.4280"})
        assert Household.objects.get().location.tuple == (110.428, -7.0629)

    def test_consent_has_its_day(self, household, cast, sign_in):
        client = sign_in(cast.officer)
        form = posted(client.get(page_of(household, "update")).context["form"])
        client.post(page_of(household, "update"), {**form, "basis": "PERSETUJUAN"})
        assert Household.objects.get().consent_on == timezone.localdate()
        client.post(page_of(household, "update"), {**form, "basis": "TUGAS", "consent_on": "2026-01-01"})
        assert Household.objects.get().consent_on is None
        with pytest.raises(ValidationError, match=r"consent|persetujuan"):
            Household(basis="TUGAS", consent_on=timezone.localdate()).validate_constraints()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"head_name": "  "},
            {"head_name": "a\0b"},
            {"rw": "12a"},
            {"born_on": "2190-01-01"},
            {"born_on": "0001-01-01"},
            {"people_count": "99999999999"},
            {"vulnerable": ["AGAMA"]},
            {"residence": "x"},
            {"area": "9" * 30},
        ],
    )
    def test_what_can_not_be_is_refused(self, cast, sign_in, wrong):
        form = {"head_name": "Sartono", "area": cast.areas[VILLAGE].pk, **WHERE, "basis": "TUGAS", **wrong}
        response = sign_in(cast.officer).post("/warga/tambah/", form)
        assert set(response.context["form"].errors) == set(wrong)
        assert not Household.objects.exists()

    def test_what_a_report_names_stays(self, cast, sign_in):
        file_report(cast.officer)
        household = Household.objects.get()
        client = sign_in(cast.officer)
        assert client.post(page_of(household, "delete")).url == page_of(household, "update")
        assert Household.objects.exists()

    def test_what_was_entered_by_mistake_goes(self, household, cast, sign_in):
        assert sign_in(cast.kanit).post(page_of(household, "delete")).url == "/warga/"
        assert not Household.objects.exists()
        assert not HouseholdMember.objects.exists()

    def test_who_lives_there(self, household, cast, sign_in):
        client = sign_in(cast.officer)
        base = f"/warga/{household.uuid}/anggota/"
        assert client.post(f"{base}tambah/", {"name": "Siti", "relation": "ISTRI", "phone": PHONE}).status_code == 302
        wife = household.members.get(relation="ISTRI")
        assert client.post(f"{base}{wife.pk}/", {"name": "Siti A", "relation": "ISTRI", "phone": MASKED}).status_code == 302
        wife = household.members.get(relation="ISTRI")
        assert (wife.name, wife.phone) == ("Siti A", PHONE)
        assert client.post(f"{base}{wife.pk}/hapus/").status_code == 302
        assert client.get(f"{base}{'9' * 40}/").status_code == 404
        assert [member.name for member in household.members.all()] == [CHILD]


class TestExport:
    def test_holds_what_the_reader_reads_and_is_kept(self, cast, sign_in):
        make(cast, "=HYPERLINK(1)")
        make(cast, "Gajah", area=cast.areas["33.74.09.1001"], unit=cast.units.gajahmungkur)
        rows = rows_of(sign_in(cast.kapolsek).get("/warga/unduh/?q=rw+5"))
        assert [row[0] for row in rows[1:]] == ["=HYPERLINK(1)"]
        [opening] = RegisterOpening.objects.all()
        assert (opening.user, opening.act, opening.register, opening.entry) == (cast.kapolsek, "EXPORT", "household", None)


class TestAsking:
    def test_one_thing_at_a_time(self, cast):
        household = make(cast, "Widodo")
        asked = []
        for value in ("081234567890", "Samping masjid", "Petani", 4, "TETAP", "081234567891"):
            household = Household.objects.get(pk=household.pk)
            asked.append(household.missing_item())
            setattr(household, asked[-1], value)
            household.save()
        assert asked == ["phone", "landmark", "occupation", "people_count", "residence", "emergency_phone"]
        assert Household.objects.get(pk=household.pk).missing_item() == ""

    def test_none_is_an_answer_and_so_is_zero(self, cast):
        business = make(cast, "Warung", Business, manager="Siti", phone=PHONE, opening_hours="08–21", employee_count=0, guard_count=0, camera_count=0)
        assert Business.objects.get(pk=business.pk).missing_item() == ""


class TestCoverage:
    @given(st.integers(0, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_a_share_is_honest_at_both_ends(self, numbers):
        seen, everything = numbers
        share = share_of(seen, everything)
        assert 0 <= share <= 100
        assert (share == 100) == (everything > 0 and seen == everything)
        assert (share == 0) == (seen == 0)
        if 0 < seen < everything:
            assert abs(share - 100 * seen / everything) < 1

    @given(st.lists(st.tuples(st.sampled_from(["001", "002", "003"]), st.none() | st.integers(0, 800), st.booleans()), max_size=12))
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_it_counts_by_rw_who_was_seen_within_twelve_months(self, cast, rows):
        day = datetime.date(2026, 11, 20)
        with transaction.atomic():
            for rw, days, is_active in rows:
                entry = make(cast, str(uuid.uuid4()), rw=rw, is_active=is_active)
                seen_on = None if days is None else day - datetime.timedelta(days=days)
                Household.objects.filter(pk=entry.pk).update(seen_on=seen_on)
            parts = coverage_by_rw(Household.objects.filter(area=cast.areas[VILLAGE]), day)
            transaction.set_rollback(True)
        here = [(rw, days) for rw, days, is_active in rows if is_active]
        seen = {rw: sum(1 for one, days in here if one == rw and days is not None and days < 365) for rw, _days in here}
        told = {rw: (seen[rw], sum(1 for one, _days in here if one == rw)) for rw in seen}
        assert {part.name: (part.seen, part.all) for part in parts} == told
        whole = coverage_of(parts)
        assert (whole.seen, whole.all) == (sum(seen.values()), len(here))
