"""A handful of photographs: simple scenes, drawn, so that no real face or house stands in the demo."""

import hashlib
import io
import uuid

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter

from patrol.fingerprints import fingerprint_of
from patrol.models import Photo

SIZE = (1200, 900)
THUMBNAIL = (320, 240)
UNIFORM, SKIN = "#4A3222", "#C68F68"
SHIRTS = ("#275785", "#256B44", "#A32E22", "#8A5A00", "#6B4C8A")
WALLS = ("#E9DCC3", "#D9E4D6", "#E7D3CB", "#D6DDE8")


def load_photos(reports, rng) -> list[Photo]:
    """Draws and saves one scene for each of the reports, taken when and where the report says."""
    photos = []
    for number, report in enumerate(reports):
        by_day = _porch if number % 3 else _alley
        is_dark = not 6 <= report.occurred_at.astimezone(report.unit.zone).hour < 18
        original = (_night_post if is_dark else by_day)(rng).filter(ImageFilter.GaussianBlur(0.6))
        data = _jpeg(original)
        photo = Photo(
            uuid=uuid.UUID(int=rng.getrandbits(128), version=4),
            report=report,
            sha256=hashlib.sha256(data).hexdigest(),
            taken_at=report.occurred_at,
            location=report.location,
        )
        photo.image.save(f"{photo.uuid}.jpg", ContentFile(data), save=False)
        photo.thumbnail.save(f"{photo.uuid}-s.jpg", ContentFile(_jpeg(original.resize(THUMBNAIL))), save=False)
        photo.fingerprint = fingerprint_of(original)
        photo.width, photo.height = SIZE
        photos.append(photo)
    return Photo.objects.bulk_create(photos)


def _jpeg(image):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=78)
    return out.getvalue()


def _canvas(top, bottom):
    """A sky from one colour to the other."""
    sky = Image.new("RGB", (1, 2))
    sky.putpixel((0, 0), top)
    sky.putpixel((0, 1), bottom)
    image = sky.resize(SIZE, Image.Resampling.BILINEAR)
    return image, ImageDraw.Draw(image)


def _person(draw, x, y, shirt, height=260):
    """A figure whose feet stand at (x, y)."""
    unit = height / 10
    draw.rectangle((x - unit, y - 4.5 * unit, x + unit, y), fill="#2B2A33")
    draw.rounded_rectangle((x - 1.5 * unit, y - 8 * unit, x + 1.5 * unit, y - 4 * unit), unit * 0.6, fill=shirt)
    draw.ellipse((x - unit, y - 10 * unit, x + unit, y - 8 * unit), fill=SKIN)
    if shirt == UNIFORM:
        draw.pieslice((x - 1.2 * unit, y - 10.5 * unit, x + 1.2 * unit, y - 8.6 * unit), 180, 360, fill="#241A11")


def _house(draw, left, right, base, wall):
    middle, top = (left + right) // 2, base - 330
    draw.rectangle((left, top, right, base), fill=wall)
    draw.polygon(((left - 50, top), (middle, top - 170), (right + 50, top)), fill="#9C4A32")
    draw.rectangle((middle - 55, base - 220, middle + 55, base), fill="#6A4A32")
    for window in (left + 60, right - 160):
        draw.rectangle((window, top + 70, window + 100, top + 180), fill="#B9D3DE", outline="#6A4A32", width=8)


def _tree(draw, x, base, size):
    draw.rectangle((x - 14, base - size, x + 14, base), fill="#5B4330")
    draw.ellipse((x - size * 0.6, base - size * 2, x + size * 0.6, base - size * 0.7), fill="#4F7F4B")


def _porch(rng):
    """A call at the door."""
    image, draw = _canvas((160, 200, 226), (232, 238, 235))
    draw.rectangle((0, 660, 1200, 900), fill="#B7AE9E")
    left = rng.randint(150, 330)
    _house(draw, left, left + 620, 680, rng.choice(WALLS))
    _tree(draw, 1020, 690, rng.randint(170, 240))
    _person(draw, left + 250, 800, UNIFORM, 300)
    _person(draw, left + 400, 790, rng.choice(SHIRTS), 280)
    return image


def _night_post(rng):
    """A guard post at night."""
    image, draw = _canvas((18, 26, 48), (58, 62, 88))
    draw.rectangle((0, 640, 1200, 900), fill="#38363A")
    x = rng.randint(300, 520)
    draw.rectangle((x, 360, x + 420, 680), fill="#C9B68C")
    draw.polygon(((x - 40, 360), (x + 210, 240), (x + 460, 360)), fill="#7A3B2B")
    draw.rectangle((x + 60, 430, x + 360, 600), fill="#F6DE9A")
    draw.ellipse((x + 180, 285, x + 240, 345), fill="#FFE9A8")
    _person(draw, x - 90, 800, UNIFORM, 280)
    for step in range(rng.randint(2, 3)):
        _person(draw, x + 120 + step * 110, 810, rng.choice(SHIRTS), 270)
    return image


def _alley(rng):
    """A lane with a lamp to be mended."""
    image, draw = _canvas((176, 204, 216), (240, 232, 214))
    draw.polygon(((420, 900), (780, 900), (640, 420), (560, 420)), fill="#8E8A84")
    for side, wall in ((0, rng.choice(WALLS)), (1, rng.choice(WALLS))):
        near, far = ((0, 540), (1200, 660))[side]
        draw.polygon(((near, 120), (far, 360), (far, 430), (near, 900)), fill=wall)
    draw.rectangle((800, 250, 814, 760), fill="#5A5550")
    draw.ellipse((770, 226, 844, 290), fill="#4A4A4A")
    _person(draw, 570, 780, UNIFORM, 230)
    _person(draw, 660, 770, rng.choice(SHIRTS), 220)
    return image
