"""Error pages in the look and language of the rest; JSON below /api/."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _answer(request, status, kind, code, detail):
    if request.path.startswith("/api/"):
        return JsonResponse({"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}, status=status)
    return render(request, f"{status}.html", status=status)


def bad_request(request, exception=None):
    return _answer(request, 400, "client_error", "bad_request", _("This request cannot be read."))


def forbidden(request, exception=None):
    return _answer(request, 403, "client_error", "permission_denied", _("You may not do this."))


def not_found(request, exception=None):
    return _answer(request, 404, "client_error", "not_found", _("Not found."))


def server_error(request):
    return _answer(request, 500, "server_error", "error", _("Something broke on our side. Nothing that you sent before is lost."))
