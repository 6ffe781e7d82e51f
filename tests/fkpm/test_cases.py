"""Cases on their own pages: sessions, mediators, handing over, and who reads the names."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, transaction

from fkpm import cases, referrals
from fkpm.models import Case, CaseParty, CaseReferral
from patrol.models import Report
from patrol.sync import take
from polmas.people.models import Notification
from tests.fkpm.cases import NO, case_item, make_agreement, make_case, signed, typed_case

NAME = "Paijo Rahasia"


def page_of(case) -> str:
    return f"/fkpm/perkara/{case.uuid}/"


def test_names_are_for_those_who_settle_it_and_nobody_else(cast, sign_in):
    """The officer, Kanit and Kapolsek read them; of the forum only the member who mediates."""
    case = make_case(cast)
    cases.mediate(case, cast.forum, cast.forum.members.filter(user=cast.chair))
    readers = {"officer", "kanit", "kapolsek", "kasat", "kapolres", "chair"}
    for role, person in cast.people.items():
        response = sign_in(person).get(page_of(case))
        assert (response.status_code == 200) == (role in readers), role
        assert (NAME in response.content.decode()) == (role in readers), role
        assert NAME not in sign_in(person).get("/fkpm/perkara/").content.decode()


def test_a_mediator_whose_term_ends_reads_no_more(cast, sign_in):
    case = make_case(cast)
    member = cast.forum.members.get(user=cast.chair)
    cases.mediate(case, cast.forum, [member])
    member.end(cast.units.banyumanik.today() - datetime.timedelta(days=1))
    assert sign_in(cast.chair).get(page_of(case)).status_code == 404


def test_members_of_another_forum_can_not_mediate(cast):
    case = make_case(cast)
    with pytest.raises(ValidationError):
        cases.mediate(case, cast.forum, cast.other_forum.members.all())


def test_the_forum_knows_numbers_and_no_names(cast, sign_in):
    case = make_case(cast)
    cases.mediate(case, cast.forum, cast.forum.members.filter(user=cast.chair))
    agreement = signed(make_agreement(Case.objects.get(pk=case.pk), cast.officer), cast.officer)
    page = sign_in(cast.secretary).get(f"/fkpm/kesepakatan/?fkpm={cast.forum.uuid}").content.decode()
    assert "Perkara dimediasi" in page
    assert NAME not in page
    assert agreement.number not in page


def test_who_mediates_finds_the_cases_in_bar_and_home_and_no_other_member_does(cast, sign_in):
    case = make_case(cast)
    cases.mediate(case, cast.forum, cast.forum.members.filter(user=cast.chair))
    for person, finds in ((cast.chair, True), (cast.secretary, False)):
        page = sign_in(person).get("/").content.decode()
        assert ('href="/fkpm/perkara/"' in page) == finds
        assert (f"/fkpm/perkara/?fkpm={cast.forum.uuid}" in page) == finds
        assert NAME not in page
    assert len(sign_in(cast.chair).get(f"/fkpm/perkara/?fkpm={cast.forum.uuid}").context["page"]) == 1


def test_a_session_is_recorded_and_the_report_leads_the_case_no_more(cast, sign_in):
    item = case_item()
    take(cast.officer, [item])
    case = Case.objects.get()
    today = case.unit.today().isoformat()
    said = {"held_on": today, "venue": "BKPM", "attendees": "Kedua pihak", "result": "Sepakat bertemu lagi.", "next_on": today}
    assert sign_in(cast.officer).post(f"{page_of(case)}pertemuan/", said).status_code == 302
    assert case.sessions.get().result == "Sepakat bertemu lagi."
    later = {**item, "version": 2, "base_version": 1, "detail": {**item["detail"], "category": "UTANG"}}
    assert [answer["status"] for answer in take(cast.officer, [later])] == ["created"]
    case.refresh_from_db()
    assert case.category == "TETANGGA"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"held_on": "2030-01-01"}, "held_on"),
        ({"held_on": "2001-01-01"}, "held_on"),
        ({"result": "  "}, "result"),
        ({"attendees": "a\0b"}, "attendees"),
        ({"result": "x" * 5000}, "result"),
        ({"held_on": "kemarin"}, "held_on"),
        ({"next_on": "2001-01-01"}, None),
    ],
)
def test_a_session_that_can_not_have_been_is_refused_and_keeps_what_was_typed(cast, sign_in, said, field):
    case = make_case(cast)
    whole = {"held_on": case.unit.today().isoformat(), "attendees": "Kedua pihak", "result": "Saling mendengar.", "next_on": ""}
    response = sign_in(cast.officer).post(f"{page_of(case)}pertemuan/", whole | said)
    assert response.status_code == 422
    assert (field or "__all__") in response.context["session_form"].errors
    assert "Kedua pihak" in response.content.decode() or field == "attendees"
    assert not case.sessions.exists()


def test_what_turns_out_grave_goes_to_its_unit_and_can_have_no_agreement(cast, sign_in):
    case = make_case(cast)
    answers = {"category": "ANIAYA_RINGAN", **NO, "grave": "YA", "version": case.version}
    assert sign_in(cast.officer).post(f"{page_of(case)}kelayakan/", answers).status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.refused_by.code) == ("DILIMPAHKAN", "BERAT")
    assert case.referrals.get().target == "RESKRIM"
    page = sign_in(cast.officer).get(page_of(case)).content.decode()
    assert "Perpol 8/2021" in page
    assert "kesepakatan/baru" not in page
    with pytest.raises(ValidationError):
        make_agreement(case, cast.officer)


def test_the_database_lets_nothing_settle_what_is_refused(cast):
    case = make_case(cast, category="NARKOTIKA", outcome="DILIMPAHKAN")
    with pytest.raises(Error), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(outcome="DAMAI")
    with pytest.raises(Error), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(referred_to="")
    with pytest.raises(Error), transaction.atomic():
        CaseParty.objects.create(case=case, role="SAKSI", name="Anak Kecil", age=9)


def test_the_counter_accepts_a_case_and_says_what_came_of_it(cast, sign_in):
    case = make_case(cast, category="PIDANA_LAIN", outcome="DILIMPAHKAN")
    assert Notification.objects.filter(user=cast.spkt, kind="CASE", path=page_of(case)).exists()
    assert NAME in sign_in(cast.spkt).get(page_of(case)).content.decode()
    answer = f"{page_of(case)}limpahan/"
    assert sign_in(cast.spkt).post(answer, {"act": "accept", "number": "LP/B/12/XI/2026"}).status_code == 302
    assert sign_in(cast.spkt).post(answer, {"act": "report", "result": "Naik penyelidikan."}).status_code == 302
    referral = case.referrals.get()
    assert (referral.state, referral.number, referral.result) == ("REPORTED", "LP/B/12/XI/2026", "Naik penyelidikan.")
    assert Notification.objects.filter(user=cast.officer, kind="CASE_ANSWER").count() == 2
    assert sign_in(cast.reskrim).get(page_of(case)).status_code == 404


def test_a_kanit_sees_what_is_handed_to_them_by_name_and_the_counter_does_not(cast, sign_in):
    case = make_case(cast)
    said = {"target": "RESKRIM", "unit": "POLSEK-BANYUMANIK", "person": cast.reskrim.username, "reason": "Ada unsur pidana."}
    assert sign_in(cast.officer).post(f"{page_of(case)}limpahkan/", said).status_code == 302
    assert sign_in(cast.reskrim).get(page_of(case)).status_code == 200
    assert sign_in(cast.spkt).get(page_of(case)).status_code == 404
    case.refresh_from_db()
    assert case.outcome == "DILIMPAHKAN"


def test_a_case_that_is_given_back_goes_on_or_must_go_elsewhere(cast, sign_in):
    free, refused = make_case(cast), make_case(cast, category="PIDANA_LAIN", outcome="DILIMPAHKAN")
    referrals.hand_over(free, cast.officer, "SPKT", cast.units.banyumanik)
    for case in (free, refused):
        response = sign_in(cast.spkt).post(f"{page_of(case)}limpahan/", {"act": "return", "result": ""})
        assert response.status_code == 422
        assert sign_in(cast.spkt).post(f"{page_of(case)}limpahan/", {"act": "return", "result": "Bukan pidana."}).status_code == 302
    free.refresh_from_db()
    refused.refresh_from_db()
    assert (free.outcome, refused.outcome) == ("PROSES", "DILIMPAHKAN")
    assert "Tentukan satuan" in sign_in(cast.officer).get(page_of(refused)).content.decode()


def test_a_case_lies_with_one_unit_at_a_time(cast):
    case = make_case(cast)
    referrals.hand_over(case, cast.officer, "SPKT", cast.units.banyumanik)
    with pytest.raises(ValidationError):
        referrals.hand_over(case, cast.officer, "RESKRIM", cast.units.banyumanik)
    with pytest.raises(Error), transaction.atomic():
        CaseReferral.objects.create(case=case, target="SPKT", unit=cast.units.banyumanik, sent_by=cast.officer)


def test_another_officer_can_follow_a_case(cast, sign_in):
    case = make_case(cast)
    assert sign_in(cast.colleague).get(page_of(case)).status_code == 404
    assert sign_in(cast.kanit).post(f"{page_of(case)}petugas/", {"officer": cast.colleague.username}).status_code == 302
    assert sign_in(cast.colleague).get(page_of(case)).status_code == 200


def test_an_outcome_that_has_its_own_way_can_not_be_typed(cast, sign_in):
    case = make_case(cast)
    for outcome in ("DAMAI", "PEMBINAAN"):
        response = sign_in(cast.officer).post(f"{page_of(case)}ubah/", typed_case(case, outcome=outcome))
        assert "outcome" in response.context["form"].errors
    assert sign_in(cast.officer).post(f"{page_of(case)}ubah/", typed_case(case, outcome="TIDAK_SEPAKAT")).status_code == 302


def test_a_withdrawn_report_takes_its_case_along_unless_it_was_taken_up(cast, sign_in):
    first, second = make_case(cast), make_case(cast)
    cases.mediate(second, cast.forum, [])
    for case in (first, second):
        Report.objects.get(uuid=case.uuid).withdraw(cast.officer, "Salah ketik.")
    assert list(Case.objects.for_user(cast.officer)) == [second]


def test_what_is_refused_is_named_by_its_category_and_has_no_parties_of_a_quarrel(cast, sign_in):
    case = make_case(cast, category="KEKERASAN_SEKSUAL", outcome="DILIMPAHKAN", referred_to="PPA")
    page = sign_in(cast.officer).get(page_of(case)).content.decode()
    assert "<h1>Kekerasan seksual</h1>" in page
    assert "Korban atau pelapor" in page
    assert "Terlapor" in page
    assert "Pihak pertama" not in page
    assert "Sengketa" not in page
    assert 'id="pertemuan"' not in page


def test_the_form_has_a_place_for_the_verdict_beside_the_category(cast, sign_in):
    page = sign_in(cast.officer).get("/catat/ps/").content.decode()
    words = ('value="KORUPSI"', '<div id="category-verdict" role="status" aria-live="polite">', 'name="detail-happened_on"')
    assert sorted(words, key=page.index) == list(words)


def test_a_theft_by_a_child_has_no_parties_of_a_quarrel_and_unrest_among_neighbours_has(cast, sign_in):
    for answers, words in (({"child_crime": "YA"}, "Korban atau pelapor"), ({"unrest": "YA"}, "Pihak pertama")):
        case = make_case(cast, outcome="DILIMPAHKAN", **{**NO, **answers})
        assert words in sign_in(cast.officer).get(page_of(case)).content.decode()


def test_a_case_says_at_its_top_that_it_may_be_settled_and_offers_a_session_first(cast, sign_in):
    page = sign_in(cast.officer).get(page_of(make_case(cast))).content.decode()
    places = [page.index(word) for word in ("Boleh diselesaikan di sini: tidak ada", "?pertemuan=1#pertemuan", "Buat surat kesepakatan", "Kronologi")]
    assert places == sorted(places)
    assert "Pertemuan berikutnya" in page


@pytest.mark.parametrize(
    ("detail", "is_told"),
    [({}, True), ({"category": "KEKERASAN_SEKSUAL", "outcome": "DILIMPAHKAN"}, False), ({"child_crime": "YA", "outcome": "DILIMPAHKAN"}, False)],
)
def test_of_a_discreet_matter_no_list_tells_a_word(cast, sign_in, detail, is_told):
    case = make_case(cast, **detail)
    for person, url in (
        (cast.kapolsek, "/"),
        (cast.kapolsek, "/dasbor/"),
        (cast.kapolres, "/dasbor/"),
        (cast.kanit, "/"),
        (cast.kanit, "/kegiatan/"),
        (cast.kanit, "/tinjau/"),
        (cast.kanit, "/fkpm/perkara/"),
    ):
        page = sign_in(person).get(url).content.decode()
        assert str(case.uuid) in page, url
        assert any(word in page for word in ("Ribut soal suara musik", "warga menerima pesan kamtibmas")) == is_told, url


def test_report_and_case_lead_to_each_other(cast, sign_in):
    case = make_case(cast)
    client = sign_in(cast.officer)
    report = client.get(f"/kegiatan/{case.uuid}/").content.decode()
    assert f'href="{page_of(case)}"' in report
    assert f'href="/kegiatan/{case.uuid}/"' in client.get(page_of(case)).content.decode()
    heading = report[report.index('class="page-title"') : report.index("</h1>")]
    assert heading.count("Problem solving") == 1


def test_the_list_is_narrowed_and_taken_along(cast, sign_in, django_assert_max_num_queries):
    for _n in range(3):
        make_case(cast)
    make_case(cast, category="UTANG", outcome="TIDAK_SEPAKAT")
    client = sign_in(cast.kanit)
    with django_assert_max_num_queries(12):
        assert len(client.get("/fkpm/perkara/").context["page"]) == 4
    assert len(client.get("/fkpm/perkara/?hasil=TIDAK_SEPAKAT").context["page"]) == 1
    assert len(client.get("/fkpm/perkara/?kategori=UTANG&q=musik").context["page"]) == 1
    assert len(client.get("/fkpm/perkara/?q=tidakada").context["page"]) == 0
    for odd in ("?q=%00", "?hasil=X&page=abc", f"?q={'x' * 5000}", "?fkpm=abc", "?wilayah=%00"):
        assert client.get(f"/fkpm/perkara/{odd}").status_code == 200
    table = b"".join(client.get("/fkpm/perkara/unduh/?bentuk=csv")).decode()
    assert table.count(NAME) == 4
    assert sign_in(cast.clerk).get("/fkpm/perkara/unduh/").status_code == 404
