"""A dashboard on paper: the cards and tables of the shown period, as its reader sees them at that minute."""

import datetime
import hashlib
import itertools
import json
from operator import itemgetter

from django.utils import timezone, translation
from django.utils.formats import number_format

from polmas.people import documents
from polmas.people.models import Document, Unit
from polmas.people.periods import signed
from polmas.summaries import dashboard_sheets

KIND = "dashboard"
NOTHING = "-"


def document_of(told: dict) -> Document:
    """`told` is the context of the page. What stands on the paper goes along: another number makes another paper."""
    with translation.override(documents.LANGUAGE):
        rows = [_written(row) for row in dashboard_sheets.rows_of(told)]
        span = {"period": str(told["period"]), "before": str(told["before"])}
    now = timezone.now().replace(second=0, microsecond=0).isoformat()
    parts = [[name, [row[1:] for row in part]] for name, part in itertools.groupby(rows, itemgetter(0))]
    details = {**span, "parts": parts, "at": now}
    content = hashlib.sha256(json.dumps(details, sort_keys=True).encode()).hexdigest()
    return documents.document_for(KIND, told["unit"].pk, content, "summaries.render_dashboard", details)


def _written(row) -> list[str]:
    """Numbers as people write them; "-" where nothing is to be said."""
    part, what, before, now, difference, percent, target = row
    numbers = [_number(before), _number(now), NOTHING if difference is None else signed(difference)]
    return [str(part), str(what), *numbers, NOTHING if percent is None else f"{signed(percent, 2)} %", _number(target)]


def _number(value) -> str:
    return NOTHING if value is None else number_format(value, force_grouping=True)


def paper(document: Document) -> dict:
    """What the template prints."""
    with translation.override(documents.LANGUAGE):
        heads = dashboard_sheets.headings()[1:]
    at = datetime.datetime.fromisoformat(document.details["at"])
    tables = [(name, *_filled(heads, rows)) for name, rows in document.details["parts"]]
    return {**document.details, "tables": tables, "at": at, "unit": Unit.objects.get(pk=document.object_id)}


def _filled(heads, rows):
    """Heads and rows without the columns that say nothing in this part."""
    told = [place for place in range(len(heads)) if any(row[place] != NOTHING for row in rows)]
    return [heads[place] for place in told], [[row[place] for place in told] for row in rows]
