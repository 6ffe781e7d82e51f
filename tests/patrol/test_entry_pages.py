"""The officer's pages on the phone: who may open them, what they hold, and what they cost the database."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patrol.models import Report, State
from patrol.models.households import Household
from patrol.models.visits import Visit
from polmas.people.models import Code

FORM_BUDGET = 10  # queries, ux.md section 4
PAGES = ["/catat/", "/catat/dds/", "/antrean/"]


def sambang(officer, cast, **more):
    now = timezone.now()
    report = Report.objects.create(
        **{
            "kind": "DDS",
            "officer": officer,
            "unit": cast.units.banyumanik,
            "area": cast.areas["33.74.11.1004"],
            "day": now.date(),
            "occurred_at": now - datetime.timedelta(hours=1),
            "result": "Aman.",
            "content_hashes": ["0" * 64],
            **more,
        }
    )
    Visit.objects.create(report=report, is_declined=True)
    return report


@pytest.mark.parametrize("page", PAGES)
def test_officers_open_the_pages_and_nobody_else_finds_them(cast, sign_in, page):
    assert sign_in(cast.officer).get(page).status_code == 200
    # Whoever records in officers' names has an outbox, too.
    kanit = () if page == "/antrean/" else (cast.kanit,)
    for person in (*kanit, cast.kapolsek, cast.kapolres, cast.operator, cast.secretary, cast.admin):
        assert sign_in(person).get(page).status_code == 404
    assert sign_in(None).get(page).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_pages_cost_few_queries(cast, sign_in, page):
    client = sign_in(cast.officer)
    client.get(page)  # the session is written once
    for n in range(30):
        Household.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], rw="001", rt="001", head_name=f"Warga {n}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(page)
    assert len(queries) <= FORM_BUDGET, [query["sql"] for query in queries]


def test_the_form_offers_the_purposes_valid_today_and_holds_no_resident(cast, sign_in):
    Code.objects.filter(list="DDS_PURPOSE", code="PANTAU_TAMU").update(valid_to=timezone.localdate() - datetime.timedelta(days=1))
    Household.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], rw="001", rt="001", head_name="Bapak Rahasia")
    page = sign_in(cast.officer).get("/catat/dds/").content.decode()
    assert 'value="SILATURAHMI"' in page
    assert "PANTAU_TAMU" not in page
    assert "Bapak Rahasia" not in page


def test_a_returned_report_is_opened_with_the_note_of_the_reviewer(cast, sign_in):
    report = sambang(cast.officer, cast, state=State.RETURNED, review_note="Lengkapi uraian <b>RT 04</b>.")
    page = sign_in(cast.officer).get(f"/catat/dds/{report.uuid}/").content.decode()
    assert "Lengkapi uraian &lt;b&gt;RT 04&lt;/b&gt;." in page
    assert f'data-correction="{report.uuid}"' in page


def test_a_submitted_report_is_opened_without_a_note(cast, sign_in):
    report = sambang(cast.officer, cast)
    assert sign_in(cast.officer).get(f"/catat/dds/{report.uuid}/").status_code == 200


def test_only_its_officer_corrects_a_report(cast, sign_in):
    report = sambang(cast.officer, cast)
    for person in (cast.colleague, cast.outsider, cast.kanit, cast.kapolsek, cast.admin, cast.secretary):
        assert sign_in(person).get(f"/catat/dds/{report.uuid}/").status_code == 404
    assert sign_in(cast.officer).get(f"/catat/dds/{uuid.uuid4()}/").status_code == 404


def test_a_report_that_is_closed_sends_back_to_its_page(cast, sign_in):
    report = sambang(cast.officer, cast, state=State.VERIFIED)
    answer = sign_in(cast.officer).get(f"/catat/dds/{report.uuid}/")
    assert (answer.status_code, answer.url) == (302, f"/kegiatan/{report.uuid}/")


def test_the_correction_costs_few_queries(cast, sign_in):
    report = sambang(cast.officer, cast)
    client = sign_in(cast.officer)
    client.get(f"/catat/dds/{report.uuid}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/catat/dds/{report.uuid}/")
    assert len(queries) <= FORM_BUDGET, [query["sql"] for query in queries]
