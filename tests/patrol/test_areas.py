"""The pages of areas."""

import pytest
from django.utils import timezone

from patrol.models import Household, Report
from tests.patrol.items import file_report, file_reports

VILLAGE = "/wilayah/33.74.11.1004/"


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_own_areas_stand_first(cast, sign_in):
    text = page(sign_in(cast.officer), "/wilayah/")
    assert "Kelurahan Pedalangan" in text
    assert "Kelurahan Sumurboto" not in text
    found = page(sign_in(cast.officer), "/wilayah/?q=33.74.11")
    assert found.index("Kelurahan Padangsari") < found.index("Kelurahan Sumurboto")


@pytest.mark.parametrize("text", ["sumurboto", "3374111005", " SUMURBOTO "])
def test_areas_are_found_by_name_and_code(cast, sign_in, text):
    assert "/wilayah/33.74.11.1005/" in page(sign_in(cast.officer), f"/wilayah/?q={text}")


@pytest.mark.parametrize("text", ["%00", "%25", "'", "%F0%9F%98%80", "x" * 3000, "<script>"])
def test_a_search_for_anything_is_answered(cast, sign_in, text):
    assert "<script>" + "<" not in page(sign_in(cast.officer), f"/wilayah/?q={text}&page=abc")


def test_an_area_names_its_officer_and_latest_visits(cast, sign_in):
    report = file_report(cast.officer)
    text = page(sign_in(cast.kapolsek), VILLAGE)
    assert "Aipda Sutrisno" in text
    assert f"/kegiatan/{report.uuid}/" in text
    assert 'id="area-map-areas"' in text
    assert "/wilayah/33.74.11/" in text


def test_the_page_works_for_every_level_and_without_dots(cast, sign_in):
    client = sign_in(cast.officer)
    for code in (*cast.areas, "3374111004"):
        page(client, f"/wilayah/{code}/")
    assert "/wilayah/33.74.11.1005/" in page(client, "/wilayah/33.74.11/")


def test_visits_out_of_sight_are_not_told(cast, sign_in):
    report = file_report(cast.officer)
    text = page(sign_in(cast.outsider), VILLAGE)
    assert str(report.uuid) not in text
    assert "Sutrisno" not in text


def test_only_counted_visits_are_counted(cast, sign_in):
    kept, taken_back = file_reports(cast.officer, 2)
    taken_back.withdraw(cast.officer, "Salah alamat")
    context = sign_in(cast.officer).get(VILLAGE).context
    assert context["year"] == {"visits": 1, "households": 1}
    assert kept.day <= context["year_until"] == timezone.localdate()


@pytest.mark.parametrize("code", ["99", "x", "%00", "33.74.11.9999"])
def test_an_unknown_area_is_not_found(cast, sign_in, code):
    assert sign_in(cast.officer).get(f"/wilayah/{code}/").status_code == 404


def test_members_and_visitors_see_no_areas(cast, sign_in):
    for path in ("/wilayah/", VILLAGE):
        assert sign_in(cast.secretary).get(path).status_code == 404
        assert sign_in(None).get(path).status_code == 302


@pytest.mark.parametrize("path", ["/wilayah/", "/wilayah/?q=33", VILLAGE])
def test_few_queries_whatever_the_data(cast, sign_in, django_assert_max_num_queries, path):
    file_reports(cast.officer, 12)
    client = sign_in(cast.kapolsek)
    with django_assert_max_num_queries(14 if path == VILLAGE else 12):
        client.get(path)
    assert Report.objects.count() == 12


def test_the_vulnerable_are_counted_by_rw_for_those_who_read_households_and_never_named(cast, sign_in):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    for name, kinds in (("Widodo", ["LANSIA"]), ("Sukarti", ["LANSIA", "JANDA"]), ("Bambang", [])):
        Household.objects.create(unit=unit, area=area, rw="005", rt="003", head_name=name, vulnerable=kinds)
    page = sign_in(cast.officer).get("/wilayah/33.74.11.1004/").content.decode()
    assert "RW 005: 2" in page
    assert "Sukarti" not in page
    assert "RW 005: 2" not in sign_in(cast.colleague).get("/wilayah/33.74.11.1004/").content.decode()
