"""Drawings by source and version: seen beside each other, and made to count by whoever answers for the area."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from mapping.imports import load_areas
from mapping.models import AreaShape
from patrol.models import Report
from tests.mapping.files import feature, polygon, square, written
from tests.mapping.test_import_areas import located
from tests.patrol.items import file_report

VILLAGE, OTHER = "33.74.11.1004", "33.74.11.1003"
START = datetime.date(2026, 1, 1)


@pytest.fixture
def aside(cast, tmp_path):
    """Two villages as another source draws them, each a little to the east."""
    features = [feature(geometry=polygon(square(lon=110.425))), feature(OTHER, "Padangsari", polygon(square(lon=110.425, lat=-7.09)))]
    load_areas(written(tmp_path, "b.json", *features), source="BIG", version="2025", is_current=False)
    return {shape.area.code: shape for shape in AreaShape.objects.filter(source="BIG").select_related("area")}


def address(shape):
    return reverse("summaries:area_version", args=[shape.area.code, shape.pk])


def test_the_versions_of_a_village_are_listed_and_compared(aside, cast, sign_in):
    client = sign_in(cast.clerk)
    page = client.get(reverse("summaries:area_versions", args=[VILLAGE])).content.decode()
    assert "BIG 2025" in page
    assert "uji" in page
    page = client.get(address(aside[VILLAGE]))
    assert page.context["change"].shared == pytest.approx(0.6, abs=0.01)
    assert "area-compare-outlines" in page.content.decode()


def test_a_better_drawing_counts_from_the_beginning(aside, cast, sign_in):
    assert sign_in(cast.clerk).post(address(aside[VILLAGE]), {"meaning": "better"}).status_code == 302
    assert located(110.443, -7.06) == VILLAGE
    assert located(110.443, -7.06, datetime.date(2001, 1, 1)) == VILLAGE
    assert located(110.443, -7.08) is None
    assert LogEntry.objects.get().user == cast.clerk


def test_a_moved_boundary_counts_from_its_day_and_reports_keep_their_village(aside, cast, sign_in):
    report = file_report(cast.officer)
    client = sign_in(cast.operator)
    assert client.post(address(aside[VILLAGE]), {"meaning": "moved"}).context["form"].errors
    client.post(address(aside[VILLAGE]), {"meaning": "moved", "valid_from": START.isoformat()})
    assert located(110.421, -7.06, START - datetime.timedelta(days=1)) == VILLAGE
    assert located(110.421, -7.06, START) is None
    assert Report.objects.get(pk=report.pk).area.code == VILLAGE
    again = client.post(address(aside[VILLAGE]), {"meaning": "better"})
    assert again.context["form"].non_field_errors()


def test_a_whole_source_counts_at_once(aside, cast, sign_in):
    client = sign_in(cast.operator)
    assert "BIG" in client.get(reverse("summaries:source_list")).content.decode()
    source = reverse("summaries:source_detail") + "?sumber=BIG&versi=2025"
    page = client.get(source)
    assert [change.code for change, _pk in page.context["rows"]] in ([VILLAGE, OTHER], [OTHER, VILLAGE])
    assert client.post(source, {"meaning": "better"}).status_code == 302
    assert AreaShape.objects.filter(source="BIG", is_current=True).count() == 2
    assert client.get(source).context["number"] == 0


def test_an_earlier_day_than_the_standing_one_is_refused(aside, cast, sign_in):
    AreaShape.objects.filter(area__code=VILLAGE, source="uji").update(valid_from=START)
    answer = sign_in(cast.operator).post(address(aside[VILLAGE]), {"meaning": "moved", "valid_from": "2025-01-01"})
    assert answer.context["form"].non_field_errors()
    assert not AreaShape.objects.get(pk=aside[VILLAGE].pk).is_current


def test_nobody_touches_what_lies_elsewhere(aside, cast, sign_in):
    clerk = sign_in(cast.clerk)
    theirs = AreaShape.objects.get(area__code="33.74.09.1001")
    assert clerk.get(address(theirs)).status_code == 404
    assert clerk.get(reverse("summaries:area_versions", args=["33.74.09.1001"])).status_code == 404
    assert clerk.get(reverse("summaries:area_version", args=[VILLAGE, theirs.pk])).status_code == 404
    for odd in ("?sumber=%00", "?sumber=" + "x" * 5000, "", "?versi=1"):
        assert clerk.get(reverse("summaries:source_detail") + odd).status_code == 404
    for code in ("%00", "x" * 300):
        assert clerk.get(f"/kelola/wilayah/{code}/").status_code == 404
    assert clerk.get(f"/kelola/wilayah/{VILLAGE}/{'9' * 40}/").status_code == 404


def test_pages_of_boundaries_ask_few_questions(aside, cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.operator)
    for path in (reverse("summaries:area_versions", args=[VILLAGE]), reverse("summaries:source_list"), reverse("summaries:area_list")):
        with django_assert_max_num_queries(14):
            client.get(path)


def test_a_village_without_a_drawing_says_what_to_do(cast, sign_in):
    AreaShape.objects.filter(area__code=VILLAGE).delete()
    page = sign_in(cast.clerk).get(reverse("summaries:area_versions", args=[VILLAGE])).content.decode()
    assert reverse("summaries:import_create") in page
