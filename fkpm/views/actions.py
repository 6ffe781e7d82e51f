"""Pages of what forums have to do."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fkpm import meeting_lists as lists
from fkpm.forms_meetings import EvidenceForm
from fkpm.models import ActionItem, Member
from fkpm.models.actions import MOST_PHOTOS
from fkpm.views.forums import forum_of
from polmas.people import picker, sheets
from polmas.people.models import Unit
from polmas.people.scope import on_day
from polmas.people.uploads import kept_once, served

log = logging.getLogger("polmas.fkpm")
ON_A_PAGE, IN_A_COLUMN = 40, 20


def states_on(today) -> dict[str, Q]:
    """Names of states in addresses, and what each asks for."""
    return {
        "terlambat": Q(state=ActionItem.State.OPEN, due_on__lt=today),
        "terbuka": Q(state=ActionItem.State.OPEN),
        "selesai": Q(state=ActionItem.State.DONE),
        "batal": Q(state=ActionItem.State.CANCELLED),
    }


def action_list(request, uuid):
    """All that the forum agreed to do, by state: what is overdue first, then what is due next, then what is over."""
    forum = forum_of(request, uuid)
    return _page(request, ActionItem.objects.for_user(request.user).filter(forum=forum), "fkpm/action_list.html", forum)


def action_board(request):
    """The same of all forums in sight; those of one person with `saya`."""
    actions = _own(request, ActionItem.objects.for_user(request.user))
    unit = Unit.objects.filter(code=request.GET.get("satuan", "").replace("\0", "?")).first()
    return _page(request, actions, "fkpm/action_board.html", None, is_own=bool(request.GET.get("saya")), unit=unit)


def action_export(request, uuid):
    """The list of a forum as it is narrowed, for a spreadsheet."""
    forum = forum_of(request, uuid)
    return _sheet(request, ActionItem.objects.for_user(request.user).filter(forum=forum), reverse("fkpm:action_list", args=[uuid]))


def action_board_export(request):
    """The same of all forums in sight."""
    return _sheet(request, _own(request, ActionItem.objects.for_user(request.user)), reverse("fkpm:action_board"))


def _sheet(request, actions, back):
    """Who took what is logged."""
    found = _worded(request, actions).filter(states_on(timezone.localdate()).get(request.GET.get("state", ""), Q()))
    log.info("export of actions by user %s: %s", request.user.pk, sorted(name for name, value in request.GET.items() if value))
    if found.count() > lists.MAX_ROWS:
        messages.error(request, _("These are more than %(most)s rows. Narrow the list first.") % {"most": lists.MAX_ROWS})
        return redirect(f"{back}?{request.GET.urlencode()}")
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    return sheets.sent(form, "tindak-lanjut-fkpm", _("To do"), lists.action_headings(), lists.action_rows(found))


def _own(request, actions):
    """Of all in sight those of a unit with all below it (`satuan`), those done on some days (`dari`, `sampai`), and those of one person (`saya`)."""
    actions = picker.narrowed(actions, request.GET, day="done_on", unit="forum__unit")
    return actions.filter(Q(owner__user=request.user) | Q(officer=request.user)) if request.GET.get("saya") else actions


def _text(request) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:200]


def _worded(request, actions):
    """Those with these words in what is to be done, or in who does it."""
    text = _text(request)
    return actions.filter(Q(text__icontains=text) | Q(owner_name__icontains=text)) if text else actions


def _page(request, actions, template, forum, **more):
    states = states_on(timezone.localdate())
    text, actions = _text(request), _worded(request, actions)
    counts = actions.aggregate(total=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in states.items()})
    chosen = request.GET.get("state", "")
    rows = actions.select_related("meeting", "owner", "forum__unit")
    context = {"forum": forum, "counts": counts, "total": counts["total"], "text": text, "chosen": chosen if chosen in states else "", **more}
    context["as_board"] = request.GET.get("lihat") == "papan"
    if context["as_board"]:
        context["columns"] = _columns(rows, states, request.user)
    else:
        open_first = Case(When(state=ActionItem.State.OPEN, then=0), default=1, output_field=IntegerField())
        ordered = rows.filter(states.get(chosen, Q())).order_by(open_first, "due_on", "pk")
        context["page"] = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("page"))
        context["actions"] = _marked(context["page"], request.user)
    return render(request, template, context)


def _columns(rows, states, user):
    """The board: what is overdue, what is open besides, what was done last."""
    parts = (
        (_("Overdue"), "terlambat", rows.filter(states["terlambat"]).order_by("due_on", "pk")),
        (_("Open"), "terbuka", rows.filter(states["terbuka"] & ~states["terlambat"]).order_by("due_on", "pk")),
        (_("Done"), "selesai", rows.filter(states["selesai"]).order_by("-done_on", "-pk")),
    )
    return [{"title": title, "name": name, "actions": _marked(part[:IN_A_COLUMN], user)} for title, name, part in parts]


def _marked(actions, user):
    """With whether the form of each opens to the user: one question for all their forums."""
    actions = list(actions)
    forums = {action.forum for action in actions}
    board = Member.objects.filter(on_day(timezone.localdate()), user=user, position__in=Member.BOARD, forum__in=forums)
    led = set(board.values_list("forum", flat=True))
    for action in actions:
        action.is_changeable = action.forum_id in led or action.forum.is_served_by(user) or action.is_given_to(user)
    return actions


def action_of(request, pk) -> ActionItem:
    """The action, for those who may say how far it is."""
    rows = ActionItem.objects.for_user(request.user).select_related("forum__unit", "meeting__forum__unit", "owner", "partner", "officer")
    action = get_object_or_404(rows, pk=pk)
    if not action.may_change(request.user):
        raise Http404
    return action


def action_update(request, pk):
    """One action: the board, the Polmas officer and its owner say how far it is; the other readers see it in the lists."""
    action = action_of(request, pk)
    form = EvidenceForm(request.POST or None, request.FILES or None, initial={"state": action.state, "note": action.note})
    if request.method == "POST" and form.is_valid():
        action.move_to(form.cleaned_data["state"], form.cleaned_data["note"], action.forum.unit.today())
        if evidence := form.cleaned_data["evidence"]:
            if action.photos.count() >= MOST_PHOTOS:
                messages.error(request, _("There are %d files already; this one was not kept.") % MOST_PHOTOS)
            else:
                kept_once(action.photos, evidence, request.user)
        messages.success(request, _("Saved."))
        return redirect("fkpm:action_list", uuid=action.forum.uuid)
    return render(request, "fkpm/action_form.html", {"form": form, "action": action, "forum": action.forum, "photos": action.photos.all()})


def action_photo(request, pk, uuid):
    """What shows that it was done, for whoever reads the forum."""
    action = get_object_or_404(ActionItem.objects.for_user(request.user), pk=pk)
    photo = get_object_or_404(action.photos, uuid=uuid)
    return served(photo.file, f"bukti-{action.pk}-{photo.pk}", photo.type)
