"""JPEGs freed of what they say about themselves: the same picture to the last point, and nothing else."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from patrol.jpegs import plain_jpeg


def jpeg(mode="RGB", **options) -> bytes:
    picture = Image.effect_noise((160, 120), 60).convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def points(data):
    with Image.open(io.BytesIO(data)) as picture:
        return picture.mode, picture.size, picture.tobytes()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 100, "subsampling": 0}, {"restart_marker_blocks": 4}])
def test_the_picture_stays_as_it_is(mode, options):
    data = jpeg(mode, comment=b"rahasia", icc_profile=b"profil" * 20, **options)
    plain = plain_jpeg(data)
    assert points(plain) == points(data)
    assert b"rahasia" not in plain
    assert b"profil" not in plain


def test_nothing_of_the_exif_and_nothing_behind_the_end_is_left():
    exif = Image.Exif()
    exif[0x010E] = "Rumah Pak Widodo"
    plain = plain_jpeg(jpeg(exif=exif) + b"PK\x03\x04 lampiran")
    assert b"Widodo" not in plain
    assert plain.endswith(b"\xff\xd9")


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9"[:3], b"\x89PNG\r\n", jpeg()[:-200], b"\xff\xd8\xff\xe1\x00"])
def test_what_is_no_whole_jpeg_is_left_to_the_decoder(data):
    assert plain_jpeg(data) is None


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(tail):
    assert plain_jpeg(b"\xff\xd8" + tail) is None or plain_jpeg(b"\xff\xd8" + tail)[:2] == b"\xff\xd8"
