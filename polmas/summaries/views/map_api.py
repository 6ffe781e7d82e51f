"""The map's data by API: points and groups, counts by cell, by hour and kind, hot spots, and what a search finds."""

import datetime
import re

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from mapping.api import MAX_ZOOM
from mapping.bulletins import matrix
from mapping.fields import BoxField
from patrol.models import Kind
from polmas.summaries.maps import tiles
from polmas.summaries.maps.clusters import View, clusters, squares
from polmas.summaries.maps.hotspots import Measure, hot_spots
from polmas.summaries.maps.kinds import top
from polmas.summaries.maps.layers import LAYERS, Asked, Layer, Visits, require_map
from polmas.summaries.maps.search import find
from polmas.summaries.maps.tiles import Tile

CODE = re.compile(r"\w{1,40}", re.ASCII)
USUAL_DAYS = 30
LONGEST_DAYS = 366


class ScreenField(BoxField):
    """west,south,east,north of a part of the map, as four numbers; of one world, and not empty."""

    def to_internal_value(self, data):
        west, south, east, north = super().to_internal_value(data).extent
        if not (-180 <= west < east <= 180 and south < north):
            self.fail("box")
        return west, south, east, north


class ViewSerializer(serializers.Serializer):
    """Which part of the map is asked for."""

    bbox = ScreenField()
    zoom = serializers.IntegerField(min_value=0, max_value=MAX_ZOOM)

    def view(self) -> View:
        return View(self.validated_data["bbox"], self.validated_data["zoom"])


class LayersField(serializers.CharField):
    """Names of layers, separated by commas."""

    def to_internal_value(self, data):
        names = [name for name in super().to_internal_value(data).split(",") if name]
        unknown = [name for name in names if name not in LAYERS]
        if unknown:
            raise serializers.ValidationError(_("There is no such layer: %(names)s") % {"names": ", ".join(unknown)})
        return [LAYERS[name] for name in names]


class KindsField(serializers.CharField):
    """Kinds by layer, as `incidents:CURAT,incidents:CURAS,visits:DDS`."""

    def to_internal_value(self, data):
        kinds: dict[str, set[str]] = {}
        for part in filter(None, super().to_internal_value(data).split(",")):
            name, _colon, kind = part.partition(":")
            if name not in LAYERS or not CODE.fullmatch(kind):
                raise serializers.ValidationError(_("Write the layer and the kind, as in visits:DDS."))
            kinds.setdefault(name, set()).add(kind)
        return {name: frozenset(some) for name, some in kinds.items()}


class RowsSerializer(serializers.Serializer):
    """Which rows are asked for: layers, days and kinds."""

    layers = LayersField(max_length=200, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False, allow_blank=True)
    kinds = KindsField(max_length=2000, required=False, allow_blank=True)

    def get_fields(self):
        return {**super().get_fields(), "from": serializers.DateField(required=False), "to": serializers.DateField(required=False)}

    def validate(self, attrs):
        attrs["to"] = attrs.get("to") or timezone.localdate()
        attrs["from"] = attrs.get("from") or earlier(attrs["to"], USUAL_DAYS - 1)
        if attrs["from"] > attrs["to"]:
            raise serializers.ValidationError({"to": _("The last day lies before the first.")})
        if (attrs["to"] - attrs["from"]).days >= LONGEST_DAYS:
            raise serializers.ValidationError({"to": _("At most one year at once.")})
        return attrs

    def asked(self) -> Asked:
        said = self.validated_data
        kinds = {**(said.get("kinds") or {}), **({Visits.name: frozenset({said["kind"]})} if said.get("kind") else {})}
        return Asked(said["from"], said["to"], kinds)

    def layers_asked(self) -> list[Layer]:
        """Those named; all where none is."""
        return list(LAYERS.values()) if self.validated_data.get("layers") is None else self.validated_data["layers"]

    def happening(self) -> list[Layer]:
        """Of the layers asked for, those that tell where things happen: a post or a shop stands where it stands."""
        return [layer for layer in self.layers_asked() if layer.happens]


class ViewOfRowsSerializer(RowsSerializer, ViewSerializer):
    """Rows within a part of the map."""


def earlier(day: datetime.date, days: int) -> datetime.date:
    """A day some days before; the calendar's first where there is none before."""
    return day - datetime.timedelta(days=min(days, (day - datetime.date.min).days))


ROWS = [
    OpenApiParameter("layers", str, description=f"Of {', '.join(LAYERS)}; all without it."),
    OpenApiParameter("from", OpenApiTypes.DATE, description="For layers of what happened on a day; 30 days before `to` without it."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Today without it."),
    OpenApiParameter("kind", str, enum=Kind.values, description="Of `visits`."),
    OpenApiParameter("kinds", str, description="Kinds by layer, as incidents:CURAT,incidents:CURAS."),
]
VIEW = [OpenApiParameter("bbox", str, required=True, description="west,south,east,north"), OpenApiParameter("zoom", int, required=True)]

MEASURE = [
    OpenApiParameter("least", int, description="How many make a hot spot; 5 without it."),
    OpenApiParameter("radius", int, description="Metres from each to the next; 150 without it."),
]


class MapView(APIView):
    """What all questions about a part of the map share."""

    serializer: type[ViewOfRowsSerializer] = ViewOfRowsSerializer

    def question(self, request):
        require_map(request.user)
        query = self.serializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        return query


class ClusterView(MapView):
    """Things in a box as a GeoJSON FeatureCollection: groups with `count` and `bounds` when far, single ones with `id` and `url` when near.

    As far as the asking person may read them; activities are those that figures count.
    """

    @extend_schema(parameters=VIEW + ROWS, responses=OpenApiTypes.OBJECT)
    def get(self, request):
        query = self.question(request)
        asked, view = query.asked(), query.view()
        features = [one for layer in query.layers_asked() for one in clusters(layer, layer.shown(request.user, asked), view)]
        return Response({"type": "FeatureCollection", "features": features})


class SquareView(MapView):
    """How many things happened in each cell of a grid, as squares with `count`, and `layers` that say of what: the heat map.
    Of visits, problems and incidents; what is simply there is not counted."""

    @extend_schema(parameters=VIEW + ROWS, responses=OpenApiTypes.OBJECT)
    def get(self, request):
        query = self.question(request)
        asked, view = query.asked(), query.view()
        features = squares(((layer, layer.shown(request.user, asked)) for layer in query.happening()), view)
        return Response({"type": "FeatureCollection", "features": features})


class HoursView(MapView):
    """For each layer that happens on a day: `matrix`, counts by weekday (Monday first) and hour (of the unit's zone), and `top`, the most
    frequent kinds; of the others `top` alone. Of what lies in the box."""

    @extend_schema(parameters=VIEW + ROWS, responses=OpenApiTypes.OBJECT)
    def get(self, request):
        query = self.question(request)
        asked, box = query.asked(), query.view().box
        told = []
        for layer in query.layers_asked():
            rows = layer.shown(request.user, asked).filter(location__bboverlaps=box)
            hours = {"matrix": matrix(rows, moment=layer.moment)} if layer.moment else {}
            told.append({"layer": layer.name, "label": str(layer.label), **hours, "top": top(layer, rows)})
        return Response({"results": told})


class HotSpotSerializer(ViewOfRowsSerializer):
    least = serializers.IntegerField(min_value=2, max_value=100, default=Measure.least)
    radius = serializers.IntegerField(min_value=20, max_value=2000, default=Measure.radius_m)

    def measure(self) -> Measure:
        return Measure(self.validated_data["least"], self.validated_data["radius"])


class HotSpotView(MapView):
    """Places where many things of a layer happened close together, the most first, with a sentence that says how they were found.
    Of visits, problems and incidents."""

    serializer = HotSpotSerializer

    @extend_schema(
        parameters=[*VIEW, *ROWS, OpenApiParameter("least", int), OpenApiParameter("radius", int, description="Metres.")],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request):
        query = self.question(request)
        asked, view = query.asked(), query.view()
        found = [hot_spots(layer, layer.shown(request.user, asked), view, query.measure()) for layer in query.happening()]
        features = [feature for spots in found for feature in spots.features]
        sentences = list(dict.fromkeys(spots.sentence for spots in found))
        return Response({"type": "FeatureCollection", "features": features, "counted": sum(spots.counted for spots in found), "notes": sentences})


class SearchSerializer(serializers.Serializer):
    q = serializers.CharField(max_length=120)


class SearchView(APIView):
    """Areas by name or code and things of the layers by name, as far as one may see them, each with the `bounds` where it lies."""

    @extend_schema(parameters=[OpenApiParameter("q", str, required=True)], responses=OpenApiTypes.OBJECT)
    def get(self, request):
        require_map(request.user)
        query = SearchSerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        return Response({"results": find(request.user, query.validated_data["q"])})


class TileView(APIView):
    """A vector tile (MVT) of the areas or of a layer, as far as the asking person may see them; from zoom 14 on each thing alone."""

    @extend_schema(parameters=ROWS[1:], responses={(200, "application/vnd.mapbox-vector-tile"): OpenApiTypes.BINARY})
    def get(self, request, layer, z, x, y):
        require_map(request.user)
        tile = Tile(z, x, y)
        if z > MAX_ZOOM or not tile.is_real or layer not in {"areas", *LAYERS}:
            raise Http404
        query = RowsSerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        if layer == "areas":
            return _tile(tiles.shapes(request.user, timezone.localdate(), tile))
        return _tile(tiles.points(LAYERS[layer], LAYERS[layer].shown(request.user, query.asked()), tile))


def _tile(data: bytes) -> HttpResponse:
    return HttpResponse(data, content_type="application/vnd.mapbox-vector-tile", headers={"Cache-Control": "private, max-age=60"})
