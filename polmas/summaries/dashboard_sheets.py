"""A dashboard as a table to take along: every number of the page beside that of the other period."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from patrol.models import Kind
from polmas.people.periods import Change


def headings() -> list[str]:
    return [_("Part"), _("Item"), capfirst(_("before")), capfirst(_("now")), "+/−", "%", _("Target")]


def titles(told: dict) -> list[str]:
    """What stands above the table: of which unit, which days, beside which others and as of when."""
    unit = told["unit"]
    moment = f"{date_format(told['counted_at'].astimezone(unit.zone), 'j F Y H.i')} {unit.zone_label}"
    return [
        f"{_('Dashboard')} {unit}",
        f"{_('Period')}: {told['period']}",
        f"{capfirst(_('before'))}: {told['before']}",
        _("as of %(moment)s") % {"moment": moment},
    ]


def rows_of(told: dict) -> Iterator[list]:
    """`told` is the context of the page. Percents as numbers; empty where nothing stood before, where a part stands beside a whole, and
    of incidents where a period is hardly filled in."""

    def line(part, what, change: Change, target=None, with_percent=told["with_percent"]):
        earlier = [None, change.now, None] if told["is_without_before"] else [change.before, change.now, change.difference]
        return [part, what, *earlier, change.percent if with_percent else None, target]

    def incident_line(what, change):
        return line(_("Incidents"), what, change, with_percent=told["with_incident_percent"])

    activity, situation = told["activity"], told["situation"]
    yield line(_("Activities"), _("All"), activity["change"], told.get("target"))
    labels = dict(Kind.choices)
    for kind, change in activity["kinds"]:
        yield line(_("Activities"), str(labels.get(kind, kind)), change)
    for row in told.get("branches", ()):
        yield line(_("Units"), row["unit"].name, row["change"])
    for row in told.get("officers", ()):
        yield [_("Officers"), row["person"].full_name, None, row["count"], None, None, row["target"]]
    for row in told.get("places", ()):
        yield [_("Villages"), row["name"], None, row["count"], None, None, None]
    incidents = situation["incidents"]
    stated, stated_before = situation["stated"], situation["stated_before"]
    yield [_("Incidents"), _("Days filled in by SPKT"), stated_before["days"], stated["days"], None, None, stated["of"]]
    yield incident_line(_("All"), incidents.total.change)
    for row in (*incidents.crimes, *incidents.others, *incidents.top):
        yield incident_line(capfirst(row.label), row.change)
    yield line(_("Problems"), capfirst(_("new")), situation["problems"]["new"])
    yield line(_("Problems"), capfirst(_("solved")), situation["problems"]["solved"])
    yield [_("Problems"), capfirst(_("open today")), None, situation["problems"]["open"], None, None, None]
    yield line(_("Voices of residents"), _("All"), situation["opinions"]["all"])
    yield line(_("Voices of residents"), capfirst(_("urgent")), situation["opinions"]["urgent"])
    for label, change, _link in told["forum_lines"]:
        yield line("FKPM", capfirst(str(label)), change)
    for label, number, _link in told["gap_lines"]:
        yield [_("Villages"), capfirst(str(label)), None, number, None, None, None]
