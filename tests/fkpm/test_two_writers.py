"""Two who write the same case or agreement: the second is told, shown the difference, and nothing is lost."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction

from fkpm import agreements, cases, referrals
from fkpm.models import Agreement, Case
from patrol.sync import take
from polmas.people.models import Posting
from tests.fkpm.cases import NO, PAPER, case_item, make_agreement, make_case, make_forum_agreement, signed, typed_case
from tests.fkpm.test_agreements import page_of as paper
from tests.fkpm.test_agreements import typed
from tests.fkpm.test_cases import page_of


def test_the_second_writer_of_a_paper_is_shown_what_the_first_saved(cast, sign_in):
    agreement = make_agreement(make_case(cast), cast.officer)
    client, today = sign_in(cast.officer), agreement.unit.today().isoformat()
    page = client.get(f"{paper(agreement)}ubah/").content.decode()
    assert '<input type="hidden" name="version" value="1">' in page
    first = typed(agreed_on=today, version=1, clauses="Dari A.")
    assert client.post(f"{paper(agreement)}ubah/", first).status_code == 302
    response = sign_in(cast.kanit).post(f"{paper(agreement)}ubah/", {**first, "clauses": "Dari B."})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Dari A." in page
    assert "Dari B.</textarea>" in page
    assert '<input type="hidden" name="version" value="2">' in page
    agreement.refresh_from_db()
    assert (agreement.clauses, agreement.version) == (["Dari A."], 2)
    assert client.post(f"{paper(agreement)}ubah/", first).status_code == 302  # the same text once more is no conflict
    assert client.post(f"{paper(agreement)}ubah/", {**first, "clauses": "Dari B.", "version": 3}).status_code == 302
    assert Agreement.objects.get().clauses == ["Dari B."]


def test_no_signed_page_is_attached_to_a_text_that_changed_meanwhile(cast, sign_in):
    agreement = make_agreement(make_case(cast), cast.officer)
    client, whole = sign_in(cast.officer), typed(agreed_on=agreement.unit.today().isoformat(), version=1)
    client.post(f"{paper(agreement)}ubah/", whole)
    for version in (1, "", "x"):
        page = SimpleUploadedFile("skb.pdf", PAPER, "application/pdf")
        response = client.post(f"{paper(agreement)}tanda-tangan/", {"paper": page, "version": version})
        assert response.status_code == 422
        assert "cetak ulang" in response.content.decode()
    agreement.refresh_from_db()
    assert agreement.state == "UNSIGNED"


def test_who_signs_is_part_of_what_differs(cast, sign_in):
    agreement = make_agreement(make_case(cast), cast.officer)
    whole = typed(agreed_on=agreement.unit.today().isoformat(), version=1)
    sign_in(cast.officer).post(f"{paper(agreement)}ubah/", whole)
    response = sign_in(cast.officer).post(f"{paper(agreement)}ubah/", {**whole, "people-2-name": "Surti"})
    assert [(what, own) for what, _stored, own in response.context["differences"]] == [("Saksi", "Surti\nBudi")]


def test_the_second_writer_of_a_case_is_shown_what_the_first_saved(cast, sign_in):
    case = make_case(cast)
    seen = typed_case(case)
    assert sign_in(cast.officer).post(f"{page_of(case)}ubah/", {**seen, "root_cause": "Pagar."}).status_code == 302
    response = sign_in(cast.kanit).post(f"{page_of(case)}ubah/", {**seen, "root_cause": "Musik."})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Pagar." in page
    assert "Musik." in page
    assert Case.objects.get().root_cause == "Pagar."
    response = sign_in(cast.kanit).post(f"{page_of(case)}ubah/", {**seen, "root_cause": "Musik.", "version": response.context["version"]})
    assert response.status_code == 302
    assert Case.objects.get().root_cause == "Musik."


def test_a_report_corrected_on_the_phone_counts_as_a_writer(cast, sign_in):
    item = case_item()
    take(cast.officer, [item])
    case = Case.objects.get()
    seen = typed_case(case)
    later = {**item, "version": 2, "base_version": 1, "narrative": "Ribut soal pagar."}
    assert [answer["status"] for answer in take(cast.officer, [later])] == ["created"]
    assert sign_in(cast.kanit).post(f"{page_of(case)}ubah/", {**seen, "root_cause": "Pagar."}).status_code == 409


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000, "\0"])
def test_a_version_that_never_was_overwrites_nothing(cast, sign_in, version):
    case = make_case(cast)
    agreement = make_agreement(case, cast.officer)
    case.refresh_from_db()
    answers = {"category": "UTANG", **NO, "version": version}
    client = sign_in(cast.officer)
    assert client.post(f"{page_of(case)}ubah/", typed_case(case, root_cause="Lain.", version=version)).status_code == 409
    assert client.post(f"{page_of(case)}kelayakan/", answers).status_code == 409
    assert client.post(f"{paper(agreement)}ubah/", typed(agreed_on=agreement.unit.today().isoformat(), version=version)).status_code == 409


def test_the_second_who_answers_the_questions_is_told(cast, sign_in):
    case = make_case(cast)
    answers = {"category": "UTANG", **NO, "version": 1}
    assert sign_in(cast.officer).post(f"{page_of(case)}kelayakan/", answers).status_code == 302
    response = sign_in(cast.kanit).post(f"{page_of(case)}kelayakan/", {**answers, "category": "TETANGGA", "unrest": "TIDAK"})
    assert response.status_code == 409
    assert "Utang" in response.content.decode()
    assert Case.objects.get().category == "UTANG"


def test_names_of_parties_are_corrected_on_the_case(cast, sign_in):
    case = make_case(cast)
    client = sign_in(cast.officer)
    assert "Paijo Rahasia" in client.get(f"{page_of(case)}ubah/").content.decode()
    blank = {"parties-2-role": "SAKSI", "parties-2-name": "Surti", "parties-2-id": "", "parties-TOTAL_FORMS": 3}
    said = typed_case(case, **{"parties-0-name": "Paijo Benar", "parties-0-age": 42, **blank})
    assert client.post(f"{page_of(case)}ubah/", said).status_code == 302
    assert list(case.parties.values_list("role", "name", "age")) == [
        ("PIHAK_1", "Paijo Benar", 42),
        ("PIHAK_2", "Tukul Rahasia", 38),
        ("SAKSI", "Surti", None),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"parties-0-name": ""},
        {"parties-0-age": "15"},
        {"parties-0-age": "-1"},
        {"parties-0-role": "RAJA"},
        {"parties-0-name": "x" * 5000},
        {"parties-0-name": "a\0b"},
        {"parties-0-id": "9" * 40},
        {"parties-TOTAL_FORMS": "99999"},
        {"parties-TOTAL_FORMS": "x"},
    ],
)
def test_odd_parties_are_refused_and_what_was_typed_stays(cast, sign_in, changes):
    case = make_case(cast)
    response = sign_in(cast.officer).post(f"{page_of(case)}ubah/", typed_case(case, root_cause="Pagar.", **changes))
    if response.status_code == 302:  # an id of nobody here is a new line
        assert "parties-0-id" in changes
    else:
        assert response.status_code == 422
        assert "Pagar." in response.content.decode()
    assert case.parties.count() == 2


def test_light_trouble_of_the_young_leaves_initials_and_no_paper(cast, sign_in):
    case = make_case(cast)
    agreement = make_agreement(case, cast.officer)
    answers = {"category": "REMAJA", **NO, "version": 1}
    assert sign_in(cast.officer).post(f"{page_of(case)}kelayakan/", answers).status_code == 302
    assert list(case.parties.values_list("name", flat=True)) == ["P.R.", "T.R."]
    agreement.refresh_from_db()
    assert agreement.state == "BATAL"
    assert "Paijo Rahasia" not in [person.name for person in agreement.people.all()]
    case.refresh_from_db()
    assert sign_in(cast.officer).post(f"{page_of(case)}ubah/", typed_case(case, outcome="PEMBINAAN")).status_code == 302
    response = sign_in(cast.officer).post(f"{page_of(case)}ubah/", typed_case(Case.objects.get(), **{"parties-0-name": "Paijo Rahasia"}))
    assert response.status_code == 422
    cases.assess(case, "TETANGGA", NO, Case.objects.get().version)
    assert Case.objects.get().outcome == "PROSES"  # guidance is for the young


def test_an_agreement_in_force_stands_against_the_category_of_the_young(cast):
    agreement = signed(make_agreement(make_case(cast), cast.officer), cast.officer)
    case = Case.objects.get()
    with pytest.raises(ValidationError, match="berlaku"):
        cases.assess(case, "REMAJA", NO, case.version)
    assert case.parties.filter(name="Paijo Rahasia").exists()
    assert agreement.state == "BERLAKU"


def test_guidance_gives_up_the_paper_that_nobody_signed(cast):
    case = make_case(cast)
    Case.objects.filter(pk=case.pk).update(category="REMAJA")
    case.parties.update(name="A.B.")
    agreement = _unsigned_in(case, cast.officer)
    case.refresh_from_db()
    cases.amend(case, {"outcome": "PEMBINAAN"}, cases.parties_of(case), case.version)
    agreement.refresh_from_db()
    assert agreement.state == "BATAL"


def _unsigned_in(case, by) -> Agreement:
    """A paper drawn up while the category was another one."""
    Case.objects.filter(pk=case.pk).update(category="TETANGGA")
    case.refresh_from_db()
    agreement = make_agreement(case, by)
    Case.objects.filter(pk=case.pk).update(category="REMAJA")
    return agreement


def test_handing_over_gives_up_the_paper_and_the_database_lets_none_be_signed(cast):
    case = make_case(cast)
    agreement = make_agreement(case, cast.officer)
    referrals.hand_over(case, cast.officer, "SPKT", cast.units.banyumanik)
    agreement.refresh_from_db()
    assert agreement.state == "BATAL"
    assert "dilimpahkan" in agreement.ended_note
    with pytest.raises(Error, match="no agreement"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(
            state="BERLAKU", signed_at="2026-11-20T00:00Z", signed_by=cast.officer, scan="x.pdf", ended_on=None
        )


@pytest.mark.parametrize("accepted", [False, True])
def test_a_case_refused_by_a_wrong_answer_comes_back(cast, sign_in, accepted):
    case = make_case(cast)
    cases.assess(case, "TETANGGA", {**NO, "grave": "YA"}, case.version)
    if accepted:
        referrals.accept(case.referrals.get(), cast.spkt)
        referrals.give_back(case.referrals.get(), cast.spkt, "Tidak ada luka.")
    case.refresh_from_db()
    assert case.outcome == "DILIMPAHKAN"
    assert sign_in(cast.officer).post(f"{page_of(case)}kelayakan/", {"category": "TETANGGA", **NO, "version": case.version}).status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.refused_by) == ("PROSES", None)
    assert agreements.may_be_drawn_up(case)


def test_a_case_that_a_unit_accepted_stays_there(cast):
    case = make_case(cast)
    cases.assess(case, "TETANGGA", {**NO, "grave": "YA"}, case.version)
    referrals.accept(case.referrals.get(), cast.spkt)
    case.refresh_from_db()
    cases.assess(case, "TETANGGA", NO, case.version)
    case.refresh_from_db()
    assert (case.outcome, case.refused_by) == ("DILIMPAHKAN", None)


def test_a_case_handed_over_by_hand_is_not_taken_back_by_an_answer(cast):
    case = make_case(cast)
    referrals.hand_over(case, cast.officer, "SPKT", cast.units.banyumanik)
    case.refresh_from_db()
    cases.assess(case, "UTANG", NO, case.version)
    case.refresh_from_db()
    assert (case.outcome, case.referrals.get().state) == ("DILIMPAHKAN", "SENT")


def test_a_case_falls_to_the_counter_when_its_kanit_leaves(cast, sign_in):
    case = make_case(cast)
    referrals.hand_over(case, cast.officer, "RESKRIM", cast.units.banyumanik, cast.reskrim)
    assert sign_in(cast.spkt).get(page_of(case)).status_code == 404
    Posting.objects.filter(user=cast.reskrim).update(unit=cast.units.gajahmungkur)
    assert sign_in(cast.reskrim).get(page_of(case)).status_code == 404
    assert sign_in(cast.spkt).get(page_of(case)).status_code == 200
    assert sign_in(cast.spkt).post(f"{page_of(case)}limpahan/", {"act": "accept", "number": "LP/1"}).status_code == 302


def test_children_are_named_by_initials_on_paper_too(cast):
    parties = [{"role": "PIHAK_1", "name": "B.S.", "age": 15}, {"role": "PIHAK_1", "name": "Bu Siti", "age": 40}]
    case = make_case(cast, parties=[*parties, {"role": "PIHAK_2", "name": "Bambang Setyo"}])
    agreement = make_agreement(case, cast.officer)
    lines = [("PIHAK_1", "Bu Siti"), ("PIHAK_2", "Bambang Setyo"), ("SAKSI", "Sri"), ("SAKSI", "Budi")]
    lines = [{"role": role, "name": name, "detail": ""} for role, name in lines]
    for name in ("Budi Santoso", "budi santoso w"):
        with pytest.raises(ValidationError, match="inisial"):
            agreements.amend(agreement, [{"role": "PIHAK_1", "name": name, "detail": ""}, *lines], agreement.version)
    agreements.amend(agreement, [{"role": "PIHAK_1", "name": "B.S.", "detail": ""}, *lines], agreement.version)


@pytest.mark.parametrize("day", ["0001-01-01", "2004-12-31"])
def test_no_agreement_is_older_than_its_matter(cast, sign_in, day):
    case = make_case(cast)
    address = f"/fkpm/perkara/{case.uuid}/kesepakatan/baru/"
    before = (case.happened_on.replace(day=1) - (case.unit.today() - case.happened_on)).isoformat()
    for agreed_on in (day, before):
        response = sign_in(cast.officer).post(address, typed(agreed_on=agreed_on))
        assert "agreed_on" in response.context["form"].errors
    forum = sign_in(cast.officer).post(f"/fkpm/{cast.forum.uuid}/kesepakatan/baru/", typed(agreed_on=day, kind="FORUM"))
    assert "agreed_on" in forum.context["form"].errors
    assert not Agreement.objects.exists()


def test_a_paper_of_a_forum_has_no_matter_to_precede(cast):
    today = cast.units.banyumanik.today()
    assert make_forum_agreement(cast.forum, cast.officer, agreed_on=today.replace(year=today.year - 1, day=1)).pk
