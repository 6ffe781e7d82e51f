"""One person's account: made, shown, changed, closed, and a new password that is seen once."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from polmas.people.models import Device, Posting, User
from polmas.people.scope import OFFICERS
from polmas.summaries import managing
from polmas.summaries.forms_manage import PersonForm, PostingForm, ReasonForm
from polmas.summaries.histories import history_of
from polmas.summaries.views.manage.desk import desk_of, managed_person, managing_desk_of


@never_cache
def user_create(request):
    """A new person with a first post. The password stands on the answer, once, and nowhere else."""
    desk = managing_desk_of(request)
    form = PersonForm(request.POST or None)
    posting_form = PostingForm(request.POST or None, desk=desk, initial={"unit": request.GET.get("unit")})
    if request.method == "POST" and form.is_valid() & posting_form.is_valid():
        person = form.save(commit=False)
        password = managing.create_person(person, posting_form.save(commit=False), by=request.user)
        return render(request, "summaries/manage/password_shown.html", {"person": person, "password": password, "is_new": True})
    return render(request, "summaries/manage/user_create.html", {"form": form, "posting_form": posting_form})


def user_update(request, pk):
    """A person: posts, areas, history; who may change the account has the form as well."""
    desk = desk_of(request)
    person = get_object_or_404(desk.people(), pk=pk)
    may_manage = desk.manages(person)
    form = PersonForm(request.POST or None, instance=person) if may_manage else None
    if request.method == "POST":
        person = managed_person(desk, pk)
        form = PersonForm(request.POST, instance=person)
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("summaries:user_update", pk=pk)
    return render(request, "summaries/manage/user_update.html", _person_context(desk, User.objects.get(pk=pk), form))


def _person_context(desk, person, form):
    postings = list(Posting.objects.for_user(desk.user).filter(user=person).select_related("unit", "supervisor"))
    beats = list(desk.beats().filter(user=person).select_related("area", "unit", "absence__user").order_by("-starts_on", "area__code"))
    may_manage = form is not None
    for posting in postings:
        posting.is_current = posting.is_valid_on(posting.unit.today())
        posting.may_end = may_manage and desk.manages_posting(posting) and (posting.ends_on is None or posting.ends_on >= posting.unit.today())
    for beat in beats:
        beat.is_current = beat.starts_on <= beat.unit.today() and (beat.ends_on is None or beat.ends_on >= beat.unit.today())
        beat.may_end = (
            may_manage and beat.absence_id is None and desk.manages_unit(beat.unit) and (beat.ends_on is None or beat.ends_on >= beat.unit.today())
        )
    holds_areas = any(posting.role in OFFICERS and posting.may_end for posting in postings)
    return {
        "desk": desk,
        "person": person,
        "form": form,
        "postings": postings,
        "officer_roles": OFFICERS,
        "beats": beats,
        "devices": _alike(Device.objects.filter(user=person).in_use()) if may_manage else [],
        "may_give_area": holds_areas,
        "to_hand_over": next((posting for posting in postings if posting.role in OFFICERS and posting.is_current), None)
        if desk.managed_paths
        else None,
        "history": history_of(person),
    }


@never_cache
def user_password(request, pk):
    """Asks, then shows a new password once."""
    desk = managing_desk_of(request)
    person = managed_person(desk, pk)
    if request.method == "POST":
        password = managing.renew_password(person, by=request.user)
        return render(request, "summaries/manage/password_shown.html", {"person": person, "password": password})
    return render(request, "summaries/manage/user_password.html", {"person": person})


@require_POST
def device_revoke(request, pk, uuid):
    """Puts out a phone that somebody lost."""
    person = managed_person(managing_desk_of(request), pk)
    device = get_object_or_404(Device, user=person, uuid=uuid)
    managing.put_out(device, by=request.user)
    messages.success(request, _("The phone is signed out. It wipes what it keeps when it next finds the network."))
    return redirect("summaries:user_update", pk=pk)


def user_close(request, pk):
    """Closes an account, with the reason."""
    return _open_or_close(request, pk, closing=True)


def user_open(request, pk):
    """Opens a closed account again, with the reason."""
    return _open_or_close(request, pk, closing=False)


def _open_or_close(request, pk, closing):
    desk = managing_desk_of(request)
    person = managed_person(desk, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = managing.close_account if closing else managing.open_account
        act(person, form.cleaned_data["reason"])
        messages.success(request, _("The account is closed.") if closing else _("The account is open again."))
        return redirect("summaries:user_update", pk=pk)
    return render(request, "summaries/manage/user_close.html", {"person": person, "form": form, "closing": closing})


def _alike(devices) -> list[tuple[str, list[Device]]]:
    """Sign-ins by what they are called, the last seen first: one browser may have signed in many times."""
    groups: dict[str, list[Device]] = {}
    for device in sorted(devices, key=lambda device: device.last_seen_at, reverse=True):
        groups.setdefault(str(device), []).append(device)
    return list(groups.items())
