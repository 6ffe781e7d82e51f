"""What one is asked by commanders, for phones: a list to keep, and marks that may be sent twice."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from patrol.api import act
from patrol.models import Directive, DirectiveFile, DirectiveReceipt, Report
from patrol.views.directives import police
from polmas.people.pagination import NewestFirst


class DirectiveFileSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()

    class Meta:
        model = DirectiveFile
        fields = ["id", "name", "type", "size", "url"]

    def get_url(self, file) -> str:
        return reverse("patrol:directive_file", args=[file.uuid])


class DirectiveSerializer(serializers.ModelSerializer):
    """A directive as one of those asked reads it, with the own receipt."""

    id = serializers.UUIDField(source="uuid")
    sender = serializers.CharField(source="sender_title", help_text="The post from which it came.")
    is_closed = serializers.BooleanField()
    files = DirectiveFileSerializer(many=True)
    read_at = serializers.SerializerMethodField()
    followed_up_at = serializers.SerializerMethodField()
    follow_up = serializers.SerializerMethodField()
    report = serializers.SerializerMethodField()

    class Meta:
        model = Directive
        fields = [
            *("id", "kind", "sender", "title", "text", "due_on", "created_at", "is_closed", "files"),
            *("read_at", "followed_up_at", "follow_up", "report"),
        ]

    def own(self, directive) -> DirectiveReceipt:
        return directive.mine[0] if directive.mine else DirectiveReceipt()

    def get_read_at(self, directive) -> str | None:
        return _iso(self.own(directive).read_at)

    def get_followed_up_at(self, directive) -> str | None:
        return _iso(self.own(directive).followed_up_at)

    def get_follow_up(self, directive) -> str:
        return self.own(directive).follow_up

    def get_report(self, directive) -> str | None:
        report = self.own(directive).report
        return str(report.uuid) if report else None


def _iso(moment) -> str | None:
    return moment.isoformat() if moment else None


def directives_for(user):
    mine = DirectiveReceipt.objects.filter(user=user).select_related("report")
    return Directive.objects.addressed_to(user).select_related("sender_unit").prefetch_related("files", Prefetch("receipts", mine, to_attr="mine"))


class DirectiveListView(generics.ListAPIView):
    """What the signed-in person is asked, the newest first; with `open=true` only what is not closed."""

    queryset = Directive.objects.none()
    serializer_class = DirectiveSerializer
    pagination_class = NewestFirst

    def get_queryset(self):
        found = directives_for(police(self.request))
        return found.filter(closed_at=None) if self.request.query_params.get("open") == "true" else found


class DirectiveReadView(APIView):
    """Marks a directive read; once more changes nothing."""

    @extend_schema(request=None, responses=DirectiveSerializer)
    def post(self, request, uuid):
        directive = get_object_or_404(Directive.objects.addressed_to(police(request)), uuid=uuid)
        directive.receipt_of(request.user).read()
        return Response(DirectiveSerializer(directives_for(request.user).get(pk=directive.pk)).data)


class FollowUpSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=2000, trim_whitespace=False)
    report = serializers.UUIDField(required=False, allow_null=True, default=None)


class DirectiveFollowUpView(APIView):
    """Notes what was done, with an own report where there is one; the same again changes nothing."""

    @extend_schema(request=FollowUpSerializer, responses=DirectiveSerializer)
    def post(self, request, uuid):
        directive = get_object_or_404(Directive.objects.addressed_to(police(request)), uuid=uuid)
        said = FollowUpSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        act(directive.receipt_of(request.user).follow, said.validated_data["text"], self.report(request.user, said.validated_data["report"]))
        return Response(DirectiveSerializer(directives_for(request.user).get(pk=directive.pk)).data)

    @staticmethod
    def report(user, uuid) -> Report | None:
        if uuid is None:
            return None
        report = Report.objects.filter(officer=user, uuid=uuid).first()
        if report is None:
            raise serializers.ValidationError({"report": _("Choose one of your own reports.")})
        return report


urlpatterns = [
    path("directives/", DirectiveListView.as_view(), name="directive_list"),
    path("directives/<any_uuid:uuid>/read/", DirectiveReadView.as_view(), name="directive_read"),
    path("directives/<any_uuid:uuid>/follow-up/", DirectiveFollowUpView.as_view(), name="directive_follow_up"),
]
