"""Building periodic summaries: the figures of one unit and period, as JSON that can be frozen.

`build` is safe to run twice, late or at once with itself: it recomputes the whole summary under a lock of its key. A draft takes
the new figures and keeps what people wrote; an approved summary stays, and figures that differ make a draft of the next revision
that says what changed.

Shape of the figures (counts are reports neither returned nor withdrawn; days are the unit's own):

    schema        1
    unit          {code, name, kind, time_zone}
    period        {kind, start, end, previous_start, previous_end, is_running}
    general       {villages, population, officers, officers_reporting}            A. Umum
    incidents     null: part B is not filled in yet, which is not the same as nothing happened
    activities    {kinds: [{key, before, now}], total: {before, now, last_year}, days: [n per day], returned, withdrawn}   D.
    areas         [{code, name, before, now}]
    officers      [{username, name, areas, kinds: {key: n}, total, target, targets: {key: n}, days: {posted, present}, cluster}]
                  Polsek only; hidden from readers of figures alone. Papers of before November 2026 have no targets and days
    opinions      [{field, urgencies: {key: n}, total}]
    forums        {forums, meetings, adopted, done, overdue}                       E. FKPM
    units         [{code, name, state, revision, before, now, officers, officers_reporting}]   Polres only; state MISSING where none is built
    text          {id: [sentences], en: [sentences]}
    revises       {revision, number, before, now}: only where an approved revision stands before this one
"""

import datetime
import json

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from patrol.models import Report
from polmas.people.models import Unit
from polmas.people.periods import Period, month_of, today, week_of
from polmas.summaries import contents
from polmas.summaries.drafting import in_all_languages
from polmas.summaries.models import PeriodKind, Summary
from polmas.summaries.recount import lock

GATHERING = 10  # seconds
RULES = "2026-11b"  # changes whenever the figures are counted by another rule
BUILT = ("figures", "rule_version", "built_at", "counted_to")  # what a rebuild writes into a draft; all else is people's
SPANS = {PeriodKind.DAILY: today, PeriodKind.WEEKLY: week_of, PeriodKind.MONTHLY: month_of}


def period_of(kind: str, start: datetime.date) -> Period:
    """The span of a summary by any of its days."""
    return SPANS[PeriodKind(kind)](start)


@transaction.atomic
def build(unit: Unit, kind: str, start: datetime.date) -> Summary:
    """The newest summary of this unit and period with today's figures.

    Counting takes a while, in which people write and sign: the row is read and held only afterwards, and the figures alone are saved.
    """
    period = period_of(kind, start)
    lock("summary", unit.pk, kind, period.start)
    figures = figures_of(unit, kind, period)
    revisions = Summary.objects.filter(unit=unit, period=kind, starts_on=period.start).order_by("revision")
    newest = revisions.select_for_update().last()
    approved = revisions.filter(approved_at__isnull=False).last()
    if approved:
        if newest == approved and comparable(approved.figures) == comparable(figures):
            return approved
        figures["revises"] = {
            "revision": approved.revision,
            "number": approved.number,
            "before": approved.figures["activities"]["total"]["now"],
            "now": figures["activities"]["total"]["now"],
        }
    if newest is None or newest == approved:
        newest = Summary(unit=unit, period=kind, starts_on=period.start, ends_on=period.end, revision=approved.revision + 1 if approved else 1)
        if approved:
            newest.analysis, newest.plan = approved.analysis, approved.plan
    newest.figures, newest.rule_version, newest.built_at = figures, RULES, timezone.now()
    newest.counted_to = Report.objects.aggregate(last=Max("pk"))["last"] or 0
    newest.save(update_fields=None if newest.pk is None else BUILT)
    return newest


def build_and_tell(unit_id: int, kind: str, start: datetime.date) -> Summary:
    """Builds one summary and asks for that of the Polres above, which is made of those below it."""
    unit = Unit.objects.get(pk=unit_id)
    summary = build(unit, kind, start)
    if parent := parent_of(unit):
        ask_for(parent.pk, kind, start, countdown=GATHERING)
    return summary


def parent_of(unit: Unit) -> Unit | None:
    """The Polres above a Polsek."""
    above = Unit.objects.filter(path=unit.path[: -Unit.steplen]).first()
    return above if not unit.is_polres and above and above.is_polres else None


def ask_for(unit_id: int, kind: str, start: datetime.date, countdown: int = 0) -> None:
    """Queues a build. Those that wait are gathered: fifteen Polsek that finish together ask their Polres once, and the one build
    that starts GATHERING seconds later sees them all."""
    if not countdown or cache.add(f"build:{unit_id}:{kind}:{start}", 1, timeout=countdown):
        current_app.send_task("summaries.build_summary", args=[unit_id, str(kind), start.isoformat()], countdown=countdown)


def comparable(figures: dict) -> str:
    """What of the figures tells one state of the rows from another: the counts, not the words about them or how far a paper is."""
    counts = {key: figures[key] for key in ("activities", "areas", "opinions", "forums")}
    return json.dumps([counts, sorted((row["code"], row["now"]) for row in figures["units"])], sort_keys=True)


def figures_of(unit: Unit, kind: str, period: Period) -> dict:
    """The figures of a unit: a Polres adds up its Polsek's summaries, every other unit counts its reports."""
    before = period.previous()
    figures = {
        "schema": 1,
        "unit": {"code": unit.code, "name": unit.name, "kind": unit.kind, "time_zone": unit.time_zone},
        "period": {
            "kind": str(kind),
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "previous_start": before.start.isoformat(),
            "previous_end": before.end.isoformat(),
            "is_running": period.end >= unit.today(),
        },
        "incidents": None,
        **(contents.of_polres(unit, kind, period) if unit.is_polres else contents.of_polsek(unit, period)),
    }
    figures["text"] = in_all_languages(figures)
    return figures
