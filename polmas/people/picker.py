"""The period that a dashboard's address asks for."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from polmas.people.models import Unit
from polmas.people.periods import CHOICES, LONGEST, Period

# On a Monday before roll-call this week is empty: the last seven days always say something.
DEFAULT = "7hari"


class PeriodForm(forms.Form):
    """First and last day of a span of one's own choice."""

    dari = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    sampai = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if "dari" in data and "sampai" in data:
            days = (data["sampai"] - data["dari"]).days
            if days < 0:
                raise ValidationError({"sampai": _("The last day lies before the first.")})
            if days >= LONGEST:
                raise ValidationError({"sampai": _("At most one year at once.")})
            if data["dari"].year < 2000:
                raise ValidationError({"dari": _("Nothing was recorded before the year 2000.")})
        return data


def picked(query, day) -> tuple[Period, str, PeriodForm]:
    """The period, the name of the choice ("" for own dates) and the form that shows what was asked, with its errors."""
    name = query.get("periode") if query.get("periode") in CHOICES else DEFAULT
    period = CHOICES[name][1](day)
    if not (query.get("dari") or query.get("sampai")):
        return period, name, PeriodForm(initial={"dari": period.start, "sampai": period.end})
    form = PeriodForm(query)
    if form.is_valid():
        return Period(form.cleaned_data["dari"], form.cleaned_data["sampai"]), "", form
    return period, name, form


def narrowed(rows, query, day: str = "day", unit: str = "unit"):
    """Rows of a unit with all below it (`satuan`) and of some days (`dari`, `sampai`), as links of figures ask for them."""
    if code := query.get("satuan", "").replace("\0", "?"):
        path = Unit.objects.filter(code=code).values_list("path", flat=True).first()
        rows = rows.filter(**{f"{unit}__path__startswith": path}) if path else rows.none()
    form = PeriodForm(query)
    return rows.filter(**{f"{day}__range": (form.cleaned_data["dari"], form.cleaned_data["sampai"])}) if form.is_valid() else rows


def address(unit, period: Period, name: str) -> dict:
    """What the address of the same view of another unit says."""
    return {"periode": name} if name else {"dari": period.start.isoformat(), "sampai": period.end.isoformat()}
