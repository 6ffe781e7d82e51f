"""What a person may see: the one place where roles become rows.

Every scoped queryset has one verb, `for_user(user)`, and asks `user.scope`. Whoever has no posting valid today has an
empty scope and sees nothing: scoping fails closed.
"""

import dataclasses
import datetime
from collections.abc import Iterable

from django.db.models import Q

# Officers read their own reports and what lies in the areas they hold; nothing by their unit alone.
OFFICERS = frozenset({"bhabinkamtibmas", "polisi_rw", "petugas_pospol"})
# These read every row of their unit and of all units below it.
LEADERS_POLSEK = frozenset({"kapolsek", "wakapolsek"})
LEADERS_POLRES = frozenset({"kapolres", "wakapolres"})
REVIEWERS = frozenset({"kanit_binmas"})
# A unit without a Kanit Binmas of its own: whoever heads it looks at its reports.
SMALL_UNITS = frozenset({"SUBSEKTOR", "POSPOL"})
OPERATORS = frozenset({"operator_polsek", "operator_polres"})
# These record a report in the name of an officer of their unit, who then confirms it.
RECORDERS = REVIEWERS | {"operator_polsek"}
READ_WHOLE = LEADERS_POLSEK | LEADERS_POLRES | REVIEWERS | OPERATORS | {"kasat_binmas"}
# Who commands officers: these read how an officer is rated and what is written about their service. Operators keep the books and do not.
SUPERIORS = LEADERS_POLSEK | LEADERS_POLRES | REVIEWERS | {"kasat_binmas"}
# These read the names in cases of problem solving; operators do not.
CASE_READERS = READ_WHOLE - OPERATORS
# These alone read the Laporan Informasi of their unit and of all below it, beside its author (domain.md 4.4); of the others of a
# unit only the Kasat Binmas knows how many there are.
INTELLIGENCE = frozenset({"kanit_intelkam", "kasat_intelkam"})
INFORMATION_READERS = LEADERS_POLSEK | LEADERS_POLRES | REVIEWERS | INTELLIGENCE
INFORMATION_COUNTERS = INFORMATION_READERS | {"kasat_binmas"}
# Who takes reports at the counter. They and the operator of the Polsek enter incidents and say each day that the list is complete.
SPKT = frozenset({"spkt", "ka_spkt"})
INCIDENT_WRITERS = SPKT | {"operator_polsek"}
INCIDENT_READERS = SPKT | READ_WHOLE
# These alone read what was done to whom in sexual crimes and violence in families; operators and Kasat know how many there were.
DISCREET_READERS = SPKT | LEADERS_POLSEK | LEADERS_POLRES | REVIEWERS
# These read figures and summaries of all units below theirs, and no person.
READ_FIGURES = READ_WHOLE | {"dirbinmas", "kapolda", "pembaca_mabes"}
# The security index is internal: these read a board's scores with their reasons, those above the Polres its numbers alone; keepers
# found the board of their unit and lead each quarter (domain.md 7).
INDEX_KEEPERS = LEADERS_POLSEK | LEADERS_POLRES | REVIEWERS | {"kasat_binmas"}
INDEX_READERS = INDEX_KEEPERS | INTELLIGENCE
INDEX_FIGURES = INDEX_READERS | {"dirbinmas", "kapolda", "pembaca_mabes"}


def is_reviewing(role: str, unit_kind: str) -> bool:
    """Whether a posting in this role lets its holder review the reports of the unit: a Kanit Binmas; at a pospol or subsektor, its head."""
    return role in REVIEWERS or (role in LEADERS_POLSEK and unit_kind in SMALL_UNITS)


def in_subtrees(field: str, paths: Iterable[str]) -> Q:
    """Rows whose unit path lies in one of the subtrees. No path gives a condition that nothing fulfils."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


@dataclasses.dataclass(frozen=True)
class Scope:
    """The postings of one user that are valid today, as (role, path of the unit, id of the unit)."""

    user_id: int
    posts: tuple[tuple[str, str, int], ...] = ()
    is_admin: bool = False
    review_paths: frozenset[str] = frozenset()  # subtrees whose reports the user may review
    is_supervisor: bool = False  # named on the posting of somebody else as who reviews their reports

    @classmethod
    def of(cls, user) -> "Scope":
        if not user.is_active:
            return cls(user.pk)
        postings = user.postings_today
        posts = tuple((posting.role, posting.unit.path, posting.unit_id) for posting in postings)
        reviewed = frozenset(posting.unit.path for posting in postings if is_reviewing(posting.role, posting.unit.kind))
        is_supervisor = any(posting.is_supervising for posting in postings)
        return cls(user.pk, posts, any(role == "admin" for role, _, _ in posts), reviewed, is_supervisor)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _, _ in self.posts)

    @property
    def paths(self) -> frozenset[str]:
        """Paths of all units in which the user serves."""
        return frozenset(path for _, path, _ in self.posts)

    def paths_as(self, roles: Iterable[str]) -> frozenset[str]:
        """Paths of the units in which the user holds one of these roles."""
        wanted = frozenset(roles)
        return frozenset(path for role, path, _ in self.posts if role in wanted)

    @property
    def whole_paths(self) -> frozenset[str]:
        """Subtrees of which the user reads every row."""
        return self.paths_as(READ_WHOLE)

    @property
    def command_paths(self) -> frozenset[str]:
        """Subtrees in which the user is a superior of every officer."""
        return self.paths_as(SUPERIORS)

    @property
    def figure_paths(self) -> frozenset[str]:
        """Subtrees of which the user reads figures."""
        return self.paths_as(READ_FIGURES)

    @property
    def is_reviewer(self) -> bool:
        """Whether reports wait for this user at all: those of a unit, or of single officers."""
        return bool(self.review_paths) or self.is_supervisor

    def reviews(self, unit) -> bool:
        return any(unit.path.startswith(path) for path in self.review_paths)

    @property
    def information_paths(self) -> frozenset[str]:
        """Subtrees of which the user reads every Laporan Informasi."""
        return self.paths_as(INFORMATION_READERS)

    @property
    def is_police(self) -> bool:
        return bool(self.posts) and self.roles != {"admin"}

    @property
    def is_officer(self) -> bool:
        return bool(self.roles & OFFICERS)

    @property
    def is_recorder(self) -> bool:
        """Whether the user records reports in the name of officers."""
        return bool(self.roles & RECORDERS)

    def has(self, *roles: str) -> bool:
        return bool(self.roles & frozenset(roles))

    def holds(self, roles: Iterable[str], unit) -> bool:
        """Whether the user holds one of the roles at this unit or above it."""
        return any(unit.path.startswith(path) for path in self.paths_as(roles))


def on_day(day: datetime.date, start: str = "starts_on", end: str = "ends_on") -> Q:
    """Rows of a dated table that are valid on a day, first and last day included."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": day}))
