"""A made-up country under codes that look like real ones and belong to nobody, for databases that hold nobody who could report.

A Polsek has eight officers and a kecamatan of sixteen villages, each a square of two hundredths of a degree; ten Polsek make a
Polres, fifteen Polres a Polda. Names say what they are, so that nobody takes them for true.
"""

import dataclasses
import datetime
import math

from django.contrib.auth.hashers import make_password
from django.contrib.gis.geos import MultiPolygon, Polygon

from mapping.models import Area, AreaShape, Beat
from mapping.models.areas import level_of
from polmas.people.models import Posting, Role, Unit, User
from polmas.people.models.units import UnitKind, Zone

OFFICERS, VILLAGES = 8, 16  # of one Polsek
POLSEK, POLRES = 10, 15  # of one Polres, of one Polda
SIDE = 0.02  # degrees: some two kilometres
WEST, SOUTH = 95.0, -10.8
FIRST_NRP = 60_000_000
# Two digits that stand for no province (Permendagri 137/2017 and its successors), so that real areas can be loaded beside these.
PROVINCES = [*range(22, 31), *range(37, 51), *range(54, 61), *range(66, 71), *range(77, 81), *range(83, 91)]
SINCE = datetime.date(2020, 1, 1)
CHUNK = 2000


@dataclasses.dataclass(frozen=True)
class Spot:
    """The place of one Polsek in the country: which Polda, which Polres of it, which Polsek of that; each from 0."""

    number: int

    @property
    def polres(self):
        return self.number // POLSEK

    @property
    def polda(self):
        return self.polres // POLRES

    @property
    def code(self) -> str:
        """Of its kecamatan."""
        return f"{PROVINCES[self.polda]}.{self.polres % POLRES + 1:02d}.{self.number % POLSEK + 1:02d}"

    @property
    def corner(self) -> tuple[float, float]:
        """South-west, in degrees: each Polres is a row of ten, the rows stand in twenty-five columns."""
        column, row = self.polres % 25, self.polres // 25
        return WEST + column * 1.8 + (self.number % POLSEK) * 4 * SIDE, SOUTH + row * 0.8


def make_country(officers: int) -> None:
    """Units, areas with shapes, officers with their villages, and a Kapolsek and a Kanit at each Polsek."""
    spots = [Spot(number) for number in range(math.ceil(officers / OFFICERS))]
    units = make_units(spots)
    villages = make_areas(spots, units)
    make_people(spots, units, villages)


def make_units(spots) -> list[Unit]:
    """The Polsek, in the order of their spots. Siblings stand in the order of their names, as the tree wants them."""
    root = Unit.objects.filter(depth=1).first() or Unit.objects.add_root(dict(code="MABES", name="Mabes Polri", kind=UnitKind.MABES))
    above: dict[str, Unit] = {}
    rows: list[Unit] = []
    for spot in spots:
        polda = above.get(f"polda {spot.polda}") or child(root, rows, above, f"polda {spot.polda}", UnitKind.POLDA, f"{spot.polda + 1:02d}", spot)
        key = f"polres {spot.polres}"
        polres = above.get(key) or child(polda, rows, above, key, UnitKind.POLRES, f"{spot.polres + 1:03d}", spot)
        child(polres, rows, above, f"polsek {spot.number}", UnitKind.POLSEK, f"{spot.number + 1:04d}", spot)
    Unit.objects.bulk_create(rows, batch_size=CHUNK)
    Unit.objects.filter(pk=root.pk).update(numchild=root.numchild)
    return [above[f"polsek {spot.number}"] for spot in spots]


def child(parent, rows, above, key, kind, number, spot) -> Unit:
    parent.numchild += 1
    zone = (Zone.WIB, Zone.WITA, Zone.WIT)[min(spot.polres % 25 // 9, 2)]
    unit = Unit(
        path=Unit._get_path(parent.path, parent.depth + 1, parent.numchild),
        depth=parent.depth + 1,
        code=f"SIMULASI-{kind}-{number}",
        name=f"{kind.label} Simulasi {number}",
        kind=kind,
        time_zone=zone,
    )
    rows.append(unit)
    above[key] = unit
    return unit


def make_areas(spots, units) -> list[list[Area]]:
    """The villages of each spot; provinces, cities and kecamatan above them have no shape."""
    areas: dict[str, Area] = {}
    for spot in spots:
        for end in (2, 5, 8):
            add_area(areas, spot.code[:end], f"Simulasi {spot.code[:end]}")
        for n in range(VILLAGES):
            add_area(areas, village_code(spot, n), f"Desa Simulasi {spot.number + 1:04d}-{n + 1:02d}")
    for depth in range(1, 5):  # parents before children, since these name the parent's number
        Area.objects.bulk_create([area for area in areas.values() if area.depth == depth and area.pk is None], batch_size=CHUNK)
        for area in areas.values():
            area.parent = area.parent  # takes over the number that the parent has by now
    villages = [[areas[village_code(spot, n)] for n in range(VILLAGES)] for spot in spots]
    AreaShape.objects.bulk_create((shape_of(area, spot, n) for spot, mine in zip(spots, villages, strict=True) for n, area in enumerate(mine)), CHUNK)
    through = Area.units.through
    through.objects.bulk_create(
        [through(area_id=area.pk, unit_id=unit.pk) for unit, mine in zip(units, villages, strict=True) for area in mine], batch_size=CHUNK
    )
    return villages


def village_code(spot, n) -> str:
    return f"{spot.code}.{2001 + n}"


def add_area(areas, code, name) -> None:
    if code not in areas:
        areas[code] = Area(code=code, name=name, level=level_of(code), depth=code.count(".") + 1, parent=areas.get(code.rpartition(".")[0]))


def shape_of(area, spot, n) -> AreaShape:
    """One square of the four by four."""
    west, south = spot.corner[0] + n % 4 * SIDE, spot.corner[1] + n // 4 * SIDE
    square = Polygon.from_bbox((west, south, west + SIDE, south + SIDE))
    square.srid = 4326
    return AreaShape(area=area, source="simulasi", shape=MultiPolygon(square, srid=4326), area_m2=4_900_000)


def make_people(spots, units, villages) -> None:
    """Nobody of them can sign in: no password is set."""
    people = [person(spot, n) for spot in spots for n in range(OFFICERS + 2)]
    User.objects.bulk_create(people, batch_size=CHUNK)
    roles = [Role.BHABINKAMTIBMAS] * OFFICERS + [Role.KANIT_BINMAS, Role.KAPOLSEK]
    size = len(roles)
    served = [(user, units[place // size], roles[place % size]) for place, user in enumerate(people)]
    Posting.objects.bulk_create([Posting(user=user, unit=unit, role=role, starts_on=SINCE) for user, unit, role in served], batch_size=CHUNK)
    beats = []
    for place, user in enumerate(people):
        mine = villages[place // size][place % size * 2 : place % size * 2 + 2] if place % size < OFFICERS else []
        beats += [Beat(user=user, area=area, unit=units[place // size], starts_on=SINCE) for area in mine]
    Beat.objects.bulk_create(beats, batch_size=CHUNK)


def person(spot, n) -> User:
    nrp = str(FIRST_NRP + spot.number * (OFFICERS + 2) + n)
    rank = "BRIPKA" if n < OFFICERS else "IPTU"
    return User(username=nrp, nrp=nrp, name=f"Petugas Simulasi {spot.number + 1:04d}-{n + 1:02d}", rank=rank, password=make_password(None))
