"""Forms of boundaries: which file, how it is to be read, and from when it counts."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from polmas.summaries.forms_manage import DayInput, ImportForm

FILE_BYTES = 200 * 1024 * 1024
EARLIEST = datetime.date(1945, 8, 17)
AHEAD = datetime.timedelta(days=366)
# UTM zones in which Indonesia lies, north and south of the equator.
ZONES = [(326_00 + zone, f"UTM {zone}N (EPSG:{326_00 + zone})") for zone in range(46, 55)]
ZONES += [(327_00 + zone, f"UTM {zone}S (EPSG:{327_00 + zone})") for zone in range(46, 55)]
PROJECTIONS = [("", _("as the file says")), *ZONES, (4326, _("degrees (EPSG:4326)")), (3857, "Web Mercator (EPSG:3857)")]
ENCODINGS = [("", _("found by itself")), ("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "ISO 8859-1"), ("utf-16", "UTF-16")]


class ReadingFields(forms.Form):
    """How a file is read where it does not say so itself, or says it wrongly."""

    swap_axes = forms.BooleanField(label=_("swap the axes: the file has latitude before longitude"), required=False)
    srid = forms.TypedChoiceField(label=_("Projection"), choices=PROJECTIONS, coerce=int, empty_value=None, required=False)
    encoding = forms.ChoiceField(label=_("Encoding of texts"), choices=ENCODINGS, required=False)
    code_field = forms.CharField(label=_("Field of the code"), max_length=60, required=False)
    name_field = forms.CharField(label=_("Field of the name"), max_length=60, required=False)

    READING = ("swap_axes", "srid", "encoding", "code_field", "name_field")

    def reading(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.READING}


class AreaImportForm(ReadingFields, ImportForm):
    limit = FILE_BYTES
    source = forms.CharField(label=capfirst(_("source")), max_length=60, required=False, help_text=_("Empty: the file's name."))
    version = forms.CharField(label=capfirst(_("version")), max_length=60, required=False)

    field_order = ["file", "source", "version", *ReadingFields.READING]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("GeoJSON (also .gz), Shapefile as ZIP, or GeoPackage, with the official code and name of each area.")
        self.fields["file"].widget.attrs["accept"] = ".geojson,.json,.gz,.zip,.gpkg,application/geo+json,application/json"


class AreaApplyForm(forms.Form):
    """What a drawing means: a better picture of the same boundary, a boundary that moved on a day, or a picture that is only kept."""

    BETTER, MOVED, ASIDE = "better", "moved", "aside"

    MEANINGS = (
        (BETTER, _("a better drawing of the same boundaries")),
        (MOVED, _("boundaries that changed on a day")),
        (ASIDE, _("kept aside for now")),
    )

    meaning = forms.ChoiceField(label=_("These boundaries are"), widget=forms.RadioSelect, initial=BETTER, choices=MEANINGS)
    valid_from = forms.DateField(label=_("Valid from"), widget=DayInput, required=False, help_text=_("Only where the boundaries changed on a day."))

    def clean(self):
        super().clean()
        day = self.cleaned_data.get("valid_from")
        if self.cleaned_data.get("meaning") != self.MOVED:
            self.cleaned_data["valid_from"] = None
        elif "valid_from" in self.cleaned_data and (day is None or not EARLIEST <= day <= timezone.localdate() + AHEAD):
            self.add_error("valid_from", ValidationError(_("From which day? At most a year ahead.")))

    def terms(self) -> dict:
        day = self.cleaned_data["valid_from"]
        return {"valid_from": day and day.isoformat(), "is_aside": self.cleaned_data["meaning"] == self.ASIDE}


class ValidityForm(AreaApplyForm):
    """The same of drawings that are kept aside already."""

    meaning = forms.ChoiceField(
        label=_("These boundaries are"), widget=forms.RadioSelect, initial=AreaApplyForm.BETTER, choices=AreaApplyForm.MEANINGS[:2]
    )
