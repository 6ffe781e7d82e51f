"""Pictures of our own making: turned, with a place, broken, and far larger than their file."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(width=80, height=60, **exif) -> Image.Image:
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(RED, (0, 0, width, height // 2))
    return image


def jpeg(image=None, *, orientation=None, taken=None, offset=None, place=None, **options) -> bytes:
    """A JPEG with the EXIF asked for; `place` is (lat, lon) in degrees."""
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    if offset:
        exif.get_ifd(0x8769)[0x9011] = offset
    if place:
        lat, lon = place
        exif.get_ifd(0x8825).update({1: "S" if lat < 0 else "N", 2: sexagesimal(lat), 3: "W" if lon < 0 else "E", 4: sexagesimal(lon)})
    buffer = io.BytesIO()
    (image or picture()).save(buffer, "JPEG", exif=exif, comment=b"rahasia", **options)
    return buffer.getvalue()


def sexagesimal(degrees):
    degrees = abs(degrees)
    minutes = degrees % 1 * 60
    return (IFDRational(int(degrees)), IFDRational(int(minutes)), IFDRational(round(minutes % 1 * 60 * 1000), 1000))


def encoded(image, kind) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def bomb(width=8000, height=8000) -> bytes:
    """A PNG of 64 megapixels in some kilobytes."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(b"\0" * ((width + 7) // 8 + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def upload(data: bytes, name="foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")
