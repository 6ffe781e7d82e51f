"""The bars round every page: which entries a person sees, in which order."""

import dataclasses

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from polmas.people.scope import LEADERS_POLRES, LEADERS_POLSEK, OFFICERS, OPERATORS, READ_FIGURES, READ_WHOLE, REVIEWERS

POLICE = OFFICERS | READ_WHOLE
SUMMARY_READERS = READ_FIGURES


@dataclasses.dataclass(frozen=True)
class Entry:
    """One word in the bar. `roles` empty: for members of a forum, who hold no posting."""

    label: str | Promise
    path: str
    icon: str
    roles: frozenset[str]


ENTRIES = (
    Entry(_("Home"), "/", "home", POLICE | READ_FIGURES | {"admin"}),
    Entry(_("Dashboard"), "/dasbor/", "chart-bar", READ_FIGURES),
    Entry(_("Map"), "/peta/", "map", POLICE),
    Entry(_("Record"), "/catat/", "circle-plus", OFFICERS),
    Entry(_("Activities"), "/kegiatan/", "clipboard-list", POLICE),
    Entry(_("Outbox"), "/antrean/", "cloud-upload", OFFICERS),
    Entry(_("Review"), "/tinjau/", "clipboard-check", REVIEWERS),
    Entry(_("Summaries"), "/rekap/", "report", SUMMARY_READERS),
    Entry("FKPM", "/fkpm/", "users-group", POLICE),
    Entry(_("Management"), "/kelola/", "adjustments", OPERATORS | {"admin"} | LEADERS_POLSEK | LEADERS_POLRES),
)
MEMBER_ENTRIES = (Entry(_("Home"), "/", "home", frozenset()), Entry("FKPM", "/fkpm/", "users-group", frozenset()))


def entries_for(user, path):
    """The entries that a person may open, each with whether it is where they are now."""
    roles = user.scope.roles
    entries = [entry for entry in ENTRIES if entry.roles & roles] or MEMBER_ENTRIES
    return [{"entry": entry, "is_here": path == entry.path if entry.path == "/" else path.startswith(entry.path)} for entry in entries]
