"""What every request passes on its way to a view."""

from django.utils import translation


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
