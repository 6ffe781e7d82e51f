"""What the map costs: boundaries from a file, points looked up by the hundred thousand, and one by one through HTTP."""

import datetime
import itertools
import json
import math
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.db import connection
from django.utils import timezone

from mapping.models import Area
from patrol.models import Report
from tests.bench import load, scene
from tests.bench.filing import FINE, measure
from tests.bench.machine import TOP
from tests.bench.table import tell

VILLAGES, CORNERS = 8500, 255  # of a large province, and of each outline: 53 MB of GeoJSON
PROVINCE = "90"  # that is none, behind all those of the made-up country
IMPORT_SECONDS, IMPORT_MB = 60, 500
POINTS, POINTS_SECONDS = 100_000, 5
LOCATE_MS = 20
CLUSTERS_MS, ANSWER_KB, TILE_MS = 150, 100, 100
PLACES, STATEMENTS = 400, 60
ZOOMS = (5, 7, 9, 10, 11, 12, 13, 14, 15, 16)
BARE_TILE = """
SELECT ST_AsMVT(tile) FROM (
    SELECT ST_AsMVTGeom(ST_Transform(location, 3857), ST_TileEnvelope(%s, %s, %s)) AS geom FROM patrol_report
    WHERE location && ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326)
) AS tile
"""
WEST, SOUTH, STEP = 118.0, 0.5, 0.05  # degrees
COLUMNS = 93


def maps(processes, seconds) -> None:
    """Views and tiles round reports of the whole country, by one who reads them all: from the width of the country to a street."""
    number = Report.objects.count()
    [token] = scene.tokens_of([scene.commander()])
    spans = f"from={timezone.localdate() - datetime.timedelta(days=364)}"
    places = list(Report.objects.filter(location__isnull=False).order_by("uuid").values_list("location", flat=True)[:PLACES])
    views = [view_round(place, zoom) for place, zoom in zip(places, itertools.cycle(ZOOMS), strict=False)]
    paths = [f"/api/v1/map/clusters/?layers=visits&{spans}&zoom={zoom}&bbox={','.join(map(str, box))}" for box, zoom in views]
    sizes: list[int] = []
    result, cpu = measure(processes, [asking(paths, token)], seconds, weighed(sizes))
    limit = statement_ms("SELECT count(*) FROM patrol_report WHERE location && ST_MakeEnvelope(%s, %s, %s, %s, 4326)", [box for box, _zoom in views])
    more = f"p50 {result.percentile(0.5):.1f}, {result.percentile(0.95) / limit:.1f} times the bare count of the same boxes ({limit:.0f} ms); {cpu}"
    tell(f"clusters among {number} points, 1 client, p95", result.percentile(0.95), "ms", at_most=CLUSTERS_MS, more=more)
    tell("the largest answer", max(sizes) / 1024, "KB", at_most=ANSWER_KB)
    cuts = [tile_round(place, zoom) for place, zoom in zip(places, itertools.cycle(ZOOMS), strict=False)]
    paths = [f"/api/v1/tiles/visits/{z}/{x}/{y}.mvt?{spans}" for z, x, y in cuts]
    result, cpu = measure(processes, [asking(paths, token)], seconds, FINE)
    limit = statement_ms(BARE_TILE, [(*cut, *cut) for cut in cuts])
    more = f"p50 {result.percentile(0.5):.1f}, {result.percentile(0.95) / limit:.1f} times bare ST_AsMVT of the same tiles ({limit:.0f} ms); {cpu}"
    tell(f"tiles of {number} points, 1 client, p95", result.percentile(0.95), "ms", at_most=TILE_MS, more=more)


def asking(paths: list[str], token: str):
    return (load.Request(load.request("GET", path, token)) for path in itertools.cycle(paths))


def weighed(sizes: list[int]):
    """Accepts what is fine, and notes how large it was."""

    def check(answer: bytes) -> str:
        sizes.append(len(answer))
        return FINE(answer)

    return check


def view_round(place, zoom: int) -> tuple[tuple[float, ...], int]:
    """What a screen of 1280 by 800 pixels shows round a place."""
    width, height = 360 * 1280 / 256 / 2**zoom, 360 * 800 / 256 / 2**zoom
    box = (place.x - width / 2, place.y - height / 2, place.x + width / 2, place.y + height / 2)
    return tuple(round(min(limit, max(-limit, edge)), 6) for edge, limit in zip(box, (180, 90, 180, 90), strict=True)), zoom


def tile_round(place, zoom: int) -> tuple[int, int, int]:
    row = (1 - math.asinh(math.tan(math.radians(place.y))) / math.pi) / 2
    return zoom, int((place.x + 180) / 360 * 2**zoom), int(row * 2**zoom)


def statement_ms(sql: str, values: list[tuple]) -> float:
    """The 95th percentile of one statement asked of the database alone."""
    times = []
    with connection.cursor() as cursor:
        for some in values[:STATEMENTS]:
            start = time.perf_counter()
            cursor.execute(sql, some)
            cursor.fetchall()
            times.append(time.perf_counter() - start)
    return sorted(times)[int(len(times) * 0.95)] * 1000


def areas(processes, seconds) -> None:
    imports()
    batch()
    locate(processes, seconds)


def imports() -> None:
    """The command in a process of its own, so that its memory is told."""
    with tempfile.TemporaryDirectory(prefix="polmas-bench-") as folder:
        path = Path(folder) / "desa.geojson"
        write_villages(path)
        code = "import resource, sys; from django.core.management import execute_from_command_line as run; run(sys.argv);"
        code += "print('KB', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        command = [sys.executable, "-c", code, "import_areas", str(path)]
        start = time.perf_counter()
        said = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout
        took, size = time.perf_counter() - start, path.stat().st_size / 1e6
    assert f"{VILLAGES} added" in said, said
    tell(f"import of {VILLAGES} villages", took, "s", at_most=IMPORT_SECONDS, more=f"{size:.0f} MB of GeoJSON")
    kilobytes = re.search(r"KB (\d+)", said)
    tell("memory of the import", int(kilobytes[1]) / 1024 if kilobytes else math.inf, "MB", at_most=IMPORT_MB)


def write_villages(path: Path) -> None:
    with path.open("w") as out:
        out.write('{"type": "FeatureCollection", "features": [')
        for number in range(VILLAGES):
            out.write((",\n" if number else "") + json.dumps(village(number)))
        out.write("]}")


def village(number: int) -> dict:
    """A round outline with bays, in a grid that leaves some room between."""
    code = f"{PROVINCE}.{number // 1000 + 1:02}.{number // 20 % 50 + 1:02}.{2001 + number % 20}"
    lon, lat = WEST + number % COLUMNS * STEP, SOUTH + number // COLUMNS * STEP
    ring = []
    for corner in range(CORNERS):
        angle = 2 * math.pi * corner / CORNERS
        reach = 0.024 * (1 + 0.08 * math.sin(9 * angle + number))
        ring.append([round(lon + reach * math.cos(angle), 6), round(lat + reach * math.sin(angle), 6)])
    parents = {"provinsi": "Simulasi", "kabkota": f"Simulasi {code[:5]}", "kecamatan": f"Simulasi {code[:8]}"}
    properties = {"kode": code, "nama": f"Desa Simulasi {number}", **parents}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}


def some_points(number: int) -> list[tuple[float, float]]:
    chance = random.Random(1)
    rows = VILLAGES // COLUMNS
    return [(WEST + chance.random() * COLUMNS * STEP, SOUTH + chance.random() * rows * STEP) for _n in range(number)]


def batch() -> None:
    points = some_points(POINTS)
    start = time.perf_counter()
    found = Area.objects.locate_all(points, timezone.localdate())
    took = time.perf_counter() - start
    tell(f"location of {POINTS} points", took, "s", at_most=POINTS_SECONDS, more=f"{sum(code is not None for code in found)} within an area")


def locate(processes, seconds) -> None:
    """One point a request, each within the grid; a few lie between the villages, and are answered with 404."""
    [token] = scene.tokens_of([scene.commander()])
    paths = [f"/api/v1/areas/locate/?lat={lat:.6f}&lon={lon:.6f}" for lon, lat in some_points(2000)]
    stream = (load.Request(load.request("GET", path, token)) for path in itertools.cycle(paths))
    result, cpu = measure(processes, [stream], seconds, located)
    tell("API locate, 1 client, p95", result.percentile(0.95), "ms", at_most=LOCATE_MS, more=f"p50 {result.percentile(0.5):.1f}; {cpu}")


def located(answer: bytes) -> str:
    return "" if b" 404 " in answer[:20] else FINE(answer)
