"""An LI that Kanit Binmas raises from what an officer reported."""

import uuid
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from patrol import sync
from patrol.models import Information, InformationState, Report, State
from patrol.models.reports import COUNTED
from polmas.people.models import Notification, Posting, Role, User
from tests.cast import LONG_AGO, make_person
from tests.patrol.behalf import item_for
from tests.patrol.informations import make_information
from tests.patrol.items import file_report
from tests.patrol.test_races import at_once

TOLD = {"subject": "Tamu malam", "field": "KEAMANAN", "method": "LAPORAN_WARGA", "facts": "Tamu datang tiap malam.", "urgency": "TINGGI"}


@pytest.fixture
def report(cast):
    opinions = [{"kind": "SARAN", "text": "Lampu jalan."}, {"kind": "INFORMASI", "text": "Ada tamu aneh.", "urgency": "TINGGI"}]
    return file_report(cast.officer, detail={"opinions": opinions})


def address(report, number=2):
    return f"/li/angkat/?asal={report.uuid}" + (f"&pendapat={number}" if number else "")


def raise_it(client, report, key=None, **change):
    return client.post(address(report), {**TOLD, "key": str(key or uuid.uuid4()), **change})


def test_the_kanit_raises_an_opinion_that_he_reads_and_numbers_it(cast, sign_in, report):
    client = sign_in(cast.kanit)
    link = f"/li/angkat/?asal={report.uuid}&amp;pendapat=2"
    assert link in client.get(f"/kegiatan/{report.uuid}/").content.decode()
    assert link in client.get(f"/tinjau/{report.uuid}/").content.decode()
    begun = client.get(address(report)).context["form"].initial
    assert (begun["facts"], begun["urgency"], begun["method"]) == ("Ada tamu aneh.", "TINGGI", "LAPORAN_WARGA")
    raise_it(client, report)
    li = Information.objects.get()
    assert (li.author, li.unit, li.area, li.day) == (cast.kanit, report.unit, report.area, report.day)
    assert (li.origin, li.origin_opinion, li.number) == (report.uuid, 2, "")
    assert Information.objects.waiting_for(User.objects.get(pk=cast.kanit.pk)).get() == li
    page = client.get(f"/li/{li.uuid}/").content.decode()
    assert f"/li/{li.uuid}/daftar/" in page
    assert f"/li/{li.uuid}/kembalikan/" not in page, "nobody returns the own one"
    client.post(f"/li/{li.uuid}/daftar/", {"classification": "RAHASIA", "version": 1})
    li.refresh_from_db()
    assert li.number.startswith("R/LI-1/")


def test_nobody_else_raises_and_nobody_else_sees(cast, sign_in, report):
    raise_it(sign_in(cast.kanit), report)
    li = Information.objects.get()
    for name in ("officer", "colleague", "outsider", "kapolsek", "kasat", "kapolres", "operator", "kanit_intelkam", "admin", "secretary"):
        client = sign_in(cast.people[name])
        assert client.get(address(report)).status_code == 404, name
        assert raise_it(client, report).status_code == 404, name
        assert client.get(f"/li/{li.uuid}/ubah/").status_code == 404, name
    assert Information.objects.count() == 1
    seen = {name for name, person in cast.people.items() if Information.objects.for_user(User.objects.get(pk=person.pk)).exists()}
    assert seen == {"kanit", "kapolsek", "kapolres", "kanit_intelkam", "kasat_intelkam"}


def test_an_officer_who_is_kanit_too_numbers_no_own_li_of_the_field(cast, sign_in, report):
    Posting.objects.create(user=cast.officer, unit=cast.units.banyumanik, role=Role.KANIT_BINMAS, starts_on=LONG_AGO)
    both = User.objects.get(pk=cast.officer.pk)
    assert sign_in(both).get(address(report)).status_code == 404
    li = make_information(cast, origin=report.uuid, origin_opinion=1)
    assert not li.may_be_registered_by(both)
    assert not Information.objects.waiting_for(both).exists()


def test_what_one_recorded_in_a_colleagues_name_is_not_a_colleagues_word(cast):
    """The origin may come after the LI: what the author then types as a colleague's, unconfirmed, proves nothing."""
    key = uuid.uuid4()
    li = make_information(cast, cast.kanit, source=False, origin=key)
    kanit = User.objects.get(pk=cast.kanit.pk)
    sync.take(kanit, [item_for(cast.officer, id=str(key))])
    proposed = Report.objects.get(uuid=key)
    assert (proposed.officer, proposed.state) == (cast.officer, State.PROPOSED)
    assert not li.may_be_registered_by(kanit)
    assert not Information.objects.waiting_for(kanit).exists()
    Report.objects.filter(pk=proposed.pk).update(state=State.WITHDRAWN, withdrawn_reason="Bukan saya.")
    assert not li.may_be_registered_by(kanit)
    Report.objects.filter(pk=proposed.pk).update(state=State.SUBMITTED)
    assert li.may_be_registered_by(kanit)
    assert Information.objects.waiting_for(kanit).get() == li


@pytest.mark.parametrize("state", State.values)
def test_only_a_report_that_counts_is_raised(cast, sign_in, report, state):
    Report.objects.filter(pk=report.pk).update(
        state=state, recorded_by=cast.operator, withdrawn_reason="x", review_note="x", reviewed_by=cast.kanit, reviewed_at=timezone.now()
    )
    client, counts = sign_in(cast.kanit), state in COUNTED
    assert client.get(address(report)).status_code == (200 if counts else 404)
    assert raise_it(client, report).status_code == (302 if counts else 404)
    assert ("/li/angkat/" in client.get(f"/kegiatan/{report.uuid}/").content.decode()) == counts
    assert Information.objects.exists() == counts


def test_another_kanit_is_told_and_may_return_it_and_the_author_corrects(cast, sign_in, report):
    other = make_person("80010095", "Wahyu", cast.units.banyumanik, Role.KANIT_BINMAS)
    raise_it(sign_in(cast.kanit), report)
    li = Information.objects.get()
    assert [told.path for told in Notification.objects.filter(kind="LI", user=other)] == [f"/li/{li.uuid}/"]
    assert not Notification.objects.filter(kind="LI", user=cast.kanit).exists()
    sign_in(other).post(f"/li/{li.uuid}/kembalikan/", {"note": "Sebutkan jamnya.", "version": 1})
    client = sign_in(cast.kanit)
    assert f"/li/{li.uuid}/ubah/" in client.get(f"/li/{li.uuid}/").content.decode()
    assert client.post(f"/li/{li.uuid}/ubah/", {**TOLD, "key": str(li.uuid), "facts": ""}).context["form"].errors.keys() == {"facts"}
    client.post(f"/li/{li.uuid}/ubah/", {**TOLD, "key": str(li.uuid), "facts": "Pukul 23.00."})
    li.refresh_from_db()
    assert (li.facts, li.version, li.state, len(li.content_hashes)) == ("Pukul 23.00.", 2, InformationState.SUBMITTED, 2)
    client.post(f"/li/{li.uuid}/daftar/", {"classification": "RAHASIA", "version": 2})
    client.post(f"/li/{li.uuid}/ubah/", {**TOLD, "key": str(li.uuid), "facts": "Lain."})
    li.refresh_from_db()
    assert li.facts == "Pukul 23.00."


def test_sent_twice_it_is_one(cast, sign_in, report):
    key = uuid.uuid4()
    answers = [raise_it(sign_in(cast.kanit), report, key) for _time in range(2)]
    assert {answer.url for answer in answers} == {f"/li/{key}/"}
    assert Information.objects.count() == 1
    assert "Tamu malam" not in sign_in(cast.kanit).get(address(report)).content.decode()
    assert f"/li/{key}/" in sign_in(cast.kanit).get(address(report)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_one(cast, sign_in, report):
    for _round in range(3):
        key, clients = uuid.uuid4(), [sign_in(cast.kanit) for _n in range(4)]
        answers = at_once(*[partial(raise_it, client, report, key) for client in clients])
        assert [answer.url for answer in answers] == [f"/li/{key}/"] * 4
    assert Information.objects.count() == 3


def test_an_id_of_somebody_else_is_not_found(cast, sign_in, report):
    theirs = make_information(cast)
    assert raise_it(sign_in(cast.kanit), report, theirs.uuid).status_code == 404
    assert Information.objects.get() == theirs


def test_a_detection_is_raised_whole(cast, sign_in):
    detail = {"method": "PENGAMATAN", "urgency": "TINGGI"}
    item = file_report(cast.officer, kind="DETEKSI_DINI", narrative="Spanduk provokatif.", detail=detail)
    client = sign_in(cast.kanit)
    assert f'"/li/angkat/?asal={item.uuid}"' in client.get(f"/tinjau/{item.uuid}/").content.decode()
    assert client.get(address(item, 0)).context["form"].initial["facts"] == "Spanduk provokatif."
    client.post(address(item, 0), {**TOLD, "key": str(uuid.uuid4())})
    assert Information.objects.get().origin_opinion is None


@pytest.mark.parametrize("query", ["", "?asal=x", "?asal=\x00", "?asal=00000000-0000-4000-8000-000000000000"])
def test_from_nothing_nothing_is_raised(cast, sign_in, query):
    assert sign_in(cast.kanit).get(reverse("patrol:information_raise") + query).status_code == 404


@pytest.mark.parametrize("number", ["0", "3", "x", "9" * 20, "-1", "", "%00"])
def test_an_opinion_that_is_not_there(cast, sign_in, report, number):
    assert sign_in(cast.kanit).get(f"/li/angkat/?asal={report.uuid}&pendapat={number}").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [({"subject": " "}, "subject"), ({"facts": "a\x00"}, "facts"), ({"method": "X"}, "method"), ({"field": "\x00"}, "field"), ({"key": "x"}, "key")],
)
def test_what_cannot_be_is_refused_and_kept_in_the_form(cast, sign_in, report, change, field):
    page = sign_in(cast.kanit).post(address(report), {**TOLD, "key": str(uuid.uuid4()), **change})
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {field}
    assert "Tamu datang" in page.content.decode() or field == "facts"
