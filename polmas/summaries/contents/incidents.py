"""Part B: disturbances of the period, as SPKT entered them (domain.md 3.10, 5.7).

A day counts as filled in once SPKT stated "isi" or "nihil". Where no day of a period is filled in and no incident is known, its numbers
are None: that nothing was written down does not say that nothing happened.
"""

import collections
import datetime
import functools
import itertools
import operator
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.utils.timezone import localtime

from mapping.bulletins import BAND_HOURS, HOURS, WEEKDAYS, clearance, local_hour, local_weekday
from mapping.models import DailyStatement, Harm, Incident, IncidentClass, IncidentVictims
from mapping.models.incidents import CRIMES, DISCREET_KINDS
from polmas.people.models import Code
from polmas.people.periods import Period
from polmas.summaries.contents.groups import Group

BANDS = HOURS // BAND_HOURS
SPANS = ("now", "before", "last_year")
A_LARGE_LOSS = 50_000_000  # rupiah
GRAVE_KINDS = ("BUNUH", "CURAS", "CULIK", "TAWURAN", "TEROR", "SENPI", "TPPO", "KONFLIK_SARA", "KONFLIK_WARGA", "UNRAS_ANARKIS")
GRAVE_CLASSES = (IncidentClass.TRANSNASIONAL, IncidentClass.KEKAYAAN_NEGARA, IncidentClass.KONTINJENSI, IncidentClass.BENCANA)
MOST_TOLD, MOST_TOLD_ABOVE, MOST_PLACES = 10, 20, 200
LONGEST = 600  # letters of a narrative


def incidents(group: Group, period: Period) -> dict[str, dict]:
    """Everything of part B of each unit."""
    rows = group.within(Incident.objects.standing()).order_by()
    spans = {"now": period, "before": period.previous(), "last_year": period.last_year()}
    days, victims, outstanding = _days(group, spans), _victims(group, rows, period), _outstanding(group, rows, period)
    now, earlier = _now(group, rows, period), _earlier(group, rows, spans)
    labels = _labels_of(kind for found in (now, earlier) for one in found.values() for _klass, kind, *_rest in one)
    return {path: _of_unit(_Counted(now[path], earlier[path]), labels, days[path], victims[path], outstanding[path]) for path in group.paths}


def _of_unit(told, labels, days, victims, outstanding) -> dict:
    return _finished(
        {
            "days": days,
            "kinds": told.kinds(labels),
            "matrix": told.matrix,
            "places": told.places(),
            "spots": told.spots(),
            "victims": victims,
            "losses": told.losses,
            "outstanding": outstanding,
            "crimes": told.crimes,
            "span_days": days["now"]["of"],
        }
    )


def summed_incidents(parts, names) -> dict:
    """Part B of several units as one; `names`: what each unit is called beside what is told of it."""
    parts = list(parts)
    kinds: dict[str, dict] = {}
    for row in itertools.chain.from_iterable(part["kinds"] for part in parts):
        into = kinds.setdefault(row["key"], {**row, "cleared": 0, "peak": row["peak"], **dict.fromkeys(SPANS, 0)})
        for name in (*SPANS, "cleared"):
            into[name] += row[name] or 0
        into["peak"] = max(into["peak"], row["peak"], key=lambda peak: peak["place_count"] if peak else 0)
    days = {name: {key: sum(part["days"][name][key] for part in parts) for key in ("of", "stated", "nihil")} for name in SPANS}
    places = [row for part in parts for row in part["places"]]
    told = [{**row, "unit": row.get("unit") or name} for part, name in zip(parts, names, strict=True) for row in part["outstanding"]]
    summed = _finished(
        {
            "days": days,
            "kinds": list(kinds.values()),
            "matrix": [[sum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*(part["matrix"] for part in parts), strict=True)],
            "spots": dict(sum((collections.Counter(part.get("spots", {})) for part in parts), collections.Counter())),
            "places": sorted(places, key=lambda row: (-row["now"], row["code"]))[:MOST_PLACES],
            "victims": _summed_victims(part["victims"] for part in parts),
            "losses": {name: sum(part["losses"][name] for part in parts) for name in ("now", "before")},
            "outstanding": sorted(told, key=lambda row: (-row["weight"], row["at"]))[:MOST_TOLD_ABOVE],
            "crimes": {key: _summed_if_known(part["crimes"][key] for part in parts) for key in ("now", "before", "cleared", "cleared_before")},
            "span_days": max((part["span_days"] for part in parts), default=0),
        }
    )
    return _with_imported(summed, parts)


def _summed_if_known(numbers: Iterable[int | None]) -> int | None:
    told = list(numbers)
    return None if None in told else sum(number or 0 for number in told)


def _with_imported(summed: dict, parts: list[dict]) -> dict:
    """Where units below took totals of earlier months from their own papers, these are in the sums of classes and of all; of the kinds, which
    such papers don't have, nothing is said then."""
    for span in ("before", "last_year"):
        if any(span in part.get("imported", []) for part in parts):
            summed["imported"] = [*summed.get("imported", []), span]
            summed["total"][span] = sum(part["total"][span] or 0 for part in parts)
            for row in summed["classes"]:
                row[span] = sum(other[span] or 0 for part in parts for other in part["classes"] if other["key"] == row["key"])
            for row in summed["kinds"]:
                row[span] = None
    return summed


def rates(crimes: dict, population: int | None, days: int) -> dict:
    """Clearance of both periods in percent, crimes per 100,000 people, and seconds of the period for each crime (domain.md 3.10).
    Decimals as text; None where there is nothing to divide by, or where imported totals don't tell what was cleared."""
    risk = (Decimal(crimes["now"]) * 100_000 / population).quantize(Decimal("0.01"), ROUND_HALF_UP) if population else None
    return {
        "clearance": _text(clearance(crimes["cleared"], crimes["now"])),
        "clearance_before": _text(None if crimes["cleared_before"] is None else clearance(crimes["cleared_before"], crimes["before"])),
        "risk": _text(risk),
        "clock": days * 86_400 // crimes["now"] if crimes["now"] and days else None,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _finished(told: dict) -> dict:
    """With the sums of classes and of all, and None in place of what is not known."""
    is_known = {name: bool(told["days"][name]["stated"]) or any(row[name] for row in told["kinds"]) for name in SPANS}
    kinds = sorted(told["kinds"], key=lambda row: (IncidentClass.values.index(row["class"]), -row["now"], row["key"]))
    classes = [_class(klass, [row for row in kinds if row["class"] == klass]) for klass in IncidentClass.values]
    total = {name: sum(row[name] for row in kinds) for name in (*SPANS, "cleared")}
    for row in (*kinds, *classes, total):
        row |= {name: row[name] if is_known[name] else None for name in SPANS}
    return {**told, "kinds": kinds, "classes": classes, "total": total}


def _class(klass, rows) -> dict:
    return {"key": klass, **{name: sum(row[name] for row in rows) for name in (*SPANS, "cleared")}}


def _within(span: Period) -> Q:
    return Q(day__range=(span.start, span.end))


def _days(group: Group, spans: dict[str, Period]) -> dict[str, dict]:
    """Of how many days of each span SPKT said that the list is complete. Days still to come are none."""
    said = group.within(DailyStatement.objects.current().filter(_within_any(spans))).order_by()
    stated = group.shared(said.values_list("of", "day", "says").distinct())
    return {path: {name: _filled(rows, span, group.today()) for name, span in spans.items()} for path, rows in stated.items()}


def _filled(rows, span: Period, today: datetime.date) -> dict:
    elapsed = Period(span.start, min(span.end, today))
    of_span = [(day, says) for day, says in rows if span.includes(day)]
    nihil = {day for day, says in of_span if says == DailyStatement.Says.NIHIL}
    return {"of": max(elapsed.days, 0), "stated": len({day for day, _says in of_span}), "nihil": len(nihil)}


def _within_any(spans: dict[str, Period]) -> Q:
    return functools.reduce(operator.or_, map(_within, spans.values()))


def _now(group: Group, rows, period: Period) -> dict[str, list[tuple]]:
    """Those of the period with place and time."""
    columns = ("of", "klass", "kind", "area__code", "area__name", local_weekday(), local_hour())
    counted = rows.filter(_within(period)).values_list(*columns)
    return group.shared(counted.annotate(number=Count("pk"), cleared=Count("cleared_on"), loss=Sum("loss_rp")))


def _earlier(group: Group, rows, spans: dict[str, Period]) -> dict[str, list[tuple]]:
    """Those of the periods to compare with, by kind and village."""
    past = {name: span for name, span in spans.items() if name != "now"}
    span = Case(*(When(_within(span), then=Value(name)) for name, span in past.items()), output_field=CharField())
    counted = rows.filter(_within_any(past)).values_list("of", "klass", "kind", "area__code", "area__name", span)
    return group.shared(counted.annotate(number=Count("pk"), cleared=Count("cleared_on"), loss=Sum("loss_rp")))


class _Counted:
    """What the rows of one unit come to."""

    def __init__(self, now, earlier):
        self.matrix = [[0] * BANDS for _ in range(WEEKDAYS)]
        self.crimes = dict.fromkeys(("now", "before", "cleared", "cleared_before"), 0)
        self.losses = {"now": 0, "before": 0}
        self._kinds: dict[str, dict] = {}
        self._places: dict[str, dict] = {}
        self._where: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
        self._when: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
        for row in sorted(now, key=itemgetter(*range(6))):  # where two places or hours have as many, always the same is named
            self._add_now(*row)
        for row in earlier:
            self._add_earlier(*row)

    def _kind(self, klass, kind) -> dict:
        empty = {"key": kind, "class": klass, "cleared": 0, **dict.fromkeys(SPANS, 0)}
        return self._kinds.setdefault(kind, empty)

    def _place(self, code, name) -> dict:
        return self._places.setdefault(code, {"code": code, "name": name, "now": 0, "before": 0})

    def _add_now(self, klass, kind, code, name, weekday, hour, number, cleared, loss):
        row, band = self._kind(klass, kind), hour // BAND_HOURS
        row["now"] += number
        row["cleared"] += cleared
        self.matrix[weekday - 1][band] += number
        self._place(code, name)["now"] += number
        self._where[kind][name] += number
        self._when[kind][weekday, band] += number
        self.losses["now"] += int(loss or 0)
        if klass in CRIMES:
            self.crimes["now"] += number
            self.crimes["cleared"] += cleared

    def _add_earlier(self, klass, kind, code, name, span, number, cleared, loss):
        self._kind(klass, kind)[span] += number
        if span != "before":
            return
        self._place(code, name)["before"] += number
        self.losses["before"] += int(loss or 0)
        if klass in CRIMES:
            self.crimes["before"] += number
            self.crimes["cleared_before"] += cleared

    def kinds(self, labels) -> list[dict]:
        return [{**row, "label": labels[kind], "peak": self._peak(kind)} for kind, row in self._kinds.items()]

    def _peak(self, kind) -> dict | None:
        """Where and when most of a kind happened. Of what is told to few, others learn the number alone."""
        if kind in DISCREET_KINDS or not self._where[kind]:
            return None
        (place, place_count), ((weekday, band), time_count) = (counter[kind].most_common(1)[0] for counter in (self._where, self._when))
        return {"place": place, "place_count": place_count, "weekday": weekday, "band": band, "time_count": time_count}

    def spots(self) -> dict[str, int]:
        return {row["code"]: row["now"] for row in self.places() if row["now"]}

    def places(self) -> list[dict]:
        return sorted(self._places.values(), key=lambda row: (-row["now"], row["code"]))


def _labels_of(kinds: Iterable[str]) -> dict[str, dict[str, str]]:
    """What people called the kinds when the paper was made."""
    asked = set(kinds)
    codes = Code.objects.filter(list="INCIDENT_KIND", code__in=asked) if asked else ()
    known = {code.code: {"id": code.label_id, "en": code.label_en or code.label_id} for code in codes}
    return {kind: known.get(kind) or {"id": kind, "en": kind} for kind in asked}


def _victims(group: Group, rows, period: Period) -> dict[str, list[dict]]:
    harmed = group.within(IncidentVictims.objects.filter(incident__in=rows.filter(_within(period)).values("pk")), "incident__unit")
    sums = harmed.order_by("harm", "sex", "is_child").values_list("of", "harm", "sex", "is_child").annotate(number=Sum("count"))
    columns = ("harm", "sex", "is_child", "number")
    return {path: [dict(zip(columns, row, strict=True)) for row in found] for path, found in group.shared(sums).items()}


def _summed_victims(parts) -> list[dict]:
    sums: collections.Counter = collections.Counter()
    for row in itertools.chain.from_iterable(parts):
        sums[row["harm"], row["sex"], row["is_child"]] += row["number"]
    return [{"harm": harm, "sex": sex, "is_child": is_child, "number": number} for (harm, sex, is_child), number in sorted(sums.items())]


def standing_out(rows):
    """Incidents that stand out: somebody killed or severely hurt, a large loss, a grave kind or class. What is told to few is not told here."""
    harmed = Exists(IncidentVictims.objects.filter(incident=OuterRef("pk"), harm__in=[Harm.MATI, Harm.LUKA_BERAT]))
    grave = Q(harmed) | Q(loss_rp__gte=A_LARGE_LOSS) | Q(kind__in=GRAVE_KINDS) | Q(klass__in=GRAVE_CLASSES)
    return rows.exclude(kind__in=DISCREET_KINDS).filter(grave).select_related("area", "unit").prefetch_related("victims")


def heaviest(found) -> list[dict]:
    """What is told of them, the gravest first."""
    return sorted(map(_told, found), key=lambda row: (-row["weight"], row["at"]))[:MOST_TOLD]


def _outstanding(group: Group, rows, period) -> dict[str, list[dict]]:
    chosen = standing_out(rows.filter(_within(period)))
    first = group.first(chosen, MOST_TOLD * 10, F("occurred_at").asc(), F("pk").asc())
    found = group.listed(first)
    labels = _labels_of(incident.kind for one in found.values() for incident in one)
    told = {path: heaviest(one) for path, one in found.items()}
    return {path: [{**row, "label": labels[row["kind"]]} for row in one] for path, one in told.items()}


def _told(incident) -> dict:
    harm: collections.Counter = collections.Counter()
    for group in incident.victims.all():
        harm[group.harm] += group.count
    loss = int(incident.loss_rp or 0)
    return {
        "id": str(incident.uuid),
        "at": localtime(incident.occurred_at, incident.unit.zone).isoformat(timespec="minutes"),
        "kind": incident.kind,
        "class": incident.klass,
        "village": incident.area.name,
        "address": incident.address,
        "narrative": incident.narrative[:LONGEST],
        "phase": incident.phase,
        "status": incident.status,
        "victims": dict(harm),
        "loss": loss,
        "weight": 100 * harm[Harm.MATI] + 10 * harm[Harm.LUKA_BERAT] + 5 * (incident.kind in GRAVE_KINDS) + 3 * (loss >= A_LARGE_LOSS),
    }


def band_of(number: int) -> tuple[datetime.time, str]:
    """The first hour of a band, and the band as Pusiknas prints it: 20.00–23.59."""
    first = number * BAND_HOURS
    return datetime.time(first), f"{first:02}.00–{first + BAND_HOURS - 1:02}.59"
