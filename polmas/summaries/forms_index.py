"""Forms of the security index: boards and their members, quarters, scores with their evidence, agreed values and steps, weights."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mapping.models import Area, Incident, Problem
from polmas.people.models import Unit, User
from polmas.people.scope import INDEX_KEEPERS, in_subtrees
from polmas.people.uploads import PaperField
from polmas.summaries.forms_manage import DayInput
from polmas.summaries.models import IndexBoard, IndexEvidence, IndexField, IndexMember, IndexPeriod, IndexScheme, IndexScore, IndexStep, Summary
from polmas.summaries.models.security_index import FIRST_YEAR, first_day_of

MOST_CHOICES = 50
MOST_EVIDENCE = 10
QUARTERS_BACK = 8
SCALE = (
    (1, _("1 · vulnerable")),
    (2, _("2 · less resilient")),
    (3, _("3 · fairly resilient")),
    (4, _("4 · resilient")),
    (5, _("5 · very resilient")),
)
DATA = _("Numbers or events that anybody can look up.")
REASON = _("One or two sentences: what happened, never who somebody is or what they believe.")


def areas_to_score(user) -> dict[str, Unit]:
    """By code of each kecamatan, city or regency for which the user may found a board, the unit whose board it is."""
    paths = user.scope.paths_as(INDEX_KEEPERS)
    units = {unit.path: unit for unit in Unit.objects.filter(in_subtrees("path", paths))}
    policed = Area.units.through.objects.filter(in_subtrees("unit__path", paths)).order_by("area__code")
    found: dict[str, Unit] = {}
    for code, path in policed.values_list("area__code", "unit__path"):
        above = [units[path[:end]] for end in range(Unit.steplen, len(path) + 1, Unit.steplen) if path[:end] in units]
        parts = code.split(".")
        for unit in above:
            if unit.kind == "POLSEK" and len(parts) > 2:
                found.setdefault(".".join(parts[:3]), unit)
            elif unit.is_polres and len(parts) > 1:
                found.setdefault(".".join(parts[:2]), unit)
    return found


class IndexBoardForm(forms.ModelForm):
    """A board, at the area that it scores; its unit follows from the area."""

    class Meta:
        model = IndexBoard
        fields = ["area", "name", "basis", "founded_on", "is_active"]
        widgets = {"founded_on": DayInput()}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = areas_to_score(user)
        areas = Area.objects.filter(code__in=self.units).order_by("code")
        self.fields["area"] = forms.ModelChoiceField(areas, label=_("Area"), to_field_name="code", empty_label=None)
        self.fields["name"].help_text = _("Such as: Dewan Pemangku Kepentingan Kecamatan Banyumanik.")
        if self.instance.pk:
            del self.fields["area"]
        else:
            del self.fields["is_active"]

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if area := cleaned.get("area"):
            self.instance.unit = self.units[area.code]
        return cleaned

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"is_active", "area"}  # type: ignore[misc] # Django's own hook


class IndexMemberForm(forms.ModelForm):
    """Somebody on a board; an account is linked by its user name."""

    account = forms.CharField(
        label=_("User name of the account"),
        required=False,
        max_length=150,
        help_text=_("Lets this person score by themselves. Leave empty without one: the secretary enters the sheet."),
    )

    class Meta:
        model = IndexMember
        fields = ["name", "stakeholder", "organisation", "position", "account", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["account"] = self.instance.user and self.instance.user.username
        self.fields["position"].help_text = _("Such as chair or secretary.")

    def clean_account(self):
        name = self.cleaned_data["account"]
        account = User.objects.filter(username=name, is_active=True).first() if name else None
        if name and account is None:
            raise ValidationError(_("There is no account of that name."))
        self.instance.user = account
        return name

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"user", "board"}  # type: ignore[misc] # Django's own hook


def latest_quarters(today: datetime.date) -> list[tuple[int, int]]:
    """The quarter of a day and those before it."""
    place = today.year * 4 + (today.month - 1) // 3
    return [(number // 4, number % 4 + 1) for number in range(place, place - QUARTERS_BACK, -1) if number // 4 >= FIRST_YEAR]


class IndexPeriodForm(forms.Form):
    """Which quarter a board begins to score: this one or one of the last two years."""

    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *args, board, **kwargs):
        super().__init__(*args, **kwargs)
        self.board = board
        taken = set(IndexPeriod.objects.filter(area=board.area_id).values_list("year", "quarter"))
        free = [quarter for quarter in latest_quarters(board.unit.today()) if quarter not in taken]
        names = dict(IndexPeriod._meta.get_field("quarter").flatchoices)
        self.fields["quarter"].choices = [(f"{year}-{n}", f"{names[n]} {year}") for year, n in free]  # type: ignore[attr-defined]

    def save(self, by) -> IndexPeriod:
        year, quarter = map(int, self.cleaned_data["quarter"].split("-"))
        board = self.board
        scheme = IndexScheme.objects.on(first_day_of(year, quarter))
        return IndexPeriod.objects.create(board=board, unit=board.unit, area=board.area, scheme=scheme, year=year, quarter=quarter, opened_by=by)


class IndexScoreForm(forms.ModelForm):
    """One indicator as one member sees it. Everything may stay empty: what is typed is kept, and counts once number and reason are there."""

    value = forms.TypedChoiceField(label=capfirst(_("score")), choices=SCALE, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label=capfirst(_("reason")), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=REASON)
    facts = forms.CharField(
        label=capfirst(_("data that it stands on")), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text=DATA
    )

    class Meta:
        model = IndexScore
        fields = ["value", "reason", "facts"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("value", "reason"):
            self.fields[name].is_needed = True  # type: ignore[attr-defined] # without them the score does not count, but is kept

    def clean_reason(self):
        return self.cleaned_data["reason"].strip()


class IndexEvidenceForm(forms.Form):
    """What a score points to, of what its scorer may read: problems, incidents and summaries of the area; or a paper."""

    problem = forms.ModelChoiceField(Problem.objects.none(), label=_("Problem on the map"), required=False, to_field_name="uuid")
    incident = forms.ModelChoiceField(Incident.objects.none(), label=_("Incident"), required=False, to_field_name="uuid")
    summary = forms.ModelChoiceField(Summary.objects.none(), label=_("Summary with its figures"), required=False, to_field_name="uuid")
    paper = PaperField(label=_("Paper or photo"), required=False)

    def __init__(self, *args, user, period, **kwargs):
        super().__init__(*args, **kwargs)
        inside = {"area__code__startswith": f"{period.area.code}."}
        figures = Summary.objects.for_user(user).filter(unit=period.unit, starts_on__gte=period.first_day, starts_on__lte=period.last_day)
        found: dict[str, Any] = {
            "problem": Problem.objects.for_user(user).filter(**inside).order_by("-pk"),
            "incident": Incident.objects.for_user(user).filter(**inside, occurred_at__date__lte=period.last_day).order_by("-occurred_at"),
            "summary": figures.filter(state__in=Summary.APPROVED_STATES).order_by("-starts_on"),
        }
        for name, rows in found.items():
            if not (chosen := list(rows.values_list("pk", flat=True)[:MOST_CHOICES])):
                del self.fields[name]
                continue
            field: Any = self.fields[name]
            field.queryset = rows.model._default_manager.filter(pk__in=chosen)
            field.empty_label = _("– choose –")

    def rows(self, score, by) -> list[IndexEvidence]:
        """One for each thing that was chosen, not saved yet."""
        said = {name: self.cleaned_data.get(name) for name in ("problem", "incident", "summary")}
        common = {"period": score.period, "score": score, "added_by": by}
        found = [IndexEvidence(**common, **{name: row}) for name, row in said.items() if row]
        if paper := self.cleaned_data.get("paper"):
            evidence = IndexEvidence(**common, file_type=paper.type, sha256=paper.sha256)
            evidence.file.save(f"{evidence.uuid}{paper.ending}", paper.content, save=False)
            found.append(evidence)
        return found


class AgreedForm(forms.Form):
    """The values on which the board agrees, one for each indicator; an empty one leaves the mean of the scores."""

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            code, agreed = line.indicator.code, line.agreed
            choices = [("", _("mean of the scores")), *((number, number) for number in range(1, 6))]
            self.fields[f"value_{code}"] = forms.TypedChoiceField(
                label=f"{code} · {capfirst(_('agreed value'))}",
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=agreed and agreed.value,
            )
            self.fields[f"note_{code}"] = forms.CharField(
                label=f"{code} · {capfirst(_('why this value'))}", required=False, max_length=300, initial=agreed.note if agreed else ""
            )

    def rows(self):
        return [(line, self[f"value_{line.indicator.code}"], self[f"note_{line.indicator.code}"]) for line in self.lines]

    def said(self) -> list[tuple[Any, int | None, str]]:
        data = self.cleaned_data
        return [(line, data[f"value_{line.indicator.code}"], data[f"note_{line.indicator.code}"]) for line in self.lines]


class IndexStepForm(forms.ModelForm):
    """What lies behind a low indicator, and what is done about it by whom until when."""

    class Meta:
        model = IndexStep
        fields = ["indicator", "root_cause", "step", "owner", "due_on"]
        widgets = {"due_on": DayInput(), "root_cause": forms.Textarea(attrs={"rows": 3}), "step": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, period, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.period = period
        field = forms.ModelChoiceField(indicators, label=capfirst(_("indicator")), to_field_name="code", empty_label=None)
        self.fields["indicator"] = field
        if self.instance.indicator_id:
            self.initial["indicator"] = self.instance.indicator.code
        self.fields["root_cause"].help_text = _("Why is it so? Ask three times; leave names of persons, parties and faiths out.")

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day.year < FIRST_YEAR or day.year > 2099:
            raise ValidationError(_("This day lies too far off."))
        return day


class IndexStepStateForm(forms.Form):
    """How far a step is."""

    state = forms.ChoiceField(label=capfirst(_("state")), choices=IndexStep.State.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=capfirst(_("note")), required=False, max_length=300)


class SchemeForm(forms.ModelForm):
    """The next scheme of weights, beginning with the one that holds: percent of fields and indicators, 0 retires an indicator; and up to
    one new indicator for each field."""

    class Meta:
        model = IndexScheme
        fields = ["starts_on", "ideology", "politics", "economy", "society", "note"]
        widgets = {"starts_on": DayInput()}

    def __init__(self, *args, indicators, weights, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        for indicator in indicators:
            self.fields[f"w_{indicator.code}"] = forms.DecimalField(
                label=str(indicator), min_value=0, max_value=100, decimal_places=2, required=False, initial=weights.get(indicator.pk, Decimal(0))
            )
        for field in IndexField:
            self.fields[f"new_{field}"] = forms.CharField(
                label=_("New indicator"), required=False, max_length=200, validators=[ProhibitNullCharactersValidator()]
            )
            self.fields[f"new_w_{field}"] = forms.DecimalField(label=_("Percent"), min_value=0, max_value=100, decimal_places=2, required=False)

    def groups(self):
        """By field: its own percent, its indicators, and the row for a new one."""
        for field in IndexField:
            rows = [self[f"w_{indicator.code}"] for indicator in self.indicators if indicator.field == field]
            yield field, self[IndexScheme.COLUMNS[field]], rows, self[f"new_{field}"], self[f"new_w_{field}"]

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        if not FIRST_YEAR <= day.year <= 2099:
            raise ValidationError(_("This day lies too far off."))
        return day

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        for field in IndexField:
            share = cleaned[IndexScheme.COLUMNS[field]]
            own = [cleaned.get(f"w_{indicator.code}") or Decimal(0) for indicator in self.indicators if indicator.field == field]
            text, new = cleaned.get(f"new_{field}", ""), cleaned.get(f"new_w_{field}") or Decimal(0)
            if bool(text.strip()) != bool(new):
                self.add_error(f"new_{field}", _("A new indicator needs its words and a percentage above 0."))
            made = sum(own, new)
            if (share or made) and made != 100:
                message = _("%(field)s: the indicators make %(sum)s percent instead of 100.")
                self.add_error(None, ValidationError(message, params={"field": capfirst(field.label), "sum": made}))
        return cleaned

    @transaction.atomic
    def stored(self, by) -> IndexScheme:
        """Writes the scheme with its lines, and the new indicators. Raises ValidationError where one of them names whom it may not."""
        cleaned = self.cleaned_data
        self.instance.made_by = by
        scheme = self.save()
        for indicator in self.indicators:
            if share := cleaned.get(f"w_{indicator.code}"):
                scheme.weights.create(indicator=indicator, percent=share)
        for field in IndexField:
            if text := cleaned[f"new_{field}"].strip():
                scheme.weights.create(indicator=self._added(field, text), percent=cleaned[f"new_w_{field}"])
        return scheme

    def _added(self, field, text):
        model = type(self.indicators[0])
        same = [indicator for indicator in self.indicators if indicator.field == field]
        letter = same[0].code.rstrip("0123456789")
        number = max(int(indicator.code[len(letter) :]) for indicator in same) + 1
        added = model(code=f"{letter}{number}", field=field, order=max(indicator.order for indicator in same) + 1, text=text)
        try:
            added.full_clean()
        except ValidationError as error:
            raise ValidationError([message for messages in error.message_dict.values() for message in messages]) from error
        added.save()
        return added
