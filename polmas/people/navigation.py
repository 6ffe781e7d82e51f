"""The bars round every page: which entries a person sees, in which order."""

import dataclasses
import itertools

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from polmas.people.scope import (
    CASE_READERS,
    INCIDENT_READERS,
    INDEX_FIGURES,
    INFORMATION_READERS,
    INTELLIGENCE,
    LEADERS_POLRES,
    LEADERS_POLSEK,
    OFFICERS,
    OPERATORS,
    READ_FIGURES,
    READ_WHOLE,
    RECORDERS,
    REVIEWERS,
    SPKT,
)

POLICE = OFFICERS | READ_WHOLE
MEDIATOR = "mediator"  # no role of a posting: a member of a forum's board who mediates in a case
SUPERVISOR = "supervisor"  # no role of a posting: whoever reviews reports, in whatever role
# These serve at a unit as well, and stand in its roster, without reading its reports.
SERVING = frozenset({"kanit_lain", "kanit_intelkam", "kasat_intelkam", "ka_spkt", "spkt", "sipropam"})
POSTED = POLICE | SERVING  # whom commanders may ask and tell
PROPAM = frozenset({"sipropam", "kapolda"}) | LEADERS_POLRES  # who reads of perpetrators in service
MANAGERS = OPERATORS | LEADERS_POLSEK | LEADERS_POLRES | {"admin"}


@dataclasses.dataclass(frozen=True)
class Entry:
    """One word in the bar, for those who hold one of `roles`."""

    label: str | Promise
    path: str
    icon: str
    roles: frozenset[str]
    group: str | Promise = ""
    others: tuple[str, ...] = ()  # addresses that belong to it as well
    apart: tuple[str, ...] = ()  # addresses below it that belong to another entry

    def is_at(self, path: str) -> bool:
        if any(path.startswith(apart) for apart in self.apart):
            return False
        return path == self.path if self.path == "/" else path.startswith((self.path, *self.others))


class Group:
    """Under what the entries stand in the side bar, in its order; what comes before all has no heading."""

    RECORD = _("Record")
    AREA = _("Areas")
    PEOPLE = pgettext_lazy("navigation", "Residents")
    TASKS = _("Tasks")
    OTHER = _("Other")


CASES = "/fkpm/perkara/"
HOME = Entry(_("Home"), "/", "home", frozenset())
MORE = Entry(_("More"), "/lainnya/", "menu-2", frozenset())
FKPM = Entry("FKPM", "/fkpm/", "users-group", POLICE, Group.PEOPLE, apart=(CASES,))
# In the order of the side bar. Home stands first for everybody.
ENTRIES = (
    Entry(_("Dashboard"), "/dasbor/", "chart-bar", READ_FIGURES),
    Entry(_("Summaries"), "/rekap/", "report-analytics", READ_FIGURES | SPKT | INTELLIGENCE),
    Entry(_("Security index"), "/indeks/", "chart-radar", INDEX_FIGURES),
    Entry(_("Indicators of the index"), "/indeks/indikator/", "chart-radar", frozenset({"admin"}), Group.OTHER),
    Entry(_("Record"), "/catat/", "circle-plus", OFFICERS, Group.RECORD),
    Entry(_("In an officer's name"), "/catat/atas-nama/", "writing", RECORDERS, Group.RECORD),
    Entry(_("Outbox"), "/antrean/", "cloud-upload", OFFICERS | RECORDERS, Group.RECORD),
    Entry(_("Map"), "/peta/", "map", POLICE | INCIDENT_READERS, Group.AREA),
    Entry(_("Problems"), "/masalah/", "alert-hexagon", POLICE | INTELLIGENCE | {"kanit_lain"}, Group.AREA),
    Entry(_("Incidents"), "/gangguan/", "urgent", INCIDENT_READERS | OFFICERS | {"kanit_lain"}, Group.AREA),
    Entry(_("Potentials"), "/potensi/", "map-pin-star", POLICE | INTELLIGENCE, Group.AREA, ("/kelompok/", "/mitra/", "/komunitas/")),
    Entry(_("Posts"), "/pos/", "tent", POLICE, Group.AREA),
    Entry(_("Areas"), "/wilayah/", "map-pin", POLICE, Group.AREA),
    Entry(_("Registers"), "/warga/", "notes", POLICE, Group.PEOPLE),
    Entry(_("Problem solving"), CASES, "puzzle", OFFICERS | CASE_READERS | SPKT | {"kanit_lain", MEDIATOR}, Group.PEOPLE),
    FKPM,
    Entry(_("Perpetrators in service"), "/oknum/", "user-shield", PROPAM, Group.TASKS),
    Entry(_("Tasks"), "/kegiatan/", "clipboard-list", OFFICERS, Group.TASKS),
    Entry(_("Activities"), "/kegiatan/", "clipboard-list", READ_WHOLE - OFFICERS, Group.TASKS),
    Entry(_("Review"), "/tinjau/", "clipboard-check", REVIEWERS | {SUPERVISOR}, Group.TASKS),
    Entry("LI", "/li/", "shield-lock", OFFICERS | INFORMATION_READERS, Group.TASKS),
    Entry("Atensi", "/atensi/", "speakerphone", POSTED, Group.TASKS),
    Entry("Giat tematik", "/giat/", "flag", POLICE, Group.TASKS),
    Entry(_("Progress"), "/capaian/", "target-arrow", POLICE, Group.TASKS, ("/nilai/", "/penghargaan/", "/pembinaan/")),
    Entry(_("Notifications"), "/pemberitahuan/", "bell", POSTED | {"admin"}, Group.OTHER),
    Entry(_("Absences"), "/absen/", "calendar", POLICE, Group.OTHER),
    Entry(_("Handovers"), "/serah-terima/", "repeat", POLICE, Group.OTHER),
    Entry(_("Piket roster"), "/piket/", "calendar-event", POLICE | SERVING, Group.OTHER),
    Entry(_("Management"), "/kelola/", "adjustments", MANAGERS, Group.OTHER),
    Entry(_("System settings"), "/pengaturan-sistem/", "settings", frozenset({"admin"}), Group.OTHER),
)
# What stands in the phone's bottom bar, before "More": of the first line that fits the roles, those that the person has.
BARS = (
    (OFFICERS, ("/", "/peta/", "/catat/", "/kegiatan/")),
    (REVIEWERS, ("/", "/tinjau/", "/dasbor/", "/peta/")),
    (OPERATORS | {"admin"}, ("/", "/kelola/", "/dasbor/", "/peta/")),
    (READ_FIGURES, ("/", "/dasbor/", "/peta/", "/rekap/")),
    (INTELLIGENCE, ("/", "/li/", "/piket/")),
    (frozenset({"sipropam"}), ("/", "/oknum/", "/piket/")),
    (SPKT | {"kanit_lain"}, ("/", "/gangguan/", "/piket/")),
)
MEMBERS_BAR = ("/", "/fkpm/", CASES)
RAISED = "/catat/"


@dataclasses.dataclass(frozen=True)
class Link:
    """An entry as this page shows it."""

    entry: Entry
    is_here: bool

    @property
    def label(self):
        return self.entry.label

    @property
    def path(self):
        return self.entry.path

    @property
    def icon(self):
        return self.entry.icon

    @property
    def is_raised(self):
        return self.path == RAISED


@dataclasses.dataclass(frozen=True)
class Navigation:
    """`side`: all links; `bar`: those of the phone's bottom bar, "More" the last; `more`: what the page behind it lists."""

    side: list[Link]
    bar: list[Link]
    more: list[Link]

    @property
    def side_groups(self) -> list[tuple[str | Promise, list[Link]]]:
        return grouped(self.side)

    @property
    def more_groups(self) -> list[tuple[str | Promise, list[Link]]]:
        return grouped(self.more)


def grouped(links: list[Link]) -> list[tuple[str | Promise, list[Link]]]:
    """Links under the headings that they have in common, in their order."""
    return [(group, list(some)) for group, some in itertools.groupby(links, key=lambda link: link.entry.group)]


def navigation_for(user, path: str) -> Navigation:
    """What a person may open, seen from the page at `path`."""
    roles = user.scope.roles | ({SUPERVISOR} if user.scope.is_reviewer else frozenset())
    return navigation_of_roles(roles or roles_beside_postings(user), path)


def roles_beside_postings(user) -> frozenset[str]:
    """What other parts of polmas say of somebody without a posting."""
    return frozenset().union(*(import_string(name)(user) for name in settings.ROLES_BESIDE_POSTINGS))


def navigation_of_roles(roles: frozenset[str], path: str) -> Navigation:
    side = [Link(entry, entry.is_at(path)) for entry in entries_for(roles)]
    first = next((paths for wanted, paths in BARS if wanted & roles), MEMBERS_BAR)
    bar = sorted((link for link in side if link.path in first), key=lambda link: first.index(link.path))
    more = [link for link in side if link.path not in first]
    is_more = MORE.is_at(path) or path.startswith("/profil/") or any(link.is_here for link in more)
    return Navigation(side, [*bar, Link(MORE, is_more)], more)


def entries_for(roles: frozenset[str]) -> list[Entry]:
    """The entries of somebody with these roles, each path once. Without a posting: a member of a forum."""
    if not roles - {MEDIATOR}:
        cases = [dataclasses.replace(entry, label=_("Cases"), group="") for entry in ENTRIES if entry.path == CASES and roles]
        return [HOME, dataclasses.replace(FKPM, group=""), *cases]
    by_path = {HOME.path: HOME}
    for entry in ENTRIES:
        if entry.roles & roles:
            by_path.setdefault(entry.path, entry)
    return list(by_path.values())
