"""Every number of a dashboard leads to rows, and there are as many of them as it says: at each level, link by link."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.template.loader import render_to_string

from mapping import incidents
from mapping.models import DailyStatement, Problem
from polmas.people.models import Document
from polmas.summaries import dashboard_papers, tasks
from tests.fkpm.cases import make_case
from tests.mapping.incidents import make_incident
from tests.mapping.problems import make_problem
from tests.patrol.informations import make_information
from tests.summaries.rows import banyumanik, make_report


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr("patrol.models.marks.current_app.send_task", lambda name, **kwargs: None)


@pytest.fixture
def scene(cast):
    """Reports of both Polsek on two days, incidents, problems of which one is confidential, cases and LI."""
    today = cast.units.banyumanik.today()
    yesterday = today - datetime.timedelta(days=1)
    banyumanik(cast, 2, today)
    banyumanik(cast, 3, yesterday)
    make_report(cast.people["outsider"], cast.units.gajahmungkur, cast.areas["33.74.09.1001"], yesterday)
    for kind in ("CURANMOR", "CURANMOR", "LAKA"):
        make_incident(cast, kind=kind)
    make_incident(cast, kind="CURANMOR", unit=cast.units.gajahmungkur, village="33.74.09.1001", location=None)
    incidents.state(cast.units.banyumanik, yesterday, DailyStatement.Says.ISI, cast.spkt)
    Problem.objects.filter(pk=make_problem(cast, title="Tertutup").pk).update(is_confidential=True)
    make_problem(cast)
    make_information(cast)
    make_case(cast)


def numbers(context) -> dict[str, int]:
    """Addresses on the page and what stands in them."""
    told = {context["all_link"]: context["activity"]["change"].now, context["waiting"]["link"]: context["waiting"]["count"]}
    told |= {line["link"]: line["now"] for line in context["activity"]["days"]}
    if context["informations"]:
        told[context["informations"]["link"]] = context["informations"]["count"]
    told |= {line["link"]: line["count"] for name in ("officers", "places") for line in context.get(name, ())}
    for line in context.get("branches", ()):
        told |= {line["link"]: line["change"].now, line["waiting_link"]: line["waiting"]}
    situation, link = context["situation"], context["incidents_link"]
    told[link] = situation["incidents"].total.change.now
    told |= {f"{link}&kelas={line.code}": line.change.now for line in (*situation["incidents"].crimes, *situation["incidents"].others)}
    told |= {f"{link}&jenis={line.code}": line.change.now for line in situation["incidents"].top}
    for place, band in enumerate(situation["hours"]["bands"]):
        told |= {f"{link}&jam={place}&hari={day}": cell["number"] for day, cell in enumerate(band["cells"], 1) if cell["number"]}
    told[context["problems_link"]] = situation["problems"]["open"]
    told |= {f"{context['problems_link']}&kelas={code}": number for code, _label, number in situation["problems"]["classes"]}
    told |= {link: change.now for _label, change, link in context["forum_lines"]}
    told |= {link: number for _label, number, link in context["gap_lines"]}
    return {link: number for link, number in told.items() if link}


def rows_of(context) -> int:
    page = context["page_obj"] if "page_obj" in context else context["page"]
    return page.paginator.count if hasattr(page, "paginator") else context["filter"].qs.count()


def counted(client, link) -> int:
    return rows_of(client.get(link).context)


@pytest.mark.parametrize(
    ("who", "code"), [("kapolsek", ""), ("kanit", ""), ("kapolres", ""), ("kapolres", "POLSEK-BANYUMANIK"), ("kapolres", "POLSEK-GAJAHMUNGKUR")]
)
@pytest.mark.parametrize("period", ["hari", "30hari"])
def test_a_number_is_as_many_rows(cast, sign_in, scene, who, code, period):
    client = sign_in(cast.people[who])
    told = numbers(client.get("/dasbor/", {"periode": period, **({"satuan": code} if code else {})}).context)
    assert len(told) > 20
    differing = {link: (number, rows) for link, number in told.items() if (rows := counted(client, link)) != number}
    assert not differing


def test_readers_of_figures_alone_are_led_down_the_tree_and_to_no_row(cast, sign_in, scene):
    page = sign_in(cast.people["polda_reader"]).get("/dasbor/").content.decode()
    assert "/dasbor/?satuan=POLRESTABES-SEMARANG" in page
    assert not [path for path in ("/kegiatan/?", "/gangguan/?", "/masalah/?", "/li/?", "/fkpm/") if f'href="{path}' in page]


def test_goes_along_as_a_workbook_that_says_of_which_unit_and_days(cast, sign_in, scene):
    response = sign_in(cast.people["kapolsek"]).get("/dasbor/unduh/", {"dari": "2026-10-01", "sampai": "2026-10-31", "bentuk": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[:3]] == ["Dasbor Polsek Banyumanik", "Periode: 1–31 Oktober 2026", "Sebelumnya: 31 Agustus – 30 September 2026"]
    assert rows[5][:4] == ("Bagian", "Uraian", "Sebelumnya", "Kini")
    assert "dasbor-polsek-banyumanik-20261001-20261031-" in response["Content-Disposition"]


@pytest.mark.parametrize("days_filled_in", [1, 30])
def test_incidents_of_a_table_are_compared_as_on_the_page(cast, sign_in, days_filled_in):
    unit, yesterday = cast.units.banyumanik, cast.units.banyumanik.today() - datetime.timedelta(days=1)
    for days_ago in (0, 30):
        last = yesterday - datetime.timedelta(days=days_ago)
        make_incident(cast, at=datetime.datetime.combine(last, datetime.time(9), unit.zone))
        for day in range(days_filled_in):
            says = DailyStatement.Says.NIHIL if day else DailyStatement.Says.ISI
            incidents.state(unit, last - datetime.timedelta(days=day), says, cast.spkt)
    days = {"dari": yesterday - datetime.timedelta(days=29), "sampai": yesterday, "bentuk": "csv"}
    text = b"".join(sign_in(cast.people["kapolsek"]).get("/dasbor/unduh/", days).streaming_content).decode("utf-8-sig")
    row = next(row for row in csv.reader(io.StringIO(text)) if row[:2] == ["Gangguan", "Semua"])
    assert row[2:6] == ["1", "1", "0", "0.00" if days_filled_in == 30 else ""]


def test_goes_along_on_paper_as_its_reader_sees_it(cast, sign_in, scene, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    address = {"satuan": "POLSEK-BANYUMANIK", "bentuk": "pdf"}
    told = {}
    for who in ("kapolsek", "polda_reader"):
        client = sign_in(cast.people[who])
        assert client.get("/dasbor/unduh/", address).status_code == 202
        document = Document.objects.order_by("-pk").first()
        tasks.render_dashboard(document.pk)
        document.refresh_from_db()
        with document.file.open() as file:
            assert file.read().startswith(b"%PDF")
        told[who] = render_to_string("print/dashboard.html", dashboard_papers.paper(document))
    assert cast.officer.full_name in told["kapolsek"]
    assert cast.officer.full_name not in told["polda_reader"]
    assert all("Gangguan" in page and "Polsek Banyumanik" in page for page in told.values())
