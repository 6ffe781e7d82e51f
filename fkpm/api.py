"""With whom: forums, their meetings and minutes, and what they have to do. Read only; every list is scoped."""

from typing import Any

from django.urls import path
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from fkpm.forum_api import ForumDetail, ForumList
from fkpm.models import ActionItem, AgendaItem, Attendance, Meeting, Minutes


class MeetingSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    forum = serializers.UUIDField(source="forum.uuid")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = ["id", "forum", "kind", "starts_at", "ends_at", "place", "state"]

    @extend_schema_field(serializers.ChoiceField(choices=Minutes.State.choices))
    def get_state(self, meeting):
        return Minutes.State.ADOPTED if meeting.is_adopted else Minutes.State.DRAFT


class AgendaItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = AgendaItem
        fields = ["topic", "discussion", "decision"]


class AttendanceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attendance
        fields = ["name", "element", "organisation", "status"]


class ActionSerializer(serializers.ModelSerializer):
    forum = serializers.UUIDField(source="forum.uuid")
    meeting = serializers.UUIDField(source="meeting.uuid")
    is_overdue = serializers.BooleanField()

    class Meta:
        model = ActionItem
        fields = ["id", "forum", "meeting", "text", "owner_name", "due_on", "state", "done_on", "note", "is_overdue"]


class PresenceSerializer(serializers.Serializer):
    present = serializers.IntegerField(allow_null=True)
    expected = serializers.IntegerField(allow_null=True)
    guests = serializers.IntegerField()
    has_quorum = serializers.BooleanField(allow_null=True)


class MinutesSerializer(MeetingSerializer):
    """The minutes of one meeting, as its page shows them."""

    presence = PresenceSerializer()
    agenda = AgendaItemSerializer(many=True)
    attendance = AttendanceSerializer(source="attendances", many=True)
    actions = ActionSerializer(many=True)
    version = serializers.IntegerField(source="minutes.version", allow_null=True)
    chair_adopted_at = serializers.DateTimeField(source="minutes.chair_adopted_at", allow_null=True)
    secretary_adopted_at = serializers.DateTimeField(source="minutes.secretary_adopted_at", allow_null=True)
    content_hash = serializers.CharField(source="minutes.content_hash", allow_null=True)

    class Meta(MeetingSerializer.Meta):
        fields = [
            *MeetingSerializer.Meta.fields,
            *("led_by", "written_by", "conclusion", "presence", "agenda", "attendance", "actions"),
            *("version", "chair_adopted_at", "secretary_adopted_at", "content_hash"),
        ]


class MeetingFilter(filters.FilterSet):
    forum = filters.UUIDFilter("forum__uuid")


class ActionFilter(filters.FilterSet):
    STATES = [*ActionItem.State.choices, ("OVERDUE", "overdue")]

    forum = filters.UUIDFilter("forum__uuid")
    state = filters.ChoiceFilter(choices=STATES, method="in_state")

    def in_state(self, actions, name, state):
        return actions.overdue(timezone.localdate()) if state == "OVERDUE" else actions.filter(state=state)


class ScopedView(generics.GenericAPIView):
    """Rows that the user may see; those of a filter only."""

    filter_backends = [filters.DjangoFilterBackend]
    lookup_field = "uuid"

    def get_queryset(self):
        rows: Any = super().get_queryset()
        return rows.for_user(self.request.user)


class MeetingList(ScopedView, generics.ListAPIView):
    queryset = Meeting.objects.select_related("forum", "minutes")
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter


class MeetingDetail(ScopedView, generics.RetrieveAPIView):
    queryset = Meeting.objects.select_related("forum", "minutes")
    serializer_class = MeetingSerializer


class MinutesDetail(ScopedView, generics.RetrieveAPIView):
    queryset = Meeting.objects.with_minutes().prefetch_related("actions__forum", "actions__meeting")
    serializer_class = MinutesSerializer


class ActionList(ScopedView, generics.ListAPIView):
    queryset = ActionItem.objects.select_related("forum", "meeting")
    serializer_class = ActionSerializer
    filterset_class = ActionFilter


urlpatterns = [
    path("forums/", ForumList.as_view(), name="forum_list"),
    path("forums/<any_uuid:uuid>/", ForumDetail.as_view(), name="forum_detail"),
    path("meetings/", MeetingList.as_view(), name="meeting_list"),
    path("meetings/<any_uuid:uuid>/", MeetingDetail.as_view(), name="meeting_detail"),
    path("meetings/<any_uuid:uuid>/minutes/", MinutesDetail.as_view(), name="minutes_detail"),
    path("actions/", ActionList.as_view(), name="action_list"),
]
