"""Sign-in, sign-out and the own account."""

from urllib.parse import urlencode

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from polmas.people.forms import PasswordForm, ProfileForm, SignInForm
from polmas.people.models import Device, Zone
from polmas.people.remembering import confirm_password

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600


@method_decorator(login_not_required, name="dispatch")
class SessionCreate(LoginView):
    """Sign-in at /masuk/."""

    form_class = SignInForm
    template_name = "people/session_create.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        """Whoever wants the phone remembered chooses its PIN next, then goes on to the page asked for."""
        response = super().form_valid(form)
        Device.objects.sign_in(self.request, form.cleaned_data["device"])
        confirm_password(self.request)
        if form.cleaned_data["remember"]:
            return redirect(f"{reverse('people:device_pin')}?{urlencode({'next': self.get_success_url()})}")
        return response


class SessionDelete(LogoutView):
    """Sign-out; the queue of unsent reports stays on the phone, under its owner."""


def locked_out(request, original_response=None, credentials=None, *args, **kwargs):
    """What axes answers after too many failures: until when, and what to do meanwhile. Page or JSON, always 429."""
    until = timezone.now() + get_cool_off(request)
    detail = _("Too many failed attempts. Try again after %(time)s, or ask the operator of your unit for a new password.") % {
        "time": Zone.clocks(until)
    }
    if request.path.startswith("/api/"):
        error = {"type": "client_error", "errors": [{"code": "locked_out", "detail": detail, "attr": None}]}
        return JsonResponse(error, status=429)
    return render(request, "people/session_create.html", {"form": SignInForm(request), "locked_out": detail}, status=429)


def user_profile(request):
    """Who I am, where I serve, my phone number and language."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Profile saved."))
        return redirect("people:user_profile")
    context = {
        "form": form,
        "postings": request.user.postings.select_related("unit"),
        "tokens": request.user.api_tokens.valid(),
        "devices": Device.objects.for_user(request.user).in_use(),
        "this_device": request.session.get("device", ""),
    }
    return render(request, "people/user_profile.html", context)


def password_update(request):
    """A new password; other devices and programs are signed out by it: somebody may have had the old one.

    Whoever came with a one-time password is led here first, and goes on to the home page.
    """
    is_first = request.user.must_change_password
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            request.user.api_tokens.all().delete()
        update_session_auth_hash(request, form.user)
        for device in Device.objects.of_request(request):
            device.follow(request.session)
        messages.success(request, _("Password changed."))
        return redirect("/" if is_first else "people:user_profile")
    return render(request, "people/password_update.html", {"form": form, "is_first": is_first})


@require_POST
def token_delete(request, pk):
    """Takes a program's or phone's token away."""
    get_object_or_404(request.user.api_tokens, pk=pk).delete()
    messages.success(request, _("Token revoked."))
    return redirect("people:user_profile")


@login_not_required
@require_POST
def language_update(request):
    """Switches the language: kept in the account when signed in, else in a cookie of this browser."""
    language, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=LANGUAGE_COOKIE_SECONDS, samesite="Lax", secure=settings.HTTPS)
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response
