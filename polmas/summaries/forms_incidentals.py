"""The form of an incidental report: the headings of the paper, filled in from an incident or a problem where there is one."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mapping.models import Incident, Problem
from polmas.summaries.models import IncidentalReport
from polmas.summaries.models.incidentals import HEADINGS

LONG = ("how", "actions", "developments")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class IncidentalForm(forms.ModelForm):
    """One report, or a supplement to one; the time zone that is active is that of its unit."""

    class Meta:
        model = IncidentalReport
        fields = ["title", "occurred_at", *HEADINGS, "is_discreet"]
        widgets = {
            "occurred_at": MomentInput(),
            **{name: forms.Textarea(attrs={"rows": 4 if name in LONG else 2}) for name in HEADINGS},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["occurred_at"].widget.attrs["max"] = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        self.fields["who"].help_text = _("Who did it and who saw it, as far as the unit above needs it.")
        if self.instance.is_discreet:
            del self.fields["is_discreet"]  # what is discreet stays so


def from_incident(incident: Incident) -> dict[str, Any]:
    """What an incident tells already."""
    place = ", ".join(part for part in (incident.address, incident.area.title) if part)
    loss = f"Rp {incident.loss_rp:,.0f}".replace(",", ".") if incident.loss_rp is not None else ""
    victims = "; ".join(f"{row.count} {row.get_harm_display()}" for row in incident.victims.all())
    return {
        "title": f"{incident.kind_label} – {incident.area.name}"[:150],
        "occurred_at": incident.occurred_at,
        "what": incident.narrative[:2000],
        "place": place[:500],
        "when": date_format(timezone.localtime(incident.occurred_at, incident.unit.zone), "l, j F Y H.i")[:500],
        "how": incident.modus,
        "actions": incident.actions,
        "victims": victims[:1000],
        "loss": loss,
        "is_discreet": incident.is_discreet,
    }


def from_problem(problem: Problem) -> dict[str, Any]:
    """What a problem tells already."""
    return {
        "title": problem.title[:150],
        "what": problem.description[:2000],
        "place": problem.area.title[:500],
        "why": problem.root_cause[:2000],
        "is_discreet": problem.is_confidential,
    }
