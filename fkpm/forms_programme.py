"""Form of one activity of the work programme."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import ChoicesByName, OwnForm, area_of, choice_of, text_of
from fkpm.models import ActionItem, Meeting, ProgrammeItem
from fkpm.models.meetings import PRIVATE_KINDS
from mapping.forms_incidents import RupiahField

LATELY = 40


def by_digits():
    return forms.TextInput(attrs={"inputmode": "numeric"})


class MeetingChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, meeting):
        return meeting.title


class ProgrammeForm(OwnForm):
    """What, for whom, when, from which money; and how far it is. Percent follows the state where nothing else was said."""

    activity = text_of(ProgrammeItem, "activity")
    target = text_of(ProgrammeItem, "target")
    source = text_of(ProgrammeItem, "source", widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}))
    note = text_of(ProgrammeItem, "note", widget=area_of(3))
    budget = RupiahField(
        label=_("Budget in rupiah"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    percent = forms.IntegerField(
        label=_("Reached, in percent"), required=False, min_value=0, max_value=100, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    meetings = MeetingChoices(Meeting.objects.none(), label=_("Meetings that dealt with it"), required=False, widget=forms.CheckboxSelectMultiple)
    actions = forms.ModelMultipleChoiceField(
        ActionItem.objects.none(), label=_("What was to do for it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ProgrammeItem
        fields = ["activity", "target", "starts_month", "ends_month", "budget", "source", "state", "percent", "note", "meetings", "actions"]
        widgets = {"state": ChoicesByName}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        forum, year = self.instance.forum, self.instance.year
        held = (
            forum.meetings.exclude(kind__in=PRIVATE_KINDS)
            .filter(starts_at__year__range=(year - 1, year))
            .select_related("forum__unit")
            .order_by("-starts_at")
        )
        choice_of(self, "meetings").queryset = held.filter(pk__in=held.values("pk")[:LATELY])
        choice_of(self, "actions").queryset = forum.actions.filter(
            pk__in=forum.actions.filter(due_on__year=year).exclude(meeting__kind__in=PRIVATE_KINDS).values("pk")[:LATELY]
        )
        for name in ("starts_month", "ends_month"):
            self.fields[name].label = capfirst(self.fields[name].label)

    @property
    def links(self):
        return [self[name] for name in ("meetings", "actions") if choice_of(self, name).queryset]

    def clean(self):
        data = super().clean() or self.cleaned_data
        state, percent = data.get("state"), data.get("percent")
        fixed = {ProgrammeItem.State.SELESAI: 100, ProgrammeItem.State.RENCANA: 0}
        if state in fixed and "percent" not in self.errors:
            data["percent"] = fixed[state]
        elif percent is None:
            data["percent"] = self.instance.percent if self.instance.percent < 100 else 0
        return data

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"forum", "year"}
