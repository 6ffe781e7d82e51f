"""How rows of patrol are written as JSON."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mapping.models import Area
from patrol.models import Household, Opinion, Photo, Report, Visit
from patrol.schema import DDS_DETAIL
from polmas.people.api import PostingSerializer
from polmas.people.models import Unit, User


class UnitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ["code", "name", "kind", "time_zone"]


class AreaHeldSerializer(serializers.ModelSerializer):
    class Meta:
        model = Area
        fields = ["code", "name", "level"]


class MeSerializer(serializers.ModelSerializer):
    """Who is signed in, and what a phone needs to know before it files anything."""

    postings = serializers.SerializerMethodField(help_text="Those valid today.")
    unit = serializers.SerializerMethodField()
    areas = serializers.SerializerMethodField(help_text="Held today.")
    server_time = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name", "username", "rank", "postings", "unit", "areas", "language", "server_time"]

    @extend_schema_field(PostingSerializer(many=True))
    def get_postings(self, user):
        now = self.context["now"]
        return PostingSerializer([post for post in user.postings.select_related("unit") if post.is_valid_on(post.unit.day_of(now))], many=True).data

    @extend_schema_field(UnitSerializer(allow_null=True))
    def get_unit(self, user):
        return UnitSerializer(user.post.unit).data if user.post else None

    @extend_schema_field(AreaHeldSerializer(many=True))
    def get_areas(self, user):
        now = self.context["now"]
        day = user.post.unit.day_of(now) if user.post else now.date()
        return AreaHeldSerializer(Area.objects.held_by(user, day), many=True).data

    @extend_schema_field(serializers.DateTimeField())
    def get_server_time(self, user):
        return self.context["now"].isoformat()


class HouseholdSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    area = serializers.CharField(source="area.code")
    last_visit_on = serializers.DateField(allow_null=True)
    visit_count = serializers.IntegerField()

    class Meta:
        model = Household
        fields = ["id", "head_name", "rw", "rt", "area", "landmark", "last_visit_on", "visit_count"]


class PlaceSerializer(serializers.Serializer):
    lat = serializers.FloatField()
    lon = serializers.FloatField()
    accuracy = serializers.FloatField(allow_null=True)


class OfficerSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "name", "rank"]


class PhotoSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = Photo
        fields = ["id", "width", "height", "taken_at", "received_at"]


class ReportSerializer(serializers.ModelSerializer):
    """A report by the names under which the phone sent it, with what the server found out."""

    id = serializers.UUIDField(source="uuid")
    base_version = serializers.SerializerMethodField()
    occurred_at = serializers.SerializerMethodField()
    ended_at = serializers.SerializerMethodField()
    received_at = serializers.SerializerMethodField()
    location = serializers.SerializerMethodField()
    area = serializers.CharField(source="area.code")
    area_name = serializers.CharField(source="area.name")
    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    officer = OfficerSerializer()
    photos = serializers.ListField(source="photo_ids", child=serializers.UUIDField(), help_text="Announced by the phone.")
    photos_received = PhotoSerializer(source="photos", many=True)
    detail = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = [
            *(
                "id",
                "schema",
                "version",
                "base_version",
                "kind",
                "state",
                "unit",
                "unit_name",
                "officer",
                "day",
                "occurred_at",
                "ended_at",
                "received_at",
            ),
            *("location", "area", "area_name", "place", "narrative", "result", "follow_up", "field", "phase", "situation", "participants"),
            *("photos", "photos_received", "detail", "flags", "distance_m", "clock_skew_s", "review_note", "withdrawn_reason"),
        ]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_base_version(self, report):
        return report.version - 1 or None

    @extend_schema_field(serializers.DateTimeField())
    def get_occurred_at(self, report):
        return in_zone(report.occurred_at, report)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_ended_at(self, report):
        return in_zone(report.ended_at, report)

    @extend_schema_field(serializers.DateTimeField())
    def get_received_at(self, report):
        return in_zone(report.received_at, report)

    @extend_schema_field(PlaceSerializer(allow_null=True))
    def get_location(self, report):
        return report.location and {"lat": report.location.y, "lon": report.location.x, "accuracy": report.accuracy_m}

    @extend_schema_field(DDS_DETAIL)
    def get_detail(self, report):
        visit: Visit | None = getattr(report, "visit", None)
        if visit is None:
            return {}
        return {
            "household": visit.household and household_of(visit.household),
            "declined": visit.is_declined,
            "absent": visit.is_absent,
            "received_by": visit.received_by,
            "purposes": visit.purposes,
            "next_visit_on": visit.next_visit_on,
            "opinions": [opinion_of(opinion) for opinion in report.opinions.all()],
        }


def in_zone(moment, report) -> str | None:
    """ISO 8601 with the offset of the unit's own zone."""
    return moment.astimezone(report.unit.zone).isoformat() if moment else None


def household_of(household: Household) -> dict:
    return {"id": str(household.uuid), **{name: getattr(household, name) for name in ("head_name", "rw", "rt", "landmark")}}


def opinion_of(opinion: Opinion) -> dict:
    return {name: getattr(opinion, name) for name in ("kind", "field", "text", "urgency", "frequency")}
