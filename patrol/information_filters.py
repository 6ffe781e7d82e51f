"""What the list of LI can be narrowed by, within what the reader sees anyway."""

import functools

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrol.filters import LONGEST_SEARCH, NO_CHOICE, date_input, in_unit
from patrol.models import Field, Information, InformationState
from patrol.models.informations import ContentValue, SourceValue, with_code


def containing(queryset, name, text):
    return queryset.filter(Q(subject__icontains=text) | Q(facts__icontains=text)) if text.strip() else queryset


class InformationFilter(django_filters.FilterSet):
    """Of `/li/`. Subject and facts are searched, never the source."""

    q = django_filters.CharFilter(
        method=containing, label=_("Search"), max_length=LONGEST_SEARCH, strip=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    status = django_filters.ChoiceFilter(
        field_name="state", choices=InformationState.choices, label=_("State"), empty_label=_("All states"), error_messages=NO_CHOICE
    )
    bidang = django_filters.ChoiceFilter(
        field_name="field", choices=Field.choices, label=_("Field"), empty_label=_("All fields"), error_messages=NO_CHOICE
    )
    sumber = django_filters.ChoiceFilter(
        field_name="source_value",
        choices=functools.partial(with_code, SourceValue),
        label=_("Value of the source"),
        empty_label=_("All"),
        error_messages=NO_CHOICE,
    )
    isi = django_filters.ChoiceFilter(
        field_name="content_value",
        choices=functools.partial(with_code, ContentValue),
        label=_("Value of the content"),
        empty_label=_("All"),
        error_messages=NO_CHOICE,
    )
    dari = django_filters.DateFilter(field_name="day", lookup_expr="gte", label=_("From"), widget=date_input())
    sampai = django_filters.DateFilter(field_name="day", lookup_expr="lte", label=_("Until"), widget=date_input())

    satuan = django_filters.CharFilter(method=in_unit, max_length=60, widget=forms.HiddenInput)

    class Meta:
        model = Information
        fields: list[str] = []

    @property
    def is_narrowed(self) -> bool:
        return any(self.form.cleaned_data.get(name) for name in self.form.fields) if self.form.is_valid() else True
