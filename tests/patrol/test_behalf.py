"""Reports that the operator records in an officer's name, and what they are worth until the officer has confirmed them."""

import datetime
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patrol import checks
from patrol.models import Report, State
from patrol.sync import take
from patrol.tasks import accept_unflagged
from polmas.people.models import Notification, Posting, Role, User
from polmas.people.periods import today
from polmas.summaries import dashboards, figures
from polmas.summaries.recount import recount_marked
from tests.cast import LONG_AGO, make_person
from tests.patrol.behalf import item_for, make_clerk, record
from tests.patrol.items import correction_of, file_report, report_item, send, statuses
from tests.patrol.pictures import jpeg, upload


def counted(cast) -> int:
    recount_marked()
    return figures.total(cast.units.banyumanik, today(cast.units.banyumanik.today()))


def faults(answer) -> list[tuple]:
    assert answer["status"] == "rejected", answer
    return [(error["code"], error["attr"]) for error in answer["errors"]]


def test_it_is_the_officers_and_says_who_recorded_it(cast, clerk, api):
    item = item_for(cast.officer)
    assert statuses(send(api(clerk), item)) == ["created"]
    report = Report.objects.get(uuid=item["id"])
    assert (report.officer, report.recorded_by, report.state, report.unit) == (cast.officer, clerk, State.PROPOSED, cast.units.banyumanik)
    told = api(cast.officer).get(f"/api/v1/reports/{report.uuid}/").json()
    assert (told["officer"]["name"], told["recorded_by"]["name"], told["state"]) == ("Sutrisno", "Wahyu Nugroho", "proposed")


def test_the_kanit_records_too(cast):
    assert record(cast.kanit, cast.officer).recorded_by == cast.kanit


def test_a_single_one_answers_with_the_report(cast, clerk, api):
    item = item_for(cast.officer)
    response = api(clerk).post("/api/v1/reports/", item)
    assert (response.status_code, response.json()["recorded_by"]["id"]) == (201, clerk.pk)
    assert api(clerk).post("/api/v1/reports/", item).status_code == 200


def test_until_it_is_confirmed_it_neither_counts_nor_waits_for_the_kanit_nor_is_accepted(cast, clerk):
    report = record(clerk, cast.officer)
    assert counted(cast) == 0
    assert not Report.objects.to_review(cast.kanit).exists()
    with pytest.raises(ValidationError):
        report.verify(cast.kanit)
    Report.objects.filter(pk=report.pk).update(flags=[], received_at=timezone.now() - datetime.timedelta(days=90))
    accept_unflagged()
    report.refresh_from_db()
    assert report.state == State.PROPOSED
    report.confirm(cast.officer)
    assert counted(cast) == 1
    assert Report.objects.to_review(cast.kanit).get() == report


def test_the_officer_confirms_by_the_api(cast, clerk, api):
    report = record(clerk, cast.officer)
    response = api(cast.officer).post(f"/api/v1/reports/{report.uuid}/confirm/", {"action": "confirm", "version": 1})
    assert (response.status_code, response.json()["state"]) == (200, "submitted")
    again = api(cast.officer).post(f"/api/v1/reports/{report.uuid}/confirm/", {"action": "confirm"})
    assert again.status_code == 409


def test_a_confirmation_names_the_version_that_was_seen(cast, clerk, api):
    item = item_for(cast.officer)
    take(clerk, [item])
    take(clerk, [correction_of(item, result="Yang benar: tiga warga ditemui.")])
    response = api(cast.officer).post(f"/api/v1/reports/{item['id']}/confirm/", {"action": "confirm", "version": 1})
    assert response.status_code == 409
    assert Report.objects.get(uuid=item["id"]).state == State.PROPOSED


@pytest.mark.parametrize("body", [{}, {"action": "verify"}, {"action": "confirm", "version": 10**30}, {"action": "refuse", "reason": "\x00"}, []])
def test_strange_answers_are_refused(cast, clerk, api, body):
    report = record(clerk, cast.officer)
    assert api(cast.officer).post(f"/api/v1/reports/{report.uuid}/confirm/", body).status_code == 400


def test_the_officer_refuses_with_a_word_and_the_operator_is_told(cast, clerk, api):
    report = record(clerk, cast.officer)
    at = f"/api/v1/reports/{report.uuid}/confirm/"
    assert api(cast.officer).post(at, {"action": "refuse", "reason": " "}).status_code == 400
    assert api(cast.officer).post(at, {"action": "refuse", "reason": "Saya cuti hari itu."}).status_code == 200
    report.refresh_from_db()
    assert (report.state, report.withdrawn_reason) == (State.WITHDRAWN, "Saya cuti hari itu.")
    assert counted(cast) == 0
    told = Notification.objects.get(user=clerk)
    assert (told.kind, told.path) == ("REFUSED", f"/kegiatan/{report.uuid}/")


def test_nobody_else_confirms(cast, clerk, api):
    report = record(clerk, cast.officer)
    for person in (clerk, cast.kanit, cast.colleague, cast.outsider, cast.kapolsek, cast.operator):
        assert api(person).post(f"/api/v1/reports/{report.uuid}/confirm/", {"action": "confirm"}).status_code == 404
    with pytest.raises(ValidationError):
        report.confirm(clerk)


def test_the_officer_is_told_once(cast, clerk):
    record(clerk, cast.officer)
    record(clerk, cast.officer)
    record(clerk, cast.colleague, area="33.74.11.1005", detail={"household": None, "declined": True})
    assert [told.user for told in Notification.objects.filter(kind="CONFIRM").order_by("pk")] == [cast.officer, cast.colleague]
    Notification.objects.for_user(cast.officer).mark_read()
    record(clerk, cast.officer)
    assert Notification.objects.for_user(cast.officer).unread().count() == 1


def test_the_operator_corrects_it_and_the_officer_does_not(cast, clerk, api):
    item = item_for(cast.officer)
    send(api(clerk), item)
    own = {name: value for name, value in item.items() if name != "officer"}
    assert statuses(send(api(cast.officer), correction_of(own, result="Saya ubah."))) == ["conflict"]
    assert statuses(send(api(clerk), correction_of(item, result="Lengkap."))) == ["created"]
    report = Report.objects.get(uuid=item["id"])
    assert (report.result, report.state, report.version) == ("Lengkap.", State.PROPOSED, 2)
    report.confirm(cast.officer)
    assert statuses(send(api(clerk), {**correction_of(item, result="Terlambat."), "version": 3, "base_version": 2})) == ["conflict"]
    assert statuses(send(api(clerk), item)) == ["known"]
    assert statuses(send(api(cast.officer), {**own, "version": 3, "base_version": 2, "result": "Sekarang saya."})) == ["created"]
    report.refresh_from_db()
    assert (report.state, report.recorded_by, report.version) == (State.SUBMITTED, clerk, 3)


def test_the_officer_of_a_report_stays(cast, clerk):
    item = item_for(cast.officer)
    take(clerk, [item])
    assert faults(take(clerk, [correction_of(item, officer=cast.colleague.username)])[0]) == [("fixed", "officer")]
    assert faults(take(clerk, [correction_of(item, officer=None)])[0]) == [("required", "officer")]
    mine = report_item()
    take(cast.officer, [mine])
    assert faults(take(cast.officer, [correction_of(mine, officer=cast.colleague.username)])[0]) == [("fixed", "officer")]


def test_what_the_api_answers_as_officer_may_come_back(cast, api):
    item = report_item()
    send(api(cast.officer), item)
    told = api(cast.officer).get(f"/api/v1/reports/{item['id']}/").json()["officer"]
    assert statuses(send(api(cast.officer), correction_of(item, officer=told), report_item(officer=cast.officer.username))) == ["created", "created"]


def test_an_id_of_another_officer_is_a_conflict_and_tells_no_more(cast, clerk):
    theirs = report_item()
    take(cast.officer, [theirs])
    assert take(clerk, [{**item_for(cast.officer), "id": theirs["id"]}]) == [{"id": theirs["id"], "status": "conflict", "errors": []}]
    item = item_for(cast.officer)
    take(clerk, [item])
    assert statuses(take(cast.kanit, [item])) == ["conflict"]
    assert statuses(take(cast.colleague, [item])) == ["conflict"]


@pytest.mark.parametrize("sender", ["officer", "colleague", "outsider"])
def test_officers_record_for_nobody(cast, sender):
    for officer in {cast.officer, cast.colleague} - {cast.people[sender]}:
        assert faults(take(cast.people[sender], [item_for(officer)])[0]) == [("not_allowed", "officer")]


def test_whoever_serves_nowhere_in_the_field_sends_nothing(cast, api):
    for person in (cast.kapolsek, cast.operator, cast.kapolres, cast.kanit_intelkam, cast.admin, cast.chair):
        assert api(person).post("/api/v1/reports/sync/", {"reports": [item_for(cast.officer)], "user": person.pk}).status_code == 404
    assert not Report.objects.exists()


def test_the_operator_records_for_the_own_unit_alone(cast, clerk):
    elsewhere = make_clerk(cast.units.gajahmungkur)
    for sender, named in ((clerk, cast.outsider.username), (clerk, "99999999"), (elsewhere, cast.officer.username), (clerk, cast.kanit.username)):
        assert faults(take(sender, [item_for(cast.officer, officer=named)])[0]) == [("not_found", "officer")]
    assert faults(take(clerk, [report_item()])[0]) == [("no_posting", "occurred_at")]


def test_role_and_unit_are_those_of_the_day(cast, clerk):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Posting.objects.filter(user=cast.officer).update(ends_on=yesterday)
    Posting.objects.create(user=cast.officer, unit=cast.units.gajahmungkur, role=Role.BHABINKAMTIBMAS, starts_on=timezone.localdate())
    assert faults(take(clerk, [item_for(cast.officer, occurred_at=timezone.now().isoformat())])[0]) == [("not_found", "officer")]
    before = (timezone.now() - datetime.timedelta(days=2)).isoformat()
    assert record(clerk, cast.officer, occurred_at=before).unit == cast.units.banyumanik
    Posting.objects.filter(user=clerk).update(starts_on=timezone.localdate())
    del clerk.all_postings
    assert faults(take(clerk, [item_for(cast.officer, occurred_at=before)])[0]) == [("not_allowed", "officer")]


def test_places_and_residents_are_judged_for_the_officer(cast, clerk):
    known = file_report(cast.officer).visit.household
    mine = record(clerk, cast.officer, detail={"household": {"id": str(known.uuid)}})
    assert (mine.visit.household, "OUTSIDE_AREA" in mine.flags) == (known, False)
    outside = record(clerk, cast.officer, area="33.74.11.1005", detail={"household": None, "declined": True})
    assert "OUTSIDE_AREA" in outside.flags
    answer = take(clerk, [item_for(cast.colleague, area="33.74.11.1005", detail={"household": {"id": str(known.uuid)}})])[0]
    assert faults(answer) == [("not_found", "detail.household.id")]


def test_a_pile_of_paper_is_neither_many_in_a_minute_nor_text_as_before(cast, clerk):
    now = timezone.now().isoformat()
    words = {"result": "Situasi aman dan warga menerima pesan kamtibmas dengan baik.", "saved_at": now, "occurred_at": now}
    piled = [record(clerk, cast.officer, **words) for _n in range(5)]
    own = [file_report(cast.officer, **{**words, "result": f"Sambang ke rumah warga nomor {n}, tanaman {n * 7919}."}) for n in range(3)]
    checks.check(report.pk for report in piled + own)
    flags = {flag for report in Report.objects.all() for flag in report.flags}
    assert not flags & {"RAPID", "SAME_TEXT"}


def test_problem_solving_is_recorded_by_the_kanit_alone(cast, clerk):
    whole = {
        "category": "BATAS_TANAH",
        "happened_on": timezone.localdate().isoformat(),
        "outcome": "PROSES",
        "parties": [{"role": "PIHAK_1", "name": "A"}, {"role": "PIHAK_2", "name": "B"}],
    }
    item = {**item_for(cast.officer), "kind": "PS", "narrative": "Ribut batas tanah.", "detail": whole}
    answers = {person: take(person, [{**item, "id": report_item()["id"]}])[0] for person in (clerk, cast.kanit)}
    assert ("not_allowed", "kind") in faults(answers[clerk])
    assert answers[cast.kanit]["status"] == "created", answers


def test_no_laporan_informasi_in_somebody_elses_name(cast, clerk, api):
    item = {"id": report_item()["id"], "occurred_at": timezone.now().isoformat(), "method": "WAWANCARA", "field": "KEAMANAN"}
    item |= {"subject": "Rencana keramaian", "facts": "Warga berencana.", "area": "33.74.11.1004", "officer": cast.colleague.username}
    body = {"informations": [item], "user": clerk.pk}
    assert api(clerk).post("/api/v1/informations/sync/", body).status_code == 404
    [answer] = api(cast.officer).post("/api/v1/informations/sync/", {**body, "user": cast.officer.pk}).json()["results"]
    assert ("not_allowed", "officer") in faults(answer)


def leave(person):
    """The person serves nowhere since yesterday, and signs in anew."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    person.postings.update(ends_on=yesterday)
    person.beats.update(ends_on=yesterday)
    return User.objects.get(pk=person.pk)


def test_photos_come_from_whoever_recorded(cast, clerk, api):
    report, taken = record(clerk, cast.officer), jpeg()

    def sent_by(person, photo):
        return api(person).post(f"/api/v1/reports/{report.uuid}/photos/", {"id": photo, "file": upload(taken)}, format="multipart")

    first, second, third = (str(uuid.uuid4()) for _n in range(3))
    assert (sent_by(clerk, first).status_code, sent_by(cast.colleague, second).status_code) == (201, 404)
    report.confirm(cast.officer)
    assert sent_by(clerk, first).status_code == 200  # its answer was lost on the way
    late = sent_by(clerk, second)
    assert (late.status_code, "tidak ditambahkan" in late.json()["errors"][0]["detail"]) == (409, True)
    assert sent_by(cast.officer, third).status_code == 201
    assert {str(photo.uuid) for photo in report.photos.all()} == {first, third}


def test_whoever_left_the_unit_learns_no_more_of_what_they_recorded(cast, clerk, api):
    item = item_for(cast.officer)
    send(api(clerk), item)
    assert api(clerk).post("/api/v1/reports/", item).json()["officer"]["name"] == "Sutrisno"
    gone = leave(clerk)
    again = api(gone).post("/api/v1/reports/", item)
    assert (again.status_code, again.json()) == (200, {"id": item["id"], "status": "known", "errors": []})
    assert api(gone).get(f"/api/v1/reports/{item['id']}/").status_code == 404
    own = report_item()
    send(api(cast.officer), own)
    assert api(leave(cast.officer)).post("/api/v1/reports/", own).json()["officer"]["name"] == "Sutrisno"


def test_an_officer_who_moved_away_still_answers(cast, clerk, api, sign_in):
    by_page, by_api, last = (record(clerk, cast.officer) for _n in range(3))
    done = file_report(cast.officer)
    gone = leave(cast.officer)
    client = sign_in(gone)
    assert client.get("/kegiatan/").url == f"/kegiatan/{by_page.uuid}/"
    assert f"/kegiatan/{by_page.uuid}/konfirmasi/" in client.get(f"/kegiatan/{by_page.uuid}/").text
    assert client.post(f"/kegiatan/{by_page.uuid}/konfirmasi/", {"answer": "confirm", "version": "1"}).url == "/kegiatan/"
    assert api(gone).post(f"/api/v1/reports/{by_api.uuid}/confirm/", {"action": "confirm"}).status_code == 200
    assert client.post(f"/kegiatan/{last.uuid}/konfirmasi/", {"answer": "refuse", "version": "1", "reason": "Bukan."}).url == "/"
    assert [Report.objects.get(pk=report.pk).state for report in (by_page, by_api, last)] == ["submitted", "submitted", "withdrawn"]
    for report in (by_page, by_api, last, done):
        assert client.get(f"/kegiatan/{report.uuid}/").status_code == 404
    assert client.get("/kegiatan/").status_code == 404


def test_the_reviewer_clears_what_nobody_answers(cast, clerk, api, sign_in):
    first, second, own = record(clerk, cast.officer), record(clerk, cast.officer), file_report(cast.officer)
    leave(clerk)
    withdraw = "/api/v1/reports/{}/withdraw/"
    for person in (cast.kapolsek, cast.operator, cast.colleague, cast.outsider):
        assert api(person).post(withdraw.format(first.uuid), {"reason": "x"}).status_code == 404
    assert api(cast.kanit).post(withdraw.format(own.uuid), {"reason": "x"}).status_code == 404
    assert api(cast.kanit).post(withdraw.format(first.uuid), {"reason": "Tidak ada yang menjawab."}).status_code == 200
    client = sign_in(cast.kanit)
    assert f"/kegiatan/{second.uuid}/tarik/" in client.get(f"/kegiatan/{second.uuid}/").text
    client.post(f"/kegiatan/{second.uuid}/tarik/", {"reason": "Tidak ada yang menjawab."})
    assert [Report.objects.get(pk=report.pk).state for report in (first, second, own)] == ["withdrawn", "withdrawn", "submitted"]


def test_nothing_of_a_refused_one_stays_in_the_registers(cast, clerk):
    house = file_report(cast.officer).visit.household
    answers = {"id": str(house.uuid), "answers": {"occupation": "Penjahit"}}
    record(clerk, cast.officer, detail={"household": answers}).refuse(cast.officer, "Bukan saya.")
    house.refresh_from_db()
    assert house.occupation == ""
    file_report(cast.officer, detail={"household": answers})
    house.refresh_from_db()
    assert house.occupation == "Penjahit"


def test_paper_is_no_sign_of_the_phone(cast, clerk):
    unit = cast.units.banyumanik
    Report.objects.filter(pk=file_report(cast.officer).pk).update(received_at=timezone.now() - datetime.timedelta(days=9))
    record(clerk, cast.officer)
    assert dashboards.unsynced(unit) == [(cast.officer, 9)]
    lines = dashboards.officers(unit, today(unit.today()))
    assert {line["person"]: line["unsynced_days"] for line in lines}[cast.officer] == 9


def test_a_colleague_named_reads_it_once_it_is_confirmed(cast, clerk, sign_in):
    named = [{"kind": "POLRI", "name": "Dewi Lestari", "officer": cast.colleague.username}]
    report, refused = record(clerk, cast.officer, participants=named), record(clerk, cast.officer, participants=named)
    refused.refuse(cast.officer, "Bukan saya.")
    assert not Report.objects.joined_by(cast.colleague).exists()
    assert sign_in(cast.colleague).get(f"/kegiatan/ikut/{report.uuid}/").status_code == 404
    report.confirm(cast.officer)
    assert Report.objects.joined_by(cast.colleague).get() == report
    report.send_back(cast.kanit, "Kurang jelas.")
    assert Report.objects.joined_by(cast.colleague).get() == report


def test_the_operator_withdraws_until_it_is_confirmed(cast, clerk, api):
    first, second = record(clerk, cast.officer), record(clerk, cast.officer)
    withdraw = "/api/v1/reports/{}/withdraw/"
    assert api(cast.officer).post(withdraw.format(first.uuid), {"reason": "x"}).status_code == 409
    assert api(clerk).post(withdraw.format(first.uuid), {"reason": "Salah orang."}).status_code == 200
    second.confirm(cast.officer)
    assert api(clerk).post(withdraw.format(second.uuid), {"reason": "Terlambat."}).status_code == 409
    assert api(cast.kanit).post(withdraw.format(second.uuid), {"reason": "Bukan milik saya."}).status_code == 404


def test_the_database_knows_what_cannot_be(cast, clerk):
    report = file_report(cast.officer)
    for wrong in ({"state": "proposed"}, {"recorded_by": cast.officer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**wrong)


def test_the_history_says_who_did_what(cast, clerk, api, sign_in):
    report = record(clerk, cast.officer)
    sign_in(cast.officer).post(f"/kegiatan/{report.uuid}/konfirmasi/", {"answer": "confirm", "version": "1"})
    page = sign_in(cast.kanit).get(f"/kegiatan/{report.uuid}/")
    assert [(step.who, step.icon) for step in page.context["history"]] == [(clerk.full_name, "send"), (cast.officer.full_name, "circle-check")]


def test_filing_asks_no_more_than_before_and_a_pile_as_little_as_one(cast, clerk):
    def cost(sender, items):
        with CaptureQueriesContext(connection) as queries:
            assert set(statuses(take(sender, items))) == {"created"}
        return len(queries)

    cost(cast.officer, [report_item()])
    own = cost(cast.officer, [report_item()])
    record(clerk, cast.officer)
    one = cost(clerk, [item_for(cast.officer)])
    assert one <= own + 4  # whom it names, where that officer served and, the officer not having read of the last one, nothing to tell
    assert cost(clerk, [item_for(cast.officer) for _n in range(20)]) == one


def test_two_officers_in_one_pile(cast, clerk):
    answers = take(clerk, [item_for(cast.officer), item_for(cast.colleague, area="33.74.11.1005"), item_for(cast.outsider), item_for(cast.officer)])
    assert statuses(answers) == ["created", "created", "rejected", "created"]
    assert Report.objects.filter(officer=cast.colleague).get().flags == ["NO_POSITION"]


def test_a_person_who_left_cannot_be_recorded_for(cast, clerk):
    gone = make_person("80010033", "Slamet", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
    Posting.objects.filter(user=gone).update(starts_on=LONG_AGO)
    gone.is_active = False
    gone.save()
    assert faults(take(clerk, [item_for(gone)])[0]) == [("not_found", "officer")]


def test_the_wrong_type_of_officer_is_refused(cast, clerk):
    for value in (5, ["x"], True, "\x00", "x" * 151):
        [answer] = take(clerk, [item_for(cast.officer, officer=value)])
        assert "officer" in {error["attr"].split(".")[0] for error in answer["errors"]}, (value, json.dumps(answer))
