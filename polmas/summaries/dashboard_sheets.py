"""A dashboard as a table to take along: every number of the page beside that of the other period."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from patrol.models import Kind
from polmas.people.periods import Change


def headings() -> list[str]:
    return [_("Part"), _("What"), capfirst(_("before")), capfirst(_("now")), "+/−", "%", _("Target")]


def rows_of(told: dict) -> Iterator[list]:
    """`told` is the context of the page. Percents as numbers; empty where nothing stood before, or where a part stands beside a whole."""

    def line(part, what, change: Change, target=None):
        percent = change.percent if told["with_percent"] else None
        return [part, what, change.before, change.now, change.difference, percent, target]

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
    yield line(_("Incidents"), _("All"), incidents.total.change)
    for row in (*incidents.crimes, *incidents.others, *incidents.top):
        yield line(_("Incidents"), capfirst(row.label), row.change)
    yield line(_("Problems"), capfirst(_("new")), situation["problems"]["new"])
    yield line(_("Problems"), capfirst(_("solved")), situation["problems"]["solved"])
    yield [_("Problems"), capfirst(_("open today")), None, situation["problems"]["open"], None, None, None]
    yield line(_("Voices of residents"), _("All"), situation["opinions"]["all"])
    yield line(_("Voices of residents"), capfirst(_("urgent")), situation["opinions"]["urgent"])
    for label, change, _link in told["forum_lines"]:
        yield line("FKPM", capfirst(str(label)), change)
    for label, number, _link in told["gap_lines"]:
        yield [_("Villages"), capfirst(str(label)), None, number, None, None, None]
