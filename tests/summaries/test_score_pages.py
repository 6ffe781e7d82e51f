"""Pages of scores and the rows behind them, and of the weights they hang on."""

import csv
import datetime
import io
import re

import pytest

from polmas.people.models import Posting, Role, Unit
from polmas.summaries import scoring
from polmas.summaries.models import OfficerScore, ScoreWeights
from polmas.summaries.models.scores import DEFAULTS
from tests.cast import make_person
from tests.fkpm.cases import make_case
from tests.summaries.service_scenes import NOVEMBER, OCTOBER, on_a_wednesday, queries, rated

__all__ = ["on_a_wednesday"]


class TestScorePages:
    def test_the_officer_reads_how_it_came_about(self, cast, sign_in):
        rated(cast)
        client = sign_in(cast.officer)
        assert client.get("/nilai/").url == f"/nilai/{cast.officer.pk}/"
        page = client.get(f"/nilai/{cast.officer.pk}/?bulan=2026-10")
        parts = {part.part: part for part in page.context["parts"]}
        assert list(parts) == ["activity", "quality", "problems", "response", "satisfaction"]
        assert (parts["quality"].n, parts["satisfaction"].points) == (12, None)
        text = page.content.decode()
        assert "2 dari 5 bagian dapat diukur" in text
        [line] = [line for line in parts["activity"].lines if line.label == "Sambang"]
        assert (line.count, line.of) == (12, 155)
        rows = client.get(line.link).content.decode()
        assert len(set(re.findall(r'href="/kegiatan/([0-9a-f-]{36})/"', rows))) == 12

    def test_colleagues_and_operators_find_nothing(self, cast, sign_in):
        rated(cast)
        for person in (cast.colleague, cast.outsider, cast.clerk, cast.operator, cast.polda_reader, cast.secretary):
            client = sign_in(person)
            assert client.get(f"/nilai/{cast.officer.pk}/?bulan=2026-10").status_code == 404
            assert client.get(f"/nilai/{cast.officer.pk}/lengkap/?bulan=2026-10").status_code == 404
            found = client.get("/api/v1/scores/").json()["results"]
            assert cast.officer.username not in {row["officer"] for row in found}

    def test_a_supervisor_by_name_reads_those_of_the_own_officers(self, cast, sign_in):
        rated(cast)
        Posting.objects.filter(user=cast.officer).update(supervisor=cast.reskrim)
        client = sign_in(cast.reskrim)
        rows = client.get("/nilai/?bulan=2026-10").context["rows"]
        assert [(row["score"].officer, row["place"]) for row in rows] == [(cast.officer, None)]
        assert client.get(f"/nilai/{cast.officer.pk}/?bulan=2026-10").status_code == 200
        assert client.get(f"/nilai/{cast.colleague.pk}/?bulan=2026-10").status_code == 404

    def test_the_kapolres_ranks_all_and_the_kanit_the_own(self, cast, sign_in):
        rated(cast)
        rows = sign_in(cast.kapolres).get("/nilai/?bulan=2026-10").context["rows"]
        assert [row["score"].officer for row in rows][:2] == [cast.officer, cast.colleague]
        assert [row["place"] for row in rows] == [1, 2, 3]
        narrowed = sign_in(cast.kapolres).get("/nilai/?bulan=2026-10&q=dewi").context["rows"]
        assert [(row["score"].officer, row["place"]) for row in narrowed] == [(cast.colleague, 2)]
        client = sign_in(cast.kanit)
        assert {row["score"].officer for row in client.get("/nilai/?bulan=2026-10").context["rows"]} == {cast.officer, cast.colleague}
        assert client.get("/nilai/?satuan=POLRESTABES-SEMARANG").status_code == 404

    def test_equals_share_a_place(self, cast, sign_in):
        rated(cast)
        OfficerScore.objects.update(total=80, label="BAIK")
        assert [row["place"] for row in sign_in(cast.kapolres).get("/nilai/?bulan=2026-10").context["rows"]] == [1, 1, 1]

    def test_a_unit_may_hide_the_ranking(self, cast, sign_in):
        rated(cast)
        Unit.objects.filter(pk=cast.units.banyumanik.pk).update(hides_ranking=True)
        client = sign_in(cast.kapolsek)
        page = client.get("/nilai/?bulan=2026-10&urut=nilai")
        assert [(row["score"].officer, row["place"]) for row in page.context["rows"]] == [(cast.colleague, None), (cast.officer, None)]
        assert "Peringkat" not in page.content.decode()
        assert "Peringkat" not in export(client, "csv")[0]

    def test_the_setting_is_on_the_units_page(self, cast, sign_in):
        client = sign_in(cast.operator)
        page = client.get(f"/kelola/satuan/{cast.units.banyumanik.pk}/")
        assert "hides_ranking" in page.context["form"].fields

    @pytest.mark.parametrize("order", ["nilai", "nama", "satuan", "activity", "quality", "response", "satisfaction", "x'"])
    def test_each_order_shows_all(self, cast, sign_in, order):
        rated(cast)
        assert len(sign_in(cast.kapolres).get(f"/nilai/?bulan=2026-10&urut={order}").context["rows"]) == 3

    def test_the_export_says_what_the_page_says(self, cast, sign_in):
        rated(cast)
        rows = export(sign_in(cast.kapolsek), "csv")
        assert rows[0][:3] == ["Peringkat", "NRP atau NIP", "Nama"]
        assert rows[1][1:3] == [cast.officer.username, cast.officer.full_name]
        assert sign_in(cast.kapolsek).get("/nilai/unduh/?bulan=2026-10").status_code == 200

    @pytest.mark.parametrize("what", ["lengkap", "berulang", "kembali", "perkara", "pantau", "respons"])
    def test_the_rows_behind_each_number(self, cast, sign_in, what):
        make_case(cast, outcome="TIDAK_SEPAKAT")
        rated(cast, NOVEMBER)
        page = sign_in(cast.officer).get(f"/nilai/{cast.officer.pk}/{what}/")
        expected = {"lengkap": 12, "perkara": 1}.get(what, 0)
        assert len(page.context["rows"]) == expected
        assert all(sign_in(cast.officer).get(row.url).status_code == 200 for row in page.context["rows"][:2])

    @pytest.mark.parametrize(
        "query", ["?bulan=2026-13", "?bulan=\0", "?page=99999999999999999999", "?q=\0%27", "?predikat=x&urut=x", "?bulan=2099-01", "?predikat=tanpa"]
    )
    def test_odd_addresses_show_a_list(self, cast, sign_in, query):
        assert sign_in(cast.kapolres).get(f"/nilai/{query}").status_code == 200

    def test_the_list_asks_no_more_the_longer_it_is(self, cast, sign_in):
        rated(cast)
        client = sign_in(cast.kapolres)
        few = queries(client, "/nilai/?bulan=2026-10")
        for number in range(60):
            make_person(f"8101{number:04}", f"Petugas {number}", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
        scoring.build(cast.units.polres, OCTOBER)
        many = queries(client, "/nilai/?bulan=2026-10")
        assert len(many) == len(few) <= 12, "\n".join(many)
        assert len(queries(sign_in(cast.officer), f"/nilai/{cast.officer.pk}/?bulan=2026-10")) <= 14

    def test_the_api_gives_the_parts_to_officer_and_superiors(self, cast, sign_in):
        rated(cast)
        mine = sign_in(cast.officer).get("/api/v1/scores/?month=2026-10-01").json()["results"]
        assert [row["officer"] for row in mine] == [cast.officer.username]
        assert {part["part"] for part in mine[0]["parts"]} == {"activity", "quality"}
        all_of_them = sign_in(cast.kapolres).get("/api/v1/scores/?unit=POLSEK-BANYUMANIK&page_size=1").json()
        assert (len(all_of_them["results"]), bool(all_of_them["next"])) == (1, True)
        assert sign_in(cast.kapolres).get("/api/v1/scores/?month=x").status_code == 400
        assert sign_in(cast.colleague).get(f"/api/v1/scores/{mine[0]['id']}/").status_code == 404


def export(client, form):
    response = client.get(f"/nilai/unduh/?bulan=2026-10&bentuk={form}")
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


class TestWeightPages:
    GOOD = {"activity": "40", "quality": "20", "problems": "20", "response": "10", "satisfaction": "10", "starts_on": "2026-11-01"}

    def test_set_changed_and_taken_away(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        assert client.post("/kelola/bobot/baru/", {**self.GOOD, "unit": "POLSEK-BANYUMANIK"}).status_code == 302
        weights = ScoreWeights.objects.get(unit=cast.units.banyumanik)
        assert (
            client.post(f"/kelola/bobot/{weights.pk}/", {**self.GOOD, "activity": "30", "quality": "30", "starts_on": "2026-12-01"}).status_code
            == 302
        )
        assert list(ScoreWeights.objects.filter(unit=cast.units.banyumanik).order_by("starts_on").values_list("activity", "ends_on")) == [
            (40, datetime.date(2026, 11, 30)),
            (30, None),
        ]
        assert client.post(f"/kelola/bobot/{weights.pk}/hapus/").status_code == 302
        assert client.get("/kelola/bobot/?status=semua").status_code == 200

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"activity": "41"}, "__all__"),
            ({"activity": "-1"}, "activity"),
            ({"activity": "9" * 40}, "activity"),
            ({"quality": ""}, "quality"),
            ({"starts_on": "2026-10-01"}, "starts_on"),
            ({"starts_on": "\0"}, "starts_on"),
            ({"unit": "POLRESTABES-SEMARANG"}, "unit"),
            ({"unit": "POLSEK-\0"}, "unit"),
        ],
    )
    def test_wrong_values_are_named(self, cast, sign_in, wrong, field):
        page = sign_in(cast.kapolsek).post("/kelola/bobot/baru/", {**self.GOOD, "unit": "POLSEK-BANYUMANIK", **wrong})
        assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
        assert not ScoreWeights.objects.exclude(unit=None).exists()

    def test_a_second_for_the_same_time_is_refused_in_words(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        for _ in range(2):
            page = client.post("/kelola/bobot/baru/", {**self.GOOD, "unit": "POLSEK-BANYUMANIK"})
        assert page.context["form"].non_field_errors()

    def test_a_change_that_came_second_is_told(self, cast, sign_in, monkeypatch):
        weights = ScoreWeights.objects.create(unit=cast.units.banyumanik, starts_on=OCTOBER)
        stale = ScoreWeights.objects.get(pk=weights.pk)
        weights.change({str(part): weight for part, weight in DEFAULTS.items()}, datetime.date(2026, 12, 1), by=cast.kapolsek)
        monkeypatch.setattr("polmas.summaries.views.manage.weights._settable", lambda request, pk: stale)
        page = sign_in(cast.kapolsek).post(f"/kelola/bobot/{weights.pk}/", {**self.GOOD, "starts_on": "2026-12-01"})
        assert page.context["form"].non_field_errors()

    def test_those_above_are_read_and_left(self, cast, sign_in):
        country = ScoreWeights.objects.get(unit=None)
        client = sign_in(cast.kapolsek)
        assert country in list(client.get("/kelola/bobot/").context["page_obj"])
        assert client.post(f"/kelola/bobot/{country.pk}/hapus/").status_code == 404
        assert sign_in(cast.admin).post(f"/kelola/bobot/{country.pk}/", self.GOOD).status_code == 302
