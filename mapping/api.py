"""Where: areas as GeoJSON, and which one covers a point."""

import math

from django.contrib.gis.geos import Point
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.contrib.rest_framework_gis import build_geo_schema
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.plumbing import build_object_type
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from mapping.models import Area, AreaShape, Level
from mapping.models.areas import CODE, dotted
from polmas.people.models import User
from polmas.people.pagination import Keyset

MAX_ZOOM = 22


class AreaNameSerializer(serializers.ModelSerializer):
    """An area by name, without its shape."""

    class Meta:
        model = Area
        fields = ["code", "name", "level"]


@extend_schema_field(build_geo_schema(AreaShape._meta.get_field("shape")))
class OutlineField(GeometryField):
    """The shape that `outlined` annotates; six decimals of a degree are eleven centimetres."""

    def __init__(self):
        super().__init__(precision=6, allow_null=True)


class AreaSerializer(GeoFeatureModelSerializer):
    """An area as a GeoJSON feature: its code is the id; the geometry is null where nobody has drawn it yet."""

    outline = OutlineField()
    parent = serializers.CharField(source="parent.code", default=None)

    class Meta:
        model = Area
        geo_field = "outline"
        id_field = "code"
        fields = ["code", "name", "level", "parent", "population", "households"]

    def to_representation(self, instance):
        feature = super().to_representation(instance)
        feature["properties"] = {"code": instance.code, **feature["properties"]}
        return feature


class WithParents(serializers.Serializer):
    """Adds the areas around an area, from the province down."""

    parents = serializers.SerializerMethodField()

    @extend_schema_field(AreaNameSerializer(many=True))
    def get_parents(self, area):
        return AreaNameSerializer(area.ancestors(), many=True).data


class AreaDetailSerializer(WithParents, AreaSerializer):  # type: ignore[misc]
    class Meta(AreaSerializer.Meta):
        fields = [*AreaSerializer.Meta.fields, "parents"]


class AreaSchema(OpenApiSerializerExtension):
    """Describes an area as a feature: the library's own description takes the geometry from a column of the model, which Area has none of."""

    target_class = AreaSerializer
    match_subclasses = True
    priority = 1

    def map_serializer(self, auto_schema, direction):
        said = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        geometry = said["properties"].pop("outline")
        kind = {"type": "string", "enum": ["Feature"]}
        return build_object_type(properties={"type": kind, "id": said["properties"]["code"], "geometry": geometry, "properties": said})


class ByCode(Keyset):
    """In the order of the codes; the page itself is a FeatureCollection."""

    ordering = "code"
    position = CODE

    def get_paginated_response(self, data):
        return Response(
            {"type": "FeatureCollection", "next": self.get_next_link(), "previous": self.get_previous_link(), "features": data["features"]}
        )

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "format": "uri", "nullable": True}
        return {"allOf": [schema, {"type": "object", "properties": {"next": link, "previous": link}}]}


class ZoomSerializer(serializers.Serializer):
    """How far the map is zoomed in, as web maps count: 0 the whole world, 22 a door."""

    zoom = serializers.IntegerField(min_value=0, max_value=MAX_ZOOM, required=False)


class AreaFilter(filters.FilterSet):
    parent = filters.CharFilter(method="within", label=_("code of the area around it"))
    level = filters.ChoiceFilter(choices=Level)
    search = filters.CharFilter(method="named", label=_("part of the name, or the beginning of the code"))
    held = filters.BooleanFilter(method="held_today", label=_("held by the asking officer today"))
    officer = filters.CharFilter(method="of_officer", max_length=150, label=_("held on `day` by this officer of a unit that one reads"))
    day = filters.DateFilter(method="as_they_are", label=_("day of `officer`; today without it"))

    class Meta:
        model = Area
        fields = ["parent", "level", "search", "held", "officer", "day"]

    def of_officer(self, areas, name, username):
        officer = User.objects.for_user(self.request.user).filter(username=username).first()
        day = self.form.cleaned_data["day"] or timezone.localdate()
        return areas.filter(pk__in=Area.objects.held_by(officer, day).values("pk")) if officer else areas.none()

    def as_they_are(self, areas, name, value):
        return areas

    def within(self, areas, name, value):
        return areas.filter(parent__code=dotted(value))

    def named(self, areas, name, value):
        return areas.search(value)

    def held_today(self, areas, name, value):
        held = Area.objects.held_by(self.request.user, timezone.localdate()).values("pk")
        return areas.filter(pk__in=held) if value else areas.exclude(pk__in=held)


class AreasInSight(generics.GenericAPIView):
    """Areas for the police; for anybody else there are none."""

    queryset = Area.objects.none()

    def get_queryset(self):
        areas = Area.objects.for_user(self.request.user).select_related("parent")
        if areas.query.is_empty():
            raise Http404
        zoom = ZoomSerializer(data=self.request.query_params)
        zoom.is_valid(raise_exception=True)
        return areas.outlined(timezone.localdate(), zoom.validated_data.get("zoom"))


@extend_schema(parameters=[OpenApiParameter("zoom", int, description="Simplifies the shapes to the pixels of this zoom; in full without it.")])
class AreaListView(AreasInSight, generics.ListAPIView):
    """Areas by code, as GeoJSON."""

    serializer_class = AreaSerializer
    pagination_class = ByCode
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = AreaFilter


@extend_schema(parameters=[OpenApiParameter("zoom", int), OpenApiParameter("code", str, OpenApiParameter.PATH, description="With dots or without.")])
class AreaDetailView(AreasInSight, generics.RetrieveAPIView):
    """One area with those around it, as a GeoJSON feature."""

    serializer_class = AreaDetailSerializer

    def get_object(self):
        return get_object_or_404(self.get_queryset().by_code(self.kwargs["code"]))


class CoordinateField(serializers.FloatField):
    """Degrees; neither NaN nor infinity, which Python would read as numbers."""

    default_error_messages = {"finite": _("A number is needed.")}

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("finite")
        return value


class PointSerializer(serializers.Serializer):
    lat = CoordinateField(min_value=-90, max_value=90)
    lon = CoordinateField(min_value=-180, max_value=180)


class LocatedSerializer(WithParents, AreaNameSerializer):
    class Meta(AreaNameSerializer.Meta):
        fields = [*AreaNameSerializer.Meta.fields, "parents"]


class LocateView(APIView):
    """The smallest area that covers a point today, with those around it; 404 outside every area."""

    @extend_schema(
        parameters=[OpenApiParameter("lat", OpenApiTypes.DOUBLE, required=True), OpenApiParameter("lon", OpenApiTypes.DOUBLE, required=True)],
        responses=LocatedSerializer,
    )
    def get(self, request):
        asked = PointSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        areas = Area.objects.for_user(request.user)
        area = areas.locate(Point(asked.validated_data["lon"], asked.validated_data["lat"], srid=4326), timezone.localdate())
        if area is None:
            raise Http404
        return Response(LocatedSerializer(get_object_or_404(areas, pk=area.pk)).data)


urlpatterns = [
    path("areas/", AreaListView.as_view(), name="area_list"),
    path("areas/locate/", LocateView.as_view(), name="area_locate"),
    path("areas/<str:code>/", AreaDetailView.as_view(), name="area_detail"),
]
