"""Lists of potentials to take along: as they are narrowed, with the position, without phone numbers."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from mapping.models import Partner
from patrol.potential_pages import Tab, label_of, said_of
from polmas.people.sheets import Cell

MAX_ROWS = 20_000


def headings(tab: Tab) -> list[str]:
    named = [label_of(tab.model, name) for name in tab.columns]
    return [*named, *([_("Agreement ends")] if tab.model is Partner else []), _("Latitude"), _("Longitude")]


def rows_of(tab: Tab, entries) -> Iterator[list[Cell]]:
    codes = tab.codes()
    for entry in entries.iterator(chunk_size=500):
        said = [cell_of(said_of(entry, name, tab, codes)) for name in tab.columns]
        ends = [entry.expires_on] if tab.model is Partner else []
        place = entry.location
        yield [*said, *ends, *([round(place.y, 6), round(place.x, 6)] if place else [None, None])]


def cell_of(value) -> Cell:
    if isinstance(value, bool):
        return _("yes") if value else ""
    return value
