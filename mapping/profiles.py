"""What a page and a paper show of an area's profile."""

from django.utils import timezone

from mapping.models import Area, AreaProfile
from mapping.models.profiles import keeps_profile
from polmas.people.models import Unit


def shown_profile(user, area: Area, year: str) -> dict:
    """The profile of the year asked for, else the newest; the years there are; and what the person may write."""
    profiles = list(AreaProfile.objects.for_user(user).filter(area=area).order_by("-year"))
    profile = next((profile for profile in profiles if str(profile.year) == year), next(iter(profiles), None))
    may_divide = area.depth >= Area.VILLAGE_DEPTH and area.may_be_kept_by(user)
    return {
        "profile": profile,
        "years": [profile.year for profile in profiles],
        "may_divide": may_divide,
        "may_keep_profile": may_divide or keeps_profile(user, area),
    }


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
