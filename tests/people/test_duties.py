"""The piket roster: filled by a tap, copied by the week, read by the whole unit, printed."""

import datetime

import pytest
from django.utils import timezone

from polmas.people import roster, tasks
from polmas.people.models import Absence, Document, DutyShift, Role
from polmas.people.months import Month
from tests.cast import make_person

MONDAY = datetime.date(2026, 11, 16)
DAY = datetime.timedelta(days=1)


def shifts(day):
    return sorted(DutyShift.objects.filter(day=day).values_list("shift", "user__name"))


def test_a_day_is_filled_and_changed(cast, sign_in):
    client = sign_in(cast.kanit)
    path = f"/piket/{MONDAY}/"
    answer = client.post(path, {"shift0": [cast.officer.pk, cast.colleague.pk], "shift2": [cast.officer.pk]})
    assert answer.status_code == 302
    assert shifts(MONDAY) == [("Malam", "Sutrisno"), ("Pagi", "Dewi Lestari"), ("Pagi", "Sutrisno")]
    client.post(path, {"shift0": [cast.colleague.pk], "next": "1"})
    assert shifts(MONDAY) == [("Pagi", "Dewi Lestari")]
    assert DutyShift.pgh_event_models["delete"].objects.filter(pgh_label="delete").count() == 2
    page = sign_in(cast.officer).get("/piket/?bulan=2026-11").content.decode()
    assert "Dewi Lestari" in page
    assert f"/piket/{MONDAY}/" not in page


def test_only_people_of_the_unit_who_are_not_away(cast, sign_in):
    client = sign_in(cast.kanit)
    Absence.objects.create(user=cast.colleague, unit=cast.units.banyumanik, kind="SAKIT", starts_on=MONDAY, ends_on=MONDAY, recorded_by=cast.kanit)
    for person in (cast.outsider.pk, cast.colleague.pk, "x", 10**30):
        page = client.post(f"/piket/{MONDAY}/", {"shift0": [person]})
        assert page.context["form"].errors.keys() == {"shift0"}
    assert not DutyShift.objects.exists()


def test_who_falls_ill_later_is_marked(cast, sign_in):
    DutyShift.objects.create(unit=cast.units.banyumanik, day=MONDAY, shift="Pagi", user=cast.officer)
    Absence.objects.create(user=cast.officer, unit=cast.units.banyumanik, kind="SAKIT", starts_on=MONDAY, ends_on=MONDAY, recorded_by=cast.kanit)
    table = roster.month_table(cast.units.banyumanik, Month.of(MONDAY))
    row = next(row for row in table["days"] if row["day"] == MONDAY)
    assert row["cells"][0]["people"] == [{"user": cast.officer, "is_away": True}]
    assert sign_in(cast.kanit).post(f"/piket/{MONDAY}/", {"shift0": [cast.officer.pk]}).status_code == 302


def test_a_week_is_copied_into_empty_days(cast, sign_in):
    unit = cast.units.banyumanik
    for number in range(7):
        DutyShift.objects.create(unit=unit, day=MONDAY + number * DAY, shift="Pagi", user=cast.officer)
    DutyShift.objects.create(unit=unit, day=MONDAY + 7 * DAY, shift="Malam", user=cast.colleague)
    Absence.objects.create(user=cast.officer, unit=unit, kind="CUTI", starts_on=MONDAY + 8 * DAY, ends_on=MONDAY + 9 * DAY, recorded_by=cast.kanit)
    client = sign_in(cast.kanit)
    assert client.post("/piket/salin/", {"senin": str(MONDAY + 7 * DAY)}).status_code == 302
    assert shifts(MONDAY + 7 * DAY) == [("Malam", "Dewi Lestari")]
    assert [len(shifts(MONDAY + number * DAY)) for number in range(8, 14)] == [0, 0, 1, 1, 1, 1]
    client.post("/piket/salin/", {"senin": str(MONDAY + 7 * DAY)})
    assert DutyShift.objects.count() == 12


@pytest.mark.parametrize("week", ["", "2026-11-17", "x", "9999-12-27", "0001-01-01", "2026-11-16\x00"])
def test_strange_weeks_copy_nothing(week, cast, sign_in):
    assert sign_in(cast.kanit).post("/piket/salin/", {"senin": week}).status_code == 302
    assert not DutyShift.objects.exists()


def test_another_units_roster_is_out_of_sight(cast, sign_in):
    assert sign_in(cast.officer).get("/piket/?satuan=POLSEK-GAJAHMUNGKUR").status_code == 404
    assert sign_in(cast.kanit).get(f"/piket/{MONDAY}/?satuan=POLSEK-GAJAHMUNGKUR").status_code == 404
    assert sign_in(cast.kapolres).get("/piket/?satuan=POLSEK-GAJAHMUNGKUR").status_code == 200
    assert sign_in(cast.kapolres).get(f"/piket/{MONDAY}/?satuan=POLSEK-GAJAHMUNGKUR").status_code == 404
    assert sign_in(cast.kanit).get("/piket/2026-02-30/").status_code == 404


def test_the_shifts_are_the_units_own(cast, sign_in):
    unit = cast.units.banyumanik
    DutyShift.objects.create(unit=unit, day=MONDAY, shift="Siang", user=cast.officer)
    unit.piket_shifts = "I 08.00–20.00\n\nII 20.00–08.00\nI 08.00–20.00"
    unit.save()
    assert roster.month_table(unit, Month.of(MONDAY))["shifts"] == ["I 08.00–20.00", "II 20.00–08.00", "Siang"]


def test_the_month_on_paper(cast, settings, tmp_path, sign_in):
    settings.MEDIA_ROOT = tmp_path
    DutyShift.objects.create(unit=cast.units.banyumanik, day=MONDAY, shift="Pagi", user=cast.officer)
    assert sign_in(cast.kapolsek).get("/piket/pdf/?bulan=2026-11").status_code == 202
    document = Document.objects.get(kind="piket")
    tasks.render_roster(document.pk)
    document.refresh_from_db()
    assert document.file.read(5) == b"%PDF-"
    document.file.close()


def test_the_roster_costs_few_queries(cast, sign_in, django_assert_max_num_queries, django_assert_num_queries):
    client = sign_in(cast.kanit)
    path = f"/piket/?bulan={Month.of(timezone.localdate())}"
    client.get(path)
    with django_assert_max_num_queries(12) as first:
        client.get(path)
    for number in range(10):
        person = make_person(f"8777{number:04}", f"Petugas {number}", cast.units.banyumanik, Role.SPKT)
        DutyShift.objects.create(unit=cast.units.banyumanik, day=timezone.localdate(), shift="Pagi", user=person)
    with django_assert_max_num_queries(len(first) + 1):
        client.get(path)
