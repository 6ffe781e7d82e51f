"""What every template knows."""

from polmas.people.navigation import entries_for


def csp_nonce(request):
    """django-leaflet's templates read `csp_nonce`; django-csp's own processor calls it CSP_NONCE."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}


def shell(request):
    """The navigation round the page: what this person may open, and where they are."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    return {"navigation": entries_for(user, request.path), "post": user.post}
