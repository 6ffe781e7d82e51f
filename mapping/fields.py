"""A place in a form (drawn, tapped or typed) and in the API (GeoJSON)."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.gis.geos import Point, Polygon
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mapping.geometry import MULTIPOLYGON, POINT, POLYGON, SHAPES, Shape, geojson, geometry_of, point_of, typed


class ShapeInput(forms.Widget):
    """A map to tap and draw on, and a line to type coordinates into, which is all that there is without JavaScript.

    The drawing is posted as GeoJSON under the field's name, the line under `<name>_point`. What is typed counts before what is drawn;
    the page's script keeps the two in step. Pages that show it load Leaflet and `dist/shape_field.js`: templates/mapping/_shape_scripts.html.
    """

    backdrop: dict | None = None  # areas and extent, as mapping.outlines.backdrop gives them

    def __init__(self, kinds: Iterable[str] = SHAPES):
        super().__init__()
        self.kinds = tuple(kinds)

    def id_for_label(self, id_):
        return f"{id_}_point" if id_ else id_

    def value_from_datadict(self, data, files, name):
        written = data.get(f"{name}_point", "").strip()
        drawn = data.get(name, "").strip()
        return written or ("" if _is_point(drawn) else drawn)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}_point" not in data

    def render(self, name, value, attrs=None, renderer=None):
        shape = value if isinstance(value, Shape) else None
        text = value if isinstance(value, str) else ""
        is_drawn = text.startswith("{")
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "attrs": {key: value for key, value in (attrs or {}).items() if key.startswith("aria-")},
            "drawn": json.dumps(geojson(shape)) if shape else text if is_drawn else "",
            "written": typed(shape) if isinstance(shape, Point) else "" if is_drawn else text,
            "draws_point": POINT in self.kinds,
            "draws_outline": bool({POLYGON, MULTIPOLYGON} & set(self.kinds)),
            "backdrop": self.backdrop,
            "tiles_url": settings.MAP_TILES_URL,
            "tiles_attribution": settings.MAP_TILES_ATTRIBUTION,
        }
        return render_to_string("mapping/_shape_input.html", context)


class ShapeField(forms.Field):
    """A point or an outline; None where nothing is marked. With `kinds=[POINT]` a point alone."""

    widget = ShapeInput

    def __init__(self, *, kinds: Iterable[str] = SHAPES, **kwargs):
        self.kinds = tuple(kinds)
        super().__init__(**{"label": _("Place on the map"), "widget": ShapeInput(self.kinds), **kwargs})

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, Shape):
            return value
        if "\0" in value:
            raise ValidationError(_("This place cannot be read. Mark it again."), code="geometry")
        if value.startswith("{"):
            return geometry_of(value, self.kinds)
        if POINT not in self.kinds:
            raise ValidationError(_("Draw an outline here, not a point."), code="kind")
        return point_of(value)

    def has_changed(self, initial, data):
        try:
            said = self.to_python(data)
        except ValidationError:
            return True
        return geojson(said) != geojson(initial or None)


def shape_asked(asked: QueryDict, kinds: Iterable[str] = SHAPES) -> Shape | None:
    """What the address of a new form asks to be marked: `?titik=lat,lon` or `?bentuk=<GeoJSON geometry>`; None where that is none."""
    try:
        if text := asked.get("bentuk", ""):
            return geometry_of(text, kinds)
        text = asked.get("titik", "")
        return point_of(text) if text and POINT in kinds else None
    except ValidationError:
        return None


def _is_point(drawn: str) -> bool:
    try:
        return json.loads(drawn).get("type") == POINT
    except (ValueError, AttributeError, RecursionError):
        return False


@extend_schema_field(
    {
        "type": "object",
        "nullable": True,
        "description": "GeoJSON geometry, longitude first, EPSG:4326, within Indonesia.",
        "properties": {"type": {"type": "string", "enum": list(SHAPES)}, "coordinates": {"type": "array", "items": {}}},
        "required": ["type", "coordinates"],
    }
)
class ShapeJSONField(serializers.Field):
    """A geometry of the API: GeoJSON, both ways."""

    def __init__(self, *, kinds: Iterable[str] = SHAPES, **kwargs):
        self.kinds = tuple(kinds)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Shape:
        try:
            return geometry_of(data if isinstance(data, dict) else None, self.kinds)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages, code=error.code) from error

    def to_representation(self, value: Shape) -> dict | None:
        return geojson(value)


class BoxField(serializers.CharField):
    """west,south,east,north in degrees, as a polygon."""

    default_error_messages = {"box": _("Write west,south,east,north in degrees.")}

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 200, **kwargs})

    def to_internal_value(self, data) -> Polygon:  # type: ignore[override]  # text comes in, a box goes on
        try:
            west, south, east, north = (float(part) for part in super().to_internal_value(data).split(","))
        except ValueError:
            self.fail("box")
        if not (-360 <= west <= east <= 360 and -90 <= south <= north <= 90):
            self.fail("box")
        return Polygon.from_bbox((west, south, east, north))
