"""Forms of the cash book."""

import itertools
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fkpm.forms import EARLIEST, DayInput, TextField, text_of
from fkpm.models import CashEntry
from fkpm.models.cash import Direction
from mapping.forms_incidents import RupiahField
from polmas.people.models import Code
from polmas.people.uploads import PaperField

SIDES = [(value, capfirst(label)) for value, label in Direction.choices]


def category_labels() -> dict[str, str]:
    """Also of categories that are not offered any more."""
    return {code.code: code.label for code in Code.objects.of("CASH_CATEGORY")}


def category_choices(day) -> list:
    """Those of the day, what comes in before what goes out."""
    codes = sorted(Code.objects.of("CASH_CATEGORY", day), key=lambda code: (code.group != Direction.MASUK, code.order))
    grouped = itertools.groupby(codes, key=lambda code: code.group == Direction.MASUK)
    sides = {True: capfirst(Direction.MASUK.label), False: capfirst(Direction.KELUAR.label)}
    return [("", _("– choose –")), *((sides[is_in], [(code.code, code.label) for code in some]) for is_in, some in grouped)]


class CashForm(forms.Form):
    """One entry of the book; the same form sent twice makes one."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    direction = forms.ChoiceField(
        label=_("In or out"), choices=[(value, capfirst(label)) for value, label in Direction.choices], widget=forms.RadioSelect
    )
    amount = RupiahField(
        label=_("Amount in rupiah"),
        min_value=1,
        max_digits=12,
        decimal_places=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "150.000"}),
    )
    day = forms.DateField(label=_("Day"), widget=DayInput)
    category = forms.ChoiceField(label=capfirst(_("category")))
    text = text_of(CashEntry, "text")
    is_opening = forms.BooleanField(label=_("This is the opening balance of the book"), required=False)
    overdraft_reason = text_of(CashEntry, "overdraft_reason", help_text=_("Stands in the book for everybody to read."))
    receipt = PaperField(label=_("Receipt"), required=False)

    def __init__(self, *args, forum, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.forum, self.user = forum, user
        today = forum.unit.today()
        is_begun = forum.cash.exists()
        first = {"direction": Direction.KELUAR} if is_begun else {"direction": Direction.MASUK, "is_opening": True}
        self.initial = {"id": uuid.uuid4(), "day": today, **first, **self.initial}
        self.fields["direction"].choices = SIDES  # type: ignore[attr-defined]
        self.fields["category"].choices = category_choices(today)  # type: ignore[attr-defined]
        if is_begun:
            del self.fields["is_opening"]

    @property
    def asks_reason(self) -> bool:
        """Whether the reason for a balance below zero is asked: the book refused without, or one was typed."""
        return bool(self.is_bound and (self["overdraft_reason"].errors or self["overdraft_reason"].value()))

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not EARLIEST <= day <= self.forum.unit.today():
            raise ValidationError(_("This day cannot be right."))
        return day

    def clean_category(self):
        code = self.cleaned_data["category"]
        group = Code.objects.of("CASH_CATEGORY").filter(code=code).values_list("group", flat=True).first()
        if group != self.cleaned_data.get("direction"):
            raise ValidationError(_("This category belongs to the other direction."))
        return code

    def stored(self) -> CashEntry | None:
        """The entry as it now stands in the book; None where the book refused it, with the reason at its field."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in ("id", "receipt")}
        key = self.cleaned_data["id"] or uuid.uuid4()
        try:
            with transaction.atomic():
                if known := self._known(key, told):
                    return known
                entry = CashEntry(forum=self.forum, uuid=key, **told)
                return entry if recorded(entry, self, self.user) else None
        except IntegrityError:  # sent twice at once, or a key of another entry's
            if known := self._known(key, told):
                return known
            self.data = {**dict(self.data.items()), "id": str(uuid.uuid4())}
            self.add_error(None, _("An earlier entry of this form is in the book already. Save again if this one is to stand beside it."))
            return None

    def _known(self, key, told) -> CashEntry | None:
        """The entry that this form made before: the same key and the same content."""
        entry = self.forum.cash.filter(uuid=key).first()
        return entry if entry and all(getattr(entry, name) == value for name, value in told.items()) else None


def recorded(entry: CashEntry, form, user) -> bool:
    """Whether the book took the entry; else the form tells why."""
    try:
        entry.record(user)
    except ValidationError as error:
        for name, errors in error.error_dict.items() if hasattr(error, "error_dict") else ((None, [error]),):
            form.add_error(name if name in form.fields else None, errors)
        return False
    return True


class CorrectionForm(forms.Form):
    """Why an entry is taken back, and, where that makes the balance negative, who advanced the money."""

    reason = TextField(label=_("What was wrong?"), max_length=160)
    overdraft_reason = text_of(CashEntry, "overdraft_reason", help_text=_("Stands in the book for everybody to read."))

    asks_reason = CashForm.asks_reason


class ReceiptForm(forms.Form):
    receipt = PaperField(label=_("Receipt"))


class CashFilter(forms.Form):
    """What part of the book is shown."""

    q = forms.CharField(label=_("Search"), required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"}))
    dari = forms.DateField(label=_("From"), required=False, widget=DayInput)
    sampai = forms.DateField(label=_("Until"), required=False, widget=DayInput)
    arah = forms.ChoiceField(label=_("In or out"), required=False)
    kategori = forms.ChoiceField(label=capfirst(_("category")), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["arah"].choices = [("", _("all")), *SIDES]  # type: ignore[attr-defined]
        self.labels = category_labels()
        self.fields["kategori"].choices = [("", _("all")), *self.labels.items()]  # type: ignore[attr-defined]

    def clean_q(self):
        return self.cleaned_data["q"].replace("\0", "").strip()

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("dari") and data.get("sampai") and data["dari"] > data["sampai"]:
            raise ValidationError({"sampai": _("The last day lies before the first.")})
        return data

    def narrow(self, entries):
        """The entries that are asked for; what can't be right narrows nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        found = {"day__gte": asked.get("dari"), "day__lte": asked.get("sampai"), "direction": asked.get("arah"), "category": asked.get("kategori")}
        entries = entries.filter(**{name: value for name, value in found.items() if value})
        return entries.filter(text__icontains=asked["q"]) if asked.get("q") else entries
