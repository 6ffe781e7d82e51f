"""Pages of problems: recording, the course, links that show no more than the reader may know, and the list."""

import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapping.geometry import geojson
from mapping.models import Area, Partner, Problem
from patrol.models import Opinion, ProblemLink, Report
from patrol.models.problem_links import link
from tests.mapping.problems import PEDALANGAN, make_problem, point, square
from tests.patrol.informations import make_information
from tests.patrol.items import file_report

pytestmark = pytest.mark.django_db
NEW = "/masalah/baru/"


def filled(**changes):
    return {"kind": "RAWAN_CURANMOR", "title": "Curanmor di kos", "area": PEDALANGAN, "grade": "AG", **changes}


def body(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("person", ["officer", "kanit", "kapolsek", "kapolres"])
def test_who_holds_or_leads_records_a_problem_of_the_polsek(cast, sign_in, person):
    outline = json.dumps(geojson(square(110.425, -7.065)))
    answer = sign_in(getattr(cast, person)).post(
        NEW, filled(shape=outline, weekdays=["5", "6"], hour_from="22:00", hour_to="02:00", functions=["LANTAS", "RESKRIM"], areas=["33.74.11.1003"])
    )
    problem = Problem.objects.get()
    assert answer.headers["Location"] == f"/masalah/{problem.uuid}/"
    assert (problem.unit, problem.klass, problem.recorded_by) == (cast.units.banyumanik, "LOKASI_RAWAN", getattr(cast, person))
    assert (problem.weekdays, problem.functions) == ([5, 6], ["LANTAS", "RESKRIM"])
    assert problem.shape.geom_type == "Polygon"
    assert [area.name for area in problem.areas.all()] == ["Padangsari"]


REFUSED = [
    {"kind": ""},
    {"kind": "ENTAH"},
    {"title": ""},
    {"title": " "},
    {"title": "x" * 161},
    {"title": "a\0b"},
    {"description": "x" * 5000},
    {"area": "33.74.09.1001"},
    {"area": "x\0"},
    {"shape": "{"},
    {"shape_point": "52, 4"},
    {"hour_from": "22:00"},
    {"weekdays": ["9"]},
    {"functions": ["X"]},
    {"areas": ["33.74.09.1001"]},
    {"partners": ["999999"]},
    {"responsible": "80020001"},
    {"target_on": "kapan-kapan"},
    {"grade": "XX"},
    {"kind": "GENG"},
    {"kind": "GENG", "happened_on": "2026-01-02", "description": "Penganut ajaran sesat."},
]


@pytest.mark.parametrize("changes", REFUSED, ids=[str(changes)[:40] for changes in REFUSED])
def test_what_cannot_be_is_refused_and_what_was_typed_stays(cast, sign_in, changes):
    answer = sign_in(cast.officer).post(NEW, filled(stakeholders="Ketua RW 05", **changes))
    assert answer.status_code == 200
    assert not Problem.objects.exists()
    assert "Ketua RW 05" in body(answer)


def test_the_address_names_the_place(cast, sign_in):
    client = sign_in(cast.kanit)
    page = body(client.get(f"{NEW}?titik=-7.0629,110.4280"))
    assert 'value="-7.062900, 110.428000"' in page
    assert '<option value="33.74.11.1004" selected>' in page
    page = body(client.get(NEW, {"bentuk": json.dumps(geojson(square(110.425, -7.085)))}))
    assert '<option value="33.74.11.1003" selected>' in page
    for odd in ("titik=%00", "titik=x", "bentuk=[]", "bentuk=%7B%7D", "laporan=", "pendapat=3"):
        assert client.get(f"{NEW}?{odd}").status_code == 200
    for odd in ("laporan=x", "laporan=%00", "li=x", "li=0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11"):
        assert client.get(f"{NEW}?{odd}").status_code == 404


def test_the_return_of_a_solved_one_is_asked_for(cast, sign_in):
    former = make_problem(cast, shape=point(110.428, -7.0629), title="Curanmor lama")
    Problem.objects.filter(pk=former.pk).update(status="SELESAI", solved_on=timezone.localdate())
    client, there = sign_in(cast.officer), {"shape_point": "-7.0630, 110.4281"}
    page = body(client.post(NEW, filled(**there)))
    assert Problem.objects.count() == 1
    assert "Curanmor lama" in page
    client.post(NEW, filled(**there, berulang="baru"))
    assert Problem.objects.first().status == "TERPETAKAN"
    client.post(NEW, filled(**there, berulang=str(former.uuid)))
    again = Problem.objects.first()
    assert (again.status, again.recurs) == ("BERULANG", former)
    assert f"/masalah/{former.uuid}/" in body(client.get(f"/masalah/{again.uuid}/"))
    assert f"/masalah/{again.uuid}/" in body(client.get(f"/masalah/{former.uuid}/"))


def test_what_a_resident_said_becomes_a_problem(cast, sign_in):
    report = file_report(cast.officer)
    Opinion.objects.filter(report=report).delete()
    Opinion.objects.create(report=report, kind="KELUHAN", text="Lampu gang mati tiga malam.", field="KESELAMATAN")
    client, address = sign_in(cast.officer), f"{NEW}?laporan={report.uuid}&pendapat=1"
    page = body(client.get(address))
    assert "Lampu gang mati tiga malam." in page
    client.post(address, filled(kind="LAMPU_MATI"))
    told = ProblemLink.objects.get()
    assert (told.role, told.report, told.opinion, told.quote) == ("SOURCE", report, 1, "Lampu gang mati tiga malam.")
    assert "Lampu gang mati tiga malam." in body(client.get(f"/masalah/{told.problem.uuid}/"))
    assert f"/masalah/{told.problem.uuid}/" in body(client.get(f"/kegiatan/{report.uuid}/"))
    assert client.get(f"{NEW}?laporan={report.uuid}&pendapat=2").status_code == 404
    assert sign_in(cast.outsider).get(address).status_code == 404


def test_a_link_to_an_li_exists_only_for_those_who_read_it(cast, sign_in):
    problem = make_problem(cast)
    li = make_information(cast, cast.officer)
    client = sign_in(cast.kanit)
    assert client.post(f"/masalah/tautkan/?li={li.uuid}", {"masalah": str(problem.uuid), "peran": "sumber"}).status_code == 302
    assert f"/li/{li.uuid}/" in body(client.get(f"/masalah/{problem.uuid}/"))
    for reader in (cast.clerk, cast.kasat, cast.operator):
        page = body(sign_in(reader).get(f"/masalah/{problem.uuid}/"))
        assert str(li.uuid) not in page
        assert not ProblemLink.objects.for_user(reader).exists()
    assert sign_in(cast.clerk).get(f"/masalah/tautkan/?li={li.uuid}").status_code == 404
    assert sign_in(cast.officer).post(f"/masalah/{problem.uuid}/tautan/{ProblemLink.objects.get().pk}/hapus/").status_code == 302


def test_a_problem_made_from_an_li_begins_confidential(cast, sign_in):
    li = make_information(cast, cast.officer)
    page = body(sign_in(cast.officer).get(f"{NEW}?li={li.uuid}"))
    assert 'name="is_confidential" aria-describedby="id_is_confidential_helptext" id="id_is_confidential" checked' in page


def test_the_course_on_its_page(cast, sign_in):
    problem = make_problem(cast)
    at = f"/masalah/{problem.uuid}/"
    officer, kanit = sign_in(cast.officer), sign_in(cast.kanit)
    day = timezone.localdate().isoformat()
    step = {"stage": "TANGANI", "phase": "PRA", "text": "Memasang lampu.", "day": day}
    assert officer.post(f"{at}langkah/", step).status_code == 302
    refused = officer.post(f"{at}langkah/", {**step, "text": "", "measure": "motor hilang"})
    assert refused.status_code == 200
    assert "motor hilang" in body(refused)
    for odd in ({"stage": "X"}, {"text": "x" * 5000}, {"text": "\0"}, {"day": "2099-01-01"}, {"count_before": "-1"}, {"count_after": "9" * 30}):
        assert officer.post(f"{at}langkah/", {**step, **odd}).status_code == 200
    assert problem.steps.count() == 1
    assert officer.post(f"{at}tutup/", {"teks": "Aman."}).status_code == 404
    kanit.post(f"{at}tutup/", {"teks": "Aman."})
    problem.refresh_from_db()
    assert problem.status == "DITANGANI"
    officer.post(f"{at}langkah/", {**step, "stage": "NILAI", "phase": "PASCA", "measure": "motor hilang", "count_before": "3", "count_after": "0"})
    kanit.post(f"{at}tutup/", {"teks": "Aman.\0"})
    problem.refresh_from_db()
    assert (problem.status, problem.outcome) == ("SELESAI", "Aman.")
    page = body(kanit.get(at))
    assert "motor hilang: 3 → 0" in page
    assert "SARE" not in page
    assert "SARA" not in page
    assert officer.post(f"{at}langkah/", step).status_code == 302
    assert problem.steps.count() == 2
    kanit.post(f"{at}tutup/", {"teks": "Kembali hilang.", "buka": "1"})
    problem.refresh_from_db()
    assert problem.status == "BERULANG"


def test_activities_are_linked_and_counted_before_and_after(cast, sign_in):
    problem = make_problem(cast)
    report = file_report(cast.officer)
    client = sign_in(cast.officer)
    at = f"/masalah/{problem.uuid}/tautan/"
    assert str(report.uuid) in body(client.get(at))
    assert str(report.uuid) not in body(client.get(f"{at}?q=tidak-ada-kata-ini"))
    assert client.get(f"{at}?q=%00&page=99999999").status_code == 200
    assert client.post(at, {"laporan": str(report.uuid), "peran": "tindakan"}).status_code == 302
    assert client.post(at, {"laporan": str(report.uuid)}).status_code == 404  # linked already: no longer offered
    assert client.post(at, {"laporan": "x"}).status_code == 404
    page = body(client.get(f"/masalah/{problem.uuid}/"))
    assert str(report.uuid) in page
    other = file_report(cast.officer)
    Report.objects.filter(pk=other.pk).update(area=cast.areas["33.74.11.1003"])
    assert client.post(at, {"laporan": str(other.uuid)}).status_code == 404
    assert link(problem, cast.officer, "ACTION", report=report) == ProblemLink.objects.get()


def test_a_mistake_is_taken_out_and_stays_in_the_history(cast, sign_in):
    problem = make_problem(cast)
    worked = make_problem(cast)
    worked.add_step(cast.officer, "KENALI", "Dilihat.")
    client = sign_in(cast.kanit)
    client.post(f"/masalah/{worked.uuid}/hapus/")
    client.post(f"/masalah/{problem.uuid}/hapus/")
    assert list(Problem.objects.all()) == [worked]
    assert Problem.events.rel.related_model.objects.filter(pgh_obj_id=problem.pk, pgh_label="delete").exists()


def test_the_list_is_narrowed_ordered_and_cheap(cast, sign_in):
    theft = make_problem(cast, grade="GN", functions=["LANTAS", "RESKRIM"], responsible=cast.officer, target_on="2026-01-01")
    light = make_problem(cast, kind="LAMPU_MATI", title="Lampu gang mati", village="33.74.11.1003", field="KESELAMATAN")
    across = make_problem(cast, kind="JUDI", title="Judi sabung ayam", areas=[cast.areas["33.74.11.1005"]], is_confidential=True)
    Problem.objects.filter(pk=light.pk).update(status="SELESAI", solved_on=timezone.localdate())
    client = sign_in(cast.kanit)

    def shown(query):
        page = body(client.get(f"/masalah/?{query}"))
        return {problem.title for problem in (theft, light, across) if str(problem.uuid) in page}

    titles = {theft.title, light.title, across.title}
    assert shown("") == titles - {light.title}
    assert shown("status=semua") == titles
    assert shown("status=SELESAI") == {light.title}
    assert shown("q=sabung") == {across.title}
    assert shown("wilayah=33.74.11.1005") == {across.title}
    assert shown("kelas=PENYAKIT_MASYARAKAT") == {across.title}
    assert shown("jenis=LAMPU_MATI&status=semua") == {light.title}
    assert shown("bidang=KESELAMATAN&status=semua") == {light.title}
    assert shown("tingkat=GN") == {theft.title}
    assert shown("fungsi=LANTAS") == {theft.title}
    assert shown("dampak=wilayah") == {across.title}
    assert shown("dampak=fungsi") == {theft.title}
    assert shown("lewat=1") == {theft.title}
    assert shown(f"petugas={cast.officer.username}") == {theft.title}
    for odd in ("q=%00&wilayah=%00&kelas=%00&status=x&urut=x&page=9999999", "fungsi=" + "x" * 500, "petugas=%00", "jenis=" + "x" * 5000):
        assert client.get(f"/masalah/?{odd}").status_code == 200
    clerk = body(sign_in(cast.clerk).get("/masalah/?q=sabung&status=semua"))
    assert str(across.uuid) not in clerk
    for number in range(45):
        make_problem(cast, title=f"Masalah {number}", responsible=cast.officer)
    with CaptureQueriesContext(connection) as queries:
        client.get("/masalah/?urut=tingkat")
    assert len(queries) <= 12, [query["sql"][:150] for query in queries]
    Partner.objects.create(unit=cast.units.banyumanik, kind="PEMDA", name="Dinas PU")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/masalah/{theft.uuid}/")
    assert len(queries) <= 26, [query["sql"][:150] for query in queries]


def test_the_list_leaves_as_a_table(cast, sign_in):
    make_problem(cast, title="=HYPERLINK(1)", shape=point(110.428, -7.0629))
    make_problem(cast, title="Rahasia", is_confidential=True)
    client = sign_in(cast.kanit)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/masalah/unduh/").streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert {row[0] for row in rows[1:]} == {"=HYPERLINK(1)", "Rahasia"}
    text = b"".join(sign_in(cast.clerk).get("/masalah/unduh/?bentuk=csv").streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "Rahasia" not in text


def test_reports_and_problems_of_an_rt_are_those_of_its_village(cast, sign_in):
    problem, village = make_problem(cast), cast.areas[PEDALANGAN]
    rw = Area.objects.create(code=f"{village.code}.003", name="003", parent=village)
    rt = Area.objects.create(code=f"{rw.code}.002", name="002", parent=rw)
    report = file_report(cast.officer)
    Report.objects.filter(pk=report.pk).update(area=rt)
    client = sign_in(cast.officer)
    assert str(report.uuid) in body(client.get(f"/masalah/{problem.uuid}/tautan/"))
    assert str(problem.uuid) in body(client.get(f"/masalah/tautkan/?laporan={report.uuid}"))
    assert f'<option value="{PEDALANGAN}" selected>' in body(client.get(f"{NEW}?laporan={report.uuid}"))


def test_a_form_sent_twice_makes_one_problem(cast, sign_in):
    client = sign_in(cast.officer)
    key = client.get(NEW).context["form"]["key"].value()
    first, again = (client.post(NEW, filled(key=str(key))) for _turn in range(2))
    assert first.headers["Location"] == again.headers["Location"] == f"/masalah/{key}/"
    assert Problem.objects.count() == 1
