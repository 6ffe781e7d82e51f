"""Routes of the API by which a report moves on: reviewed, taken back, or answered by the officer in whose name it was recorded."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from patrol.api import act
from patrol.lists import one_in_detail
from patrol.models import Report
from patrol.models.reports import Part
from patrol.serializers import ReportSerializer
from polmas.people.exceptions import Conflict


class ReviewSerializer(serializers.Serializer):
    action = serializers.ChoiceField(["verify", "return"])
    note = serializers.CharField(max_length=2000, trim_whitespace=False, allow_blank=True, default="")
    parts = serializers.MultipleChoiceField(choices=Part.choices, default=set, help_text="Of a return: the parts that the note is about.")


class ReviewView(APIView):
    """Verifies a report, or returns it with a note. Who comes second is told by 409."""

    @extend_schema(request=ReviewSerializer, responses=ReportSerializer)
    def post(self, request, uuid):
        report = one_in_detail(Report.objects.for_user(request.user), uuid)
        if not report.may_be_reviewed_by(request.user):
            raise NotFound
        review = ReviewSerializer(data=request.data)
        review.is_valid(raise_exception=True)
        if review.validated_data["action"] == "verify":
            act(report.verify, request.user)
        else:
            act(report.send_back, request.user, review.validated_data["note"], review.validated_data["parts"])
        return Response(ReportSerializer(report, context={"user": request.user}).data)


class WithdrawSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500, trim_whitespace=False, allow_blank=True)


class WithdrawView(APIView):
    """Takes an own report back before it is verified, or one recorded for an officer before it is confirmed: by whoever recorded it, or
    reviews the unit."""

    @extend_schema(request=WithdrawSerializer, responses=ReportSerializer)
    def post(self, request, uuid):
        report = one_in_detail(Report.objects.for_user(request.user).to_withdraw(request.user), uuid)
        wish = WithdrawSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        act(report.withdraw, request.user, wish.validated_data["reason"])
        return Response(ReportSerializer(report, context={"user": request.user}).data)


class ConfirmSerializer(serializers.Serializer):
    action = serializers.ChoiceField(["confirm", "refuse"])
    reason = serializers.CharField(max_length=500, trim_whitespace=False, allow_blank=True, default="", help_text="Of a refusal: in a word.")
    version = serializers.IntegerField(min_value=1, max_value=32000, required=False, help_text="The one that was seen; 409 where it changed since.")


class ConfirmView(APIView):
    """The officer's answer to what somebody else recorded: confirmed it counts and waits for review, refused it is withdrawn. Nobody else
    can give it, so it is taken after a move, too."""

    @extend_schema(request=ConfirmSerializer, responses=ReportSerializer)
    def post(self, request, uuid):
        report = one_in_detail(Report.objects.filter(officer=request.user), uuid)
        answer = ConfirmSerializer(data=request.data)
        answer.is_valid(raise_exception=True)
        if answer.validated_data.get("version", report.version) != report.version:
            raise Conflict(_("This report has already been answered or changed; reload the page."))
        if answer.validated_data["action"] == "confirm":
            act(report.confirm, request.user)
        else:
            act(report.refuse, request.user, answer.validated_data["reason"])
        return Response(ReportSerializer(report, context={"user": request.user}).data)


urlpatterns = [
    path("reports/<any_uuid:uuid>/review/", ReviewView.as_view(), name="report_review"),
    path("reports/<any_uuid:uuid>/withdraw/", WithdrawView.as_view(), name="report_withdraw"),
    path("reports/<any_uuid:uuid>/confirm/", ConfirmView.as_view(), name="report_confirm"),
]
