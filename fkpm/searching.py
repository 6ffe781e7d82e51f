"""Finding minutes by what they say: PostgreSQL's full-text search in Indonesian, hits marked."""

from django.contrib.postgres.search import SearchHeadline
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from fkpm.models import Meeting
from fkpm.models.words import CONFIG, START, STOP, query_of

FILTERS = ("forum", "year", "kind", "state")


def found(user, text="", forum=None, year=None, kind="", state=""):
    """Meetings held that the user may read, the newest first."""
    rows = Meeting.objects.for_user(user).held().prefetch_related(None)
    if text:
        rows = rows.search(text)
    if forum:
        rows = rows.filter(forum=forum)
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
    headline = SearchHeadline(
        "words__body",
        query_of(text),
        config=CONFIG,
        start_sel=START,
        stop_sel=STOP,
        max_fragments=2,
        min_words=8,
        max_words=22,
        fragment_delimiter=" … ",
    )
    return meetings.annotate(line=headline) if text else meetings


def highlight(meetings) -> None:
    """Gives each of these meetings `excerpt`: the places where the words stand, escaped, hits in <mark>."""
    for meeting in meetings:
        meeting.excerpt = marked(getattr(meeting, "line", ""))


def marked(line: str) -> SafeString:
    """A headline as HTML: whatever people typed is text."""
    return mark_safe(escape(line).replace(START, "<mark>").replace(STOP, "</mark>"))
