"""Routes of the API about giat tematik: which there are, and how far they are."""

from decimal import Decimal

from django.shortcuts import get_object_or_404
from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from patrol import campaigns
from patrol.access import reader
from patrol.models import Campaign, CampaignEntry, CampaignState
from patrol.models.campaigns import offered_on, today_of
from patrol.serializers import CampaignSerializer, in_json
from polmas.people.pagination import NewestFirst


class CampaignFilter(filters.FilterSet):
    """Of `GET campaigns/`."""

    state = filters.ChoiceFilter(method="in_state", choices=CampaignState.choices)
    offered = filters.BooleanFilter(method="that_are_offered", help_text="true: what a form offers, those that run and those that ended lately.")

    class Meta:
        model = Campaign
        fields: list[str] = []

    def in_state(self, queryset, name, value):
        return queryset.in_state(value, today_of(self.request.user))

    def that_are_offered(self, queryset, name, value):
        return queryset.filter(offered_on(today_of(self.request.user))) if value else queryset


class CampaignListView(generics.ListAPIView):
    """The giat tematik in sight; an officer's phone asks for those that the form offers."""

    queryset = Campaign.objects.none()
    serializer_class = CampaignSerializer
    pagination_class = NewestFirst
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = CampaignFilter

    def get_queryset(self):
        return Campaign.objects.for_user(reader(self.request)).select_related("unit").prefetch_related("fields")


class SumSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Of the field.")
    sum = serializers.FloatField()


class CampaignProgressSerializer(CampaignSerializer):
    """`count`: reports attached, of those that the reader may count; an officer's own."""

    def get_fields(self):
        return {**super().get_fields(), "count": serializers.IntegerField(), "sums": SumSerializer(many=True)}


class CampaignView(APIView):
    """One giat tematik with what was reached: counted now, of what the reader may count."""

    @extend_schema(responses=CampaignProgressSerializer)
    def get(self, request, uuid):
        seen = Campaign.objects.for_user(reader(request)).select_related("unit").prefetch_related("fields")
        campaign = get_object_or_404(seen, uuid=uuid)
        total = campaigns.total_of(campaigns.added_up(CampaignEntry.objects.for_user(request.user).filter(campaign=campaign).counted()))
        sums = [{"id": str(field.uuid), "sum": in_json(total[f"sum_{field.position}"] or Decimal(0))} for field in campaign.fields.all()]
        return Response({**CampaignSerializer(campaign).data, "count": total["count"], "sums": sums})


urlpatterns = [
    path("campaigns/", CampaignListView.as_view(), name="campaign_list"),
    path("campaigns/<any_uuid:uuid>/", CampaignView.as_view(), name="campaign_detail"),
]
