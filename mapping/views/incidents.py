"""Incidents: the list with its bulletin, one incident, and the acts of SPKT."""

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mapping import incident_lists, incidents
from mapping.bulletins import bulletin
from mapping.forms_incidents import AssignForm, FlagForm, HandlingForm, IncidentForm, WithdrawForm
from mapping.incident_history import history_of
from mapping.models import Area, Handling, Incident, IncidentClass, PerpetratorFlag
from mapping.models.incidents import ABOVE, ASSIGNABLE
from mapping.outlines import place_map
from polmas.people import sheets
from polmas.people.models import Code
from polmas.people.periods import CHOICES
from polmas.people.picker import picked
from polmas.people.scope import INCIDENT_READERS, INCIDENT_WRITERS, LEADERS_POLSEK, OFFICERS, REVIEWERS

log = logging.getLogger(__name__)
PER_PAGE = 25
MOST_VILLAGES = 300
DEFAULT_PERIOD = "30hari"
# Who hands incidents on to other functions: those who write them, and who leads the Polsek.
HANDING = INCIDENT_WRITERS | LEADERS_POLSEK | REVIEWERS


def reader(request):
    """The signed-in person, if incidents concern them at all."""
    if not request.user.scope.has(*INCIDENT_READERS, *OFFICERS, *ASSIGNABLE):
        raise Http404
    return request.user


def writer(request):
    if not request.user.scope.has(*INCIDENT_WRITERS):
        raise Http404
    return request.user


def reads_whole(user) -> bool:
    return user.scope.has(*INCIDENT_READERS, *ASSIGNABLE)


def period_of(request):
    asked = request.GET if any(request.GET.get(name) for name in ("periode", "dari", "sampai")) else {"periode": DEFAULT_PERIOD}
    return picked(asked, request.user.post.unit.today())


def found_by(request, period):
    """The rows of the list as the address narrows them."""
    rows = incident_lists.narrowed(Incident.objects.for_user(request.user), request.user, request.GET)
    sort = request.GET.get("urut")
    order = incident_lists.SORTS[sort if sort in incident_lists.SORTS else "terbaru"][1]
    return rows.filter(day__range=(period.start, period.end)).select_related("area", "unit").order_by(*order)


@require_safe
def incident_list(request):
    """The bulletin of a period beside the one before, and below it the incidents that may be read one by one."""
    user = reader(request)
    period, choice, form = period_of(request)
    kinds = list(Code.objects.of("INCIDENT_KIND"))
    labels = {code.code: code.label for code in kinds}
    page = Paginator(found_by(request, period), PER_PAGE).get_page(request.GET.get("page"))
    for incident in page.object_list:
        incident.label = labels.get(incident.kind, incident.kind)
    numbers = incident_lists.counted(Incident.objects.counted_for(user), request.GET)
    today = user.post.unit.today()
    told = bulletin(numbers, period, period.previous(), labels)
    is_searched = any(request.GET.get(name) for name in ("q", "status", "jam", "hari"))  # by what the bulletin does not count
    context = {
        "page": page,
        "unlisted": 0 if is_searched else told.total.change.now - page.paginator.count,
        "asked": request.GET,
        "period": period,
        "before": period.previous(),
        "choice": choice,
        "choices": [(key, label) for key, (label, _span) in CHOICES.items()],
        "form": form,
        "bulletin": told,
        "with_percent": period.may_be_compared_on(today),
        "includes_today": period.includes(today),
        "villages": villages_read(user),
        "kinds": kinds,
        "classes": [(value, capfirst(str(label))) for value, label in IncidentClass.choices],
        "statuses": Handling.choices,
        "bands": incident_lists.bands(),
        "sorts": [(key, label) for key, (label, _order) in incident_lists.SORTS.items()],
        "is_narrowed": any(request.GET.get(name) for name in ("q", "wilayah", "kelas", "jenis", "status", "jam", "hari", "satuan")),
        "may_add": user.scope.has(*INCIDENT_WRITERS),
        "reads_whole": reads_whole(user),
        "reads_statements": user.scope.has(*INCIDENT_READERS),
    }
    return render(request, "mapping/incident_list.html", context)


def villages_read(user) -> list[Area]:
    """The villages that the filter offers: those held today and those of the units read whole."""
    paths = Q(pk__in=[])
    for path in user.scope.paths_as(INCIDENT_READERS):
        paths |= Q(unit__path__startswith=path)
    policed = Area.units.through.objects.filter(paths).values("area")
    held = Area.objects.held_by(user, timezone.localdate()).order_by()
    known = policed.order_by().union(held.values("pk"), held.values("parent"))  # each by its index: one condition of all reads every area
    return list(Area.objects.villages().filter(pk__in=known).order_by("name")[:MOST_VILLAGES])


@require_safe
def incident_export(request):
    """The list as it is narrowed, for a spreadsheet. Who took what is logged."""
    user = reader(request)
    period, _choice, _form = period_of(request)
    found = found_by(request, period)
    log.info("export of incidents by user %s: %s", user.pk, sorted(name for name, value in request.GET.items() if value))
    if found.count() > incident_lists.MAX_ROWS:
        messages.error(request, _("These are more than %(most)s rows. Narrow the list first.") % {"most": incident_lists.MAX_ROWS})
        return redirect("mapping:incident_list")
    is_whole = reads_whole(user) and not user.scope.is_officer
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    heads = incident_lists.headings(is_whole)
    return sheets.sent(form, "gangguan", _("Incidents"), heads, incident_lists.rows_of(found, user, is_whole))


def incident_create(request):
    """A new incident, in the villages that the person writes for; the map links here with the point."""
    user = writer(request)
    with timezone.override(user.post.unit.zone):
        form = IncidentForm(request.POST or None, user=user, asked=request.GET)
        if request.method == "POST" and form.is_valid() and (incident := form.stored()):
            messages.success(request, _("The incident is entered."))
            return redirect("mapping:incident_detail", uuid=incident.uuid)
        return render(request, "mapping/incident_form.html", {"form": form})


def incident_detail(request, uuid):
    """One incident: what is known of it, as far as the person reads it, and what they may do."""
    user = reader(request)
    known = Incident.objects.for_user(user) | Incident.objects.withdrawn_for(user)
    incident = get_object_or_404(known.select_related("unit", "area", "recorded_by", "assigned_to", "withdrawn_by"), uuid=uuid)
    return render(request, "mapping/incident_detail.html", _shown(user, incident))


def _shown(user, incident, **forms) -> dict:
    may_assign = not incident.is_withdrawn and user.scope.holds(HANDING, incident.unit)
    scene = Code.objects.of("INCIDENT_SCENE").filter(code=incident.scene).first() if incident.scene else None
    return {
        "incident": incident,
        "is_whole": incident.may_be_read_whole_by(user),
        "scene": scene,
        "victims": list(incident.victims.all()) if incident.may_be_read_whole_by(user) else [],
        "map": place_map(incident.area, incident.location if incident.may_see_point(user) else None, incident.unit.today()),
        "may_write": incident.may_be_written_by(user),
        "handling": forms.get("handling") or (HandlingForm(instance=incident) if incident.may_be_handled_by(user) else None),
        "assigning": forms.get("assigning") or (AssignForm(incident=incident) if may_assign else None),
        "flagging": forms.get("flagging") or (FlagForm() if incident.may_be_flagged_by(user) else None),
        "withdrawing": forms.get("withdrawing") or (WithdrawForm() if incident.may_be_written_by(user) else None),
    }


def acted_on(request, uuid, may) -> Incident:
    """An incident on which the person may act; for everybody else there is nothing here."""
    found = Incident.objects.for_user(reader(request)).select_related("unit", "area", "recorded_by", "assigned_to")
    incident = get_object_or_404(found, uuid=uuid)
    if not may(incident):
        raise Http404
    return incident


def incident_update(request, uuid):
    incident = acted_on(request, uuid, lambda incident: incident.may_be_written_by(request.user))
    with timezone.override(incident.unit.zone):
        form = IncidentForm(request.POST or None, instance=incident, user=request.user)
        if request.method == "POST" and form.is_valid() and form.stored():
            messages.success(request, _("Saved."))
            return redirect("mapping:incident_detail", uuid=uuid)
        return render(request, "mapping/incident_form.html", {"form": form, "incident": Incident.objects.select_related("area").get(pk=incident.pk)})


@require_safe
def incident_history(request, uuid):
    """Who changed what, for those who may change it."""
    incident = acted_on(request, uuid, lambda incident: incident.may_be_written_by(request.user))
    changes = history_of(incident, incident.may_see_point(request.user))
    return render(request, "mapping/incident_history.html", {"incident": incident, "changes": changes})


@require_POST
def incident_handle(request, uuid):
    """How far the case is, by those who write and whom it was handed to."""
    incident = acted_on(request, uuid, lambda incident: incident.may_be_handled_by(request.user))
    form = HandlingForm(request.POST, instance=incident)
    if form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect("mapping:incident_detail", uuid=uuid)
    return render(request, "mapping/incident_detail.html", _shown(request.user, _stored(incident), handling=form))


def _stored(incident) -> Incident:
    """The incident as it stands in the database, whatever a refused form made of it."""
    return Incident.objects.select_related("unit", "area", "recorded_by", "assigned_to").get(pk=incident.pk)


@require_POST
def incident_assign(request, uuid):
    incident = acted_on(request, uuid, lambda incident: request.user.scope.holds(HANDING, incident.unit))
    form = AssignForm(request.POST, incident=incident)
    if form.is_valid() and form.stored(request.user):
        messages.success(request, _("Saved."))
        return redirect("mapping:incident_detail", uuid=uuid)
    return render(request, "mapping/incident_detail.html", _shown(request.user, incident, assigning=form))


@require_POST
def incident_flag(request, uuid):
    """To the level above: a perpetrator serves the state."""
    incident = acted_on(request, uuid, lambda incident: incident.may_be_flagged_by(request.user))
    form = FlagForm(request.POST)
    if form.is_valid():
        incidents.flag_perpetrator(incident, request.user, form.cleaned_data["office"], form.cleaned_data["note"])
        messages.success(request, _("Passed on to the level above and to Sipropam. It is not shown here."))
        return redirect("mapping:incident_detail", uuid=uuid)
    return render(request, "mapping/incident_detail.html", _shown(request.user, incident, flagging=form))


@require_POST
def incident_withdraw(request, uuid):
    incident = acted_on(request, uuid, lambda incident: incident.may_be_written_by(request.user))
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            incidents.withdraw(incident, request.user, form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error.messages)
        else:
            messages.success(request, _("The incident is taken back. It counts no more; it stays on record with your reason."))
            return redirect("mapping:incident_list")
    return render(request, "mapping/incident_detail.html", _shown(request.user, incident, withdrawing=form))


@require_safe
def flag_list(request):
    """Perpetrators in service, told by the units below: for the level above them and Sipropam, who find them nowhere else."""
    flags = PerpetratorFlag.objects.for_user(request.user).select_related("incident__unit", "incident__area", "stated_by")
    if not request.user.scope.has("sipropam", *ABOVE):
        raise Http404
    page = Paginator(flags, PER_PAGE).get_page(request.GET.get("page"))
    labels = {code.code: code.label for code in Code.objects.of("INCIDENT_KIND")}
    for flag in page.object_list:
        flag.label = labels.get(flag.incident.kind, flag.incident.kind)
    log.info("perpetrators in service read by user %s", request.user.pk)
    return render(request, "mapping/flag_list.html", {"page": page})
