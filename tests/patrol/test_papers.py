"""Reports on paper, in books, as text for WhatsApp and for BOS."""

import io

import openpyxl
import pytest

from patrol import papers
from patrol.models import BosField, BosMark, Report
from patrol.tasks import render_book, render_report
from patrol.texts import short_text
from polmas.people.models import Document
from tests.patrol.items import file_report, send
from tests.patrol.test_kinds import complete


def filed(api, user, kind, **detail) -> Report:
    item = complete(kind)
    item["detail"] |= detail
    [answer] = send(api(user), item)
    assert answer["status"] == "created", answer
    return Report.objects.get(uuid=item["id"])


@pytest.mark.parametrize("kind", ["DDS", "BINLUH", "PS", "JUMAT_CURHAT"])
def test_a_report_becomes_a_pdf(cast, api, sign_in, kind):
    report = filed(api, cast.officer, kind)
    assert sign_in(cast.officer).get(f"/kegiatan/{report.uuid}/pdf/").status_code == 202
    render_report(Document.objects.get().pk)
    answer = sign_in(cast.officer).get(f"/kegiatan/{report.uuid}/pdf/")
    assert (answer.status_code, b"".join(answer.streaming_content)[:5]) == (200, b"%PDF-")


def test_the_paper_of_a_case_names_parties_only_to_those_who_read_them(cast, api, sign_in):
    report = filed(api, cast.officer, "PS")
    names = {paper: str(papers.report_on_paper(report, paper)["parts"]) for paper in (papers.FULL, papers.WITHOUT_NAMES)}
    assert "Isi name 1" in names[papers.FULL]
    assert "Isi name 1" not in names[papers.WITHOUT_NAMES]
    for person, paper in ((cast.officer, papers.FULL), (cast.kapolsek, papers.FULL), (cast.operator, papers.WITHOUT_NAMES)):
        assert papers.kind_of_paper(report, person) == paper


def test_a_book_holds_the_own_reports_of_its_kinds(cast, api, sign_in):
    filed(api, cast.officer, "BINLUH", speaker="Ibu Kartini")
    filed(api, cast.officer, "SOSIAL")
    filed(api, cast.colleague, "BINLUH", speaker="Bapak Lain")
    page = sign_in(cast.officer).get("/buku/binluh/").content.decode()
    assert "Ibu Kartini" in page
    assert "Bapak Lain" not in page
    assert sign_in(cast.kapolsek).get("/buku/binluh/").content.decode().count("Bapak Lain") == 1
    narrowed = sign_in(cast.kapolsek).get(f"/buku/binluh/?petugas={cast.officer.username}").content.decode()
    assert "Bapak Lain" not in narrowed
    assert "Ibu Kartini" in narrowed


def test_a_book_as_workbook_and_as_pdf(cast, api, sign_in):
    filed(api, cast.officer, "BINLUH", speaker="=1+1")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(sign_in(cast.officer).get("/buku/binluh/?bentuk=xlsx").streaming_content))).active
    assert sheet.max_row == 2
    assert [cell.data_type for cell in sheet[2]][-1] == "s"  # a text, never a formula
    assert sign_in(cast.officer).get("/buku/binluh/?bentuk=pdf").status_code == 202
    render_book(Document.objects.get().pk)
    assert Document.objects.get().state == Document.State.READY


@pytest.mark.parametrize("query", ["dari=x", "dari=2026-02-01&sampai=2026-01-01", "dari=2020-01-01&sampai=2026-01-01", "petugas=%00", "bentuk=exe"])
def test_a_book_says_what_is_wrong_with_its_days(cast, sign_in, query):
    assert sign_in(cast.officer).get(f"/buku/mutasi/?{query}").status_code == 200


def test_a_book_costs_few_queries_whatever_it_holds(cast, api, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.officer)
    for kind in ("BINLUH", "SOSIAL", "DDS", "PS", "JUMAT_CURHAT", "KOORDINASI"):
        filed(api, cast.officer, kind)
        filed(api, cast.officer, kind)
    client.get("/buku/")
    with django_assert_max_num_queries(18):  # one for each kind that occurs, and for its repeated part
        client.get("/buku/mutasi/")


def test_the_text_follows_the_pattern_of_the_unit(cast):
    unit = cast.units.banyumanik
    unit.report_text = "Lapor {kepada}: {jenis} di {tempat}. {hasil} {tidak_ada}"
    unit.head_title = "KAPOLSEK BANYUMANIK"
    unit.save()
    report = file_report(cast.officer, result="Aman {terkendali}.", place="Balai RW")
    assert short_text(report) == "Lapor KAPOLSEK BANYUMANIK: Sambang di Balai RW. Aman {terkendali}. {tidak_ada}"


def test_the_text_names_no_resident_and_is_off_for_problem_solving(cast, api):
    report = file_report(
        cast.officer, detail={"household": {"id": "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11", "head_name": "Rahasia", "rw": "1", "rt": "1"}}
    )
    assert "Rahasia" not in short_text(report)
    assert short_text(filed(api, cast.officer, "PS")) == ""


def test_the_recap_of_a_day(cast, api, sign_in):
    file_report(cast.officer, result="Warga meminta ronda.")
    filed(api, cast.officer, "PS")
    file_report(cast.colleague, result="Milik kolega.")
    own = sign_in(cast.officer).get("/kegiatan/rekap/").context["text"]
    assert "Jumlah: 2 kegiatan" in own
    assert "Warga meminta ronda." in own
    assert "Milik kolega." not in own
    assert "Kegiatan berjalan lancar." not in own  # what a case is about is not told
    whole = sign_in(cast.kapolsek).get("/kegiatan/rekap/").context["text"]
    assert "Jumlah: 3 kegiatan" in whole
    assert sign_in(cast.officer).get("/kegiatan/rekap/?tanggal=2026-99-99").status_code == 200


class TestBos:
    def test_the_operator_sets_labels_and_order(self, cast, api, sign_in):
        report = filed(api, cast.officer, "BINLUH", speaker="Ibu Kartini")
        form = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0}
        form |= {"form-0-label": "Narasumber BOS", "form-0-source": "detail.speaker", "form-1-label": "Desa", "form-1-source": "village"}
        assert sign_in(cast.operator).post("/bos/binluh/", form).status_code == 302
        assert list(BosField.objects.values_list("label", flat=True)) == ["Narasumber BOS", "Desa"]
        lines = sign_in(cast.officer).get(f"/kegiatan/{report.uuid}/bos/").context["lines"]
        assert lines == [("Narasumber BOS", "Ibu Kartini"), ("Desa", report.area.name)]

    def test_a_value_that_does_not_exist_is_refused(self, cast, sign_in):
        form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "form-0-label": "X", "form-0-source": "password"}
        assert sign_in(cast.operator).post("/bos/binluh/", form).status_code == 200
        assert not BosField.objects.exists()

    def test_the_mark_is_set_and_taken_away(self, cast, sign_in):
        report = file_report(cast.officer)
        client = sign_in(cast.officer)
        client.post(f"/kegiatan/{report.uuid}/bos/")
        client.post(f"/kegiatan/{report.uuid}/bos/")
        assert BosMark.objects.get().by == cast.officer
        client.post(f"/kegiatan/{report.uuid}/bos/", {"aksi": "batal"})
        assert not BosMark.objects.exists()
