"""The part of the map that officers' phones keep."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from polmas.summaries.maps.own import kept_days, own_points


class OwnMapView(APIView):
    """For phones without network: problems, incidents, potentials, posts and tokoh with a point in the villages that one holds today.

    A GeoJSON FeatureCollection, at most 500 of a layer, the newest first; `from` and `to` are the days of what happens on a day.
    Nothing confidential, and none of the own activities: `reports/?mine=true` has them.
    """

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request):
        if not request.user.scope.is_officer:
            raise Http404
        asked = kept_days(timezone.localdate())
        return Response({"type": "FeatureCollection", "from": asked.start, "to": asked.end, "features": own_points(request.user, asked)})
