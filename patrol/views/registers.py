"""Pages of the registers: lists, one entry with its visits, and who lives in a household."""

import logging

from django.contrib import messages
from django.db.models.deletion import ProtectedError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from patrol import register_pages as registers
from patrol.maps import map_of_entry
from patrol.models import Household, HouseholdMember
from patrol.models.registers import Opened
from patrol.register_filters import EntryFilter, labels_of_many
from patrol.register_forms import FORMS, MemberForm
from patrol.register_pages import PAGES, page_of
from patrol.register_sheets import MAX_ROWS, sheet_of
from polmas.people.scope import in_subtrees

log = logging.getLogger("polmas.patrol")
LATEST_VISITS, LATEST_OPENINGS = 20, 20


@require_safe
def entry_list(request, key):
    """One register of the villages in reach: what is due first, unless asked otherwise."""
    user, register = registers.reader(request), PAGES[key]
    narrowed = EntryFilter(request.GET, register.model.objects.for_user(user), shown=register, user=user)
    context = {
        "register": register,
        "registers": PAGES.values(),
        "filter": narrowed,
        "page": narrowed.page,
        "day": timezone.localdate(),
        "may_add": registers.villages_kept(user).exists(),
        "codes": labels_of_many(register.model),
        "may_export": bool(user.scope.whole_paths),
    }
    return render(request, "patrol/register_list.html", context)


@require_safe
def entry_export(request, key):
    """The list as narrowed, as a workbook: for those who read the unit, without phone numbers and without who lives there. Who took it is kept."""
    user, register = registers.reader(request), PAGES[key]
    if not user.scope.whole_paths:
        raise Http404
    entries = register.model.objects.for_user(user).filter(in_subtrees("unit__path", user.scope.whole_paths))
    narrowed = EntryFilter(request.GET, entries, shown=register, user=user)
    if not narrowed.is_valid():
        return redirect(f"{reverse(f'patrol:{key}_list')}?{request.GET.urlencode()}")
    if narrowed.qs[MAX_ROWS:].exists():
        messages.error(
            request, _("More than %(limit)s rows: narrow the list to a village, then download again.") % {"limit": number_format(MAX_ROWS)}
        )
        return redirect(f"{reverse(f'patrol:{key}_list')}?{request.GET.urlencode()}")
    registers.log_export(user, register, request.GET.urlencode())
    log.info("export of register %s by user %s", key, user.pk)
    return FileResponse(sheet_of(register, narrowed.qs), as_attachment=True, filename=f"{register.path}-{timezone.localdate():%Y%m%d}.xlsx")


@never_cache
@require_safe
def entry_detail(request, key, uuid):
    """One entry: what is known, who lives there, its visits. Each opening is kept."""
    entry = entry_of(request, key, uuid)
    registers.log_opening(request.user, entry, Opened.PAGE)
    return render(request, "patrol/register_detail.html", shown_of(request, entry))


@never_cache
@require_POST
def entry_phones(request, key, uuid):
    """The same page with its phone numbers in full, which is kept too."""
    entry = entry_of(request, key, uuid)
    registers.log_opening(request.user, entry, Opened.PHONE)
    return render(request, "patrol/register_detail.html", {**shown_of(request, entry), "shows_phones": True})


def entry_of(request, key, uuid):
    user = registers.reader(request)
    return get_object_or_404(PAGES[key].model.objects.for_user(user).select_related("area", "unit"), uuid=uuid)


def shown_of(request, entry) -> dict:
    user, register = request.user, page_of(entry)
    visits = list(registers.reports_of(entry, user)[: LATEST_VISITS + 1])
    may_oversee = registers.may_oversee(user, entry)
    return {
        "entry": entry,
        "register": register,
        "day": entry.unit.today(),
        "members": members_of(entry),
        "visits": visits[:LATEST_VISITS],
        "has_more_visits": len(visits) > LATEST_VISITS,
        "map": map_of_entry(entry),
        "may_keep": registers.may_keep(user, entry),
        "is_officer": user.scope.is_officer,
        "openings": registers.openings_of(entry)[:LATEST_OPENINGS] if may_oversee else [],
        "may_oversee": may_oversee,
        "codes": codes_of(entry),
    }


def members_of(entry) -> list[dict]:
    """Who lives there, with their age of today."""
    if not isinstance(entry, Household):
        return []
    day = entry.unit.today()
    return [{"row": member, "age": member.age_on(day)} for member in entry.members.all()]


def codes_of(entry) -> dict[str, str]:
    """What the codes of the entry are called, by field."""
    return {name: labels.get(getattr(entry, name), getattr(entry, name)) for name, labels in labels_of_many(type(entry)).items()}


def entry_create(request, key):
    user, register = registers.reader(request), PAGES[key]
    if not registers.villages_kept(user).exists():
        raise Http404
    form = FORMS[key](request.POST or None, user=user)
    if request.method == "POST" and form.is_valid() and (entry := form.stored()):
        messages.success(request, _("%s is now in the register.") % entry)
        return redirect(f"patrol:{key}_detail", uuid=entry.uuid)
    return render(request, "patrol/register_form.html", {"form": form, "register": register})


@never_cache
def entry_update(request, key, uuid):
    entry = kept_entry(request, key, uuid)
    form = FORMS[key](request.POST or None, instance=entry, user=request.user)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect(f"patrol:{key}_detail", uuid=uuid)
    return render(request, "patrol/register_form.html", {"form": form, "register": PAGES[key], "entry": entry})


@require_POST
def entry_delete(request, key, uuid):
    """Takes out what was entered by mistake. What a report names stays, and can be marked as gone."""
    entry = kept_entry(request, key, uuid)
    try:
        registers.remove(entry)
    except ProtectedError:
        messages.error(request, _("Reports name this entry, so it stays. Untick “still there” instead."))
        return redirect(f"patrol:{key}_update", uuid=uuid)
    messages.success(request, _("Taken out of the register."))
    return redirect(f"patrol:{key}_list")


def kept_entry(request, key, uuid):
    entry = entry_of(request, key, uuid)
    if not registers.may_keep(request.user, entry):
        raise Http404
    return entry


def member_create(request, uuid):
    household = kept_entry(request, "household", uuid)
    return member_form(request, household, HouseholdMember(household=household))


@never_cache
def member_update(request, uuid, pk):
    household = kept_entry(request, "household", uuid)
    return member_form(request, household, get_object_or_404(household.members, pk=pk))


def member_form(request, household, member):
    form = MemberForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        if "another" in request.POST:
            return redirect("patrol:member_create", uuid=household.uuid)
        return redirect("patrol:household_detail", uuid=household.uuid)
    return render(request, "patrol/household_member_form.html", {"form": form, "household": household, "member": member if member.pk else None})


@require_POST
def member_delete(request, uuid, pk):
    household = kept_entry(request, "household", uuid)
    get_object_or_404(household.members, pk=pk).delete()
    messages.success(request, _("Taken off the list."))
    return redirect("patrol:household_detail", uuid=uuid)
