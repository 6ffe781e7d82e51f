"""Parts of addresses that are read in our own way."""

from django.urls.converters import UUIDConverter


class AnyCaseUUID(UUIDConverter):
    """A UUID in small letters or capitals: programs write either, and both mean the same (RFC 9562)."""

    regex = UUIDConverter.regex.replace("a-f", "a-fA-F")
