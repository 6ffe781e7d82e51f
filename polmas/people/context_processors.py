"""What every template knows."""

from django.utils.functional import SimpleLazyObject

from polmas.people.navigation import navigation_for


def csp_nonce(request):
    """django-leaflet's templates read `csp_nonce`; django-csp's own processor calls it CSP_NONCE."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}


def shell(request):
    """The bars round the page, made only if a template asks: fragments, error pages and the sign-in page don't."""
    return {"navigation": SimpleLazyObject(lambda: navigation_for(request.user, request.path))}
