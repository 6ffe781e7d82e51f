"""Sessions of remembered phones: they last 30 days, and sleep a quarter of an hour after the last request until the phone is opened again.

The cookie alone opens nothing then: whoever finds the phone must give its PIN, which opens the secret that lies on it. A phone that
is still open in somebody's hand gives the secret by itself (`static/js/lib/phone.js`), so that nobody types a PIN
because they read one page for long.
"""

import time
from urllib.parse import urlencode

from django.http import HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

IDLE_S = 15 * 60
NOTED_EVERY_S = 60  # a session is a row: it is not written with each request
PASSWORD_HOLDS_S = 15 * 60
# What answers also while the phone is locked: nothing here tells of anybody.
ALWAYS = {
    "healthz",
    "javascript_catalog",
    "people:session_create",
    "people:session_delete",
    "people:language_update",
    "people:device_open",
    "api:device_open",
    "api:device_state",
    "fkpm:survey_answer",
    "fkpm:publication_page",
    "summaries:service_worker",
    "summaries:shell",
}


def mark_opened(request) -> None:
    request.session["active_at"] = int(time.time())


def confirm_password(request) -> None:
    """The password was given in this session, now."""
    request.session["password_at"] = int(time.time())
    mark_opened(request)


def has_password_confirmed(request) -> bool:
    return time.time() - request.session.get("password_at", 0) < PASSWORD_HOLDS_S


class LockedPhoneMiddleware:
    """Sends a remembered phone that slept to its PIN; the API answers 401 with the code `locked`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.resolver_match.view_name in ALWAYS or not request.session.get("remembered"):
            return None
        idle = time.time() - request.session.get("active_at", 0)
        if idle < IDLE_S:
            if idle > NOTED_EVERY_S:
                mark_opened(request)
            return None
        return answer_locked(request)


def answer_locked(request):
    if request.path.startswith("/api/"):
        error = {"code": "locked", "detail": _("This phone is locked. Open it with its PIN."), "attr": None}
        return JsonResponse({"type": "client_error", "errors": [error]}, status=401)
    return HttpResponseRedirect(f"{reverse('people:device_open')}?{urlencode({'next': request.get_full_path()})}")
