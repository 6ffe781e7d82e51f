"""Finding minutes by what they say: PostgreSQL's full-text search in Indonesian, hits marked."""

import re

from django.contrib.postgres.search import SearchHeadline
from django.db.models import Case, F, Func, IntegerField, Max, Min, TextField, Value, When
from django.db.models.functions import Greatest, Substr
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from fkpm.models import Meeting
from fkpm.models.words import CONFIG, START, STOP, any_of, stems_of

# Characters of the text in which hits are marked: so many before the first one, and so many in all.
BEFORE_HIT, ROUND_HIT = 300, 1800
FILTERS = ("forum", "year", "kind", "state")


def found(user, text="", forum: list[int] | None = None, year=None, kind="", state=""):
    """Meetings held that the user may read, the newest first; `forum`: keys of the forums that are asked for."""
    rows = Meeting.objects.for_user(user).held().prefetch_related(None)
    if text:
        rows = rows.search(text)
    if forum is not None:
        rows = rows.filter(forum__in=forum)
    if year:
        rows = rows.filter(starts_at__year=year)
    if kind:
        rows = rows.filter(kind=kind)
    if state == "ADOPTED":
        rows = rows.filter(minutes__state="ADOPTED")
    elif state:
        rows = rows.exclude(minutes__state="ADOPTED")
        rows = rows.filter(minutes__comments_until__gt=timezone.now()) if state == "COMMENT" else rows
    return rows


def years(user) -> list[int]:
    """The years in which there were meetings, the latest first."""
    span = Meeting.objects.for_user(user).filter(starts_at__lt=timezone.now()).aggregate(first=Min("starts_at"), last=Max("starts_at"))
    return list(range(span["last"].year, span["first"].year - 1, -1)) if span["first"] else []


def with_excerpts(meetings, text: str):
    """Each of these meetings with the line from which `highlight` makes its excerpt; the database makes it for the rows of the page alone."""
    if not text:
        return meetings
    headline = SearchHeadline(
        _near_hit(text),
        any_of(text),
        config=CONFIG,
        start_sel=START,
        stop_sel=STOP,
        max_fragments=2,
        min_words=8,
        max_words=22,
        fragment_delimiter=" … ",
    )
    return meetings.annotate(line=headline)


def _near_hit(text: str):
    """The text round the first place where one of the words stands: to mark hits in the minutes of a whole day takes too long. All of it
    where no such place is seen, as with words that are stemmed otherwise."""
    stems = stems_of(text)
    if not stems:
        return F("words__body")
    pattern = Value("|".join(map(re.escape, stems)))
    place = Func(F("words__body"), pattern, 1, 1, 0, Value("i"), function="regexp_instr", output_field=IntegerField())
    begin = Greatest(place - BEFORE_HIT, 1)
    return Case(When(GreaterThan(place, 0), then=Substr("words__body", begin, ROUND_HIT)), default=F("words__body"), output_field=TextField())


def highlight(meetings) -> None:
    """Gives each of these meetings `excerpt`: the places where the words stand, escaped, hits in <mark>."""
    for meeting in meetings:
        meeting.excerpt = marked(getattr(meeting, "line", ""))


def marked(line: str) -> SafeString:
    """A headline as HTML: whatever people typed is text."""
    parts = re.sub(r"\s*\n\s*", " · ", line.strip())
    return mark_safe(escape(parts).replace(START, "<mark>").replace(STOP, "</mark>"))
