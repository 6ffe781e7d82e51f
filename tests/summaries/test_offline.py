"""What a phone keeps to work without network: pages that hold nobody's data, and the numbers of the first page."""

import json
import re

import pytest

from polmas.summaries.shells import SHELLS
from tests.cast import PEDALANGAN
from tests.patrol.items import file_report


def manifest(client):
    response = client.get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    return json.loads(response.content.decode().split(";\n", 1)[0].removeprefix("self.POLMAS = "))


@pytest.mark.parametrize("name", sorted(SHELLS))
def test_a_kept_page_is_the_same_for_everybody_and_names_nobody(cast, sign_in, name):
    pages = [sign_in(person).get(f"/luring/{name}/").content.decode() for person in (cast.officer, cast.kapolres, None)]
    bare = {re.sub(r'nonce="[^"]*"', "", page) for page in pages}
    assert len(bare) == 1
    assert "Sutrisno" not in pages[0]
    assert "csrfmiddlewaretoken" not in pages[0]


def test_the_worker_lists_pages_and_all_that_they_load(cast, sign_in):
    listed = manifest(sign_in(None))
    urls = {file["url"] for file in listed["files"]}
    assert {f"/luring/{name}/" for name in SHELLS} <= urls
    for start in ("/static/dist/entry.", "/static/dist/lib/exif.", "/static/dist/app.", "/static/leaflet/leaflet.", "/jsi18n/"):
        assert any(url.startswith(start) for url in urls), start
    assert not any("dashboard" in url for url in urls)
    answers = {address: next(url for pattern, url in listed["shells"] if re.match(pattern, address)) for address in ("/", "/catat/dds/", "/antrean/")}
    assert answers == {"/": "/luring/beranda/", "/catat/dds/": "/luring/catat/dds/", "/antrean/": "/luring/antrean/"}


def test_an_unchanged_worker_is_not_sent_again(cast, sign_in):
    client = sign_in(None)
    tag = client.get("/sw.js")["ETag"]
    assert client.get("/sw.js", headers={"if-none-match": tag}).status_code == 304


def test_the_first_page_comes_as_data_too(cast, sign_in):
    file_report(cast.officer, location=dict(PEDALANGAN))
    home = sign_in(cast.officer).get("/api/v1/home/").json()
    assert [village["code"] for village in home["villages"]] == ["33.74.11.1003", "33.74.11.1004"]
    [visit] = home["next_visits"]
    assert (visit["slug"], visit["rw"], visit["register"]) == ("dds", "005", "household")


def test_the_own_reports_alone(cast, api):
    mine = file_report(cast.officer)
    file_report(cast.colleague)
    answer = api(cast.officer).get("/api/v1/reports/?mine=true").json()
    assert [report["id"] for report in answer["results"]] == [str(mine.uuid)]
