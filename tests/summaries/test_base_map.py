"""The file of the base map: handed out in parts, to whoever is signed in."""

import re

import pytest

from polmas.summaries.views.base_map import MOST_BYTES
from tests.pmtiles import pmtiles

ADDRESS = "/peta/dasar.pmtiles"


@pytest.fixture
def base_map(settings, tmp_path):
    """Sets a file of these bytes."""

    def put(content):
        path = tmp_path / "dasar.pmtiles"
        path.write_bytes(content)
        settings.MAP_PMTILES = str(path)
        return path

    return put


@pytest.mark.parametrize(
    ("asked", "span"),
    [("bytes=0-6", (0, 6)), ("bytes=100-", (100, 159)), ("bytes=-5", (155, 159)), ("bytes=-9999", (0, 159)), ("bytes=150-400", (150, 159))],
)
def test_a_part(cast, sign_in, base_map, asked, span):
    content = bytes(range(160))
    base_map(content)
    response = sign_in(cast.officer).get(ADDRESS, headers={"range": asked})
    start, end = span
    assert (response.status_code, response.content) == (206, content[start : end + 1])
    assert response["Content-Range"] == f"bytes {start}-{end}/160"
    assert response["Accept-Ranges"] == "bytes"
    assert re.fullmatch(r"private, max-age=\d{5,}", response["Cache-Control"])


@pytest.mark.parametrize(
    "asked", ["bytes=160-", "bytes=5-4", "bytes=-0", "bytes=-", "bytes=0-1,5-6", "bytes=a-b", "lines=1-2", "bytes=٣-٤", "bytes=" + "9" * 5000 + "-"]
)
def test_no_such_part(cast, sign_in, base_map, asked):
    base_map(bytes(160))
    response = sign_in(cast.officer).get(ADDRESS, headers={"range": asked})
    assert (response.status_code, response["Content-Range"], response.content) == (416, "bytes */160", b"")


def test_no_more_than_a_little_at_once(cast, sign_in, base_map):
    path = base_map(b"")
    with path.open("wb") as file:
        file.truncate(MOST_BYTES * 3)
    client = sign_in(cast.officer)
    part = client.get(ADDRESS, headers={"range": "bytes=10-"})
    assert (part.status_code, len(part.content), part["Content-Range"]) == (206, MOST_BYTES, f"bytes 10-{MOST_BYTES + 9}/{MOST_BYTES * 3}")
    assert client.get(ADDRESS).status_code == 400
    head = client.head(ADDRESS, headers={"range": "bytes=0-1"})
    assert (head.status_code, head["Content-Length"]) == (200, str(MOST_BYTES * 3))


def test_the_whole_of_a_small_file(cast, sign_in, base_map):
    base_map(pmtiles())
    response = sign_in(cast.officer).get(ADDRESS)
    assert (response.status_code, response.content, response["Content-Type"]) == (200, pmtiles(), "application/vnd.pmtiles")


def test_what_is_known_already_is_not_sent_again(cast, sign_in, base_map):
    base_map(bytes(160))
    client = sign_in(cast.officer)
    tag = client.head(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"if-none-match": tag, "range": "bytes=0-1"}).status_code == 304
    assert client.get(ADDRESS, headers={"if-range": tag, "range": "bytes=0-1"}).status_code == 206
    base_map(bytes(161))
    assert client.get(ADDRESS, headers={"if-none-match": tag, "range": "bytes=0-1"}).status_code == 206
    assert client.get(ADDRESS, headers={"if-range": tag, "range": "bytes=0-1"}).status_code == 200


def test_without_a_file_there_is_none(cast, sign_in, settings, tmp_path):
    client = sign_in(cast.officer)
    for path in ("", str(tmp_path / "keiner.pmtiles"), str(tmp_path)):
        settings.MAP_PMTILES = path
        assert client.get(ADDRESS).status_code == 404
    assert "base-map" not in client.get("/peta/").content.decode()


def test_for_those_who_are_signed_in(cast, sign_in, base_map):
    base_map(pmtiles())
    assert sign_in(cast.chair).get(ADDRESS).status_code == 200
    assert sign_in(None).get(ADDRESS).url.startswith("/masuk/")
    assert sign_in(cast.officer).post(ADDRESS).status_code == 405


def test_every_page_says_where_it_lies(cast, sign_in, base_map):
    base_map(pmtiles())
    page = sign_in(cast.officer).get("/peta/").content.decode()
    assert re.search(r'<meta name="base-map" content="/peta/dasar.pmtiles\?v=[0-9a-f]+"', page)
    assert "dist/base_map" in page


def test_pages_that_the_phone_keeps_do_without(cast, sign_in, base_map):
    base_map(pmtiles())
    assert "base-map" not in sign_in(None).get("/luring/catat/dds/").content.decode()
