"""Laporan Informasi: the register, one LI, what is done with it, its source, and its papers. Nothing of it stays in a browser."""

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mapping.problems import WRITERS
from patrol import information_forms, information_papers
from patrol.access import information_reader
from patrol.information_filters import InformationFilter
from patrol.information_history import history_of
from patrol.models import Field, Information, InformationAccess, OpinionUrgency, Report
from patrol.models.informations import METHODS, SourceValue, with_code
from patrol.views.entry import require_officer
from polmas.people import documents
from polmas.people.models import Code, Notification, Unit
from polmas.people.scope import in_subtrees

PER_PAGE = 30
LONGEST_BOOK = 366  # days
ACCESSES = 20  # the newest that the page shows


@dataclasses.dataclass(frozen=True)
class Act:
    """One act upon an LI: who may, its form, the verb of the model, and what is said afterwards."""

    form: type[information_forms.ActForm]
    may: Callable[[Information, Any], bool]
    do: Callable[..., None]
    done: str | Promise


def has_source(information) -> bool:
    return hasattr(information, "source")


ACTS = {
    "register": Act(information_forms.RegisterForm, Information.may_be_registered_by, Information.register, gettext_lazy("Registered: %(number)s.")),
    "return": Act(information_forms.ReturnForm, Information.may_be_returned_by, Information.send_back, gettext_lazy("Returned to its author.")),
    "rate": Act(information_forms.RateForm, Information.may_be_valued_by, Information.rate, gettext_lazy("The value is saved: %(value)s.")),
    "dispose": Act(information_forms.DispositionForm, Information.may_be_disposed_by, Information.dispose, gettext_lazy("The disposition is saved.")),
    "handler": Act(
        information_forms.HandlerForm,
        lambda information, user: has_source(information) and information.may_get_handler_from(user),
        lambda information, by, handler: information.source.name_handler(by, handler),
        gettext_lazy("The handler is named."),
    ),
}


def in_sight(request):
    return Information.objects.for_user(information_reader(request))


def one(request, uuid) -> Information:
    return get_object_or_404(information_papers.printed(in_sight(request)), uuid=uuid)


def form_context() -> dict:
    """What the chips of the form offer. The page holds no word of any LI: those come from the phone and from the API."""
    return {
        "tiles_url": settings.MAP_TILES_URL,
        "tiles_attribution": settings.MAP_TILES_ATTRIBUTION,
        "fields": Field.choices,
        "methods": Code.objects.of(METHODS, timezone.localdate()),
        "urgencies": OpinionUrgency.choices,
        "source_values": with_code(SourceValue),
    }


@require_safe
def information_create(request):
    """A new LI. With `asal` (a report) and `pendapat` (the number of one of its opinions) it begins with what was said there."""
    require_officer(request.user)
    return render(request, "patrol/information_form.html", form_context())


@require_safe
def information_update(request, uuid):
    """The correction of an own LI that has no number yet; a numbered one says so on its own page."""
    information = get_object_or_404(in_sight(request).filter(author=request.user), uuid=uuid)
    if not information.is_open:
        messages.info(request, _("This LI has its number and can no longer be corrected."))
        return redirect("patrol:information_detail", uuid=uuid)
    return render(request, "patrol/information_form.html", {**form_context(), "information": information})


@require_safe
@never_cache
def information_list(request):
    """The register: of an officer the own ones, of those who read them all of their units, the newest first."""
    user = request.user
    narrowed = InformationFilter(request.GET, in_sight(request).select_related("author", "area", "unit"), request=request)
    context = {
        "filter": narrowed,
        "page_obj": Paginator(narrowed.qs.order_by("-received_at", "-pk"), PER_PAGE).get_page(request.GET.get("page")),
        "waiting": Information.objects.waiting_for(user).count() if user.scope.information_paths else 0,
        "reads_units": bool(user.scope.information_paths),
        "books": books_of(user),
    }
    return render(request, "patrol/information_list.html", context)


def books_of(user):
    """Units whose book the user may print: those in whose book anything stands."""
    if not user.scope.information_paths:
        return Unit.objects.none()
    kept = Information.objects.filter(in_subtrees("registry__path", user.scope.information_paths)).order_by().values("registry")
    return Unit.objects.filter(pk__in=kept)


@require_safe
@never_cache
def information_detail(request, uuid):
    information = one(request, uuid)
    if information.is_read_by(request.user):
        InformationAccess.objects.create(information=information, user=request.user, act=InformationAccess.Act.READ)
    return page(request, information)


def page(request, information, refused: dict[str, forms.Form] | None = None, **more):
    """The page of one LI; `refused` are forms that were sent and not taken, by the name of their act."""
    user = request.user
    source = getattr(information, "source", None)
    knows_source = source is not None and source.may_be_opened_by(user)
    offered = {name: act.form(information=information, name=name) for name, act in ACTS.items() if act.may(information, user)}
    if knows_source:
        offered["source"] = information_forms.OpeningForm(information=information, name="source")
    reads = information.is_read_by(user)
    context = {
        "information": information,
        "method": information_papers.method_label(information),
        "is_mine": information.author_id == user.pk,
        "may_link": user.scope.has(*WRITERS),
        "is_raised": information.author_id == user.pk and information.is_open and information.is_raised,
        "forms": {**offered, **(refused or {})},
        "refused": set(refused or {}),
        "source": source,
        "openings": source.openings.select_related("by") if source and knows_source else [],
        "accesses": information.accesses.select_related("user")[:ACCESSES] if reads else [],
        "history": history_of(information),
        "origin": Report.objects.for_user(user).filter(uuid=information.origin).first() if information.origin else None,
        **more,
    }
    return render(request, "patrol/information_detail.html", context)


@require_POST
@never_cache
def information_act(request, uuid, name):
    """Registers, returns, values, disposes, or names the handler; what is refused stays in its form."""
    information, act = one(request, uuid), ACTS[name]
    if not act.may(information, request.user):
        if not information.is_read_by(request.user):
            raise Http404
        messages.error(request, _("This can't be done with this LI, or no longer: somebody may have been faster. Reload the page."))
        return redirect("patrol:information_detail", uuid=uuid)
    form = act.form(request.POST, information=information, name=name)
    if form.is_valid() and done(act, form, information, request.user):
        messages.success(request, act.done % {"number": information.number, "value": information.value})
        if name == "return":
            Notification.objects.tell([information.author], Notification.Kind.LI_RETURNED, request.path.rsplit("/", 2)[0] + "/")
        return redirect("patrol:information_detail", uuid=uuid)
    return page(request, one(request, uuid), {name: form})


def done(act, form, information, user) -> bool:
    try:
        act.do(information, user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@require_POST
@never_cache
def source_open(request, uuid):
    """Shows the sealed source once, after its opening was written down with a reason."""
    information = one(request, uuid)
    source = getattr(information, "source", None)
    if source is None or not source.may_be_opened_by(request.user):
        raise Http404
    form = information_forms.OpeningForm(request.POST, information=information, name="source")
    if not form.is_valid():
        return page(request, information, {"source": form})
    source.open(request.user, form.cleaned_data["reason"])
    return page(request, information, opened=True)


@require_safe
@never_cache
def information_pdf(request, uuid):
    """The letter. Who got it is written down when the file goes out."""
    information = one(request, uuid)
    if not information.is_numbered:
        messages.error(request, _("An LI is printed once it has its number."))
        return redirect("patrol:information_detail", uuid=uuid)
    return handed_out(request, information_papers.letter_of(information), f"li-{information.sequence}-{information.year}.pdf", [information])


def handed_out(request, document, filename, informations):
    if document.state == document.State.READY and not request.htmx:
        act = InformationAccess.Act.PRINT if document.kind == information_papers.LETTER else InformationAccess.Act.BOOK
        information_papers.log_printing(informations, request.user, act)
    return documents.serve(request, document, filename)


class BookForm(forms.Form):
    """Of which unit and which days."""

    satuan = forms.ModelChoiceField(queryset=Unit.objects.none(), to_field_name="code")
    dari = forms.DateField(input_formats=["%Y-%m-%d"])
    sampai = forms.DateField(input_formats=["%Y-%m-%d"])

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["satuan"].queryset = units  # type: ignore[attr-defined]

    def clean(self):
        said = super().clean() or {}
        since, until = said.get("dari"), said.get("sampai")
        if since and until and not datetime.timedelta() <= until - since <= datetime.timedelta(days=LONGEST_BOOK):
            raise ValidationError(_("Choose a first and a last day, at most a year apart."))
        return said


@require_safe
@never_cache
def information_book(request):
    """The book of LI for some days as PDF; there is none as a sheet."""
    user = information_reader(request)
    if not user.scope.information_paths:
        raise Http404
    form = BookForm(request.GET, units=books_of(user))
    if not form.is_valid():
        messages.error(request, _("Choose the book and its days: a first and a last one, at most a year apart."))
        return redirect("patrol:information_list")
    unit, since, until = form.cleaned_data["satuan"], form.cleaned_data["dari"], form.cleaned_data["sampai"]
    document = information_papers.book_of(unit, since, until)
    name = f"buku-li-{unit.code.lower()}-{since}-{until}.pdf"
    return handed_out(request, document, name, information_papers.in_book(unit, since, until))
