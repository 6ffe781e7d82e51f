"""Where the demo plays: three kecamatan of Semarang with their kelurahan by official code and name.

Names and codes are those of the official list. The shapes are computed: each kelurahan is the union of the Voronoi cells
of a few points typed here, about 100 m exact; points of the neighbours outside bound the outer cells. `import_areas` puts
the real boundaries in their place.
"""

import dataclasses
from typing import cast

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.db import connection

from mapping.models import Area, AreaShape

SOURCE = "demo"
ABOVE = {"33": "Jawa Tengah", "33.74": "Kota Semarang"}
DISTRICTS = {
    "33.74.09": ("Gajahmungkur", "POLSEK-GAJAHMUNGKUR"),
    "33.74.10": ("Tembalang", "POLSEK-TEMBALANG"),
    "33.74.11": ("Banyumanik", "POLSEK-BANYUMANIK"),
}


@dataclasses.dataclass(frozen=True)
class Village:
    """A kelurahan: code, name, points (longitude, latitude) near its middle parts, and streets as people name them."""

    code: str
    name: str
    points: tuple[tuple[float, float], ...]
    streets: tuple[str, ...]


VILLAGES = (
    Village(
        "33.74.09.1001",
        "Karangrejo",
        ((110.414, -7.028), (110.416, -7.023), (110.409, -7.023)),
        ("Jl. Karangrejo Raya", "Jl. Jatingaleh", "Jl. Teuku Umar"),
    ),
    Village(
        "33.74.09.1002", "Bendan Dhuwur", ((110.400, -7.022), (110.392, -7.018)), ("Jl. Pawiyatan Luhur", "Jl. Bendan Dhuwur", "Jl. Menoreh Raya")
    ),
    Village(
        "33.74.09.1003", "Bendan Ngisor", ((110.398, -7.014), (110.399, -7.008)), ("Jl. Bendan Ngisor", "Jl. Lamongan Raya", "Jl. Lamongan Barat")
    ),
    Village("33.74.09.1004", "Sampangan", ((110.391, -7.014), (110.392, -7.009)), ("Jl. Menoreh Tengah", "Jl. Menoreh Selatan", "Jl. Kelud Raya")),
    Village(
        "33.74.09.1005",
        "Gajahmungkur",
        ((110.412, -7.009), (110.405, -7.017), (110.414, -7.016), (110.405, -7.009)),
        ("Jl. S. Parman", "Jl. Papandayan", "Jl. Semeru Raya"),
    ),
    Village("33.74.09.1006", "Lempongsari", ((110.415, -6.999), (110.414, -7.004)), ("Jl. Lempongsari Raya", "Jl. Lempongsari Timur", "Jl. Rinjani")),
    Village("33.74.09.1007", "Petompon", ((110.405, -7.000), (110.399, -7.004)), ("Jl. Kelud Utara", "Jl. Petompon", "Jl. Kelud Selatan")),
    Village("33.74.09.1008", "Bendungan", ((110.409, -6.998), (110.410, -7.003)), ("Jl. Bendungan", "Jl. Argopuro", "Jl. Kaligarang")),
    Village(
        "33.74.10.1001",
        "Meteseh",
        ((110.460, -7.072), (110.463, -7.064), (110.468, -7.056), (110.476, -7.056), (110.454, -7.076), (110.472, -7.063)),
        ("Jl. Prof. Suharso", "Jl. Meteseh Raya", "Perum Dinar Indah"),
    ),
    Village(
        "33.74.10.1002",
        "Rowosari",
        ((110.492, -7.068), (110.483, -7.076), (110.469, -7.074), (110.486, -7.059), (110.474, -7.082), (110.480, -7.067)),
        ("Jl. Rowosari Raya", "Jl. Tunggu Raya", "Jl. Kyai Gondang"),
    ),
    Village(
        "33.74.10.1003",
        "Mangunharjo",
        ((110.465, -7.038), (110.466, -7.048), (110.458, -7.045), (110.452, -7.047)),
        ("Jl. Mangunharjo", "Perum Kini Jaya", "Jl. Klipang Raya"),
    ),
    Village(
        "33.74.10.1004",
        "Bulusan",
        ((110.460, -7.056), (110.453, -7.053), (110.446, -7.057), (110.444, -7.064), (110.453, -7.063)),
        ("Jl. Bulusan Utara", "Jl. Bulusan Selatan", "Jl. Timoho Raya"),
    ),
    Village("33.74.10.1005", "Kramas", ((110.447, -7.072), (110.440, -7.068)), ("Jl. Kramas Raya", "Jl. Mulawarman Raya", "Jl. Mulawarman Selatan")),
    Village(
        "33.74.10.1006",
        "Tembalang",
        ((110.439, -7.058), (110.436, -7.052), (110.443, -7.047)),
        ("Jl. Banjarsari", "Jl. Baskoro Raya", "Jl. Tembalang Selatan"),
    ),
    Village(
        "33.74.10.1007",
        "Jangli",
        ((110.435, -7.031), (110.441, -7.036), (110.437, -7.041), (110.446, -7.030), (110.439, -7.024)),
        ("Jl. Jangli Raya", "Jl. Jangli Perbalan", "Jl. Dr. Wahidin"),
    ),
    Village(
        "33.74.10.1008",
        "Tandang",
        ((110.447, -7.016), (110.447, -7.023), (110.453, -7.020)),
        ("Jl. Tandang Raya", "Jl. Deliksari", "Jl. Kinibalu Timur"),
    ),
    Village(
        "33.74.10.1009",
        "Kedungmundu",
        ((110.472, -7.024), (110.460, -7.021), (110.467, -7.020)),
        ("Jl. Kedungmundu Raya", "Jl. Sinar Waluyo", "Jl. Fatmawati"),
    ),
    Village(
        "33.74.10.1010",
        "Sendangguwo",
        ((110.451, -7.011), (110.459, -7.015)),
        ("Jl. Sendangguwo Raya", "Jl. Gayamsari Selatan", "Jl. Tentara Pelajar"),
    ),
    Village(
        "33.74.10.1011",
        "Sendangmulyo",
        ((110.469, -7.030), (110.479, -7.040), (110.471, -7.038), (110.476, -7.030), (110.473, -7.046), (110.481, -7.050)),
        ("Jl. Klipang Raya", "Perum Klipang Permai", "Jl. Ketileng Raya"),
    ),
    Village(
        "33.74.10.1012",
        "Sambiroto",
        ((110.463, -7.028), (110.459, -7.035), (110.453, -7.036), (110.448, -7.041), (110.455, -7.028)),
        ("Jl. Sambiroto Raya", "Jl. Elang Raya", "Jl. Kasuari"),
    ),
    Village(
        "33.74.11.1001",
        "Pudakpayung",
        ((110.416, -7.089), (110.418, -7.099), (110.407, -7.084), (110.404, -7.105), (110.407, -7.095), (110.412, -7.104)),
        ("Jl. Perintis Kemerdekaan", "Jl. Payung Mas", "Perum Puri Asri"),
    ),
    Village(
        "33.74.11.1002",
        "Gedawang",
        ((110.430, -7.086), (110.423, -7.085), (110.427, -7.094), (110.425, -7.078), (110.434, -7.079)),
        ("Jl. Gedawang Raya", "Jl. Grafika", "Jl. Gedawang Permai"),
    ),
    Village(
        "33.74.11.1003",
        "Jabungan",
        ((110.439, -7.086), (110.436, -7.094), (110.441, -7.077), (110.449, -7.081), (110.448, -7.088)),
        ("Jl. Jabungan Raya", "Jl. Mulawarman", "Dukuh Jabungan Wetan"),
    ),
    Village(
        "33.74.11.1004",
        "Pedalangan",
        ((110.428, -7.068), (110.433, -7.063), (110.427, -7.059)),
        ("Jl. Tirto Agung", "Jl. Pedalangan Raya", "Jl. Durian Raya"),
    ),
    Village("33.74.11.1005", "Banyumanik", ((110.408, -7.076), (110.416, -7.080)), ("Jl. Karangrejo", "Jl. Kanfer Raya", "Jl. Tusam Raya")),
    Village(
        "33.74.11.1006",
        "Srondol Kulon",
        ((110.410, -7.059), (110.409, -7.068), (110.413, -7.051)),
        ("Jl. Srondol Kulon", "Jl. Setiabudi", "Jl. Sukun Raya"),
    ),
    Village(
        "33.74.11.1007",
        "Srondol Wetan",
        ((110.419, -7.063), (110.420, -7.072), (110.414, -7.069)),
        ("Jl. Rasamala", "Jl. Jati Raya", "Jl. Meranti Raya"),
    ),
    Village(
        "33.74.11.1008",
        "Ngesrep",
        ((110.430, -7.036), (110.431, -7.045), (110.426, -7.042), (110.422, -7.035)),
        ("Jl. Ngesrep Barat", "Jl. Ngesrep Timur", "Jl. Bukit Cemara"),
    ),
    Village(
        "33.74.11.1009",
        "Tinjomoyo",
        ((110.408, -7.039), (110.414, -7.035), (110.410, -7.046), (110.418, -7.042), (110.407, -7.031)),
        ("Jl. Tinjomoyo", "Jl. Gombel Lama", "Jl. Bukit Tinjomoyo"),
    ),
    Village("33.74.11.1010", "Padangsari", ((110.427, -7.073), (110.435, -7.073)), ("Jl. Bina Remaja", "Jl. Cemara Raya", "Jl. Meranti Timur")),
    Village(
        "33.74.11.1011",
        "Sumurboto",
        ((110.428, -7.052), (110.419, -7.056), (110.423, -7.049)),
        ("Jl. Sumurboto Raya", "Jl. Bumirejo", "Jl. Potrosari"),
    ),
)

# Points of the neighbours all round: their cells are thrown away, but they give the outer kelurahan an edge.
OUTSIDE = (
    *((110.399, -7.095), (110.386, -7.007), (110.463, -7.083), (110.432, -7.022), (110.400, -7.030), (110.409, -7.112), (110.494, -7.076)),
    *((110.441, -7.014), (110.402, -7.112), (110.401, -7.087), (110.403, -7.059), (110.470, -7.088), (110.466, -7.012), (110.421, -7.108)),
    *((110.440, -7.099), (110.488, -7.051), (110.415, -7.111), (110.396, -7.025), (110.419, -6.994), (110.486, -7.043), (110.403, -6.993)),
    *((110.495, -7.058), (110.402, -7.037), (110.425, -7.102), (110.403, -7.066), (110.438, -7.019), (110.478, -7.020), (110.401, -7.073)),
    *((110.420, -7.006), (110.411, -6.993), (110.422, -7.020), (110.398, -6.998), (110.400, -7.080), (110.403, -7.045), (110.484, -7.035)),
    *((110.486, -7.083), (110.472, -7.015), (110.446, -7.094), (110.448, -7.005), (110.397, -7.102), (110.478, -7.089), (110.454, -7.092)),
    *((110.392, -7.003), (110.501, -7.066), (110.396, -7.108), (110.482, -7.028), (110.403, -7.052), (110.391, -7.023), (110.422, -7.028)),
    *((110.420, -7.012), (110.443, -7.008), (110.457, -7.007), (110.423, -7.000), (110.386, -7.020), (110.453, -7.005), (110.429, -7.029)),
    *((110.433, -7.101), (110.457, -7.084), (110.385, -7.014), (110.461, -7.009)),
)

CELLS = """
WITH point AS (SELECT code, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS at
  FROM unnest(%s::text[], %s::float8[], %s::float8[]) AS typed(code, lon, lat)),
cell AS (SELECT (ST_Dump(ST_VoronoiPolygons(ST_Collect(at)))).geom AS shape FROM point)
SELECT code, ST_AsEWKB(ST_Multi(ST_Union(shape))), ST_Area(ST_Union(shape)::geography)
FROM cell JOIN point ON ST_Covers(shape, at) WHERE code <> '' GROUP BY code
"""


def load_areas(units) -> dict[str, Area]:
    """The villages with their shapes, by code; `units` are the police units by code. Areas and shapes that are there are kept."""
    areas: dict[str, Area] = {}
    for code, name in {**ABOVE, **{code: name for code, (name, _) in DISTRICTS.items()}, **{place.code: place.name for place in VILLAGES}}.items():
        areas[code], _ = Area.objects.get_or_create(code=code, defaults={"name": name, "parent": areas.get(code.rpartition(".")[0])})
    _load_shapes(areas)
    for place in VILLAGES:
        areas[place.code].units.add(units[DISTRICTS[place.code[:8]][1]])
    return {place.code: areas[place.code] for place in VILLAGES}


def _load_shapes(areas):
    drawn = set(AreaShape.objects.filter(is_current=True).values_list("area__code", flat=True))
    AreaShape.objects.bulk_create(
        AreaShape(area=areas[code], source=SOURCE, version="1", shape=shape, area_m2=size)
        for code, shape, size in compute_cells()
        if code not in drawn
    )


def compute_cells() -> list[tuple[str, MultiPolygon, float]]:
    """(code, shape, square metres) of each village, computed by PostGIS from the points above."""
    typed = [(place.code, *point) for place in VILLAGES for point in place.points] + [("", *point) for point in OUTSIDE]
    with connection.cursor() as cursor:
        cursor.execute(CELLS, [list(column) for column in zip(*typed, strict=True)])
        return [(code, cast(MultiPolygon, GEOSGeometry(memoryview(shape))), size) for code, shape, size in cursor.fetchall()]


def shapes_by_code() -> dict[str, MultiPolygon]:
    """The shapes that count now: the demo's own, or the real ones where they were loaded before."""
    return dict(
        AreaShape.objects.filter(is_current=True, valid_to=None, area__code__in=[place.code for place in VILLAGES]).values_list("area__code", "shape")
    )


class Spots:
    """Points inside one village, thicker round the middles of its parts; the same ones for the same random numbers."""

    SPREAD = 0.0022  # degrees, about 240 m

    def __init__(self, place: Village, shape, rng):
        self.points, self.rng = place.points, rng
        self.inside = shape.prepared
        self.fallback = shape.point_on_surface

    def one(self) -> Point:
        for _ in range(20):
            lon, lat = self.rng.choice(self.points)
            spot = Point(round(self.rng.gauss(lon, self.SPREAD), 6), round(self.rng.gauss(lat, self.SPREAD), 6), srid=4326)
            if self.inside.contains(spot):
                return spot
        return self.fallback

    def near(self, point: Point, metres: float) -> Point:
        """A point within some metres of another, as two fixes of one house differ; the house itself at the village's edge."""
        reach = metres / 111_000
        spot = Point(round(point.x + self.rng.uniform(-reach, reach), 6), round(point.y + self.rng.uniform(-reach, reach), 6), srid=4326)
        return spot if self.inside.contains(spot) else point
