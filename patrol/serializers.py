"""How rows of patrol are written as JSON."""

import datetime
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import LineString, Point
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mapping.models import Area, Place
from mapping.models.registers import RegisterEntry
from patrol.companions import tells_all
from patrol.kinds import KINDS
from patrol.models import Campaign, CampaignField, CampaignState, Information, Photo, Report, Supplement
from patrol.models.registers import VisitedEntry
from patrol.schema import schema_of_detail
from patrol.wording import participant_name
from polmas.people.api import PostingSerializer
from polmas.people.models import Device, Unit, User


class UnitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ["code", "name", "kind", "time_zone"]


class AreaHeldSerializer(serializers.ModelSerializer):
    class Meta:
        model = Area
        fields = ["code", "name", "level"]


class DeviceSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = Device
        fields = ["id", "is_remembered", "expires_at"]


class MeSerializer(serializers.ModelSerializer):
    """Who is signed in, and what a phone needs to know before it files anything."""

    postings = serializers.SerializerMethodField(help_text="Those valid today.")
    unit = serializers.SerializerMethodField()
    areas = serializers.SerializerMethodField(help_text="Held today.")
    server_time = serializers.SerializerMethodField()
    device = serializers.SerializerMethodField(help_text="The phone of this session; null for a token.")

    class Meta:
        model = User
        fields = ["id", "name", "username", "rank", "postings", "unit", "areas", "language", "server_time", "device"]

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

    @extend_schema_field(DeviceSerializer(allow_null=True))
    def get_device(self, user):
        device = self.context["device"]
        return device and DeviceSerializer(device).data

    @extend_schema_field(serializers.DateTimeField())
    def get_server_time(self, user):
        return self.context["now"].isoformat()


class PointSerializer(serializers.Serializer):
    lat = serializers.FloatField()
    lon = serializers.FloatField()


class SuggestionSerializer(serializers.Serializer):
    field = serializers.CharField()
    text = serializers.CharField(help_text="In the reader's language.")


class RegisterSerializer(serializers.ModelSerializer):
    """An entry of a register, with what the phone needs to propose the next visit."""

    id = serializers.UUIDField(source="uuid")
    area = serializers.CharField(source="area.code")
    location = serializers.SerializerMethodField()
    last_visit_on = serializers.DateField(allow_null=True)
    visit_count = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True, help_text="When the next visit is due; null where it is due now.")
    suggestion = serializers.SerializerMethodField(help_text="What to ask for at the next visit: one thing that is not known yet.")

    @extend_schema_field(PointSerializer(allow_null=True))
    def get_location(self, entry):
        return plain(entry.location)

    @extend_schema_field(SuggestionSerializer(allow_null=True))
    def get_suggestion(self, entry):
        field = entry.missing_item()
        return {"field": field, "text": entry.missing_label()} if field else None


def serializer_of(register: type[RegisterEntry]) -> type[RegisterSerializer]:
    """Writes the entries of one register by the names under which the phone sends them."""
    fields = ["id", *register.SENT, "area", "location", "last_visit_on", "visit_count"]
    if issubclass(register, VisitedEntry):
        fields += ["is_active", "due_on", "suggestion"]
    elif hasattr(register, "is_active"):
        fields += ["is_active"]
    meta = type("Meta", (), {"model": register, "fields": fields})
    return type(f"{register.__name__}Serializer", (RegisterSerializer,), {"Meta": meta})


class PostSerializer(serializers.ModelSerializer):
    """A post as somebody needs it who passes by."""

    id = serializers.UUIDField(source="uuid")
    area = serializers.CharField(source="area.code")

    class Meta:
        model = Place
        fields = ["id", "name", "area"]


class PlaceSerializer(PointSerializer):
    accuracy = serializers.FloatField(allow_null=True)


class OfficerSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "name", "rank"]


class ColleagueSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="full_name", help_text="With the rank.")

    class Meta:
        model = User
        fields = ["username", "name"]


class PhotoSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = Photo
        fields = ["id", "width", "height", "taken_at", "received_at"]


class CampaignFieldSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = CampaignField
        fields = ["id", "label", "measure"]


class CampaignSerializer(serializers.ModelSerializer):
    """A giat tematik as the phone keeps it, to offer it in the form."""

    id = serializers.UUIDField(source="uuid")
    unit = serializers.CharField(source="unit.code")
    state = serializers.ChoiceField(CampaignState.choices)

    class Meta:
        model = Campaign
        fields = ["id", "name", "tag", "unit", "starts_on", "ends_on", "state", "target"]

    def get_fields(self):
        # The numbers are called `fields`, as a serializer's own are.
        return {**super().get_fields(), "fields": CampaignFieldSerializer(many=True)}


class CampaignEntrySerializer(serializers.Serializer):
    """The giat tematik of a report: what the phone sent, and what it needs to show it and to correct it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    tag = serializers.CharField()
    values = serializers.DictField(child=serializers.FloatField(), help_text="By the ids of the fields.")

    def get_fields(self):
        return {**super().get_fields(), "fields": CampaignFieldSerializer(many=True)}


def campaign_of(report) -> dict | None:
    """As `CampaignEntrySerializer` describes it; None without a giat tematik."""
    entry = getattr(report, "campaign_entry", None)
    if entry is None:
        return None
    fields = list(entry.campaign.fields.all())
    numbers = {str(field.uuid): entry.numbers[field.position - 1] for field in fields}
    return {
        "id": str(entry.campaign.uuid),
        "name": entry.campaign.name,
        "tag": entry.campaign.tag,
        "values": {key: in_json(number) for key, number in numbers.items() if number is not None},
        "fields": CampaignFieldSerializer(fields, many=True).data,
    }


def in_json(number: Decimal) -> int | float:
    """25 stays 25."""
    return int(number) if number == number.to_integral_value() else float(number)


class SupplementSerializer(serializers.ModelSerializer):
    """A sentence, and photographs if any, that the officer added to a locked report."""

    id = serializers.UUIDField(source="uuid")
    author = OfficerSerializer()
    added_at = serializers.SerializerMethodField()
    photos = PhotoSerializer(many=True)

    class Meta:
        model = Supplement
        fields = ["id", "author", "text", "added_at", "photos"]

    @extend_schema_field(serializers.DateTimeField())
    def get_added_at(self, supplement):
        return in_zone(supplement.added_at, supplement.report)


# The fields of a report that are called otherwise than its columns.
WRITERS: dict[str, Callable[[Report], Any]] = {
    "id": lambda report: str(report.uuid),
    "area": operator.attrgetter("area.code"),
    "area_name": operator.attrgetter("area.name"),
    "unit": operator.attrgetter("unit.code"),
    "unit_name": operator.attrgetter("unit.name"),
    "officer": lambda report: {"id": report.officer_id, "name": report.officer.name, "rank": report.officer.rank},
    "campaign": lambda report: campaign_of(report),
    "recorded_by": lambda report: (
        report.recorded_by and {"id": report.recorded_by_id, "name": report.recorded_by.name, "rank": report.recorded_by.rank}
    ),
    "photos": lambda report: [str(photo) for photo in report.photo_ids],
    "photos_received": lambda report: [PhotoSerializer(photo).data for photo in report.photos.all()],
}


class ReportSerializer(serializers.ModelSerializer):
    """A report by the names under which the phone sent it, with what the server found out."""

    id = serializers.UUIDField(source="uuid")
    base_version = serializers.SerializerMethodField()
    occurred_at = serializers.SerializerMethodField()
    ended_at = serializers.SerializerMethodField()
    saved_at = serializers.SerializerMethodField()
    received_at = serializers.SerializerMethodField()
    location = serializers.SerializerMethodField()
    area = serializers.CharField(source="area.code")
    area_name = serializers.CharField(source="area.name")
    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    officer = OfficerSerializer()
    recorded_by = OfficerSerializer(allow_null=True, help_text="Who recorded it in the officer's name; null where the officer filed it.")
    photos = serializers.ListField(source="photo_ids", child=serializers.UUIDField(), help_text="Announced by the phone.")
    photos_received = PhotoSerializer(source="photos", many=True)
    campaign = CampaignEntrySerializer(allow_null=True)
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
                "recorded_by",
                "day",
                "occurred_at",
                "ended_at",
                "saved_at",
                "received_at",
            ),
            *(
                "location",
                "area",
                "area_name",
                "place",
                "outside_reason",
                "narrative",
                "result",
                "follow_up",
                "field",
                "phase",
                "situation",
                "participants",
            ),
            *("obstacle", "obstacle_owner", "obstacle_due_on", "campaign"),
            *("photos", "photos_received", "detail", "flags", "distance_m", "clock_skew_s", "review_note", "review_parts", "withdrawn_reason"),
        ]

    def to_representation(self, report):
        """What the fields above describe, written without them: DRF would make all of them anew for every request."""
        return {name: self._writer(name)(report) for name in self.Meta.fields}

    def _writer(self, name):
        return WRITERS.get(name) or getattr(self, f"get_{name}", None) or operator.attrgetter(name)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_base_version(self, report):
        return report.version - 1 or None

    @extend_schema_field(serializers.DateTimeField())
    def get_occurred_at(self, report):
        return in_zone(report.occurred_at, report)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_ended_at(self, report):
        return in_zone(report.ended_at, report)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_saved_at(self, report):
        return in_zone(report.saved_at, report)

    @extend_schema_field(serializers.DateTimeField())
    def get_received_at(self, report):
        return in_zone(report.received_at, report)

    @extend_schema_field(PlaceSerializer(allow_null=True))
    def get_location(self, report):
        return report.location and {"lat": report.location.y, "lon": report.location.x, "accuracy": report.accuracy_m}

    @extend_schema_field({"anyOf": [schema_of_detail(entry) for entry in KINDS.values()]})
    def get_detail(self, report):
        entry = KINDS[report.kind]
        detail = entry.form.detail_of(report)
        if detail is None:
            return {}
        subject = {entry.subject: entry_of(getattr(detail, entry.subject))} if entry.subject else {}
        forms = entry.form.rows if entry.form.is_open_to(self.context.get("user") or self.context["request"].user, report) else {}
        rows = {name: [sent_of(form, row, report) for row in form.rows_of(report)] for name, form in forms.items()}
        return {**subject, **sent_of(entry.form, detail, report), **rows}


class ParticipationSerializer(serializers.ModelSerializer):
    """A report of a colleague in which one took part. Its words are there where they are about no resident."""

    id = serializers.UUIDField(source="uuid")
    unit = serializers.CharField(source="unit.code")
    officer = OfficerSerializer()
    occurred_at = serializers.SerializerMethodField()
    area = serializers.CharField(source="area.code")
    area_name = serializers.CharField(source="area.name")
    participants = serializers.SerializerMethodField(help_text="Names alone.")
    narrative = serializers.SerializerMethodField(help_text="Null where the report is about a resident.")
    result = serializers.SerializerMethodField(help_text="Null where the report is about a resident.")

    class Meta:
        model = Report
        fields = [
            "id",
            "kind",
            "state",
            "unit",
            "officer",
            "day",
            "occurred_at",
            "area",
            "area_name",
            "participants",
            "situation",
            "narrative",
            "result",
        ]

    @extend_schema_field(serializers.DateTimeField())
    def get_occurred_at(self, report):
        return in_zone(report.occurred_at, report)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_participants(self, report):
        return [participant_name(one) for one in report.participants]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_narrative(self, report):
        return report.narrative if tells_all(report) else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_result(self, report):
        return report.result if tells_all(report) else None


def in_zone(moment, report) -> str | None:
    """ISO 8601 with the offset of the unit's own zone."""
    return moment.astimezone(report.unit.zone).isoformat() if moment else None


def entry_of(entry: RegisterEntry | None) -> dict | None:
    """An entry of a register as the phone names it."""
    return None if entry is None else {"id": str(entry.uuid), **{name: getattr(entry, name) for name in entry.SENT}}


def sent_of(form, row, report) -> dict:
    """A detail, or a part of one, by the names under which the phone sent it; times in the zone of the report's unit, as all of its times."""
    values = {name: getattr(row, field.name) for name, field in form.columns().items()}
    sent = {name: in_zone(value, report) if isinstance(value, datetime.datetime) else plain(value) for name, value in values.items()}
    return sent | {"location": placed(row)} if "accuracy_m" in form.measured else sent


def placed(row) -> dict | None:
    """A position with how sure it is."""
    return row.location and {**plain(row.location), "accuracy": row.accuracy_m}


def plain(value):
    if isinstance(value, Point):
        return {"lat": value.y, "lon": value.x}
    if isinstance(value, LineString):
        return [list(point) for point in value.coords]
    return entry_of(value) if isinstance(value, RegisterEntry) else value


class InformationSerializer(serializers.ModelSerializer):
    """An own LI by the names under which the phone sent it. The sealed source is not in it; its page opens it, with a reason."""

    id = serializers.UUIDField(source="uuid")
    kind = serializers.CharField(default="LI")
    base_version = serializers.SerializerMethodField()
    occurred_at = serializers.SerializerMethodField()
    event_at = serializers.SerializerMethodField()
    area = serializers.CharField(source="area.code")
    area_name = serializers.CharField(source="area.name")

    class Meta:
        model = Information
        fields = [
            *("id", "kind", "version", "base_version", "state", "occurred_at", "event_at", "area", "area_name", "method", "field", "subject"),
            *("source_alias", "relation", "source_value", "facts", "analysis", "prediction", "steps_taken", "recommendation", "urgency"),
            *("origin", "origin_opinion", "return_note"),
        ]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_base_version(self, information):
        return information.version - 1 or None

    @extend_schema_field(serializers.DateTimeField())
    def get_occurred_at(self, information):
        return in_zone(information.obtained_at, information)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_event_at(self, information):
        return in_zone(information.event_at, information)
