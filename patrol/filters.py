"""What lists of reports can be narrowed by, on the page and in the API alike."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.models.areas import dotted
from patrol.models import Kind, Report, State


class ReportFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="containing", label=_("Search text"), max_length=200, strip=False)
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"), empty_label=_("All kinds"))
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"), empty_label=_("All states"))
    area = django_filters.CharFilter(method="in_area", label=_("Village"), max_length=24)
    officer = django_filters.NumberFilter(field_name="officer", label=_("Officer"), min_value=1, max_value=2**62)
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Unit"), max_length=60)
    since = django_filters.DateFilter(field_name="day", lookup_expr="gte", label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = django_filters.DateFilter(field_name="day", lookup_expr="lte", label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = Report
        fields: list[str] = []

    def containing(self, queryset, name, text):
        """Reports whose words, place or household hold the text as it stands."""
        if not text.strip():
            return queryset
        places = ("result", "narrative", "follow_up", "place", "visit__household__head_name", "visit__received_by")
        condition = Q()
        for place in places:
            condition |= Q(**{f"{place}__icontains": text})
        return queryset.filter(condition)

    def in_area(self, queryset, name, code):
        """The village; an area above it means all villages within."""
        code = dotted(code)
        return queryset.filter(Q(area__code=code) | Q(area__code__startswith=f"{code}."))
