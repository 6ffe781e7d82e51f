"""What stands in a summary, part by part (domain.md 5.7): counted from the rows, or added up from the summaries below."""

from polmas.people.models import Unit, UnitKind
from polmas.people.models.units import POLRES_KINDS
from polmas.people.periods import Period
from polmas.summaries import earlier
from polmas.summaries.contents.activities import activities, areas, officers, opinions, summed_activities, summed_opinions
from polmas.summaries.contents.awards import awards
from polmas.summaries.contents.conflicts import conflicts, fields, summed_conflicts, summed_fields
from polmas.summaries.contents.forums import forums, summed_forums
from polmas.summaries.contents.general import SUMMED, general, villages
from polmas.summaries.contents.groups import Group
from polmas.summaries.contents.incidents import incidents, rates, summed_incidents
from polmas.summaries.contents.informations import informations, secrets_of
from polmas.summaries.contents.photos import photos
from polmas.summaries.contents.security_index import security_index
from polmas.summaries.models import Summary

__all__ = ["MISSING", "SCHEMA", "Group", "informations", "of_month", "of_polres", "of_polsek", "officers", "secrets_of"]

SCHEMA = 2
MISSING = "MISSING"  # the state of a unit whose summary is not built


def of_polsek(group: Group, period: Period) -> dict[str, dict]:
    """Everything of Polsek, from their rows, by path."""
    land, voices = villages(group), opinions(group, period)
    parts: dict[str, dict] = {
        "general": general(group, period, land),
        "incidents": incidents(group, period),
        "fields": fields(group, period, voices),
        "activities": activities(group, period),
        "areas": areas(group, period, land),
        "officers": officers(group, period),
        "opinions": voices,
        "forums": forums(group, period),
        "conflicts": conflicts(group, period),
        "photos": photos(group, period),
    }
    return {path: _of_polsek({name: part[path] for name, part in parts.items()}) for path in group.paths}


def _of_polsek(parts: dict) -> dict:
    told = parts["officers"]
    reporting = sum(officer.pop("filed") > 0 for officer in told)  # as on the dashboard: who only joined a colleague reported nothing
    parts["general"] |= {"officers": len(told), "officers_reporting": reporting}
    return _rated({**parts, "complaints": None, "units": []})


def of_polres(unit: Unit, kind: str, period: Period) -> dict:
    """The sum over the newest summaries of the Polsek below (of a Polda: of its Polres), each named with the state of its paper, and what
    stands under the unit itself. A unit without a summary adds nothing and is named as missing."""
    kinds = POLRES_KINDS if unit.kind == UnitKind.POLDA else (UnitKind.POLSEK,)
    known = Unit.objects.below(unit).filter(kind__in=kinds)
    papers = Summary.objects.filter(unit__in=known, period=kind, starts_on=period.start).order_by("revision")
    newest = {paper.unit_id: paper for paper in papers}
    below = [row for row in known if row.is_active or row.pk in newest]  # one that was closed since has still worked in the period
    told = [(row.name, newest[row.pk].figures) for row in below if row.pk in newest]
    reporting = [figures["general"] for _name, figures in told]
    imported = earlier.of_parts(figures for _name, figures in told)
    told.append((unit.name, _of_itself(unit, period)))
    parts = [figures for _name, figures in told]
    full = [(name, figures) for name, figures in told if figures["schema"] >= SCHEMA]  # older papers have no such parts
    names = [name for name, _figures in full]
    whole = Group.of(unit)
    return _rated(
        {
            **({"imported": imported} if imported else {}),
            "general": {**general(whole, period, villages(whole))[unit.path], **{key: sum(part[key] for part in reporting) for key in SUMMED}},
            "incidents": summed_incidents([part["incidents"] for _name, part in full], names),
            "fields": summed_fields(part["fields"] for _name, part in full),
            "activities": summed_activities([part["activities"] for part in parts], period),
            "areas": [],
            "officers": [],
            "opinions": summed_opinions(part["opinions"] for part in parts),
            "forums": summed_forums(part["forums"] for part in parts),
            "complaints": None,
            "conflicts": summed_conflicts([part["conflicts"] for _name, part in full], names),
            "photos": photos(whole, period)[unit.path] if unit.is_polres else [],
            "units": _ranked(_unit_row(row, newest.get(row.pk)) for row in below),
        }
    )


def _of_itself(unit: Unit, period: Period) -> dict:
    """What was recorded at the unit or its own posts and not at one below: incidents, problems, forums, activities. Where its SPKT states
    nothing, as most at a Polres do, no day waits for that."""
    itself = Group([unit], only_itself=True)
    voices, disturbances = opinions(itself, period)[unit.path], incidents(itself, period)[unit.path]
    disturbances["days"] = {span: days if days["stated"] else dict.fromkeys(days, 0) for span, days in disturbances["days"].items()}
    return {
        "schema": SCHEMA,
        "incidents": disturbances,
        "fields": fields(itself, period, {unit.path: voices})[unit.path],
        "activities": activities(itself, period)[unit.path],
        "opinions": voices,
        "forums": forums(itself, period)[unit.path],
        "conflicts": conflicts(itself, period)[unit.path],
    }


def of_month(group: Group, period: Period) -> dict[str, dict]:
    """What the monthly papers have beyond the others. Read at the units and below them as it stands, not added up from papers: awards are
    decided after the papers of the Polsek are signed."""
    honoured, indices = awards(group, period), security_index(group, period)
    return {path: {"awards": honoured[path], "index": indices[path]} for path in group.paths}


def _rated(figures: dict) -> dict:
    """With the rates of crime, which need the population of part A."""
    told = figures["incidents"]
    told["rates"] = rates(told["crimes"], figures["general"]["population"], told["span_days"])
    return figures


def _ranked(rows) -> list[dict]:
    return sorted(rows, key=lambda row: (row["now"] is None, -(row["now"] or 0), row["name"]))


def _unit_row(unit, paper):
    activity = paper.figures["activities"]["total"] if paper else {}
    general_part = paper.figures["general"] if paper else {}
    incidents_part = (paper.figures.get("incidents") if paper else None) or {}
    total, days = incidents_part.get("total", {}), incidents_part.get("days", {}).get("now", {})
    return {
        "code": unit.code,
        "name": unit.name,
        "state": paper.state if paper else MISSING,
        "revision": paper.revision if paper else None,
        "before": activity.get("before"),
        "now": activity.get("now"),
        "officers": general_part.get("officers"),
        "officers_reporting": general_part.get("officers_reporting"),
        "incidents": {"before": total.get("before"), "now": total.get("now"), "stated": days.get("stated"), "of": days.get("of")},
    }
