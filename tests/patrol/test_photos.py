"""Photographs: right way up, EXIF read and stripped, or refused with a reason; seen by those who see the report."""

import datetime
import io
import pathlib
import uuid

import pillow_heif
import pytest
from PIL import Image

from patrol import photos
from patrol.models import Photo, Report
from polmas.people import pictures
from polmas.people.models import User
from tests.patrol.items import file_report
from tests.patrol.pictures import BLUE, RED, bomb, encoded, jpeg, picture, upload

SHARED = pathlib.Path(__file__).parents[3] / "shared/data/photos"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def report(cast):
    return file_report(cast.officer)


def add(client, report, data, photo_id=None, **noted):
    body = {"id": str(photo_id or uuid.uuid4()), "file": upload(data), **noted}
    return client.post(f"/api/v1/reports/{report.uuid}/photos/", body, format="multipart")


def shown(client, photo, size=""):
    response = client.get(f"/foto/{photo.uuid}/{size}")
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.getvalue()))


def answer(client, path):
    """The response, read to its end, so that its file is closed."""
    response = client.get(path)
    assert response.status_code != 200 or response.getvalue()
    return response


def looks_like(colour, expected):
    return all(abs(one - other) < 60 for one, other in zip(colour, expected, strict=True))


def test_new_again_and_other_bytes(cast, api, report):
    client, photo_id, data = api(cast.officer), uuid.uuid4(), jpeg()
    assert [add(client, report, data, photo_id).status_code for _n in range(2)] == [201, 200]
    assert add(client, report, jpeg(picture(20, 20)), photo_id).status_code == 409
    assert add(client, report, b"kini teks", photo_id).status_code == 409
    assert add(client, file_report(cast.officer), data, photo_id).status_code == 409
    assert Photo.objects.count() == 1


def test_it_is_turned_read_and_stripped(cast, api, sign_in, report):
    data = jpeg(orientation=6, taken="2026:11:20 09:15:00", offset="+08:00", place=(-7.0629, 110.4280))
    assert add(api(cast.officer), report, data).status_code == 201
    photo = Photo.objects.get()
    assert (photo.width, photo.height) == (60, 80)
    assert photo.taken_at == datetime.datetime(2026, 11, 20, 1, 15, tzinfo=datetime.UTC)
    assert (photo.location.y, photo.location.x) == pytest.approx((-7.0629, 110.4280), abs=1e-5)
    image = shown(sign_in(cast.officer), photo)
    assert not image.getexif()
    assert "comment" not in image.info
    assert looks_like(image.getpixel((55, 40)), RED)  # what was above lies on the right after a quarter turn
    assert looks_like(image.getpixel((5, 40)), BLUE)
    assert max(shown(sign_in(cast.officer), photo, "kecil/").size) <= 320


def test_a_camera_without_an_offset_stands_in_the_units_zone(cast, api, report):
    add(api(cast.officer), report, jpeg(taken="2026:11:20 09:15:00"))
    assert Photo.objects.get().taken_at == datetime.datetime(2026, 11, 20, 2, 15, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "options",
    [
        {"taken": "0000:00:00 00:00:00"},
        {"taken": "kemarin"},
        {"taken": "2026:11:20 09:15:00", "offset": "siang"},
        {"place": (0, 0)},
        {"place": (95, 200)},
        {"orientation": 99},
    ],
)
def test_nonsense_in_exif_is_left_out(cast, api, report, options):
    assert add(api(cast.officer), report, jpeg(**options)).status_code == 201
    assert (Photo.objects.get().taken_at, Photo.objects.get().location) == (None, None)


def test_broken_exif_costs_no_picture(cast, api, report):
    data = jpeg(orientation=6, place=(-7, 110))
    start = data.index(b"Exif\0\0") + 6
    assert add(api(cast.officer), report, data[:start] + b"\xff" * 20 + data[start + 20 :]).status_code == 201


@pytest.mark.parametrize(
    "data",
    [
        encoded(picture().convert("RGBA"), "PNG"),
        encoded(picture().convert("P"), "PNG"),
        encoded(picture().convert("LA"), "PNG"),
        encoded(picture().convert("I;16"), "PNG"),
        encoded(picture().convert("1"), "PNG"),
        encoded(picture().convert("CMYK"), "JPEG"),
        encoded(picture(), "WEBP"),
        encoded(picture(1, 1), "JPEG"),
        encoded(picture(1, 5000), "PNG"),
        jpeg(progressive=True),
    ],
)
def test_pictures_of_all_kinds(cast, api, sign_in, report, data):
    assert add(api(cast.officer), report, data).status_code == 201
    assert shown(sign_in(cast.officer), Photo.objects.get()).mode == "RGB"


def test_a_large_picture_is_brought_to_a_screen(cast, api, report):
    assert add(api(cast.officer), report, encoded(picture(5000, 3000), "JPEG")).status_code == 201
    assert (Photo.objects.get().width, Photo.objects.get().height) == (2560, 1536)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"ini teks, bukan foto", "not_a_picture"),
        (jpeg()[:200], "not_a_picture"),
        (jpeg(picture(400, 400))[:-600], "not_a_picture"),
        (b"GIF89a" + b"\0" * 50, "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n", "not_a_picture"),
        (bomb(), "too_many_pixels"),
        (bomb(20_000, 20_000), "too_many_pixels"),
        (b"", "empty"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(cast, api, report, media, data, code):
    response = add(api(cast.officer), report, data)
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert (error["attr"], error["code"]) == ("file", code)
    assert error["detail"]
    assert not Photo.objects.exists()
    assert not list(media.rglob("*.jpg"))


def test_too_many_bytes(cast, api, report, settings):
    settings.PHOTO_MAX_BYTES = 500
    assert add(api(cast.officer), report, jpeg()).json()["errors"][0]["code"] == "too_large"


@pytest.mark.parametrize("body", [{}, {"id": "bukan", "file": None}, {"id": "\0"}])
def test_what_is_no_upload_is_refused(cast, api, report, body):
    path = f"/api/v1/reports/{report.uuid}/photos/"
    assert api(cast.officer).post(path, {key: value for key, value in body.items() if value}, format="multipart").status_code == 400
    assert api(cast.officer).generic("POST", path, b"rusak", content_type="multipart/form-data; boundary=x").status_code == 400
    assert api(cast.officer).generic("POST", path, b"rusak", content_type="multipart/form-data").status_code == 400
    assert api(cast.officer).post(path, {}, format="json").status_code == 415


@pytest.mark.parametrize("state", ["verified", "accepted", "returned"])
def test_photos_come_after_the_review_too(cast, api, report, state):
    Report.objects.update(state=state, review_note="uji")
    assert add(api(cast.officer), report, jpeg()).status_code == 201


def test_only_the_reports_officer_adds(cast, api, report):
    for person in (cast.colleague, cast.outsider, cast.kanit, cast.kapolsek, cast.secretary):
        assert add(api(person), report, jpeg()).status_code == 404
    assert api(None).post(f"/api/v1/reports/{report.uuid}/photos/").status_code == 401


def test_who_sees_the_report_sees_its_photos(cast, api, sign_in, report):
    add(api(cast.officer), report, jpeg())
    photo = Photo.objects.get()
    for path in (f"/foto/{photo.uuid}/", f"/foto/{photo.uuid}/kecil/"):
        answers = {name: answer(sign_in(person), path).status_code for name, person in cast.people.items()}
        assert {name for name, status in answers.items() if status == 200} == {
            "officer",
            "kanit",
            "kapolsek",
            "kasat",
            "kapolres",
            "clerk",
            "operator",
        }
        assert set(answers.values()) == {200, 404}
    response = answer(sign_in(cast.officer), f"/foto/{photo.uuid}/")
    assert response["Cache-Control"].startswith("private")
    assert (response["X-Content-Type-Options"], response["Content-Type"]) == ("nosniff", "image/jpeg")
    assert sign_in(None).get(f"/foto/{photo.uuid}/").status_code == 302


def test_a_lost_file_is_not_found(cast, api, sign_in, report, media):
    add(api(cast.officer), report, jpeg())
    for path in media.rglob("*.jpg"):
        path.unlink()
    assert sign_in(cast.officer).get(f"/foto/{Photo.objects.get().uuid}/").status_code == 404


@pytest.mark.parametrize("path", sorted(SHARED.glob("*.jpg")), ids=lambda path: path.name)
def test_photographs_from_real_cameras(cast, api, sign_in, report, path):
    """Of the shared data, where it is there."""
    response = add(api(cast.officer), report, path.read_bytes())
    assert response.status_code in (201, 400)
    if response.status_code == 400:
        assert response.json()["errors"][0]["code"] == "not_a_picture"
        return
    photo = Photo.objects.get()
    image = shown(sign_in(cast.officer), photo)
    assert not image.getexif()
    assert (photo.location is not None) == ("gps" in path.name)
    if "portrait" in path.name:
        assert image.height > image.width
    if "landscape" in path.name:
        assert image.width > image.height


def test_photos_come_after_the_posting_ended(cast, api, report):
    yesterday = cast.units.banyumanik.today() - datetime.timedelta(days=1)
    cast.officer.postings.update(ends_on=yesterday)
    assert add(api(User.objects.get(pk=cast.officer.pk)), report, jpeg()).status_code == 201


def test_a_report_takes_no_more_photos_than_it_can_announce(cast, api, monkeypatch):
    monkeypatch.setattr(photos, "MAX_PHOTOS", 2)
    client, announced = api(cast.officer), uuid.uuid4()
    report = file_report(cast.officer, photos=[str(announced)])
    answers = [add(client, report, jpeg()) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 400]
    assert answers[2].json()["errors"][0]["code"] == "too_many"
    assert add(client, report, jpeg(), announced).status_code == 201


@pytest.mark.parametrize("mode", ["P", "RGBA", "LA", "L"])
def test_a_large_picture_is_shrunk_before_it_is_copied(mode, monkeypatch):
    flattened = []
    monkeypatch.setattr(pictures, "_turned", lambda source: flattened.append(source.size) or source)
    pictures.opened(encoded(picture(4000, 3000).convert(mode), "PNG"))
    assert flattened == [(2560, 1920)]


def test_what_django_breaks_off_is_the_senders_error(cast, api, report, settings):
    client, path = api(cast.officer), f"/api/v1/reports/{report.uuid}/photos/"
    many_files = {f"file{n}": upload(b"x") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)}
    many_fields = {f"field{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    long_field = {"id": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    answers = [client.post(path, body, format="multipart") for body in (many_files, many_fields, long_field)]
    assert [(answer.status_code, answer.json()["errors"][0]["code"]) for answer in answers] == [
        (400, "parse_error"),
        (400, "parse_error"),
        (413, "too_large"),
    ]


def test_what_the_phone_read_before_it_made_the_picture_small_is_kept(cast, api, report):
    noted = {"taken_at": "2026-11-20T09:15:00+07:00", "lat": "-7.0629", "lon": "110.4280"}
    response = add(api(cast.officer), report, jpeg(), **noted)
    assert response.status_code == 201, response.content
    photo = report.photos.get()
    assert photo.taken_at.isoformat() == "2026-11-20T02:15:00+00:00"
    assert (photo.location.y, photo.location.x) == (-7.0629, 110.428)


@pytest.mark.parametrize(
    "noted",
    [
        {"lat": "-7"},
        {"lat": "nan", "lon": "110"},
        {"lat": "91", "lon": "0"},
        {"lat": "1e400", "lon": "0"},
        {"taken_at": "0001-01-01T00:00:00+14:00"},
        {"taken_at": "9999-12-31T23:59:59-12:00"},
        {"taken_at": "kemarin"},
        {"taken_at": "\x00"},
    ],
)
def test_nonsense_beside_a_picture_is_refused_with_its_field(cast, api, report, noted):
    response = add(api(cast.officer), report, jpeg(), **noted)
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] in {"lat", "lon", "taken_at"}
    assert not report.photos.exists()


def test_heic_of_newer_phones_is_read(cast, api, report):
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "HEIF", quality=60)
    response = add(api(cast.officer), report, out.getvalue())
    assert response.status_code == 201, response.content
    with report.photos.get().image.open() as file, Image.open(file) as kept:
        assert (kept.format, kept.size) == ("JPEG", (640, 480))
    assert add(api(cast.officer), report, b"\x00\x00\x00\x18ftypheic" + b"\x00" * 200).status_code == 400
