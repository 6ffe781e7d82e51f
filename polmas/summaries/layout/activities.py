"""Parts A and D on paper."""

import datetime
from collections import Counter

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from patrol.models import Field, Kind, OpinionUrgency
from polmas.people.templatetags.polmas import short_day
from polmas.summaries.layout.blocks import SHARE, SUM, TEXT, TOTAL, Block, Column, Row, Table, Terms, Text
from polmas.summaries.layout.columns import compared, differing_totals, total_label
from polmas.summaries.models import Summary
from polmas.summaries.targets import Cluster
from polmas.summaries.wording import listed_or_counted, without_before

MOST_COLUMNS = 9
# How a kind heads a column of the table of officers; spelled out below it.
SHORT = {
    "DDS": "DDS",
    "SAMBANG_USAHA": "SU",
    "SAMBANG_TOKOH": "ST",
    "SAMBANG_KOMUNITAS": "SK",
    "PATROLI": "PAT",
    "KONTROL_KAMLING": "KK",
    "BINLUH": "BLH",
    "PEMBINAAN_SWAKARSA": "PSW",
    "PENJAGAAN": "JAG",
    "PENGATURAN": "TUR",
    "PENGAMANAN": "PAM",
    "PS": "PS",
    "DETEKSI_DINI": "DD",
    "RESPON_ADUAN": "RA",
    "TPTKP": "TKP",
    "PERTOLONGAN": "TLG",
    "BENCANA": "BCN",
    "FKPM": "FKPM",
    "JUMAT_CURHAT": "JC",
    "JUMAT_KELILING": "JK",
    "KOORDINASI": "KRD",
    "PENDAMPINGAN": "DMP",
    "SOSIAL": "SOS",
    "MEDIA": "MED",
    "PELATIHAN": "LAT",
    "LAINNYA": "LAIN",
}


def general(summary: Summary, figures: dict) -> list[Block]:
    told, unknown = figures["general"], _("not recorded")
    population = number_format(told["population"], force_grouping=True) if told["population"] else unknown
    numbers = {"all": told["officers"], "reporting": told["officers_reporting"]}
    officers = _("%(all)s, %(reporting)s of them reported") % {key: number_format(number, force_grouping=True) for key, number in numbers.items()}
    rows = [
        (_("Period"), f"{short_day(summary.starts_on)} – {short_day(summary.ends_on)}"),
        (_("Unit"), figures["unit"]["name"]),
        (_("Villages"), number_format(told["villages"], force_grouping=True)),
        (_("Population"), population),
    ]
    if told.get("personnel") is not None:
        rows.append((_("Strength of personnel"), number_format(told["personnel"], force_grouping=True)))
    return [Terms([*rows, (_("Officers"), officers)])]


def blocks(figures: dict, text: str) -> list[Block]:
    parts: list[Block] = [Text(text, is_typed=True)] if text else []
    return [*parts, _kinds(figures), *_units(figures), *_officers(figures), *_areas(figures), *_opinions(figures)]


def _kinds(figures) -> Table:
    told = figures["activities"]
    rows = [Row({"label": str(Kind(row["key"]).label), **row}) for row in told["kinds"]]
    notes = [_("Not counted: %(returned)s returned, %(withdrawn)s withdrawn.") % told]
    if last_year := told["total"]["last_year"]:
        notes.insert(0, _("A year ago there were %(count)s.") % {"count": number_format(last_year, force_grouping=True)})
    if "ACTIVITY" in figures.get("imported", {}).get("before", []):
        notes.insert(0, _("The numbers of the period before were imported from the unit's own papers."))
    notes += [note for note in (differing_totals(figures, "ACTIVITY"), _without_before(figures)) if note]
    total = Row({"label": total_label(), **told["total"]}, TOTAL)
    return Table(_("Activities by kind"), compared(figures, _("Kind")), [*rows, total], " ".join(notes))


def _without_before(figures) -> str:
    """Units that have a number of this period and none of the one before: the sum can't be compared with them in it."""
    names = without_before(figures)
    return _("Without a number of the period before: %(units)s.") % {"units": listed_or_counted(names, len(figures["units"]))} if names else ""


def _units(figures) -> list[Block]:
    if not figures["units"]:
        return []
    first, *rest = compared(figures, _("Unit"))
    columns = [Column("rank", _("Ranking")), first, *rest, Column("reporting", _("Reporting"), TEXT), Column("state", _("State"), TEXT)]
    rows = [Row({**_unit(row), "rank": place if row["now"] is not None else None}) for place, row in enumerate(figures["units"], 1)]
    return [Table(_("By unit"), columns, rows, is_folded=True)]


def _unit(row) -> dict:
    reporting = "-" if row["officers"] is None else f"{row['officers_reporting']}/{row['officers']}"
    return {"label": row["name"], "before": row["before"], "now": row["now"], "reporting": reporting, "state": _state(row)}


def _state(row) -> str:
    if row["state"] in Summary.APPROVED_STATES:
        return str(Summary.State(row["state"]).label)
    if row["state"] not in Summary.State.values:
        return _("missing, not received")
    return _("revision %(n)s not approved") % {"n": row["revision"]} if row["revision"] > 1 else _("not approved")


def _officers(figures) -> list[Block]:
    """Kind by kind what each did, what was expected of it, and the cluster."""
    if not figures["officers"]:
        return []
    totals: Counter = Counter()
    for row in figures["officers"]:
        totals.update(row["kinds"])
    most = [kind for kind, _number in totals.most_common(MOST_COLUMNS)]
    kinds = [kind for kind in Kind.values if kind in most]
    rest = [kind for kind in totals if kind not in most]
    columns = [Column("label", _("Officer"), TEXT), *(Column(kind, SHORT.get(kind, kind)) for kind in kinds)]
    if rest:
        columns.append(Column("rest", _("Rest")))
    columns += [
        Column("all", total_label(), SUM, (*kinds, *(["rest"] if rest else []))),
        Column("target", _("Target")),
        Column("reached", _("Share of target"), SHARE, ("total", "target")),
        Column("cluster", _("Cluster"), TEXT),
    ]
    rows = [_officer(row, kinds, rest) for row in figures["officers"]]
    legend = "; ".join(f"{SHORT.get(kind, kind)} {Kind(kind).label}" for kind in kinds if SHORT.get(kind) != Kind(kind).label)
    told = _("Cluster (BOS): sambang, early detection and problem solving in 7 days, here on average over the days on duty in the period. "
             "Targets leave days of absence out.")  # fmt: skip
    return [Table(_("By officer"), columns, rows, f"{legend}. {told}", is_wide=True)]


def _officer(row, kinds, rest) -> Row:
    areas = f" ({', '.join(row['areas'])})" if row["areas"] else ""
    cluster = str(Cluster(row["cluster"]).label) if row["cluster"] else "-"
    counts = {kind: row["kinds"].get(kind, 0) for kind in kinds}
    told = {"label": f"{row['name']}{areas}", **counts, "rest": sum(row["kinds"].get(kind, 0) for kind in rest)}
    return Row({**told, "total": row["total"], "target": row["target"], "cluster": cluster})


def _areas(figures) -> list[Block]:
    rows = [Row({"label": row["name"], "before": row["before"], "now": row["now"]}) for row in figures["areas"]]
    if not rows:
        return []
    sums = {key: sum(row[key] for row in figures["areas"]) for key in ("before", "now")}
    return [Table(_("By village"), compared(figures, _("Village")), [*rows, Row({"label": total_label(), **sums}, TOTAL)])]


def _opinions(figures) -> list[Block]:
    if not figures["opinions"]:
        return []
    urgencies = [*OpinionUrgency.values, "unset"]
    labels = [*(str(capfirst(OpinionUrgency(urgency).label)) for urgency in OpinionUrgency.values), _("not given")]
    columns = [
        Column("label", _("Field"), TEXT),
        *(Column(urgency, label) for urgency, label in zip(urgencies, labels, strict=True)),
        Column("all", total_label(), SUM, tuple(urgencies)),
    ]
    rows = [Row({"label": field_label(row["field"]), **row["urgencies"], **_filled(row)}) for row in figures["opinions"]]
    sums = {urgency: sum(number for row in rows if isinstance(number := row.cells[urgency], int)) for urgency in urgencies}
    return [Table(_("Voices of residents"), columns, [*rows, Row({"label": total_label(), **sums}, TOTAL)])]


def _filled(row) -> dict[str, int]:
    """Every urgency, and those that nobody filled in: what is left to the total."""
    told = {urgency: row["urgencies"].get(urgency, 0) for urgency in OpinionUrgency.values}
    return {**told, "unset": row["total"] - sum(told.values())}


def field_label(field: str) -> str:
    return str(capfirst(Field(field).label)) if field else str(capfirst(_("without a field")))


def day_of(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
