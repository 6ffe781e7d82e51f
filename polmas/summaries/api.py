"""Routes of the API: counts and summaries."""

from operator import itemgetter

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from patrol.register_pages import PAGES
from polmas.people.models import Document, Unit, User
from polmas.people.periods import Period
from polmas.summaries import figures, homes, papers, summary_files
from polmas.summaries.access import names_persons, unit_for_figures
from polmas.summaries.api_scores import ScoreViewSet
from polmas.summaries.models import Measure, PeriodKind, Summary
from polmas.summaries.summary_api import ApproveView, ReceiveView, ReturnView, SendView, SummaryDetailSerializer, SummarySerializer
from polmas.summaries.views.map_api import ClusterView, HotSpotView, HoursView, SearchView, SquareView, TileView
from polmas.summaries.views.map_own import OwnMapView

LONGEST_COUNT = 3660  # days: ten years, more than is kept
GROUPS = {
    "kind": (Measure.BY_KIND, "key"),
    "day": (Measure.BY_KIND, "day"),
    "unit": (Measure.BY_KIND, "branch"),
    "officer": (Measure.BY_OFFICER, "key"),
    "area": (Measure.BY_AREA, "key"),
}


class CountQuerySerializer(serializers.Serializer):
    unit = serializers.CharField(max_length=60)
    by = serializers.ChoiceField(choices=list(GROUPS), default="kind")

    def get_fields(self):
        return {**super().get_fields(), "from": serializers.DateField(), "to": serializers.DateField()}

    def validate(self, attrs):
        days = (attrs["to"] - attrs["from"]).days
        if days < 0:
            raise serializers.ValidationError({"to": _("The last day lies before the first.")})
        if days >= LONGEST_COUNT:
            raise serializers.ValidationError({"to": _("At most ten years at once.")})
        return attrs


class CountResultSerializer(serializers.Serializer):
    key = serializers.CharField()
    count = serializers.IntegerField()


class CountSerializer(serializers.Serializer):
    unit = serializers.CharField()
    counted_at = serializers.DateTimeField()
    total = serializers.IntegerField()
    results = CountResultSerializer(many=True)

    def get_fields(self):
        return {**super().get_fields(), "from": serializers.DateField(), "to": serializers.DateField()}


class CountView(APIView):
    """How many reports, neither returned nor withdrawn, of a unit and all below it, by days of the unit's calendar.

    `by=unit` names the unit's direct children, each with all below it, and the unit itself where it has reports of its own.
    Persons (`by=officer`) are counted for those alone who read the unit's reports.
    """

    @extend_schema(
        parameters=[
            OpenApiParameter("unit", str, required=True),
            OpenApiParameter("from", OpenApiTypes.DATE, required=True),
            OpenApiParameter("to", OpenApiTypes.DATE, required=True),
            OpenApiParameter("by", str, enum=list(GROUPS), default="kind"),
        ],
        responses=CountSerializer,
    )
    def get(self, request):
        query = CountQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        unit = unit_for_figures(request.user, asked["unit"])
        if asked["by"] == "officer" and not names_persons(request.user, unit):
            raise Http404
        results = counted(unit, Period(asked["from"], asked["to"]), asked["by"])
        return Response(
            {
                "unit": unit.code,
                "from": asked["from"],
                "to": asked["to"],
                "counted_at": timezone.now(),
                "total": sum(result["count"] for result in results),
                "results": results,
            }
        )


def counted(unit: Unit, period: Period, by: str) -> list[dict]:
    """The counts of a unit in one grouping, as the API names them. Every report has one kind, day, unit, officer and area."""
    measure, column = GROUPS[by]
    rows = figures.counts(unit, measure, period, by=(column,))
    keys = [getattr(row, column) for row in rows]
    names = names_of(by, keys)
    results = [{"key": names.get(key, str(key)), "count": row.number} for key, row in zip(keys, rows, strict=True)]
    return sorted(results, key=itemgetter("key")) if by == "officer" else results


def names_of(by: str, keys: list[str]) -> dict[str, str]:
    """How programs know what is counted by our own keys: units by their codes, officers by their user names."""
    if by == "unit":
        return dict(Unit.objects.filter(path__in=keys).values_list("path", "code"))
    if by == "officer":
        return {str(pk): username for pk, username in User.objects.filter(pk__in=keys).values_list("pk", "username")}
    return {}


class SummaryFilter(filters.FilterSet):
    """Of `GET summaries/`."""

    unit = filters.CharFilter(field_name="unit__code", max_length=60)
    period = filters.ChoiceFilter(choices=PeriodKind.choices)
    state = filters.ChoiceFilter(choices=Summary.State.choices)

    class Meta:
        model = Summary
        fields: list[str] = []


class SummaryViewSet(ReadOnlyModelViewSet):
    """Periodic summaries of the units in sight; of units below the own Polres's reach, approved ones only."""

    lookup_field = "uuid"
    lookup_value_converter = "any_uuid"
    queryset = Summary.objects.none()
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = SummaryFilter

    def get_queryset(self):
        rows = Summary.objects.for_user(self.request.user).select_related("unit")
        return rows.without_content() if self.action == "list" else rows.prefetch_related("steps")

    def get_serializer_class(self):
        return SummarySerializer if self.action == "list" else SummaryDetailSerializer


class AnyAccept(BaseContentNegotiation):
    """The address says that a PDF comes: whatever a program says it accepts, it gets that, or JSON while it waits."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class SummaryPdfView(APIView):
    """The summary as PDF; 202 while a worker makes it: ask again."""

    content_negotiation_class = AnyAccept

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY, 202: OpenApiResponse(description="still being made")})
    def get(self, request, uuid):
        summary = get_object_or_404(Summary.objects.for_user(request.user).select_related("unit"), uuid=uuid)
        document = papers.document_of(summary, papers.reader_of(request.user, summary), size=papers.size_of(request.query_params))
        if document.state != Document.State.READY:
            return Response({"state": document.state}, status=202, headers={"Retry-After": "2"})
        return FileResponse(document.file.open(), as_attachment=True, filename=papers.filename(summary), content_type="application/pdf")


class SummaryFileView(APIView):
    """The summary as workbook with formulas (`.xlsx`) or as editable letter (`.docx`)."""

    content_negotiation_class = AnyAccept
    ending = "xlsx"

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request, uuid):
        summary = get_object_or_404(Summary.objects.for_user(request.user).select_related("unit"), uuid=uuid)
        write, kind = FILES[self.ending]
        file = write(summary, papers.reader_of(request.user, summary))
        return FileResponse(file, as_attachment=True, filename=papers.filename(summary, self.ending), content_type=kind)


FILES = {"xlsx": (summary_files.xlsx_of, summary_files.XLSX), "docx": (summary_files.docx_of, summary_files.DOCX)}


class RingSerializer(serializers.Serializer):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the ring, which hides one of the base's own
    count = serializers.IntegerField()
    target = serializers.IntegerField(allow_null=True)
    share = serializers.IntegerField()


class ReturnedSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="uuid")
    kind = serializers.CharField(source="get_kind_display")
    day = serializers.DateField()
    review_note = serializers.CharField()


class NextVisitSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="uuid")
    register = serializers.ChoiceField([*PAGES])
    slug = serializers.CharField(source="page.slug", help_text="Of the form that records the visit.")
    title = serializers.CharField()
    rt = serializers.CharField()
    rw = serializers.CharField()
    village = serializers.CharField(source="area__name")
    days = serializers.IntegerField(allow_null=True, help_text="Since the last visit.")


class VillageSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()


class HomeSerializer(serializers.Serializer):
    rings = RingSerializer(many=True)
    returned = ReturnedSerializer(many=True)
    next_visits = NextVisitSerializer(many=True)
    villages = VillageSerializer(many=True)


class HomeView(APIView):
    """What stands on an officer's first page, for the phone to show without network."""

    @extend_schema(responses=HomeSerializer)
    def get(self, request):
        if not request.user.scope.is_officer:
            raise Http404
        return Response(HomeSerializer(homes.for_officer(request.user, request.user.post.unit)).data)


router = SimpleRouter(use_regex_path=False)
router.register("summaries", SummaryViewSet, basename="summary")
router.register("scores", ScoreViewSet, basename="score")

urlpatterns = [
    path("home/", HomeView.as_view(), name="home"),
    path("counts/", CountView.as_view(), name="count_list"),
    path("map/clusters/", ClusterView.as_view(), name="map_clusters"),
    path("map/squares/", SquareView.as_view(), name="map_squares"),
    path("map/hours/", HoursView.as_view(), name="map_hours"),
    path("map/hotspots/", HotSpotView.as_view(), name="map_hotspots"),
    path("tiles/<str:layer>/<int:z>/<int:x>/<int:y>.mvt", TileView.as_view(), name="map_tile"),
    path("map/own/", OwnMapView.as_view(), name="map_own"),
    path("map/search/", SearchView.as_view(), name="map_search"),
    path("summaries/<any_uuid:uuid>/approve/", ApproveView.as_view(), name="summary_approve"),
    path("summaries/<any_uuid:uuid>/send/", SendView.as_view(), name="summary_send"),
    path("summaries/<any_uuid:uuid>/receive/", ReceiveView.as_view(), name="summary_receive"),
    path("summaries/<any_uuid:uuid>/return/", ReturnView.as_view(), name="summary_return"),
    path("summaries/<any_uuid:uuid>.pdf", SummaryPdfView.as_view(), name="summary_pdf"),
    path("summaries/<any_uuid:uuid>.xlsx", SummaryFileView.as_view(), name="summary_xlsx"),
    path("summaries/<any_uuid:uuid>.docx", SummaryFileView.as_view(ending="docx"), name="summary_docx"),
    path("", include(router.urls)),
]
