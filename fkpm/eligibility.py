"""Whether a matter between people may be settled with the officer's help: a pure function of dated rules (domain.md 2.7).

The same rules go to the phone as data (`for_phone`), where static/js/lib/eligibility.js reads them in the same way.
"""

import dataclasses
import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from fkpm.models.cases import ADULT, INITIALS_ONLY, PartyRole
from fkpm.models.eligibility import Answer, EligibilityRule, Question, Target

YOUNG_ROLES = (PartyRole.PIHAK_1, PartyRole.PIHAK_2, PartyRole.KELUARGA)  # whom light trouble of the young names by initials
ALLOWED, GUIDED, REFUSED, UNANSWERED = "ALLOWED", "GUIDED", "REFUSED", "UNANSWERED"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What the rules say: allowed, guided (no agreement, initials only), refused, or not to be said before the questions are answered.
    `rule` is the one that decided."""

    says: str
    rule: Any = None

    @property
    def is_refused(self) -> bool:
        return self.says == REFUSED

    @property
    def is_guided(self) -> bool:
        return self.says == GUIDED

    @property
    def may_agree(self) -> bool:
        """Whether an agreement may be drawn up."""
        return self.says == ALLOWED


def judge(rules: Iterable[Any], category: str, answers: Mapping[str, str], day: datetime.date) -> Verdict:
    """The verdict of the first rule, in their order, that is in force on the day and fits category and answers.

    `rules` have the fields of EligibilityRule; `answers` holds YA, TIDAK or nothing by the names of Question.
    """
    for rule in rules:
        if fits(rule, category, answers, day):
            return Verdict(GUIDED if rule.effect == EligibilityRule.Effect.GUIDE else REFUSED, rule)
    is_answered = all(answers.get(question) in Answer.values for question in Question.values)
    return Verdict(ALLOWED if is_answered else UNANSWERED)


def fits(rule, category: str, answers: Mapping[str, str], day: datetime.date) -> bool:
    in_force = rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)
    of_category = not rule.categories or category in rule.categories
    return in_force and of_category and (not rule.question or answers.get(rule.question) == Answer.YA)


def rules_of(day: datetime.date):
    """The stored rules in force on a day, in their order."""
    return EligibilityRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


def verdict_on(case, day: datetime.date) -> Verdict:
    """The verdict of the stored rules on a case, or on whatever has its fields."""
    return judge(rules_of(day), case.category, answers_of(case), day)


def answers_of(case) -> dict[str, str]:
    return {question: getattr(case, question) for question in Question.values}


def for_phone(day: datetime.date) -> list[dict]:
    """The rules in force on a day or later, as the phone keeps them."""
    rules = EligibilityRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return [
        {
            "code": rule.code,
            "categories": rule.categories,
            "question": rule.question,
            "effect": rule.effect,
            "target": str(Target(rule.target).label) if rule.target else "",
            "text": rule.text,
            "source": rule.source,
            "from": rule.valid_from.isoformat(),
            "to": rule.valid_to.isoformat() if rule.valid_to else "",
        }
        for rule in rules
    ]


def needs_initials(verdict: Verdict, role: str, age: int | None) -> bool:
    """Whom a case names by initials alone: children, and in light trouble of the young the parties and their families."""
    is_child = age is not None and age < ADULT
    return is_child or (verdict.is_guided and role in YOUNG_ROLES)


def is_initials(name: str) -> bool:
    return re.match(INITIALS_ONLY, name) is not None


def initials_of(name: str) -> str:
    """A name cut down to its initials: "Budi Santoso" is "B.S."; of whatever begins with no letter "X." is left."""
    letters = [word[0].upper() for word in re.findall(r"[A-Za-z]+", name)][:5]
    return "".join(f"{letter}." for letter in letters) or "X."
