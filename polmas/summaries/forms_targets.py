"""Forms in which units settle what is expected of their officers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit
from polmas.people.scope import in_subtrees
from polmas.summaries.forms_manage import DayInput, UnitChoice, default_to_today
from polmas.summaries.models import ClusterRule, Target, TargetPeriod
from polmas.summaries.models.targets import ALL_KINDS, EVERY_OFFICER, OFFICER_ROLES, SETTERS, target_kinds


def settable_units(user):
    """Units whose targets the user settles: the own one and those below."""
    return Unit.objects.filter(in_subtrees("path", user.scope.paths_as(SETTERS)), is_active=True)


def check_first_day(day, unit):
    """A target may begin with the current month, not before: what was expected earlier stays so."""
    today = unit.today() if unit else Unit().today()
    if day < today.replace(day=1):
        raise ValidationError(_("At the earliest with the first day of this month: what was expected before stays so."))


class TargetForm(forms.ModelForm):
    """A new target: for whom, what, how many and from when. Administrators set those of the country."""

    class Meta:
        model = Target
        fields = ["unit", "role", "kind", "amount", "period", "starts_on"]
        widgets = {"starts_on": DayInput()}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.set_by = user
        if user.scope.is_admin:
            del self.fields["unit"]
        else:
            self.fields["unit"] = UnitChoice(settable_units(user))
            self.fields["unit"].help_text = _("Holds for the officers of this unit and of those below that set none of their own.")
        choices = {"role": [(EVERY_OFFICER, _("All officers")), *OFFICER_ROLES], "kind": [*target_kinds(), (ALL_KINDS, _("All kinds together"))]}
        for name, options in choices.items():
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=options, required=False)
        self.fields["amount"].help_text = _("0: nothing is expected.")
        self.initial["kind"] = self.initial.get("kind") or "DDS"
        default_to_today(self)

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        check_first_day(day, self.cleaned_data.get("unit"))
        return day

    def _get_validation_exclusions(self):
        # A missing unit, role or kind means all of them, no last day an open end: the constraint over them counts as well.
        said = {"unit", "role", "kind", "ends_on"} - self.errors.keys()
        return super()._get_validation_exclusions() - said  # type: ignore[misc] # Django's own hook


class TargetChangeForm(forms.Form):
    """Another amount from a day on; the old one holds until the day before."""

    amount = forms.IntegerField(label=capfirst(_("amount")), min_value=0, max_value=1000, help_text=_("0: nothing is expected."))
    period = forms.ChoiceField(label=capfirst(_("period")), choices=TargetPeriod.choices)
    starts_on = forms.DateField(label=capfirst(_("from")), widget=DayInput())

    def __init__(self, *args, target, **kwargs):
        today = target.unit.today() if target.unit else Unit().today()
        super().__init__(*args, **kwargs)
        self.initial = {"amount": target.amount, "period": target.period, "starts_on": max(today, target.starts_on)}
        self.target = target

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        if day < self.target.starts_on:
            raise ValidationError(_("This target begins later than that day."))
        if day != self.target.starts_on:
            check_first_day(day, self.target.unit)
        if self.target.ends_on and day > self.target.ends_on:
            raise ValidationError(_("This target has ended by that day. Set a new one."))
        return day


class ClusterRuleForm(forms.ModelForm):
    """From how many activities in seven days on a week is active or fair."""

    class Meta:
        model = ClusterRule
        fields = ["active_above", "fair_from"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["active_above"].help_text = _("BOS: more than 3 activities in 7 days.")
        self.fields["fair_from"].help_text = _("BOS: 1. Fewer count as too few.")
