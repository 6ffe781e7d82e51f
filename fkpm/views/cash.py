"""Pages of a forum's cash book: every reader of the forum reads it, chairs and treasurer write it."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fkpm import cash_book
from fkpm.accounts_on_paper import digest_of
from fkpm.forms_cash import CashFilter, CashForm, CorrectionForm, ReceiptForm, recorded
from fkpm.models import CashEntry, CashReceipt, Forum
from fkpm.models.cash import keeps_cash
from fkpm.views.forums import forum_of
from polmas.people import sheets
from polmas.people.documents import LANGUAGE, document_for, serve
from polmas.people.uploads import kept_once, served

log = logging.getLogger("polmas.fkpm")
PER_PAGE = 40
MAX_ROWS = 20_000


def kept_forum(request, uuid) -> Forum:
    """The forum, for those who write in its book."""
    forum = forum_of(request, uuid)
    if not keeps_cash(forum, request.user):
        raise Http404
    return forum


def entry_of(request, uuid) -> CashEntry:
    rows = CashEntry.objects.for_user(request.user).select_related("forum__unit", "forum__area", "recorded_by", "corrects", "correction")
    return get_object_or_404(rows, uuid=uuid)


def cash_list(request, uuid):
    """The book, the latest entry first, with the balance after each; above it what is in the till, below it the months."""
    forum = forum_of(request, uuid)
    today = forum.unit.today()
    form = CashFilter(request.GET)
    entries = form.narrow(forum.cash.select_related("corrects", "correction"))
    page = Paginator(entries.order_by("-day", "-number"), PER_PAGE).get_page(request.GET.get("page"))
    asked = form.cleaned_data if form.is_valid() else {}
    months = cash_book.months_of(forum)
    context = {
        "forum": forum,
        "form": form,
        "page": page,
        "entries": cash_book.with_balances(forum, page, form.labels),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "sums": cash_book.sums_of(forum, asked.get("dari"), asked.get("sampai")),
        "balance": months[-1].closing if months else 0,
        "months": [month for month in months if month.first.year == today.year],
        "year": today.year,
        "may_keep": keeps_cash(forum, request.user),
    }
    return render(request, "fkpm/cash_list.html", context)


def cash_create(request, uuid):
    forum = kept_forum(request, uuid)
    form = CashForm(request.POST or None, request.FILES or None, forum=forum, user=request.user, initial=_asked(forum, request))
    if request.method == "POST" and form.is_valid() and (entry := form.stored()):
        if paper := form.cleaned_data["receipt"]:
            kept_once(entry.receipts, paper, request.user)
        messages.success(request, _("Entry no. %(number)d is in the book.") % {"number": entry.number})
        return redirect("fkpm:cash_create" if "another" in request.POST else "fkpm:cash_list", uuid=uuid)
    return render(request, "fkpm/cash_form.html", {"form": form, "forum": forum})


def _asked(forum, request) -> dict:
    """What a corrected entry said, for the right one that follows it."""
    number = request.GET.get("seperti", "")
    if not number.isdecimal() or len(number) > 8:
        return {}
    entry = forum.cash.filter(number=number).first()
    return {name: getattr(entry, name) for name in ("direction", "category", "text", "day")} if entry else {}


def cash_detail(request, uuid):
    """One entry with its receipts, and with what corrected it or what it corrects."""
    entry = entry_of(request, uuid)
    context = {"forum": entry.forum, "receipts": entry.receipts.select_related("added_by"), "form": ReceiptForm()}
    return render(request, "fkpm/cash_detail.html", {**context, **_told(entry, request.user)})


def _told(entry, user) -> dict:
    [told] = cash_book.with_balances(entry.forum, [entry])
    may_keep = keeps_cash(entry.forum, user)
    return {"entry": told, "may_keep": may_keep, "may_correct": may_keep and entry.corrects_id is None and not entry.is_corrected}


def cash_correct(request, uuid):
    """Takes an entry back by its opposite; the right one is then written as a new entry."""
    entry = entry_of(request, uuid)
    told = _told(entry, request.user)
    if not told["may_correct"]:
        raise Http404
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with translation.override(LANGUAGE):  # the book is in Indonesian, whoever reads the page
            back = entry.counter_entry(_("Correction of no. %(number)d: %(why)s") % {"number": entry.number, "why": form.cleaned_data["reason"]})
        back.overdraft_reason = form.cleaned_data["overdraft_reason"]
        if recorded(back, form, request.user):
            messages.success(request, _("Entry no. %(number)d is taken back. Now write the right one, if there is one.") % {"number": entry.number})
            return redirect(f"{reverse('fkpm:cash_create', args=[entry.forum.uuid])}?seperti={entry.number}")
    return render(request, "fkpm/cash_correct.html", {"form": form, "forum": entry.forum, **told})


@require_POST
def receipt_create(request, uuid):
    """Adds a receipt that came after its entry."""
    entry = entry_of(request, uuid)
    if not keeps_cash(entry.forum, request.user):
        raise Http404
    form = ReceiptForm(request.POST, request.FILES)
    if form.is_valid():
        kept_once(entry.receipts, form.cleaned_data["receipt"], request.user)
        messages.success(request, _("The receipt is attached."))
    else:
        messages.error(request, " ".join(str(text) for errors in form.errors.values() for text in errors))
    return redirect("fkpm:cash_detail", uuid=uuid)


@require_safe
def receipt_file(request, uuid):
    """A receipt, for every reader of the forum's book."""
    receipt = get_object_or_404(CashReceipt.objects.filter(entry__in=CashEntry.objects.for_user(request.user)).select_related("entry"), uuid=uuid)
    return served(receipt.file, f"bukti-{receipt.entry.number}", receipt.type)


def cash_export(request, uuid):
    """The book as it is narrowed, for a spreadsheet. Who took what is logged."""
    forum = forum_of(request, uuid)
    rows = forum.cash.select_related("corrects", "recorded_by").order_by("day", "number")
    entries = CashFilter(request.GET).narrow(rows)[:MAX_ROWS]
    log.info("export of the cash book of forum %s by user %s", forum.pk, request.user.pk)
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    return sheets.sent(form, "kas", _("Cash book"), cash_book.headings(), cash_book.rows_of(forum, entries))


def cash_pdf(request, uuid):
    """The book of one year on paper."""
    forum = forum_of(request, uuid)
    year = year_asked(request, forum)
    last = forum.cash.order_by("-number").values_list("number", flat=True).first()
    fingerprint = digest_of(forum, "cash", year, last, forum.cash.filter(receipts__isnull=False).count())
    document = document_for("forum_cash", forum.pk, fingerprint, "fkpm.render_account", {"year": year})
    return serve(request, document, f"Buku kas {forum} {year}.pdf".replace("/", "-"))


def year_asked(request, forum) -> int:
    """The year in the address, else the forum's own now."""
    text = request.GET.get("tahun", "")
    return int(text) if text.isdecimal() and len(text) == 4 and 2005 <= int(text) <= 2099 else forum.unit.today().year
