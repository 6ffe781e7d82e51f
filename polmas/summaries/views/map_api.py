"""The map's data by API: groups of visits when far, single ones when near."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from mapping.api import MAX_ZOOM, CoordinateField
from patrol.models import Kind
from polmas.summaries.map_layers import LAYERS, View, clusters, require_map, visits

USUAL_DAYS = 30
LONGEST_DAYS = 366


class BoxField(serializers.CharField):
    """west,south,east,north in degrees."""

    default_error_messages = {"box": _("Four numbers are needed: west, south, east, north in degrees.")}

    def to_internal_value(self, data):
        parts = super().to_internal_value(data).split(",")
        try:
            west, south, east, north = (CoordinateField().to_internal_value(part) for part in parts)
        except (ValueError, serializers.ValidationError):
            self.fail("box")
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            self.fail("box")
        return west, south, east, north


class ViewSerializer(serializers.Serializer):
    """Which part of the map is asked for."""

    bbox = BoxField(max_length=200)
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
        return names


class ClusterQuerySerializer(ViewSerializer):
    layers = LayersField(max_length=200, required=False)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False, allow_blank=True)

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


def earlier(day: datetime.date, days: int) -> datetime.date:
    """A day some days before; the calendar's first where there is none before."""
    return day - datetime.timedelta(days=min(days, (day - datetime.date.min).days))


class ClusterView(APIView):
    """Visits in a box as a GeoJSON FeatureCollection: groups with `count` and `bounds` when far, single ones with `id` and `url` when near.

    Those that figures count, of the days from `from` to `to` (the last 30 by default), as far as the asking person may read them.
    """

    @extend_schema(
        parameters=[
            OpenApiParameter("bbox", str, required=True, description="west,south,east,north"),
            OpenApiParameter("zoom", int, required=True),
            OpenApiParameter("layers", str, description=f"Of {', '.join(LAYERS)}; all without it."),
            OpenApiParameter("from", OpenApiTypes.DATE),
            OpenApiParameter("to", OpenApiTypes.DATE),
            OpenApiParameter("kind", str, enum=Kind.values),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request):
        require_map(request.user)
        query = ClusterQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        features = []
        if asked.get("layers", LAYERS):
            features = clusters(visits(request.user, asked["from"], asked["to"], asked.get("kind", "")), query.view())
        return Response({"type": "FeatureCollection", "features": features})
