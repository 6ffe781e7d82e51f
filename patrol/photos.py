"""Taking photographs: is it a picture, which way up, when and where was it taken, and nothing of that left in the file."""

import dataclasses
import datetime
import hashlib
import io
import uuid

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile

from patrol.fingerprints import fingerprint_of
from patrol.jpegs import plain_jpeg
from patrol.models import Photo, Report, Supplement
from patrol.models.marks import mark_for_check
from patrol.schema import MAX_PHOTOS
from polmas.people.pictures import LONGEST_SIDE, THUMBNAIL_SIDE, as_jpeg, flat, opened, refusal
from polmas.people.statements import Statement, add

AS_SENT_BYTES = 1024 * 1024  # phones send 400 KB at most; up to here a picture is kept as it came
DRAFT_SIDE = 240  # the shorter side of the small copy, at least: of 1600 x 1200 it is 400 x 300

# Tags of EXIF 2.3.
EXIF_IFD, GPS_IFD, ORIENTATION = 0x8769, 0x8825, 0x0112
TAKEN, TAKEN_OFFSET = 0x9003, 0x9011
LAT_REF, LAT, LON_REF, LON = 1, 2, 3, 4

KNOWN = Statement("known_photo", "SELECT id FROM patrol_photo WHERE uuid = %(uuid)s", uuid="uuid")


@dataclasses.dataclass(frozen=True)
class Noted:
    """What the phone read from a picture before it made it small, and with that stripped it."""

    taken_at: datetime.datetime | None = None
    location: Point | None = None


def keep(
    report: Report, photo_id: uuid.UUID, file: UploadedFile, noted: Noted | None = None, supplement: Supplement | None = None
) -> tuple[Photo | None, bool]:
    """The photo and whether it is new. No photo where the id stands for other bytes or another report.

    The id is looked at first, as with reports: a retry is a success before anything is read.
    """
    data = file.read(settings.PHOTO_MAX_BYTES + 1)
    if len(data) > settings.PHOTO_MAX_BYTES:
        raise refusal("too_large", _("This picture is larger than 12 MB."))
    digest = hashlib.sha256(data).hexdigest()
    if not KNOWN.rows(uuid=photo_id) and (new := _store(report, photo_id, data, digest, noted or Noted(), supplement)):
        return new, True
    stored = Photo.objects.get(uuid=photo_id)
    is_same = (stored.report_id, stored.sha256) == (report.pk, digest)
    return (stored if is_same else None), False


def _store(report, photo_id, data, digest, noted, supplement) -> Photo | None:
    """The new row with its files; None where another request has just taken the id, whose files then stay alone."""
    if photo_id not in report.photo_ids and report.photos.count() >= MAX_PHOTOS:  # a correction may announce others
        raise refusal("too_many", _("This report has all the photos that it can have."))
    picture, exif, whole = _as_sent(data) or _anew(data)
    photo = Photo(uuid=photo_id, report=report, supplement=supplement, sha256=digest, fingerprint=fingerprint_of(picture))
    photo.taken_at = taken_at(exif, report.unit.zone) or noted.taken_at
    photo.location = taken_where(exif) or noted.location
    photo.image.save(f"{photo_id}.jpg", whole, save=False)
    photo.thumbnail.save(f"{photo_id}-kecil.jpg", as_jpeg(picture, THUMBNAIL_SIDE, 80), save=False)
    try:
        with transaction.atomic():
            [(photo.pk, _uuid)] = add(Photo, [photo])
            mark_for_check([report.pk])
    except IntegrityError:
        delete_files(photo)
        return None
    except Exception:
        delete_files(photo)
        raise
    return photo


def _as_sent(data: bytes) -> tuple[Image.Image, Image.Exif, ContentFile] | None:
    """Of a JPEG that a phone has shrunk: the picture at a quarter of its sides or less, its EXIF, and its own points to be kept as they are.

    Every bit is read on the way to the small copy, so half a picture is found here as well; what is odd in any way is made anew.
    """
    plain = plain_jpeg(data) if len(data) <= AS_SENT_BYTES else None
    if plain is None:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as source:
            exif = source.getexif()
            if source.mode not in ("RGB", "L") or max(source.size) > LONGEST_SIDE or exif.get(ORIENTATION, 1) != 1:
                return None
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            source.draft(source.mode, (DRAFT_SIDE, DRAFT_SIDE))
            source.load()
            return flat(source), exif, ContentFile(plain, name="foto.jpg")
    except Exception:  # `opened` says what is wrong, if anything is
        return None


def _anew(data: bytes) -> tuple[Image.Image, Image.Exif, ContentFile]:
    picture, exif = opened(data)
    return picture, exif, as_jpeg(picture, LONGEST_SIDE, 88)


def delete_files(photo):
    for file in (photo.image, photo.thumbnail):
        file.storage.delete(file.name)


def taken_at(exif: Image.Exif, zone: datetime.tzinfo) -> datetime.datetime | None:
    """When the camera says it took the picture; a camera that knows no offset is taken to stand in the unit's zone."""
    try:
        tags = exif.get_ifd(EXIF_IFD)
        moment = datetime.datetime.strptime(str(tags[TAKEN]).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 (the zone follows)
        offset = str(tags.get(TAKEN_OFFSET, "")).strip("\0 ")
        moment = moment.replace(tzinfo=datetime.datetime.strptime(offset, "%z").tzinfo if offset else zone)
        return moment if moment.year > 1990 else None
    except Exception:  # absent or broken
        return None


def taken_where(exif: Image.Exif) -> Point | None:
    """Where the camera's GPS says it stood."""
    try:
        tags = exif.get_ifd(GPS_IFD)
        lat, lon = _degrees(tags[LAT], tags[LAT_REF], "S"), _degrees(tags[LON], tags[LON_REF], "W")
    except Exception:  # absent or broken
        return None
    is_real = -90 <= lat <= 90 and -180 <= lon <= 180 and (lat, lon) != (0, 0)
    return Point(lon, lat, srid=4326) if is_real else None


def _degrees(parts, reference, negative) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(reference).strip("\0 ").upper() == negative else value
