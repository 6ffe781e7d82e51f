"""Forms of a case: what is corrected, its eligibility, sessions, who mediates, where it is handed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm import cases, referrals
from fkpm.forms import ChoicesByName, DayInput, area_of, choice_of, text_of
from fkpm.models import Answer, Case, CaseParty, CaseReferral, CaseSession, Forum, Member, PartyRole, Question, Target
from polmas.people.models import Code, Posting, Unit, User
from polmas.people.models.units import POLRES_KINDS
from polmas.people.scope import OFFICERS

OLDEST, MOST_PARTIES = 120, 50


class ActForm(forms.Form):
    """A form that ends in an act: what the act refuses is shown at its field."""

    def acted(self, act) -> bool:
        try:
            act()
        except ValidationError as error:
            known = hasattr(error, "error_dict") and set(error.error_dict) <= set(self.fields)
            self.add_error(None, error if known else error.messages)
        return not self.errors


class PartyForm(forms.Form):
    """One person in a case. A line without a name is left out, and takes its person out."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("Side"), choices=[(value, capfirst(label)) for value, label in PartyRole.choices], widget=ChoicesByName)
    name = text_of(CaseParty, "name", required=False)
    age = forms.IntegerField(label=_("Age"), required=False, min_value=0, max_value=OLDEST)
    occupation = text_of(CaseParty, "occupation")
    address = text_of(CaseParty, "address")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].is_needed = True  # type: ignore[attr-defined]  # the page calls it not optional


PartyForms = forms.formset_factory(PartyForm, extra=0, max_num=MOST_PARTIES, absolute_max=MOST_PARTIES)


class CaseForm(ActForm):
    """What is said of a case. Its agreement and the unit that has it say the rest of the outcome."""

    chronology = text_of(Case, "chronology", widget=area_of(5))
    root_cause = text_of(Case, "root_cause", widget=area_of(2))
    method = forms.ChoiceField(label=_("Method"), required=False, widget=ChoicesByName)
    venue = forms.ChoiceField(label=_("Where it was settled"), required=False, widget=ChoicesByName)
    settlement = text_of(Case, "settlement", widget=area_of(3))
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, widget=ChoicesByName)

    def __init__(self, data=None, *, case, **kwargs):
        super().__init__(data, **kwargs)
        self.case = case
        self.parties = PartyForms(data, prefix="parties", initial=[*cases.parties_of(case), {"role": PartyRole.SAKSI}])
        self.fields["method"].choices = [("", "–"), *Case.Method.choices]  # type: ignore[attr-defined]
        self.fields["venue"].choices = [("", "–"), *Case.Venue.choices]  # type: ignore[attr-defined]
        self.fields["outcome"].choices = [(value, label) for value, label in Case.Outcome.choices if value in {*cases.BY_HAND, case.outcome}]  # type: ignore[attr-defined]
        self.initial = {name: getattr(case, name) for name in self.fields} | dict(self.initial)

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.parties.is_valid()])

    def stored(self, version: int) -> bool:
        parties = [form.cleaned_data for form in self.parties if form.cleaned_data.get("name", "").strip()]
        return self.acted(lambda: cases.amend(self.case, self.cleaned_data, parties, version))


class AssessForm(ActForm):
    """The category and the three questions; what follows from them the rules say."""

    category = forms.ChoiceField(label=_("Category"))

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        codes = Code.objects.of("CASE_CATEGORY")
        self.fields["category"].choices = [(code.code, code.label) for code in codes]  # type: ignore[attr-defined]
        for question in Question:
            self.fields[question.value] = forms.ChoiceField(
                label=question.label, choices=[(value, capfirst(label)) for value, label in Answer.choices], widget=forms.RadioSelect
            )
        self.initial = {name: getattr(case, name) for name in self.fields} | dict(self.initial)

    def stored(self, version: int) -> bool:
        answers = {question: self.cleaned_data[question] for question in Question.values}
        return self.acted(lambda: cases.assess(self.case, self.cleaned_data["category"], answers, version))


class SessionForm(forms.ModelForm):
    attendees = text_of(CaseSession, "attendees")
    result = text_of(CaseSession, "result", widget=area_of(3))

    class Meta:
        model = CaseSession
        fields = ["held_on", "venue", "attendees", "result", "next_on"]
        widgets = {"held_on": DayInput, "next_on": DayInput, "venue": ChoicesByName}
        labels = {"next_on": _("Next session")}

    def stored(self, case, by) -> bool:
        try:
            cases.add_session(case, self.instance, by)
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors


class MediateForm(ActForm):
    """Which forum of the village mediates, and who of it. Choosing the forum first shows its members."""

    forum = forms.ModelChoiceField(Forum.objects.none(), label="FKPM", required=False, to_field_name="uuid", empty_label=_("without a forum"))
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(), label=_("Who mediates, and may therefore read this case"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        forums = Forum.objects.filter(area=case.area).exclude(status=Forum.Status.BUBAR) | Forum.objects.filter(pk=case.forum_id)
        choice_of(self, "forum").queryset = forums
        today = case.unit.today()
        members = Member.objects.filter(forum__in=forums, starts_on__lte=today).exclude(ends_on__lt=today).select_related("forum")
        choice_of(self, "members").queryset = members.order_by("forum__name", "name")
        self.fields["members"].label_from_instance = _named  # type: ignore[attr-defined]
        self.initial = {"forum": case.forum and case.forum.uuid, "members": [row.member_id for row in case.mediators.all()]} | dict(self.initial)

    def stored(self) -> bool:
        return self.acted(lambda: cases.mediate(self.case, self.cleaned_data["forum"], self.cleaned_data["members"]))


def _named(member) -> str:
    return f"{member.name} ({member.get_position_display()}, {member.forum})"


class HandOverForm(ActForm):
    """To which unit a case goes, and to whom there."""

    target = forms.ChoiceField(label=_("Goes to"), choices=Target.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code")
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Kanit who takes it"), required=False, to_field_name="username", empty_label=_("the SPKT of the unit")
    )
    reason = text_of(CaseReferral, "reason", widget=area_of(2))

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        above = [case.unit.path[:end] for end in range(Unit.steplen, len(case.unit.path) + 1, Unit.steplen)]
        units = Unit.objects.filter(path__in=above, kind__in=["POLSEK", *POLRES_KINDS]).order_by("-depth")
        choice_of(self, "unit").queryset = units
        takers = [posting.user_id for unit in units for posting in referrals.takers_of(unit)]
        choice_of(self, "person").queryset = User.objects.filter(pk__in=takers).order_by("name")
        target = case.refused_by.target if case.refused_by else Target.SPKT
        self.initial = {"target": target, "unit": referrals.unit_for(target, case.unit).code} | dict(self.initial)

    def stored(self, by) -> bool:
        said = self.cleaned_data
        return self.acted(lambda: referrals.hand_over(self.case, by, said["target"], said["unit"], said["person"], said["reason"]))


class AnswerForm(ActForm):
    """What a unit answers on a case that was handed to it."""

    number = text_of(CaseReferral, "number", required=False)
    result = text_of(CaseReferral, "result", required=False, widget=area_of(3))


class KeeperForm(ActForm):
    """Who follows the case from now on: an officer of the unit."""

    officer = forms.ModelChoiceField(User.objects.none(), label=_("Followed by"), to_field_name="username")

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        posts = Posting.objects.on(case.unit.today()).filter(unit__path__startswith=case.unit.path, role__in=OFFICERS)
        choice_of(self, "officer").queryset = User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name")
        self.initial = {"officer": case.follower.username} | dict(self.initial)

    def stored(self) -> bool:
        return self.acted(lambda: cases.give_to(self.case, self.cleaned_data["officer"]))
