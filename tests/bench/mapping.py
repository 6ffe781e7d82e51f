"""What the map costs: boundaries from a file, points looked up by the hundred thousand, and one by one through HTTP."""

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

from django.utils import timezone

from mapping.models import Area
from tests.bench import load, scene
from tests.bench.filing import FINE, measure
from tests.bench.machine import TOP
from tests.bench.table import tell

VILLAGES, CORNERS = 8500, 255  # of a large province, and of each outline: 53 MB of GeoJSON
PROVINCE = "90"  # that is none, behind all those of the made-up country
IMPORT_SECONDS, IMPORT_MB = 60, 500
POINTS, POINTS_SECONDS = 100_000, 5
LOCATE_MS = 20
WEST, SOUTH, STEP = 118.0, 0.5, 0.05  # degrees
COLUMNS = 93


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
