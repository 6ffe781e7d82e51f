"""How problem solving is asked for in a report: the parties, the story, and after it whether the matter may be settled at all."""

import datetime
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fkpm import eligibility
from fkpm.models import Case, CaseParty, PartyRole, Question
from patrol.forms import Asked, DetailForm, PartForm
from polmas.people.scope import CASE_READERS

OUTCOME = "detail.outcome"


class CasePartyForm(PartForm):
    words = "name"
    first = ("role", "name")
    owner = "case"
    begin = ({"role": PartyRole.PIHAK_1}, {"role": PartyRole.PIHAK_2})

    class Meta(Asked):
        model = CaseParty
        fields = ["role", "name", "age", "occupation", "address", "phone"]

    @classmethod
    def owner_of(cls, report):
        return ProblemSolvingForm.detail_of(report)

    @classmethod
    def rows_of(cls, report):
        case = cls.owner_of(report)
        return case.parties.all() if case else CaseParty.objects.none()


class ProblemSolvingForm(DetailForm):
    """Problem solving: what domain.md 4.0 insists on is asked at once, and after the story whether it may be settled at all (2.7)."""

    first = ("category", "happened_on")
    after = (*Question.values, "outcome", "referred_to")
    rows: ClassVar[dict[str, type[PartForm]]] = {"parties": CasePartyForm}
    hint = _("What is the problem, in one or two sentences?")

    class Meta(Asked):
        model = Case
        fields = [
            *("category", "happened_on", *Question.values, "outcome", "referred_to"),
            *("settlement", "kind", "method", "venue", "root_cause", "has_child"),
        ]

    def __init__(self):
        super().__init__()
        self.fields["happened_on"].widget.attrs["data-today"] = ""

    @property
    def needed(self):
        return [*super().needed, *Question.values]

    @property
    def page_data(self):
        return {"case-rules": eligibility.for_phone(timezone.localdate())}

    @classmethod
    def detail_of(cls, report):
        detail = getattr(report, "problemsolving", None)
        return detail and detail.case

    @classmethod
    def is_open_to(cls, user, report) -> bool:
        return report.officer_id == user.pk or user.scope.holds(CASE_READERS, report.unit)

    @classmethod
    def check(cls, draft):
        super().check(draft)
        if draft.values["happened_on"] is None:
            draft.add("required", _("Say when the matter happened."), "detail.happened_on")
        roles = {party["role"] for party in draft.rows["parties"]}
        if not {PartyRole.PIHAK_1, PartyRole.PIHAK_2} <= roles:
            draft.add("required", _("Name both parties, by name or initials."), "detail.parties")
        check_eligibility(draft)
        if draft.values["outcome"] == Case.Outcome.DILIMPAHKAN and not draft.values["referred_to"].strip():
            draft.values["referred_to"] = "SPKT"


def check_eligibility(draft) -> None:
    """Holds a report to the rules of its day, as the phone did: what may not be settled is handed over, the young are named by initials. An
    older phone may not have asked the questions: then the category alone decides, and no agreement is drawn up before they are answered."""
    if draft.occurred_at is None:
        return
    day = datetime.date.fromisoformat(draft.item["occurred_at"][:10])
    answers = {question: draft.values[question] for question in Question.values}
    verdict = eligibility.judge(eligibility.rules_of(day), draft.values["category"], answers, day)
    outcome = draft.values["outcome"]
    if verdict.is_refused and outcome != Case.Outcome.DILIMPAHKAN:
        draft.add("not_allowed", _("%(rule)s Choose “referred”. (%(source)s)") % {"rule": verdict.rule.text, "source": verdict.rule.source}, OUTCOME)
    elif verdict.is_refused and not draft.values["referred_to"].strip():
        draft.values["referred_to"] = verdict.rule.get_target_display()
    elif verdict.is_guided and outcome in (Case.Outcome.DAMAI, Case.Outcome.INGKAR):
        draft.add("not_allowed", verdict.rule.text, OUTCOME)
    elif outcome == Case.Outcome.PEMBINAAN and not verdict.is_guided:
        draft.add("not_allowed", _("Guidance with parents or school is for light trouble of the young."), OUTCOME)
    for number, party in enumerate(draft.rows["parties"]):
        if eligibility.needs_initials(verdict, party["role"], party["age"]) and not eligibility.is_initials(party["name"]):
            draft.add("initials_only", _("Of the young initials alone, such as B.S."), f"detail.parties.{number}.name")
