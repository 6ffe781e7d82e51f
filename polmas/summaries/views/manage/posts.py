"""Posts and beats: given with a first day, ended with a last one, never deleted."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mapping import substitution
from mapping.models import Beat
from polmas.people.models import Posting
from polmas.people.scope import OFFICERS
from polmas.summaries import managing
from polmas.summaries.forms_manage import BeatEndForm, BeatForm, PostingEndForm, PostingForm, SupervisorForm
from polmas.summaries.views.manage.desk import managed_person, managing_desk_of

FORM_PAGE = "summaries/manage/post_form.html"


def posting_create(request, pk):
    """One more post for a person; the earlier ones stay until they are ended."""
    desk = managing_desk_of(request)
    person = managed_person(desk, pk)
    form = PostingForm(request.POST or None, desk=desk, instance=Posting(user=person))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The posting is recorded."))
        return redirect("summaries:user_update", pk=pk)
    return render(request, FORM_PAGE, {"person": person, "form": form, "heading": _("Add a posting"), "submit": _("Save")})


def posting_end(request, pk):
    """Ends a post; an officer's areas at that unit end with it."""
    desk = managing_desk_of(request)
    posting = get_object_or_404(Posting.objects.for_user(request.user).select_related("unit", "user"), pk=pk)
    person = managed_person(desk, posting.user_id)
    if not desk.manages_posting(posting):
        raise Http404
    form = PostingEndForm(request.POST or None, instance=posting)
    if request.method == "POST" and form.is_valid():
        managing.end_posting(posting, form.cleaned_data["ends_on"])
        messages.success(request, _("The last day is recorded."))
        return redirect("summaries:user_update", pk=person.pk)
    note = _("The areas held at this unit end on the same day.") if posting.role in OFFICERS else ""
    context = {"person": person, "form": form, "heading": _("End the posting"), "subject": posting, "note": note, "submit": _("End it")}
    return render(request, FORM_PAGE, context)


def posting_supervisor(request, pk):
    """Names who reviews the reports that an officer makes under this posting."""
    desk = managing_desk_of(request)
    posting = get_object_or_404(Posting.objects.for_user(request.user).filter(role__in=OFFICERS).select_related("unit", "user"), pk=pk)
    person = managed_person(desk, posting.user_id)
    if not desk.manages_posting(posting):
        raise Http404
    form = SupervisorForm(request.POST or None, instance=posting)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The supervisor is recorded."))
        return redirect("summaries:user_update", pk=person.pk)
    context = {"person": person, "form": form, "heading": _("Set the supervisor"), "subject": posting, "submit": _("Save")}
    return render(request, FORM_PAGE, context)


def beat_create(request, pk):
    """Gives an officer one of the areas of the unit where the officer serves."""
    desk = managing_desk_of(request)
    person = managed_person(desk, pk)
    units = [post.unit for post in person.postings_today if post.role in OFFICERS and desk.manages_unit(post.unit)]
    if not units:
        raise Http404
    unit = next((unit for unit in units if unit.code == request.GET.get("unit")), units[0])
    form = BeatForm(request.POST or None, instance=Beat(user=person, unit=unit))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            substitution.mend_for(person)
        messages.success(request, _("The area is given."))
        return redirect("summaries:user_update", pk=pk)
    context = {"person": person, "form": form, "heading": _("Give an area"), "subject": unit, "submit": _("Save")}
    return render(request, FORM_PAGE, context)


def beat_end(request, pk):
    """Ends an officer's care for an area."""
    desk = managing_desk_of(request)
    beat = get_object_or_404(desk.beats().filter(absence=None).select_related("area", "user", "unit"), pk=pk)
    person = managed_person(desk, beat.user_id)
    if not desk.manages_unit(beat.unit):
        raise Http404
    form = BeatEndForm(request.POST or None, instance=beat)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            substitution.mend_for(person)
        messages.success(request, _("The last day is recorded."))
        return redirect("summaries:user_update", pk=person.pk)
    context = {"person": person, "form": form, "heading": _("End the care for an area"), "subject": beat.area.title, "submit": _("End it")}
    return render(request, FORM_PAGE, context)
