"""Meetings, their minutes, and what they gave somebody to do: read by all who may see the forum, written by those who keep its minutes."""

import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.response import Response

from fkpm.api_scoped import ScopedView
from fkpm.forms import EARLIEST, FURTHEST, MOST_ROWS
from fkpm.inviting import tell_if_moved
from fkpm.minutes import CancelledError, LockedError, OutdatedError, draft_of, plan, save_draft
from fkpm.models import ActionItem, AgendaItem, Attendance, Element, Forum, Meeting, Minutes


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
    id = serializers.UUIDField(source="uuid", read_only=True)
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


class NewMeetingSerializer(serializers.ModelSerializer):
    """A meeting to be planned: the forum, when, where, and one topic for each point of the agenda."""

    forum = serializers.UUIDField()
    topics = serializers.ListField(child=serializers.CharField(max_length=200), max_length=MOST_ROWS, required=False)

    class Meta:
        model = Meeting
        fields = ["forum", "kind", "starts_at", "ends_at", "place", "topics"]

    def validate(self, attrs):
        check_times(attrs.get("starts_at"), attrs.get("ends_at"))
        return attrs


def check_times(starts_at, ends_at) -> None:
    """As the form of the page: no meeting before the first forums, none further ahead than two years, no end before the beginning."""
    day = starts_at and starts_at.date()
    if day and not EARLIEST <= day <= timezone.localdate() + FURTHEST:
        raise serializers.ValidationError({"starts_at": _("This day cannot be right.")})
    if starts_at and ends_at and not starts_at <= ends_at <= starts_at + datetime.timedelta(days=2):
        raise serializers.ValidationError({"ends_at": _("The end lies before the start.")})


class AgendaWriter(serializers.Serializer):
    topic = serializers.CharField(max_length=200, trim_whitespace=False)
    discussion = serializers.CharField(max_length=10000, allow_blank=True, required=False, default="", trim_whitespace=False)
    decision = serializers.CharField(max_length=5000, allow_blank=True, required=False, default="", trim_whitespace=False)


class AttendanceWriter(serializers.Serializer):
    """A member of that day by name, or with the status TAMU a guest."""

    name = serializers.CharField(max_length=120)
    status = serializers.ChoiceField(choices=Attendance.Status.choices)
    element = serializers.ChoiceField(choices=Element.choices, allow_blank=True, required=False, default="")
    organisation = serializers.CharField(max_length=120, allow_blank=True, required=False, default="")


class ActionWriter(serializers.Serializer):
    text = serializers.CharField(max_length=300, trim_whitespace=False)
    owner_name = serializers.CharField(max_length=120)
    due_on = serializers.DateField(required=False)


class MinutesWriter(serializers.ModelSerializer):
    """What of the minutes is to change. `version` is the one that its writer read; a list that is given replaces the stored one, but
    members who are not named stay on the list of attendance as they are."""

    instance: Meeting
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    agenda = AgendaWriter(many=True, required=False)
    attendance = AttendanceWriter(many=True, required=False)
    actions = ActionWriter(many=True, required=False)

    class Meta:
        model = Meeting
        fields = [
            *("version", "kind", "starts_at", "ends_at", "place", "led_by", "written_by", "invited_count", "present_count", "conclusion"),
            *("agenda", "attendance", "actions"),
        ]
        extra_kwargs = {name: {"required": False} for name in ("starts_at", "place")}

    def validate(self, attrs):
        for name in ("agenda", "attendance", "actions"):
            if len(attrs.get(name, ())) > MOST_ROWS:
                raise serializers.ValidationError({name: _("At most %d rows.") % MOST_ROWS})
        check_times(attrs.get("starts_at", self.instance.starts_at), attrs.get("ends_at", self.instance.ends_at))
        return attrs

    def draft(self):
        """The stored minutes with what was sent put in their place."""
        draft, sent = draft_of(self.instance), dict(self.validated_data)
        draft.touched = set()
        draft.fields |= {name: value for name, value in sent.items() if name in draft.fields}
        if "agenda" in sent:
            draft.agenda = _with_ids(sent["agenda"], draft.agenda)
        if "attendance" in sent:
            self._take_attendance(draft, sent["attendance"])
        if "actions" in sent:
            draft.actions = [self._action(row) for row in _with_ids(sent["actions"], draft.actions)]
        return draft

    def _take_attendance(self, draft, rows):
        guests = [row for row in rows if row["status"] == Attendance.Status.TAMU]
        draft.guests = _with_ids([{name: row[name] for name in ("name", "element", "organisation")} for row in guests], draft.guests)
        named = {self._member(row["name"]): row["status"] for row in rows if row["status"] != Attendance.Status.TAMU}
        draft.statuses, draft.touched = draft.statuses | named, set(named)

    def _member(self, name):
        found = [member for member in self.instance.forum.members.filter(name=name) if member.is_valid_on(self.instance.day)]
        if len(found) != 1:
            raise serializers.ValidationError({"attendance": _("%s is no member of that day, or shares the name with another.") % name})
        return found[0]

    def _action(self, row):
        found = [member for member in self.instance.forum.members.filter(name=row["owner_name"]) if member.is_valid_on(self.instance.day)]
        due_on = row.get("due_on") or self.instance.next_due_on()
        return {**row, "owner": found[0] if len(found) == 1 else None, "officer": None, "partner": None, "due_on": due_on}


def _with_ids(rows, stored) -> list[dict]:
    """Rows of the API have no ids: the first changes the first stored one, and so on."""
    ids = [row["id"] for row in stored]
    return [{**row, "id": ids[place] if place < len(ids) else None} for place, row in enumerate(rows)]


class ActionPatch(serializers.ModelSerializer):
    """How far an action has come."""

    class Meta:
        model = ActionItem
        fields = ["state", "note"]
        extra_kwargs = {"state": {"required": True}}


class MeetingList(ScopedView, generics.ListAPIView):
    queryset = Meeting.objects.select_related("forum", "minutes")
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter

    @extend_schema(request=NewMeetingSerializer, responses={201: MeetingSerializer})
    def post(self, request):
        """Plans a meeting of a forum whose minutes the sender keeps."""
        sent = NewMeetingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        fields: dict[str, Any] = dict(sent.validated_data)
        forum = get_object_or_404(Forum.objects.for_user(request.user).select_related("unit"), uuid=fields.pop("forum"))
        if not forum.may_write_minutes(request.user):
            raise Http404
        meeting = plan(forum, fields, fields.pop("topics", []))
        return Response(MeetingSerializer(meeting).data, status=201)


class MeetingDetail(ScopedView, generics.RetrieveAPIView):
    queryset = Meeting.objects.select_related("forum", "minutes")
    serializer_class = MeetingSerializer


class MinutesDetail(ScopedView, generics.RetrieveAPIView):
    queryset = Meeting.objects.with_minutes().prefetch_related("actions__forum", "actions__meeting")
    serializer_class = MinutesSerializer

    @extend_schema(
        request=MinutesWriter,
        responses={200: MinutesSerializer, 409: OpenApiResponse(description="Saved by somebody else meanwhile, with the differences; or adopted.")},
    )
    def patch(self, request, uuid):
        """Changes the draft over the version that was read. Where somebody saved in between nothing is stored, and the differences are told."""
        return self._write(request)

    @extend_schema(request=MinutesWriter, responses={200: MinutesSerializer, 409: OpenApiResponse(description="As of PATCH.")})
    def put(self, request, uuid):
        """As PATCH: what is not sent stays."""
        return self._write(request)

    def _write(self, request):
        meeting = self.get_object()
        if not meeting.forum.may_write_minutes(request.user):
            raise Http404
        Minutes.objects.get_or_create(meeting=meeting)
        sent = MinutesWriter(meeting, data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            with transaction.atomic():
                save_draft(meeting, sent.draft(), sent.validated_data["version"])
        except CancelledError:
            return refused("cancelled", _("This meeting was cancelled: there are no minutes to write."))
        except LockedError:
            return refused("locked", _("These minutes are adopted and locked."))
        except OutdatedError as error:
            told = [{"what": what, "stored": stored, "own": own} for what, stored, own in error.differences]
            return refused("outdated", _("Somebody else saved these minutes meanwhile."), version=error.version, differences=told)
        tell_if_moved(meeting, request.user)
        return Response(MinutesSerializer(self.get_object()).data)


def refused(code, detail, **more) -> Response:
    """409 in the shape of every error, with what a writer needs to go on."""
    return Response({"type": "client_error", "errors": [{"code": code, "detail": detail, "attr": "version"}], **more}, status=409)


class ActionList(ScopedView, generics.ListAPIView):
    queryset = ActionItem.objects.select_related("forum", "meeting")
    serializer_class = ActionSerializer
    filterset_class = ActionFilter


class ActionDetail(ScopedView, generics.RetrieveAPIView):
    queryset = ActionItem.objects.select_related("forum__unit", "meeting", "owner")
    serializer_class = ActionSerializer

    @extend_schema(request=ActionPatch, responses=ActionSerializer)
    def patch(self, request, uuid):
        """The board, the Polmas officer and the owner say how far it is."""
        action = self.get_object()
        if not action.may_change(request.user):
            raise Http404
        sent = ActionPatch(data=request.data)
        sent.is_valid(raise_exception=True)
        action.move_to(sent.validated_data["state"], sent.validated_data.get("note", action.note), action.forum.unit.today())
        return Response(ActionSerializer(action).data)


urlpatterns = [
    path("meetings/", MeetingList.as_view(), name="meeting_list"),
    path("meetings/<any_uuid:uuid>/", MeetingDetail.as_view(), name="meeting_detail"),
    path("meetings/<any_uuid:uuid>/minutes/", MinutesDetail.as_view(), name="minutes_detail"),
    path("actions/", ActionList.as_view(), name="action_list"),
    path("actions/<any_uuid:uuid>/", ActionDetail.as_view(), name="action_detail"),
]
