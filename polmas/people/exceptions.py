"""What the API answers where Django itself breaks a request off."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError

CONFLICT = {409: OpenApiResponse(description="The id stands for other content.")}


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("This request is too large.")
    default_code = "too_large"


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This id already stands for something else.")
    default_code = "conflict"


def by_field(error: ValidationError) -> dict[str, list[str]]:
    """A refusal of the model by the names of the API."""
    named = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    return {"non_field_errors" if name == "__all__" else name: messages for name, messages in named.items()}


class ClientErrors(ExceptionHandler):
    """Too many files or fields, and whatever else Django suspects, is the sender's error: it answers pages so, and the API no other way."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, SuspiciousOperation):
            return ParseError(_("This request cannot be read."))
        return super().convert_known_exceptions(exc)
