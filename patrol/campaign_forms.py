"""The form of a giat tematik: what it is called, where and when it runs, and what is counted."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError
from django.utils.translation import gettext_lazy as _

from fkpm.forms import DayInput, text_of
from patrol.models import Campaign, CampaignField
from patrol.models.campaigns import ASKED, KEEPERS, positions
from polmas.people.models import Unit
from polmas.people.scope import in_subtrees
from polmas.people.templatetags.polmas import short_day

# Days that somebody may mean; the others are slips of the finger.
BACK, AHEAD = datetime.timedelta(days=366), datetime.timedelta(days=731)


def keepable_units(user):
    """The units that a campaign of this operator may be for: the own ones and those below."""
    return Unit.objects.filter(in_subtrees("path", user.scope.paths_as(KEEPERS)), is_active=True).order_by("depth", "path")


class CampaignForm(forms.ModelForm):
    """A campaign with up to three numbers. Its unit is chosen once; a number that reports hold already is shown and stays."""

    name = text_of(Campaign, "name")
    tag = text_of(Campaign, "tag", help_text=Campaign._meta.get_field("tag").help_text)

    class Meta:
        model = Campaign
        fields = ASKED
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        if self.is_new:
            self.instance.created_by = user
            units = keepable_units(user)
            self.fields["unit"] = forms.ModelChoiceField(units, label=_("For the unit and all below"), to_field_name="code", empty_label=None)
        self.in_use = set() if self.is_new else self.instance.positions_in_use()
        stored = {} if self.is_new else {field.position: field for field in self.instance.fields.all()}
        for position in positions():
            self._add_number(position, stored.get(position))

    def _add_number(self, position, field):
        label = text_of(CampaignField, "label", required=False, label=_("Number %(n)s: what is counted") % {"n": position})
        measure = text_of(CampaignField, "measure", required=False)
        for name, control in (("label", label), ("measure", measure)):
            control.disabled = position in self.in_use
            self.fields[f"{name}_{position}"] = control
            self.initial[f"{name}_{position}"] = getattr(field, name) if field else ""

    @property
    def numbers(self) -> list[tuple]:
        """The two controls of each number, and whether it stays as it is."""
        return [(self[f"label_{n}"], self[f"measure_{n}"], n in self.in_use) for n in positions()]

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        self._check_reach(day)
        first, _last = self._days_named()
        if first and day > first:
            raise ValidationError(_("Reports of %(day)s belong to it: it can't begin later.") % {"day": short_day(first)})
        return day

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"]
        self._check_reach(day)
        _first, last = self._days_named()
        if last and day < last:
            raise ValidationError(_("Reports of %(day)s belong to it: it can't end sooner.") % {"day": short_day(last)})
        return day

    def _check_reach(self, day):
        today = Unit().today()
        if not today - BACK <= day <= today + AHEAD:
            raise ValidationError(_("Check the year of this day."))

    def _days_named(self):
        return (None, None) if self.is_new else self.instance.days_named()

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if unit := data.get("unit"):
            self.instance.unit = unit
        for n in positions():
            if data.get(f"measure_{n}", "").strip() and not data.get(f"label_{n}", "").strip():
                self.add_error(f"label_{n}", _("Say what is counted."))
        return data

    def _get_validation_exclusions(self):
        # The constraints of the unit's own rows count as well, though the form may not ask for the unit.
        return super()._get_validation_exclusions() - ({"unit"} - self.errors.keys())  # type: ignore[misc]  # Django's own hook

    def store(self) -> bool:
        """Saves the campaign with its numbers; False where the database or a report that came meanwhile was against it."""
        data = self.cleaned_data
        wanted = {n: (data[f"label_{n}"], data[f"measure_{n}"]) for n in positions() if data[f"label_{n}"].strip()}
        try:
            self.instance.store(wanted)
        except (ValidationError, IntegrityError, InternalError):
            self.add_error(None, _("Something changed in between. Open the page again and look at what is there."))
            return False
        return True
