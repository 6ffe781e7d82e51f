"""Forms of the yearly survey: what the board sets, and what people fill in."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import DayInput, TextField
from fkpm.minutes import field_of
from fkpm.models import Survey, SurveyAnswer
from fkpm.models.surveys import ITEMS
from fkpm.surveying import ENDS

LONGEST = datetime.timedelta(days=120)
AHEAD = datetime.timedelta(days=180)
CHOICES = [(str(value), str(value)) for value in range(1, 6)]


class SurveyForm(forms.ModelForm):
    """From when until when. The year is that of the first day; once somebody has answered, the first day stays."""

    class Meta:
        model = Survey
        fields = ["opens_on", "closes_on"]
        widgets = {"opens_on": DayInput, "closes_on": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = self.instance.forum.unit.today()
        if self.instance.pk and self.instance.answers.exists():
            del self.fields["opens_on"]

    def clean_opens_on(self):
        day = self.cleaned_data["opens_on"]
        if not self.today <= day <= self.today + AHEAD and day != self.initial.get("opens_on"):
            raise ValidationError(_("A survey opens today or within half a year."))
        return day

    def clean(self):
        data = super().clean() or self.cleaned_data
        opens_on, closes_on = data.get("opens_on", self.instance.opens_on), data.get("closes_on")
        if opens_on and closes_on:
            if closes_on - opens_on > LONGEST:
                raise ValidationError({"closes_on": _("A survey is open for four months at most.")})
            if closes_on < self.today:
                raise ValidationError({"closes_on": _("This day is over already.")})
            self.instance.year = opens_on.year
        return data

    def _get_validation_exclusions(self):
        known = {"forum", "opens_on", "year"} if self.instance.year else set()  # of an impossible first day follows no year
        return super()._get_validation_exclusions() - known  # type: ignore[misc]  # Django has it, its stubs do not


class AnswerForm(forms.ModelForm):
    """Five questions and one sentence; each may be left out, as long as one is answered."""

    remark = TextField(
        label=_("One sentence"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        help_text=_("No names, please. The board reads it before others do."),
    )

    class Meta:
        model = SurveyAnswer
        fields = [*ITEMS, "group"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ITEMS:
            label = field_of(SurveyAnswer, name).verbose_name
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=CHOICES, required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
            )
        groups = [(value, capfirst(label)) for value, label in SurveyAnswer.Group.choices]
        label = capfirst(field_of(SurveyAnswer, "group").verbose_name)
        self.fields["group"] = forms.ChoiceField(label=label, choices=groups, widget=forms.RadioSelect, initial=SurveyAnswer.Group.WARGA)

    @property
    def questions(self):
        """(field, what 1 means, what 5 means)."""
        return [(self[name], *ENDS[name]) for name in ITEMS]
