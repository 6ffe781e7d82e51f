"""How lists of the API are cut into pages."""

import re

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination


class Keyset(CursorPagination):
    """Pages by what was seen last: as fast on page one thousand as on page one.

    Anybody can write a cursor, and the library hands its position to the database as it stands: `position` is the form
    that one of ours has.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    position: re.Pattern[str]

    def decode_cursor(self, request):
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not self.position.fullmatch(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


class NewestFirst(Keyset):
    """By the row's own number, the highest first."""

    ordering = "-id"
    position = re.compile(r"[0-9]{1,18}")
