"""How bodies of the API are read."""

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

# Deeper than anything that the API describes, and shallow enough for every step that walks a body.
MAX_DEPTH = 20


class StrictJSONParser(BaseParser):
    """JSON in UTF-8, within the size and depth that we work with. Whatever else comes is answered with 400.

    The charset of the header is not looked at: JSON between systems is UTF-8 (RFC 8259), and some codecs break on reading.
    """

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ParseError(_("This request is too large. Send fewer reports at a time."))
        try:
            value = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
        except ValueError as error:
            raise ParseError(_("This is not JSON that can be read.")) from error
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error
        if is_deeper_than(value, MAX_DEPTH):
            raise ParseError(_("This JSON is nested too deeply."))
        return value


def _refuse(name: str):
    raise ValueError(f"{name} is not JSON")


def is_deeper_than(value: Any, limit: int) -> bool:
    """Whether lists and objects are nested more than `limit` levels, found without recursion."""
    level = [value]
    for _depth in range(limit + 1):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value):
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
