"""Problems for programs: the list that one may read, single ones, and the steps of their course."""

from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from mapping.fields import BoxField, ShapeJSONField
from mapping.forms_problems import colleagues_of
from mapping.geometry import POINT
from mapping.models import Area, Problem, ProblemClass, ProblemStatus, ProblemStep
from mapping.models.areas import CODE, dotted
from mapping.models.places import PoliceFunction, Weekday
from mapping.models.problems import point_in
from mapping.problems import far_away, in_sight, kept, reader, unit_for, villages_kept, writer
from polmas.people.exceptions import CONFLICT, Conflict, by_field
from polmas.people.pagination import NewestFirst

MOST_AREAS = 50
TEXTS = ("title", "description", "impact", "root_cause", "prediction", "plan", "stakeholders")


class CodesOfAreas(serializers.ListField):
    """Villages by their codes."""

    child = serializers.CharField(max_length=24)

    def __init__(self, **kwargs):
        super().__init__(max_length=MOST_AREAS, **kwargs)

    def to_representation(self, data):
        return [area.code for area in data.all()]


class StepSerializer(serializers.ModelSerializer):
    """One step of the course: Kenali, Telaah, Tangani or Nilai."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    day = serializers.DateField(required=False)

    class Meta:
        model = ProblemStep
        fields = ["id", "stage", "phase", "day", "text", "measure", "count_before", "count_after", "created_at"]
        extra_kwargs = {"text": {"trim_whitespace": False}, "measure": {"trim_whitespace": False}, "created_at": {"read_only": True}}
        validators: list[Any] = []


class ProblemSerializer(serializers.ModelSerializer):
    """One problem. `shape` is GeoJSON: a point or an outline; without `area` the village is found by it. `location` is a point of it."""

    id = serializers.UUIDField(source="uuid", required=False, help_text="May be chosen by the sender: the same problem sent again is known.")
    unit = serializers.CharField(source="unit.code", read_only=True)
    area = serializers.CharField(source="area.code", max_length=24, required=False)
    areas = CodesOfAreas(required=False)
    shape = ShapeJSONField(required=False, allow_null=True)
    location = ShapeJSONField(kinds=[POINT], read_only=True)
    weekdays = serializers.ListField(child=serializers.ChoiceField(choices=Weekday.choices), max_length=7, required=False)
    functions = serializers.ListField(child=serializers.ChoiceField(choices=PoliceFunction.choices), max_length=5, required=False)
    responsible = serializers.CharField(source="responsible.username", max_length=150, required=False, allow_null=True, default=None)
    recurs = serializers.UUIDField(source="recurs.uuid", required=False, allow_null=True, default=None)

    class Meta:
        model = Problem
        fields = [
            *("id", "unit", "area", "areas", "kind", "field", "title", "description", "happened_on", "impact", "root_cause", "prediction", "plan"),
            *("grade", "vulnerability", "hour_from", "hour_to", "weekdays", "shape", "location", "functions", "stakeholders", "responsible"),
            *("target_on", "phase", "status", "solved_on", "outcome", "recurs", "is_confidential", "created_at", "updated_at"),
        ]
        read_only_fields = ["phase", "status", "solved_on", "outcome", "created_at", "updated_at"]
        extra_kwargs = {name: {"trim_whitespace": False} for name in TEXTS}
        validators: list[Any] = []  # the model checks the row as a whole

    def get_fields(self):
        # "class" is no name that Python takes.
        return {**super().get_fields(), "class": serializers.ChoiceField(choices=ProblemClass.choices, source="klass", read_only=True)}

    def validate_is_confidential(self, is_confidential):
        problem = self.instance
        if problem and problem.is_confidential != is_confidential and not problem.may_be_marked_by(self.context["request"].user):
            raise serializers.ValidationError(_("Only who will read it afterwards may change this."), code="not_kept")
        return is_confidential

    def validate(self, attrs):
        self._find_village(attrs)
        self._check_place(attrs)
        if self.instance:
            attrs.pop("uuid", None)
        user, given = self.context["request"].user, self.initial_data
        if "areas" in attrs:
            attrs["areas"] = self._areas(attrs["areas"])
        responsible, recurs = attrs.pop("responsible", {}), attrs.pop("recurs", {})
        if "responsible" in given:
            attrs["responsible"] = self._person(responsible.get("username"))
        if recurs.get("uuid") if isinstance(recurs, dict) else None:
            attrs["recurs"] = Problem.objects.for_user(user).filter(uuid=recurs["uuid"]).first()
            if attrs["recurs"] is None or self.instance:
                raise serializers.ValidationError({"recurs": _("Not found.")}, code="does_not_exist")
        return attrs

    def _find_village(self, attrs) -> None:
        user, code = self.context["request"].user, attrs.pop("area", {}).get("code")
        if code is None and self.instance is not None:
            return
        villages = villages_kept(user)
        place = point_in(attrs.get("shape"))
        area = villages.village_at(place, timezone.localdate()) if code is None else villages.by_code(code).first()
        if area is None and code is None:
            raise serializers.ValidationError({"area": _("Choose the village, or mark the place.")}, code="required")
        if area is None:
            raise serializers.ValidationError({"area": _("Unknown, or no village of yours.")}, code="does_not_exist")
        attrs |= {"area": area, "unit": unit_for(user, area)}

    def _check_place(self, attrs) -> None:
        shape, area = (attrs[name] if name in attrs else getattr(self.instance, name, None) for name in ("shape", "area"))
        if area and {"shape", "area"} & attrs.keys() and (refusal := far_away(shape, area)):
            raise serializers.ValidationError({"shape": refusal}, code="elsewhere")

    def _areas(self, codes) -> list[Area]:
        wanted = {dotted(code) for code in codes}
        found = list(Area.objects.villages().filter(code__in=[code for code in wanted if CODE.fullmatch(code)]))
        if len(found) != len(wanted):
            raise serializers.ValidationError({"areas": _("Unknown village.")}, code="does_not_exist")
        return found

    def _person(self, username):
        if not username:
            return None
        person = colleagues_of(self.context["request"].user, self.instance).filter(username=username).first()
        if person is None:
            raise serializers.ValidationError({"responsible": _("Nobody of your unit.")}, code="does_not_exist")
        return person

    @transaction.atomic
    def kept(self) -> Problem:
        """The problem with what was sent, checked by the model as a whole."""
        said = dict(self.validated_data)
        areas = said.pop("areas", None)
        if self.instance:  # as it stands now: what became of it since it was read stays
            problem = Problem.objects.select_for_update().get(pk=self.instance.pk)
        else:
            course = ProblemStatus.BERULANG if said.get("recurs") else ProblemStatus.TERPETAKAN
            problem = Problem(recorded_by=self.context["request"].user, status=course)
        is_other_kind = said.get("kind", problem.kind) != problem.kind
        for name, value in said.items():
            setattr(problem, name, value)
        try:
            if is_other_kind:
                problem.classify()
            problem.full_clean(exclude=["recorded_by", "uuid"])
        except Refused as error:
            raise serializers.ValidationError(by_field(error)) from error
        problem.save(update_fields=[*said, *Problem.FOLLOWING] if self.instance else None)
        if areas is not None:
            problem.areas.set([area for area in areas if area.pk != problem.area_id])
        return problem


def told(problems, user):
    """Problems with all that an answer tells of them; a former one out of sight is none."""
    former = Prefetch("recurs", Problem.objects.for_user(user))
    return problems.select_related("unit", "area", "responsible").prefetch_related("areas", former)


class AskedSerializer(serializers.Serializer):
    """How the list is narrowed."""

    status = serializers.ChoiceField(choices=ProblemStatus.choices, required=False)
    kind = serializers.CharField(max_length=40, required=False)
    area = serializers.CharField(max_length=24, required=False)
    bbox = BoxField(required=False)

    def get_fields(self):
        day = {name: serializers.DateField(required=False) for name in ("from", "to")}
        return {**super().get_fields(), **day, "class": serializers.ChoiceField(choices=ProblemClass.choices, required=False)}

    def narrowed(self, problems):
        said = self.validated_data
        exact = {"status": "status", "kind": "kind", "class": "klass"}
        problems = problems.filter(**{column: said[name] for name, column in exact.items() if name in said})
        if "area" in said:
            code = dotted(said["area"])
            inside = Q(code=code) | Q(code__startswith=f"{code}.")
            across = Problem.areas.through.objects.filter(area__in=Area.objects.filter(inside)).values("problem")
            problems = problems.filter(Q(area__in=Area.objects.filter(inside)) | Q(pk__in=across))
        if "bbox" in said:
            problems = problems.filter(shape__bboverlaps=said["bbox"])
        if "from" in said:
            problems = problems.filter(Q(solved_on__isnull=True) | Q(solved_on__gte=said["from"]))
        return problems.filter(created_at__date__lte=said["to"]) if "to" in said else problems


PARAMETERS = [
    OpenApiParameter("status", str, enum=ProblemStatus.values),
    OpenApiParameter("class", str, enum=ProblemClass.values),
    OpenApiParameter("kind", str),
    OpenApiParameter("area", str, description="Code of a village, or of an area around it."),
    OpenApiParameter("bbox", str, description="west,south,east,north: only problems whose place touches it."),
    OpenApiParameter("from", OpenApiTypes.DATE, description="Without what was solved before this day."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Without what was recorded after this day."),
]


@extend_schema_view(get=extend_schema(parameters=PARAMETERS))
class ProblemListView(generics.ListAPIView):
    """Problems that one may read, the newest first; POST records one."""

    serializer_class = ProblemSerializer
    pagination_class = NewestFirst
    queryset = Problem.objects.none()

    def get_queryset(self):
        user = reader(self.request)
        problems = told(Problem.objects.for_user(user), user)
        asked = AskedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return asked.narrowed(problems)

    @extend_schema(request=ProblemSerializer, responses={201: ProblemSerializer, 200: ProblemSerializer, **CONFLICT})
    def post(self, request):
        writer(request)
        serializer = ProblemSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        if problem := _known(serializer):
            return _answered(serializer, problem, status.HTTP_200_OK)
        try:
            return _answered(serializer, serializer.kept(), status.HTTP_201_CREATED)
        except IntegrityError as error:  # the same id came twice at once
            raise Conflict from error


class ProblemView(generics.GenericAPIView):
    """One problem; PATCH changes what is sent."""

    serializer_class = ProblemSerializer
    queryset = Problem.objects.none()

    def get(self, request, uuid):
        problem = get_object_or_404(told(Problem.objects.for_user(reader(request)), request.user), uuid=uuid)
        return Response(self.get_serializer(problem).data)

    def patch(self, request, uuid):
        serializer = ProblemSerializer(kept(request, uuid), data=request.data, partial=True, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return _answered(serializer, serializer.kept(), status.HTTP_200_OK)


def _answered(serializer, problem, code):
    problem = told(Problem.objects.all(), serializer.context["request"].user).get(pk=problem.pk)
    return Response(ProblemSerializer(problem, context=serializer.context).data, status=code)


def _known(serializer) -> Problem | None:
    """The same problem sent before; 409 where its id stands for something else, or for what is out of sight."""
    said = serializer.validated_data
    problem = Problem.objects.filter(uuid=said["uuid"]).first() if "uuid" in said else None
    if problem is None:
        return None
    is_same = all(getattr(problem, name) == value for name, value in said.items() if name != "areas")
    if not is_same or not Problem.objects.for_user(serializer.context["request"].user).filter(pk=problem.pk).exists():
        raise Conflict
    return problem


class StepListView(APIView):
    """The course of a problem, the latest step first; POST adds one."""

    @extend_schema(responses=StepSerializer(many=True))
    def get(self, request, uuid):
        return Response(StepSerializer(in_sight(request, uuid).steps.all(), many=True).data)

    @extend_schema(request=StepSerializer, responses={201: StepSerializer})
    def post(self, request, uuid):
        problem = in_sight(request, uuid)
        if not problem.may_be_worked_on_by(request.user):
            raise Http404
        serializer = StepSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            step = problem.add_step(request.user, **serializer.validated_data)
        except Refused as error:
            raise serializers.ValidationError(by_field(error)) from error
        return Response(StepSerializer(step).data, status=status.HTTP_201_CREATED)


class OutcomeSerializer(serializers.Serializer):
    outcome = serializers.CharField(max_length=2000, trim_whitespace=False)


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000, trim_whitespace=False)


class ProblemActView(generics.GenericAPIView):
    """What those do who may close a problem."""

    queryset = Problem.objects.none()
    asks: type[serializers.Serializer]
    verb: str

    def post(self, request, uuid):
        problem = in_sight(request, uuid)
        if not problem.may_be_closed_by(request.user):
            raise Http404
        said = self.asks(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            getattr(problem, self.verb)(request.user, *said.validated_data.values())
        except Refused as error:
            raise serializers.ValidationError(by_field(error)) from error
        return Response(ProblemSerializer(told(Problem.objects.all(), request.user).get(pk=problem.pk), context=self.get_serializer_context()).data)


@extend_schema_view(post=extend_schema(request=OutcomeSerializer, responses=ProblemSerializer))
class ProblemCloseView(ProblemActView):
    """Solved, with what came of it; a step NILAI must be there first."""

    asks, verb = OutcomeSerializer, "close"


@extend_schema_view(post=extend_schema(request=ReasonSerializer, responses=ProblemSerializer))
class ProblemReopenView(ProblemActView):
    """It came back, with the reason."""

    asks, verb = ReasonSerializer, "reopen"


urlpatterns = [
    path("problems/", ProblemListView.as_view(), name="problem_list"),
    path("problems/<any_uuid:uuid>/", ProblemView.as_view(), name="problem_detail"),
    path("problems/<any_uuid:uuid>/steps/", StepListView.as_view(), name="problem_step_list"),
    path("problems/<any_uuid:uuid>/close/", ProblemCloseView.as_view(), name="problem_close"),
    path("problems/<any_uuid:uuid>/reopen/", ProblemReopenView.as_view(), name="problem_reopen"),
]
