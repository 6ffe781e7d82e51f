"""What every request passes on its way to a view."""

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

# What somebody reaches who has to choose a password first: the page for it, the way out, and the switch of languages.
BEFORE_PASSWORD = ("people:password_update", "people:session_delete", "people:language_update")


class TextCompressionMiddleware(GZipMiddleware):
    """Pages, data and tables travel compressed, which on a slow network is a second a page; pictures and papers are so already."""

    TEXT = ("text/", "application/json", "application/geo+json", "application/javascript", "image/svg+xml")

    def process_response(self, request, response):
        return super().process_response(request, response) if response.get("Content-Type", "").startswith(self.TEXT) else response


class SteadySessionMiddleware(SessionMiddleware):
    """Sessions, whose cookie no answer takes away. Django's does so where the session is gone; but a phone asks in the background, and
    such an answer may come after the one that signed its user in anew. A cookie without a session opens nothing."""

    def process_response(self, request, response):
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and not cookie.value:
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class UserLanguageMiddleware:
    """Speaks the language that the signed-in person chose; before that the browser's, Indonesian where it asks for neither."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Who asks is looked up only where a page speaks: the health check answers without the database.
        chosen = getattr(request.user, "language", "") if request.path != "/healthz" else ""
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)


class FirstPasswordMiddleware:
    """Leads whoever signed in with a one-time password to the page for an own one: who handed it out knows it too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not self.concerns(request, view) or not getattr(request.user, "must_change_password", False):
            return None
        if request.path.startswith("/api/"):
            error = {"code": "password_change_required", "detail": _("Choose a password of your own first: open polmas and sign in."), "attr": None}
            return JsonResponse({"type": "client_error", "errors": [error]}, status=403)
        return redirect("people:password_update")

    @staticmethod
    def concerns(request, view) -> bool:
        """Pages that ask for a sign-in, and all of the API, which asks by itself."""
        asks = getattr(view, "login_required", True) or request.path.startswith("/api/")
        return asks and request.resolver_match.view_name not in BEFORE_PASSWORD
