"""Codes that look like real ones and belong to nobody, for databases into which no official list was loaded.

Names say what they are, so that nobody takes them for true.
"""

import math

from mapping.models import Area
from mapping.models.areas import level_of

VILLAGES, KECAMATAN, KABKOTA = 16, 10, 15  # of one kecamatan, of one kabupaten, of one province
VILLAGES_EACH = 2  # of one officer
# Two digits that stand for no province (Permendagri 137/2017 and its successors), so that real areas can be loaded beside these.
PROVINCES = [*range(22, 31), *range(37, 51), *range(54, 61), *range(66, 71), *range(77, 81), *range(83, 91)]
CHUNK = 2000


def make_codes(officers: int) -> None:
    """Provinces, kabupaten, kecamatan and villages for that many officers."""
    areas: dict[str, Area] = {}
    for number in range(math.ceil(officers * VILLAGES_EACH / VILLAGES)):
        code = kecamatan_code(number)
        for end in (2, 5, 8):
            add(areas, code[:end], f"Simulasi {code[:end]}")
        for n in range(VILLAGES):
            add(areas, f"{code}.{2001 + n}", f"Desa Simulasi {number + 1:04d}-{n + 1:02d}")
    for depth in range(1, 5):  # parents before children, since these name the parent's number
        Area.objects.bulk_create([area for area in areas.values() if area.depth == depth], batch_size=CHUNK)
        for area in areas.values():
            area.parent = area.parent  # takes over the number that the parent has by now


def kecamatan_code(number: int) -> str:
    kabkota = number // KECAMATAN
    return f"{PROVINCES[kabkota // KABKOTA]}.{kabkota % KABKOTA + 1:02d}.{number % KECAMATAN + 1:02d}"


def add(areas: dict[str, Area], code: str, name: str) -> None:
    if code not in areas:
        areas[code] = Area(code=code, name=name, level=level_of(code), depth=code.count(".") + 1, parent=areas.get(code.rpartition(".")[0]))
