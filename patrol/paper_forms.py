"""What is asked before a book, a recap or the lines of BOS."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patrol.books import LONGEST_DAYS
from polmas.people.models import User


def day_input():
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DayForm(forms.Form):
    tanggal = forms.DateField(label=_("Day"), required=False, widget=day_input())


class BookForm(forms.Form):
    """Days, and whose book; without days the current month."""

    dari = forms.DateField(label=_("From"), required=False, widget=day_input())
    sampai = forms.DateField(label=_("Until"), required=False, widget=day_input())
    petugas = forms.ModelChoiceField(User.objects.none(), label=_("Officer"), required=False, to_field_name="username", empty_label=_("All officers"))
    bentuk = forms.ChoiceField(choices=[("", ""), ("pdf", "PDF"), ("xlsx", "XLSX")], required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, officers, today: datetime.date):
        first = today.replace(day=1)
        super().__init__(data if data is not None else {"dari": first.isoformat(), "sampai": today.isoformat()})
        self.days = first, today
        self.fields["petugas"].queryset = officers  # type: ignore[attr-defined]
        if not officers.query.is_empty() and officers.exists():
            return
        self.fields["petugas"].widget = forms.HiddenInput()

    def clean(self):
        told = super().clean() or {}
        if self.errors:
            return told
        told["dari"], told["sampai"] = told.get("dari") or self.days[0], told.get("sampai") or self.days[1]
        if told["sampai"] < told["dari"]:
            raise ValidationError({"sampai": _("The last day lies before the first.")})
        if (told["sampai"] - told["dari"]).days >= LONGEST_DAYS:
            raise ValidationError({"sampai": _("At most %(days)s days at once.") % {"days": LONGEST_DAYS}})
        return told


class BosFieldForm(forms.Form):
    label = forms.CharField(label=_("Label in BOS"), max_length=80, required=False)
    source = forms.ChoiceField(label=_("Value of the report"))

    def __init__(self, *args, sources, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]
