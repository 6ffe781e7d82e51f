"""What is kept of an area itself: its profile year by year, and the RW and RT of a village."""

import hashlib

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.forms_areas import Calendar, PartForm, PartNameForm, ProfileForm
from mapping.models import Area, AreaProfile
from mapping.models.profiles import keeps_profile
from mapping.profiles import unit_of
from polmas.people import documents

CARRIED = ("kinds", "geography", "livelihood", "culture", "local_wisdom")  # what a new year mostly takes over from the last


def area_in_sight(request, code) -> Area:
    return get_object_or_404(Area.objects.for_user(request.user).by_code(code))


def kept_area(request, code) -> Area:
    """An area whose profile the person writes; for everybody else there is nothing here."""
    area = area_in_sight(request, code)
    if not keeps_profile(request.user, area):
        raise Http404
    return area


def profile_of(request, area, year) -> AreaProfile:
    return get_object_or_404(AreaProfile.objects.for_user(request.user).select_related("area"), area=area, year=year)


def profile_create(request, code):
    """The profile of a year that has none; words of the year before stand there to be mended."""
    area = kept_area(request, code)
    last = area.profiles.order_by("-year").first()
    carried = {name: getattr(last, name) for name in CARRIED} if last else {}
    return _profile_form(request, AreaProfile(area=area, updated_by=request.user), {"year": timezone.localdate().year, **carried})


def profile_update(request, code, year):
    profile = profile_of(request, kept_area(request, code), year)
    return _profile_form(request, profile, None)


def _profile_form(request, profile, initial):
    area, year = profile.area, profile.year
    form = ProfileForm(request.POST or None, instance=profile, initial=initial)
    is_good = request.method == "POST" and form.is_valid()
    calendar = Calendar(request.POST or None, instance=profile, prefix="kalender")
    if is_good and calendar.is_valid() and _keep(form, calendar, request.user):
        messages.success(request, _("Saved."))
        return redirect(f"/wilayah/{area.code}/?tahun={profile.year}#profil")
    return render(request, "mapping/profile_form.html", {"area": area, "form": form, "calendar": calendar, "stored_year": year})


def _keep(form, calendar, user) -> bool:
    """Saves both or neither; somebody else may have written the same year meanwhile."""
    try:
        with transaction.atomic():
            form.instance.keep(by=user)
            calendar.save()
    except IntegrityError:
        form.add_error("year", _("There is a profile of this year already: edit that one."))
        return False
    return True


def profile_delete(request, code, year):
    """Drops a profile; who did, and what it held, stays in the history."""
    area = kept_area(request, code)
    if request.method != "POST":
        raise Http404
    profile_of(request, area, year).drop()
    messages.success(request, _("The profile is deleted."))
    return redirect(f"/wilayah/{area.code}/")


def profile_pdf(request, code, year):
    """The profile on paper."""
    profile = profile_of(request, area_in_sight(request, code), year)
    unit = unit_of(profile.area)
    shown = (profile.updated_at.isoformat(), profile.area.title, unit and unit.letterhead, *map(repr, profile.calendar.values_list()))
    fingerprint = hashlib.sha256("\n".join(map(str, shown)).encode()).hexdigest()
    document = documents.document_for("profil", profile.pk, fingerprint, "mapping.render_profile")
    return documents.serve(request, document, f"profil-{profile.area.code}-{profile.year}.pdf")


def part_of(request, code) -> Area:
    """A village, RW or RT that the person keeps."""
    area = area_in_sight(request, code)
    if area.depth < Area.VILLAGE_DEPTH or not area.may_be_kept_by(request.user):
        raise Http404
    return area


def part_create(request, code):
    """A new RW in a village, or RT in an RW."""
    within = part_of(request, code)
    if not within.may_have_parts:
        raise Http404
    form = PartForm(request.POST or None, within=within)
    if request.method == "POST" and form.is_valid() and (part := form.stored()):
        messages.success(request, _("%(area)s is added.") % {"area": part.title})
        return redirect("patrol:area_detail", code=within.code)
    return render(request, "mapping/part_form.html", {"form": form, "within": within})


def part_update(request, code):
    """Another name for an RW or RT."""
    part = part_of(request, code)
    if part.is_village:
        raise Http404
    form = PartNameForm(request.POST or None, instance=part)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("patrol:area_detail", code=part.code)
    return render(request, "mapping/part_form.html", {"form": form, "within": part.parent, "part": Area.objects.get(pk=part.pk)})


def part_close(request, code):
    """Ends an RW or RT, or takes up one again that had ended."""
    part = part_of(request, code)
    if part.is_village or request.method != "POST":
        raise Http404
    if "buka" in request.POST:
        part.reopen()
        messages.success(request, _("%(area)s is in use again.") % {"area": part.title})
    elif not part.closed_on:
        part.close(timezone.localdate())
        messages.success(request, _("%(area)s is closed. What was reported there stays.") % {"area": part.title})
    return redirect("patrol:area_detail", code=part.code)
