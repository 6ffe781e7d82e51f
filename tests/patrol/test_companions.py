"""Colleagues who took part: credited in the own numbers, once in the unit's, and seeing no more than the facts."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol.models import Participation, Report
from patrol.sync import take
from polmas.people.models import Posting, Role
from polmas.people.periods import month_of, today
from polmas.summaries import contents, dashboards, figures, progress
from polmas.summaries.models import DailyCount, Measure, TargetPeriod
from polmas.summaries.recount import recount_marked
from tests.cast import make_person
from tests.patrol.behalf import item_for
from tests.patrol.items import correction_of, file_report, report_item, send, statuses


def with_(*officers) -> list[dict]:
    return [{"kind": "POLRI", "name": officer.name, "officer": officer.username} for officer in officers]


def credited(report) -> set:
    return {row.officer for row in report.participations.select_related("officer")}


def own_number(cast, officer) -> int:
    unit = cast.units.banyumanik
    return progress.of_officers(unit, [officer], TargetPeriod.MONTH, unit.today())[0].total.count


def test_a_colleague_of_the_unit_is_credited(cast):
    report = file_report(cast.officer, participants=[*with_(cast.colleague), {"kind": "BABINSA", "name": "Serda Joko"}, "Pak RW"])
    assert credited(report) == {cast.colleague}
    assert (own_number(cast, cast.officer), own_number(cast, cast.colleague)) == (1, 1)
    recount_marked()
    assert figures.total(cast.units.banyumanik, month_of(cast.units.banyumanik.today())) == 1


def test_whoever_is_not_of_the_unit_stays_named_and_no_report_is_lost(cast):
    unknown = {"kind": "POLRI", "name": "Si Fulan", "officer": "99999999"}
    report = file_report(cast.officer, participants=[*with_(cast.outsider, cast.kanit, cast.officer), unknown])
    assert credited(report) == set()
    assert [one["name"] for one in report.participants] == ["Agus Riyanto", "Harjono", "Sutrisno", "Si Fulan"]


def test_credit_follows_the_posting_of_the_day(cast):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Posting.objects.filter(user=cast.colleague).update(ends_on=yesterday)
    before = (timezone.now() - datetime.timedelta(days=2)).isoformat()
    assert credited(file_report(cast.officer, occurred_at=before, participants=with_(cast.colleague))) == {cast.colleague}
    assert credited(file_report(cast.officer, occurred_at=timezone.now().isoformat(), participants=with_(cast.colleague))) == set()


def test_a_correction_changes_who_is_credited(cast):
    third = make_person("80010044", "Slamet", cast.units.banyumanik, Role.POLISI_RW)
    item = report_item(participants=with_(cast.colleague))
    take(cast.officer, [item])
    report = Report.objects.get(uuid=item["id"])
    take(cast.officer, [correction_of(item, participants=with_(third, third))])
    assert credited(report) == {third}
    take(cast.officer, [{**item, "version": 3, "base_version": 2, "participants": []}])
    assert credited(report) == set()


def test_one_is_credited_once(cast):
    report = file_report(cast.officer, participants=with_(cast.colleague))
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(report=report, officer=cast.colleague)


def test_a_withdrawn_report_credits_nobody(cast):
    report = file_report(cast.officer, participants=with_(cast.colleague))
    report.withdraw(cast.officer, "Dobel.")
    assert own_number(cast, cast.colleague) == 0


def test_what_waits_for_confirmation_credits_nobody_yet(cast):
    item = item_for(cast.officer, participants=with_(cast.colleague))
    take(cast.clerk, [item])
    assert own_number(cast, cast.colleague) == 0
    Report.objects.get(uuid=item["id"]).confirm(cast.officer)
    assert own_number(cast, cast.colleague) == 1


def test_rings_cluster_dashboard_and_summary_credit_too(cast):
    unit, day = cast.units.banyumanik, cast.units.banyumanik.today()
    file_report(cast.officer, occurred_at=timezone.now().isoformat(), participants=with_(cast.colleague))
    recount_marked()
    assert {ring["kind"]: ring["count"] for ring in progress.rings(cast.colleague, unit, day)}["Sambang"] == 1
    counts = {line["person"]: (line["count"], sum(line["recent"])) for line in dashboards.officers(unit, today(day))}
    assert (counts[cast.officer], counts[cast.colleague]) == ((1, 1), (1, 1))
    rows = {row["username"]: row["total"] for row in contents.officers(contents.Group.of(unit), month_of(day))[unit.path]}
    assert (rows[cast.officer.username], rows[cast.colleague.username]) == (1, 1)


def test_the_number_is_a_link_to_its_rows(cast, sign_in):
    unit = cast.units.banyumanik
    file_report(cast.officer, participants=with_(cast.colleague))
    file_report(cast.colleague)
    line = progress.of_officers(unit, [cast.colleague], TargetPeriod.MONTH, unit.today())[0].total
    assert line.count == 2
    assert len(sign_in(cast.kanit).get(line.link).context["page"].rows) == 2
    own = sign_in(cast.colleague).get(line.link)
    assert (len(own.context["page"].rows), own.context["joined"]) == (1, 1)
    assert len(sign_in(cast.colleague).get(own.context["joined_path"]).context["page_obj"].object_list) == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_units_number_is_the_number_of_reports_whoever_took_part(cast, data):
    unit = cast.units.banyumanik
    everybody = [cast.officer, cast.colleague, cast.outsider, cast.kanit]
    filed = data.draw(st.lists(st.tuples(st.sampled_from(everybody[:2]), st.sets(st.sampled_from(everybody))), max_size=4))
    with transaction.atomic():
        for officer, others in filed:
            file_report(officer, occurred_at=timezone.now().isoformat(), participants=with_(*others))
        recount_marked()
        assert figures.total(unit, today(unit.today())) == len(filed) == Report.objects.filter(unit=unit).counted().count()
        for measure in (Measure.BY_KIND, Measure.BY_STATE, Measure.BY_OFFICER, Measure.BY_AREA):
            assert sum(row.count for row in DailyCount.objects.filter(unit=unit, measure=measure)) == len(filed)
        for person in everybody[:2]:
            assert own_number(cast, person) == sum(person == officer or person in others for officer, others in filed)
        transaction.set_rollback(True)


def test_the_colleague_reads_the_facts_and_nothing_of_residents(cast, sign_in, api):
    report = file_report(cast.officer, result="Bu Rahasia mengeluh tentang suaminya.", place="Gang Rahasia 3", participants=with_(cast.colleague))
    client = sign_in(cast.colleague)
    for path in (f"/kegiatan/ikut/{report.uuid}/", "/kegiatan/ikut/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Pedalangan" in page.text
        assert "Rahasia" not in page.text
        assert report.visit.household.head_name not in page.text
    [row] = api(cast.colleague).get("/api/v1/participations/").json()["results"]
    assert (row["id"], row["result"], row["narrative"], "detail" in row, "location" in row) == (str(report.uuid), None, None, False, False)
    for path in ("", "pdf/", "versi/"):
        assert client.get(f"/kegiatan/{report.uuid}/{path}").status_code == 404
    assert api(cast.colleague).get(f"/api/v1/reports/{report.uuid}/").status_code == 404
    assert client.get("/kegiatan/?cakupan=wilayah&q=Rahasia").context["page"].rows == []
    assert client.get("/kegiatan/ikut/?q=Aman").context["page_obj"].paginator.count == 1  # there is no search in what is not shown


def test_a_report_about_no_resident_is_told(cast, sign_in):
    detail = {"kind": "BINLUH", "narrative": "Penyuluhan di sekolah.", "participants": with_(cast.colleague)}
    topics = {"topics": ["NARKOBA"], "audience": "PELAJAR"}
    item = {**report_item(), **detail, "detail": topics}
    answer = take(cast.officer, [item])[0]
    assert answer["status"] == "created", answer
    assert "Penyuluhan di sekolah." in sign_in(cast.colleague).get(f"/kegiatan/ikut/{item['id']}/").text


def test_nobody_else_opens_it(cast, sign_in, api):
    report = file_report(cast.officer, participants=with_(cast.colleague, cast.outsider))
    for person in (cast.officer, cast.outsider, cast.kanit, cast.kapolsek, cast.secretary):
        assert sign_in(person).get(f"/kegiatan/ikut/{report.uuid}/").status_code == 404
    assert api(cast.outsider).get("/api/v1/participations/").json()["results"] == []


def test_the_phone_gets_the_names_of_the_unit_and_no_numbers(cast, api):
    assert api(cast.officer).get("/api/v1/colleagues/").json() == {"results": [{"username": "80010002", "name": "Bripka Dewi Lestari"}]}
    assert [one["username"] for one in api(cast.kanit).get("/api/v1/colleagues/").json()["results"]] == ["80010002", "80010001"]
    assert api(cast.outsider).get("/api/v1/colleagues/").json() == {"results": []}


@pytest.mark.parametrize("officer", [5, ["x"], {"a": 1}, "\x00", "x" * 151])
def test_strange_user_names_are_refused_by_their_field(cast, officer):
    [answer] = take(cast.officer, [report_item(participants=[{"kind": "POLRI", "name": "Dewi", "officer": officer}])])
    assert answer["errors"][0]["attr"].startswith("participants.0"), answer


def test_pages_ask_little(cast, sign_in, django_assert_max_num_queries):
    for _n in range(5):
        file_report(cast.officer, participants=with_(cast.colleague))
    clerk = cast.clerk
    take(clerk, [item_for(cast.officer) for _n in range(5)])
    for person, path in (
        (cast.colleague, "/kegiatan/ikut/"),
        (cast.colleague, "/kegiatan/"),
        (cast.officer, "/kegiatan/"),
        (cast.kanit, "/kegiatan/atas-nama/"),
        (clerk, "/kegiatan/atas-nama/"),
        (clerk, "/catat/atas-nama/"),
    ):
        client = sign_in(person)
        client.get(path)
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200, path


def test_naming_nobody_costs_nothing_and_naming_many_as_little_as_one(cast):
    def cost(items):
        with CaptureQueriesContext(connection) as queries:
            assert set(statuses(take(cast.officer, items))) == {"created"}
        return len(queries)

    cost([report_item()])
    alone = cost([report_item()])
    together = cost([report_item(participants=with_(cast.colleague))])
    assert together <= alone + 2  # who that is, and the credit
    assert cost([report_item(participants=with_(cast.colleague)) for _n in range(20)]) == together


def test_a_name_without_user_name_is_taken_as_ever(cast, api):
    items = [report_item(participants=["Serda Joko"]), report_item(participants=[{"kind": "LINMAS", "name": "Pak Min", "officer": None}])]
    assert statuses(send(api(cast.officer), *items)) == ["created", "created"]
