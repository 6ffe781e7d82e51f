"""Serah terima: what is in it, who sees and accepts it, and what happens to reports when an officer moves."""

import datetime
import json

import pytest
from django.db import InternalError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from fkpm.models import ActionItem, Meeting
from mapping.models import Beat, Place
from patrol import tasks
from patrol.handovers import fingerprint_of, paper
from patrol.models import Contact, Handover, Household, Opinion, Report
from patrol.sync import take
from polmas.people.models import Document, Notification, Posting, Role, User
from tests.cast import PASSWORD, make_person
from tests.mapping.problems import make_problem
from tests.patrol.items import report_item, send

DAY = datetime.timedelta(days=1)


@pytest.fixture
def village(cast):
    """Pedalangan with something of everything."""
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    now = timezone.now()
    report = Report.objects.create(
        kind="DDS", officer=cast.officer, unit=unit, area=area, day=unit.day_of(now), occurred_at=now, result="Aman.", content_hashes=["0" * 64]
    )
    Opinion.objects.create(report=report, kind="KELUHAN", text="Lampu jalan mati", urgency="SEDANG")
    Opinion.objects.create(report=report, kind="KELUHAN", text="Balap liar tiap malam", urgency="DARURAT")
    Opinion.objects.create(report=report, kind="APRESIASI", text="Terima kasih")
    Household.objects.create(unit=unit, area=area, rw="005", rt="003", head_name="Widodo", phone="0812 1111 2222")
    Contact.objects.create(unit=unit, area=area, name="H. Slamet", role="TOGA", phone="0813 9999 8888")
    Place.objects.create(unit=unit, area=area, name="Pos Kamling Melati", kind="POS_KAMLING")
    meeting = Meeting.objects.create(forum=cast.forum, starts_at=now, place="Balai")
    ActionItem.objects.create(forum=cast.forum, meeting=meeting, text="Ganti lampu", owner_name="Joko", due_on=now.date() - DAY)
    return area


def start(sign_in, cast, by=None, **change):
    area = cast.areas["33.74.11.1004"]
    posting = cast.officer.postings.get()
    form = {"to_user": cast.colleague.pk, "areas": [area.pk], "note": "Pak RW suka teh.", **change}
    return sign_in(by or cast.kanit).post(f"/serah-terima/baru/?penugasan={posting.pk}", form)


def test_the_picture_holds_what_is_open_due_and_agreed(cast, village, sign_in):
    make_problem(cast)
    make_problem(cast, title="Bandar", is_confidential=True)
    answer = start(sign_in, cast)
    handover = Handover.objects.get()
    assert answer.url == f"/serah-terima/{handover.uuid}/"
    picture = handover.snapshot
    assert [row["text"] for row in picture["complaints"]["rows"]] == ["Balap liar tiap malam", "Lampu jalan mati"]
    assert [(row["owner"], row["is_overdue"]) for row in picture["actions"]["rows"]] == [("Joko", True)]
    assert (picture["due"]["households"]["total"], picture["due"]["households"]["count"]) == (1, 1)
    assert picture["posts"]["count"] == picture["contacts"]["count"] == picture["forums"]["count"] == 1
    assert not {"0812", "9999"} & {part for part in ("0812", "9999") if part in json.dumps(picture)}
    assert [row["title"] for row in picture["problems"]["rows"]] == ["Curanmor di parkiran kos"]
    page = sign_in(cast.colleague).get(answer.url).content.decode()
    assert "Curanmor di parkiran kos" in page
    assert "Balap liar tiap malam" in page
    assert "Widodo" in page
    assert 'name="note"' not in page


def test_only_the_successor_accepts_and_what_was_read(cast, village, sign_in):
    start(sign_in, cast)
    handover = Handover.objects.get()
    path = f"/serah-terima/{handover.uuid}/"
    version = handover.version
    for person in (cast.officer, cast.kanit, cast.kapolsek, cast.operator, cast.outsider):
        assert sign_in(person).post(f"{path}terima/", {"version": version}).status_code == 404
    sign_in(cast.officer).post(path, {"note": "Pak RW suka kopi."})
    sign_in(cast.colleague).post(f"{path}terima/", {"version": version})
    handover.refresh_from_db()
    assert not handover.is_accepted
    sign_in(cast.colleague).post(f"{path}terima/", {"version": handover.version})
    handover.refresh_from_db()
    assert handover.is_accepted
    for act in ("perbarui", "hapus", ""):
        assert sign_in(cast.officer).post(f"{path}{act}/" if act else path, {"note": "x"}).status_code == 404
    with pytest.raises(InternalError), transaction.atomic():
        Handover.objects.filter(pk=handover.pk).update(note="anders")
    with pytest.raises(InternalError), transaction.atomic():
        handover.delete()


def test_a_new_picture_forgets_what_was_settled(cast, village, sign_in):
    start(sign_in, cast)
    handover = Handover.objects.get()
    ActionItem.objects.update(state="DONE", done_on=timezone.localdate())
    sign_in(cast.kanit).post(f"/serah-terima/{handover.uuid}/perbarui/")
    handover.refresh_from_db()
    assert handover.snapshot["actions"]["count"] == 0


def test_who_sees_it(cast, village, sign_in):
    start(sign_in, cast)
    handover = Handover.objects.get()
    seen = {name for name, person in cast.people.items() if Handover.objects.for_user(User.objects.get(pk=person.pk)).exists()}
    assert {"officer", "colleague", "kanit", "kapolsek", "kasat", "kapolres", "operator"} <= seen
    assert not seen & {"outsider", "polda_reader", "admin", "chair", "secretary", "other_secretary"}
    cast.officer.postings.update(ends_on=timezone.localdate() - DAY)
    assert not Handover.objects.for_user(User.objects.get(pk=cast.officer.pk)).filter(pk=handover.pk).exists()


def test_an_officer_hands_over_the_own_villages_alone(cast, village, sign_in):
    page = sign_in(cast.officer).get("/serah-terima/baru/")
    assert page.context["handover"].from_user == cast.officer
    assert sign_in(cast.officer).get(f"/serah-terima/baru/?penugasan={cast.colleague.postings.get().pk}").status_code == 404
    assert sign_in(cast.kanit).get(f"/serah-terima/baru/?penugasan={cast.outsider.postings.get().pk}").status_code == 404
    for strange in ("x", "9" * 30, "-1", "\x00"):
        assert sign_in(cast.kanit).get("/serah-terima/baru/", {"penugasan": strange}).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to_user": ""}, "to_user"),
        ({"to_user": "9" * 30}, "to_user"),
        ({"areas": []}, "areas"),
        ({"note": "x" * 4001}, "note"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_what_cannot_be_is_refused(change, field, cast, village, sign_in):
    page = start(sign_in, cast, **change)
    assert page.context["form"].errors.keys() == {field}
    assert not Handover.objects.exists()


def test_neither_to_oneself_nor_to_a_stranger_nor_foreign_villages(cast, village, sign_in):
    for change in ({"to_user": cast.officer.pk}, {"to_user": cast.outsider.pk}, {"areas": [cast.areas["33.74.11.1005"].pk]}):
        assert start(sign_in, cast, **change).status_code == 200
    assert not Handover.objects.exists()


def test_the_berita_acara_names_both_and_the_kapolsek(cast, village, settings, tmp_path, sign_in):
    settings.MEDIA_ROOT = tmp_path
    start(sign_in, cast)
    handover = Handover.objects.get()
    before = fingerprint_of(handover)
    assert sign_in(cast.colleague).get(f"/serah-terima/{handover.uuid}/pdf/").status_code == 202
    document = Document.objects.get(kind="handover")
    tasks.render_handover(document.pk)
    document.refresh_from_db()
    assert document.state == Document.State.READY
    told = paper(handover)
    assert told["head"]["name"] == "Bambang Supriyadi, S.H."
    assert told["posts"]["from"] == "Bhabinkamtibmas Polsek Banyumanik"
    handover.accept(cast.colleague, handover.version)
    assert fingerprint_of(handover) != before


def test_the_list_is_searched_and_costs_few_queries(cast, village, sign_in, django_assert_max_num_queries):
    start(sign_in, cast)
    client = sign_in(cast.kanit)
    assert len(client.get("/serah-terima/", {"q": "sutrisno", "status": "menunggu"}).context["page"]) == 1
    assert len(client.get("/serah-terima/", {"q": "tidak ada"}).context["page"]) == 0
    assert client.get("/serah-terima/", {"q": "\x00" * 300, "page": "x"}).status_code == 200
    with django_assert_max_num_queries(12):
        client.get("/serah-terima/")


def moved(cast, last):
    """The officer's post at Banyumanik ends on a day; the next one begins at Gajahmungkur."""
    cast.officer.postings.update(ends_on=last)
    cast.officer.beats.update(ends_on=last)
    Posting.objects.create(user=cast.officer, unit=cast.units.gajahmungkur, role=Role.BHABINKAMTIBMAS, starts_on=last + DAY)
    Beat.objects.create(user=cast.officer, area=cast.areas["33.74.09.1001"], unit=cast.units.gajahmungkur, is_primary=False, starts_on=last + DAY)
    return User.objects.get(pk=cast.officer.pk)


def test_a_report_belongs_to_the_unit_of_the_day_it_happened(cast, api):
    today = timezone.now()
    officer = moved(cast, (today - 3 * DAY).date())
    old, new = today - 4 * DAY, today - DAY
    items = [report_item(occurred_at=moment.isoformat()) for moment in (old, new)]
    assert [row["status"] for row in send(api(officer), *items)] == ["created", "created"]
    units = {report.occurred_at.date(): report.unit for report in Report.objects.all()}
    assert units == {old.date(): cast.units.banyumanik, new.date(): cast.units.gajahmungkur}
    assert Report.objects.for_user(User.objects.get(pk=cast.kanit.pk)).count() == 1


def test_the_successor_sees_the_village_and_the_predecessor_no_longer(cast, village, sign_in):
    household = Household.objects.get()
    officer = moved(cast, timezone.localdate() - DAY)
    Beat.objects.create(user=cast.colleague, area=village, unit=cast.units.banyumanik, is_primary=True, starts_on=timezone.localdate())
    assert household not in Household.objects.for_user(officer)
    assert household in Household.objects.for_user(User.objects.get(pk=cast.colleague.pk))


def test_a_successor_who_came_from_elsewhere_can_be_chosen_before_the_first_day(cast, village, sign_in):
    coming = make_person("80030001", "Bagus", rank="BRIPDA")
    Posting.objects.create(user=coming, unit=cast.units.banyumanik, role=Role.BHABINKAMTIBMAS, starts_on=timezone.localdate() + 5 * DAY)
    assert start(sign_in, cast, to_user=coming.pk).status_code == 302
    assert coming.check_password(PASSWORD)


def told(person) -> list[str]:
    with override("en"):
        return [notification.text for notification in Notification.objects.for_user(person)]


def test_successor_and_kanit_are_told_when_it_is_made_and_accepted(cast, village, sign_in):
    start(sign_in, cast, by=cast.officer)
    assert told(cast.colleague) == ["Aipda Sutrisno hands over to you: Pedalangan"]
    assert told(cast.kanit) == ["Aipda Sutrisno hands over to Bripka Dewi Lestari: Pedalangan"]
    assert told(cast.officer) == told(cast.kapolsek) == told(cast.outsider) == []
    handover = Handover.objects.get()
    assert Notification.objects.for_user(cast.kanit).get().path == f"/serah-terima/{handover.uuid}/"
    sign_in(cast.colleague).post(f"/serah-terima/{handover.uuid}/terima/", {"version": handover.version})
    assert told(cast.kanit)[0] == told(cast.officer)[0] == "Bripka Dewi Lestari took over: Pedalangan"
    assert len(told(cast.colleague)) == 1


def test_who_starts_it_is_told_of_the_answer_alone(cast, village, sign_in):
    start(sign_in, cast)
    assert told(cast.kanit) == []
    assert told(cast.officer) == ["Aipda Sutrisno hands over to Bripka Dewi Lestari: Pedalangan"]
    handover = Handover.objects.get()
    handover.accept(cast.colleague, handover.version)
    assert told(cast.kanit) == ["Bripka Dewi Lestari took over: Pedalangan"]


def problem(cast, outcome, days_ago=10, **change):
    """A problem that the officer helped to settle, by its sync."""
    happened = (timezone.localdate() - days_ago * DAY).isoformat()
    parties = [{"role": "PIHAK_1", "name": "Paijo Rahasia"}, {"role": "PIHAK_2", "name": "Tukul Rahasia"}]
    detail = {"category": "BATAS_TANAH", "happened_on": happened, "outcome": outcome, "parties": parties}
    item = {**report_item(kind="PS", narrative="Batas pekarangan dipersoalkan."), "detail": detail, **change}
    assert [answer["status"] for answer in take(cast.officer, [item])] == ["created"]
    return Report.objects.get(uuid=item["id"])


def test_open_cases_and_agreements_to_watch_are_handed_over_without_names(cast, village, sign_in):
    problem(cast, "DAMAI")
    problem(cast, "DAMAI", days_ago=500)
    problem(cast, "DILIMPAHKAN")
    problem(cast, "PROSES").withdraw(cast.officer, "keliru")
    broken = problem(cast, "INGKAR", days_ago=700)
    start(sign_in, cast)
    handover = Handover.objects.get()
    cases = handover.snapshot["cases"]
    assert [(row["category"], row["is_open"]) for row in cases["rows"]] == [("Batas tanah", True), ("Batas tanah", False)]
    assert cases["count"] == 2
    path = f"/serah-terima/{handover.uuid}/"
    assert f"/kegiatan/{broken.uuid}/" in sign_in(cast.officer).get(path).content.decode()
    page = sign_in(cast.colleague).get(path).content.decode()
    assert "Batas tanah" in page
    assert str(broken.uuid) not in page, "the successor has no sight of the village yet"
    printed = render_to_string("print/handover.html", paper(handover))
    assert "Batas tanah" in printed
    assert "Rahasia" not in printed + page + json.dumps(handover.snapshot)


def test_who_takes_over_follows_what_goes_on_and_not_what_has_ended(cast, village, sign_in):
    going, ended, broken = problem(cast, "PROSES"), problem(cast, "TIDAK_SEPAKAT"), problem(cast, "INGKAR")
    returned = problem(cast, "DILIMPAHKAN")
    returned.problemsolving.case.referrals.update(state="RETURNED", result="Bukan pidana.", answered_by=cast.spkt, answered_at=timezone.now())
    start(sign_in, cast)
    handover = Handover.objects.get()
    assert [row["is_open"] for row in handover.snapshot["cases"]["rows"]] == [True, True, True]
    sign_in(cast.colleague).post(f"/serah-terima/{handover.uuid}/terima/", {"version": handover.version})
    followers = {report: report.problemsolving.case.keeper for report in Report.objects.filter(kind="PS")}
    assert followers == {going: cast.colleague, ended: None, broken: cast.colleague, returned: cast.colleague}
    assert sign_in(cast.colleague).get(f"/fkpm/perkara/{going.uuid}/").status_code == 200
    assert sign_in(cast.colleague).get(f"/fkpm/perkara/{ended.uuid}/").status_code == 404


def test_a_picture_from_before_cases_were_handed_over_says_nothing_of_them(cast, village, sign_in):
    start(sign_in, cast)
    handover = Handover.objects.get()
    on_page, on_paper = "Problem solving dan kesepakatan", "Problem solving yang belum selesai dan kesepakatan setahun terakhir"

    def told():
        return sign_in(cast.kanit).get(f"/serah-terima/{handover.uuid}/").content.decode(), render_to_string("print/handover.html", paper(handover))

    page, printed = told()
    assert on_page in page
    assert on_paper in printed
    del handover.snapshot["cases"]
    handover.save()
    page, printed = told()
    assert on_page not in page
    assert on_paper not in printed
