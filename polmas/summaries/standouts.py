"""What stands out in a unit: incidents of a period, open problems, and LI for those alone who read them (domain.md 6.1).

What counts as grave is what a summary's parts B and G go by, so that page and paper tell the same.
"""

import datetime

from django.db.models import Q
from django.urls import reverse

from mapping.models import Grade, Incident, Problem
from patrol.models import Information
from polmas.people.models import Unit
from polmas.people.periods import Period
from polmas.people.scope import INCIDENT_READERS, INFORMATION_READERS
from polmas.summaries.access import names_persons
from polmas.summaries.contents.conflicts import heaviest as heaviest_problems
from polmas.summaries.contents.conflicts import standing_out as problems_standing_out
from polmas.summaries.contents.incidents import heaviest as heaviest_incidents
from polmas.summaries.contents.incidents import standing_out as incidents_standing_out
from polmas.summaries.dashboard_situation import URGENT, kind_labels

MOST = 100  # rows of which the gravest are told
SHOWN = 5
RELIABLE = ("A", "B")  # values of a source


def of_unit(user, unit: Unit, period: Period) -> dict:
    """A list each, the gravest first; None for what the reader may not know of."""
    return {"incidents": incidents(user, unit, period), "problems": problems(user, unit), "informations": informations(user, unit, period)}


def incidents(user, unit: Unit, period: Period) -> list[dict]:
    """Kind, time and village; the way to the row, and where in the village, for those who read it."""
    rows = Incident.objects.counted_for(user).filter(unit__path__startswith=unit.path, day__range=(period.start, period.end))
    told = heaviest_incidents(incidents_standing_out(rows).order_by("-occurred_at", "-pk")[:MOST])[:SHOWN]
    labels, reads = kind_labels(), user.scope.holds(INCIDENT_READERS, unit)
    return [
        {
            **row,
            "at": datetime.datetime.fromisoformat(row["at"]),
            "label": labels.get(row["kind"], row["kind"]),
            "link": reverse("mapping:incident_detail", args=[row["id"]]) if reads else "",
            "address": row["address"] if reads else "",
        }
        for row in told
    ]


def problems(user, unit: Unit) -> list[dict] | None:
    """Above the Polres nobody reads problems one by one."""
    if not names_persons(user, unit):
        return None
    rows = Problem.objects.for_user(user).filter(unit__path__startswith=unit.path)
    told = heaviest_problems(problems_standing_out(rows).order_by("-created_at", "pk")[:MOST])[:SHOWN]
    return [{**row, "grade_label": Grade(row["grade"]).label, "link": reverse("patrol:problem_detail", args=[row["id"]])} for row in told]


def informations(user, unit: Unit, period: Period) -> list[Information] | None:
    """Of a reliable source, or urgent; as the register shows them, and to nobody else."""
    if not user.scope.holds(INFORMATION_READERS, unit):
        return None
    rows = Information.objects.for_user(user).filter(unit__path__startswith=unit.path, day__range=(period.start, period.end))
    grave = Q(source_value__in=RELIABLE) | Q(urgency__in=URGENT)
    return list(rows.filter(grave).select_related("area").order_by("-received_at", "-pk")[:SHOWN])
