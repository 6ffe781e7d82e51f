"""Posts of the siskamling: where they are, who stands guard, when they were checked last, and the sheet with their QR code."""

import datetime
import hashlib
import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.models import Place
from patrol import post_sheets
from patrol.access import reader
from patrol.forms_posts import PostForm, villages_of
from patrol.models import Report, Watch
from patrol.models.reports import COUNTED
from patrol.models.watches import WatchCondition
from patrol.posts import address_of, roster_of
from patrol.potential_forms import RosterForm
from patrol.views.areas import map_of
from patrol.views.reports import SUBJECTS
from polmas.people import documents, sheets
from polmas.people.models import Code
from polmas.people.models.absences import KEEPERS

log = logging.getLogger(__name__)
PER_PAGE = 40
LATEST = 20
LONG_AGO = datetime.timedelta(days=30)  # a post that nobody looked at for so long stands out


def checked(posts):
    """With the day, condition and number of guards of the last check that counts."""
    last = Watch.objects.filter(post=OuterRef("pk"), report__state__in=COUNTED).order_by("-report__occurred_at")
    return posts.annotate(
        checked_on=Subquery(last.values("report__day")[:1]),
        condition=Subquery(last.values("condition")[:1]),
        guards=Subquery(last.values("guards_present")[:1]),
    )


def post_list(request):
    """The posts of the own villages or units: those in use, or all; by name, village and what the last check found."""
    user = reader(request)
    posts = narrowed(checked(Place.objects.for_user(user)), request.GET).select_related("area", "unit").order_by("area__code", "name", "pk")
    context = {
        "page_obj": Paginator(posts, PER_PAGE).get_page(request.GET.get("page")),
        "asked": request.GET,
        "villages": villages_of(user)[:200],
        "conditions": WatchCondition.choices,
        "may_add": may_add(user),
        "is_old_before": timezone.localdate() - LONG_AGO,
    }
    return render(request, "patrol/post_list.html", context)


def narrowed(posts, asked):
    for word in asked.get("q", "").replace("\0", "")[:120].split():
        posts = posts.filter(Q(name__icontains=word) | Q(head__icontains=word) | Q(landmark__icontains=word))
    if asked.get("wilayah"):
        posts = posts.filter(area__code=asked["wilayah"].replace("\0", "")[:24])
    if asked.get("kondisi") in WatchCondition.values:
        posts = posts.filter(condition=asked["kondisi"])
    elif asked.get("kondisi") == "lama":
        posts = posts.filter(Q(checked_on__isnull=True) | Q(checked_on__lt=timezone.localdate() - LONG_AGO))
    return posts if asked.get("ditutup") else posts.active()


def may_add(user) -> bool:
    return user.scope.is_officer or user.scope.has(*KEEPERS)


def post_create(request):
    """A new post in one of the own villages."""
    user = reader(request)
    if not may_add(user):
        raise Http404
    form = PostForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        post = form.save()
        messages.success(request, _("The post is recorded. Print its sheet with the QR code and hang it up there."))
        return redirect("patrol:post_detail", uuid=post.uuid)
    return render(request, "patrol/post_form.html", {"form": form})


def post_detail(request, uuid):
    """One post; this is also where its QR code leads: officers go on from here to a check, or to a point of their patrol."""
    user = reader(request)
    post = checked(Place.objects.for_user(user)).select_related("area", "unit").filter(uuid=uuid).first()
    if post is None:
        return check_in(request, uuid)
    named = Q(watch__post=post) | Q(checkpoints__post=post)
    reports = Report.objects.for_user(user).filter(named).select_related("officer", "unit", "area", *SUBJECTS)
    lies_at = post.location and {"lat": post.location.y, "lon": post.location.x, "label": post.name, "url": request.path}
    context = {
        "post": post,
        "kind": Code.objects.of("PLACE_KIND").filter(code=post.kind).first(),
        "condition": WatchCondition(post.condition).label if post.condition else "",
        "latest": reports.distinct().order_by("-occurred_at", "-pk")[:LATEST],
        "map": map_of(post.area, timezone.localdate()),
        "roster": roster_of(post),
        "points": [lies_at] if lies_at else [],
        "may_keep": post.may_be_kept_by(user),
        "is_officer": user.scope.is_officer and not post.closed_on,
    }
    return render(request, "patrol/post_detail.html", context)


def check_in(request, uuid):
    """What a colleague of the same Polsek finds behind the QR code: the post's name, and the point of the own patrol. Nothing else of it."""
    post = get_object_or_404(Place.objects.for_check_in(request.user).select_related("area"), uuid=uuid)
    return render(request, "patrol/post_check_in.html", {"post": post})


def post_export(request):
    """The list as it is narrowed, for a spreadsheet."""
    user = reader(request)
    posts = narrowed(checked(Place.objects.for_user(user)), request.GET).select_related("area", "unit").order_by("area__code", "name", "pk")
    log.info("export of posts by user %s: %s", user.pk, sorted(name for name, value in request.GET.items() if value))
    if posts.count() > post_sheets.MAX_ROWS:
        messages.error(request, _("These are more than %(most)s rows. Narrow the list first.") % {"most": post_sheets.MAX_ROWS})
        return redirect("patrol:post_list")
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    return sheets.sent(form, "pos", _("Posts"), post_sheets.headings(), post_sheets.rows_of(posts))


def kept(request, uuid):
    """A post that the person may change; for everybody else there is nothing here."""
    post = get_object_or_404(Place.objects.for_user(reader(request)).select_related("area", "unit"), uuid=uuid)
    if not post.may_be_kept_by(request.user):
        raise Http404
    return post


def post_update(request, uuid):
    post = kept(request, uuid)
    form = PostForm(request.POST or None, instance=post, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("patrol:post_detail", uuid=uuid)
    return render(request, "patrol/post_form.html", {"form": form, "post": Place.objects.get(pk=post.pk)})


def post_roster(request, uuid):
    """Who stands guard on which day and in which shift."""
    post = kept(request, uuid)
    form = RosterForm(request.POST or None, post=post)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, _("Saved."))
        return redirect("patrol:post_detail", uuid=uuid)
    return render(request, "patrol/post_roster.html", {"form": form, "post": post})


def post_close(request, uuid):
    """Closes a post, or opens one again that was closed."""
    post = kept(request, uuid)
    if request.method != "POST":
        raise Http404
    if "buka" in request.POST:
        post.reopen()
        messages.success(request, _("The post is in use again."))
    elif not post.closed_on:
        post.close()
        messages.success(request, _("The post is closed. What was reported there stays."))
    return redirect("patrol:post_detail", uuid=uuid)


def post_sheet(request, uuid):
    """The sheet that hangs at the post, as PDF."""
    post = kept(request, uuid)
    roster = [f"{line['day']} {cell}" for line in roster_of(post)["lines"] for cell in line["cells"]]
    shown = (post.name, post.area.title, post.rw, post.rt, post.unit.name, post.unit.letterhead, address_of(post), *roster)
    fingerprint = hashlib.sha256("\n".join(shown).encode()).hexdigest()
    document = documents.document_for("pos", post.pk, fingerprint, "patrol.render_post_sheet")
    return documents.serve(request, document, f"qr-pos-{post.pk}.pdf")
