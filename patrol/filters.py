"""What lists of reports can be narrowed by: on the page by the words of its address, in the API by English ones."""

import re
from operator import itemgetter
from typing import ClassVar

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mapping.models import Area
from mapping.models.areas import dotted
from patrol.drafts import uuid_of
from patrol.models import Campaign, Kind, Opinion, Report, State
from polmas.people.choices import MOST_FOUND, few
from polmas.people.models import Unit

# All that figures count: what neither was returned nor withdrawn. Dashboards link with it.
COUNTED = "dihitung"
STATES = [(COUNTED, _("counted")), *State.choices]
NO_CHOICE = {"invalid_choice": _("This is none of the choices. Choose from the list.")}
LONGEST_SEARCH = 500
CODE = re.compile(r"[0-9. ]+")  # of an area
MOST_CAMPAIGNS = 50  # to choose from; older ones are reached from their own page
MOST_COUNTED = 1000  # what is more is not counted to its end
SEARCHED = ("result", "narrative", "follow_up", "place", "visit__household__head_name", "visit__received_by")


def containing(queryset, name, text):
    """Reports whose words, place, household or voices of residents hold the text as it stands."""
    if not text.strip():
        return queryset
    condition = Q(Exists(Opinion.objects.filter(report=OuterRef("pk"), text__icontains=text)))
    for field in SEARCHED:
        condition |= Q(**{f"{field}__icontains": text})
    return queryset.filter(condition)


def in_area(queryset, name, code):
    """Reports of a village; for an area above it those of all villages within."""
    code = dotted(code)
    return queryset.filter(Q(area__code=code) | Q(area__code__startswith=f"{code}."))


def in_unit(queryset, name, code):
    """Reports of a unit and all below it."""
    path = Unit.objects.filter(code=code).values_list("path", flat=True).first()
    return queryset.filter(unit__path__startswith=path) if path else queryset.none()


def in_campaign(filterset, queryset, text):
    """Reports of a giat tematik that the reader knows of."""
    key = uuid_of(text)
    campaign = Campaign.objects.for_user(filterset.request.user).filter(uuid=key).first() if key else None
    return queryset.filter(campaign_entry__campaign=campaign) if campaign else queryset.none()


def in_state(queryset, name, state):
    return queryset.counted() if state == COUNTED else queryset.filter(state=state)


def date_input():
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ReportFilter(django_filters.FilterSet):
    """Of `GET reports/`."""

    q = django_filters.CharFilter(method=containing, max_length=LONGEST_SEARCH, strip=False)
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    state = django_filters.ChoiceFilter(choices=State.choices)
    area = django_filters.CharFilter(method=in_area, max_length=24)
    officer = django_filters.CharFilter(field_name="officer__username", max_length=150)
    unit = django_filters.CharFilter(method=in_unit, max_length=60)
    campaign = django_filters.CharFilter(method="of_campaign", max_length=36, help_text="The id of a giat tematik.")
    mine = django_filters.BooleanFilter(method="own", help_text="true: the own reports alone.")
    since = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="day", lookup_expr="lte")

    class Meta:
        model = Report
        fields: list[str] = []

    def own(self, queryset, name, value):
        return queryset.filter(officer=self.request.user) if value else queryset

    def of_campaign(self, queryset, name, text):
        return in_campaign(self, queryset, text)


class JoinedPageFilter(django_filters.FilterSet):
    """Of `/kegiatan/ikut/`. There is no search: it would look into words that are not shown."""

    jenis = django_filters.ChoiceFilter(
        field_name="kind", choices=Kind.choices, label=_("Kind"), empty_label=_("All kinds"), error_messages=NO_CHOICE
    )
    status = django_filters.ChoiceFilter(method=in_state, choices=STATES, label=_("State"), empty_label=_("All states"), error_messages=NO_CHOICE)
    dari = django_filters.DateFilter(field_name="day", lookup_expr="gte", label=_("From"), widget=date_input())
    sampai = django_filters.DateFilter(field_name="day", lookup_expr="lte", label=_("Until"), widget=date_input())

    class Meta:
        model = Report
        fields: list[str] = []

    @property
    def is_narrowed(self) -> bool:
        return any(self.form.cleaned_data.get(name) for name in self.form.fields) if self.form.is_valid() else True


class JoinedFilter(django_filters.FilterSet):
    """Of `GET participations/`. There is no search: it would look into words that are not shown."""

    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    since = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="day", lookup_expr="lte")

    class Meta:
        model = Report
        fields: list[str] = []


class ReportPageFilter(django_filters.FilterSet):
    """Of `/kegiatan/`; `villages` and `officers` are what the reader may choose from, or name where these are too many to choose from."""

    q = django_filters.CharFilter(
        method=containing, label=_("Search"), max_length=LONGEST_SEARCH, strip=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    jenis = django_filters.ChoiceFilter(
        field_name="kind", choices=Kind.choices, label=_("Kind"), empty_label=_("All kinds"), error_messages=NO_CHOICE
    )
    status = django_filters.ChoiceFilter(method=in_state, choices=STATES, label=_("State"), empty_label=_("All states"), error_messages=NO_CHOICE)
    wilayah = django_filters.CharFilter(method="in_village", label=_("Village"), max_length=120)
    petugas = django_filters.CharFilter(method="of_officer", label=_("Officer"), max_length=150)
    dari = django_filters.DateFilter(field_name="day", lookup_expr="gte", label=_("From"), widget=date_input())
    sampai = django_filters.DateFilter(field_name="day", lookup_expr="lte", label=_("Until"), widget=date_input())
    giat = django_filters.CharFilter(method="of_campaign", label="Giat tematik", max_length=36)
    satuan = django_filters.CharFilter(method=in_unit, max_length=60, widget=forms.HiddenInput)
    pengisi = django_filters.CharFilter(field_name="officer__username", max_length=150, widget=forms.HiddenInput)  # the officer alone who filed it

    class Meta:
        model = Report
        fields: list[str] = []

    TYPED: ClassVar[dict] = {"wilayah": _("Name or code"), "petugas": _("Name or NRP")}

    def __init__(self, *args, villages, officers, **kwargs):
        super().__init__(*args, **kwargs)
        self.villages, self.officers = villages, officers
        self._choose("wilayah", _("All villages"), few(villages.values_list("code", "name")))
        named = few(officers.only("username", "rank", "name"))
        self._choose("petugas", _("All officers"), named and [(officer.username, officer.full_name) for officer in named])
        campaigns = Campaign.objects.for_user(self.request.user).order_by("-ends_on", "-pk")[:MOST_CAMPAIGNS]
        self._choose("giat", _("With and without"), [(str(campaign.uuid), campaign.name) for campaign in campaigns])
        for name in ("petugas", "giat"):
            if len(getattr(self.form.fields[name].widget, "choices", "many")) == 1:
                self.form.fields[name].widget = forms.HiddenInput()

    def _choose(self, name, nothing, options):
        """A list of choices, by name; None of so many that a name is typed."""
        if options is None:
            self.form.fields[name].widget = forms.TextInput(attrs={"placeholder": self.TYPED[name], "type": "search"})
        else:
            ordered = options if name == "giat" else sorted(options, key=itemgetter(1))
            self.form.fields[name].widget = forms.Select(choices=[("", nothing), *ordered])

    def in_village(self, queryset, name, text):
        """In the village or area of a code, or in the villages whose name holds the text."""
        if CODE.fullmatch(text):
            return in_area(queryset, name, text)
        named = self.villages.filter(name__icontains=text.strip()).values_list("pk", flat=True)
        return queryset.filter(area__in=list(named[:MOST_FOUND]))

    def of_campaign(self, queryset, name, text):
        return in_campaign(self, queryset, text)

    def of_officer(self, queryset, name, text):
        """Filed by the officer of this NRP, or by those whose name holds the text, or by a colleague with whom they took part: what stands
        in an officer's own numbers."""
        named = self.officers.filter(name__icontains=text.strip()).values_list("username", flat=True)
        return queryset.of_or_joined_by([text, *([] if text.isdigit() else named[:MOST_FOUND])])

    @property
    def words(self) -> list[str]:
        """What was asked for, in words that can be read at a glance; what was refused is not among them."""
        said = getattr(self.form, "cleaned_data", {})
        chosen = [self._label(name, said[name]) for name in ("jenis", "status", "giat", "satuan", "wilayah", "petugas", "pengisi") if said.get(name)]
        search = [f"“{said['q'].strip()}”"] if said.get("q", "").strip() else []
        return search + chosen + _days(said.get("dari"), said.get("sampai"))

    @property
    def total(self) -> str:
        """How many there are in words, to compare with the number that led here."""
        number = self.qs.order_by()[: MOST_COUNTED + 1].count()
        if number > MOST_COUNTED:
            return gettext("more than %(n)s activities") % {"n": number_format(MOST_COUNTED, force_grouping=True)}
        return ngettext("%(n)s activity", "%(n)s activities", number) % {"n": number}

    def _label(self, name, value) -> str:
        """What people call a value of the address; one that the reader does not choose from stands as it was asked."""
        choices = dict(getattr(self.form.fields[name].widget, "choices", ()))
        if value in choices:
            return str(choices[value])
        if name == "pengisi":
            return gettext("filed by %(officer)s") % {"officer": self._label("petugas", value)}
        if name == "satuan":
            return Unit.objects.for_user(self.request.user).filter(code=value).values_list("name", flat=True).first() or value
        if name == "giat":
            key = uuid_of(value)
            return Campaign.objects.for_user(self.request.user).filter(uuid=key).values_list("name", flat=True).first() or value if key else value
        if name == "wilayah":
            return Area.objects.by_code(value).values_list("name", flat=True).first() or value
        return value

    @property
    def is_narrowed(self) -> bool:
        """Whether anything at all was asked for."""
        return any(self.form.cleaned_data.get(name) for name in self.form.fields) if self.form.is_valid() else True


def _days(since, until) -> list[str]:
    """From when to when; month and year are named once where they are the same."""
    if since and until:
        is_same_month = (since.year, since.month) == (until.year, until.month)
        first = "" if since == until else date_format(since, "j" if is_same_month else "j M Y") + "–"
        return [first + date_format(until, "j M Y")]
    if since:
        return [gettext("since %(day)s") % {"day": date_format(since, "j M Y")}]
    return [gettext("until %(day)s") % {"day": date_format(until, "j M Y")}] if until else []
