"""Forms of the forum itself: recording one that exists, founding a new one, correcting it, its endorsement."""

import datetime
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import EARLIEST, FURTHEST, ChoicesByName, DayInput, OwnForm, choice_of, text_of
from fkpm.minutes import field_of
from fkpm.models import Element, Forum, Member, Position
from fkpm.models.forums import REGISTRARS
from mapping.models import Area, Beat, Place
from mapping.models.areas import Level
from polmas.people.models import Unit, User
from polmas.people.scope import in_subtrees
from polmas.people.uploads import PaperField


def villages_of(user):
    """Villages in which a user may record a forum: those held today, and those of the units whose registers they keep."""
    registered = Area.units.through.objects.filter(in_subtrees("unit__path", user.scope.paths_as(REGISTRARS))).values("area")
    return Area.objects.filter(Q(pk__in=registered) | Q(pk__in=held_beats(user).values("area"))).villages()


def held_beats(user):
    """The officer's beats of today; whoever is no officer any more holds none."""
    today = user.post.unit.today() if user.post else None
    return Beat.objects.on(today).filter(user=user) if today and user.scope.is_officer else Beat.objects.none()


def unit_of(user, village) -> Unit:
    """The unit that a new forum belongs to: the one for which the officer holds the village, else the one that polices it."""
    beat = held_beats(user).filter(area=village).select_related("unit").first()
    if beat:
        return beat.unit
    return village.units.filter(in_subtrees("path", user.scope.paths_as(REGISTRARS))).order_by("-depth", "path").first()


def first_officer_of(village):
    """Who holds the village first: the forum's Polmas officer unless somebody says otherwise."""
    beat = Beat.objects.on(datetime.datetime.now(datetime.UTC).date()).filter(area=village).select_related("user").first()
    return beat and beat.user


def select_of(form, name) -> forms.ChoiceField:
    return cast("forms.ChoiceField", form.fields[name])


def areas_beside(forum):
    """What a forum may cover besides its village: the RW of the village, and the villages of the same district with which it may be merged."""
    around = Area.objects.villages().filter(parent=forum.area.parent_id).exclude(pk=forum.area_id)
    return Area.objects.filter(Q(pk__in=around.values("pk")) | Q(parent=forum.area_id, level=Level.RW), closed_on=None).order_by("code")


def check_day(form, name, ahead=FURTHEST):
    """Refuses a day on which no forum can have done it."""
    day = form.cleaned_data.get(name)
    if day and not EARLIEST <= day <= form.instance.unit.today() + ahead:
        form.add_error(name, _("This day cannot be right."))


class ForumForm(OwnForm):
    """The forum itself. Which officer serves it and how active it is, only its registrars say."""

    name = text_of(Forum, "name")
    coverage = text_of(Forum, "coverage")
    bkpm = text_of(Forum, "bkpm")
    phone = text_of(Forum, "phone", widget=forms.TextInput(attrs={"inputmode": "tel"}))
    paper = PaperField(label=capfirst(field_of(Forum, "statutes").verbose_name), required=False)

    class Meta:
        model = Forum
        fields = ["name", "form", "zone_kind", "coverage", "areas", "bkpm", "bkpm_place", "phone", "founded_on", "status", "officer"]
        widgets = {
            "form": ChoicesByName,
            "zone_kind": ChoicesByName,
            "status": ChoicesByName,
            "founded_on": DayInput,
            "areas": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        choice_of(self, "areas").queryset = areas_beside(self.instance)
        self._offer_places(user)
        if self.instance.is_registered_by(user):
            self._offer_officers()
        else:
            del self.fields["officer"], self.fields["status"]

    def _offer_places(self, user):
        places = Place.objects.filter(
            Q(pk__in=Place.objects.for_user(user).active().filter(area=self.instance.area_id).values("pk")) | Q(pk=self.instance.bkpm_place_id)
        )
        if places.exists():
            choice_of(self, "bkpm_place").queryset = places
        else:
            del self.fields["bkpm_place"]

    def _offer_officers(self):
        unit = self.instance.unit
        serving = User.objects.filter(beats__in=Beat.objects.on(unit.today()).filter(unit__path__startswith=unit.path))
        choice_of(self, "officer").queryset = User.objects.filter(pk__in=serving.values("pk")) | User.objects.filter(pk=self.instance.officer_id)
        if self.instance.is_being_founded:
            del self.fields["status"]
        else:
            select_of(self, "status").choices = [(value, label) for value, label in Forum.Status.choices if value != Forum.Status.RINTISAN]

    def clean(self):
        super().clean()
        check_day(self, "founded_on", ahead=datetime.timedelta())
        if self.cleaned_data.get("form") != Forum.Form.KAWASAN:
            self.cleaned_data["zone_kind"] = ""
        return self.cleaned_data

    def save(self, commit=True):
        if paper := self.cleaned_data["paper"]:
            self.instance.statutes_type = paper.type
            self.instance.statutes.save(f"{self.instance.uuid}{paper.ending}", paper.content, save=False)
        return super().save(commit)


class EndorsementForm(OwnForm):
    """Who endorsed the board that serves, by which paper, and how long it serves."""

    endorsement_number = text_of(Forum, "endorsement_number", widget=forms.TextInput(attrs={"placeholder": "141/12/2026"}))

    class Meta:
        model = Forum
        fields = ["endorsed_by", "endorsement_number", "endorsed_on", "term_starts_on", "term_ends_on"]
        widgets = {"endorsed_by": ChoicesByName, "endorsed_on": DayInput, "term_starts_on": DayInput, "term_ends_on": DayInput}

    def clean(self):
        super().clean()
        check_day(self, "endorsed_on", ahead=datetime.timedelta())
        check_day(self, "term_starts_on")
        check_day(self, "term_ends_on", ahead=FURTHEST * 5)
        return self.cleaned_data


class PlacedForm(OwnForm):
    """A forum that polmas does not know yet, in one of the villages that its recorder may record for."""

    name = text_of(Forum, "name", widget=forms.TextInput(attrs={"placeholder": "FKPM Pedalangan"}))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        villages = choice_of(self, "area").queryset = villages_of(user).order_by("name", "code")
        choice_of(self, "area").empty_label = _("– choose –")
        self.fields["form"].required = False
        if len(only := list(villages[:2])) == 1:
            self.fields["area"].initial = only[0]

    def clean_form(self):
        return self.cleaned_data["form"] or Forum.Form.WILAYAH

    def clean(self):
        # The constraints of a forum are checked with the unit that it will belong to.
        super().clean()
        if self.cleaned_data.get("form") != Forum.Form.KAWASAN:
            self.cleaned_data["zone_kind"] = ""
        if village := self.cleaned_data.get("area"):
            self.instance.unit = unit_of(self.user, village)
            self.instance.officer = self.user if held_beats(self.user).filter(area=village).exists() else first_officer_of(village)
        return self.cleaned_data


class NewForumForm(PlacedForm):
    """A forum that exists already: its name, village and chair; all else can follow."""

    chair = text_of(Member, "name", label=_("Name of the chair"))
    chair_since = forms.DateField(label=_("Chair since"), widget=DayInput, required=False, help_text=_("Empty means today."))
    bkpm = text_of(Forum, "bkpm")

    class Meta:
        model = Forum
        fields = ["name", "area", "bkpm", "form", "zone_kind"]
        widgets = {"form": ChoicesByName, "zone_kind": ChoicesByName}

    field_order = ["name", "area", "chair", "chair_since", "form", "zone_kind", "bkpm"]

    def clean(self):
        super().clean()
        if self.cleaned_data.get("area"):
            check_day(self, "chair_since", ahead=datetime.timedelta())
        return self.cleaned_data

    def save(self, commit=True):
        forum = super().save()
        since = self.cleaned_data["chair_since"] or forum.unit.today()
        Member.objects.create(forum=forum, name=self.cleaned_data["chair"], position=Position.KETUA, element=Element.MASYARAKAT, starts_on=since)
        return forum


class GivingUpForm(forms.Form):
    """Why a founding does not go on."""

    reason = text_of(
        Forum,
        "given_up_reason",
        required=True,
        label=_("Why does it not go on?"),
        help_text=_("Such as: residents want to wait until after the harvest. Whoever reads the forum reads it."),
    )


class FoundingForm(PlacedForm):
    """A forum that residents want to found. Where an adat institution does this already, that one is recorded instead (domain.md 2.6)."""

    class Meta:
        model = Forum
        fields = ["name", "area", "form", "zone_kind"]
        widgets = {"form": ChoicesByName, "zone_kind": ChoicesByName}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        select_of(self, "form").choices = [(value, label) for value, label in Forum.Form.choices if value != Forum.Form.PRANATA_ADAT]

    def clean(self):
        self.instance.status = Forum.Status.RINTISAN
        cleaned = super().clean()
        village = cleaned.get("area")
        if village and Forum.objects.filter(area=village, form=Forum.Form.PRANATA_ADAT).exclude(status=Forum.Status.BUBAR).exists():
            raise ValidationError(_("An adat institution of this village does what a forum does: no FKPM is founded beside it."))
        return cleaned
