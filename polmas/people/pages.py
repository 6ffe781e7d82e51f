"""Pages of lists that are too long to be counted."""

import dataclasses
from collections.abc import Sequence
from typing import Any

LAST = 1000  # whoever looks for more than this narrows the list


@dataclasses.dataclass(frozen=True)
class Page:
    """One page, which knows whether another follows and not how many there are; templates read it as they read Django's."""

    object_list: Sequence[Any]
    number: int
    has_next: bool

    def __iter__(self):
        return iter(self.object_list)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_next or self.has_previous

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1


def page_of(rows, asked: str | None, size: int) -> Page:
    """The page that an address asks for; whatever is no number is the first."""
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    number = min(max(number, 1), LAST)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(found[:size], number, len(found) > size and number < LAST)
