"""The way of a summary upwards, as pages and the API let people take it: approved, sent, received, returned; each with what follows."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from polmas.summaries import building, runs, telling
from polmas.summaries.models import Summary


@transaction.atomic
def approve(summary: Summary, by, seen: str) -> None:
    """Signs it. The summary of the unit above names the state of this one, so it is built again."""
    summary.approve(by, seen)
    if summary.sent_at:
        telling.tell_sent(summary)
    _renew_above(summary)


@transaction.atomic
def release(summary: Summary) -> None:
    """The daily one at its due time, by itself."""
    summary.release()
    _renew_above(summary)


@transaction.atomic
def send(summary: Summary, by) -> None:
    summary.send(by)
    telling.tell_sent(summary)
    _renew_above(summary)


@transaction.atomic
def receive(summary: Summary, by) -> None:
    summary.receive(by)
    _renew_above(summary)


@transaction.atomic
def send_back(summary: Summary, by, note: str) -> Summary:
    """Returns it; answers the revision that its unit mends."""
    draft = summary.send_back(by, note)
    telling.tell_returned(summary, draft, by)
    _renew_above(summary)
    return draft


def receive_all(summaries: Iterable[Summary], by) -> tuple[int, int]:
    """Receives each that may be received; how many were, and how many no longer could."""
    done = failed = 0
    for summary in summaries:
        try:
            receive(summary, by)
        except ValidationError:
            failed += 1
        else:
            done += 1
    return done, failed


def _renew_above(summary: Summary) -> None:
    if parent := building.parent_of(summary.unit, summary.period):
        runs.ask_for([(parent.pk, summary.period, summary.starts_on)], countdown=runs.GATHERING)
