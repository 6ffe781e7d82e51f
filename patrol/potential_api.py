"""Potentials, swakarsa groups, partners and communities for programs: lists, one entry, and writing by those who keep them."""

import functools
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.contrib.rest_framework_gis import build_geo_schema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework_gis.fields import GeometryField

from mapping.models import Area, Community, Group, Partner, Potential, PotentialClass
from mapping.models.areas import in_indonesia
from mapping.models.places import PoliceFunction
from mapping.models.potentials import TRUSTED
from mapping.models.registers import Influence
from patrol import potential_pages as pages
from patrol.api import EPOCH, RegisterListView
from patrol.register_pages import KEEPERS, unit_for, villages_kept
from patrol.registers import REGISTERS
from patrol.serializers import serializer_of
from polmas.people.exceptions import CONFLICT, Conflict
from polmas.people.models import Code, Unit
from polmas.people.pagination import NewestFirst

LONGEST_SEARCH = 120


@extend_schema_field(build_geo_schema(Potential._meta.get_field("location")))
class PointField(GeometryField):
    """A GeoJSON point within Indonesia, longitude first."""

    default_error_messages = {"point": _("A GeoJSON point is needed."), "outside": _("This position lies outside Indonesia.")}

    def __init__(self, **kwargs):
        super().__init__(precision=6, **kwargs)

    def to_internal_value(self, value):
        place = super().to_internal_value(value)
        if place is not None and (place.geom_type != "Point" or place.empty):
            self.fail("point")
        if place is not None and not in_indonesia(place.x, place.y):
            self.fail("outside")
        return place and Point(place.x, place.y, srid=4326)


@extend_schema_field(OpenApiTypes.STR)
class VillageField(serializers.Field):
    """A kelurahan or desa by its official code, with dots or without."""

    default_error_messages = {"unknown": _("No village has this code.")}

    def to_internal_value(self, value):
        area = Area.objects.villages().by_code(value).first() if isinstance(value, str) else None
        return area or self.fail("unknown")

    def to_representation(self, area):
        return area.code


class VillagesField(serializers.ListField):
    """Any number of villages by their codes."""

    child = VillageField()

    def to_representation(self, areas):
        return super().to_representation(list(areas.all()))


class EntrySerializer(serializers.ModelSerializer):
    """An entry as the API reads and writes it. Without `area` the village is found by the point."""

    id = serializers.UUIDField(source="uuid", required=False, help_text="May be chosen by the sender: the same entry sent again is known.")
    area = VillageField(required=False)
    unit = serializers.CharField(source="unit.code", read_only=True)
    location = PointField(required=False, allow_null=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True, write_only=True)
    is_active = serializers.BooleanField(read_only=True)

    @property
    def model(self) -> Any:
        return self.Meta.model  # each kind of entry has a Meta of its own

    def validate_name(self, name):
        if not name.strip():
            raise serializers.ValidationError(_("This is missing."), code="blank")
        return name

    def validate_area(self, area):
        if area and area.pk not in self.kept_villages:
            raise serializers.ValidationError(_("This village is not yours to write in."), code="not_kept")
        return area

    @functools.cached_property
    def kept_villages(self) -> set[int]:
        return set(villages_kept(self.context["request"].user).order_by().values_list("pk", flat=True))

    def validate(self, attrs):
        entry = self.instance or self.model()
        if entry.area_id is None and not attrs.get("area"):
            attrs = self._located(attrs)
        self._check_code({**{name: getattr(entry, name) for name in self.CODED if hasattr(entry, name)}, **attrs})
        return attrs

    CODED = ("main_class", "kind", "basis")

    def _located(self, attrs):
        """With the village of the point."""
        found = Area.objects.village_at(attrs.get("location"), timezone.localdate())
        if found is None:
            if self.model is Partner and self._own_unit():
                return attrs
            raise serializers.ValidationError({"area": _("Give the village, or a point in one that is drawn.")}, code="required")
        try:
            return {**attrs, "area": self.validate_area(found)}
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"area": error.detail}) from error

    def _own_unit(self) -> Unit | None:
        """The unit whose registers the user keeps as a whole."""
        return Unit.objects.filter(path__in=self.context["request"].user.scope.paths_as(KEEPERS)).order_by("depth").first()

    def _check_code(self, said):
        model = self.model
        name = "basis" if model is Community else "kind"
        code_list = Potential(main_class=said.get("main_class")).kind_list if model is Potential else model._meta.get_field(name).code_list
        is_stored = self.instance is not None and getattr(self.instance, name) == said.get(name) and "main_class" not in self.initial_data
        if not is_stored and not Code.objects.of(code_list, timezone.localdate()).filter(code=said.get(name) or "").exists():
            raise serializers.ValidationError({name: _("This choice is not known.")}, code="invalid_choice")

    def create(self, validated_data):
        others = validated_data.pop("areas", None)
        user = self.context["request"].user
        entry = self.model(recorded_by=user, **validated_data)
        entry.unit = unit_for(user, entry.area) if entry.area else self._own_unit()
        return self._saved(entry, others)

    def update(self, instance, validated_data):
        others = validated_data.pop("areas", None)
        validated_data.pop("uuid", None)
        village = validated_data.get("area")
        if village and village.pk != instance.area_id:
            instance.unit = unit_for(self.context["request"].user, village)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        return self._saved(instance, others)

    def _saved(self, entry, others):
        try:
            entry.full_clean(exclude=["unit", "area", "recorded_by", "uuid"])
        except ValidationError as error:
            raise serializers.ValidationError(serializers.as_serializer_error(error)) from error
        entry.updated_on = entry.unit.today()
        entry.save()
        if others is not None:
            entry.areas.set(others)
        return entry


COMMON = ["id", "name", "area", "unit", "rw", "rt", "landmark", "location"]
KEPT = ["phone", "updated_on", "is_active", "closed_on", "closing_reason"]
READ_ONLY = ["updated_on", "closed_on", "closing_reason"]


class PotentialSerializer(EntrySerializer):
    main_class = serializers.ChoiceField(PotentialClass.choices, default=PotentialClass.TEMPAT)
    influence = serializers.ChoiceField(Influence.choices, required=False, allow_blank=True)

    class Meta:
        model = Potential
        fields = [
            *(*COMMON, "main_class", "kind", "contact", "influence", "description", "schedule", "next_on", "quantity", "is_confidential"),
            *("source", *KEPT),
        ]
        read_only_fields = [*READ_ONLY, "source"]

    def validate_is_confidential(self, is_confidential):
        user, entry = self.context["request"].user, self.instance
        if entry and entry.is_confidential != is_confidential and entry.recorded_by != user and not user.scope.holds(TRUSTED, entry.unit):
            raise serializers.ValidationError(_("Only who will read it afterwards may change this."), code="not_kept")
        return is_confidential


class GroupSerializer(EntrySerializer):
    class Meta:
        model = Group
        fields = [*COMMON, "kind", "head", "member_count", "confirmed_on", "card_number", *KEPT]
        read_only_fields = READ_ONLY


class PartnerSerializer(EntrySerializer):
    area = VillageField(required=False, allow_null=True)
    expires_on = serializers.DateField(read_only=True, default=None, help_text="When the agreement in force that ends first ends.")

    class Meta:
        model = Partner
        fields = [*COMMON, "kind", "contact", "expires_on", *KEPT]
        read_only_fields = READ_ONLY


class CommunitySerializer(EntrySerializer):
    function = serializers.ChoiceField(PoliceFunction.choices, required=False, allow_blank=True)
    areas = VillagesField(required=False, max_length=300)

    class Meta:
        model = Community
        fields = [*COMMON, "basis", "contact", "member_count", "function", "online_url", "description", "areas", *KEPT]
        read_only_fields = READ_ONLY


class EntryFilter(filters.FilterSet):
    area = filters.CharFilter(field_name="area__code", max_length=24, label=_("code of the village"))
    q = filters.CharFilter(method="containing", max_length=LONGEST_SEARCH, label=_("words of the name"))
    closed = filters.BooleanFilter(method="closed_too", label=_("closed ones too"))
    updated_after = filters.IsoDateTimeFilter(method="changed_since", label=_("made, changed or closed since then"))

    def containing(self, entries, name, text):
        return entries.filter(name__icontains=text)

    def closed_too(self, entries, name, value):
        return entries

    def changed_since(self, entries, name, moment):
        return entries.filter(updated_at__gt=min(max(moment, EPOCH), timezone.now()).astimezone(EPOCH.tzinfo))

    def filter_queryset(self, queryset):
        """Closed ones only where they are asked for, or where a program brings its copy up to date."""
        said = self.form.cleaned_data
        entries = super().filter_queryset(queryset)
        return entries if said.get("closed") or said.get("updated_after") else entries.active()


class KindFilter(EntryFilter):
    kind = filters.CharFilter(max_length=40)


class PotentialFilter(KindFilter):
    main_class = filters.ChoiceFilter(choices=PotentialClass.choices)
    influence = filters.ChoiceFilter(choices=Influence.choices)


class Entries(generics.GenericAPIView):
    """Entries of one kind that the user may read."""

    key = ""
    lookup_field = "uuid"
    queryset: Any = Potential.objects.none()
    serializer_class: Any = PotentialSerializer
    pagination_class = NewestFirst

    def get_queryset(self):
        tab = pages.tab_asked(self.key, {})
        model = tab.model
        entries = model.objects.for_user(pages.reader(self.request, tab))
        entries = entries.with_expiry(timezone.localdate()) if model is Partner else entries
        entries = entries.prefetch_related("areas") if model is Community else entries
        return entries.select_related("area", "unit")


def written(request, serializer) -> Response:
    """201 for a new entry, 200 for the same one sent again, 409 where its id stands for something else."""
    if not villages_kept(request.user).exists():
        raise Http404
    serializer.is_valid(raise_exception=True)
    data = serializer.validated_data
    if answer := known(request, serializer, data):
        return answer
    try:
        with transaction.atomic():
            serializer.save()
    except IntegrityError as error:
        raise Conflict from error
    return Response(serializer.data, status=status.HTTP_201_CREATED)


def known(request, serializer, data) -> Response | None:
    model = serializer.Meta.model
    if "uuid" not in data or not (stored := model._base_manager.filter(uuid=data["uuid"]).first()):
        return None
    is_same = all(getattr(stored, name) == value for name, value in data.items() if name != "areas")
    if not is_same or not model.objects.for_user(request.user).filter(pk=stored.pk).exists():
        raise Conflict
    return Response(type(serializer)(stored, context=serializer.context).data)


class EntryListView(Entries, generics.ListAPIView):
    filter_backends = [filters.DjangoFilterBackend]

    def post(self, request):
        self.get_queryset()
        return written(request, self.get_serializer(data=request.data))


class EntryView(Entries, generics.RetrieveAPIView):
    filter_backends: list = []

    def patch(self, request, uuid):
        entry = get_object_or_404(self.get_queryset(), uuid=uuid)
        if not entry.may_be_kept_by(request.user):
            raise Http404
        serializer = self.get_serializer(entry, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        with transaction.atomic():
            serializer.save()
        return Response(self.get_serializer(self.get_queryset().get(pk=entry.pk)).data)


class ClosingSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=Potential._meta.get_field("closing_reason").max_length, trim_whitespace=False)


class EntryActView(Entries):
    """What those do who keep the register: an entry goes out of use with a reason, or is in use again."""

    verb = ""

    def post(self, request, uuid):
        entry = get_object_or_404(self.get_queryset(), uuid=uuid)
        if not entry.may_be_kept_by(request.user):
            raise Http404
        if self.verb == "reopen":
            entry.reopen()
        else:
            said = ClosingSerializer(data=request.data)
            said.is_valid(raise_exception=True)
            entry.close(said.validated_data["reason"])
        return Response(self.get_serializer(self.get_queryset().get(pk=entry.pk)).data)


def routes_of(key: str, at: str, serializer: type[EntrySerializer], filterset: type[EntryFilter]):
    """The list and one entry, named for the schema."""
    model: Any = serializer.Meta.model
    common = {"key": key, "serializer_class": serializer, "queryset": model.objects.none()}
    listing: Any = type(f"{key.title()}ListView", (EntryListView,), {**common, "filterset_class": filterset})
    single: Any = type(f"{key.title()}View", (EntryView,), common)
    listing = extend_schema(methods=["POST"], request=serializer, responses={201: serializer, 200: serializer, **CONFLICT})(listing)
    single = extend_schema(methods=["PATCH"], request=serializer(partial=True), responses=serializer)(single)
    closing: Any = type(f"{key.title()}CloseView", (EntryActView,), {**common, "verb": "close"})
    closing = extend_schema(request=ClosingSerializer, responses=serializer)(closing)
    reopening: Any = type(f"{key.title()}ReopenView", (EntryActView,), {**common, "verb": "reopen"})
    reopening = extend_schema(request=None, responses=serializer)(reopening)
    return [
        path(f"{at}/", listing.as_view(), name=f"{key}_list"),
        path(f"{at}/<any_uuid:uuid>/", single.as_view(), name=f"{key}_detail"),
        path(f"{at}/<any_uuid:uuid>/close/", closing.as_view(), name=f"{key}_close"),
        path(f"{at}/<any_uuid:uuid>/reopen/", reopening.as_view(), name=f"{key}_reopen"),
    ]


class CommunityListView(RegisterListView):
    """The communities that phones keep, with their visits; and a new one."""

    words = REGISTERS["community"]
    queryset: Any = Community.objects.none()

    @extend_schema(request=CommunitySerializer, responses={201: CommunitySerializer, 200: CommunitySerializer, **CONFLICT})
    def post(self, request):
        return written(request, CommunitySerializer(data=request.data, context=self.get_serializer_context()))


urlpatterns = [
    *routes_of("potential", "potentials", PotentialSerializer, PotentialFilter),
    *routes_of("group", "groups", GroupSerializer, KindFilter),
    *routes_of("partner", "partners", PartnerSerializer, KindFilter),
    path("communities/", CommunityListView.as_view(serializer_class=serializer_of(Community)), name="community_list"),
    *routes_of("community", "communities", CommunitySerializer, EntryFilter)[1:],
]
