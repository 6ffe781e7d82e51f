"""Routes of the API by which a summary moves on: approved, sent, received, returned. Who comes second is told by 409."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from patrol.api import act
from polmas.summaries import moving, papers
from polmas.summaries.access import reads_informations
from polmas.summaries.models import Summary


class SummarySerializer(serializers.ModelSerializer):
    """A summary as the list names it."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    unit = serializers.CharField(source="unit.code")
    is_late = serializers.BooleanField(help_text="Sent after its due time, or not sent although that is over.")

    class Meta:
        model = Summary
        fields = [
            *("id", "unit", "period", "starts_on", "ends_on", "revision", "state", "number", "built_at", "due_at", "approved_at", "sent_at"),
            *("is_late", "content_hash"),
        ]


class StepSerializer(serializers.Serializer):
    state = serializers.ChoiceField(Summary.State.choices)
    title = serializers.CharField(help_text="The post of who did it; empty where the system did.")
    at = serializers.DateTimeField()
    note = serializers.CharField()


class SummaryDetailSerializer(SummarySerializer):
    figures = serializers.SerializerMethodField()
    annex = serializers.SerializerMethodField()
    draft_hash = serializers.SerializerMethodField(help_text="Of a draft: what an approval names, so that nobody signs what they did not read.")
    steps = StepSerializer(many=True)

    class Meta(SummarySerializer.Meta):
        fields = [*SummarySerializer.Meta.fields, "figures", "annex", "texts", "analysis", "plan", "signer", "draft_hash", "steps"]

    def get_figures(self, summary) -> dict:
        return papers.figures_for(summary, papers.reader_of(self.context["request"].user, summary))

    def get_annex(self, summary) -> dict | None:
        """What LI and confidential problems say of the period, for who reads the LI of the unit; null for everybody else."""
        return summary.confidential if reads_informations(self.context["request"].user, summary.unit) else None

    def get_draft_hash(self, summary) -> str:
        return summary.draft_hash if summary.is_draft else ""


class ApproveSerializer(serializers.Serializer):
    seen = serializers.CharField(max_length=64, help_text="The draft_hash of what was read.")


class NoteSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=1000)


class NothingSerializer(serializers.Serializer):
    """No content."""


class MoveView(APIView):
    """One step of a summary in sight; 404 for whoever may not take it."""

    def summary(self, right: str) -> Summary:
        rows = Summary.objects.for_user(self.request.user).select_related("unit")
        summary = get_object_or_404(rows, uuid=self.kwargs["uuid"])
        if not getattr(summary, right)(self.request.user):
            raise Http404
        return summary

    def answer(self, summary) -> Response:
        return Response(SummaryDetailSerializer(summary, context={"request": self.request}).data)


class ApproveView(MoveView):
    """Approves a draft in the system; 409 where figures or text are no longer what was read."""

    @extend_schema(request=ApproveSerializer, responses=SummaryDetailSerializer)
    def post(self, request, uuid):
        summary = self.summary("may_be_approved_by")
        asked = ApproveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        act(moving.approve, summary, request.user, asked.validated_data["seen"])
        return self.answer(summary)


class SendView(MoveView):
    """Sends an approved summary to the unit above."""

    @extend_schema(request=NothingSerializer, responses=SummaryDetailSerializer)
    def post(self, request, uuid):
        summary = self.summary("may_be_sent_by")
        act(moving.send, summary, request.user)
        return self.answer(summary)


class ReceiveView(MoveView):
    """Receives what a unit below sent."""

    @extend_schema(request=NothingSerializer, responses=SummaryDetailSerializer)
    def post(self, request, uuid):
        summary = self.summary("may_be_received_by")
        act(moving.receive, summary, request.user)
        return self.answer(summary)


class ReturnView(MoveView):
    """Returns it with a note; its unit gets a new revision to mend."""

    @extend_schema(request=NoteSerializer, responses=SummaryDetailSerializer)
    def post(self, request, uuid):
        summary = self.summary("may_be_received_by")
        asked = NoteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        act(moving.send_back, summary, request.user, asked.validated_data["note"])
        return self.answer(summary)
