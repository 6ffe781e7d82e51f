"""What a page and a paper show of an area's profile."""

from django.utils import timezone

from mapping.models import Area, AreaProfile
from mapping.models.profiles import keeps_profile
from polmas.people.models import Unit


def shown_profile(user, area: Area, year: str) -> dict:
    """The profile of the year asked for, else the newest; the years there are; and whether the person may write."""
    profiles = AreaProfile.objects.for_user(user).filter(area=area)
    years = list(profiles.order_by("-year").values_list("year", flat=True))
    asked = int(year) if year.isdecimal() and len(year) == 4 and int(year) in years else next(iter(years), None)
    profile = profiles.select_related("updated_by").prefetch_related("calendar").filter(year=asked).first() if asked else None
    return {"profile": profile, "years": years, "may_keep_profile": keeps_profile(user, area)}


def unit_of(area: Area) -> Unit | None:
    """The unit under whose head a paper on the area goes out: the one that polices it, the lowest of several."""
    codes = [*area.ancestor_codes, area.code]
    return Unit.objects.filter(areas__code__in=codes).order_by("-depth", "path").first()


def paper(profile: AreaProfile) -> dict:
    area = profile.area
    return {
        "profile": profile,
        "area": area,
        "parents": list(area.ancestors()),
        "calendar": list(profile.calendar.all()),
        "unit": unit_of(area),
        "printed_on": timezone.localdate(),
    }
