"""LI as rows and as a phone sends them, for every test that needs some."""

import itertools

from django.utils import timezone

from patrol.models import Information, InformationSource

_numbers = itertools.count(1)


def make_information(cast, author=None, source=True, **changes) -> Information:
    """One LI of the officer at Pedalangan, an hour old, as it stands after it was sent."""
    n = next(_numbers)
    information = Information.objects.create(
        **{
            "author": author or cast.officer,
            "unit": cast.units.banyumanik,
            "area": cast.areas["33.74.11.1004"],
            "obtained_at": timezone.now(),
            "day": cast.units.banyumanik.today(),
            "method": "WAWANCARA",
            "field": "KEAMANAN",
            "subject": f"Rencana balap liar {n}",
            "source_alias": "Elang 7",
            "facts": f"Sekelompok pemuda akan berkumpul di Jalan Setiabudi, {n}.",
            "analysis": "Ada kemungkinan terjadi gesekan antarkelompok.",
            "content_hashes": [f"{n:064}"],
            **changes,
        }
    )
    if source:
        InformationSource.objects.create(information=information, name="Paijo Sumarno", contact="0812-3456-7890", note="Juru parkir")
    return information


def register(cast, information, by=None) -> Information:
    information.register(by or cast.kanit, "RAHASIA", [cast.units.banyumanik, cast.units.polres], information.version)
    return information
