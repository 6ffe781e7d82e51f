"""The map on paper: what is drawn where, and for whom."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse

from polmas.people.models import Document
from polmas.summaries.maps.drawing import HEIGHT, WIDTH, Sheet
from polmas.summaries.tasks import render_map
from tests.summaries.test_map import BOX, make_visits
from tests.summaries.test_map_counts import make_post

NEAR = {"petak": "110.42,-7.07,110.44,-7.05", "zoom": 16}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(client, **query):
    response = client.get(reverse("summaries:map_print"), {**NEAR, **query})
    assert response.status_code == 200
    [svg] = re.findall(r"<svg xmlns.*?</svg>", response.content.decode(), re.DOTALL)
    return response, ET.fromstring(svg)  # noqa: S314 - our own page


def test_the_sheet_keeps_the_shape_of_the_land():
    sheet = Sheet.of((110.42, -7.07, 110.44, -7.05))
    assert list(sheet.at(110.43, -7.06)) == pytest.approx([WIDTH / 2, HEIGHT / 2], abs=0.2)
    left, top = sheet.at(110.42, -7.05)
    right, bottom = sheet.at(110.44, -7.07)
    assert right - left == pytest.approx(bottom - top, rel=0.02)  # near the equator a degree east is as long as one north
    assert bottom - top == pytest.approx(HEIGHT, abs=0.2)
    west, south, east, north = sheet.bbox
    assert west < 110.42 < 110.44 < east
    assert [south, north] == pytest.approx([-7.07, -7.05])
    assert sheet.bar["label"] == "500 m"


def test_single_things_are_numbered_and_listed(cast, sign_in):
    make_visits(cast, 3)
    make_post(cast, "<script>alert(1)</script>")
    response, svg = drawn(sign_in(cast.officer), lapisan=["visits", "posts"])
    assert [text.text for text in svg.iter(f"{SVG}text") if text.text in {"1", "2", "3", "4"}] == ["1", "2", "3", "4"]
    assert "Pedalangan" in [text.text for text in svg.iter(f"{SVG}text")]
    assert len(response.context["map"]["listed"]) == 4
    assert "nomornya dalam daftar di bawah" in response.content.decode()
    assert "banyaknya di tempat itu" not in response.content.decode()
    assert "<script>alert" not in response.content.decode()
    assert {row["count"] for row in response.context["map"]["legend"]} == {3, 1}


def test_far_things_are_counted(cast, sign_in):
    make_visits(cast, 12)
    response, svg = drawn(sign_in(cast.officer), petak=BOX, zoom=8)
    assert "12" in [text.text for text in svg.iter(f"{SVG}text")]
    assert response.context["map"]["listed"] == []
    assert "banyaknya di tempat itu" in response.content.decode()


def test_nobody_draws_what_is_not_theirs(cast, sign_in):
    make_visits(cast, 3)
    for person, count in ((cast.officer, 3), (cast.colleague, 0), (cast.outsider, 0), (cast.kapolres, 3)):
        assert drawn(sign_in(person))[0].context["map"]["legend"][0]["count"] == count


@pytest.mark.parametrize("petak", ["", "x", "nan,nan,nan,nan", "0,89,1,90", "110,-7,110.0000001,-6.9999999", "-180,-90,180,90"])
def test_any_part_of_the_world_is_drawn(cast, sign_in, petak):
    make_visits(cast, 3)
    for zoom in (16, "x"):
        response, svg = drawn(sign_in(cast.officer), petak=petak, zoom=zoom)
        groups = [(mark.get("cx"), mark.get("cy")) for mark in svg.iter(f"{SVG}circle")]
        singles = [re.findall(r"[-\d.]+", mark.get("transform")) for mark in svg.iter(f"{SVG}rect") if mark.get("transform")]
        marks = [(float(x), float(y)) for x, y in (*groups, *singles)]
        assert sum(row["count"] for row in response.context["map"]["legend"]) == (3 if marks else 0)
        assert all(-30 < x < WIDTH + 30 and -30 < y < HEIGHT + 30 for x, y in marks)
        assert response.context["map"]["bar"]["width"] > 0


def test_a_worker_makes_the_pdf_of_the_reader(cast, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_visits(cast, 3)
    client = sign_in(cast.kapolsek)
    first = client.get(reverse("summaries:map_pdf"), NEAR)
    assert "saat=" in first.url
    assert client.get(first.url).status_code == 202
    document = Document.objects.get(kind="map")
    render_map(document.pk)
    ready = client.get(first.url)
    assert ready["Content-Type"] == "application/pdf"
    assert b"".join(ready.streaming_content).startswith(b"%PDF")


def test_a_paper_of_another_post_is_not_fetched_again(cast, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(cast.kapolsek)
    address = client.get(reverse("summaries:map_pdf"), NEAR).url
    client.get(address)
    cast.kapolsek.postings.update(unit=cast.units.gajahmungkur)
    client.get(address)
    assert Document.objects.filter(kind="map").count() == 2
