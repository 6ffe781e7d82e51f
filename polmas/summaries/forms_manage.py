"""Forms of the management pages. What may be chosen is what the desk may hand out; the rules themselves live in the models."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mapping.models import Area, Beat
from mapping.models.areas import dotted
from polmas.people.forms import telephone
from polmas.people.models import Posting, Unit, UnitKind, User
from polmas.people.models.postings import ROLE_UNIT_KINDS
from polmas.people.models.units import TEXT_WORDS
from polmas.people.scope import OFFICERS, SMALL_UNITS, on_day
from polmas.summaries.imports.points import is_geojson
from polmas.summaries.imports.sheets import FILE_BYTES as SHEET_BYTES
from polmas.summaries.imports.sheets import is_csv, refuse_bombs

# A list of more units than this is no list to choose from: the unit's code is typed instead.
MANY_UNITS = 200
PLEASE_CHOOSE = _("– choose –")
UNIT_FILE_BYTES = 2 * 1024 * 1024


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class WholeForm(forms.ModelForm):
    """A form whose row already carries some values: constraints over them count as well."""

    given: tuple[str, ...] = ()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - set(self.given)  # type: ignore[misc] # Django's own hook, unknown to the stubs


def default_to_today(form):
    """A first day that is not said yet is today; an instance without one would show an empty field."""
    form.initial["starts_on"] = form.initial.get("starts_on") or timezone.localdate()


class PersonForm(forms.ModelForm):
    """Name, rank and number of police; the number is what they sign in with."""

    class Meta:
        model = User
        fields = ["nrp", "name", "rank", "phone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Members of forums and administrators may have no number: they keep their user name.
        self.fields["nrp"].required = self.instance.pk is None or self.instance.nrp is not None
        self.fields["nrp"].help_text = _("8 or 18 digits; also the user name.")
        self.fields["nrp"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs.update({"inputmode": "tel", "autocomplete": "off"})
        self.fields["phone"].validators.append(telephone)

    def clean_nrp(self):
        nrp = self.cleaned_data["nrp"] or None
        if nrp and User.objects.filter(username=nrp).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This number already has an account. If the person moved here, the operator above adds the posting."))
        if nrp:
            self.instance.username = nrp
        return nrp


class UnitChoice(forms.ModelChoiceField):
    """One of the desk's units: from a list, or where there are many, by its code."""

    def __init__(self, units):
        super().__init__(units, label=capfirst(_("unit")), to_field_name="code", empty_label=PLEASE_CHOOSE)
        if units[: MANY_UNITS + 1].count() > MANY_UNITS:
            self.widget = forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"})
            self.help_text = _("The unit's code, such as POLSEK-BANYUMANIK.")


class PostingForm(WholeForm):
    """A post: where, as what, in which standing and from when. The desk decides which units and roles are offered."""

    given: tuple[str, ...] = ("user",)

    class Meta:
        model = Posting
        fields = ["unit", "role", "kind", "starts_on", "ends_on", "order_number"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args, desk, **kwargs):
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.fields["unit"] = UnitChoice(desk.managed_units())
        self.fields["role"] = forms.ChoiceField(label=capfirst(_("role")), choices=[("", PLEASE_CHOOSE), *desk.roles()])
        default_to_today(self)
        self.fields["order_number"].help_text = _("As on the paper, e.g. Sprin/101/I/KEP./2026.")
        if self.instance.user_id is None:
            del self.fields["ends_on"]
            self.given = ()

    def clean(self):
        unit, role = self.cleaned_data.get("unit"), self.cleaned_data.get("role")
        if unit and role and role not in self.desk.roles_at(unit):
            self.add_error("role", self._refusal(unit, role))
        return super().clean()

    @staticmethod
    def _refusal(unit, role):
        """Why the role is not given there: such a unit has none, or the desk may not."""
        kinds = ROLE_UNIT_KINDS.get(role, {unit.kind})
        if unit.kind in kinds:
            return _("This role is not yours to give at %(unit)s.") % {"unit": unit}
        names = ", ".join(str(kind.label) for kind in UnitKind if kind in kinds)
        return _("This role is for %(kinds)s; %(unit)s has none.") % {"kinds": names, "unit": unit}


class LastDayForm(WholeForm):
    """The last day of something dated."""

    given = ("starts_on",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = True
        self.fields["ends_on"].label = _("Last day")
        self.fields["ends_on"].help_text = ""
        self.initial["ends_on"] = self.instance.ends_on or max(timezone.localdate(), self.instance.starts_on)


class PostingEndForm(LastDayForm):
    class Meta:
        model = Posting
        fields = ["ends_on"]
        widgets = {"ends_on": DayInput()}


class SupervisorForm(WholeForm):
    """Who reviews an officer's reports, of those who serve at the same Polsek today."""

    given = ("user",)

    class Meta:
        model = Posting
        fields = ["supervisor"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        unit = self.instance.unit
        base = unit.get_parent() if unit.kind in SMALL_UNITS else unit
        serving = Posting.objects.filter(on_day(timezone.localdate()), unit__path__startswith=base.path).exclude(user=self.instance.user)
        colleagues = User.objects.filter(pk__in=serving.values("user"), is_active=True)
        every = _("the Kanit Binmas, or the head of a pospol or subsektor")
        self.fields["supervisor"] = forms.ModelChoiceField(colleagues, label=capfirst(_("supervisor")), required=False, empty_label=every)


class BeatEndForm(LastDayForm):
    class Meta:
        model = Beat
        fields = ["ends_on"]
        widgets = {"ends_on": DayInput()}


class AreaChoice(forms.ModelChoiceField):
    """An area with what the operator wants to know of it: whether anybody holds it."""

    def label_from_instance(self, area):
        return area.title if area.is_held else _("%(area)s – without officer") % {"area": area.title}


class BeatForm(WholeForm):
    """Which of the unit's areas an officer holds, from when."""

    given = ("user", "unit")

    class Meta:
        model = Beat
        fields = ["area", "is_primary", "starts_on", "ends_on", "order_number"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = Beat.objects.filter(on_day(timezone.localdate()), area=OuterRef("pk"))
        areas = Area.objects.policed_by(self.instance.unit).annotate(is_held=Exists(held)).order_by("code")
        self.fields["area"] = AreaChoice(areas, label=capfirst(_("area")), empty_label=PLEASE_CHOOSE)
        self.fields["is_primary"].help_text = _("Each village has one first officer; others may share it.")
        default_to_today(self)

    def clean(self):
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        posts = self.instance.user.postings.filter(unit=self.instance.unit, role__in=OFFICERS)
        if starts_on and not any(posting.is_valid_on(starts_on) for posting in posts):
            self.add_error("starts_on", _("On this day the officer has no post at %(unit)s.") % {"unit": self.instance.unit})
        area = self.cleaned_data.get("area")
        if area and starts_on and self._holds_already(area, starts_on, ends_on):
            self.add_error("area", _("This officer already holds the area in that time."))
        return super().clean()

    def _holds_already(self, area, starts_on, ends_on):
        beats = Beat.objects.filter(user=self.instance.user, area=area, absence=None).exclude(ends_on__lt=starts_on)
        return (beats.filter(starts_on__lte=ends_on) if ends_on else beats).exists()


class ReasonForm(forms.Form):
    """Why an account is closed or opened again: it stands in the history beside who did it."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stays in the history, with your name."))


class UnitForm(forms.ModelForm):
    """What a unit decides for itself: its letters and its limits."""

    class Meta:
        model = Unit
        fields = [
            *(
                "letterhead",
                "head_title",
                "city",
                "short_name",
                "number_pattern",
                "information_pattern",
                "agreement_pattern",
                "archive_code",
                "report_text",
            ),
            *("address", "phone", "accept_after_days", "late_after_hours", "sample_percent", "visit_every_days", "month_due_day", "piket_shifts"),
            "hides_ranking",
            *("day_due_at", "releases_daily", "week_due_day", "week_due_at", "sends_at_once"),
        ]
        widgets = {
            "letterhead": forms.Textarea(attrs={"rows": 3}),
            "piket_shifts": forms.Textarea(attrs={"rows": 3}),
            "report_text": forms.Textarea(attrs={"rows": 6}),
            "day_due_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "week_due_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("number_pattern", "information_pattern", "agreement_pattern"):
            self.fields[name].help_text = _("Between braces: klas, jenis, n, bulan, tahun, satuan, kka.")
        words = ", ".join(f"{{{word}}}" for word in TEXT_WORDS)
        self.fields["report_text"].help_text = _("Empty: the usual text. Words that are filled in: %(words)s.") % {"words": words}
        self.fields["month_due_day"].widget.attrs.update({"min": 1, "max": 28})


class UnitAreasForm(forms.Form):
    """The villages that a unit polices, as codes: a kecamatan's code stands for all its villages."""

    codes = forms.CharField(
        label=_("Areas that the unit polices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        validators=[MaxLengthValidator(20_000)],
        help_text=_("Codes of kecamatan, kelurahan or desa, one a line, such as 33.74.11."),
    )

    def __init__(self, *args, desk, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.desk, self.unit = desk, unit
        self.initial["codes"] = "\n".join(codes_of(unit))

    def clean_codes(self):
        codes = {dotted(code) for code in re.split(r"[\s,;]+", self.cleaned_data["codes"]) if code}
        areas = {area.code: area for area in Area.objects.filter(code__in=codes)}
        if unknown := sorted(codes - areas.keys()):
            raise ValidationError(_("Unknown: %(codes)s. Import these areas first.") % {"codes": ", ".join(unknown[:10])})
        if wide := sorted(code for code, area in areas.items() if area.depth < 3):
            raise ValidationError(_("Too wide for one unit: %(codes)s. Name the kecamatan.") % {"codes": ", ".join(wide[:10])})
        villages = self._villages(areas.values())
        self._refuse_others(villages)
        return villages

    def _villages(self, areas):
        ids = set()
        for area in areas:
            ids |= set(Area.objects.below(area).villages().values_list("pk", flat=True))
        return Area.objects.filter(pk__in=ids)

    def _refuse_others(self, villages):
        """A village that another command polices is given by an administrator: whoever holds it reads its reports."""
        if self.desk.is_admin:
            return
        taken = villages.filter(units__isnull=False).exclude(units__in=self.desk.managed_units()).order_by("code").distinct()
        if names := [f"{area.code} {area.name}" for area in taken[:10]]:
            raise ValidationError(_("Policed by another command: %(names)s. Ask an administrator.") % {"names": ", ".join(names)})


def codes_of(unit: Unit) -> list[str]:
    """The unit's villages as short as codes can say it: a kecamatan that is whole by its own code."""
    own = set(unit.areas.values_list("code", flat=True))
    districts = {code.rpartition(".")[0] for code in own}
    short = set(own)
    for district in districts:
        villages = set(Area.objects.filter(parent__code=district).values_list("code", flat=True))
        if villages and villages <= own:
            short = short - villages | {district}
    return sorted(short)


class ImportForm(forms.Form):
    """A file that a worker reads."""

    limit = UNIT_FILE_BYTES
    file = forms.FileField(label=_("File"))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > self.limit:
            limit = self.limit // (1024 * 1024)
            raise ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": limit})
        return file


class SheetImportForm(ImportForm):
    """A table of people, households or tokoh, in the columns of its template."""

    limit = SHEET_BYTES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("XLSX in the columns of the template, at most 10 MB and 20,000 rows.")
        self.fields["file"].widget.attrs["accept"] = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def clean_file(self):
        file = super().clean_file()
        refuse_bombs(file)
        return file


class IncidentImportForm(ImportForm):
    """Incidents: a workbook, or the CSV that other programs write."""

    limit = SHEET_BYTES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("XLSX or CSV in the columns of the template, at most 10 MB and 20,000 rows.")
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def clean_file(self):
        file = super().clean_file()
        if not is_csv(file):
            refuse_bombs(file)
        return file


class PotentialImportForm(ImportForm):
    """Potentials: a workbook, or points as GeoJSON."""

    limit = SHEET_BYTES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("XLSX in the columns of the template, or GeoJSON with points, e.g. of OpenStreetMap; at most 10 MB.")
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.geojson,.json,application/geo+json"

    def clean_file(self):
        file = super().clean_file()
        if not is_geojson(file):
            refuse_bombs(file)
        return file


class UnitImportForm(ImportForm):
    limit = UNIT_FILE_BYTES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = format_html(
            "{}<br><code>code,name,kind,parent</code><br><code>POLSEK-CONTOH,Polsek Contoh,POLSEK,POLRES-CONTOH</code>",
            _("CSV whose first line names the columns, such as:"),
        )
        self.fields["file"].widget.attrs["accept"] = ".csv,text/csv"
