"""Parts of addresses that are read in our own way."""

import datetime

from django.urls.converters import UUIDConverter


class AnyCaseUUID(UUIDConverter):
    """A UUID in small letters or capitals: programs write either, and both mean the same (RFC 9562)."""

    regex = UUIDConverter.regex.replace("a-f", "a-fA-F")


class DayConverter:
    """A day as 2026-11-22, between the years that calendars show."""

    regex = "20[0-9]{2}-[01][0-9]-[0-3][0-9]"

    def to_python(self, value):
        return datetime.date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()
