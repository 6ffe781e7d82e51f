"""Parts C, E, F, G, H and I on paper."""

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Grade, Phase, ProblemStatus
from polmas.people.templatetags.polmas import short_day
from polmas.summaries.layout.activities import day_of, field_label
from polmas.summaries.layout.blocks import TEXT, TOTAL, Block, Column, Items, Row, Table, Terms, Text
from polmas.summaries.layout.columns import compared, total_label
from polmas.summaries.models import PeriodKind


def fields(figures: dict, texts: dict, annex: dict | None) -> list[Block]:
    """Part C: a paragraph for each field; for who reads the LI of the unit, what these say of it, and problems that are confidential."""
    parts: list[Block] = [Text(written, is_typed=True)] if (written := texts.get("C")) else []
    told = annex or {"informations": [], "problems": []}
    rows = figures.get("fields", [])
    for field in dict.fromkeys(row["field"] for row in (*rows, *told["informations"])):
        parts.append(Text(texts["fields"].get(field, ""), field_label(field)))
        parts += _informations([row for row in told["informations"] if row["field"] == field])
    if told["problems"]:
        parts.append(Items(_("Confidential problems"), [_problem(row) for row in told["problems"]]))
    return [*parts, *_table(rows)] or [Text(_("Nothing was recorded."))]


def _informations(rows) -> list[Block]:
    return [Items("LI", [(_heading(row), _told(row)) for row in rows])] if rows else []


def _heading(row) -> str:
    day = short_day(day_of(row["day"]))
    value = _("value %(value)s") % {"value": row["value"]}
    return f"{row['number']} · {day} · {row['village']} · {value} · {row['subject']}"


def _told(row) -> str:
    named = [(_("Facts"), "facts"), (_("Analysis"), "analysis"), (_("Prediction"), "prediction"), (_("Steps"), "steps_taken")]
    named.append((_("Recommendation"), "recommendation"))
    return "\n".join(f"{label}: {row[key]}" for label, key in named if row[key])


def _problem(row) -> tuple[str, str]:
    return (f"{row['title']} · {row['village']} · {row['grade']} · {ProblemStatus(row['status']).label}", "")


def _table(rows) -> list[Block]:
    if not rows:
        return []
    columns = [
        Column("label", _("Field"), TEXT),
        Column("new", _("New problems")),
        Column("solved", _("Solved")),
        Column("open", _("Open")),
        Column("brink", "AG/GN"),
        Column("voices", _("Voices")),
        Column("urgent", _("Urgent")),
    ]
    keys = [column.key for column in columns[1:]]
    total = Row({"label": total_label(), **{key: sum(row[key] for row in rows) for key in keys}}, TOTAL)
    return [
        Table(
            _("Problems and voices by field"), columns, [*(Row({**row, "label": field_label(row["field"])}) for row in rows), total], is_folded=True
        )
    ]


FLOWS = {
    "meetings": gettext_lazy("Meetings held"),
    "adopted": gettext_lazy("Minutes adopted"),
    "done": gettext_lazy("Action items done"),
    "cases": gettext_lazy("Problems taken up"),
    "settled": gettext_lazy("Settled by agreement"),
    "handed_over": gettext_lazy("Handed over"),
    "agreements": gettext_lazy("Agreements signed"),
}


def forums(figures: dict, text: str) -> list[Block]:
    """Part E."""
    told = figures["forums"]
    before = told.get("before", {})
    rows = [Row({"label": str(FLOWS[key]), "now": told[key], "before": before.get(key)}) for key in FLOWS if key in told]
    standing = [(_("Forums"), told["forums"]), (_("Action items overdue"), told["overdue"])]
    if "open" in told:
        standing += [(_("Action items open"), told["open"]), (_("Problem solving in progress"), told["working"])]
    parts: list[Block] = [Text(text, is_typed=True)] if text else []
    return [
        *parts,
        Table(_("In the period"), compared(figures, "FKPM"), rows),
        Terms([(label, number_format(number, force_grouping=True)) for label, number in standing], _("At its end")),
    ]


def complaints(text: str) -> list[Block]:
    """Part F is named and not left out: polmas records no complaints yet."""
    return [Text(text, is_typed=True)] if text else [Text(_("Complaints are not recorded in this application yet."), is_notice=True)]


def conflicts(figures: dict, text: str) -> list[Block]:
    """Part G."""
    told = figures.get("conflicts")
    if told is None:
        return [Text(_("Nothing was recorded."))]
    parts: list[Block] = [Text(text, is_typed=True)] if text else []
    parts += [_grades(told), _phases(told)]
    if told["standing"]:
        parts.append(_standing(told))
    return parts


def _grades(told) -> Table:
    columns = [
        Column("label", _("Grade"), TEXT),
        Column("new_before", _("New, period before")),
        Column("new", _("New")),
        Column("solved", _("Solved")),
        Column("open", _("Open")),
    ]
    rows = [Row({**row, "label": str(Grade(row["key"]).label)}) for row in told["grades"]]
    sums = {column.key: sum(row[column.key] for row in told["grades"]) for column in columns[1:]}
    return Table(_("Problems by grade"), columns, [*rows, Row({"label": total_label(), **sums}, TOTAL)])


def _phases(told) -> Table:
    columns = [Column("label", _("Phase"), TEXT), Column("problems", _("Open problems")), Column("incidents", _("Incidents"))]
    rows = [Row({**row, "label": str(capfirst(Phase(row["key"]).label))}) for row in told["phases"]]
    return Table(_("By phase"), columns, rows)


def _standing(told) -> Table:
    keys = (("label", _("Problem")), ("village", _("Village")), ("grade", _("Grade")), ("phase", _("Phase")), ("status", _("Status")))
    columns = [Column(key, label, TEXT) for key, label in keys]
    rows = [
        Row(
            {
                "label": row["title"],
                "village": " · ".join(word for word in (row.get("unit", ""), row["village"]) if word),
                "grade": row["grade"],
                "phase": str(capfirst(Phase(row["phase"]).label)),
                "status": str(capfirst(ProblemStatus(row["status"]).label)),
            }
        )
        for row in told["standing"]
    ]
    return Table(_("Problems that stand out"), columns, rows, _shown_of(len(rows), told.get("standing_of", len(rows))), is_folded=True)


def _shown_of(shown: int, known: int) -> str:
    if shown >= known:
        return ""
    return _("The gravest %(shown)s of %(known)s.") % {"shown": number_format(shown), "known": number_format(known, force_grouping=True)}


def conclusions(texts: dict) -> list[Block]:
    """Part H: analysis, prediction, steps and recommendation."""
    titles = {"analysis": _("Analysis"), "prediction": _("Prediction"), "steps": _("Steps"), "recommendation": _("Recommendation")}
    if not any(texts.get(name) for name in titles):
        return [Text(_("Not written yet."))]
    empty = {"prediction": _("None: the figures of this period show no pattern.")}
    return [Text(texts.get(name) or empty.get(name, _("Not written yet.")), title, is_typed=True) for name, title in titles.items()]


def plan(texts: dict) -> list[Block]:
    """Part I."""
    return [Text(texts["plan"], is_typed=True) if texts.get("plan") else Text(_("Not written yet."))]


def of_next(kind: str) -> str:
    names = {PeriodKind.DAILY: _("Plan for the next day"), PeriodKind.WEEKLY: _("Plan for the next week")}
    return names.get(PeriodKind(kind), _("Plan for the next month"))
