"""Forms of the summaries: what the list shows, the texts by part, and the note with which a summary goes back."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from polmas.people import documents
from polmas.people.models import Unit
from polmas.summaries.models import PeriodKind, Summary
from polmas.summaries.models.authority import TextPart
from polmas.summaries.models.steps import NOTE_LENGTH
from polmas.summaries.models.summaries import TEXT_LENGTH

ALL = ("", gettext_lazy("All"))
MANY_UNITS = 200
ORDERS = {
    "": ("-starts_on", "unit__path", "-revision"),
    "satuan": ("unit__path", "-starts_on", "-revision"),
    "tenggat": ("due_at", "-starts_on", "unit__path"),
    "disahkan": ("-approved_at", "-starts_on", "unit__path"),
}
# What each part of the paper is about, for who writes it.
HINTS = {
    TextPart.B: gettext_lazy("What stood out: cases, victims, losses, how they are handled. No names of residents."),
    TextPart.C: gettext_lazy("One paragraph per field. Nothing out of a Laporan Informasi: this paper has more readers."),
    TextPart.D: gettext_lazy("What the figures of sambang, binluh and the other duties do not say by themselves."),
    TextPart.G: gettext_lazy("What may break out where, and what is being done about it."),
    TextPart.ANALYSIS: gettext_lazy("Why it rose or fell."),
    TextPart.PREDICTION: gettext_lazy("What is to be expected in the next period."),
    TextPart.STEPS: gettext_lazy("What was done about it."),
    TextPart.RECOMMENDATION: gettext_lazy("What others should do: the Polres, the municipality, the community."),
    TextPart.PLAN: gettext_lazy("What, where, when and by whom."),
}


class SummaryFilter(forms.Form):
    """What the list shows: words of a number or unit, a unit by its code, a kind of period, a state, a month, late ones."""

    field_order = ("cari", "satuan", "periode", "status", "bulan", "urut", "terlambat")

    cari = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    periode = forms.ChoiceField(label=gettext_lazy("Period"), required=False, choices=[ALL, *PeriodKind.choices])
    status = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[ALL, *Summary.State.choices])
    bulan = forms.DateField(
        label=gettext_lazy("Month"), required=False, input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    )
    urut = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("", gettext_lazy("newest period first")),
            ("satuan", gettext_lazy("by unit")),
            ("tenggat", gettext_lazy("by due time")),
            ("disahkan", gettext_lazy("last approved first")),
        ],
    )
    terlambat = forms.BooleanField(label=gettext_lazy("Late only"), required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["satuan"] = unit_field(units)
        self.order_fields(self.field_order)

    def narrowed(self, rows):
        """The rows that fit, in the order asked for; a filter that is not understood shows its error and narrows nothing."""
        data: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        if code := data.get("satuan"):
            rows = rows.filter(unit__in=Unit.objects.filter(code=code))
        lookups = {"periode": "period", "status": "state"}
        rows = rows.filter(**{lookup: data[name] for name, lookup in lookups.items() if data.get(name)})
        if month := data.get("bulan"):
            rows = rows.filter(starts_on__year=month.year, starts_on__month=month.month)
        for word in data.get("cari", "").split():
            named = Unit.objects.filter(Q(name__icontains=word) | Q(code__icontains=word)).values_list("pk", flat=True)
            rows = rows.filter(Q(number__icontains=word) | Q(unit__in=list(named)))  # keys: units joined, no index would serve both
        if data.get("terlambat"):
            rows = rows.late()
        return rows.order_by(*ORDERS[data.get("urut", "")])


def unit_field(units):
    """One of the units in sight: a list to choose from, or where there are many, the unit's code."""
    if len(units) > MANY_UNITS:
        return forms.CharField(label=_("Unit"), required=False, max_length=60, help_text=_("The unit's code, such as POLSEK-BANYUMANIK."))
    return forms.ChoiceField(label=_("Unit"), required=False, choices=[("", _("All")), *((unit.code, unit.name) for unit in units)])


class TextForm(forms.Form):
    """The texts of a draft that one person may write, each beside what it started from (`seen-<part>`). `secrets`: LI of the period and
    confidential problems that the writer reads; who reads none learns nothing from a refusal."""

    def __init__(self, *args, summary: Summary, parts: list[TextPart], secrets: list[dict] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self._secrets = [word.casefold() for row in secrets or [] for word in _told_words(row)]
        hashes = summary.text_hashes()
        drafts = summary.figures.get("drafts", {}).get(documents.LANGUAGE, {})
        self._proposed = {part: text for part, text in drafts.items() if isinstance(text, str) and not summary.texts.get(part)}
        for part in parts:
            self.fields[part.value] = forms.CharField(
                label=part.label,
                required=False,
                max_length=TEXT_LENGTH,
                initial=summary.texts.get(part) or self._proposed.get(part, ""),
                help_text=HINTS.get(part, ""),
                widget=forms.Textarea(attrs={"rows": 6}),
            )
            self.fields[f"seen-{part.value}"] = forms.CharField(required=False, max_length=64, initial=hashes[part], widget=forms.HiddenInput)
        self.parts = parts

    def clean(self):
        """No number, subject or sentence of an LI in a text that goes to readers without LI."""
        data = super().clean() or {}
        for part in self.parts:
            text = " ".join((data.get(part.value) or "").split()).casefold()
            if any(word in text for word in self._secrets):
                self.add_error(part.value, _("This repeats a Laporan Informasi: its number or its words. The paper has readers who may not know it."))
        return data

    @property
    def texts(self) -> dict[str, str]:
        """What was sent; a part that the form did not carry stays as it is, and a proposal left as it was is nobody's text."""
        return {part.value: self._own_words(part) for part in self.parts if part.value in self.data}

    def _own_words(self, part) -> str:
        words = self.cleaned_data[part.value]
        return "" if words.split() == self._proposed.get(part, "").split() else words

    @property
    def seen(self) -> dict[str, str]:
        return {part.value: self.cleaned_data[f"seen-{part.value}"] for part in self.parts}

    def show_theirs(self, stored: Summary) -> None:
        """After a clash: the next attempt starts from what is stored now, which stands beside the own words."""
        newer = {f"seen-{part}": value for part, value in stored.text_hashes().items() if part in self.errors}
        self.data = {**self.data.dict(), **newer} if isinstance(self.data, QueryDict) else {**self.data, **newer}

    def rows(self, stored: Summary):
        """Each part's field with the hidden one beside it, and what is stored where that clashes with what was typed."""
        return [
            (part, self[part.value], self[f"seen-{part.value}"], stored.texts.get(part, "–") if part.value in self.errors else "")
            for part in self.parts
        ]


FEWEST_LETTERS = 20  # what is shorter is said by chance


def _told_words(row: dict) -> list[str]:
    """What of an LI or a confidential problem nobody writes by chance: a number, and texts as they stand."""
    texts = ((" ".join(text.split()), 6 if name == "number" else FEWEST_LETTERS) for name, text in row.items())
    return [text for text, fewest in texts if len(text) >= fewest]


class ReturnForm(forms.Form):
    """Why a summary goes back."""

    note = forms.CharField(label=gettext_lazy("What is to be mended"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 4}))
