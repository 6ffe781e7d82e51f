"""Vector tiles: what PostGIS encodes, decoded by hand, and who gets what."""

import math

import pytest
from django.urls import reverse

from tests.summaries.test_map import make_visits
from tests.summaries.test_map_counts import make_post

# The tile of zoom 12 round Pedalangan (110.42 to 110.44, -7.07 to -7.05).
Z12 = (12, 3304, 2128)


def tile_of(point, zoom):
    """Column and row of the tile in which a point lies, as web maps count."""
    row = (1 - math.asinh(math.tan(math.radians(point.y))) / math.pi) / 2
    return zoom, int((point.x + 180) / 360 * 2**zoom), int(row * 2**zoom)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at


def fields(data):
    """(number, value) of a protocol buffer message; length-delimited values as bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 2:
            length, at = varint(data, at)
            yield key >> 3, data[at : at + length]
            at += length
        else:
            value, at = varint(data, at)
            yield key >> 3, value


def decoded(data):
    """Of the first layer: its name and the properties of each feature. Mapbox Vector Tile Specification 2.1, 4."""
    layers = [value for number, value in fields(data) if number == 3]
    if not layers:
        return "", []
    layer = list(fields(layers[0]))
    keys = [value.decode() for number, value in layer if number == 3]
    values = [next(fields(value))[1] for number, value in layer if number == 4]
    return next(value.decode() for number, value in layer if number == 1), [tags(value, keys, values) for number, value in layer if number == 2]


def tags(feature, keys, values):
    packed = next((value for number, value in fields(feature) if number == 2), b"")
    numbers, at = [], 0
    while at < len(packed):
        number, at = varint(packed, at)
        numbers.append(number)
    said = zip(numbers[::2], numbers[1::2], strict=True)
    return {keys[key]: value.decode() if isinstance(value := values[index], bytes) else value for key, index in said}


def tile(client, layer, z, x, y, **query):
    response = client.get(reverse("api:map_tile", args=[layer, z, x, y]), query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    return decoded(response.content)


def test_far_tiles_count_in_cells_and_near_ones_show_each(cast, api):
    reports = make_visits(cast, 30)
    client = api(cast.kapolsek)
    name, features = tile(client, "visits", *Z12)
    assert name == "visits"
    assert sum(feature["count"] for feature in features) == 30
    assert len(features) < 30
    near = tile(client, "visits", *tile_of(reports[7].location, 16))[1]
    assert str(reports[7].uuid) in {feature["id"] for feature in near}
    assert {feature["count"] for feature in near} == {1}
    assert near[0]["kind"] == "DDS"


def test_areas_come_with_code_and_name(cast, api):
    name, features = tile(api(cast.officer), "areas", *Z12)
    assert name == "areas"
    assert {"code": "33.74.11.1004", "name": "Pedalangan", "level": "KELURAHAN"} in features


def test_nobody_gets_what_is_not_theirs(cast, api):
    make_visits(cast, 5)
    make_post(cast)
    for person, count in ((cast.officer, 5), (cast.colleague, 0), (cast.outsider, 0), (cast.kapolres, 5)):
        assert sum(feature["count"] for feature in tile(api(person), "visits", *Z12)[1]) == count
    assert tile(api(cast.outsider), "posts", *Z12) == ("", [])
    assert tile(api(cast.spkt), "visits", *Z12) == ("", [])
    for person in (cast.secretary, cast.polda_reader, cast.admin):
        assert api(person).get(reverse("api:map_tile", args=["visits", *Z12])).status_code == 404


@pytest.mark.parametrize("path", ["secrets/12/1/1", "visits/30/1/1", "visits/2/4/1", "visits/2/1/4", "visits/x/1/1", "visits/99999999999999/1/1"])
def test_what_is_no_tile_is_not_found(cast, api, path):
    assert api(cast.officer).get(f"/api/v1/tiles/{path}.mvt").status_code == 404


def test_filters_hold_for_tiles(cast, api):
    make_visits(cast, 5, days_ago=40)
    client = api(cast.kapolsek)
    assert tile(client, "visits", *Z12)[1] == []
    assert client.get(reverse("api:map_tile", args=["visits", *Z12]), {"from": "x"}).status_code == 400
    assert tile(client, "visits", *Z12, kinds="visits:PATROLI", **{"from": "2026-01-01"})[1] == []
