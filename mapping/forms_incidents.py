"""Forms of incidents. Few fields are required: kind, when, the village or the point, and one sentence; the rest completes it."""

import itertools
import re
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mapping import incidents
from mapping.fields import ShapeField, shape_asked
from mapping.forms import PLEASE_CHOOSE, with_own
from mapping.geometry import POINT
from mapping.models import Harm, Incident, IncidentClass, Office, PerpetratorFlag, Sex
from mapping.models.incidents import ASSIGNABLE, Handling
from mapping.outlines import backdrop
from polmas.people.models import Code, Posting, User
from polmas.people.scope import INCIDENT_WRITERS

# By harm, child or adult, and sex, in the order of the table.
GROUPS = [(harm, sex, is_child) for harm in Harm for is_child in (False, True) for sex in Sex]
MOST_VICTIMS = 100_000
RUPIAH = re.compile(r"(?i)^rp\.?|[\s.]|,0*$|,-$")  # what people write round the digits of an amount


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class RupiahField(forms.DecimalField):
    """An amount as people write it: 1.500.000, Rp 1.500.000,00."""

    widget = forms.TextInput

    def to_python(self, value):
        text = RUPIAH.sub("", str(value or "").strip())
        return super().to_python(text)


class VillageChoice(forms.ModelChoiceField):
    def label_from_instance(self, area):
        return area.title


def kind_choices(day) -> list[tuple[str, list[tuple[str, str]]]]:
    """The kinds of the list of a day, under the classes in which they are counted."""
    codes = [code for code in Code.objects.of("INCIDENT_KIND", day) if code.group in IncidentClass.values]
    codes.sort(key=lambda code: (IncidentClass.values.index(code.group), code.order))
    grouped = itertools.groupby(codes, key=lambda code: code.group)
    return [(capfirst(str(IncidentClass(group).label)), [(code.code, code.label) for code in some]) for group, some in grouped]


def scene_choices(day) -> list[tuple[str, str]]:
    return [(code.code, code.label) for code in Code.objects.of("INCIDENT_SCENE", day)]


def group_name(group) -> str:
    harm, sex, is_child = group
    return f"victims_{harm}_{sex}_{'anak' if is_child else 'dewasa'}".lower()


class IncidentForm(forms.ModelForm):
    """One incident, in the time zone that is active: that of its unit."""

    location = ShapeField(kinds=[POINT], required=False)
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)  # of a new one: the same form sent twice makes one

    class Meta:
        model = Incident
        fields = [
            *("kind", "occurred_at", "location", "area", "narrative"),
            *("occurred_until", "reported_at", "no_lp", "scene", "address", "modus", "loss_rp", "evidence", "actions", "phase"),
        ]
        widgets = {
            **dict.fromkeys(("occurred_at", "occurred_until", "reported_at"), MomentInput),
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("narrative", "modus", "evidence", "actions")},
        }

    FIRST = ("kind", "occurred_at", "location", "area", "narrative")

    def __init__(self, *args, user, asked=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        today = timezone.localdate()
        villages = incidents.villages_of(user).order_by("name")
        self.fields["area"] = VillageChoice(
            villages, label=capfirst(_("village")), to_field_name="code", required=False, widget=forms.Select(attrs={"data-village": ""})
        )
        kinds = with_own(kind_choices(today), "INCIDENT_KIND", self.instance.kind)
        scenes = with_own(scene_choices(today), "INCIDENT_SCENE", self.instance.scene)
        self.fields["kind"] = forms.ChoiceField(label=capfirst(_("kind")), choices=[("", PLEASE_CHOOSE), *kinds])
        self.fields["scene"] = forms.ChoiceField(label=capfirst(_("kind of scene")), choices=[("", PLEASE_CHOOSE), *scenes], required=False)
        amount = forms.TextInput(attrs={"inputmode": "numeric"})
        self.fields["loss_rp"] = RupiahField(
            label=capfirst(_("loss in rupiah")), required=False, min_value=0, max_digits=15, decimal_places=0, widget=amount
        )
        self.fields["location"].widget.backdrop = backdrop(villages, today)
        self.fields["narrative"].help_text = _("One sentence: what happened. No names of victims or witnesses.")
        self._fill_victims()
        if self.instance.pk is None:
            self._start(villages, asked or {}, today)
        else:
            self.initial["area"] = self.instance.area.code
            if not self.instance.may_see_point(user):
                del self.fields["location"]

    def _fill_victims(self):
        stored = {(row.harm, row.sex, row.is_child): row.count for row in self.instance.victims.all()} if self.instance.pk else {}
        for group in GROUPS:
            label = f"{Harm(group[0]).label}, {Sex(group[1]).label}, {_('child') if group[2] else _('adult')}"
            widget = forms.NumberInput(attrs={"inputmode": "numeric", "aria-label": label})
            name = group_name(group)
            self.fields[name] = forms.IntegerField(label=capfirst(label), required=False, min_value=0, max_value=MOST_VICTIMS, widget=widget)
            self.initial[name] = stored.get(group)

    def _start(self, villages, asked, today):
        """A new one: now, and where the address says."""
        self.initial["id"] = uuid.uuid4()
        self.initial["occurred_at"] = timezone.localtime()
        if point := shape_asked(asked, [POINT]):
            self.initial["location"] = point
            village = villages.village_at(point, today)
            self.initial["area"] = village and village.code

    @property
    def victim_rows(self):
        """The table of victims: harm, and its four cells."""
        return [(harm.label, [self[group_name(group)] for group in GROUPS if group[0] == harm]) for harm in Harm]

    @property
    def rest(self):
        """What stands behind "lengkapi"."""
        return [self[name] for name in self.Meta.fields if name not in self.FIRST]

    @property
    def is_rest_open(self) -> bool:
        return any(name in self.errors for name in self.fields if name not in self.FIRST) if self.is_bound else False

    @property
    def victims(self):
        """The numbers that were changed."""
        return {group: self.cleaned_data[name] or 0 for group in GROUPS if (name := group_name(group)) in self.changed_data}

    def clean(self):
        super().clean()
        area, point = self.cleaned_data.get("area"), self.cleaned_data.get("location")
        if area is None and point and "area" not in self.errors:
            area = incidents.villages_of(self.user).village_at(point, timezone.localdate())
            if area is None:
                self.add_error("location", _("This point lies in no village of your unit. Choose the village."))
        elif area is None and "area" not in self.errors and "location" not in self.errors:
            self.add_error("area", _("Choose the village, or mark the point."))
        if self.instance.pk is None and self.cleaned_data.get("id"):
            self.instance.uuid = self.cleaned_data["id"]
        if area:
            self.cleaned_data["area"] = area
            self.instance.unit = incidents.unit_of(area, self.user.scope.paths_as(INCIDENT_WRITERS))

    def _get_validation_exclusions(self):
        # The act checks the row as a whole, constraints included: there its unit is known.
        return {field.name for field in Incident._meta.fields}

    def stored(self) -> Incident | None:
        """The incident, kept; None with the reasons at the fields."""
        try:
            if self.instance.pk is None:
                return incidents.record_once(self.instance, self.user, self.victims)[0]
            return incidents.amend(self.instance, self.user, self._changed(), self.victims)
        except ValidationError as error:
            for name, messages in error.message_dict.items() if hasattr(error, "error_dict") else [(None, error.messages)]:
                self.add_error(name if name in self.fields else None, messages)
            return None

    def _changed(self) -> dict:
        """What was changed on the form; what others changed meanwhile is left alone."""
        said = {name: self.cleaned_data[name] for name in self.changed_data if name in self.Meta.fields}
        return {**said, "unit": self.instance.unit} if "area" in said else said


class HandlingForm(forms.ModelForm):
    """How far the case is."""

    class Meta:
        model = Incident
        fields = ["status", "cleared_on"]
        widgets = {"cleared_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"] = forms.ChoiceField(
            label=capfirst(_("handling")),
            required=False,
            choices=[("", _("none yet")), *((value, capfirst(str(label))) for value, label in Handling.choices)],
        )
        self.fields["cleared_on"].help_text = _("For P21, RJ, discontinued and handed over; today if empty.")

    def stored(self) -> bool:
        try:
            incidents.handle(self.instance, self.cleaned_data["status"], self.cleaned_data["cleared_on"])
        except ValidationError as error:
            self.add_error(None, error.messages)
        return not self.errors


class AssignForm(forms.Form):
    """To which Kanit of another function an incident goes."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Hand to"), required=False, to_field_name="username", empty_label=_("nobody"))

    def __init__(self, *args, incident, **kwargs):
        super().__init__(*args, **kwargs)
        self.incident = incident
        above = [incident.unit.path[:end] for end in range(len(incident.unit.path), 0, -incident.unit.steplen)]
        posts = Posting.objects.on(incident.unit.today()).filter(role__in=ASSIGNABLE, unit__path__in=above)
        people = User.objects.filter(is_active=True, pk__in=posts.values("user")) | User.objects.filter(pk=incident.assigned_to_id)
        self.fields["person"].queryset = people.order_by("name")  # type: ignore[attr-defined]
        self.initial["person"] = incident.assigned_to and incident.assigned_to.username

    def stored(self, by) -> bool:
        try:
            incidents.hand_to(self.incident, self.cleaned_data["person"], by)
        except ValidationError as error:
            self.add_error(None, error.messages)
        return not self.errors


class FlagForm(forms.ModelForm):
    """That a perpetrator serves the state. What was said is not shown again at the unit."""

    class Meta:
        model = PerpetratorFlag
        fields = ["office", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"] = forms.ChoiceField(label=capfirst(_("serves in")), choices=[("", PLEASE_CHOOSE), *Office.choices])


class WithdrawForm(forms.Form):
    """Why an incident is taken back."""

    reason = forms.CharField(label=capfirst(_("reason")), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
