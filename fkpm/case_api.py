"""Cases and their agreements for programs, scoped as the pages are. Names stand in them, so that they are for those who settle a case. A case
begins with a report of the kind PS; here it is corrected and judged anew, and its agreement drawn up."""

from django.core.exceptions import ValidationError as Refused
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.response import Response

from fkpm import agreements, case_lists, cases
from fkpm.api_meetings import refused
from fkpm.api_scoped import ScopedView
from fkpm.case_writers import AgreementWriter, CaseWriter, NewAgreementWriter, told, with_ids
from fkpm.forms_agreements import blank_for_case, blank_for_forum
from fkpm.minutes import OutdatedError
from fkpm.models import Agreement, AgreementCheck, AgreementPerson, Case, CaseParty, CaseReferral, CaseSession, Forum
from fkpm.models.agreements import may_agree_for

OUTDATED = OpenApiResponse(description="Saved by somebody else meanwhile, with the version and the differences; or locked.")


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
        fields = [*CaseSerializer.Meta.fields, "version", "chronology", "root_cause", "settlement", "parties", "sessions", "referrals", "agreements"]

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
            *("version", "content_hash", "replaces", "people", "checks"),
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

    @extend_schema(request=CaseWriter, responses={200: CaseDetailSerializer, 409: OUTDATED})
    def patch(self, request, uuid):
        """Corrects a case over the version that was read. What may not be settled is handed to the unit that the rule names."""
        case = self.get_object()
        if not case.may_be_led_by(request.user):
            raise Http404
        sent = CaseWriter(case, data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            _correct(case, sent)
        except Refused as error:
            raise told(error) from error
        except OutdatedError as error:
            return _conflict(error)
        return Response(CaseDetailSerializer(self.get_object()).data)


@transaction.atomic
def _correct(case, sent) -> None:
    judged, said, version = sent.only(sent.JUDGED), sent.only(sent.SAID), sent.validated_data["version"]
    if judged:
        now = {name: getattr(case, name) for name in sent.JUDGED} | judged
        cases.assess(case, now.pop("category"), now, version)
        version = cases.held(case).version
    if said or "parties" in sent.validated_data:
        parties = sent.validated_data.get("parties")
        cases.amend(case, said, cases.parties_of(case) if parties is None else with_ids(parties, case.parties.all()), version)


def _conflict(error: OutdatedError) -> Response:
    differences = [{"what": what, "stored": stored, "own": own} for what, stored, own in error.differences]
    return refused("outdated", _("Somebody else saved this meanwhile."), version=error.version, differences=differences)


class AgreementList(ScopedView, generics.ListAPIView):
    queryset = Agreement.objects.select_related("unit", "area", "forum", "case")
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter

    @extend_schema(request=NewAgreementWriter, responses={201: AgreementDetailSerializer})
    def post(self, request):
        """Draws up a paper, to be printed and signed."""
        sent = NewAgreementWriter(data=request.data)
        sent.is_valid(raise_exception=True)
        agreement = self._begun(request, sent.validated_data)
        try:
            agreements.draw_up(agreement, sent.put_into(agreement) or [], request.user)
        except Refused as error:
            raise told(error) from error
        return Response(AgreementDetailSerializer(agreement).data, status=201)

    def _begun(self, request, sent) -> Agreement:
        """What is known already; 404 for a case or forum out of sight, or of which somebody else draws up agreements."""
        user = request.user
        if "forum" in sent:
            forum = get_object_or_404(Forum.objects.for_user(user).select_related("unit", "area", "officer"), uuid=sent["forum"])
            if not may_agree_for(forum, user):
                raise Http404
            return blank_for_forum(forum)
        found = Case.objects.for_user(user).select_related("unit", "area", "officer", "keeper", "forum__unit")
        case = get_object_or_404(found, uuid=sent["case"])
        if not case.may_be_worked_on_by(user):
            raise Http404
        with override("id"):
            return blank_for_case(case, case_lists.labels().get(case.category, case.category))


class AgreementDetail(ScopedView, generics.RetrieveAPIView):
    queryset = Agreement.objects.select_related("unit", "area", "forum", "case__unit", "replaces").prefetch_related("people", "checks")
    serializer_class = AgreementDetailSerializer

    @extend_schema(request=AgreementWriter, responses={200: AgreementDetailSerializer, 409: OUTDATED})
    def patch(self, request, uuid):
        """Corrects a paper that is not signed yet, over the version that was read."""
        agreement = self.get_object()
        if not agreement.may_be_written_by(request.user):
            raise Http404
        sent = AgreementWriter(agreement, data=request.data)
        sent.is_valid(raise_exception=True)
        if agreement.state != Agreement.State.UNSIGNED:
            return refused("locked", _("This agreement is signed or given up, and locked."))
        stored = list(agreement.people.values("role", "name", "detail"))
        people = sent.put_into(agreement)
        try:
            agreements.amend(agreement, stored if people is None else people, sent.validated_data["version"])
        except Refused as error:
            raise told(error) from error
        except OutdatedError as error:
            return _conflict(error)
        return Response(AgreementDetailSerializer(self.get_object()).data)


urlpatterns = [
    path("cases/", CaseList.as_view(), name="case_list"),
    path("cases/<any_uuid:uuid>/", CaseDetail.as_view(), name="case_detail"),
    path("agreements/", AgreementList.as_view(), name="agreement_list"),
    path("agreements/<any_uuid:uuid>/", AgreementDetail.as_view(), name="agreement_detail"),
]
