"""Pictures that people send: made plain JPEGs of a screen's size, the right way up, with nothing left in them of what the file said."""

import importlib
import io

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps
from rest_framework import serializers

FORMATS = ("JPEG", "PNG", "WEBP")
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# Phones send 1600 px. Larger pictures from elsewhere are brought to what a screen and a printed page need.
LONGEST_SIDE, THUMBNAIL_SIDE = 2560, 320
SMOOTH = ("L", "LA", "RGB", "RGBA", "CMYK")  # modes of Pillow that can be made smaller as they are

# Pillow's own guard against small files that unfold into huge pictures; `opened` refuses by the exact number.
Image.MAX_IMAGE_PIXELS = settings.PHOTO_MAX_PIXELS


def refusal(code: str, detail) -> serializers.ValidationError:
    return serializers.ValidationError({"file": detail}, code=code)


def cleaned(data: bytes) -> ContentFile:
    """Any picture as a JPEG of a screen's size, the right way up, without EXIF; one that is none raises a ValidationError of the API."""
    picture, _exif = opened(data)
    return as_jpeg(picture, LONGEST_SIDE, 85)


def formats_for(data: bytes) -> tuple[str, ...]:
    """HEIC of newer phones has a decoder of its own, which is loaded when the first one comes."""
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        pillow_heif = importlib.import_module("pillow_heif")
        pillow_heif.register_heif_opener(thumbnails=False)
        return ("HEIF",)
    return FORMATS


def opened(data: bytes) -> tuple[Image.Image, Image.Exif]:
    """The picture, decoded to its last line, the right way up, and its EXIF."""
    try:
        with Image.open(io.BytesIO(data), formats=formats_for(data)) as source:
            if source.width * source.height > settings.PHOTO_MAX_PIXELS:
                raise refusal("too_many_pixels", _("This picture has more than 50 megapixels."))
            # WeasyPrint, where it shares the process, lets half pictures pass for all of Pillow.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            source.load()
            exif = _exif_of(source)
            return flat(_turned(_shrunk(source))), exif
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refusal("too_many_pixels", _("This picture has more than 50 megapixels.")) from error
    except serializers.ValidationError:
        raise
    except Exception as error:  # a foreign file breaks a decoder in any way it likes
        raise refusal("not_a_picture", _("This file is not a picture that can be read. Send JPEG, PNG, WebP or HEIC.")) from error


def _shrunk(source):
    """No larger than it is kept, before anything copies it: 49 megapixels in colour are 200 MB each time."""
    if source.mode == "PA" or "transparency" in source.info:
        source = source.convert("RGBA")
    elif source.mode not in SMOOTH:
        source = source.convert("RGB")
    source.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return source


def _exif_of(source) -> Image.Exif:
    try:
        return source.getexif()
    except Exception:  # a broken EXIF is no reason to lose the picture
        return Image.Exif()


def _turned(source):
    try:
        return ImageOps.exif_transpose(source)
    except Exception:  # the same: as it lies is better than not at all
        return source


def flat(picture) -> Image.Image:
    """Plain RGB, transparent parts white, without anything that the file said about itself."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    picture = picture.convert("RGB")
    picture.info = {}
    return picture


def as_jpeg(picture, longest_side, quality) -> ContentFile:
    smaller = picture.copy()
    smaller.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    is_large = longest_side > THUMBNAIL_SIDE  # of a small one, what these save costs more time than it is worth
    smaller.save(buffer, "JPEG", quality=quality, optimize=is_large, progressive=is_large)
    return ContentFile(buffer.getvalue(), name="foto.jpg")  # Django measures only a file that has a name
