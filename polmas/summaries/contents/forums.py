"""Part E: what forums did, and which problems were settled with them or without."""

from django.db.models import Count, Q
from django.utils import timezone

from fkpm.models import ActionItem, Agreement, Case, Forum, Meeting, Minutes
from polmas.people.periods import Period
from polmas.summaries.contents.groups import Group

# Numbers of a period, which are compared with the one before; and what stands at its end.
FLOWS = ("meetings", "adopted", "done", "cases", "settled", "handed_over", "agreements")
STANDING = ("forums", "overdue", "open", "working")
SPANNED = tuple(f"{prefix}{key}" for prefix in ("", "before_") for key in FLOWS)


def forums(group: Group, period: Period) -> dict[str, dict]:
    """Forums, meetings held (those still to come are not), minutes adopted, action items done in the period and overdue at its end; cases by
    the day of the matter with what came of them by now, agreements that were signed; `before`: the same of the period before.

    What officers report of their work with forums (Kind.FKPM) is an activity of part D; the two are never added up.
    """
    found: dict[str, dict] = {path: dict.fromkeys((*STANDING, *SPANNED), 0) for path in group.paths}
    spans = {"": period, "before_": period.previous()}
    for rows in (_known(group), _meetings(group, spans), _actions(group, spans), _cases(group, spans), _agreements(group, spans)):
        for row in rows:
            found[row.pop("of")].update(row)
    return {path: _with_before(told) for path, told in found.items()}


def _with_before(told: dict) -> dict:
    return {**{key: told[key] for key in (*STANDING, *FLOWS)}, "before": {key: told[f"before_{key}"] for key in FLOWS}}


def _known(group):
    forums = group.within(Forum.objects.exclude(status=Forum.Status.RINTISAN))
    return forums.order_by().values("of").annotate(forums=Count("pk"))


def _counts(rows, span_of, **keys):
    """Counts of both spans: `span_of` says when a row lies in a span, each key which rows of these."""
    told = {f"{prefix}{key}": Count("pk", filter=span_of(prefix) & which) for key, which in keys.items() for prefix in ("", "before_")}
    return rows.order_by().values("of").annotate(**told)


def _meetings(group, spans):
    moments = {prefix: span.moments(group.zone) for prefix, span in spans.items()}
    now = timezone.now()
    rows = group.within(Meeting.objects.filter(cancelled_at=None, starts_at__range=(moments["before_"][0], min(moments[""][1], now))), "forum__unit")
    in_span = {prefix: Q(starts_at__range=both) for prefix, both in moments.items()}
    return _counts(rows, in_span.__getitem__, meetings=Q(), adopted=Q(minutes__state=Minutes.State.ADOPTED))


def _actions(group, spans):
    end = spans[""].end
    is_open = Q(state=ActionItem.State.OPEN)
    late = Q(due_on__lt=min(end, group.today())) & (is_open | Q(done_on__gt=end))
    rows = group.within(ActionItem.objects.filter(is_open | Q(done_on__gte=spans["before_"].start)), "forum__unit")
    counted = _counts(rows, lambda prefix: _days("done_on", spans[prefix]), done=Q())
    return counted.annotate(overdue=Count("pk", filter=late), open=Count("pk", filter=is_open))


def _cases(group, spans):
    rows = group.within(Case.objects.filter(is_standing=True, happened_on__lte=spans[""].end))
    rows = rows.filter(Q(happened_on__gte=spans["before_"].start) | Q(outcome__in=Case.WORKING))
    settled, handed_over = Q(outcome=Case.Outcome.DAMAI), Q(outcome=Case.Outcome.DILIMPAHKAN)
    counted = _counts(rows, lambda prefix: _days("happened_on", spans[prefix]), cases=Q(), settled=settled, handed_over=handed_over)
    return counted.annotate(working=Count("pk", filter=Q(outcome__in=Case.WORKING)))


def _agreements(group, spans):
    both = Q(agreed_on__range=(spans["before_"].start, spans[""].end))
    signed = group.within(Agreement.objects.filter(both, signed_at__isnull=False))
    return _counts(signed, lambda prefix: _days("agreed_on", spans[prefix]), agreements=Q())


def _days(field: str, span: Period) -> Q:
    return Q(**{f"{field}__range": (span.start, span.end)})


def summed_forums(parts) -> dict:
    """Of several units as one; what papers of schema 1 don't tell adds nothing."""
    parts = list(parts)
    told = {key: sum(part.get(key, 0) for part in parts) for key in (*STANDING, *FLOWS)}
    return {**told, "before": {key: sum(part.get("before", {}).get(key, 0) for part in parts) for key in FLOWS}}
