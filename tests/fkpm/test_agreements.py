"""Surat Kesepakatan Bersama: numbered without gaps, locked once signed, watched after 30 and 90 days."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.utils.html import escape

from fkpm import agreements, looking_after
from fkpm.models import Agreement, AgreementCheck, Case
from fkpm.printing_agreements import agreement_on_paper, fingerprint_of
from fkpm.tasks import watch_agreements
from polmas.people.models import Notification, Posting, User
from tests.fkpm.cases import PAPER, make_agreement, make_case, make_forum_agreement, signed

DAY = datetime.timedelta(days=1)


def page_of(agreement) -> str:
    return f"/fkpm/kesepakatan/{agreement.uuid}/"


def typed(**changes) -> dict:
    """The form of a peace as a browser posts it."""
    people = [("PIHAK_1", "Paijo"), ("PIHAK_2", "Tukul"), ("SAKSI", "Sri"), ("SAKSI", "Budi"), ("SAKSI", "")]
    lines = {f"people-{n}-role": role for n, (role, _name) in enumerate(people)} | {
        f"people-{n}-name": name for n, (_role, name) in enumerate(people)
    }
    paper = {"subject": "Musik malam", "place": "Balai", "clauses": "Saling memaafkan.\n\nMusik berhenti."}
    return {**paper, **lines, "people-TOTAL_FORMS": "5", "people-INITIAL_FORMS": "5", **changes}


def made_ago(agreement, days):
    """An agreement of some days ago, signed."""
    day = agreement.unit.today() - days * DAY
    Agreement.objects.filter(pk=agreement.pk).update(agreed_on=day)
    agreement.refresh_from_db()
    return signed(agreement, agreement.drawn_up_by)


def test_a_quarrel_goes_to_a_signed_agreement_and_its_follow_ups(cast, sign_in):
    case = make_case(cast)
    client = sign_in(cast.officer)
    assert "Paijo Rahasia" in client.get(f"/fkpm/perkara/{case.uuid}/kesepakatan/baru/").content.decode()
    today = case.unit.today().isoformat()
    client.post(f"/fkpm/perkara/{case.uuid}/kesepakatan/baru/", typed(agreed_on=today))
    agreement = Agreement.objects.get()
    assert agreement.clauses == ["Saling memaafkan.", "Musik berhenti."]
    case.refresh_from_db()
    assert case.outcome == "PROSES"
    paper = SimpleUploadedFile("skb.pdf", PAPER, "application/pdf")
    assert client.post(f"{page_of(agreement)}tanda-tangan/", {"paper": paper, "version": 1}).status_code == 302
    agreement.refresh_from_db()
    case.refresh_from_db()
    assert (agreement.state, case.outcome) == ("BERLAKU", "DAMAI")
    page = client.get(f"/fkpm/perkara/{case.uuid}/").content.decode()
    assert "Kesepakatan tercatat" in page
    assert "perkara selesai" not in page.lower()
    assert [(check.days, check.due_on - agreement.agreed_on) for check in agreement.checks.all()] == [(30, 30 * DAY), (90, 90 * DAY)]
    assert b"".join(client.get(f"{page_of(agreement)}naskah/")) == PAPER


def test_the_number_follows_the_pattern_of_the_unit(cast):
    agreement = make_forum_agreement(cast.forum, cast.officer)
    month = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")[agreement.agreed_on.month - 1]
    assert agreement.number == f"KB/1/{month}/{agreement.agreed_on.year}/FKPM-PEDALANGAN"
    assert make_forum_agreement(cast.forum, cast.officer).number.startswith("KB/2/")
    assert make_forum_agreement(cast.other_forum, cast.colleague).number.startswith("KB/1/")
    assert "FKPM" not in make_agreement(make_case(cast), cast.officer).number


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_however_many_draw_up_at_once(cast):
    def draw():
        try:
            make_forum_agreement(cast.forum, cast.officer)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Agreement.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_signed_agreement_is_locked_and_no_number_is_ever_deleted(cast):
    agreement = signed(make_agreement(make_case(cast), cast.officer), cast.officer)
    for change in (
        lambda: Agreement.objects.filter(pk=agreement.pk).update(clauses=["Lain."]),
        lambda: Agreement.objects.filter(pk=agreement.pk).update(scan="lain.pdf"),
        lambda: agreement.people.update(name="Orang lain"),
        lambda: agreement.people.all().delete(),
        lambda: Agreement.objects.filter(pk=agreement.pk).delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
    with pytest.raises(ValidationError):
        agreements.amend(agreement, [], agreement.version)


def test_two_witnesses_and_both_parties_sign(cast, sign_in):
    case = make_case(cast)
    address = f"/fkpm/perkara/{case.uuid}/kesepakatan/baru/"
    today = case.unit.today().isoformat()
    response = sign_in(cast.officer).post(address, typed(agreed_on=today, **{"people-3-name": " "}))
    assert response.status_code == 422
    assert "Musik malam" in response.content.decode()
    assert sign_in(cast.officer).post(address, typed(agreed_on=today, **{"people-0-name": ""})).status_code == 422
    assert not Agreement.objects.exists()
    agreement = make_agreement(case, cast.officer)
    agreement.people.filter(role="SAKSI").first().delete()
    with pytest.raises(ValidationError):
        signed(agreement, cast.officer)
    with pytest.raises(Error), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(state="BERLAKU", signed_at="2026-11-20T00:00Z", signed_by=cast.officer, scan="x.pdf")


@pytest.mark.parametrize(
    "changes",
    [
        {"agreed_on": "2031-01-01"},
        {"agreed_on": "bukan"},
        {"clauses": " \n "},
        {"clauses": "\n".join(["x"] * 60)},
        {"clauses": "x" * 5000},
        {"subject": "a\0b"},
        {"place": "x" * 5000},
        {"valid_until": "2001-01-01"},
        {"people-0-role": "RAJA"},
        {"people-TOTAL_FORMS": "99999"},
        {"people-TOTAL_FORMS": "x"},
    ],
)
def test_odd_input_is_refused_and_nothing_is_stored(cast, sign_in, changes):
    case = make_case(cast)
    whole = typed(agreed_on=case.unit.today().isoformat())
    response = sign_in(cast.officer).post(f"/fkpm/perkara/{case.uuid}/kesepakatan/baru/", {**whole, **changes})
    assert response.status_code == 422
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("content", [b"", b"<script>", b"%PDF-", b"MZ" * 100])
def test_what_is_neither_pdf_nor_picture_is_no_signed_paper(cast, sign_in, content):
    agreement = make_agreement(make_case(cast), cast.officer)
    response = sign_in(cast.officer).post(f"{page_of(agreement)}tanda-tangan/", {"paper": SimpleUploadedFile("skb.pdf", content), "version": 1})
    assert response.status_code == 422
    agreement.refresh_from_db()
    assert agreement.state == "UNSIGNED"


def test_a_correction_is_a_new_agreement_that_names_the_old_one(cast, sign_in):
    case = make_case(cast)
    old = signed(make_agreement(case, cast.officer), cast.officer)
    client = sign_in(cast.officer)
    assert client.get(f"{page_of(old)}ganti/").status_code == 200
    client.post(f"{page_of(old)}ganti/", typed(agreed_on=case.unit.today().isoformat(), clauses="Musik berhenti pukul 21.00."))
    new = Agreement.objects.get(replaces=old)
    old.refresh_from_db()
    assert old.state == "BERLAKU"
    signed(new, cast.officer)
    old.refresh_from_db()
    assert (old.state, new.number in old.ended_note) == ("BERAKHIR", True)
    assert client.get(f"{page_of(old)}ganti/").status_code == 404


def test_a_breach_is_not_covered_by_a_correction_that_is_signed_later(cast, sign_in):
    case = make_case(cast)
    old = signed(make_agreement(case, cast.officer), cast.officer)
    sign_in(cast.officer).post(f"{page_of(old)}ganti/", typed(agreed_on=case.unit.today().isoformat(), clauses="Musik berhenti pukul 21.00."))
    looking_after.report_breach(old, cast.officer, next_step="Mediasi ulang")
    new = Agreement.objects.get(replaces=old)
    with pytest.raises(ValidationError):
        signed(new, cast.officer)
    old.refresh_from_db()
    case.refresh_from_db()
    assert (old.state, case.outcome) == ("DILANGGAR", "INGKAR")
    agreements.cancel(new, "Dibuat baru.")
    assert agreements.may_be_drawn_up(case)


def test_after_the_last_look_it_is_observed(cast, sign_in):
    agreement = made_ago(make_agreement(make_case(cast), cast.officer), 91)
    for state in ("BERLAKU", "DITAATI"):
        check = agreement.checks.filter(checked_on=None).first()
        assert sign_in(cast.officer).post(f"{page_of(agreement)}pantau/{check.pk}/", {"is_observed": "yes", "note": "Rukun."}).status_code == 302
        agreement.refresh_from_db()
        assert agreement.state == state


def test_a_broken_agreement_makes_its_case_ingkar_and_says_what_next(cast, sign_in):
    agreement = made_ago(make_agreement(make_case(cast), cast.officer), 31)
    check = agreement.checks.first()
    address = f"{page_of(agreement)}pantau/{check.pk}/"
    assert sign_in(cast.officer).post(address, {"is_observed": "no", "note": "Musik lagi."}).status_code == 422
    assert sign_in(cast.officer).post(address, {"is_observed": "no", "next_step": "Mediasi ulang."}).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.state, Case.objects.get().outcome) == ("DILANGGAR", "INGKAR")
    assert agreements.may_be_drawn_up(Case.objects.get())


def test_the_watch_tells_once_who_follows_and_later_who_leads(cast):
    agreement = made_ago(make_agreement(make_case(cast), cast.officer), 31)
    for _n in range(2):
        watch_agreements()
    assert Notification.objects.filter(kind="AGREEMENT").values_list("user", flat=True).get() == cast.officer.pk
    AgreementCheck.objects.filter(agreement=agreement, days=30).update(due_on=agreement.unit.today() - 8 * DAY)
    for _n in range(2):
        watch_agreements()
    told = Notification.objects.filter(kind="AGR_LATE").values_list("user", flat=True)
    assert set(told) == {cast.kanit.pk, cast.kapolsek.pk}
    assert len(told) == 2


def test_an_agreement_past_its_last_day_ends_by_itself(cast):
    today = cast.units.banyumanik.today()
    agreement = make_forum_agreement(cast.forum, cast.officer, agreed_on=today - 20 * DAY, valid_until=today - DAY)
    agreement = signed(agreement, cast.officer)
    assert not agreement.checks.exists()
    watch_agreements()
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_on) == ("BERAKHIR", today - DAY)


@pytest.mark.parametrize("outcome", ["DILIMPAHKAN", "PEMBINAAN"])
def test_what_took_another_way_is_not_signed_any_more(cast, outcome):
    agreement = make_agreement(make_case(cast), cast.officer)
    Case.objects.filter(pk=agreement.case_id).update(outcome=outcome, referred_to="SPKT")
    agreement.refresh_from_db()
    with pytest.raises(ValidationError, match="cara lain"):
        signed(agreement, cast.officer)
    assert Case.objects.get(pk=agreement.case_id).outcome == outcome


def test_an_officer_without_a_post_reads_no_case_and_leads_none(cast):
    case = make_agreement(make_case(cast), cast.officer).case
    Posting.objects.filter(user=cast.officer).update(ends_on=datetime.date(2025, 1, 1))
    former = User.objects.get(pk=cast.officer.pk)
    assert not Case.objects.for_user(former).exists()
    assert not case.may_be_led_by(former)


def test_members_read_what_is_marked_for_them(cast, sign_in):
    public = signed(make_forum_agreement(cast.forum, cast.officer, subject="Jam tamu", is_for_members=True), cast.officer)
    inner = signed(make_forum_agreement(cast.forum, cast.officer, subject="MoU rahasia", kind="MOU"), cast.officer)
    cast.forum.members.filter(user=cast.secretary).update(position="ANGGOTA")
    page = sign_in(cast.secretary).get(f"/fkpm/kesepakatan/?fkpm={cast.forum.uuid}").content.decode()
    assert public.subject in page
    assert inner.subject not in page
    assert sign_in(cast.secretary).get(page_of(inner)).status_code == 404
    assert sign_in(cast.chair).get(page_of(inner)).status_code == 200
    for stranger in (cast.other_secretary, cast.outsider, cast.spkt, cast.admin):
        assert sign_in(stranger).get(page_of(public)).status_code == 404
    with pytest.raises(Error), transaction.atomic():
        Agreement.objects.filter(pk=make_agreement(make_case(cast), cast.officer).pk).update(is_for_members=True)


def test_a_cancelled_paper_keeps_its_number(cast, sign_in):
    agreement = make_forum_agreement(cast.forum, cast.officer)
    assert sign_in(cast.officer).post(f"{page_of(agreement)}batal/", {"reason": " "}).status_code == 422
    assert sign_in(cast.officer).post(f"{page_of(agreement)}batal/", {"reason": "Pihak mundur."}).status_code == 302
    assert make_forum_agreement(cast.forum, cast.officer).sequence == 2


def test_the_paper_names_who_signs_under_the_forums_own_head(cast):
    case = make_case(cast)
    agreement = make_agreement(case, cast.officer, village_head="Lurah Sri")
    shown = agreement_on_paper(agreement)
    assert [name for _office, name in shown["known_by"]][:1] == ["Lurah Sri"]
    assert len(shown["known_by"]) == 2  # no chair without a forum
    before = fingerprint_of(agreement)
    agreement.clauses = ["Lain."]
    assert fingerprint_of(agreement) != before


def test_lists_take_few_queries(cast, sign_in, django_assert_max_num_queries):
    for _n in range(5):
        make_forum_agreement(cast.forum, cast.officer, subject="Jam <b>malam</b>")
    client = sign_in(cast.kanit)
    with django_assert_max_num_queries(12):
        page = client.get(f"/fkpm/kesepakatan/?fkpm={cast.forum.uuid}").content.decode()
    assert escape("Jam <b>malam</b>") in page
    for odd in ("?fkpm=abc", "?fkpm=%00"):
        assert sign_in(cast.kanit).get(f"/fkpm/kesepakatan/{odd}").status_code == 404
