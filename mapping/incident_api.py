"""Incidents for programs: the list that one may read, single ones, and what SPKT writes."""

from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from mapping import incident_lists, incidents
from mapping.fields import BoxField, ShapeJSONField
from mapping.geometry import POINT
from mapping.models import DailyStatement, Handling, Harm, Incident, IncidentClass, IncidentVictims, Sex
from mapping.models.areas import dotted
from mapping.views.incidents import reader, writer
from mapping.views.statements import own_unit
from polmas.people.exceptions import Conflict, by_field
from polmas.people.models import Unit
from polmas.people.pagination import NewestFirst
from polmas.people.scope import INCIDENT_WRITERS

# What an officer who holds the village reads of an incident; the rest is null for them.
BRIEF = ("id", "unit", "area", "location", "address", "occurred_at", "occurred_until", "kind", "class", "scene", "phase", "status", "cleared_on")
HANDLED = frozenset({"status", "cleared_on"})  # what a Kanit writes to whom it was handed
MOST_VICTIM_ROWS = len(Harm) * len(Sex) * 2


class VictimsSerializer(serializers.ModelSerializer):
    """How many people of one group came to one harm."""

    count = serializers.IntegerField(min_value=0, max_value=100_000)

    class Meta:
        model = IncidentVictims
        fields = ["harm", "sex", "is_child", "count"]


class IncidentSerializer(serializers.ModelSerializer):
    """One incident. `location` is GeoJSON; where only the point is sent, the village is found. Fields that one may not read are null."""

    id = serializers.UUIDField(source="uuid", required=False, help_text="May be chosen by the sender: the same entry sent again is known.")
    unit = serializers.CharField(source="unit.code", read_only=True)
    area = serializers.CharField(source="area.code", max_length=24, required=False)
    location = ShapeJSONField(kinds=[POINT], required=False, allow_null=True)
    victims = VictimsSerializer(many=True, required=False)
    status = serializers.ChoiceField(choices=Handling.choices, required=False, allow_blank=True)

    class Meta:
        model = Incident
        fields = [
            *("id", "unit", "area", "location", "address", "occurred_at", "occurred_until", "reported_at", "kind", "scene"),
            *(
                "narrative",
                "modus",
                "loss_rp",
                "no_lp",
                "phase",
                "evidence",
                "actions",
                "status",
                "cleared_on",
                "victims",
                "created_at",
                "updated_at",
            ),
        ]
        extra_kwargs = {
            name: {"trim_whitespace": False} for name in ("address", "kind", "scene", "narrative", "modus", "no_lp", "evidence", "actions")
        }
        validators: list[Any] = []  # the act checks the row as a whole

    def get_fields(self):
        # "class" is no name that Python takes.
        return {**super().get_fields(), "class": serializers.ChoiceField(choices=IncidentClass.choices, source="klass", read_only=True)}

    def to_representation(self, instance):
        said = super().to_representation(instance)
        user = self.context["request"].user
        if not instance.may_be_read_whole_by(user):
            said = {name: value if name in BRIEF else None for name, value in said.items()}
        if not instance.may_see_point(user):
            said["location"] = None
        return said

    def validate_victims(self, rows):
        if len(rows) > MOST_VICTIM_ROWS:
            raise serializers.ValidationError(_("Each group once."))
        return rows

    def validate_narrative(self, text):
        if not text.strip():
            raise serializers.ValidationError(_("One sentence, please."), code="blank")
        return text

    def validate(self, attrs):
        """The village by its code or by the point; its Polsek by the village."""
        user, code = self.context["request"].user, attrs.pop("area", {}).get("code")
        if code is None and (self.instance is not None or not attrs.get("location")):
            if self.instance is None:
                raise serializers.ValidationError({"area": _("Choose the village, or mark the point.")}, code="required")
            return attrs
        villages = incidents.villages_of(user)
        area = villages.by_code(code).first() if code is not None else villages.village_at(attrs["location"], timezone.localdate())
        if area is None:
            raise serializers.ValidationError({"area": _("Unknown, or not a village of your unit.")}, code="does_not_exist")
        attrs |= {"area": area, "unit": incidents.unit_of(area, user.scope.paths_as(INCIDENT_WRITERS))}
        return attrs

    def kept(self) -> tuple[Incident, bool]:
        """The incident with what was sent: a new one, or the one that it corrects; and whether it is new."""
        user, said = self.context["request"].user, dict(self.validated_data)
        sent = said.pop("victims", None)
        victims = None if sent is None else _groups(sent)
        try:
            if self.instance:
                said.pop("uuid", None)
                return incidents.amend(self.instance, user, said, victims), False
            return incidents.record_once(Incident(**said), user, victims)
        except Refused as error:
            if getattr(error, "code", "") == "conflict":
                raise Conflict from error
            raise serializers.ValidationError(by_field(error)) from error


def _groups(rows) -> dict:
    """All groups, those that were not sent with 0: what is sent replaces what stands."""
    sent = {(row["harm"], row["sex"], row.get("is_child", False)): row["count"] for row in rows}
    return {(harm, sex, is_child): sent.get((harm, sex, is_child), 0) for harm in Harm.values for sex in Sex.values for is_child in (False, True)}


class AskedSerializer(serializers.Serializer):
    """How the list is narrowed."""

    kind = serializers.CharField(max_length=40, required=False)
    area = serializers.CharField(max_length=24, required=False)
    unit = serializers.CharField(max_length=60, required=False)
    status = serializers.ChoiceField(choices=Handling.choices, required=False)
    bbox = BoxField(required=False)

    def get_fields(self):
        day = {name: serializers.DateField(required=False) for name in ("from", "to")}
        return {**super().get_fields(), **day, "class": serializers.ChoiceField(choices=IncidentClass.choices, required=False)}

    def narrowed(self, user):
        said = self.validated_data
        rows = Incident.objects.for_user(user)
        if "bbox" in said:
            rows = Incident.objects.pointed_for(user).filter(location__coveredby=said["bbox"])
        rows = rows.filter(day__gte=said["from"]) if "from" in said else rows
        rows = rows.filter(day__lte=said["to"]) if "to" in said else rows
        names = {"wilayah": "area", "satuan": "unit", "kelas": "class", "jenis": "kind", "status": "status"}
        asked = {ours: said[name] for ours, name in names.items() if name in said}
        if "area" in said:
            asked["wilayah"] = dotted(said["area"])
        return incident_lists.narrowed(rows, user, asked)


ASKED = [
    OpenApiParameter("from", str, description="First day."),
    OpenApiParameter("to", str, description="Last day."),
    OpenApiParameter("kind", str),
    OpenApiParameter("class", str, enum=IncidentClass.values),
    OpenApiParameter("area", str, description="Code of a village, or of an area around it."),
    OpenApiParameter("unit", str, description="Code of the Polsek."),
    OpenApiParameter("status", str, enum=Handling.values),
    OpenApiParameter("bbox", str, description="west,south,east,north: only incidents whose point one may see, within it."),
]


@extend_schema_view(get=extend_schema(parameters=ASKED))
class IncidentListView(generics.ListAPIView):
    """Incidents that one may read, the newest entry first; POST enters one (SPKT and operators)."""

    queryset = Incident.objects.none()
    serializer_class = IncidentSerializer
    pagination_class = NewestFirst

    def get_queryset(self):
        asked = AskedSerializer(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        return asked.narrowed(reader(self.request)).select_related("unit", "area").prefetch_related("victims")

    @extend_schema(
        request=IncidentSerializer,
        responses={201: IncidentSerializer, 200: IncidentSerializer, 409: OpenApiResponse(description="The id stands for other content.")},
    )
    def post(self, request):
        writer(request)
        said = IncidentSerializer(data=request.data, context=self.get_serializer_context())
        said.is_valid(raise_exception=True)
        incident, is_new = said.kept()
        return Response(self.get_serializer(incident).data, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


class IncidentDetailView(generics.RetrieveAPIView):
    """One incident; PATCH corrects it (who writes it), or says how far it is (whom it was handed to)."""

    queryset = Incident.objects.none()
    serializer_class = IncidentSerializer
    lookup_field = "uuid"

    def get_queryset(self):
        return Incident.objects.for_user(reader(self.request)).select_related("unit", "area").prefetch_related("victims")

    @extend_schema(request=IncidentSerializer, responses=IncidentSerializer)
    def patch(self, request, uuid):
        incident = self.get_object()
        if not incident.may_be_handled_by(request.user):
            raise Http404
        said = IncidentSerializer(incident, data=request.data, partial=True, context=self.get_serializer_context())
        said.is_valid(raise_exception=True)
        if not incident.may_be_written_by(request.user) and set(said.initial_data) - HANDLED:
            raise serializers.ValidationError({"non_field_errors": _("Of this incident you say how far it is; the rest is SPKT's.")})
        said.kept()
        return Response(self.get_serializer(self.get_queryset().get(pk=incident.pk)).data)


class WithdrawalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500, trim_whitespace=False)


class IncidentWithdrawView(APIView):
    """Takes an incident back with a reason; it counts no more."""

    @extend_schema(request=WithdrawalSerializer, responses={204: None})
    def post(self, request, uuid):
        incident = get_object_or_404(Incident.objects.writable_for(reader(request)).select_related("unit"), uuid=uuid)
        said = WithdrawalSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            incidents.withdraw(incident, request.user, said.validated_data["reason"])
        except Refused as error:
            raise serializers.ValidationError(by_field(error)) from error
        return Response(status=status.HTTP_204_NO_CONTENT)


class StatementSerializer(serializers.ModelSerializer):
    """The word for one day: ISI or NIHIL."""

    unit = serializers.CharField(source="unit.code", read_only=True)

    class Meta:
        model = DailyStatement
        fields = ["unit", "day", "says", "at"]
        read_only_fields = ["at"]


class StatementView(APIView):
    """States isi or nihil for a day of the own unit; the same again changes nothing."""

    @extend_schema(request=StatementSerializer, responses=StatementSerializer)
    def post(self, request):
        writer(request)
        unit = get_object_or_404(Unit, pk=getattr(own_unit(request.user), "pk", None))
        said = StatementSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            word = incidents.state(unit, said.validated_data["day"], said.validated_data["says"], request.user)
        except Refused as error:
            raise serializers.ValidationError(by_field(error)) from error
        return Response(StatementSerializer(word).data)


urlpatterns = [
    path("incidents/", IncidentListView.as_view(), name="incident_list"),
    path("incidents/statements/", StatementView.as_view(), name="statement_create"),
    path("incidents/<any_uuid:uuid>/", IncidentDetailView.as_view(), name="incident_detail"),
    path("incidents/<any_uuid:uuid>/withdraw/", IncidentWithdrawView.as_view(), name="incident_withdraw"),
]
