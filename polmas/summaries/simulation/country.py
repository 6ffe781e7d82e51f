"""Who polices the villages that nobody polices yet: a Polda for each province, a Polres for each kabupaten and kota, about 5,000 Polsek
for the kecamatan, and officers with their villages. With the official codes that is all of Indonesia.

Nobody of these people can sign in: no password is set.
"""

import dataclasses
import datetime
import itertools

from django.contrib.auth.hashers import make_password
from django.db import connection

from mapping.models import Area, AreaShape, Beat, Place
from mapping.models.areas import VILLAGES
from polmas.people.models import Posting, Role, Unit, User
from polmas.people.models.units import UnitKind, Zone
from polmas.summaries.simulation.forums import found_forums
from polmas.summaries.simulation.sets import insert, reserve, uuid_of

POLSEK = 5000  # of all Indonesia: 7,285 kecamatan have less than one each
# The Polda of Papua answers for the provinces of Papua Selatan and Papua Pegunungan, too: 36 Polda for 38 provinces.
POLDA_OF = {"93": "91", "95": "91"}
WITA, WIT = (*range(51, 61), *range(63, 81)), range(81, 100)  # provinces by their two digits; all others keep WIB
SINCE = datetime.date(2020, 1, 1)
FIRST_NRP = 60_000_000
BATCH = 2000
# Villages lie as squares in cells of a tenth of a degree, in the order of their codes from west to east: bands of twelve columns.
WEST, SOUTH, CELL, SIDE, BAND, ROWS = 95.0, -11.0, 0.1, 0.03, 12, 170
HEADS = {
    UnitKind.POLSEK: (Role.KAPOLSEK, Role.KANIT_BINMAS, Role.SPKT, Role.OPERATOR_POLSEK),
    UnitKind.POLRES: (Role.KAPOLRES, Role.KASAT_BINMAS, Role.OPERATOR_POLRES),
    UnitKind.POLDA: (Role.KAPOLDA,),
    UnitKind.MABES: (Role.PEMBACA_MABES,),
}
RANKS = {
    Role.BHABINKAMTIBMAS: "BRIPKA",
    Role.KAPOLSEK: "AKP",
    Role.KAPOLRES: "AKBP",
    Role.KAPOLDA: "IRJEN",
    Role.KASAT_BINMAS: "AKP",
    Role.PEMBACA_MABES: "KOMBES",
}

VILLAGE = """
CREATE TEMPORARY TABLE simulated_village ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY code) - 1 AS n, id AS area_id, code, name, left(code, 8) AS kecamatan
FROM mapping_area area
WHERE level = ANY(%(villages)s) AND NOT EXISTS (SELECT FROM mapping_area_units police WHERE police.area_id = area.id)
"""
KECAMATAN = """
SELECT village.kecamatan, area.name, above.name, count(*) FROM simulated_village village
JOIN mapping_area area ON area.code = village.kecamatan JOIN mapping_area above ON above.id = area.parent_id
GROUP BY village.kecamatan, area.name, above.name ORDER BY village.kecamatan
"""
# Each village with its Polsek and the place of its officer among those of the country.
POLICED = """
CREATE TEMPORARY TABLE simulated_beat ON COMMIT DROP AS
SELECT village.n, village.area_id, village.name, polsek.unit_id,
       polsek.first_officer
           + (row_number() OVER (PARTITION BY polsek.unit_id ORDER BY village.code) - 1) * polsek.officers / polsek.villages AS officer
FROM simulated_village village JOIN unnest(%(kecamatan)s::text[], %(units)s::bigint[], %(firsts)s::int[], %(officers)s::int[], %(sizes)s::int[])
  AS polsek (kecamatan, unit_id, first_officer, officers, villages) USING (kecamatan)
"""
SERVING = """
CREATE TEMPORARY TABLE simulated_person ON COMMIT DROP AS
SELECT row_number() OVER () - 1 AS n, unit_id, role, rank
FROM unnest(%(units)s::bigint[], %(roles)s::text[], %(ranks)s::text[]) AS told (unit_id, role, rank)
"""


@dataclasses.dataclass
class Polsek:
    """A Polsek to be: its kecamatan, how many villages and officers it has, and the number of the first of these."""

    name: str
    kecamatan: list[str]
    villages: int
    first_officer: int = 0
    officers: int = 0
    unit: Unit | None = None

    @property
    def code(self) -> str:
        return self.kecamatan[0]


def make_country(officers: int) -> None:
    """Units, officers and forums of all villages that no unit polices yet. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(VILLAGE, {"villages": list(VILLAGES)})
        cursor.execute(KECAMATAN)
        rows = cursor.fetchall()
        polsek = grouped(rows)
        man(polsek, officers)
        units = make_units(polsek, {code[:5]: kabkota for code, _name, kabkota, _villages in rows})
        tell_police(cursor, polsek)
        add_shapes(cursor)
        add_people(cursor, polsek, units)
        found_forums(cursor)
        cursor.execute("DROP TABLE simulated_village, simulated_beat, simulated_person")


def grouped(rows) -> list[Polsek]:
    """Neighbouring kecamatan of a kabupaten under one Polsek, so that the country has about 5,000."""
    share = min(1, POLSEK / max(len(rows), 1))
    made: list[Polsek] = []
    for _kabkota, group in itertools.groupby(rows, key=lambda row: row[0][:5]):
        kecamatan = list(group)
        number = max(1, round(len(kecamatan) * share))
        for _place, some in itertools.groupby(enumerate(kecamatan), key=lambda item: item[0] * number // len(kecamatan)):
            mine = [row for _n, row in some]
            made.append(Polsek(mine[0][1], [code for code, *_rest in mine], sum(villages for *_rest, villages in mine)))
    return made


def man(polsek: list[Polsek], officers: int) -> None:
    """Shares the officers out by the number of villages; each Polsek has one at least, and none without a village."""
    total, first, seen = sum(one.villages for one in polsek), 0, 0
    for one in polsek:
        due = (seen + one.villages) * officers // total - seen * officers // total
        one.first_officer, one.officers = first, max(1, min(one.villages, due))
        first, seen = first + one.officers, seen + one.villages


def zone_of(code: str) -> Zone:
    province = int(code[:2])
    return Zone.WIT if province in WIT else Zone.WITA if province in WITA else Zone.WIB


def make_units(polsek: list[Polsek], kabkota: dict[str, str]) -> list[Unit]:
    """The tree down to the Polsek. Siblings stand in the order of their names, as the tree wants them."""
    root = Unit.objects.filter(depth=1).first() or Unit.objects.add_root(dict(code="MABES", name="Mabes Polri", kind=UnitKind.MABES))
    provinces = dict(Area.objects.filter(depth=1).values_list("code", "name"))
    polda = [(POLDA_OF.get(code, code), "") for code in sorted({one.code[:2] for one in polsek})]
    names = [(code, f"Polda {provinces[code]}", "") for code, _none in dict.fromkeys(polda)]
    above = children(UnitKind.POLDA, names, {"": root})
    polres = [(code, polres_name(name), POLDA_OF.get(code[:2], code[:2])) for code, name in kabkota.items()]
    middle = children(UnitKind.POLRES, polres, above)
    lowest = children(UnitKind.POLSEK, [(one.code, f"Polsek {one.name}", one.code[:5]) for one in polsek], middle)
    for one in polsek:
        one.unit = lowest[one.code]
    return [root, *above.values(), *middle.values(), *lowest.values()]


def polres_name(kabkota: str) -> str:
    return f"Polresta {kabkota.removeprefix('Kota ')}" if kabkota.startswith("Kota ") else f"Polres {kabkota.removeprefix('Kabupaten ')}"


def children(kind: UnitKind, wanted: list[tuple[str, str, str]], parents: dict[str, Unit]) -> dict[str, Unit]:
    """Stores units of one level, each as code, name and code of the one above; returns them by code, with their numbers."""
    made: dict[str, Unit] = {}
    for code, name, up in sorted(wanted, key=lambda row: (row[1], row[0])):
        parent = parents[up]
        parent.numchild += 1
        path = Unit._get_path(parent.path, parent.depth + 1, parent.numchild)
        label = f"SIMULASI-{kind}-{code}"
        made[code] = Unit(path=path, depth=parent.depth + 1, code=label, name=name, kind=kind, time_zone=zone_of(code))
    Unit.objects.bulk_create(made.values(), batch_size=BATCH)
    Unit.objects.bulk_update(parents.values(), ["numchild"], batch_size=BATCH)
    return made


def tell_police(cursor, polsek: list[Polsek]) -> None:
    each = [(code, one.unit and one.unit.pk, one.first_officer, one.officers, one.villages) for one in polsek for code in one.kecamatan]
    names = ("kecamatan", "units", "firsts", "officers", "sizes")
    cursor.execute(POLICED, dict(zip(names, map(list, zip(*each, strict=True)), strict=True)))
    cursor.execute("CREATE INDEX ON simulated_beat (officer); ANALYZE simulated_beat; ANALYZE simulated_village")
    cursor.execute("INSERT INTO mapping_area_units (area_id, unit_id) SELECT area_id, unit_id FROM simulated_beat ORDER BY n")


def add_shapes(cursor) -> None:
    """A square for each village that nobody has drawn."""
    west = f"{WEST} + {CELL} * (n / {BAND * ROWS} * {BAND} + n %% {BAND})"
    south = f"{SOUTH} + {CELL} * (n %% {BAND * ROWS} / {BAND})"
    box = f"ST_MakeEnvelope({west}, {south}, {west} + {SIDE}, {south} + {SIDE}, 4326)"
    said = {"area": "area_id", "source": "'simulasi'", "shape": f"ST_Multi({box})", "area_m2": "11000000"}
    undrawn = "simulated_village v WHERE NOT EXISTS (SELECT FROM mapping_areashape shape WHERE shape.area_id = v.area_id) ORDER BY n"
    insert(cursor, AreaShape, said, undrawn, {})


def add_people(cursor, polsek: list[Polsek], units: list[Unit]) -> None:
    """Officers first, in the order of their Polsek, so that their numbers are those of the beats; then the heads of all units."""
    posts = [(one.unit and one.unit.pk, Role.BHABINKAMTIBMAS) for one in polsek for _n in range(one.officers)]
    posts += [(unit.pk, role) for unit in units for role in HEADS[UnitKind(unit.kind)]]
    served = {
        "units": [pk for pk, _role in posts],
        "roles": [str(role) for _pk, role in posts],
        "ranks": [RANKS.get(role, "AIPTU") for _pk, role in posts],
    }
    cursor.execute(SERVING, served)
    cursor.execute("ANALYZE simulated_person")
    first = reserve(cursor, User, len(posts))
    cursor.execute("SELECT count(*) FROM people_user WHERE nrp BETWEEN '60000000' AND '69999999'")
    values = {"first": first, "seed": 0, "nrp": FIRST_NRP + cursor.fetchone()[0], "since": SINCE, "password": make_password(None)}
    said = {
        "id": "%(first)s + n",
        "username": "(%(nrp)s + n)::text",
        "nrp": "(%(nrp)s + n)::text",
        "rank": "rank",
        "name": "'Petugas Simulasi ' || lpad((n + 1)::text, 5, '0')",
        "password": "%(password)s",
    }
    insert(cursor, User, said, "simulated_person ORDER BY n", values)
    posting = {"user": "%(first)s + n", "unit": "unit_id", "role": "role", "starts_on": "%(since)s::date"}
    insert(cursor, Posting, posting, "simulated_person ORDER BY n", values)
    beat = {"user": "%(first)s + officer", "area": "area_id", "unit": "unit_id", "starts_on": "%(since)s::date"}
    insert(cursor, Beat, beat, "simulated_beat ORDER BY n", values)
    cursor.execute("ALTER TABLE simulated_beat ADD COLUMN user_id bigint; UPDATE simulated_beat SET user_id = %s + officer", [first])
    post = {"uuid": uuid_of("area_id", "post"), "unit": "unit_id", "area": "area_id", "name": "'Pos Kamling ' || name", "rw": "'001'"}
    insert(cursor, Place, post, "simulated_beat WHERE n %% 2 = 0 ORDER BY n", values)
