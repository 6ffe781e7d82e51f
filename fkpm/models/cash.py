"""The cash book of a forum (KasFKPM, domain.md 4.5). An FKPM owes its members a transparent account of its money (Perpol 1/2021).

Nothing in it is ever changed or taken away, by the pages or past them: whoever was wrong writes a counter-entry.
"""

import itertools
import uuid
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Case, F, Max, Q, Sum, When, Window
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext_lazy as _

from fkpm.models.forums import Forum
from fkpm.models.members import Position
from polmas.people.fields import CodeField
from polmas.people.uploads import JPEG, PDF

# The chairs answer for the money, the treasurer keeps it; nobody else writes in the book, the police least of all.
KEEPERS = (Position.KETUA, Position.WAKIL_KETUA, Position.BENDAHARA)

MIRRORED = """
IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM fkpm_cashentry first WHERE first.id = NEW.corrects_id AND first.forum_id = NEW.forum_id AND first.amount = NEW.amount
    AND first.direction <> NEW.direction AND first.corrects_id IS NULL
) THEN
    RAISE EXCEPTION 'a counter-entry mirrors one entry of the same forum' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def keeps_cash(forum: Forum, user) -> bool:
    """Whether the user writes in the forum's cash book."""
    return forum.holds_office(user, KEEPERS)


class Direction(models.TextChoices):
    MASUK = "MASUK", _("money in")
    KELUAR = "KELUAR", _("money out")


# What an entry does to the balance.
SIGNED = Case(When(direction="MASUK", then=F("amount")), default=-F("amount"), output_field=models.DecimalField(max_digits=15, decimal_places=0))


def moved(there: Q, back: Q) -> Coalesce:
    """The sum of some entries, less what counter-entries took back of them."""
    amounts = Case(When(there, then=F("amount")), When(back, then=-F("amount")))
    return Coalesce(Sum(amounts), 0, output_field=models.DecimalField(max_digits=15, decimal_places=0))


def sides(since=None) -> dict:
    """What a span of the book was opened with, what came in and what went out. What was in the till when the book began did not come in.

    A counter-entry takes from the side of what it corrects, where that lies in the span too; what it takes back of days before the span
    stands apart as a correction, so that no side falls below zero.
    """
    here = Q(corrects__isnull=False) if since is None else Q(corrects__day__gte=since)
    told = {
        "opened": moved(Q(is_opening=True), here & Q(corrects__is_opening=True)),
        "came_in": moved(Q(direction="MASUK", corrects=None, is_opening=False), here & Q(direction="KELUAR", corrects__is_opening=False)),
        "went_out": moved(Q(direction="KELUAR", corrects=None), here & Q(direction="MASUK")),
    }
    if since is not None:
        earlier = Q(corrects__day__lt=since)
        told["corrected"] = moved(earlier & Q(direction="MASUK"), earlier & Q(direction="KELUAR"))
    return told


class CashEntryQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(forum__in=Forum.objects.for_user(user))

    def total(self):
        """What these entries leave in the till."""
        return self.aggregate(n=Sum(SIGNED))["n"] or 0

    def sums(self, since=None) -> dict:
        """What the book was opened with, what came in, went out, and was corrected of days before the first one."""
        return {"corrected": 0, **self.aggregate(**sides(since))}

    def sums_by_month(self) -> list[dict]:
        """The same of each month that has entries, by its first day."""
        return list(self.annotate(month=TruncMonth("day")).order_by("month").values("month").annotate(**sides(F("month"))))

    def balances(self, keys) -> dict:
        """The balance of the book after each of these entries, by the whole book's order: give the entries of one forum."""
        running = Window(Sum(SIGNED), order_by=[F("day").asc(), F("number").asc()])
        # One condition of both: asked apart, the keys would narrow the rows before they are added up.
        rows = self.annotate(balance=running).filter(Q(pk__in=keys) | Q(balance__isnull=True))
        return dict(rows.order_by().values_list("pk", "balance"))


class CashEntry(models.Model):
    """One sum that came in or went out on one day. Wrong ones are met by a counter-entry, which `corrects` them.

    `number` counts the entries of a forum without a gap. A balance below zero is money that somebody advanced: the book takes
    it only with a sentence that says who and why.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="cash", verbose_name="FKPM")
    number = models.PositiveIntegerField(_("number"), editable=False)
    day = models.DateField(_("day"))
    direction = models.CharField(_("direction"), max_length=6, choices=Direction)
    amount = models.DecimalField(_("amount in rupiah"), max_digits=12, decimal_places=0, validators=[MinValueValidator(1)])
    category = CodeField(_("category"), code_list="CASH_CATEGORY", blank=False)
    text = models.CharField(_("what for"), max_length=200)
    is_opening = models.BooleanField(_("opening balance"), default=False)
    overdraft_reason = models.CharField(_("why the balance is below zero"), max_length=200, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="correction", verbose_name=_("corrects"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(auto_now_add=True)

    # What pages add to it: the balance after it, its category in words, how many receipts it has.
    balance: Decimal
    label: str
    receipt_count: int

    objects = CashEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("cash entry")
        verbose_name_plural = _("cash book")
        ordering = ["day", "number"]
        indexes = [models.Index(fields=["forum", "-day", "-number"])]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="counter_entry_mirrors", when=pgtrigger.Before, operation=pgtrigger.Insert, func=MIRRORED),
        ]
        constraints = [
            models.UniqueConstraint(fields=["forum", "number"], name="cash_number_once"),
            models.UniqueConstraint(
                fields=["forum"],
                condition=Q(is_opening=True),
                name="cash_one_opening",
                violation_error_message=_("The book already has an opening balance."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="cash_amount_positive", violation_error_message=_("The amount is more than nothing.")
            ),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="cash_direction_known"),
            models.CheckConstraint(condition=Q(is_opening=False) | Q(direction="MASUK", corrects__isnull=True), name="cash_opening_comes_in"),
        ]

    def __str__(self):
        return f"{self.number} {self.text}"

    @property
    def signed(self):
        return self.amount if self.direction == Direction.MASUK else -self.amount

    def clean(self):
        super().clean()
        if self.day and self.forum_id and self.day > self.forum.unit.today():
            raise ValidationError({"day": _("This day is still to come.")})

    @transaction.atomic
    def record(self, by) -> None:
        """Writes the entry under the next number. Raises ValidationError where it makes the balance negative without a reason,
        or does not fit the opening balance. Entries of a forum wait for each other, so that none is weighed against an old balance."""
        Forum.objects.select_for_update(no_key=True).get(pk=self.forum_id)
        book = CashEntry.objects.filter(forum=self.forum_id)
        self._check_opening(book)
        if self.corrects_id and book.filter(corrects=self.corrects_id).exists():
            raise ValidationError(_("This entry was taken back meanwhile."))
        if self.direction == Direction.KELUAR and not self.overdraft_reason.strip():
            self._check_balance(book)
        self.number = (book.aggregate(n=Max("number"))["n"] or 0) + 1
        self.recorded_by = by
        self.full_clean(validate_unique=False)
        self.save(force_insert=True)

    def _check_opening(self, book):
        if self.is_opening:
            if self.direction != Direction.MASUK:
                raise ValidationError({"direction": _("What was in the till when the book begins comes in; else this is no opening balance.")})
            if book.exists():
                raise ValidationError({"is_opening": _("An opening balance is the first entry of the book.")})
        elif book.filter(is_opening=True, day__gt=self.day).exists():
            raise ValidationError({"day": _("The book was opened on a later day, with the balance of that day.")})

    def _check_balance(self, book):
        """The lowest balance from its day on: an entry of an earlier day moves all that follow."""
        before, later = book.filter(day__lte=self.day).total(), book.filter(day__gt=self.day).annotate(step=SIGNED)
        lowest = min(itertools.accumulate(later.order_by("day", "number").values_list("step", flat=True), initial=before - self.amount))
        if lowest < 0:
            text = _("This makes the balance negative. Say who advanced the money and why, or check day and amount.")
            raise ValidationError({"overdraft_reason": text}, code="overdrawn")

    def counter_entry(self, reason: str) -> "CashEntry":
        """What takes this entry back, dated today. Not stored yet."""
        other = Direction.KELUAR if self.direction == Direction.MASUK else Direction.MASUK
        today = self.forum.unit.today()
        return CashEntry(forum=self.forum, day=today, direction=other, amount=self.amount, category=self.category, text=reason, corrects=self)

    @property
    def is_corrected(self) -> bool:
        return hasattr(self, "correction")


class CashReceipt(models.Model):
    """A receipt of one entry, as PDF or photo. It may come later than the entry; none is taken away again."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(CashEntry, models.PROTECT, related_name="receipts", verbose_name=_("cash entry"))
    file = models.FileField(_("receipt"), upload_to="receipts/%Y/%m/")
    type = models.CharField(max_length=20, choices=[(PDF, "PDF"), (JPEG, "JPEG")])
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["entry", "sha256"], name="receipt_once", violation_error_message=_("This receipt is attached already."))
        ]

    def __str__(self):
        return f"{self.entry_id} {self.uuid}"
