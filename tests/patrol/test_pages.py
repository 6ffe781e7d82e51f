"""The list of activities, one report's page, its history, the file to take away."""

import csv
import datetime
import io
import json
import re

import pytest
from django.db import connection
from django.utils import timezone

from mapping.models import Area
from patrol import exports
from patrol.access import own_reports
from patrol.models import Report
from patrol.sync import take
from patrol.views import reports as views
from patrol.views.reports import short_text
from tests.patrol.items import correction_of, file_report, file_reports, report_item, send
from tests.patrol.pictures import jpeg, upload

FOREIGN = {"lat": -7.01, "lon": 110.41, "accuracy": 5}
SUMURBOTO = {"lat": -7.06, "lon": 110.41, "accuracy": 5}


def listed(client, query=""):
    """The uuids on the page, in its order."""
    response = client.get(f"/kegiatan/?{query}")
    assert response.status_code == 200
    return re.findall(r'href="/kegiatan/([0-9a-f-]{36})/"', response.content.decode())


def uuids(*reports):
    return [str(report.uuid) for report in reports]


class TestList:
    def test_officers_see_their_own_and_on_request_their_villages(self, cast, sign_in):
        mine = file_report(cast.officer)
        colleagues = file_report(cast.colleague)  # in Pedalangan, which the officer holds
        file_report(cast.outsider, location=FOREIGN)
        client = sign_in(cast.officer)
        assert listed(client) == uuids(mine)
        assert set(listed(client, "cakupan=wilayah")) == set(listed(client, "wilayah=33.74.11.1004")) == set(uuids(mine, colleagues))

    def test_readers_see_their_unit(self, cast, sign_in):
        reports = [file_report(cast.officer), file_report(cast.colleague)]
        foreign = file_report(cast.outsider, location=FOREIGN)
        for person in (cast.kanit, cast.kapolsek):
            assert set(listed(sign_in(person))) == set(uuids(*reports))
        for person in (cast.kasat, cast.kapolres, cast.operator):
            assert set(listed(sign_in(person))) == set(uuids(*reports, foreign))

    def test_whoever_reads_no_rows_finds_nothing(self, cast, sign_in):
        for person in (cast.secretary, cast.chair, cast.polda_reader, cast.admin):
            assert {sign_in(person).get(path).status_code for path in ("/kegiatan/", "/kegiatan/unduh/")} == {404}

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("petugas=80010002", "two"),
            ("petugas=nihil", ""),
            ("wilayah=33.74.11.1005", "two"),
            ("wilayah=33.74.11", "one two old"),
            ("wilayah=3374111005", "two"),
            ("satuan=POLSEK-BANYUMANIK", "one two old"),
            ("satuan=POLRESTABES-SEMARANG", "one two old"),
            ("satuan=POLSEK-GAJAHMUNGKUR", ""),
            ("status=verified", "one"),
            ("status=dihitung", "one two old"),
            ("status=returned", ""),
            ("jenis=DDS", "one two old"),
            ("sampai=2026-01-31", "old"),
            ("dari=2026-01-01&sampai=2026-01-20", "old"),
            ("dari=2026-01-21&status=dihitung", "one two"),
            ("q=LAMPU mati", "one"),
            ("q=100%25", ""),
        ],
    )
    def test_filters(self, cast, sign_in, query, expected):
        reports = {
            "one": file_report(cast.officer, result="Warga mengeluh lampu mati."),
            "two": file_report(cast.colleague, location=SUMURBOTO),
            "old": file_report(cast.officer, occurred_at="2026-01-20T09:00:00+07:00"),
        }
        reports["one"].verify(cast.kanit)
        assert set(listed(sign_in(cast.kapolsek), query)) == set(uuids(*(reports[name] for name in expected.split())))

    def test_of_too_many_villages_one_is_typed(self, cast, sign_in, monkeypatch):
        monkeypatch.setattr("polmas.people.choices.MOST_CHOICES", 1)
        mine, theirs = file_report(cast.officer), file_report(cast.colleague, location={"lat": -7.06, "lon": 110.41})
        shown = sign_in(cast.kapolsek).get("/kegiatan/?wilayah=33.74.11.1004").content.decode()
        assert '<select name="wilayah"' not in shown
        assert str(mine.uuid) in shown
        assert str(theirs.uuid) not in shown

    def test_where_names_are_typed_a_part_of_one_is_enough(self, cast, sign_in, monkeypatch):
        monkeypatch.setattr("polmas.people.choices.MOST_CHOICES", 0)
        mine, theirs = file_report(cast.officer), file_report(cast.colleague, location=SUMURBOTO)
        client = sign_in(cast.kapolsek)
        assert listed(client, f"petugas={cast.officer.name[:5].lower()}") == uuids(mine)
        assert listed(client, "wilayah=sumurb") == uuids(theirs)
        assert listed(client, "petugas=nobody") == listed(client, "wilayah=nowhere") == []
        assert client.get("/kegiatan/", {"petugas": "x" * 5000, "wilayah": "\x00%_'"}).status_code == 200

    def test_a_narrowed_list_says_to_what_and_how_many(self, cast, sign_in, monkeypatch):
        for _number in range(2):
            file_report(cast.officer, occurred_at="2026-01-20T09:00:00+07:00")
        client = sign_in(cast.kapolres)
        assert 'class="narrowed"' not in client.get("/kegiatan/").text
        narrowed = client.get("/kegiatan/?satuan=POLSEK-BANYUMANIK&wilayah=33.74.11&petugas=80010001&dari=2026-01-17&sampai=2026-01-23")
        assert 'class="narrowed"' in narrowed.text
        assert 'filter-fold" open' not in narrowed.text
        words = narrowed.context["filter"].words
        assert words[:2] == [cast.units.banyumanik.name, Area.objects.get(code="33.74.11").name]
        assert words[3].startswith("17–23 Jan")
        assert narrowed.context["filter"].total.startswith("2 ")
        monkeypatch.setattr("patrol.filters.MOST_COUNTED", 1)
        assert not client.get("/kegiatan/?status=dihitung").context["filter"].total.startswith("2 ")

    def test_a_unit_out_of_sight_is_not_named(self, cast, sign_in):
        narrowed = sign_in(cast.kapolsek).get("/kegiatan/?satuan=POLSEK-GAJAHMUNGKUR")
        assert narrowed.context["filter"].words == ["POLSEK-GAJAHMUNGKUR"]

    def test_pages_go_on_where_the_last_ended(self, cast, sign_in):
        now = timezone.now()
        items = [report_item(occurred_at=(now - datetime.timedelta(minutes=n // 3)).isoformat()) for n in range(90)]
        take(cast.officer, items)
        client, seen, query = sign_in(cast.officer), [], ""
        for _page in range(5):
            seen += listed(client, query)
            older = re.search(r'href="\?(sebelum=[^"]+)"', client.get(f"/kegiatan/?{query}").content.decode())
            if not older:
                break
            query = older[1]
        assert seen == uuids(*Report.objects.order_by("-occurred_at", "-pk"))

    def test_an_empty_list_offers_the_first_step(self, cast, sign_in):
        assert "/catat/dds/" in sign_in(cast.officer).get("/kegiatan/").content.decode()
        assert sign_in(cast.officer).get("/kegiatan/?q=nihil").status_code == 200

    def test_queries_do_not_grow(self, cast, sign_in, django_assert_max_num_queries):
        file_reports(cast.officer, 40)
        for person in (cast.officer, cast.kapolsek, cast.kapolres):
            client = sign_in(person)
            client.get("/kegiatan/")
            with django_assert_max_num_queries(12):
                assert len(listed(client, "satuan=POLSEK-BANYUMANIK")) == 40

    def test_the_page_is_cut_before_photos_are_counted(self, cast):
        """The rows come newest first from the index, and only those of the page are looked at."""
        file_reports(cast.officer, 3)
        rows = views.listed(own_reports(cast.officer)).order_by("-occurred_at", "-pk")[:2]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        [plan] = json.loads(rows.explain(format="json"))
        steps, step = [], plan["Plan"]
        while step:
            steps.append(step)
            step = next((part for part in step.get("Plans", []) if part["Parent Relationship"] != "InitPlan"), None)
        assert {"Aggregate", "Group", "Sort"}.isdisjoint(step["Node Type"] for step in steps)
        assert steps[-1]["Index Name"] in {index.name for index in Report._meta.indexes if "-occurred_at" in index.fields}


class TestExport:
    def rows(self, client, query=""):
        response = client.get(f"/kegiatan/unduh/?{query}")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    def test_it_holds_the_filtered_list_without_residents(self, cast, sign_in):
        file_report(cast.officer, result="Baris\nbaru; dan, koma")
        file_report(cast.colleague)
        [row] = self.rows(sign_in(cast.kapolsek), "petugas=80010001")
        assert (row["hasil"], row["rw"], row["rt"], row["satuan"], row["lat"]) == (
            "Baris\nbaru; dan, koma",
            "005",
            "003",
            "Polsek Banyumanik",
            "-7.0629",
        )
        assert "Widodo" not in str(row)

    @pytest.mark.parametrize("text", ["=1+1", "+62812", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_no_cell_is_a_formula(self, cast, sign_in, text):
        file_report(cast.officer, result=text)
        [row] = self.rows(sign_in(cast.kapolsek))
        assert row["hasil"].startswith("'")

    def test_a_filter_that_cannot_be_read_exports_nothing(self, cast, sign_in):
        file_report(cast.officer)
        response = sign_in(cast.officer).get("/kegiatan/unduh/?dari=abc&q=x")
        assert (response.status_code, response.url) == (302, "/kegiatan/?dari=abc&q=x")

    def test_what_takes_long_is_left_to_a_worker(self, cast, sign_in, monkeypatch):
        monkeypatch.setattr(exports, "MAX_ROWS", 2)
        file_reports(cast.officer, 2)
        client = sign_in(cast.officer)
        assert len(self.rows(client)) == 2
        file_report(cast.officer)
        response = client.get("/kegiatan/unduh/?jenis=DDS")
        assert (response.status_code, response.url) == (302, "/kegiatan/berkas/?jenis=DDS")

    @pytest.mark.parametrize("query", ["wilayah=nowhere", "satuan=NONE"])
    def test_what_holds_nothing_is_a_file_without_rows(self, cast, sign_in, query):
        file_report(cast.officer)
        assert self.rows(sign_in(cast.kapolsek), query) == []

    def test_officers_take_their_own(self, cast, sign_in):
        file_report(cast.officer)
        file_report(cast.colleague)
        assert len(self.rows(sign_in(cast.officer))) == 1
        assert len(self.rows(sign_in(cast.officer), "cakupan=wilayah")) == 2


class TestDetail:
    def test_who_sees_it(self, cast, sign_in, api):
        report = file_report(cast.officer)
        readers = {"officer", "kanit", "kapolsek", "kasat", "kapolres", "clerk", "operator"}
        for name, person in cast.people.items():
            expected = 200 if name in readers else 404
            assert sign_in(person).get(f"/kegiatan/{report.uuid}/").status_code == expected, name
            assert api(person).get(f"/api/v1/reports/{report.uuid}/").status_code == expected, name

    def test_it_shows_all_that_was_said(self, cast, sign_in, api, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        item = report_item(
            narrative="Uraian panjang.",
            follow_up="Lapor lurah.",
            place="Jl. Tirto Agung 12",
            participants=[{"kind": "BABINSA", "name": "Serda Joko"}],
            detail={"received_by": "Ibu Widodo", "opinions": [{"kind": "KELUHAN", "text": "Lampu jalan mati", "urgency": "TINGGI"}]},
            photos=["0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a99"],
        )
        send(api(cast.officer), item)
        api(cast.officer).post(
            f"/api/v1/reports/{item['id']}/photos/", {"id": "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a98", "file": upload(jpeg())}, format="multipart"
        )
        page = sign_in(cast.kapolsek).get(f"/kegiatan/{item['id']}/").content.decode()
        for words in (
            "Uraian panjang.",
            "Lapor lurah.",
            "Jl. Tirto Agung 12",
            "Serda Joko",
            "Ibu Widodo",
            "Lampu jalan mati",
            "RT 003/RW 005",
            "1a98/kecil/",
            "Aipda Sutrisno",
        ):
            assert words in page, words

    def test_the_ways_on_are_those_of_the_reader(self, cast, sign_in):
        report = file_report(cast.officer)
        edit, review, withdraw = f"/catat/dds/{report.uuid}/", f'href="/tinjau/{report.uuid}/"', f"/kegiatan/{report.uuid}/tarik/"

        def ways(person):
            page = sign_in(person).get(f"/kegiatan/{report.uuid}/").content.decode()
            return [path in page for path in (edit, review, withdraw)]

        assert ways(cast.officer) == [True, False, True]
        assert ways(cast.kanit) == [False, True, False]
        assert ways(cast.kapolsek) == [False, False, False]
        report.verify(cast.kanit)
        assert ways(cast.officer) == ways(cast.kanit) == [False, False, False]

    def test_absent_and_declined(self, cast, sign_in):
        report = file_report(
            cast.officer, result="", detail={"household": None, "declined": True, "absent": True}, location=None, area="33.74.11.1004"
        )
        assert sign_in(cast.officer).get(f"/kegiatan/{report.uuid}/").status_code == 200

    def test_queries_are_few(self, cast, api, sign_in, django_assert_max_num_queries):
        item = report_item(detail={"opinions": [{"kind": "SARAN", "text": f"Saran {n}"} for n in range(5)]})
        send(api(cast.officer), item)
        for n in range(2, 6):
            item = correction_of(item, result=f"Versi {n}")
            send(api(cast.officer), item)
        client = sign_in(cast.officer)
        client.get("/kegiatan/")
        with django_assert_max_num_queries(25):
            client.get(f"/kegiatan/{item['id']}/")


class TestShortText:
    def test_it_names_no_resident(self, cast):
        report = file_report(cast.officer, result="Situasi aman.", follow_up="Ronda diaktifkan.", occurred_at="2026-11-20T13:14:00+07:00")
        text = short_text(report)
        assert text.startswith("Kepada Yth. Kapolsek Banyumanik\nDari: Bhabinkamtibmas Kelurahan Pedalangan, Aipda Sutrisno")
        assert "*Jumat, 20 November 2026 pukul 13.14 WIB*" in text
        assert "RT 003/RW 005" in text
        assert "Situasi aman." in text
        assert "Widodo" not in text


@pytest.mark.django_db(transaction=True)
def test_the_history_says_who_changed_what(cast, api, sign_in):
    item = report_item(result="Aman.")
    browser = sign_in(cast.officer)

    def sent(item):
        body = {"user": cast.officer.pk, "reports": [item]}
        assert browser.post("/api/v1/reports/sync/", body, content_type="application/json").json()["results"][0]["status"] == "created"

    sent(item)
    sign_in(cast.kanit).post(f"/tinjau/{item['id']}/", {"action": "return", "version": 1, "note": "Lengkapi keluhan."})
    sent(
        correction_of(
            item, result="Lampu mati.", detail={**item["detail"], "received_by": "Ibu Widodo", "opinions": [{"kind": "KELUHAN", "text": "Gelap"}]}
        )
    )
    sign_in(cast.kanit).post(f"/tinjau/{item['id']}/", {"action": "verify", "version": 2})
    history = browser.get(f"/kegiatan/{item['id']}/").context["history"]
    assert [step.who for step in history] == ["Aipda Sutrisno", "Iptu Harjono", "Aipda Sutrisno", "Iptu Harjono"]
    assert [step.icon for step in history] == ["send", "arrow-back-up", "send", "check"]
    corrected = {change.after: change.before for change in history[2].changes}
    assert corrected == {"Lampu mati.": "Aman.", "Ibu Widodo": "", "Gelap": ""}
    assert ("", "Lengkapi keluhan.") in {(change.before, change.after) for change in history[1].changes}
