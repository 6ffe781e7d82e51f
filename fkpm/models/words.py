"""Full-text search over minutes: the database keeps the words of each meeting by itself (PostgreSQL's `indonesian` configuration)."""

import re
from typing import Any

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection, models

CONFIG = "indonesian"
# A vector holds one megabyte; minutes of a whole day stay far below.
LONGEST = 200_000
# What marks a hit in a headline; neither can be typed, and both are taken out of the text.
START, STOP = "\x02", "\x03"

TEXT = f"""
    SELECT left(translate(concat_ws(E'\\n', meeting.place,
        (SELECT string_agg(concat_ws(E'\\n', topic, decision, discussion), E'\\n' ORDER BY "order", id)
            FROM fkpm_agendaitem WHERE meeting_id = meeting.id),
        (SELECT string_agg(concat_ws(', ', text, owner_name), E'\\n' ORDER BY id) FROM fkpm_actionitem WHERE meeting_id = meeting.id),
        (SELECT string_agg(text, E'\\n' ORDER BY number) FROM fkpm_addendum WHERE meeting_id = meeting.id),
        meeting.conclusion, meeting.led_by, meeting.written_by), chr(2) || chr(3), ''), {LONGEST}) AS body
    FROM fkpm_meeting meeting WHERE meeting.id
"""  # noqa: S608 - only names and numbers of our own
KEEP = f"""
UPDATE fkpm_meetingwords kept SET body = fresh.body, words = to_tsvector('{CONFIG}', fresh.body)
FROM ({TEXT} = {{meeting}}) fresh WHERE kept.meeting_id = {{meeting}};
"""  # noqa: S608 - only names and numbers of our own
BEGIN = f"""
INSERT INTO fkpm_meetingwords (meeting_id, body, words) SELECT NEW.id, fresh.body, to_tsvector('{CONFIG}', fresh.body) FROM ({TEXT} = NEW.id) fresh;
RETURN NEW;
"""  # noqa: S608 - only names and numbers of our own


def words_kept(column: str, *fields: str) -> list[pgtrigger.Trigger]:
    """Triggers that write a meeting's words anew when a row that they are taken from changes."""
    changed = KEEP.format(meeting=f"NEW.{column}") + "RETURN NEW;"
    update: dict[str, Any] = {
        "name": "words_changed",
        "when": pgtrigger.After,
        "operation": pgtrigger.Update,
        "condition": pgtrigger.AnyChange(*fields),
    }
    if column == "id":
        return [
            pgtrigger.Trigger(name="words_begun", when=pgtrigger.After, operation=pgtrigger.Insert, func=BEGIN),
            pgtrigger.Trigger(func=changed, **update),
        ]
    gone = KEEP.format(meeting=f"OLD.{column}") + "RETURN OLD;"
    return [
        pgtrigger.Trigger(name="words_added", when=pgtrigger.After, operation=pgtrigger.Insert, func=changed),
        pgtrigger.Trigger(func=KEEP.format(meeting=f"OLD.{column}") + changed, **update),
        pgtrigger.Trigger(name="words_gone", when=pgtrigger.After, operation=pgtrigger.Delete, func=gone),
    ]


def query_of(text: str) -> SearchQuery:
    """All words that were asked for, each also as the beginning of one; with quotes or a minus exactly as they say (as web searches do)."""
    words = re.findall(r"\w+", text)[:20]
    if not words or is_exact(text):
        return SearchQuery(text, config=CONFIG, search_type="websearch")
    return SearchQuery(" & ".join(f"{word}:*" for word in words), config=CONFIG, search_type="raw")


def any_of(text: str) -> SearchQuery:
    """The same words for marking them where only some stand close together; what was put in quotes or left out by a minus stays as it is."""
    words = re.findall(r"\w+", text)[:20]
    if not words or is_exact(text):
        return query_of(text)
    return SearchQuery(" | ".join(f"{word}:*" for word in words), config=CONFIG, search_type="raw")


def is_exact(text: str) -> bool:
    return re.search(r'"|(^|\s)-\w', text) is not None


def stems_of(text: str) -> list[str]:
    """The words of a search as the index holds them; none where it asks for exact places, which may stand anywhere."""
    if is_exact(text):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s))", [CONFIG, text])
        return cursor.fetchone()[0]


class MeetingWords(models.Model):
    """The text of one meeting's minutes and the words in it, as they are searched. Triggers write it; nobody else does."""

    meeting = models.OneToOneField("fkpm.Meeting", models.CASCADE, primary_key=True, related_name="words")
    body = models.TextField()
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="meeting_words")]

    def __str__(self):
        return str(self.meeting_id)
