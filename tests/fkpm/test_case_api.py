"""Cases and agreements over the API: written over the version that was read, by the rules and for the eyes of the pages."""

import uuid

import pytest

from fkpm import cases
from fkpm.models import Agreement, Case
from tests.fkpm.cases import NO, make_agreement, make_case, make_forum_agreement, signed

PEOPLE = [
    {"role": "PIHAK_1", "name": "Paijo Rahasia"},
    {"role": "PIHAK_2", "name": "Tukul Rahasia"},
    {"role": "SAKSI", "name": "Sri", "detail": "Ketua RT"},
    {"role": "SAKSI", "name": "Budi"},
]


def case_path(case) -> str:
    return f"/api/v1/cases/{case.uuid}/"


def paper_path(agreement) -> str:
    return f"/api/v1/agreements/{agreement.uuid}/"


def paper(**changes) -> dict:
    return {"place": "Balai RW 05", "clauses": ["Saling memaafkan.", "Musik berhenti pukul 22.00."], "people": PEOPLE, **changes}


def test_an_agreement_is_drawn_up_and_corrected(cast, api):
    case = make_case(cast)
    made = api(cast.officer).post("/api/v1/agreements/", paper(case=str(case.uuid)))
    assert made.status_code == 201, made.data
    assert (made.data["kind"], made.data["state"], made.data["version"]) == ("PERDAMAIAN", "UNSIGNED", 1)
    assert [person["name"] for person in made.data["people"]] == [person["name"] for person in PEOPLE]
    path = f"/api/v1/agreements/{made.data['id']}/"
    changed = api(cast.kanit).patch(path, {"version": 1, "clauses": ["Musik berhenti pukul 21.00."]})
    assert (changed.status_code, changed.data["version"], len(changed.data["people"])) == (200, 2, 4)
    late = api(cast.officer).patch(path, {"version": 1, "clauses": ["Musik tidak boleh."]})
    assert late.status_code == 409
    assert (late.data["errors"][0]["code"], late.data["version"]) == ("outdated", 2)
    assert late.data["differences"][0] == {"what": "Butir kesepakatan", "stored": "Musik berhenti pukul 21.00.", "own": "Musik tidak boleh."}
    agreement = Agreement.objects.get()
    signed(agreement, cast.officer)
    locked = api(cast.officer).patch(path, {"version": 2, "clauses": ["Lain."]})
    assert (locked.status_code, locked.data["errors"][0]["code"]) == (409, "locked")


def test_a_forum_draws_up_its_own(cast, api):
    made = api(cast.secretary).post("/api/v1/agreements/", paper(forum=str(cast.forum.uuid), kind="PERATURAN", subject="Jam tamu"))
    assert (made.status_code, made.data["kind"]) == (201, "PERATURAN")
    assert made.data["number"].endswith("FKPM-PEDALANGAN")


@pytest.mark.parametrize("role", ["colleague", "outsider", "secretary", "clerk", "kasat", "spkt", "admin"])
def test_who_may_not_learns_nothing(cast, api, role):
    case = make_case(cast)
    agreement = make_agreement(make_case(cast), cast.officer)
    person = cast.people[role]
    assert api(person).post("/api/v1/agreements/", paper(case=str(case.uuid))).status_code == 404
    assert api(person).patch(paper_path(agreement), {"version": 1, "place": "Lain"}).status_code == 404
    assert api(person).patch(case_path(case), {"version": 1, "root_cause": "Lain"}).status_code == 404
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"case": str(uuid.UUID(int=0))},
        {"forum": str(uuid.UUID(int=0))},
        {"case": "x"},
        {"people": PEOPLE[:3]},
        {"people": PEOPLE[1:]},
        {"people": [{"role": "RAJA", "name": "x"}]},
        {"people": [{"role": "SAKSI", "name": "  "}, *PEOPLE]},
        {"people": PEOPLE * 30},
        {"people": "x"},
        {"clauses": []},
        {"clauses": [" "]},
        {"clauses": ["a\nb"]},
        {"clauses": ["a\0b"]},
        {"clauses": ["x"] * 60},
        {"clauses": ["x" * 5000]},
        {"place": " "},
        {"place": "x" * 5000},
        {"agreed_on": "0001-01-01"},
        {"agreed_on": "2031-01-01"},
        {"valid_until": "2001-01-01"},
        {"kind": "FORUM"},
        {"is_for_members": True},
    ],
)
def test_what_no_page_would_take_is_refused(cast, api, wrong):
    case = make_case(cast)
    cases.mediate(case, cast.forum, [])
    answer = api(cast.officer).post("/api/v1/agreements/", paper(case=str(case.uuid)) | wrong)
    assert answer.status_code in (400, 404), answer.data
    assert answer.data["errors"][0]["detail"]
    assert not Agreement.objects.exists()


def test_a_refused_case_has_no_agreement_here_either(cast, api):
    case = make_case(cast, category="NARKOTIKA", outcome="DILIMPAHKAN")
    assert api(cast.officer).post("/api/v1/agreements/", paper(case=str(case.uuid))).status_code == 400


def test_a_case_is_corrected_over_the_version_that_was_read(cast, api):
    case = make_case(cast)
    assert api(cast.officer).get(case_path(case)).data["version"] == 1
    parties = [{"role": "PIHAK_1", "name": "Paijo Benar", "age": 42}, {"role": "PIHAK_2", "name": "Tukul Rahasia", "age": 38}]
    before = list(case.parties.values_list("pk", flat=True))
    changed = api(cast.officer).patch(case_path(case), {"version": 1, "root_cause": "Pagar.", "outcome": "TIDAK_SEPAKAT", "parties": parties})
    assert changed.status_code == 200, changed.data
    assert (changed.data["root_cause"], changed.data["outcome"], changed.data["version"]) == ("Pagar.", "TIDAK_SEPAKAT", 2)
    assert list(case.parties.values_list("pk", "name")) == list(zip(before, ["Paijo Benar", "Tukul Rahasia"], strict=True))
    late = api(cast.kanit).patch(case_path(case), {"version": 1, "root_cause": "Musik."})
    assert (late.status_code, late.data["differences"][0]["own"]) == (409, "Musik.")
    assert Case.objects.get().root_cause == "Pagar."


def test_answers_are_judged_by_the_rules(cast, api):
    case = make_case(cast)
    answer = api(cast.officer).patch(case_path(case), {"version": 1, "category": "ANIAYA_RINGAN", "grave": "YA", "root_cause": "Dendam."})
    assert answer.status_code == 200, answer.data
    assert (answer.data["outcome"], answer.data["refused_by"], answer.data["root_cause"]) == ("DILIMPAHKAN", "BERAT", "Dendam.")
    assert [referral["target"] for referral in answer.data["referrals"]] == ["RESKRIM"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "DAMAI"},
        {"outcome": "PEMBINAAN"},
        {"outcome": "X"},
        {"category": "X"},
        {"grave": ""},
        {"grave": "MUNGKIN"},
        {"version": "x"},
        {"version": None},
        {"chronology": "a\0b"},
        {"chronology": "x" * 6000},
        {"parties": []},
        {"parties": [{"role": "PIHAK_1", "name": "Anak Kecil", "age": 9}, {"role": "PIHAK_2", "name": "Tukul"}]},
        {"parties": [{"role": "PIHAK_1", "name": "x", "age": -1}]},
        {"parties": "x"},
    ],
)
def test_a_correction_that_cannot_be_is_refused_whole(cast, api, wrong):
    case = make_case(cast)
    answer = api(cast.officer).patch(case_path(case), {"version": 1, "root_cause": "Pagar.", **NO, "category": "UTANG"} | wrong)
    assert answer.status_code == 400, answer.data
    case.refresh_from_db()
    assert (case.root_cause, case.category, case.version) == ("", "TETANGGA", 1)


def test_a_peace_stays_a_peace(cast, api):
    agreement = make_agreement(make_case(cast), cast.officer)
    rule = make_forum_agreement(cast.forum, cast.officer)
    assert api(cast.officer).patch(paper_path(agreement), {"version": 1, "kind": "FORUM"}).status_code == 400
    assert api(cast.officer).patch(paper_path(rule), {"version": 1, "kind": "PERDAMAIAN"}).status_code == 400
    assert api(cast.officer).patch(paper_path(rule), {"version": 1, "kind": "MOU"}).data["kind"] == "MOU"
