"""Atensi and jukrah: what one is asked, what one has asked, and what became of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, Prefetch, Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from patrol.directive_forms import DirectiveForm, FollowUpForm, sending_post
from patrol.models import Directive, DirectiveFile, DirectiveReceipt, Report

ON_A_PAGE, RECEIPTS = 30, 50
MINE, SENT = "saya", "dikirim"


def police(request):
    """The signed-in person, if they hold any post of police: nobody else is asked or asks."""
    if not request.user.scope.is_police:
        raise Http404
    return request.user


@require_safe
def directive_list(request):
    """What one is asked; under `dikirim` what one has sent or answers for, with how many have read and followed up."""
    user = police(request)
    may_send = sending_post(user) is not None
    view = SENT if request.GET.get("lihat") == SENT and may_send else MINE
    directives = Directive.objects.kept_by(user).with_counts() if view == SENT else Directive.objects.addressed_to(user)
    mine = DirectiveReceipt.objects.filter(user=user)
    narrowed = searched(directives, request.GET).select_related("sender_unit", "unit").prefetch_related(Prefetch("receipts", mine, to_attr="mine"))
    page = Paginator(narrowed.order_by(F("closed_at").asc(nulls_first=True), "-created_at", "-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "view": view, "may_send": may_send, "asked": request.GET, "kinds": Directive.Kind.choices}
    return render(request, "patrol/directive_list.html", context)


def searched(directives, asked):
    if asked.get("jenis") in Directive.Kind.values:
        directives = directives.filter(kind=asked["jenis"])
    for word in asked.get("q", "").replace("\0", "").split()[:5]:
        directives = directives.filter(Q(title__icontains=word) | Q(text__icontains=word))
    return directives


def directive_create(request):
    """Sends one. Who is asked is settled at this moment."""
    user = police(request)
    post = sending_post(user)
    if post is None:
        raise Http404
    form = DirectiveForm(request.POST or None, request.FILES or None, user=user, post=post)
    if request.method == "POST" and form.is_valid():
        number = form.send()
        messages.success(request, _("Sent to %(number)d people.") % {"number": number})
        return redirect(form.instance.path)
    return render(request, "patrol/directive_form.html", {"form": form, "post": post})


def directive_for(request, uuid) -> Directive:
    directives = Directive.objects.for_user(police(request)).select_related("sender", "sender_unit", "unit")
    return get_object_or_404(directives, uuid=uuid)


def receipt_for(request, uuid) -> DirectiveReceipt:
    """The own receipt of a directive that one is asked by."""
    directive = get_object_or_404(Directive.objects.addressed_to(police(request)), uuid=uuid)
    return directive.receipt_of(request.user)


def directive_detail(request, uuid, form=None):
    """One directive: its text, for those asked what to do about it, for its keepers what the others did."""
    directive = directive_for(request, uuid)
    user = request.user
    receipt = directive.receipts.filter(user=user).select_related("report").first()
    is_asked = receipt is not None or (directive.sender_id != user.pk and Directive.objects.addressed_to(user).filter(pk=directive.pk).exists())
    is_kept = directive.is_kept_by(user)
    may_follow = is_asked and not (directive.is_closed and not (receipt and receipt.followed_up_at))
    if form is None and may_follow:
        initial = {"text": receipt.follow_up, "report": str(receipt.report.uuid) if receipt.report else ""} if receipt else {}
        form = FollowUpForm(user=user, initial=initial)
    context = {
        "directive": directive,
        "files": directive.files.all(),
        "receipt": receipt,
        "is_asked": is_asked,
        "is_kept": is_kept,
        "form": form if may_follow else None,
        **(receipts_of(request, directive) if is_kept else {}),
    }
    return render(request, "patrol/directive_detail.html", context)


def receipts_of(request, directive):
    """Who was asked, those who have not read it first, and the numbers. A linked report opens for those who may read it."""
    counts = Directive.objects.filter(pk=directive.pk).with_counts().values("asked", "seen", "done").get()
    order = (F("read_at").asc(nulls_first=True), F("followed_up_at").asc(nulls_first=True), "user__name", "pk")
    page = Paginator(directive.receipts.select_related("user", "report").order_by(*order), RECEIPTS).get_page(request.GET.get("page"))
    readable = set(Report.objects.for_user(request.user).filter(pk__in=[row.report_id for row in page if row.report_id]).values_list("pk", flat=True))
    return {"counts": counts, "page": page, "readable": readable}


@require_POST
def directive_read(request, uuid):
    """Marks it read: the page asks for it by itself when it is shown, without scripts its button does."""
    receipt = receipt_for(request, uuid)
    receipt.read()
    if request.htmx:
        return render(request, "patrol/_directive_read.html", {"receipt": receipt, "unit": receipt.directive.unit})
    return redirect("patrol:directive_detail", uuid=uuid)


@require_POST
def directive_follow(request, uuid):
    """Notes what was done about it."""
    receipt = receipt_for(request, uuid)
    form = FollowUpForm(request.POST, user=request.user)
    if not form.is_valid():
        return directive_detail(request, uuid, form)
    try:
        receipt.follow(form.cleaned_data["text"], form.cleaned_data["report"])
        messages.success(request, _("Your follow-up is noted."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("patrol:directive_detail", uuid=uuid)


def kept(request, uuid) -> Directive:
    directive = directive_for(request, uuid)
    if not directive.is_kept_by(request.user):
        raise Http404
    return directive


@require_POST
def directive_remind(request, uuid):
    try:
        number = kept(request, uuid).remind()
        messages.success(request, _("%(number)d people are reminded.") % {"number": number})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("patrol:directive_detail", uuid=uuid)


@require_POST
def directive_close(request, uuid):
    kept(request, uuid).close()
    messages.success(request, _("Closed. Nobody is asked any more; it stays readable."))
    return redirect("patrol:directive_detail", uuid=uuid)


@require_safe
def directive_file(request, uuid):
    """An attachment, for those who may read its directive."""
    directives = Directive.objects.for_user(police(request))
    found = get_object_or_404(DirectiveFile.objects.filter(directive__in=directives), uuid=uuid)
    try:
        response = FileResponse(found.file.open(), as_attachment=found.type == DirectiveFile.Type.PDF, filename=found.name, content_type=found.type)
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
