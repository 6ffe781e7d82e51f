"""Addresses of the rows behind a number: the list of activities with the same filters."""

from urllib.parse import urlencode

from django.urls import reverse

from patrol.filters import COUNTED
from polmas.people.periods import Period


def rows_link(period: Period | None = None, **filters) -> str:
    """The list of activities that figures count, narrowed by `satuan`, `petugas`, `wilayah`, `jenis` or another `status`."""
    span = {"dari": period.start.isoformat(), "sampai": period.end.isoformat()} if period else {}
    return f"{reverse('patrol:report_list')}?{urlencode({**span, 'status': COUNTED, **filters})}"
