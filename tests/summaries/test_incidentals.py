"""Incidental reports: sent as they are written, numbered, supplemented, received; discreet ones for few."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction
from django.utils import timezone

from polmas.people.models import Notification, Posting, User
from polmas.summaries import queues
from polmas.summaries.models import IncidentalReport, Summary
from polmas.summaries.models.due_times import due_at
from polmas.summaries.views.incidentals import tell
from tests.mapping.problems import make_problem


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


def draft(cast, **more):
    given = {"title": "Pohon tumbang", "what": "Pohon menutup jalan.", "place": "Jl. Tirto Agung", "occurred_at": timezone.now()}
    return IncidentalReport(unit=cast.units.banyumanik, **{**given, **more})


def sent(cast, by=None, **more):
    report = draft(cast, **more)
    report.send(by or cast.spkt)
    return report


FORM = {"title": "Pohon tumbang", "occurred_at": "2026-11-20T07:15", "what": "Pohon menutup jalan.", "place": "Jl. Tirto Agung"}


def test_written_sent_told_and_received(cast, sign_in):
    answer = sign_in(cast.spkt).post("/rekap/insidentil/baru/", FORM)
    report = IncidentalReport.objects.get()
    assert (answer.status_code, report.number.split("/")[1:3]) == (302, ["LAPIN", "1"])
    assert report.occurred_at == datetime.datetime(2026, 11, 20, 0, 15, tzinfo=datetime.UTC)
    assert (report.signer["prefix"], report.signer["title"]) == ("a.n.", "KAPOLSEK BANYUMANIK")
    for name in ("kapolres", "kasat", "kapolsek"):
        assert Notification.objects.filter(user=cast.people[name], kind="INCIDENTAL").count() == 1, name
    url = f"/rekap/insidentil/{report.uuid}/"
    assert sign_in(cast.kapolsek).post(f"{url}terima/").status_code == 404
    assert sign_in(cast.kasat).post(f"{url}terima/").status_code == 302
    report.refresh_from_db()
    assert report.received_by == cast.kasat


def test_supplements_are_numbered_under_the_number_of_the_first(cast, sign_in):
    first = sent(cast)
    second = sent(cast)
    sign_in(cast.kapolsek).post(f"/rekap/insidentil/{first.uuid}/tambahan/", {**FORM, "developments": "Jalan dibuka."})
    more = IncidentalReport.objects.get(main=first)
    assert (more.number, more.supplement, second.number == first.number) == (first.number, 1, False)
    assert more.signer["prefix"] == ""
    sign_in(cast.kanit).post(f"/rekap/insidentil/{more.uuid}/tambahan/", FORM)
    assert IncidentalReport.objects.filter(main=first).count() == 2, "a supplement to a supplement belongs to the first"


@pytest.mark.parametrize("change", [{"what": "lain"}, {"number": "X"}, {"signer": {}}, {"occurred_at": "2026-01-01T00:00Z"}, {"is_discreet": True}])
def test_what_was_sent_stays(cast, change):
    sent(cast)
    with pytest.raises(InternalError), transaction.atomic():
        IncidentalReport.objects.update(**change)


def test_discreet_ones_are_for_few(cast, sign_in):
    report = sent(cast, is_discreet=True)
    url = f"/rekap/insidentil/{report.uuid}/"
    seen = {
        name: sign_in(cast.people[name]).get(url).status_code
        for name in ("kanit", "kapolsek", "kapolres", "spkt", "clerk", "operator", "kasat", "reskrim")
    }
    assert {name for name, code in seen.items() if code == 200} == {"kanit", "kapolsek", "kapolres", "spkt"}
    assert sent(cast, main=report).is_discreet


def test_who_wrote_it_reads_it_while_writing_for_the_unit(cast):
    report = sent(cast, is_discreet=True)
    writer = User.objects.get(pk=report.written_by_id)
    assert report in IncidentalReport.objects.for_user(writer)
    Posting.objects.filter(user=writer).update(unit=cast.units.gajahmungkur)
    assert report not in IncidentalReport.objects.for_user(User.objects.get(pk=writer.pk))


def test_what_came_of_a_confidential_problem_is_for_its_readers(cast, sign_in):
    problem = make_problem(cast, is_confidential=True)
    report = sent(cast, by=cast.kanit, problem=problem, is_discreet=True)
    tell(report)
    url = f"/rekap/insidentil/{report.uuid}/"
    names = ("kanit", "kapolsek", "kapolres", "spkt")
    assert {name for name in names if sign_in(cast.people[name]).get(url).status_code == 200} == {"kanit", "kapolsek", "kapolres"}
    told = set(Notification.objects.filter(kind="INCIDENTAL").values_list("user__username", flat=True))
    assert cast.kapolres.username in told
    assert all(IncidentalReport.objects.for_user(person).filter(pk=report.pk).exists() for person in User.objects.filter(username__in=told))


@pytest.mark.parametrize("who", ["officer", "clerk", "polda_reader", "outsider", "secretary"])
def test_is_not_everybodys_to_write(cast, sign_in, who):
    assert sign_in(cast.people[who]).get("/rekap/insidentil/baru/").status_code == 404
    with pytest.raises(ValidationError):
        sent(cast, by=cast.people[who])


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"what": "x" * 5000},
        {"place": "a\0b"},
        {"occurred_at": "9999-99-99T00:00"},
        {"occurred_at": "2999-01-01T00:00"},
        {"occurred_at": ""},
    ],
)
def test_odd_input_is_refused_and_kept(cast, sign_in, wrong):
    page = sign_in(cast.spkt).post("/rekap/insidentil/baru/", {**FORM, **wrong})
    assert page.status_code == 200
    assert page.context["form"]["how"].value() in ("", None)
    assert not IncidentalReport.objects.exists()


@pytest.mark.parametrize("query", ["gangguan=x", "gangguan=00000000-0000-0000-0000-000000000000", "masalah=%00"])
def test_odd_sources_are_not_there(cast, sign_in, query):
    assert sign_in(cast.spkt).get(f"/rekap/insidentil/baru/?{query}").status_code == 404


def test_the_list_costs_as_much_with_many(cast, sign_in, django_assert_max_num_queries):
    for _n in range(5):
        sent(cast)
    client = sign_in(cast.kapolres)
    with django_assert_max_num_queries(12):
        assert client.get("/rekap/insidentil/?cari=pohon&menunggu=1").status_code == 200


def test_what_waits_stands_first_on_the_first_page_and_is_named(cast, sign_in):
    report, discreet = sent(cast), sent(cast, title="Anak", is_discreet=True)
    tell(report)
    tell(discreet)
    told = [row.text for row in Notification.objects.filter(user=cast.kapolres).order_by("pk")]
    assert ("Pohon tumbang" in told[0], "Anak" in told[1]) == (True, False)
    for name, seen in (("kapolres", {report, discreet}), ("kapolsek", {report, discreet}), ("kasat", {report})):
        assert set(sign_in(cast.people[name]).get("/").context["incidentals"]) == seen, name
    assert sign_in(cast.people["officer"]).get("/").context["incidentals"] == []
    report.receive(cast.kasat)
    assert sign_in(cast.kapolres).get("/").context["incidentals"] == [discreet]


def test_a_kapolsek_sees_the_longest_due_drafts_first_and_how_many_more(cast, sign_in):
    unit, today = cast.units.banyumanik, cast.units.banyumanik.today()
    for back in range(1, 6):
        day = today - datetime.timedelta(days=back)
        Summary.objects.create(
            unit=unit, period="daily", starts_on=day, ends_on=day, rule_version="1", built_at=timezone.now(), due_at=due_at(unit, "daily", day)
        )
    part = sign_in(cast.kapolsek).get("/").context["commander"]
    assert ([(today - draft.starts_on).days for draft in part["drafts"]], part["more_drafts"]) == ([5, 4, 3], 2)


def test_what_waits_to_be_received_is_counted_by_those_who_receive_it(cast, django_assert_max_num_queries):
    for _number in range(3):
        sent(cast)
    sent(cast).receive(cast.kapolres)
    with django_assert_max_num_queries(3):
        assert queues.incidentals_for(cast.kapolres) == 3
    assert [queues.incidentals_for(user) for user in (cast.kapolsek, cast.outsider)] == [0, None]
