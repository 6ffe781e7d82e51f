"""What minutes cost: 300 meetings with minutes of 3,000 words, listed and searched as a reader does."""

import datetime
import itertools
import random

from django.db import connection
from django.utils import timezone

from fkpm.models import AgendaItem, Forum, Meeting, Minutes
from mapping.models import Area
from tests.bench import scene
from tests.bench.filing import FINE, measure
from tests.bench.mapping import asking, statement_ms
from tests.bench.table import tell

MEETINGS, WORDS, POINTS = 300, 3000, 10
LIMIT_MS = 100
SYLLABLES = ("ba", "ra", "tu", "mi", "ko", "sa", "la", "pe", "ning", "kar", "te", "bu", "wa", "ri", "do")
ASKED = ("lampu", "ronda malam", "gang", "keamanan lingkungan", "parkir")


def pages(processes, seconds) -> None:
    """The list of all minutes and searches in it, over the words of a language of some thousand words."""
    make_minutes()
    user = scene.commander()
    [token] = scene.tokens_of([user])
    result, cpu = measure(processes, [asking(["/api/v1/meetings/"], token)], seconds, FINE)
    tell(f"API list of {MEETINGS} meetings, 1 client, p95", result.percentile(0.95), "ms", at_most=LIMIT_MS, more=cpu)
    search = """
        SELECT meeting_id, ts_headline('indonesian', body, query, 'MaxFragments=2') FROM fkpm_meetingwords, to_tsquery('indonesian', %s) query
        WHERE words @@ query ORDER BY meeting_id DESC LIMIT 12
    """
    asked = [(" & ".join(f"{word}:*" for word in text.split()),) for text in itertools.islice(itertools.cycle(ASKED), 40)]
    tell(f"search in {MEETINGS} minutes of {WORDS} words with marked hits, p95", statement_ms(search, asked), "ms", at_most=LIMIT_MS)


def make_minutes() -> None:
    chance = random.Random(5)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _word in range(4000)] + ["lampu", "ronda", "malam", "gang"] * 20
    area = Area.objects.villages().first()
    unit = area.units.first() or scene.commander().post.unit
    forum = Forum.objects.create(unit=unit, area=area, name="FKPM Simulasi")
    now = timezone.now()
    for number in range(MEETINGS):
        meeting = Meeting.objects.create(forum=forum, starts_at=now - datetime.timedelta(days=7 * number + 1), place="Balai")
        Minutes.objects.create(meeting=meeting)
        text = [" ".join(chance.choices(words, k=WORDS // POINTS)) for _point in range(POINTS)]
        AgendaItem.objects.bulk_create(
            [AgendaItem(meeting=meeting, order=place, topic=f"Pokok {place}", discussion=part) for place, part in enumerate(text, 1)]
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE fkpm_meetingwords")
