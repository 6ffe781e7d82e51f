"""Phones that people are signed in on: their PIN, their lock, and putting out one that was lost."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from polmas.people.models import Device


def device_pin(request):
    """Chooses the PIN of this phone, or takes it off: the page works with the phone's own store and `devices/` of the API."""
    return render(request, "people/device_pin.html", {"device": Device.objects.of_request(request).first(), "next": safe_next(request)})


@login_not_required
def device_open(request):
    """Asks for the PIN of a remembered phone. Holds nothing of the person: the phone knows whose it is."""
    return render(request, "people/device_open.html", {"user": None, "csrf_token": ""})


@require_POST
def device_revoke(request, uuid):
    """Puts one of the own phones out."""
    device = get_object_or_404(Device.objects.for_user(request.user), uuid=uuid)
    device.revoke(request.user)
    if not request.user.is_authenticated or request.session.get("device") == str(uuid):
        return redirect("people:session_create")
    messages.success(request, _("The phone is signed out. It wipes what it keeps when it next finds the network."))
    return redirect("people:user_profile")


def safe_next(request) -> str:
    """The page to go on to: one of ours, else home."""
    wanted = request.GET.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"
