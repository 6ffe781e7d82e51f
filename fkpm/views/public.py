"""What visitors of a forum's public pages have in common: a language of their choice without a cookie, and no sign-in."""

import functools

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers


def in_language_asked(view):
    """Speaks the language in the address (?bahasa=en), else the browser's."""

    @functools.wraps(view)
    def spoken(request, *args, **kwargs):
        asked = request.GET.get("bahasa")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return spoken
