"""The pages by which reports are recorded in an officer's name and answered by that officer."""

import datetime

from django.utils import timezone

from patrol.models import Report, State
from tests.patrol.behalf import make_clerk, record
from tests.patrol.items import file_report


def test_the_first_page_and_the_own_list_ask_the_officer(cast, clerk, sign_in):
    reports = [record(clerk, cast.officer) for _n in range(3)]
    client = sign_in(cast.officer)
    home = client.get("/")
    assert len(home.context["officer"]["to_confirm"]) == 2
    assert home.context["officer"]["returned"] == []
    assert clerk.full_name in home.text
    everything = '<a class="row-link" href="/kegiatan/?status=proposed">'
    assert ("(3)" in home.text, everything in home.text) == (True, True)
    own = client.get("/kegiatan/")
    assert (len(own.context["to_confirm"]), everything in own.text) == (3, False)
    for _n in range(9):
        record(clerk, cast.officer)
    own = client.get("/kegiatan/")
    assert (len(own.context["to_confirm"]), "(12)" in own.text, everything in own.text) == (10, True, True)
    assert len(client.get("/kegiatan/?status=proposed").context["page"].rows) == 12
    path = f"/kegiatan/{reports[0].uuid}/konfirmasi/"
    for body in ({"answer": "confirm", "version": "2"}, {"answer": "ya", "version": "1"}, {"answer": "refuse", "version": "1", "reason": " "}, {}):
        client.post(path, body)
        reports[0].refresh_from_db()
        assert reports[0].state == State.PROPOSED, body
    client.post(path, {"answer": "refuse", "version": "1", "reason": "Bukan saya."})
    client.post(f"/kegiatan/{reports[1].uuid}/konfirmasi/", {"answer": "confirm", "version": "1"})
    assert [Report.objects.get(pk=report.pk).state for report in reports] == ["withdrawn", "submitted", "proposed"]
    assert "Bukan saya." in sign_in(clerk).get("/kegiatan/atas-nama/?bagian=ditarik").text


def test_pages_to_record_show_the_own_unit_alone(cast, clerk, sign_in):
    client = sign_in(clerk)
    page = client.get("/catat/atas-nama/")
    assert [officer.username for officer in page.context["page_obj"]] == ["80010002", "80010001"]
    assert [officer.username for officer in client.get("/catat/atas-nama/?q=sutris").context["page_obj"]] == ["80010001"]
    assert client.get("/catat/?atas-nama=80010001").status_code == 200
    assert client.get("/catat/dds/?atas-nama=80010001").status_code == 200
    for query in ("?atas-nama=80020001", "?atas-nama=80010090", "?atas-nama=%00", "?atas-nama=x", "", "?atas-nama=80010001&hari=2001-01-01"):
        assert client.get(f"/catat/dds/{query}").status_code == 404, query
    for query in ("?hari=besok", "?hari=9999-99-99", "?q=%00", "?page=zz", f"?q={'x' * 200}"):
        assert client.get(f"/catat/atas-nama/{query}").status_code == 200, query
        assert client.get(f"/kegiatan/atas-nama/{query}").status_code == 200, query
    assert sign_in(cast.officer).get("/catat/dds/?atas-nama=80010002").status_code == 404
    elsewhere = make_clerk(cast.units.gajahmungkur)
    report = record(clerk, cast.officer)
    assert sign_in(elsewhere).get(f"/kegiatan/{report.uuid}/").status_code == 404
    assert sign_in(elsewhere).get("/kegiatan/atas-nama/").context["page_obj"].paginator.count == 0


def test_the_operator_mends_it_on_the_form(cast, clerk, sign_in):
    report = record(clerk, cast.officer)
    path = f"/catat/dds/{report.uuid}/"
    assert sign_in(clerk).get(path).context["officer"] == cast.officer
    assert "answer-part" not in sign_in(clerk).get(path).text
    assert "answer-part" not in sign_in(clerk).get("/catat/dds/?atas-nama=80010001").text
    assert sign_in(cast.officer).get(path).status_code == 302
    report.confirm(cast.officer)
    assert sign_in(clerk).get(path).status_code == 302
    assert sign_in(cast.officer).get(path).status_code == 200
    assert sign_in(cast.kanit).get(path).status_code == 404


def test_registers_and_areas_of_the_officer(cast, clerk, api):
    file_report(cast.officer)
    for path, key in (("households/", "results"), ("areas/", "features")):
        assert api(clerk).get(f"/api/v1/{path}?officer=80010001").json()[key], path
        for name in ("80020001", "x"):
            assert api(clerk).get(f"/api/v1/{path}?officer={name}").json()[key] == [], path
        assert api(clerk).get(f"/api/v1/{path}?officer=%00").status_code == 400


def test_registers_and_areas_are_those_of_the_day(cast, clerk, api, sign_in):
    """Pedalangan passed to the colleague today; the paper is of before."""
    file_report(cast.officer)
    today_is = timezone.localdate()
    before = today_is - datetime.timedelta(days=3)
    cast.officer.beats.update(ends_on=today_is - datetime.timedelta(days=1))
    for path, key in (("households/", "results"), ("areas/", "features")):
        asked = f"/api/v1/{path}?officer=80010001"
        assert [len(api(clerk).get(asked + day).json()[key]) > 0 for day in ("", f"&day={today_is}", f"&day={before}")] == [False, False, True], path
        assert api(clerk).get(f"/api/v1/{path}?officer=80020001&day={before}").json()[key] == [], path
        for wrong in ("besok", "9999-99-99", "%00", "99999-01-01"):
            assert api(clerk).get(f"{asked}&day={wrong}").status_code == 400, (path, wrong)
    assert f'data-day="{before}"' in sign_in(clerk).get(f"/catat/dds/?atas-nama=80010001&hari={before}").text


def test_paper_and_file_say_who_recorded(cast, clerk, sign_in):
    report = record(clerk, cast.officer)
    page = sign_in(cast.kanit).get(f"/kegiatan/{report.uuid}/").text
    assert clerk.full_name in page
    text = sign_in(cast.kanit).get("/kegiatan/unduh/").getvalue().decode()
    assert clerk.full_name in text
