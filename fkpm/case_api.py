"""Cases and their agreements for programs: read only, scoped as the pages are. Names stand in them, so that they are for those who settle a case."""

from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from fkpm.api_scoped import ScopedView
from fkpm.models import Agreement, AgreementCheck, AgreementPerson, Case, CaseParty, CaseReferral, CaseSession


class PartySerializer(serializers.ModelSerializer):
    class Meta:
        model = CaseParty
        fields = ["role", "name", "age", "occupation", "address"]


class SessionSerializer(serializers.ModelSerializer):
    class Meta:
        model = CaseSession
        fields = ["held_on", "venue", "attendees", "result", "next_on"]


class ReferralSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code")

    class Meta:
        model = CaseReferral
        fields = ["target", "unit", "state", "reason", "number", "result", "sent_at", "answered_at"]


class CaseSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    unit = serializers.CharField(source="unit.code")
    area = serializers.CharField(source="area.code")
    forum = serializers.UUIDField(source="forum.uuid", default=None, allow_null=True)
    refused_by = serializers.CharField(source="refused_by.code", default=None, allow_null=True, help_text="The rule by which it must be handed over.")

    class Meta:
        model = Case
        fields = [
            *("id", "unit", "area", "category", "kind", "happened_on", "outcome", "grave", "child_crime", "unrest"),
            *("refused_by", "referred_to", "method", "venue", "forum"),
        ]


class CaseDetailSerializer(CaseSerializer):
    parties = PartySerializer(many=True)
    sessions = SessionSerializer(many=True)
    referrals = ReferralSerializer(many=True)
    agreements = serializers.SerializerMethodField()

    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, "chronology", "root_cause", "settlement", "parties", "sessions", "referrals", "agreements"]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_agreements(self, case):
        return [agreement.uuid for agreement in case.agreements.all()]


class SignerSerializer(serializers.ModelSerializer):
    class Meta:
        model = AgreementPerson
        fields = ["role", "name", "detail"]


class CheckSerializer(serializers.ModelSerializer):
    class Meta:
        model = AgreementCheck
        fields = ["days", "due_on", "checked_on", "is_observed", "note", "next_step"]


class AgreementSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    unit = serializers.CharField(source="unit.code")
    area = serializers.CharField(source="area.code")
    forum = serializers.UUIDField(source="forum.uuid", default=None, allow_null=True)
    case = serializers.UUIDField(source="case.uuid", default=None, allow_null=True)

    class Meta:
        model = Agreement
        fields = ["id", "number", "kind", "state", "subject", "agreed_on", "valid_until", "unit", "area", "forum", "case", "signed_at", "ended_on"]


class AgreementDetailSerializer(AgreementSerializer):
    replaces = serializers.UUIDField(source="replaces.uuid", default=None, allow_null=True)
    people = SignerSerializer(many=True)
    checks = CheckSerializer(many=True)

    class Meta(AgreementSerializer.Meta):
        fields = [
            *AgreementSerializer.Meta.fields,
            *("place", "clauses", "sanction", "has_stamp", "is_for_members", "village_head", "officer_name", "chair_name"),
            *("content_hash", "replaces", "people", "checks"),
        ]


class CaseFilter(filters.FilterSet):
    forum = filters.UUIDFilter("forum__uuid")
    outcome = filters.ChoiceFilter(choices=Case.Outcome.choices)
    category = filters.CharFilter(max_length=40)


class AgreementFilter(filters.FilterSet):
    forum = filters.UUIDFilter("forum__uuid")
    case = filters.UUIDFilter("case__uuid")
    kind = filters.ChoiceFilter(choices=Agreement.Kind.choices)
    state = filters.ChoiceFilter(choices=Agreement.State.choices)


class CaseList(ScopedView, generics.ListAPIView):
    queryset = Case.objects.select_related("unit", "area", "forum", "refused_by")
    serializer_class = CaseSerializer
    filterset_class = CaseFilter


class CaseDetail(ScopedView, generics.RetrieveAPIView):
    queryset = Case.objects.select_related("unit", "area", "forum", "refused_by").prefetch_related(
        "parties", "sessions", "referrals__unit", "agreements"
    )
    serializer_class = CaseDetailSerializer


class AgreementList(ScopedView, generics.ListAPIView):
    queryset = Agreement.objects.select_related("unit", "area", "forum", "case")
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter


class AgreementDetail(ScopedView, generics.RetrieveAPIView):
    queryset = Agreement.objects.select_related("unit", "area", "forum", "case", "replaces").prefetch_related("people", "checks")
    serializer_class = AgreementDetailSerializer


urlpatterns = [
    path("cases/", CaseList.as_view(), name="case_list"),
    path("cases/<any_uuid:uuid>/", CaseDetail.as_view(), name="case_detail"),
    path("agreements/", AgreementList.as_view(), name="agreement_list"),
    path("agreements/<any_uuid:uuid>/", AgreementDetail.as_view(), name="agreement_detail"),
]
