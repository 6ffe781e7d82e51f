"""Routes of the API: scores of officers, for them and for their superiors."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from polmas.people.models import Unit
from polmas.summaries.models import OfficerScore, ScoreLabel, ScorePart


class PartSerializer(serializers.Serializer):
    """One part that could be measured."""

    part = serializers.ChoiceField(ScorePart.choices)
    points = serializers.FloatField(help_text="0 to 100.")
    n = serializers.IntegerField(help_text="The rows that it stands on; below five it says little.")
    share = serializers.FloatField(help_text="Of the total, in percent; of all parts together 100.")
    facts = serializers.DictField()


class ScoreSerializer(serializers.ModelSerializer):
    """The score of one officer's month. Parts that could not be measured are absent, and their weight is with the others."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    officer = serializers.CharField(source="officer.username")
    name = serializers.CharField(source="officer.full_name")
    unit = serializers.CharField(source="unit.code")
    parts = serializers.SerializerMethodField()
    is_frozen = serializers.SerializerMethodField()
    measured = serializers.IntegerField(help_text="How many of the five parts.")

    class Meta:
        model = OfficerScore
        fields = [
            *("id", "officer", "name", "unit", "month", "total", "label", "measured", "parts", "weights", "days_present", "days_posted"),
            *("rule", "built_at", "is_frozen"),
        ]

    @extend_schema_field(PartSerializer(many=True))
    def get_parts(self, score):
        told = ("points", "n", "share")
        return [
            {"part": part, **{name: found[name] for name in told}, "facts": {name: value for name, value in found.items() if name not in told}}
            for part, found in score.parts.items()
        ]

    def get_is_frozen(self, score) -> bool:
        return score.frozen_at is not None


class ScoreFilter(filters.FilterSet):
    """Of `GET scores/`."""

    month = filters.DateFilter(help_text="Its first day.")
    unit = filters.CharFilter(method="in_unit", max_length=60, help_text="A unit and all below it.")
    officer = filters.CharFilter(field_name="officer__username", max_length=150)
    label = filters.ChoiceFilter(choices=ScoreLabel.choices)

    class Meta:
        model = OfficerScore
        fields: list[str] = []

    def in_unit(self, queryset, name, code):
        unit = Unit.objects.filter(code=code).first()
        return queryset.in_unit(unit) if unit else queryset.none()


class ScoreViewSet(ReadOnlyModelViewSet):
    """Scores by months: an officer's own, and for superiors those of their officers. No places: a rank is no property of a person."""

    lookup_field = "uuid"
    lookup_value_converter = "any_uuid"
    queryset = OfficerScore.objects.none()
    serializer_class = ScoreSerializer
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = ScoreFilter

    def get_queryset(self):
        return OfficerScore.objects.for_user(self.request.user).select_related("officer", "unit")
