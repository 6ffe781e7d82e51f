"""What a file of boundaries draws, as one small map: an SVG that needs nothing from outside."""

import json

from django.contrib.gis.db.models import Extent, GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import F, Func

from polmas.summaries.maps.drawing import HEIGHT, WIDTH, Sheet
from polmas.summaries.models import AreaChange, ImportJob

MOST = 1000  # areas drawn; the list beside the map names all
COLOURS = {AreaChange.Outcome.ADDED: "#bcd9c6", AreaChange.Outcome.CHANGED: "#f0d59a"}


def overview(job: ImportJob) -> dict | None:
    """The areas of a file as it draws them, new ones and changed ones apart; None where it draws none."""
    extent = job.changes.aggregate(extent=Extent("after"))["extent"]
    if not extent:
        return None
    sheet = Sheet.of(extent)
    tolerance = max(extent[2] - extent[0], extent[3] - extent[1]) / WIDTH
    outline = Func(F("after"), tolerance, function="ST_SimplifyPreserveTopology", output_field=GeometryField(srid=4326))
    rows = job.changes.annotate(geojson=AsGeoJSON(outline, precision=5)).values_list("code", "name", "outcome", "geojson")[: MOST + 1]
    drawn = [(code, name, AreaChange.Outcome(outcome), geojson) for code, name, outcome, geojson in rows]
    areas = [{"code": code, "name": name, "path": sheet.path(json.loads(geojson)), "colour": COLOURS[kind]} for code, name, kind, geojson in drawn]
    legend = [{"colour": colour, "label": kind.label} for kind, colour in COLOURS.items() if kind in {one[2] for one in drawn}]
    return {"width": WIDTH, "height": HEIGHT, "areas": areas[:MOST], "is_part": len(areas) > MOST, "most": MOST, "legend": legend}
