"""Whom a step of a summary concerns, and what they are told."""

from django.urls import reverse

from polmas.people.models import Notification, Posting, Unit
from polmas.summaries.models import PeriodKind, Summary, authority

Kind = Notification.Kind


def path_of(summary: Summary) -> str:
    return reverse("summaries:summary_detail", args=[summary.uuid])


def holders(unit: Unit, roles) -> list[int]:
    """Who holds one of these roles at a unit today, as ids."""
    return list(Posting.objects.on(unit.today()).filter(unit=unit, role__in=roles).values_list("user", flat=True))


def tell_sent(summary: Summary) -> None:
    """The unit above is told that something came. A daily one comes from every Polsek each morning: its list says so."""
    unit = authority.unit_above(summary.unit)
    if unit is None or summary.period == PeriodKind.DAILY:
        return
    people = holders(unit, authority.staff_of(unit) or authority.receivers_of(unit))
    told = {"by": summary.unit.name, "what": PeriodKind(summary.period).label, "day": summary.starts_on.isoformat()}
    Notification.objects.tell(people, Kind.SUMMARY_SENT, path_of(summary), **told)


def tell_returned(summary: Summary, draft: Summary, by) -> None:
    """Whoever keeps and signs the paper is told that it came back, with the page of what is to be mended."""
    people = holders(summary.unit, authority.heads_of(summary.unit) | authority.staff_of(summary.unit))
    name = by.post.title if by.post else by.name
    told = {"by": name, "what": PeriodKind(summary.period).label, "day": summary.starts_on.isoformat()}
    Notification.objects.tell(people, Kind.SUMMARY_RETURNED, path_of(draft), **told)
