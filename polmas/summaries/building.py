"""Building periodic summaries: the figures of one unit and period, as JSON that can be frozen.

Building is safe to run twice, late or at once with itself: it recomputes whole summaries under a lock of each key. A draft takes
the new figures and keeps what people wrote; an approved summary stays, and figures that differ make a draft of the next revision
that says what changed.

Shape of the figures (counts are reports neither returned nor withdrawn; days are the unit's own):

    schema        2; papers of schema 1 (until November 2026) have `incidents: null` and lack what is marked with *
    unit          {code, name, kind, time_zone}
    period        {kind, start, end, previous_start, previous_end, is_running}
    general       {villages, population, personnel*, officers, officers_reporting}            A. Umum
    incidents*    {days: {now, before, last_year: {of, stated, nihil}}, kinds: [{key, class, label, now, before, last_year, cleared, peak}],
                  classes: [...], total, matrix: 7 weekdays x 6 bands of 4 hours, places, spots*: {code: n}, victims, losses, crimes, rates,
                  outstanding}  B.
                  null in place of a number where no day was filled in and nothing is known: that is not 0
    fields*       [{field, new, solved, open, brink, voices, urgent}]                          C.
    activities    {kinds: [{key, before, now}], total: {before, now, last_year}, days: [n per day], returned, withdrawn}   D.
    areas         [{code, name, before, now}]
    officers      [{username, name, areas, kinds: {key: n}, total, target, targets: {key: n}, days: {posted, present}, cluster}]
                  Polsek only; hidden from readers of figures alone. Papers of before November 2026 have no targets and days
    opinions      [{field, urgencies: {key: n}, total}]
    forums        {forums, meetings, adopted, done, overdue; open*, working*, cases*, settled*, handed_over*, agreements*, before*: {}}   E. FKPM
    complaints*   null: not recorded in polmas yet                                             F.
    conflicts*    {grades: [{key, new, new_before, solved, open}], phases: [{key, problems, incidents}], standing: [{title, ...}],
                  standing_of: how many those are of which `standing` has the gravest}   G.
    awards*       {number, decided, rows: [{category, recipient, reason, state, number, unit}]}: of a month; rows for superiors alone   D.
    index*        [{unit, is_own, area, year, quarter, value, before, band, scored, total, fields: [...]}]: of a month; its readers alone  C.
    photos*       [{id, sha256, kind, day, village}]; hidden from readers of figures alone             J.
    photos_are_chosen*   only where somebody chose them: a rebuild keeps them
    units         [{code, name, state, revision, before, now, officers, officers_reporting, incidents*}]   above the Polsek; state MISSING
                  where none is built
    text          {id: [sentences], en: [sentences]}
    drafts*       {id: {part: text}, en: {part: text}}: a proposal for each part, printed where nobody wrote another
    imported      {before: [what], last_year: [what]}: only where totals of earlier months were imported, here or below, and of what
    differing_totals*  [{span, subject, own, summed}]: only where a unit's own imported total is not what those below add up to
    revises       {revision, number, before, now, parts*: letters of what differs}: only where an approved revision stands before this one
"""

import datetime

from django.db import transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone

from patrol.models import Report
from polmas.people.models import Unit, UnitKind
from polmas.people.periods import Period, month_of, today, week_of
from polmas.people.scope import SMALL_UNITS
from polmas.summaries import comparing, contents, earlier
from polmas.summaries.drafting import in_all_languages
from polmas.summaries.drafts import drafts_in_all_languages
from polmas.summaries.models import CountedDay, PeriodKind, Summary, SummaryAnnex, SummaryStep
from polmas.summaries.models.due_times import KINDS_OF
from polmas.summaries.recount import lock

RULES = "2026-11g"  # changes whenever the figures are counted by another rule
BUILT = ("figures", "changes", "rule_version", "built_at", "counted_to")  # what a rebuild writes into a draft; all else is people's
SPANS = {PeriodKind.DAILY: today, PeriodKind.WEEKLY: week_of, PeriodKind.MONTHLY: month_of}


def period_of(kind: str, start: datetime.date) -> Period:
    """The span of a summary by any of its days."""
    return SPANS[PeriodKind(kind)](start)


def build(unit: Unit, kind: str, start: datetime.date) -> Summary:
    """The newest summary of this unit and period with today's figures."""
    return build_together([unit], kind, start)[0]


@transaction.atomic
def build_together(units: list[Unit], kind: str, start: datetime.date) -> list[Summary]:
    """The same of units whose clocks agree, several Polsek or one other: all or none, each question asked once for all of them.

    Counting takes a while, in which people write and sign: the rows are read and held only afterwards, and the figures alone are saved.
    """
    period = period_of(kind, start)
    for pk in sorted(unit.pk for unit in units):
        lock("summary", pk, kind, period.start)
    changes = changes_of(units, period)  # read before the rows: what changes meanwhile is looked at again
    figures = figures_of(units, kind, period)
    revisions: dict[int, list[Summary]] = {unit.pk: [] for unit in units}
    known = Summary.objects.filter(unit__in=units, period=kind, starts_on=period.start)
    for summary in known.select_for_update().order_by("unit_id", "revision"):
        revisions[summary.unit_id].append(summary)
    counted_to = Report.objects.aggregate(last=Max("pk"))["last"] or 0
    found = [_filled(unit, kind, period, revisions[unit.pk], figures[unit.path], changes[unit.path]) for unit in units]
    drafts = [summary for summary in found if not summary.is_approved]
    for summary in drafts:
        summary.rule_version, summary.built_at, summary.counted_to = RULES, timezone.now(), counted_to
    _save(drafts)
    keep_annexes(drafts, period)
    return found


def _filled(unit: Unit, kind: str, period: Period, revisions: list[Summary], figures: dict, changes: int) -> Summary:
    """The draft that takes the figures, or the approved summary to which they add nothing."""
    newest = revisions[-1] if revisions else None
    approved = next((summary for summary in reversed(revisions) if summary.is_approved), None)
    if approved and newest:
        changed = comparing.changed_parts(approved.figures, figures)
        if not changed and (newest == approved or _is_untouched(newest)):
            return _unchanged(approved, newest, changes)
        figures["revises"] = _revised(approved, figures, changed)
    if newest is None or newest == approved:
        newest = Summary(unit=unit, period=kind, starts_on=period.start, ends_on=period.end, revision=approved.revision + 1 if approved else 1)
        newest.take_due_time()
        if approved:
            newest.texts = approved.texts
    if newest.figures.get("photos_are_chosen"):
        figures |= {key: newest.figures[key] for key in ("photos", "photos_are_chosen")}
    newest.figures, newest.changes = figures, changes
    return newest


def _save(drafts: list[Summary]) -> None:
    new = [summary for summary in drafts if summary.pk is None]
    for summary in drafts:
        if summary.pk is not None:
            summary.save(update_fields=BUILT)
    Summary.objects.bulk_create(new)
    SummaryStep.objects.bulk_create(SummaryStep(summary=summary, state=summary.state) for summary in new)


def changes_of(units: list[Unit], period: Period) -> dict[str, int]:
    """How often the days of the period were counted anew, at each unit and at the pospol below it (`CountedDay`)."""
    group = contents.Group(units)
    below = Q(unit__kind__in=SMALL_UNITS, unit__depth=units[0].depth + 1)
    days = group.within(CountedDay.objects.filter(Q(unit__in=units) | below, day__range=(period.start, period.end)))
    found = dict(days.order_by().values_list("of").annotate(Sum("changes")))
    return {path: found.get(path, 0) for path in group.paths}


def _is_untouched(draft: Summary) -> bool:
    """A draft that the system made, in which nobody wrote."""
    return draft.state == Summary.State.OTOMATIS


def _unchanged(approved: Summary, newest: Summary, changes: int) -> Summary:
    """What was signed stands as it is; a draft made for a difference that was taken back goes with it."""
    if newest != approved:
        newest.delete()
    Summary.objects.filter(pk=approved.pk).update(changes=changes)
    return approved


def _revised(approved: Summary, figures: dict, changed: list[str]) -> dict:
    """Which paper a draft replaces and what became different since."""
    totals = {"before": approved.figures["activities"]["total"]["now"], "now": figures["activities"]["total"]["now"]}
    return {"revision": approved.revision, "number": approved.number, **totals, "parts": changed}


def keep_annexes(summaries: list[Summary], period: Period) -> None:
    """What LI say of the period, beside a draft's figures and never in them."""
    if not summaries:
        return
    told = contents.informations(contents.Group([summary.unit for summary in summaries]), period)
    known = {annex.summary_id: annex for annex in SummaryAnnex.objects.filter(summary__in=summaries)}
    new = []
    for summary in summaries:
        annex, content = known.get(summary.pk), told[summary.unit.path]
        if annex is None:
            new.append(SummaryAnnex(summary=summary, content=content))
        elif annex.content != content:
            annex.content, annex.built_at = content, timezone.now()
            annex.save(update_fields=["content", "built_at"])
    SummaryAnnex.objects.bulk_create(new)


def parent_of(unit: Unit, kind: str) -> Unit | None:
    """The unit next above that adds up this one's summaries of this kind: the Polres of a Polsek, the Polda of a Polres."""
    above = Unit.objects.filter(path=unit.path[: -Unit.steplen], is_active=True).first()
    return above if above and kind in KINDS_OF.get(above.kind, ()) and above.kind != UnitKind.POLSEK else None


def figures_of(units: list[Unit], kind: str, period: Period) -> dict[str, dict]:
    """The figures of units by path: a Polres adds up its Polsek's summaries and a Polda its Polres', a Polsek counts its reports."""
    counted: dict[str, dict] = {}
    if stations := [unit for unit in units if unit.kind == UnitKind.POLSEK]:
        counted = contents.of_polsek(contents.Group(stations), period)
    counted |= {unit.path: contents.of_polres(unit, kind, period) for unit in units if unit not in stations}
    figures = {unit.path: {**_head(unit, kind, period), **counted[unit.path]} for unit in units}
    if kind == PeriodKind.MONTHLY:
        earlier.fill({unit.pk: figures[unit.path] for unit in units}, period)
        for path, more in contents.of_month(contents.Group(units), period).items():
            figures[path] |= more
    for told in figures.values():
        told["text"], told["drafts"] = in_all_languages(told), drafts_in_all_languages(told)
    return figures


def _head(unit: Unit, kind: str, period: Period) -> dict:
    before = period.previous()
    return {
        "schema": contents.SCHEMA,
        "unit": {"code": unit.code, "name": unit.name, "kind": unit.kind, "time_zone": unit.time_zone},
        "period": {
            "kind": str(kind),
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "previous_start": before.start.isoformat(),
            "previous_end": before.end.isoformat(),
            "is_running": period.end >= unit.today(),
        },
    }
