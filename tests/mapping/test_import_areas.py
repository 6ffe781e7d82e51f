"""Boundaries from files: what is loaded, what stands afterwards, and what is refused with which reason."""

import contextlib
import datetime
import io
import sqlite3
import struct
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from mapping.imports import load_areas
from mapping.models import Area, AreaShape
from tests.mapping.files import feature, polygon, square, written

DATA = Path(__file__).resolve().parents[3] / "shared/data/boundaries"
TODAY = datetime.date(2026, 11, 22)

pytestmark = pytest.mark.django_db


def counts(report):
    return {
        name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "vanished", "repaired", "refused") if getattr(report, name)
    }


def located(lon, lat, day=TODAY):
    area = Area.objects.locate(Point(lon, lat, srid=4326), day)
    return area and area.code


def test_an_area_comes_with_its_parents(tmp_path):
    report = load_areas(written(tmp_path, "desa.geojson", feature("3374111004", "Pedalangan \n")))
    assert counts(report) == {"added": 1}
    assert [str(line) for line in report.parents] == ["33 Jawa Tengah", "33.74 Kota Semarang", "33.74.11 Banyumanik"]
    area = Area.objects.get(code="33.74.11.1004")
    assert (area.name, area.level, area.parent.parent.parent.name) == ("Pedalangan", "KELURAHAN", "Jawa Tengah")
    shape = area.shapes.get()
    assert (shape.source, shape.is_current, shape.shape.geom_type) == ("desa", True, "MultiPolygon")
    assert shape.area_m2 == pytest.approx(4_885_000, rel=0.01)


def test_loading_again_changes_nothing(tmp_path):
    path = written(tmp_path, "desa.geojson.gz", feature(), feature("33.74.11.1003", "Padangsari", polygon(square(lat=-7.09))))
    load_areas(path)
    before = list(AreaShape.objects.order_by("pk").values())
    assert counts(load_areas(path)) == {"unchanged": 2}
    assert list(AreaShape.objects.order_by("pk").values()) == before


def test_a_better_drawing_takes_the_place_from_the_beginning(tmp_path):
    load_areas(written(tmp_path, "kasar.json", feature()))
    assert counts(load_areas(written(tmp_path, "halus.json", feature(geometry=polygon(square(size=0.03)))))) == {"changed": 1}
    assert located(110.445, -7.045) == "33.74.11.1004"
    assert located(110.445, -7.045, datetime.date(2001, 1, 1)) == "33.74.11.1004"
    assert AreaShape.objects.filter(is_current=True).get().source == "halus"


def test_an_older_source_loaded_again_is_current_again(tmp_path):
    old, new = (written(tmp_path, name, feature(geometry=polygon(square(size=size)))) for name, size in (("lama.json", 0.02), ("baru.json", 0.03)))
    for path in (old, new, old):
        load_areas(path)
    assert AreaShape.objects.count() == 2
    assert AreaShape.objects.filter(is_current=True).get().source == "lama"


def test_a_boundary_that_moved_keeps_the_days_before(tmp_path):
    load_areas(written(tmp_path, "batas.json", feature()), version="2020")
    moved = written(tmp_path, "batas.json", feature(geometry=polygon(square(lon=110.50))))
    start = datetime.date(2026, 1, 1)
    assert counts(load_areas(moved, version="2026", valid_from=start)) == {"changed": 1}
    assert counts(load_areas(moved, version="2026", valid_from=start)) == {"unchanged": 1}
    assert located(110.43, -7.06, datetime.date(2025, 12, 31)) == "33.74.11.1004"
    assert located(110.43, -7.06, start) is None
    assert located(110.51, -7.06, start) == "33.74.11.1004"


def test_a_better_drawing_of_a_moved_boundary_starts_when_that_one_did(tmp_path):
    start = datetime.date(2026, 1, 1)
    load_areas(written(tmp_path, "a.json", feature()))
    load_areas(written(tmp_path, "b.json", feature(geometry=polygon(square(lon=110.50)))), valid_from=start)
    load_areas(written(tmp_path, "c.json", feature(geometry=polygon(square(lon=110.505)))))
    assert located(110.43, -7.06, datetime.date(2025, 12, 31)) == "33.74.11.1004"
    assert located(110.43, -7.06, start) is None
    assert located(110.506, -7.06, start) == "33.74.11.1004"


def test_the_same_version_cannot_hold_for_two_spans(tmp_path):
    load_areas(written(tmp_path, "a.json", feature()))
    report = load_areas(written(tmp_path, "a.json", feature(geometry=polygon(square(lon=110.50)))), valid_from=datetime.date(2026, 1, 1))
    assert counts(report) == {"refused": 1}
    assert located(110.43, -7.06) == "33.74.11.1004"


def test_a_boundary_cannot_start_before_the_one_that_stands(tmp_path):
    load_areas(written(tmp_path, "a.json", feature()), valid_from=datetime.date(2026, 1, 1))
    report = load_areas(written(tmp_path, "b.json", feature(geometry=polygon(square(lon=110.50)))), valid_from=datetime.date(2025, 1, 1))
    assert counts(report) == {"refused": 1}


def test_drawings_kept_aside_change_nothing_on_the_map(tmp_path):
    load_areas(written(tmp_path, "a.json", feature()))
    aside = written(tmp_path, "b.json", feature(name="Lain", geometry=polygon(square(lon=110.50))))
    assert counts(load_areas(aside, is_current=False)) == {"added": 1}
    assert counts(load_areas(aside, is_current=False)) == {"unchanged": 1}
    assert located(110.51, -7.06) is None
    assert Area.objects.get(code="33.74.11.1004").name == "Pedalangan"


def test_a_new_name_is_a_change(tmp_path):
    load_areas(written(tmp_path, "a.json", feature()))
    assert counts(load_areas(written(tmp_path, "a.json", feature(name="Pedalangan Baru")))) == {"changed": 1}
    assert Area.objects.get(code="33.74.11.1004").name == "Pedalangan Baru"


def test_what_a_file_leaves_out_among_its_neighbours_is_named_and_stays(tmp_path):
    villages = [feature(f"33.74.11.100{n}", f"Desa {n}", polygon(square(lon=110 + n / 10))) for n in range(1, 5)]
    load_areas(written(tmp_path, "a.json", *villages))
    report = load_areas(written(tmp_path, "b.json", *villages[:3]))
    assert [line.code for line in report.vanished] == ["33.74.11.1004"]
    assert located(110.41, -7.06) == "33.74.11.1004"
    assert not load_areas(written(tmp_path, "satu.json", villages[0])).vanished


BOW_TIE = [[110.42, -7.07], [110.44, -7.05], [110.44, -7.07], [110.42, -7.05], [110.42, -7.07]]
SPIKE = [[110.42, -7.07], [110.44, -7.07], [110.44, -7.05], [110.44, -7.04], [110.44, -7.05], [110.42, -7.05], [110.42, -7.07]]


@pytest.mark.parametrize("ring", [BOW_TIE, SPIKE, square()[:-1]], ids=["bow tie", "spike", "open ring"])
def test_a_broken_ring_is_repaired_and_told(tmp_path, ring):
    report = load_areas(written(tmp_path, "a.json", feature(geometry=polygon(ring))))
    assert counts(report) == {"added": 1, "repaired": 1}
    assert report.repaired[0].reason
    shape = AreaShape.objects.get().shape
    assert shape.valid
    assert shape.geom_type == "MultiPolygon"
    assert counts(load_areas(written(tmp_path, "a.json", feature(geometry=polygon(ring))))) == {"unchanged": 1, "repaired": 1}


def test_heights_are_let_go(tmp_path):
    load_areas(written(tmp_path, "a.json", feature(geometry=polygon([[x, y, 250.0] for x, y in square()]))))
    assert not AreaShape.objects.get().shape.hasz


TRAPS = {
    "line": feature(geometry={"type": "LineString", "coordinates": square()}),
    "point": feature(geometry={"type": "Point", "coordinates": [110.4, -7]}),
    "no geometry": {"type": "Feature", "properties": {"kode": "33.74.11.1004", "nama": "Pedalangan"}, "geometry": None},
    "axes swapped": feature(geometry=polygon([[y, x] for x, y in square()])),
    "Paris": feature(geometry=polygon(square(2.3, 48.8))),
    "no code": feature(code=""),
    "code too short": feature(code="337411100"),
    "code of letters": feature(code="33.74.11.ABCD"),
    "code in other digits": feature(code="٣٣.74.11.1004"),
    "no name": feature(name=" \n"),
    "NUL in the name": feature(name="Peda\x00langan"),
    "half a surrogate in the name": feature(name="Peda\ud800langan"),
    "half a surrogate in the code": feature("33.74.11.\ud800"),
    "NUL in a parent's name": feature("34.01.01.1001", provinsi="Yogya\x00karta"),
    "half a surrogate in a parent's name": feature("34.01.01.1001", kecamatan="\udfff"),
    "name too long": feature(name="x" * 121),
    "parents unknown": feature("34.01.01.1001", provinsi=None, kabkota=None, kecamatan=None),
    "flat": feature(geometry=polygon([[110.4, -7], [110.5, -7], [110.4, -7], [110.4, -7]])),
    "two points": feature(geometry=polygon([[110.4, -7], [110.5, -7]])),
    "empty": feature(geometry={"type": "Polygon", "coordinates": []}),
    "words for numbers": feature(geometry=polygon([["a", "b"]] * 4)),
    "number for a ring": feature(geometry={"type": "Polygon", "coordinates": 7}),
    "not a number": feature(geometry=polygon([[float("nan"), float("nan")]] * 4)),
    "no feature": 7,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_refused_and_the_rest_loads(tmp_path, trap):
    good = feature("33.74.11.1003", "Padangsari", polygon(square(lat=-7.09)))
    report = load_areas(written(tmp_path, f"{trap}.json", TRAPS[trap], good))
    assert counts(report) == {"added": 1, "refused": 1}
    assert report.refused[0].reason
    assert [shape.area.code for shape in AreaShape.objects.select_related("area")] == ["33.74.11.1003"]


def test_a_number_of_thousands_of_digits_is_refused_where_it_stands(tmp_path):
    in_code, in_shape = feature("NUMBER"), feature(geometry=polygon([["NUMBER", -7], [110.5, -7], [110.5, -7.1]]))
    beside = feature("33.74.11.1003", "Padangsari", polygon(square(lat=-7.09)), luas="NUMBER")
    path = written(tmp_path, "a.json", in_code, in_shape, beside)
    path.write_text(path.read_text().replace('"NUMBER"', "9" * 5000))
    assert counts(load_areas(path)) == {"added": 1, "refused": 2}


def test_what_is_said_of_a_refused_feature_can_be_shown(tmp_path):
    report = load_areas(written(tmp_path, "a.json", feature("33\ud800", "Peda\udfff\x00")))
    assert "".join(map(str, report.refused)).encode()


def test_a_mangled_name_of_a_parent_that_is_known_does_no_harm(tmp_path):
    load_areas(written(tmp_path, "a.json", feature()))
    other = feature("33.74.11.1003", "Padangsari", polygon(square(lat=-7.09)), kecamatan="Banyu\ud800manik")
    assert counts(load_areas(written(tmp_path, "b.json", other))) == {"added": 1}


def test_a_code_that_occurs_twice_is_taken_once(tmp_path):
    assert counts(load_areas(written(tmp_path, "a.json", feature(), feature(geometry=polygon(square(lon=110.5)))))) == {"added": 1, "refused": 1}


def test_parents_may_stand_further_down_the_file(tmp_path):
    child = feature(provinsi=None, kabkota=None, kecamatan=None)
    parents = [feature(code, code, polygon(square())) for code in ("33.74.11", "33.74", "33")]
    assert counts(load_areas(written(tmp_path, "a.json", child, *parents))) == {"added": 4}


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"features": [', b"[]", b"\xff\xfe\x00", b"\x1f\x8bnot gzip", b'{"features": []}', b'{"features": [' + b"[" * 100_000]
)
def test_a_file_that_is_none_says_so(content):
    with pytest.raises(ValidationError):
        load_areas(io.BytesIO(content))
    assert not Area.objects.exists()


def test_a_file_cut_off_leaves_nothing_behind(tmp_path):
    path = written(tmp_path, "a.json", *(feature(f"33.74.11.{1000 + n}", f"Desa {n}") for n in range(30)))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValidationError):
        load_areas(path)
    assert not Area.objects.exists()


def test_an_upload_is_read_like_a_path(tmp_path):
    with written(tmp_path, "a.json", feature()).open("rb") as upload:
        assert counts(load_areas(upload, source="BIG")) == {"added": 1}
        assert not upload.closed


def test_few_queries_whatever_the_number(tmp_path, django_assert_max_num_queries):
    path = written(tmp_path, "a.json", *(feature(f"33.74.11.{1000 + n}", f"Desa {n}", polygon(square(lon=110 + n / 1000))) for n in range(300)))
    with django_assert_max_num_queries(20):
        load_areas(path)


def test_the_command_prints_what_became_of_the_file(tmp_path, capsys):
    call_command("import_areas", written(tmp_path, "a.json", feature(), TRAPS["line"], TRAPS["Paris"]), "--source", "BIG", "--version", "2025")
    output = capsys.readouterr()
    assert output.out == "1 added, 0 changed, 0 unchanged, 0 vanished, 0 repaired, 2 refused, 3 parents created\n"
    assert "occurs twice" in output.err
    assert AreaShape.objects.get().version == "2025"
    with pytest.raises(CommandError):
        call_command("import_areas", tmp_path / "nowhere.json")


def test_a_geopackage_is_read_through_gdal(tmp_path):
    path = tmp_path / "desa.gpkg"
    write_geopackage(path, Polygon(square()))
    assert counts(load_areas(path)) == {"added": 1}
    assert located(110.43, -7.06) == "33.74.11.1004"


def write_geopackage(path, shape):
    """The least that OGC 12-128 asks of a GeoPackage: a SQLite file with one layer of one feature."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript("""
            PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;
            CREATE TABLE gpkg_spatial_ref_sys
                (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);
            INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'undefined', '');
            CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT, last_change TEXT,
                min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
            INSERT INTO gpkg_contents VALUES ('desa', 'features', 'desa', '', '2026-01-01T00:00:00.000Z', NULL, NULL, NULL, NULL, 4326);
            CREATE TABLE gpkg_geometry_columns
                (table_name TEXT PRIMARY KEY, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
            INSERT INTO gpkg_geometry_columns VALUES ('desa', 'geom', 'POLYGON', 4326, 0, 0);
            CREATE TABLE desa (fid INTEGER PRIMARY KEY, geom BLOB, kode TEXT, nama TEXT, provinsi TEXT, kabkota TEXT, kecamatan TEXT);
        """)
        head = b"GP" + struct.pack("<BBi", 0, 1, 4326)
        db.execute(
            "INSERT INTO desa VALUES (1, ?, '33.74.11.1004', 'Pedalangan', 'Jawa Tengah', 'Kota Semarang', 'Banyumanik')", [head + bytes(shape.wkb)]
        )
        db.commit()


@pytest.mark.skipif(not DATA.exists(), reason="the optional data folder ../shared/data is not there")
def test_the_villages_of_semarang(django_assert_max_num_queries):
    path = DATA / "kota_semarang_kelurahan_kemendagri.geojson"
    with django_assert_max_num_queries(25):
        first = load_areas(path)
    assert counts(first) == {"added": 177}
    assert len(first.parents) == 18
    assert counts(load_areas(path)) == {"unchanged": 177}
    assert sum(AreaShape.objects.values_list("area_m2", flat=True)) == pytest.approx(369.73e6, rel=0.001)
    assert located(110.4280, -7.0629) == "33.74.11.1004"


def test_an_operator_loads_the_own_city_alone(tmp_path):
    path = written(
        tmp_path, "a.json", feature(), feature("33.73.01.1001", "Salatiga", polygon(square(lon=110.5)), kabkota="Salatiga", kecamatan="Sidorejo")
    )
    report = load_areas(path, within=["33.74"])
    assert counts(report) == {"added": 1, "refused": 1}
    assert [line.code for line in report.refused] == ["33.73.01.1001"]
    assert not Area.objects.filter(code__startswith="33.73").exists()
