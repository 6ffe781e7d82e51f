"""Part J on paper: photos, and a small map of where disturbances happened, by village or, where these are many, by what holds them."""

from collections import Counter

from django.contrib.gis.db.models import Extent
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Area, AreaShape
from mapping.outlines import feature_collection
from patrol.models import Kind, Photo
from polmas.people.templatetags.polmas import short_day
from polmas.summaries.layout.activities import day_of
from polmas.summaries.layout.blocks import Block, Drawing, Pictures, Text
from polmas.summaries.maps.drawing import HEIGHT, WIDTH, Sheet

MOST_AREAS = 250  # more are specks
# What is drawn, the finest first, by how many parts its code has.
LEVELS = (
    (4, gettext_lazy("Disturbances by village")),
    (3, gettext_lazy("Disturbances by kecamatan")),
    (2, gettext_lazy("Disturbances by kabupaten or kota")),
)
# From none to most, apart in black and white as well.
SHADES = ("#ffffff", "#ecdfd2", "#d3b697", "#a97b52", "#6f4a2c")


def blocks(summary, figures: dict, with_photos: bool) -> list[Block]:
    parts = [*_pictures(figures.get("photos", []) if with_photos else []), *_map(summary, figures)]
    return parts or [Text(_("None."))]


def _pictures(told) -> list[Block]:
    """Those that are still there: a photo whose report was erased leaves no gap."""
    stored = {str(photo.uuid): photo for photo in Photo.objects.filter(uuid__in=[row["id"] for row in told])}
    pictures = [_picture(row, stored[row["id"]]) for row in told if row["id"] in stored]
    return [Pictures(pictures)] if pictures else []


def _picture(row, photo) -> dict:
    words = f"{Kind(row['kind']).label} · {row['village']} · {short_day(day_of(row['day']))}"
    return {"id": row["id"], "words": words, "file": photo.thumbnail.name, "width": photo.width, "height": photo.height}


def _map(summary, figures) -> list[Block]:
    """Areas shaded by their number of disturbances; without outlines, or where nothing is known, none."""
    told = figures.get("incidents")
    if told is None or not told["total"]["now"]:
        return []
    villages = set(Area.objects.of_unit(summary.unit).villages().values_list("code", flat=True))
    for parts, title in LEVELS:
        shapes = AreaShape.objects.on(summary.ends_on).filter(area__code__in={_shortened(code, parts) for code in villages})
        if shapes.count() in range(1, MOST_AREAS + 1):
            return [Drawing(str(title), _drawn(shapes, _counts(told, parts)))]
    return []


def _counts(told, parts: int) -> Counter:
    """Disturbances by the codes of one level. Papers of before December 2026 know those places alone that have the most."""
    counts: Counter = Counter()
    for code, number in (told.get("spots") or {row["code"]: row["now"] for row in told["places"]}).items():
        counts[_shortened(code, parts)] += number
    return counts


def _shortened(code: str, parts: int) -> str:
    return ".".join(code.split(".")[:parts])


def _drawn(shapes, counts) -> dict:
    box = shapes.aggregate(box=Extent("shape"))["box"]
    sheet = Sheet.of(box)
    features = feature_collection(shapes, box)["features"]
    top = max((counts[feature["properties"]["code"]] for feature in features), default=0)
    areas = [_area(sheet, feature, counts[feature["properties"]["code"]], top) for feature in features]
    return {"areas": areas, "width": WIDTH, "height": HEIGHT, "bar": sheet.bar, "shades": _legend(top)}


def _area(sheet, feature, count, top) -> dict:
    path = sheet.path(feature["geometry"])
    step = shade(count, top)
    return {"path": path, "fill": SHADES[step], "is_dark": step >= 3, "name": feature["properties"]["name"], "count": count, **_middle(path)}


def _middle(path) -> dict:
    """The middle of an outline's box, and whether it is wide enough for a name or a number."""
    points = [tuple(map(float, point.split())) for ring in path.split("Z") if ring for point in ring.lstrip("M").split("L")]
    left, right, top, bottom = min(x for x, _y in points), max(x for x, _y in points), min(y for _x, y in points), max(y for _x, y in points)
    return {"x": round((left + right) / 2, 1), "y": round((top + bottom) / 2, 1), "width": right - left}


def shade(count: int, top: int) -> int:
    """The step from 0 (none) to 4 (the most)."""
    return 0 if not count else max(1, round(4 * count / top))


def _legend(top) -> list[dict]:
    """The least number of each shade that comes up."""
    steps: dict[int, int] = {}
    for count in range(top + 1):
        steps.setdefault(shade(count, top), count)
    return [{"fill": SHADES[step], "count": count} for step, count in sorted(steps.items())]
