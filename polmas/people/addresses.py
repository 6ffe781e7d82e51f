"""From which address somebody asks, and at which one others find us."""

import ipaddress

from django.conf import settings


def client_address(request) -> str | None:
    """The address that the outermost of our own proxies saw. Whatever stands left of it in X-Forwarded-For, the client wrote itself."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.PROXY_COUNT <= len(forwarded):
        try:
            return str(ipaddress.ip_address(forwarded[-settings.PROXY_COUNT].strip()))
        except ValueError:  # not what our proxy writes: the request came past it
            pass
    return request.META.get("REMOTE_ADDR") or None


def public_address(path: str) -> str:
    """A page as it is written on paper, in messages and in QR codes: always at the address that the installation gives itself."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
