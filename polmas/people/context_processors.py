"""What every template knows."""

from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from polmas.people.navigation import navigation_for


def csp_nonce(request):
    """django-leaflet's templates read `csp_nonce`; django-csp's own processor calls it CSP_NONCE."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}


def shell(request):
    """The bars round the page, made only if a template asks: fragments, error pages and the sign-in page don't."""
    return {"navigation": SimpleLazyObject(lambda: navigation_for(request.user, request.path))}


def base_map(request):
    """Where the file of the base map is read from, and whose work it is; nothing where there is none. Another file has another address:
    browsers keep parts of it."""
    path = Path(settings.MAP_PMTILES)
    if not settings.MAP_PMTILES or not path.is_file():
        return {}
    url = f"{reverse('summaries:base_map')}?v={path.stat().st_mtime_ns:x}"
    return {"base_map": {"url": url, "attribution": settings.MAP_TILES_ATTRIBUTION}}
