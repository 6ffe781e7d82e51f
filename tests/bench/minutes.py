"""What minutes cost: 300 meetings with minutes of 3,000 words, listed and searched as a reader does."""

import datetime
import random
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from fkpm.models import AgendaItem, Forum, Meeting, Minutes
from mapping.models import Area
from tests.bench import scene
from tests.bench.filing import FINE, measure
from tests.bench.reading import repeated
from tests.bench.table import tell

MEETINGS, WORDS, POINTS = 300, 3000, 10
LIMIT_MS = 100
SYLLABLES = ("ba", "ra", "tu", "mi", "ko", "sa", "la", "pe", "ning", "kar", "te", "bu", "wa", "ri", "do")
ASKED = ("lampu", "ronda malam", "gang", "keamanan lingkungan", "parkir")


def pages(processes, seconds) -> None:
    """The list of a forum's meetings and the search over all minutes, as pages and by API, over the words of a language of some thousand."""
    forum = make_minutes()
    user = scene.commander()
    [token], cookie = scene.tokens_of([user]), scene.cookie_of(user)
    asked = [f"/fkpm/notulen/?q={quote(text)}" for text in ASKED]
    cases = [
        (f"API list of {MEETINGS} meetings", ["/api/v1/meetings/"], {"token": token}),
        (f"page of a forum's {MEETINGS} meetings", [f"/fkpm/{forum.uuid}/rapat/?page={page}" for page in (1, 2, 9)], {"cookie": cookie}),
        (f"page of the search in {MEETINGS} minutes of {WORDS} words", asked, {"cookie": cookie}),
    ]
    for name, paths, who in cases:
        result, cpu = measure(processes, [repeated(paths, **who)], seconds, FINE)
        tell(f"{name}, 1 client, p95", result.percentile(0.95), "ms", at_most=LIMIT_MS, more=f"p50 {result.percentile(0.5):.1f}; {cpu}")


def make_minutes() -> Forum:
    chance = random.Random(5)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _word in range(4000)] + ["lampu", "ronda", "malam", "gang"] * 20
    area = Area.objects.villages().first()
    unit = area.units.first() or scene.commander().post.unit  # in sight of the commander, as every unit is
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
        cursor.execute("ANALYZE")
    return forum
