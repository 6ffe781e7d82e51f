"""Who takes part in the benchmarks: officers of a made-up country with their tokens, and the reports that they file."""

import dataclasses
import datetime
import itertools
import json
import random
import secrets
import uuid
from collections.abc import Iterator

from django.contrib.gis.db.models.functions import Centroid
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from mapping.models import AreaShape
from polmas.people.models import ApiToken, Posting, Role, Unit, User
from polmas.people.models.tokens import LIFETIME, digest_of
from tests.bench.load import Request, request

OFFICERS = 4000  # of five hundred Polsek
CLIENTS = (1, 8, 32)
SOUNDS = [a + b + c for a in "bcdghjklmnprstw" for b in "aeiou" for c in ("", "", "n", "ng", "r", "s", "k")]
VOCABULARY = 2000
BATCH = 50
SHIFT = 8 * 3600  # seconds over which an officer's reports lie: fifty within one minute would all be flagged


@dataclasses.dataclass
class Officer:
    user: User
    token: str
    area: str
    lon: float
    lat: float


def make_country(number: int, codes: str | None = None) -> None:
    if codes:
        call_command("import_codes", codes)
    call_command("simulate", "--reports", "0", "--officers", str(number), "--force")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does soon enough where people work


def fill(number: int, seed: int = 1) -> None:
    call_command("simulate", "--reports", str(number), "--seed", str(seed), "--force")


def officers(number: int) -> list[Officer]:
    """The first officers, Polsek after Polsek in turn, with a token each."""
    posts = Posting.objects.filter(role=Role.BHABINKAMTIBMAS).select_related("user").order_by("pk")
    users = [post.user for post in sorted(posts, key=lambda post: (post.pk % 8, post.pk))][:number]
    texts = tokens_of(users)
    held = AreaShape.objects.filter(area__beats__user__in=users).annotate(officer=F("area__beats__user"), middle=Centroid("shape"))
    places = {user: (code, middle.x, middle.y) for user, code, middle in held.values_list("officer", "area__code", "middle")}
    return [Officer(user, text, *places[user.pk]) for user, text in zip(users, texts, strict=True)]


def tokens_of(users: list[User]) -> list[str]:
    texts = [secrets.token_urlsafe(32) for _user in users]
    expires = timezone.now() + LIFETIME
    ApiToken.objects.bulk_create(ApiToken(user=user, digest=digest_of(text), expires_at=expires) for user, text in zip(users, texts, strict=True))
    return texts


def shares(crew: list[Officer], clients: int) -> list[Iterator[Officer]]:
    """Each client sends for its share of the officers in turn: nobody files hundreds of reports a day, and no two clients send for one."""
    return [itertools.cycle(crew[client::clients]) for client in range(clients)]


def commander() -> User:
    """One who reads every report of the country, which no real post does: the widest lists and exports."""
    user, is_new = User.objects.get_or_create(username="59999999", defaults={"name": "Pembaca Uji"})
    if is_new:
        Posting.objects.create(user=user, unit=Unit.objects.get(depth=1), role=Role.KAPOLRES, starts_on=datetime.date(2020, 1, 1))
    return user


def cookie_of(user) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


class Texts:
    """Sentences of a length in letters, of as many words as people use; no two are equal."""

    def __init__(self, seed: int = 1):
        self.random, self.numbers = random.Random(seed), itertools.count()
        self.words = ["".join(self.random.choices(SOUNDS, k=self.random.choice((1, 2, 2, 3)))) for _n in range(VOCABULARY)]
        self.stock = {length: [self._make(length) for _n in range(300)] for length in (190, 490)}

    def _make(self, length):
        text = ""
        while len(text) < length:
            text += self.random.choice(self.words) + " "
        return text[:length]

    def of(self, length: int) -> str:
        return f"{next(self.numbers):09d} {self.random.choice(self.stock[length])}"


def item(officer: Officer, texts: Texts) -> dict:
    """A sambang of this shift at a new household, with 200 letters of result, 500 of narrative and one resident's voice."""
    return {
        "id": str(uuid.uuid4()),
        "schema": 1,
        "version": 1,
        "base_version": None,
        "kind": "DDS",
        "occurred_at": (timezone.now() - datetime.timedelta(seconds=texts.random.randrange(SHIFT))).isoformat(),
        "location": {"lat": officer.lat, "lon": officer.lon, "accuracy": 12.5},
        "area": officer.area,
        "result": texts.of(190),
        "narrative": texts.of(490),
        "field": "KEAMANAN",
        "participants": [],
        "photos": [],
        "detail": {
            "household": {"id": str(uuid.uuid4()), "head_name": "Bapak Widodo", "rw": "005", "rt": "003"},
            "received_by": "Ibu Widodo",
            "purposes": ["SILATURAHMI", "PESAN_KAMTIBMAS"],
            "opinions": [{"kind": "KELUHAN", "field": "KEAMANAN", "text": "Lampu jalan padam.", "urgency": "SEDANG", "frequency": "SERING"}],
        },
    }


def one_by_one(crew: Iterator[Officer], texts: Texts) -> Iterator[Request]:
    for officer in crew:
        yield Request(request("POST", "/api/v1/reports/", officer.token, json.dumps(item(officer, texts)).encode()))


def batches(crew: Iterator[Officer], texts: Texts) -> Iterator[Request]:
    for officer in crew:
        body = {"user": officer.user.pk, "sent_at": timezone.now().isoformat(), "reports": [item(officer, texts) for _n in range(BATCH)]}
        yield Request(request("POST", "/api/v1/reports/sync/", officer.token, json.dumps(body).encode()))


def with_photo(crew: Iterator[Officer], texts: Texts, picture: bytes) -> Iterator[Request]:
    """A report, then its photo on the same connection; both count as one."""
    for officer in crew:
        report, photo = item(officer, texts), str(uuid.uuid4())
        report["photos"] = [photo]
        body, kind = multipart(photo, unique(picture, photo))
        path = f"/api/v1/reports/{report['id']}/photos/"
        upload = request("POST", path, officer.token, body, kind)
        yield Request(request("POST", "/api/v1/reports/", officer.token, json.dumps(report).encode()), (upload,))


def unique(picture: bytes, photo: str) -> bytes:
    """The same JPEG with its id in a comment: no two are equal."""
    comment = photo.encode()
    return picture[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + picture[2:]


def multipart(photo: str, picture: bytes) -> tuple[bytes, str]:
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{photo}\r\n--{edge}\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="foto.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head.encode() + picture + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def picture_of(kilobytes: int) -> bytes:
    """A JPEG of 1600 x 1200 of about that size: a landscape of soft shapes with as much grain as fills it."""
    from io import BytesIO

    from PIL import Image, ImageFilter

    chance = random.Random(1)
    small = Image.frombytes("RGB", (40, 30), chance.randbytes(40 * 30 * 3)).resize((1600, 1200), Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", (1600, 1200), chance.randbytes(1600 * 1200)).filter(ImageFilter.GaussianBlur(1.2)).convert("RGB")
    picture, best = Image.blend(small, grain, 0.25), b""
    for quality in range(95, 20, -3):
        buffer = BytesIO()
        picture.save(buffer, "JPEG", quality=quality)
        best = buffer.getvalue()
        if len(best) <= kilobytes * 1024:
            break
    return best
