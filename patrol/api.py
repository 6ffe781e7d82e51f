"""What was done: who I am, households, reports, their photos and their review."""

import datetime

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import generics, serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from mapping.models import Area, Place
from patrol import companions, information_sync, photos, sync
from patrol.access import companion, information_sender, reader, sender
from patrol.filters import JoinedFilter, ReportFilter
from patrol.lists import in_detail, one_in_detail, settled
from patrol.models import Household, Information, Report, Supplement
from patrol.models.registers import VisitedEntry
from patrol.models.reports import COUNTED
from patrol.registers import REGISTERS
from patrol.schema import ITEM
from patrol.serializers import (
    ColleagueSerializer,
    InformationSerializer,
    MeSerializer,
    ParticipationSerializer,
    PhotoSerializer,
    PostSerializer,
    ReportSerializer,
    SupplementSerializer,
    serializer_of,
)
from polmas.people.exceptions import Conflict
from polmas.people.models import Device, User
from polmas.people.pagination import NewestFirst

ANSWER = {
    "type": "object",
    "properties": {
        "id": {"type": ["string", "null"], "description": "Null where the item has no usable UUID."},
        "status": {"enum": [sync.CREATED, sync.KNOWN, sync.CONFLICT, sync.REJECTED]},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {name: {"type": ["string", "null"]} for name in ("code", "detail", "attr")}},
        },
    },
}


def envelope_of(name: str, item: dict, most: int) -> dict:
    """What a phone puts round the items that it sends."""
    return {
        "type": "object",
        "properties": {
            "user": {"type": ["integer", "null"], "description": "`id` of `me/`; may be left out with a token."},
            "sent_at": {
                "type": ["string", "null"],
                "description": "The phone's time now. A clock that is off by more than five minutes is corrected by it.",
            },
            name: {"type": "array", "items": item, "maxItems": most},
        },
        "required": [name],
    }


class MeView(APIView):
    """Who I am. Also gives a browser a fresh CSRF cookie."""

    @extend_schema(responses=MeSerializer)
    @method_decorator(ensure_csrf_cookie)
    def get(self, request):
        Device.objects.heard(request)
        context = {"now": timezone.now(), "device": Device.objects.of_request(request).first()}
        return Response(MeSerializer(request.user, context=context).data)


MOST_COLLEAGUES = 500
# Nothing of ours is older.
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
TOMORROW = datetime.timedelta(days=1)


class RegisterFilter(filters.FilterSet):
    updated_after = filters.IsoDateTimeFilter(method="changed_since", help_text="Entries made, changed, closed or visited since then.")

    officer = filters.CharFilter(method="of_officer", max_length=150, help_text="Of the villages that this officer holds on `day`, by the user name.")
    day = filters.DateFilter(method="as_they_are", help_text="Day of `officer`; today without it.")

    def of_officer(self, queryset, name, username):
        officer = User.objects.for_user(self.request.user).filter(username=username).first()
        day = self.form.cleaned_data["day"] or timezone.localdate()
        return queryset.filter(area__in=Area.objects.villages_held_by(officer, day)) if officer else queryset.none()

    def as_they_are(self, queryset, name, day):
        return queryset

    def changed_since(self, queryset, name, moment):
        # Within reach and in UTC: PostgreSQL refuses offsets from 16 hours on, which ISO 8601 allows.
        moment = min(max(moment, EPOCH), timezone.now()).astimezone(datetime.UTC)
        since = Q(updated_at__gt=moment)
        return queryset.filter(since | Q(recounted_at__gt=moment) if issubclass(queryset.model, VisitedEntry) else since)


class RegisterPages(NewestFirst):
    page_size = 200


class RegisterListView(generics.ListAPIView):
    """Entries of a register that the phone keeps: of the villages held today (of the whole unit for those who read it)."""

    words = REGISTERS["household"]
    queryset = Household.objects.none()
    serializer_class = serializer_of(Household)
    pagination_class = RegisterPages
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = RegisterFilter

    def get_queryset(self):
        entries = self.words.model.objects.for_user(reader(self.request)).select_related("area")
        if not self.request.query_params.get("updated_after"):
            entries = entries.active()
        return entries if issubclass(entries.model, VisitedEntry) else self.with_visits(entries)

    def with_visits(self, entries):
        """Posts and communities are few: their visits are counted on the spot."""
        by = self.words.named_by
        counted = Q(**{f"{by}__report__state__in": COUNTED})
        return entries.annotate(last_visit_on=Max(f"{by}__report__day", filter=counted), visit_count=Count(by, filter=counted))


class PostView(generics.RetrieveAPIView):
    """A post of the own Polsek by the uuid in its QR code: its name, for a point of a patrol. Those of the own villages stand in `posts/`."""

    queryset = Place.objects.none()
    serializer_class = PostSerializer
    lookup_field = "uuid"

    def get_queryset(self):
        return Place.objects.for_check_in(self.request.user).select_related("area")


def register_path(words):
    """The route of one register; its entries are written by the names under which the phone sends them."""
    view = RegisterListView.as_view(words=words, queryset=words.model.objects.none(), serializer_class=serializer_of(words.model))
    return path(f"{words.path}/", view, name=f"{words.model._meta.model_name}_list")


class ReportListView(generics.ListAPIView):
    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = ReportFilter

    def get_queryset(self):
        user = reader(self.request)
        return settled(Report.objects.for_user(user), user)

    def paginate_queryset(self, queryset):
        return in_detail(super().paginate_queryset(queryset))

    @extend_schema(
        request={"application/json": ITEM},
        responses={201: ReportSerializer, 200: ReportSerializer, 409: OpenApiResponse(description="The id stands for other content.")},
    )
    def post(self, request):
        """A sync of one: 201 created, 200 known, 409 conflict, 400 rejected. Whoever no longer reads what they recorded for an officer gets
        the answer of `reports/sync/` alone."""
        return answer_of(sender(request), request.data)


class ReportView(generics.RetrieveAPIView):
    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    lookup_field = "uuid"

    def get_object(self):
        return one_in_detail(Report.objects.for_user(reader(self.request)), self.kwargs["uuid"])

    @extend_schema(
        request={"application/json": ITEM},
        responses={200: ReportSerializer, 409: OpenApiResponse(description="Not the next version, or no longer open.")},
    )
    def patch(self, request, uuid):
        """A sync of one correction: the whole report with `version` one higher and `base_version` the stored one."""
        user = sender(request)
        get_object_or_404(Report.objects.for_user(user), uuid=uuid)
        item = request.data
        if isinstance(item, dict) and str(item.setdefault("id", str(uuid))).lower() != str(uuid):
            raise serializers.ValidationError({"id": _("This is another report's id.")})
        return answer_of(user, item, created=status.HTTP_200_OK)


class SupplementListView(generics.ListAPIView):
    """What the officer added to a report once it was locked, the newest first."""

    queryset = Supplement.objects.none()
    serializer_class = SupplementSerializer
    pagination_class = NewestFirst
    filter_backends: list = []

    def get_queryset(self):
        report = get_object_or_404(Report.objects.for_user(reader(self.request)).select_related("unit"), uuid=self.kwargs["uuid"])
        return report.supplements.select_related("author", "report__unit").prefetch_related("photos")


class SyncView(APIView):
    """Takes up to 200 reports and answers for each, in their order; see `patrol.sync`."""

    name, most, take, taken_from = "reports", sync.MAX_REPORTS, staticmethod(sync.take), staticmethod(sender)

    @extend_schema(
        request={"application/json": envelope_of("reports", ITEM, sync.MAX_REPORTS)},
        responses={
            (200, "application/json"): {"type": "object", "properties": {"results": {"type": "array", "items": ANSWER}}},
            409: OpenApiResponse(description="`user` is not who is signed in; nothing was taken."),
        },
    )
    def post(self, request):
        user = self.taken_from(request)
        envelope = request.data
        items = envelope.get(self.name) if isinstance(envelope, dict) else None
        if not isinstance(items, list) or len(items) > self.most:
            refusal = _("Send an object with a list `%(name)s` of at most %(most)s.") % {"name": self.name, "most": self.most}
            raise serializers.ValidationError({self.name: refusal})
        check_sender(request, envelope.get("user"))
        Device.objects.heard(request)
        return Response({"results": self.take(user, items, envelope.get("sent_at"))})


class InformationSyncView(SyncView):
    """Takes up to 50 Laporan Informasi by the protocol of reports. They are corrected until they have a number; nothing lists them."""

    name, most, take = "informations", information_sync.MAX_INFORMATIONS, staticmethod(information_sync.take)
    taken_from = staticmethod(information_sender)

    @extend_schema(
        request={"application/json": envelope_of("informations", information_sync.ITEM, information_sync.MAX_INFORMATIONS)},
        responses={
            (200, "application/json"): {"type": "object", "properties": {"results": {"type": "array", "items": ANSWER}}},
            409: OpenApiResponse(description="`user` is not who is signed in; nothing was taken."),
        },
    )
    def post(self, request):
        return super().post(request)


class InformationView(APIView):
    """An own LI, to correct it. Its source is not in it."""

    @extend_schema(responses=InformationSerializer)
    def get(self, request, uuid):
        own = Information.objects.for_user(request.user).filter(author=request.user).select_related("area", "unit")
        return Response(InformationSerializer(get_object_or_404(own, uuid=uuid)).data, headers={"Cache-Control": "no-store"})


class PhotoUploadSerializer(serializers.Serializer):
    """What the phone read from the camera's own notes comes beside the picture: making it small strips them."""

    id = serializers.UUIDField()
    file = serializers.FileField()
    taken_at = serializers.DateTimeField(required=False)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False)

    def validate_taken_at(self, moment):
        if not EPOCH <= moment <= timezone.now() + TOMORROW:
            raise serializers.ValidationError(_("No photo was taken then."))
        return moment

    def validate(self, attrs):
        if ("lat" in attrs) != ("lon" in attrs):
            raise serializers.ValidationError({"lon": _("A position has both: lat and lon.")})
        return attrs

    def noted(self) -> photos.Noted:
        data = self.validated_data
        return photos.Noted(data.get("taken_at"), Point(data["lon"], data["lat"], srid=4326) if "lat" in data else None)


class PhotoCreateView(APIView):
    """Adds a photograph to an own report, whatever its state, or to one recorded for an officer until that officer has answered: 201 new,
    200 the same id and bytes again, 409 other bytes, or too late."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": PhotoUploadSerializer},
        responses={
            201: PhotoSerializer,
            200: PhotoSerializer,
            409: OpenApiResponse(description="The id stands for another picture, or the officer has answered."),
        },
    )
    def post(self, request, uuid):
        # Like the report itself, its photos may come after the officer has left the post.
        columns = ("uuid", "photo_ids", "unit__time_zone", "officer", "state")
        needed = Report.objects.sent_by(sender(request)).select_related("unit").only(*columns)
        report = get_object_or_404(needed, uuid=uuid)
        upload = PhotoUploadSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        if is_answered(report, request.user) and not report.photos.filter(uuid=upload.validated_data["id"]).exists():
            raise Conflict(_("Its officer has answered since: this photo was not added. Give it to the officer, who may still send it."))
        photo, is_new = photos.keep(report, upload.validated_data["id"], upload.validated_data["file"], upload.noted())
        if photo is None:
            raise Conflict
        return Response(PhotoSerializer(photo).data, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


def is_answered(report, user) -> bool:
    """Whether it was the user's to fill until its officer answered: from then on it is the officer's alone."""
    return report.officer_id != user.pk and not report.is_proposed


class ColleagueView(APIView):
    """The officers of the own unit, to name those who took part: kept on the phone. No phone numbers."""

    @extend_schema(responses=inline_serializer("Colleagues", {"results": ColleagueSerializer(many=True)}))
    def get(self, request):
        people = companions.colleagues_of(companion(request), timezone.localdate())[:MOST_COLLEAGUES]
        return Response({"results": ColleagueSerializer(people, many=True).data})


class ParticipationListView(generics.ListAPIView):
    """Reports of colleagues in which one took part and for which one is credited: facts alone, nothing that leads to a resident."""

    queryset = Report.objects.none()
    serializer_class = ParticipationSerializer
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = JoinedFilter

    def get_queryset(self):
        return Report.objects.joined_by(companion(self.request)).select_related("officer", "unit", "area")


def act(verb, *args) -> None:
    """Does a verb of the model; what is wrong with a field answers 400, a state that has moved on 409."""
    try:
        verb(*args)
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            raise serializers.ValidationError(error.message_dict) from error
        raise Conflict(" ".join(error.messages)) from error


def check_sender(request, claimed) -> None:
    """Reports in a browser's outbox belong to one person; whoever signed in since must not send them as the own ones."""
    if claimed is None and isinstance(request.successful_authenticator, SessionAuthentication):
        raise serializers.ValidationError({"user": _("Say whose reports these are: the id of `me/`.")})
    if claimed is not None and (isinstance(claimed, bool) or claimed != request.user.pk):
        raise Conflict(_("Somebody else is signed in. These reports stay on the phone until their officer signs in again."))


def answer_of(user, item, created=status.HTTP_201_CREATED):
    """The answer to a sync of one, as a status of HTTP."""
    [entry] = sync.take_entries(user, [item])
    if entry.status == sync.CONFLICT:
        raise Conflict
    if entry.status == sync.REJECTED:
        return Response({"type": "validation_error", "errors": entry.errors}, status=status.HTTP_400_BAD_REQUEST)
    code = created if entry.status == sync.CREATED else status.HTTP_200_OK
    report = entry.report or one_in_detail(Report.objects.sent_by(user), entry.uuid)
    # The own one, even after a move out of the unit; of one recorded for an officer whoever has left is told no more than a phone is.
    if report.officer_id != user.pk and not Report.objects.for_user(user).filter(pk=report.pk).exists():
        return Response(entry.answer(), status=code)
    return Response(ReportSerializer(report, context={"user": user}).data, status=code)


urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    *(register_path(words) for key, words in REGISTERS.items() if key != "community"),  # that one in patrol.potential_api
    path("posts/<any_uuid:uuid>/", PostView.as_view(), name="post_detail"),
    path("reports/", ReportListView.as_view(), name="report_list"),
    path("reports/sync/", SyncView.as_view(), name="report_sync"),
    path("reports/<any_uuid:uuid>/", ReportView.as_view(), name="report_detail"),
    path("informations/sync/", InformationSyncView.as_view(), name="information_sync"),
    path("informations/<any_uuid:uuid>/", InformationView.as_view(), name="information_detail"),
    path("reports/<any_uuid:uuid>/supplements/", SupplementListView.as_view(), name="supplement_list"),
    path("reports/<any_uuid:uuid>/photos/", PhotoCreateView.as_view(), name="photo_create"),
    path("colleagues/", ColleagueView.as_view(), name="colleague_list"),
    path("participations/", ParticipationListView.as_view(), name="participation_list"),
]
