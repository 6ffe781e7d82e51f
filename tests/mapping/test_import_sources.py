"""Boundaries of other sources: their formats, projections, letters, columns and codes; and what differs between two of them."""

import datetime
import gzip
import io
import json
import zipfile

import pytest
from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import GEOSGeometry, Point
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from mapping.geofiles import Reading
from mapping.import_terms import Naming
from mapping.imports import load_areas
from mapping.models import Area, AreaShape
from tests.mapping.files import PARENTS, feature, polygon, square, written
from tests.mapping.gis_files import DBF_ONLY, geopackage, shapefile
from tests.mapping.test_import_areas import counts, located

pytestmark = pytest.mark.django_db

PEDALANGAN = {"kode": "33.74.11.1004", "nama": "Pedalangan", **PARENTS}
LISTED = datetime.date(2024, 1, 1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def utm(number, ring=None):
    """A ring in metres of a UTM zone."""
    turn = CoordTransform(SpatialReference(4326), SpatialReference(number))
    shape = GEOSGeometry(json.dumps(polygon(ring or square())), srid=4326)
    return [list(point[:2]) for point in shape.transform(turn, clone=True).coords[0]]


@pytest.fixture
def official(db):
    """Three villages of the official list, and a city with a namesake of one of them."""
    names = {
        "33": "Jawa Tengah",
        "33.74": "Kota Semarang",
        "33.74.11": "Banyumanik",
        "33.74.11.1003": "Padangsari",
        "33.74.11.1004": "Pedalangan",
        "33.73": "Kota Salatiga",
        "33.73.01": "Sidorejo",
        "33.73.01.1001": "Pedalangan",
    }
    return Area.objects.make(names, {}, listed_on=LISTED)


@pytest.mark.parametrize("zone", [32748, 32749])
@pytest.mark.parametrize("form", ["shp", "zip", "gpkg"])
def test_other_projections_are_turned(tmp_path, zone, form):
    ring = utm(zone)
    if form == "gpkg":
        path = geopackage(tmp_path / "desa.gpkg", ring, PEDALANGAN, zone)
    else:
        path = shapefile(tmp_path, "desa", [(ring, PEDALANGAN)], SpatialReference(zone).wkt, is_zipped=form == "zip")
    report = load_areas(path)
    assert counts(report) == {"added": 1}
    assert "UTM" in report.notes[0]
    assert located(110.43, -7.06) == "33.74.11.1004"
    assert AreaShape.objects.get().area_m2 == pytest.approx(4_885_000, rel=0.01)


@pytest.mark.parametrize("name", ["EPSG:32749", "urn:ogc:def:crs:EPSG::32749"])
def test_geojson_may_name_a_projection_as_it_did_before_2016(tmp_path, name):
    path = tmp_path / "a.geojson"
    crs = {"type": "name", "properties": {"name": name}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature(geometry=polygon(utm(32749)))]}))
    assert counts(load_areas(path)) == {"added": 1}
    assert located(110.43, -7.06) == "33.74.11.1004"


def test_metres_without_a_projection_are_refused_until_it_is_named(tmp_path):
    path = shapefile(tmp_path, "desa", [(utm(32749), PEDALANGAN)], "")
    with pytest.raises(ValidationError, match="32749") as refusal:
        load_areas(path)
    assert refusal.value.code == "srid"
    assert not Area.objects.exists()
    with pytest.raises(ValidationError, match="999999"):
        load_areas(path, Reading(srid=999999))
    assert counts(load_areas(path, Reading(srid=32749))) == {"added": 1}
    assert located(110.43, -7.06) == "33.74.11.1004"


def test_swapped_axes_are_noticed_and_swapped_when_asked(tmp_path, capsys):
    villages = [(f"33.74.11.100{n}", square(lon=110 + n / 10)) for n in range(1, 4)]
    path = written(tmp_path, "a.json", *(feature(code, code, polygon([[y, x] for x, y in ring])) for code, ring in villages))
    with pytest.raises(ValidationError) as refusal:
        load_areas(path)
    assert refusal.value.code == "swap_axes"
    assert not Area.objects.exists()
    with pytest.raises(CommandError, match="--swap-axes"):
        call_command("import_areas", path)
    call_command("import_areas", path, "--swap-axes")
    assert capsys.readouterr().out.startswith("3 added")
    assert located(110.11, -7.06) == "33.74.11.1001"


def test_swapped_axes_of_a_shapefile(tmp_path):
    path = shapefile(tmp_path, "desa", [([[y, x] for x, y in square()], PEDALANGAN)], SpatialReference(4326).wkt)
    with pytest.raises(ValidationError):
        load_areas(path)
    assert counts(load_areas(path, Reading(swap_axes=True))) == {"added": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1"])
def test_letters_of_a_shapefile_are_found(tmp_path, encoding):
    said = {**PEDALANGAN, "nama": "Regapú’u" if encoding != "latin-1" else "Regapúu"}
    load_areas(shapefile(tmp_path, "desa", [(square(), said)], "", encoding=encoding))
    assert Area.objects.get(code="33.74.11.1004").name == said["nama"]


@pytest.mark.parametrize(("encoding", "name"), [("utf-8-sig", "Regapu’u"), ("utf-16", "Regapu’u"), ("cp1252", "Regapu’u é"), ("latin-1", "Regapúu")])
@pytest.mark.parametrize("is_packed", [True, False])
def test_letters_of_geojson_are_found(tmp_path, encoding, name, is_packed):
    content = json.dumps({"type": "FeatureCollection", "features": [feature(name=name)]}, ensure_ascii=False).encode(encoding)
    path = tmp_path / "a.geojson"
    path.write_bytes(gzip.compress(content) if is_packed else content)
    load_areas(path)
    assert Area.objects.get(code="33.74.11.1004").name == name


def test_an_encoding_may_be_named(tmp_path):
    path = shapefile(tmp_path, "desa", [(square(), {**PEDALANGAN, "nama": "Pedaлangan"})], "", encoding="cp1251")
    load_areas(path, Reading(encoding="cp1251"))
    assert Area.objects.get(code="33.74.11.1004").name == "Pedaлangan"
    for strange in ("no-such", "base64", "x\0y"):
        with pytest.raises(ValidationError, match="encoding"):
            load_areas(path, Reading(encoding=strange))


@pytest.mark.parametrize(
    ("code_field", "name_field"),
    [("KDEPUM", "NAMOBJ"), ("kode_desa", "nama_desa"), ("iddesa", "nmdesa"), ("KODE_X", "DESA"), ("Kemendagri 2024", "village")],
)
def test_columns_are_found_by_name_or_content(tmp_path, code_field, name_field):
    said = {"provinsi": "Jawa Tengah", "kabkota": "Kota Semarang", "kecamatan": "Banyumanik", "OBJECTID": 12}
    one, two = feature(geometry=polygon()), feature(geometry=polygon(square(lat=-7.09)))
    one["properties"] = {**said, code_field: "3374111004", name_field: "Pedalangan"}
    two["properties"] = {**said, code_field: "3374111003", name_field: "Padangsari"}
    assert counts(load_areas(written(tmp_path, "a.json", one, two))) == {"added": 2}
    assert Area.objects.get(code="33.74.11.1003").name == "Padangsari"


def test_columns_may_be_named_and_those_there_are_told(tmp_path):
    odd = feature()
    odd["properties"] = {"A": "33.74.11.1004", "B": "Pedalangan", "C": 1, **PARENTS}
    odd["properties"].pop("kecamatan")
    odd["properties"]["KECAMATAN"] = "Banyumanik"
    path = written(tmp_path, "a.json", odd)
    assert counts(load_areas(path, naming=Naming("a", "b"))) == {"added": 1}
    with pytest.raises(ValidationError, match="There is no field X") as refusal:
        load_areas(path, naming=Naming("X"))
    assert "a, b, c" in refusal.value.messages[0]
    nothing = {"type": "Feature", "properties": {"Z": 1, "Y": "x"}, "geometry": polygon()}
    with pytest.raises(ValidationError, match="z, y"):
        load_areas(written(tmp_path, "b.json", nothing))


def test_without_codes_names_within_named_parents_do(tmp_path, official):
    known = feature(geometry=polygon(), code="")
    known["properties"] = {"NAMOBJ": "PEDALANGAN", "WADMKC": "Banyumanik", "WADMKK": "Kota Semarang", "WADMPR": "Jawa Tengah"}
    lake = {**known, "properties": {**known["properties"], "NAMOBJ": "Rawa Pening"}}
    nowhere = {**known, "properties": {"NAMOBJ": "Pedalangan"}}
    report = load_areas(written(tmp_path, "a.json", known, lake, nowhere))
    assert counts(report) == {"added": 1, "refused": 2}
    assert [line.code for line in report.matched] == ["33.74.11.1004"]


def test_codes_of_another_office_give_way_to_names(tmp_path, official):
    """BPS counts kecamatan in three digits and villages in three: the same ten digits say something else."""
    bps = [feature("3374050004", "Pedalangan"), feature("3374051003", "Padangsari", polygon(square(lat=-7.09)))]
    report = load_areas(written(tmp_path, "a.json", *bps))
    assert counts(report) == {"added": 2}
    assert sorted(line.code for line in report.matched) == ["33.74.11.1003", "33.74.11.1004"]


def test_a_code_that_contradicts_its_name_is_refused(tmp_path, official):
    report = load_areas(written(tmp_path, "a.json", feature("33.74.11.1003", "Pedalangan"), feature("33.74.11.1004", "Pedalangan")))
    assert counts(report) == {"added": 1, "refused": 1}
    assert "Padangsari" in report.refused[0].reason


def test_a_lake_recorded_as_a_village_is_refused(tmp_path, official):
    lake = feature("33.74.11.1088", "Danau Rawa Pening", polygon(square(lat=-7.09)))
    assert counts(load_areas(written(tmp_path, "a.json", lake, feature()))) == {"added": 1, "refused": 1}


def test_a_hole_outside_its_outline_is_told(tmp_path):
    report = load_areas(written(tmp_path, "a.json", feature(geometry=polygon(square(), square(lon=110.5)))))
    assert counts(report) == {"added": 1, "repaired": 1}
    assert "hole" in report.repaired[0].reason


def test_polygons_of_a_collection_are_taken(tmp_path):
    mixed = {"type": "GeometryCollection", "geometries": [polygon(), {"type": "Point", "coordinates": [110, -7]}]}
    bare = {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [110, -7]}]}
    deep = bare
    for _depth in range(300):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    rest = [feature(f"33.74.11.200{n}", "Lain", shape) for n, shape in enumerate((bare, deep))]
    assert counts(load_areas(written(tmp_path, "a.json", feature(geometry=mixed), *rest))) == {"added": 1, "repaired": 1, "refused": 2}


def test_a_coordinate_that_is_no_number_spoils_one_feature(tmp_path):
    ring = square()
    ring[2] = [float("nan"), -7.05]
    good = feature("33.74.11.1003", "Padangsari", polygon(square(lat=-7.09)))
    assert counts(load_areas(written(tmp_path, "a.json", feature(geometry=polygon(ring)), good))) == {"added": 1, "refused": 1}


def test_heights_and_measures_of_a_shapefile_are_let_go(tmp_path):
    path = shapefile(tmp_path, "desa", [(square(), PEDALANGAN)], "", has_heights=True)
    assert counts(load_areas(path)) == {"added": 1}
    assert not AreaShape.objects.get().shape.hasz


def truncated(path, share=0.6):
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


def test_broken_containers_say_so_and_leave_nothing(tmp_path):
    villages = [(square(lon=110 + n / 10), {**PEDALANGAN, "kode": f"33.74.11.{1000 + n}"}) for n in range(20)]
    whole = shapefile(tmp_path, "desa", villages, "", is_zipped=True)
    gz = written(tmp_path, "a.geojson.gz", *(feature(f"33.74.11.{1000 + n}") for n in range(50)))
    foreign = tmp_path / "lain.zip"
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("../../etc/desa.txt", "x")
    script = tmp_path / "skrip.gpkg"
    script.write_text("<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>")
    for path in (truncated(whole), truncated(gz), foreign, script, truncated(geopackage(tmp_path / "a.gpkg", square(), PEDALANGAN), 0.3)):
        with pytest.raises(ValidationError):
            load_areas(path)
    assert not Area.objects.exists()


def test_a_shapefile_cut_off_gives_what_it_holds(tmp_path):
    villages = [(square(lon=110 + n / 10), {**PEDALANGAN, "kode": f"33.74.11.{1000 + n}"}) for n in range(10)]
    truncated(shapefile(tmp_path, "desa", villages, ""))
    report = load_areas(tmp_path / "desa.shp")
    assert len(report.added) >= 4
    assert len(report.added) + len(report.refused) == 10


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("mapping.packed_files.UNPACKED_BYTES", 100)
    with pytest.raises(ValidationError):
        load_areas(shapefile(tmp_path, "desa", [(square(), PEDALANGAN)], "", is_zipped=True))


def test_an_upload_is_known_by_its_first_bytes(tmp_path):
    path = shapefile(tmp_path, "desa", [(square(), PEDALANGAN)], "", is_zipped=True)
    assert counts(load_areas(io.BytesIO(path.read_bytes()), source="BIG")) == {"added": 1}
    package = geopackage(tmp_path / "a.gpkg", square(), PEDALANGAN)
    assert counts(load_areas(io.BytesIO(package.read_bytes()), source="BIG")) == {"changed": 1}


def test_a_shapefile_without_attributes_says_which_fields_are_missing(tmp_path):
    path = shapefile(tmp_path, "desa", [(square(), PEDALANGAN)], "")
    path.with_suffix(".dbf").write_bytes(DBF_ONLY)
    with pytest.raises(ValidationError):
        load_areas(path)


def test_two_sources_are_compared(tmp_path):
    load_areas(written(tmp_path, "a.json", feature()))
    report = load_areas(written(tmp_path, "b.json", feature(geometry=polygon(square(lon=110.421)))))
    [change] = report.changes
    assert change.shared == pytest.approx(0.905, abs=0.01)
    assert change.farthest_m == pytest.approx(110, abs=3)
    assert "90%" in report.changed[0].reason


def halves(*codes, lon=110.42, lat=-7.07, size=0.02):
    """Parts of a square side by side, one for each code."""
    width = size / len(codes)
    for n, code in enumerate(codes):
        west, east = lon + n * width, lon + (n + 1) * width
        yield feature(code, f"Bagian {code[-1]}", polygon([[west, lat], [east, lat], [east, lat + size], [west, lat + size], [west, lat]]))


def neighbours():
    return [feature(f"33.74.11.110{n}", f"Tetangga {n}", polygon(square(lon=110.6 + n / 10))) for n in range(4)]


def test_a_village_that_was_divided(tmp_path):
    load_areas(written(tmp_path, "a.json", feature(), *neighbours()))
    start = datetime.date(2026, 1, 1)
    report = load_areas(written(tmp_path, "b.json", *halves("33.74.11.1005", "33.74.11.1006"), *neighbours()), valid_from=start)
    assert [line.code for line in report.split] == ["33.74.11.1004"]
    assert "33.74.11.1005" in report.split[0].reason
    assert located(110.425, -7.06, datetime.date(2025, 12, 31)) == "33.74.11.1004"
    assert located(110.425, -7.06, start) == "33.74.11.1005"


def test_a_village_that_kept_a_part(tmp_path):
    load_areas(written(tmp_path, "a.json", feature()))
    report = load_areas(written(tmp_path, "b.json", *halves("33.74.11.1004", "33.74.11.1006")))
    assert [line.code for line in report.split] == ["33.74.11.1004"]
    assert located(110.425, -7.06) == "33.74.11.1004"
    assert located(110.435, -7.06) == "33.74.11.1006"


def test_villages_that_were_put_together(tmp_path):
    load_areas(written(tmp_path, "a.json", *halves("33.74.11.1005", "33.74.11.1006"), *neighbours()))
    report = load_areas(written(tmp_path, "b.json", feature("33.74.11.1005"), *neighbours()), valid_from=datetime.date(2026, 1, 1))
    assert [line.code for line in report.merged] == ["33.74.11.1005"]
    assert "33.74.11.1006" in report.merged[0].reason
    assert located(110.435, -7.06) == "33.74.11.1005"


def test_a_rough_neighbour_divides_nothing(tmp_path):
    load_areas(written(tmp_path, "a.json", feature()))
    report = load_areas(
        written(tmp_path, "b.json", feature(geometry=polygon(square(lon=110.418))), feature("33.74.11.1003", "Lain", polygon(square(110.435))))
    )
    assert not report.split


def test_reports_keep_the_village_under_which_they_were_filed(cast, tmp_path):
    from patrol.models import Report
    from tests.patrol.items import file_report

    report = file_report(cast.officer)
    assert report.area.code == "33.74.11.1004"
    moved = written(tmp_path, "b.json", feature("33.74.11.1003", "Padangsari", polygon(square())), feature(geometry=polygon(square(lon=110.6))))
    load_areas(moved, valid_from=datetime.date(2026, 1, 1))
    assert Area.objects.locate(Point(110.4280, -7.0629, srid=4326), datetime.date(2026, 11, 22)).code == "33.74.11.1003"
    assert Report.objects.get(pk=report.pk).area.code == "33.74.11.1004"
