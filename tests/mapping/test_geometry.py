"""Places that people draw or programs send: what is taken, repaired and refused, and the field of a form."""

import json

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from mapping.fields import ShapeField, shape_asked
from mapping.geometry import MOST_VERTICES, POINT, geojson, geometry_of, point_of, square_kilometres

SQUARE = [[110.42, -7.07], [110.43, -7.07], [110.43, -7.06], [110.42, -7.06]]
POLYGON = {"type": "Polygon", "coordinates": [[*SQUARE, SQUARE[0]]]}
POINT_JSON = {"type": "Point", "coordinates": [110.428, -7.0629]}


def test_points_outlines_and_features_are_read():
    assert geojson(geometry_of(POINT_JSON)) == POINT_JSON
    assert geojson(geometry_of(json.dumps(POLYGON)))["type"] == "Polygon"
    assert geometry_of({"type": "Feature", "properties": {}, "geometry": POINT_JSON}).geom_type == "Point"
    two = {"type": "MultiPolygon", "coordinates": [POLYGON["coordinates"], [[[x + 0.1, y] for x, y in SQUARE]]]}
    assert geometry_of(two).geom_type == "MultiPolygon"
    assert geometry_of(POLYGON).srid == 4326


def test_rings_are_closed_heights_dropped_and_bow_ties_repaired():
    assert geometry_of({"type": "Polygon", "coordinates": [SQUARE]}).valid
    assert not geometry_of({"type": "Point", "coordinates": [110.4, -7.06, 200]}).hasz
    tie = geometry_of({"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]]})
    assert tie.valid
    assert tie.geom_type == "MultiPolygon"
    assert tie.srid == 4326


def test_the_size_of_a_square_of_about_a_kilometre():
    assert square_kilometres(geometry_of(POLYGON)) == pytest.approx(1.23, abs=0.01)


WIDE = [[100, -1], [101, -1], [101, 0], [100, 0]]
MANY = [[110.4 + n / 1e5, -7 - (n % 2) / 1e3] for n in range(MOST_VERTICES + 1)]
REFUSED = [
    None,
    [],
    "",
    "{",
    "null",
    "[1]",
    '{"type": "Point", "coordinates": ' + "[" * 40_000,
    "x" * 200_000,
    {},
    {"type": "Point"},
    {"type": "Point", "coordinates": []},
    {"type": "Point", "coordinates": [110.4]},
    {"type": "Point", "coordinates": ["110.4", "-7"]},
    {"type": "Point", "coordinates": [True, False]},
    {"type": "Point", "coordinates": [10**400, -7]},
    {"type": "Point", "coordinates": [4.3, 52.1]},
    {"type": "Point", "coordinates": [-7.06, 110.4]},
    '{"type": "Point", "coordinates": [NaN, Infinity]}',
    {"type": ["Point"], "coordinates": [110.4, -7]},
    {"type": "LineString", "coordinates": SQUARE},
    {"type": "GeometryCollection", "geometries": [POINT_JSON]},
    {"type": "Polygon", "coordinates": [SQUARE[:2]]},
    {"type": "Polygon", "coordinates": [[SQUARE[0]] * 5]},
    {"type": "Polygon", "coordinates": SQUARE},
    {"type": "Polygon", "coordinates": [{}]},
    {"type": "Polygon", "coordinates": [[*SQUARE[:3], None]]},
    {"type": "Polygon", "coordinates": [WIDE]},
    {"type": "Polygon", "coordinates": [MANY]},
    {"type": "MultiPolygon", "coordinates": POLYGON["coordinates"]},
    {"type": "Feature", "geometry": {"type": "Feature", "geometry": POINT_JSON}},
]


@pytest.mark.parametrize("value", REFUSED, ids=[str(value)[:40] for value in REFUSED])
def test_what_is_no_place_is_refused_with_a_sentence(value):
    with pytest.raises(ValidationError) as error:
        geometry_of(value)
    assert error.value.messages[0].endswith(".")


@pytest.mark.parametrize("text", ["-7.0629, 110.428", "-7.0629 110.428", "-7,0629, 110,428", " -7.0629;110.428 "])
def test_a_point_is_typed_as_phones_show_it(text):
    assert geojson(point_of(text)) == POINT_JSON


@pytest.mark.parametrize("text", ["", ",", "-7.0629", "a, b", "110.428, -7.0629", "nan, nan", "1, 2, 3", "1e999, 110", "9" * 5000 + ", 1"])
def test_other_words_are_no_point(text):
    with pytest.raises(ValidationError):
        point_of(text)


class ShapeForm(forms.Form):
    shape = ShapeField(required=False)


class PinForm(forms.Form):
    pin = ShapeField(kinds=[POINT], required=False)


def test_what_is_typed_counts_before_what_is_drawn():
    drawn = json.dumps(POLYGON)
    for data, kind in (
        ({"shape": drawn}, "Polygon"),
        ({"shape": drawn, "shape_point": "-7.06, 110.42"}, "Point"),
        ({"shape": json.dumps(POINT_JSON), "shape_point": "-7.06, 110.42"}, "Point"),
    ):
        form = ShapeForm(data)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["shape"].geom_type == kind
    form = ShapeForm({"shape": json.dumps(POINT_JSON), "shape_point": ""})  # without JavaScript: the line was emptied
    assert form.is_valid()
    assert form.cleaned_data["shape"] is None


def test_a_refused_form_keeps_what_was_drawn_or_typed():
    wide = json.dumps({"type": "Polygon", "coordinates": [WIDE]})
    page = str(ShapeForm({"shape": wide})["shape"])
    assert "100, -1" in page
    assert 'value="di sini"' in str(ShapeForm({"shape_point": "di sini"})["shape"])
    assert not PinForm({"pin": json.dumps(POLYGON)}).is_valid()
    assert not PinForm({"pin": "{\0"}).is_valid()


def test_a_form_knows_whether_the_place_changed():
    initial = {"shape": geometry_of(POLYGON)}
    assert not ShapeForm({"shape": json.dumps(POLYGON)}, initial=initial).has_changed()
    assert ShapeForm({"shape": ""}, initial=initial).has_changed()


def test_an_address_may_ask_for_a_place_and_nonsense_asks_for_none():
    asked = lambda text: shape_asked(QueryDict(text))  # noqa: E731
    assert geojson(asked("titik=-7.0629,110.428")) == POINT_JSON
    assert asked(f"bentuk={json.dumps(POLYGON)}").geom_type == "Polygon"
    for text in ("", "titik=", "titik=x", "titik=%00", "bentuk={", "bentuk=%00", "titik=52,4"):
        assert asked(text) is None
