"""What may be settled: one function, one set of rules, one set of cases for page, phone and sync alike."""

import datetime
import json
import pathlib

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from fkpm.eligibility import ALLOWED, GUIDED, REFUSED, UNANSWERED, for_phone, initials_of, is_initials, judge, rules_of
from fkpm.eligibility_rules import COLUMNS, RULES
from fkpm.models import Case, CaseReferral, EligibilityRule, Question, Target
from patrol.sync import take
from tests.fkpm.cases import case_item, make_case

CASES = json.loads(pathlib.Path(__file__).with_name("eligibility.json").read_text())
STORED = [EligibilityRule(**dict(zip(COLUMNS, row, strict=True))) for row in RULES]
CATEGORIES = sorted({category for rule in STORED for category in rule.categories} | {"TETANGGA", "UTANG", "LAINNYA"})
ANSWERS = st.fixed_dictionaries({question: st.sampled_from(["", "YA", "TIDAK"]) for question in Question.values})
DAYS = st.dates(datetime.date(2005, 1, 1), datetime.date(2040, 1, 1))


def answers_in(example) -> dict:
    return dict(zip(Question.values, example["answers"], strict=True))


@pytest.mark.parametrize("example", CASES, ids=[example["name"] for example in CASES])
def test_the_rules_answer(example):
    verdict = judge(STORED, example["category"], answers_in(example), datetime.date.fromisoformat(example["day"]))
    assert (verdict.says, verdict.rule.code if verdict.rule else None) == (example["says"], example.get("rule"))
    if verdict.is_refused:
        assert verdict.rule.get_target_display() == example["target"]
        assert verdict.rule.source
        assert verdict.rule.text_id
        assert verdict.rule.text_en


@pytest.mark.parametrize("example", [each for each in CASES if each["day"].startswith("2026")], ids=lambda each: each["name"])
def test_the_sync_holds_to_the_same_rules(cast, example):
    answers, names = answers_in(example), [{"role": "PIHAK_1", "name": "P."}, {"role": "PIHAK_2", "name": "T."}]
    [answer] = take(cast.officer, [case_item(example["category"], "DAMAI", **answers, parties=names)])
    assert answer["status"] == ("created" if example["says"] in (ALLOWED, UNANSWERED) else "rejected")
    if example["says"] in (REFUSED, GUIDED):
        assert [(error["code"], error["attr"]) for error in answer["errors"]] == [("not_allowed", "detail.outcome")]
    if example["says"] == REFUSED:
        case = make_case(cast, category=example["category"], outcome="DILIMPAHKAN", **answers, parties=names)
        assert case.refused_by.code == example["rule"]
        assert case.referred_to == example["target"]
        assert case.referrals.get().get_target_display() == example["target"]


@given(category=st.sampled_from(CATEGORIES), answers=ANSWERS, day=DAYS)
def test_a_refusal_names_its_rule_and_unit_and_whatever_is_allowed_was_asked(category, answers, day):
    verdict = judge(STORED, category, answers, day)
    assert verdict.says in (ALLOWED, GUIDED, REFUSED, UNANSWERED)
    if verdict.is_refused:
        assert verdict.rule.target in Target.values
        assert verdict.rule.valid_from <= day
    if verdict.may_agree:
        assert all(answers.values())
    assert judge(STORED, category, answers, day) == verdict


@given(category=st.sampled_from(CATEGORIES), answers=ANSWERS, question=st.sampled_from(Question.values))
def test_a_yes_never_makes_allowed_what_was_not(category, answers, question):
    day = datetime.date(2026, 11, 20)
    before, after = judge(STORED, category, answers, day), judge(STORED, category, {**answers, question: "YA"}, day)
    assert after.is_refused
    assert not before.is_refused or after.is_refused


@given(st.text(max_size=60))
def test_initials_are_initials(name):
    assert is_initials(initials_of(name))


def test_a_rule_that_an_administrator_ends_holds_no_more(cast):
    day = datetime.date(2026, 11, 20)
    EligibilityRule.objects.filter(code="NARKOTIKA").update(valid_to=datetime.date(2026, 11, 19))
    assert judge(rules_of(day), "NARKOTIKA", dict.fromkeys(Question.values, "TIDAK"), day).says == ALLOWED
    assert "NARKOTIKA" not in [rule["code"] for rule in for_phone(day)]


def test_the_phone_gets_the_same_rules(cast, sign_in):
    page = sign_in(cast.officer).get("/catat/ps/").content.decode()
    told = json.loads(page.split('id="case-rules" type="application/json">')[1].split("</script>")[0])
    assert [rule["code"] for rule in told] == [rule.code for rule in STORED]
    assert page.index('id="narrative"') < page.index('name="detail-grave"') < page.index('name="detail-outcome"')


def test_the_tests_of_the_phone_read_the_rules_as_they_are(cast):
    """tests/js/eligibility.test.js reads them from this file; write it anew with what `for_phone` gives."""
    kept = json.loads(pathlib.Path(__file__).with_name("eligibility_rules.json").read_text())
    with override("id"):
        assert kept == for_phone(datetime.date(2026, 11, 20))


def test_the_young_are_named_by_initials(cast):
    [answer] = take(cast.officer, [case_item("REMAJA", "PEMBINAAN")])
    assert {(error["code"], error["attr"]) for error in answer["errors"]} == {
        ("initials_only", "detail.parties.0.name"),
        ("initials_only", "detail.parties.1.name"),
    }
    parties = [{"role": "PIHAK_1", "name": "B.S.", "age": 15}, {"role": "PIHAK_2", "name": "D.", "age": 16}]
    case = make_case(cast, category="REMAJA", outcome="PEMBINAAN", parties=parties)
    assert (case.outcome, case.refused_by) == (Case.Outcome.PEMBINAAN, None)


def test_a_child_in_any_case_is_named_by_initials(cast):
    parties = [{"role": "PIHAK_1", "name": "Budi Santoso", "age": 12}, {"role": "PIHAK_2", "name": "Tukul", "age": 40}]
    [answer] = take(cast.officer, [case_item(parties=parties)])
    assert [error["attr"] for error in answer["errors"]] == ["detail.parties.0.name"]


def test_guidance_is_for_the_young_alone(cast):
    [answer] = take(cast.officer, [case_item("UTANG", "PEMBINAAN")])
    assert [error["code"] for error in answer["errors"]] == ["not_allowed"]


def test_a_correction_takes_back_what_nobody_accepted(cast):
    item = case_item("NARKOTIKA", "DILIMPAHKAN")
    take(cast.officer, [item])
    referral = CaseReferral.objects.get()
    assert referral.unit == cast.units.polres
    corrected = {**item, "version": 2, "base_version": 1, "detail": {**item["detail"], "category": "UTANG", "outcome": "PROSES", "referred_to": ""}}
    take(cast.officer, [corrected])
    referral.refresh_from_db()
    assert referral.state == CaseReferral.State.WITHDRAWN
    assert Case.objects.get().refused_by is None
