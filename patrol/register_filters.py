"""What the lists of registers are narrowed by, in which order, and cut into pages without counting all."""

import dataclasses
import functools
import re
from collections.abc import Sequence

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mapping.models.registers import three_digits
from patrol.filters import NO_CHOICE
from patrol.models.registers import VisitedEntry
from patrol.register_pages import villages_read
from polmas.people.fields import CodeField
from polmas.people.models import Code

PER_PAGE = 40
LAST_PAGE = 500
MOST_COUNTED = 1000
MOST_VILLAGES = 40  # of more villages no list is shown in one: choose one first
DUE, NEVER, GONE = "jatuh-tempo", "belum", "pergi"
STATES = [(DUE, _("due")), (NEVER, _("never visited")), (GONE, _("no longer there"))]
ORDERS = [("nama", _("by name")), ("terakhir", _("visited last first")), ("alamat", _("by address"))]
# "rt 3 rw 5", "003/005", "rw 5": what officers type to find a street.
PLACE = re.compile(r"\b(rt|rw)\s*\.?\s*(\d{1,3})\b", re.IGNORECASE)
PAIR = re.compile(r"\s*(\d{1,3})\s*/\s*(\d{1,3})\s*")


@dataclasses.dataclass(frozen=True)
class Slice:
    """Some rows of a list, and which pages stand beside them."""

    rows: Sequence[VisitedEntry]
    number: int
    has_next: bool

    @property
    def previous(self):
        return self.number - 1

    @property
    def next(self):
        return self.number + 1


def labels_of_many(model) -> dict[str, dict[str, str]]:
    """What the codes of a register are called: by field, by code."""
    fields = {field.name: field.code_list for field in model._meta.fields if isinstance(field, CodeField)}
    codes = list(Code.objects.filter(list__in=fields.values())) if fields else []
    return {name: {code.code: code.label for code in codes if code.list == code_list} for name, code_list in fields.items()}


class EntryFilter(django_filters.FilterSet):
    """Of `/warga/`, `/usaha/` and `/tokoh/`."""

    q = django_filters.CharFilter(
        method="containing",
        label=_("Search"),
        max_length=120,
        strip=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("name, RT 3 RW 5, landmark")}),
    )
    wilayah = django_filters.CharFilter(field_name="area__code", label=_("Village"), max_length=24)
    rw = django_filters.CharFilter(method="in_rw", label="RW", max_length=3, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    status = django_filters.ChoiceFilter(
        method="in_state", choices=STATES, label=_("State"), empty_label=_("All still there"), error_messages=NO_CHOICE
    )
    urut = django_filters.ChoiceFilter(method="ordered", choices=ORDERS, label=_("Order"), empty_label=_("due first"), error_messages=NO_CHOICE)

    class Meta:
        fields: list[str] = []

    def __init__(self, data, queryset, *, shown, user):
        super().__init__(data, queryset)
        self.shown, self.number = shown, page_number(data.get("page"))
        self.villages = list(villages_read(user))
        options = [("", _("All villages")), *((area.code, area.name) for area in self.villages)]
        self.form.fields["wilayah"].widget = forms.Select(choices=options)

    def containing(self, queryset, name, text):
        words = text.strip()
        if pair := PAIR.fullmatch(words):
            return queryset.filter(rt=three_digits(pair[1]), rw=three_digits(pair[2]))
        for label, digits in PLACE.findall(words):
            queryset = queryset.filter(**{label.lower(): three_digits(digits)})
        rest = " ".join(PLACE.sub(" ", words).replace("/", " ").split())
        condition = Q()
        for field in self.shown.search:
            condition |= Q(**{f"{field}__icontains": rest})
        return queryset.filter(condition) if rest else queryset

    def in_rw(self, queryset, name, text):
        return queryset.filter(rw=three_digits(text))

    def in_state(self, queryset, name, state):
        if state == DUE:
            return queryset.due(timezone.localdate())
        return queryset.filter(visit_count=0) if state == NEVER else queryset

    def ordered(self, queryset, name, order):
        return queryset

    def filter_queryset(self, queryset):
        """What has gone is left out unless asked for, and the order comes last."""
        said = self.form.cleaned_data
        narrowed = super().filter_queryset(queryset).filter(is_active=said.get("status") != GONE)
        if self.must_choose:
            narrowed = narrowed.none()
        return self._in_order(narrowed.select_related("area"), said.get("urut"))

    def _in_order(self, entries, order):
        name = self.shown.model.NAME
        if order == "nama":
            return entries.order_by(name, "pk")
        if order == "alamat":
            return entries.order_by("area__name", "rw", "rt", name, "pk")
        if order == "terakhir":
            return entries.order_by(F("last_visit_on").desc(nulls_last=True), "-pk")
        return entries.longest_unseen_first()

    @property
    def must_choose(self) -> bool:
        """Whether the reader has more villages than one list may span, and has chosen none."""
        return len(self.villages) > MOST_VILLAGES and not self.form.cleaned_data.get("wilayah")

    @functools.cached_property
    def page(self) -> Slice:
        if not self.is_valid():
            return Slice([], 1, has_next=False)
        start = (self.number - 1) * PER_PAGE
        rows = list(self.qs[start : start + PER_PAGE + 1])
        return Slice(rows[:PER_PAGE], self.number, len(rows) > PER_PAGE and self.number < LAST_PAGE)

    @property
    def total(self) -> str:
        """How many there are, in words; very many are not counted to their end."""
        if not self.is_valid():
            return ""
        number = self.qs.order_by()[: MOST_COUNTED + 1].count()
        if number > MOST_COUNTED:
            return gettext("more than %(n)s entries") % {"n": number_format(MOST_COUNTED, force_grouping=True)}
        return ngettext("%(n)s entry", "%(n)s entries", number) % {"n": number}

    @property
    def is_narrowed(self) -> bool:
        return any(self.form.cleaned_data.get(name) for name in ("q", "wilayah", "rw", "status")) if self.form.is_valid() else True


def page_number(text: str | None) -> int:
    """Of the address; whatever is no page is the first."""
    return min(max(int(text), 1), LAST_PAGE) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1
