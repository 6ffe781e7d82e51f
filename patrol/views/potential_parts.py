"""What belongs to a group or a partner: members, and agreements with their signed papers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mapping.models import Cooperation, GroupMember
from patrol.potential_forms import CooperationForm, GroupMemberForm
from patrol.potential_pages import tab_of
from patrol.views.potentials import entry_of, kept_entry
from polmas.people.uploads import served


@never_cache
def member_create(request, uuid):
    group = kept_entry(request, "group", uuid)
    return part_form(request, group, GroupMemberForm(request.POST or None, instance=GroupMember(group=group)), _("New member"))


@never_cache
def member_update(request, uuid, pk):
    group = kept_entry(request, "group", uuid)
    member = get_object_or_404(group.members, pk=pk)
    return part_form(request, group, GroupMemberForm(request.POST or None, instance=member), member.name, is_stored=True)


@require_POST
def member_delete(request, uuid, pk):
    group = kept_entry(request, "group", uuid)
    get_object_or_404(group.members, pk=pk).delete()
    messages.success(request, _("Taken off the list."))
    return redirect("patrol:group_detail", uuid=uuid)


@never_cache
def cooperation_create(request, uuid):
    partner = kept_entry(request, "partner", uuid)
    form = CooperationForm(request.POST or None, request.FILES or None, instance=Cooperation(partner=partner))
    return part_form(request, partner, form, _("New agreement"))


@never_cache
def cooperation_update(request, uuid, pk):
    partner = kept_entry(request, "partner", uuid)
    found = get_object_or_404(partner.cooperations, pk=pk)
    form = CooperationForm(request.POST or None, request.FILES or None, instance=found)
    return part_form(request, partner, form, str(found), is_stored=True)


@require_POST
def cooperation_delete(request, uuid, pk):
    partner = kept_entry(request, "partner", uuid)
    get_object_or_404(partner.cooperations, pk=pk).delete()
    messages.success(request, _("Taken off the list."))
    return redirect("patrol:partner_detail", uuid=uuid)


def part_form(request, entry, form, title, is_stored=False):
    """The form of something that belongs to an entry: a member of a group, an agreement with a partner."""
    key = tab_of(entry).key
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, _("Saved."))
        return redirect(f"patrol:{key}_detail", uuid=entry.uuid)
    context = {"form": form, "entry": entry, "register": tab_of(entry), "title": title, "part": form.instance if is_stored else None}
    return render(request, "patrol/potential_part_form.html", context)


@require_safe
def cooperation_file(request, uuid, pk):
    """The signed paper, for those who may read the partner."""
    partner = entry_of(request, "partner", uuid)
    found = get_object_or_404(partner.cooperations.exclude(file=""), pk=pk)
    return served(found.file, f"mou-{found.pk}", found.file_type)
