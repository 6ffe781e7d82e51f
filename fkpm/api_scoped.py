"""What every view of forums over the API starts from."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework import generics


class ScopedView(generics.GenericAPIView):
    """Rows that the user may see; those of a filter only."""

    filter_backends = [filters.DjangoFilterBackend]
    lookup_field = "uuid"

    def get_queryset(self):
        rows: Any = super().get_queryset()
        return rows.for_user(self.request.user)
