"""Forms of agreements: the paper with its signers, the signed scan, and the looks at whether it is observed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fkpm import agreements, looking_after
from fkpm.forms import ChoicesByName, DayInput, area_of, text_of
from fkpm.forms_cases import ActForm
from fkpm.models import Agreement, AgreementCheck, AgreementPerson, Case, Forum, PartyRole
from fkpm.models.members import Member, Position
from polmas.people.scope import on_day
from polmas.people.uploads import PaperField

Role = AgreementPerson.Role
# How many lines the page offers of each role; more than were filled in stay empty and are left out.
LINES = {Role.PIHAK_1: 2, Role.PIHAK_2: 2, Role.SAKSI: 4}
MOST_LINES = 20
MOST_CLAUSES, LONGEST_CLAUSE = 50, 2000


class PersonForm(forms.Form):
    """One who signs. A line without a name is left out."""

    role = forms.ChoiceField(choices=Role.choices, widget=forms.HiddenInput)
    name = text_of(AgreementPerson, "name", required=False)
    detail = text_of(AgreementPerson, "detail")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].is_needed = True  # type: ignore[attr-defined]  # the page calls it not optional


PeopleForms = forms.formset_factory(PersonForm, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES)


class AgreementForm(forms.ModelForm):
    """The paper itself; of a forum also which kind it is, and whether all members read it."""

    subject = text_of(Agreement, "subject")
    place = text_of(Agreement, "place")
    clauses = forms.CharField(
        label=_("What was agreed"), widget=area_of(7), max_length=20_000, help_text=_("One point a line; the paper numbers them.")
    )
    sanction = text_of(Agreement, "sanction", widget=area_of(2))
    village_head = text_of(Agreement, "village_head")
    officer_name = text_of(Agreement, "officer_name")
    chair_name = text_of(Agreement, "chair_name")

    class Meta:
        model = Agreement
        fields = [
            *("kind", "subject", "agreed_on", "place", "clauses", "sanction", "valid_until", "has_stamp"),
            *("is_for_members", "village_head", "officer_name", "chair_name"),
        ]
        widgets = {"agreed_on": DayInput, "valid_until": DayInput, "kind": ChoicesByName}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.case_id:
            del self.fields["kind"], self.fields["is_for_members"]
        else:
            self.fields["kind"].choices = [choice for choice in Agreement.Kind.choices if choice[0] != Agreement.Kind.PERDAMAIAN]  # type: ignore[attr-defined]
        if not self.instance.forum_id:
            del self.fields["chair_name"]
        if isinstance(self.initial.get("clauses"), list):
            self.initial["clauses"] = "\n".join(self.initial["clauses"])

    def clean_clauses(self):
        text = self.cleaned_data["clauses"].replace("\0", "")
        clauses = [line.strip() for line in text.splitlines() if line.strip()]
        if not clauses:
            raise ValidationError(_("Write what was agreed."))
        if len(clauses) > MOST_CLAUSES or any(len(clause) > LONGEST_CLAUSE for clause in clauses):
            raise ValidationError(_("At most 50 points of 2,000 characters each."))
        return clauses


class AgreementForms:
    """The paper and its signers, as one page shows them."""

    def __init__(self, agreement: Agreement, data=None):
        self.agreement = agreement
        self.paper = AgreementForm(data, instance=agreement)
        self.people = PeopleForms(data, prefix="people", initial=lines_of(agreement))

    def is_valid(self) -> bool:
        return all([self.paper.is_valid(), self.people.is_valid()])

    def said(self) -> list[dict]:
        return [form.cleaned_data for form in self.people if form.cleaned_data.get("name", "").strip()]

    def stored(self, by, version: int = 0) -> Agreement | None:
        """The agreement, drawn up or corrected; None where it was refused, which the form then says. Raises OutdatedError where somebody
        else corrected it since the version that was read."""
        try:
            if self.agreement.pk:
                return agreements.amend(self.agreement, self.said(), version)
            return agreements.draw_up(self.agreement, self.said(), by)
        except ValidationError as error:
            known = hasattr(error, "error_dict") and set(error.error_dict) <= set(self.paper.fields)
            self.paper.add_error(None, error if known else error.messages)
            return None

    @property
    def groups(self) -> list[tuple[str, list]]:
        """The lines under the role that signs in them; a forum's own agreement has witnesses, a MoU the partner as well."""
        return [(str(Role(role).label), [form for form in self.people if form["role"].value() == role]) for role in LINES]


def lines_of(agreement) -> list[dict]:
    """The signers so far, of a new paper the parties and witnesses of its case, with empty lines after them."""
    if agreement.pk:
        known = [{"role": person.role, "name": person.name, "detail": person.detail} for person in agreement.people.all()]
    else:
        known = people_of(agreement.case) if agreement.case else []
    lines = []
    for role, least in LINES.items():
        given = [line for line in known if line["role"] == role]
        lines += given + [{"role": role.value}] * max(least - len(given), 1)
    return lines[:MOST_LINES]


def people_of(case: Case) -> list[dict]:
    kept = {PartyRole.PIHAK_1: Role.PIHAK_1, PartyRole.PIHAK_2: Role.PIHAK_2, PartyRole.SAKSI: Role.SAKSI}
    parties = [party for party in case.parties.all() if party.role in kept]
    return [
        {
            "role": kept[PartyRole(party.role)].value,
            "name": party.name,
            "detail": ", ".join(part for part in (party.occupation, party.address) if part)[:300],
        }
        for party in parties
    ]


def blank_for_case(case: Case, label: str) -> Agreement:
    """A peace between the parties of a case, with what is known already."""
    agreement = Agreement(kind=Agreement.Kind.PERDAMAIAN, case=case, forum=case.forum, unit=case.unit, area=case.area)
    agreement.subject = label[:200]
    agreement.officer_name = case.follower.full_name[:120]
    return _begun(agreement)


def blank_for_forum(forum: Forum) -> Agreement:
    agreement = Agreement(kind=Agreement.Kind.FORUM, forum=forum, unit=forum.unit, area=forum.area)
    agreement.officer_name = forum.officer.full_name[:120] if forum.officer else ""
    return _begun(agreement)


def _begun(agreement: Agreement) -> Agreement:
    agreement.agreed_on = agreement.unit.today()
    if agreement.forum:
        agreement.place = agreement.forum.bkpm
        chair = Member.objects.filter(on_day(agreement.agreed_on), forum=agreement.forum, position=Position.KETUA).first()
        agreement.chair_name = chair.name if chair else ""
    return agreement


def successor_of(old: Agreement) -> Agreement:
    """A new paper that names the one it corrects, with all that the old one said."""
    new = Agreement(replaces=old)
    kept = ("unit", "area", "forum", "case", "meeting", "kind", "subject", "place", "clauses", "sanction", "valid_until", "has_stamp")
    for name in (*kept, "is_for_members", "village_head", "officer_name", "chair_name"):
        setattr(new, name, getattr(old, name))
    new.agreed_on = old.unit.today()
    return new


class SignForm(ActForm):
    """The signed paper. From here on the agreement is locked."""

    paper = PaperField(label=_("Scan or photo of the signed paper"))

    def stored(self, agreement, by, version: int) -> bool:
        return self.acted(lambda: agreements.sign(agreement, self.cleaned_data["paper"], by, version))


class CancelForm(ActForm):
    reason = text_of(Agreement, "ended_note", required=True, label=_("Why?"))

    def stored(self, agreement) -> bool:
        return self.acted(lambda: agreements.cancel(agreement, self.cleaned_data["reason"]))


class BreachForm(ActForm):
    """That an agreement is broken, on whatever day it is heard of."""

    note = text_of(AgreementCheck, "note", widget=area_of(2))
    next_step = text_of(AgreementCheck, "next_step", required=True, help_text=_("Another session, or handing over to a unit."))

    def stored(self, agreement, by) -> bool:
        return self.acted(lambda: looking_after.report_breach(agreement, by, **self.cleaned_data))


class CheckForm(ActForm):
    """Whether an agreement is observed on the day of its follow-up; where it is not, what is done next."""

    is_observed = forms.ChoiceField(label=_("Is it observed?"), choices=[("yes", _("Observed")), ("no", _("Broken"))], widget=forms.RadioSelect)
    note = text_of(AgreementCheck, "note", widget=area_of(2))
    next_step = text_of(AgreementCheck, "next_step", help_text=_("If it is broken: another session, or handing over to a unit."))

    def stored(self, check, by) -> bool:
        said = self.cleaned_data
        return self.acted(lambda: looking_after.look_after(check, by, said["is_observed"] == "yes", said["note"], said["next_step"]))
