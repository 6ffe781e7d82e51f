"""How the drawings of two sources differ: how far each area moved, which were divided, which were put together. All sums are the database's."""

import collections
import dataclasses
from collections.abc import Iterable, Sequence

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection

PIECE = 0.1  # of the old area, which a new one must take to count as a piece of it
INSIDE = 0.5  # of a new area, which must lie in the old one: a neighbour from a rougher source only laps over
COVERED = 0.8  # of the old area, which its heirs must hold together
POINTS = 1000  # across an outline: finer than that nothing is measured, or shown

TABLE = """
    DROP TABLE IF EXISTS area_compared;
    CREATE TEMPORARY TABLE area_compared (code text, name text, depth int, before geometry, after geometry, PRIMARY KEY (code)) ON COMMIT DROP
"""
ADD = """
    INSERT INTO area_compared
    SELECT code, name, depth, standing.shape, ST_SetSRID(ST_GeomFromWKB(wkb), 4326)
    FROM unnest(%s::text[], %s::text[], %s::int[], %s::bigint[], %s::bytea[]) AS new (code, name, depth, standing_id, wkb)
    LEFT JOIN mapping_areashape standing ON standing.id = standing_id
"""

# Metres from degrees near one place; good to a percent within an area.
METRES = "ST_Scale({0}, 111320 * cos(radians(ST_YMin(after))), 110574)"
ROUGH = "ST_SimplifyPreserveTopology({0}, greatest(ST_XMax({0}) - ST_XMin({0}), ST_YMax({0}) - ST_YMin({0})) / %(points)s)"

MEASURE = f"""
    WITH rough AS (
        SELECT code, name, before IS NOT NULL AS had, {ROUGH.format("before")} AS before, {ROUGH.format("after")} AS after,
            CASE WHEN before IS NULL THEN 0 ELSE ST_Area(ST_Intersection(before, after)) END AS common,
            ST_Area(before) AS old_size, ST_Area(after) AS new_size, ST_Area({METRES.format("before")}) AS old_m2,
            ST_Perimeter({METRES.format("before")}) AS round_m
        FROM area_compared)
    SELECT code, name, had, common / nullif(old_size + new_size - common, 0),
        (old_size + new_size - 2 * common) * old_m2 / nullif(old_size * round_m, 0),
        ST_HausdorffDistance({METRES.format("before")}, {METRES.format("after")}), {{outlines}}
    FROM rough ORDER BY code
"""  # noqa: S608 - no value from outside
OUTLINES = "ST_AsBinary(before), ST_AsBinary(after)"

# What stood before, of areas that were drawn anew, and of those that the source leaves out; and how much of each lies in which new one.
# What overlaps is looked up in the index of outlines, one by one: of a country's villages all have one depth, and a planner that joins by
# it compares each with all the others.
PIECES = """
    CREATE INDEX ON area_compared USING gist (after);
    ANALYZE area_compared;
    WITH nearby AS MATERIALIZED (
        SELECT DISTINCT standing.id, new.depth, new.before IS NULL AS is_fresh
        FROM area_compared new
        CROSS JOIN LATERAL (SELECT id FROM mapping_areashape WHERE shape && new.after AND is_current AND valid_to IS NULL OFFSET 0) standing
    ), stood AS MATERIALIZED (
        SELECT code, name, depth, before AS shape FROM area_compared WHERE before IS NOT NULL
        UNION ALL
        SELECT DISTINCT ON (area.id) area.code, area.name, area.depth, standing.shape
        FROM nearby
        JOIN mapping_areashape standing USING (id)
        JOIN mapping_area area ON area.id = standing.area_id AND area.depth = nearby.depth
        WHERE (nearby.is_fresh OR area.code = ANY(%(vanished)s)) AND NOT EXISTS (SELECT FROM area_compared WHERE area_compared.code = area.code)
    ), touched AS MATERIALIZED (
        SELECT stood.* FROM stood
        WHERE code = ANY(%(vanished)s) OR EXISTS (
            SELECT FROM (SELECT before, depth FROM area_compared WHERE after && stood.shape OFFSET 0) fresh
            WHERE fresh.before IS NULL AND fresh.depth = stood.depth)
    )
    SELECT old.code, old.name, new.code, new.name, common / nullif(ST_Area(old.shape), 0), common / nullif(ST_Area(new.after), 0)
    FROM touched old
    CROSS JOIN LATERAL (SELECT * FROM area_compared WHERE after && old.shape OFFSET 0) new,
        ST_Area(ST_Intersection(old.shape, new.after)) common
    WHERE new.depth = old.depth AND (new.before IS NULL OR old.code = ANY(%(vanished)s) OR new.code = old.code)
    ORDER BY old.code, new.code
"""


@dataclasses.dataclass
class Change:
    """One area drawn anew: the share of both outlines that is common to them, and how many metres it moved, on average and at most."""

    code: str
    name: str
    had: bool
    shared: float | None
    moved_m: float | None
    farthest_m: float | None
    before: GEOSGeometry | None = None
    after: GEOSGeometry | None = None

    @property
    def shared_percent(self) -> int | None:
        """Never a hundred for what differs."""
        return None if self.shared is None else int(self.shared * 100)


@dataclasses.dataclass
class Heirs:
    """An old area and the new ones that hold it now, each with its share."""

    code: str
    name: str
    shares: dict[tuple[str, str], float]


class Comparison:
    """Gathers what stood and what comes, within the transaction; asks the database about both at the end."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        self.fresh, self.redrawn = 0, 0

    def add(self, rows: Iterable[tuple[str, str, int, int | None, MultiPolygon]]) -> None:
        """Areas by code, name and depth, with the key of the drawing that stands, if any, and the new shape. Call before the row changes."""
        lines = [(code, name, depth, standing, bytes(shape.wkb)) for code, name, depth, standing, shape in rows]
        self.fresh += sum(line[3] is None for line in lines)
        self.redrawn += sum(line[3] is not None for line in lines)
        if columns := list(zip(*lines, strict=True)):
            with connection.cursor() as cursor:
                cursor.execute(ADD, [list(column) for column in columns])

    def changes(self, with_outlines: bool = False) -> list[Change]:
        """Each area drawn anew, and with outlines those drawn first, too."""
        if not (self.redrawn or with_outlines):
            return []
        with connection.cursor() as cursor:
            cursor.execute(MEASURE.format(outlines=OUTLINES if with_outlines else "NULL, NULL"), {"points": POINTS})
            return [Change(*row[:6], *map(_shape, row[6:])) for row in cursor.fetchall()]

    def heirs(self, vanished: Sequence[str]) -> tuple[list[Heirs], list[Heirs]]:
        """Old areas that several hold now; and old areas that one other holds now. `vanished`: codes that the source leaves out."""
        if not (self.fresh or vanished):
            return [], []
        with connection.cursor() as cursor:
            cursor.execute(PIECES, {"vanished": list(vanished)})
            rows = cursor.fetchall()
        found: dict[str, Heirs] = {}
        for old, old_name, new, new_name, share, within in rows:
            if share and share >= PIECE and (old == new or old in vanished or within >= INSIDE):
                found.setdefault(old, Heirs(old, old_name, {})).shares[new, new_name] = share
        held = [old for old in found.values() if sum(old.shares.values()) >= COVERED]
        divided = [old for old in held if len(old.shares) > 1]
        swallowed = [old for old in held if len(old.shares) == 1 and next(iter(old.shares))[0] != old.code and old.code in vanished]
        return divided, swallowed


def merged(swallowed: Iterable[Heirs]) -> dict[tuple[str, str], list[Heirs]]:
    """By the new area, the old ones that it holds now."""
    groups: dict[tuple[str, str], list[Heirs]] = collections.defaultdict(list)
    for old in swallowed:
        groups[next(iter(old.shares))].append(old)
    return dict(groups)


def _shape(wkb) -> GEOSGeometry | None:
    return None if wkb is None else GEOSGeometry(memoryview(wkb), srid=4326)
