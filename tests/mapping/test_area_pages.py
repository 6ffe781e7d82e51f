"""What is kept of an area: its profile year by year with the calendar, on the page and on paper; the RW and RT of a village."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from mapping import tasks
from mapping.forms_areas import PartForm
from mapping.models import Area, AreaProfile, Beat
from polmas.people.models import Document
from tests.cast import LONG_AGO

VILLAGE = "33.74.11.1004"
WORDS = {"geography": "Perbukitan.", "livelihood": "Buruh dan pedagang.", "culture": "Merti desa.", "local_wisdom": "Rembug warga."}
FIGURES = {"year": 2026, "people": 5000, "households": 1500, "male": 2400, "female": 2600, "kinds": ["PEMUKIMAN", "KAMPUS"], **WORDS}


def rows(*entries, stored=0):
    form = {"kalender-TOTAL_FORMS": len(entries), "kalender-INITIAL_FORMS": stored, "kalender-MIN_NUM_FORMS": 0, "kalender-MAX_NUM_FORMS": 60}
    for n, entry in enumerate(entries):
        form |= {f"kalender-{n}-{name}": value for name, value in entry.items()}
    return form


def write(client, *entries, year=None, stored=0, **changes):
    address = reverse("mapping:profile_update", args=[VILLAGE, year]) if year else reverse("mapping:profile_create", args=[VILLAGE])
    return client.post(address, {**FIGURES, **changes, **rows(*entries, stored=stored)})


def area():
    return Area.objects.get(code=VILLAGE)


def test_a_profile_is_written_shown_and_gives_the_area_its_figures(cast, sign_in):
    client = sign_in(cast.officer)
    assert write(client, {"name": "Merti desa", "starts_on": "2026-08-20", "ends_on": "2026-08-21"}).status_code == 302
    profile = AreaProfile.objects.get()
    assert (profile.area.code, profile.people, profile.kinds, profile.updated_by) == (VILLAGE, 5000, ["PEMUKIMAN", "KAMPUS"], cast.officer)
    assert [entry.name for entry in profile.calendar.all()] == ["Merti desa"]
    assert (area().population, area().households, area().figures_year) == (5000, 1500, 2026)
    page = sign_in(cast.kasat).get(reverse("patrol:area_detail", args=[VILLAGE])).content.decode()
    for words in ("Rembug warga.", "Merti desa", "Perbukitan.", "kampus"):
        assert words in page
    assert reverse("mapping:profile_update", args=[VILLAGE, 2026]) not in page


def test_years_stand_beside_each_other_and_the_newest_gives_the_figures(cast, sign_in):
    client = sign_in(cast.kanit)
    write(client)
    earlier = {**FIGURES, "year": 2024, "people": 4800, "male": "", "female": "", **rows()}
    client.post(reverse("mapping:profile_create", args=[VILLAGE]), earlier)
    assert (area().population, area().figures_year) == (5000, 2026)
    page = client.get(reverse("patrol:area_detail", args=[VILLAGE]), {"tahun": "2024"})
    assert page.context["profile"].year == 2024
    for odd in ("x", "9" * 400, "²", "2020", ""):
        assert client.get(reverse("patrol:area_detail", args=[VILLAGE]), {"tahun": odd}).context["profile"].year == 2026
    assert client.post(reverse("mapping:profile_delete", args=[VILLAGE, 2026])).status_code == 302
    assert (area().population, area().figures_year) == (4800, 2024)
    client.post(reverse("mapping:profile_delete", args=[VILLAGE, 2024]))
    assert area().population is None


def test_a_new_year_takes_over_the_words(cast, sign_in):
    client = sign_in(cast.clerk)
    client.post(reverse("mapping:profile_create", args=[VILLAGE]), {**FIGURES, "year": 2024, **rows()})
    form = client.get(reverse("mapping:profile_create", args=[VILLAGE])).context["form"]
    assert (form.initial["culture"], form.initial["kinds"], form.initial.get("people")) == ("Merti desa.", ["PEMUKIMAN", "KAMPUS"], None)


def test_a_profile_is_changed_and_its_rows_too(cast, sign_in):
    client = sign_in(cast.officer)
    write(client, {"name": "Merti desa", "starts_on": "2026-08-20"}, {"name": "Haul", "starts_on": "2026-02-01"})
    haul, merti = AreaProfile.objects.get().calendar.order_by("starts_on")
    kept = {"id": haul.pk, "name": "Haul", "starts_on": "2026-02-01", "DELETE": "on"}
    changed = {"id": merti.pk, "name": "Merti desa Pedalangan", "starts_on": "2026-08-20"}
    assert write(client, kept, changed, year=2026, stored=2, people=5001, male=2401).status_code == 302
    assert [entry.name for entry in AreaProfile.objects.get().calendar.all()] == ["Merti desa Pedalangan"]
    assert area().population == 5001


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": ""}, "year"),
        ({"year": 1800}, "year"),
        ({"year": "9" * 30}, "year"),
        ({"people": -1}, "people"),
        ({"people": "9" * 30}, "people"),
        ({"people": "banyak"}, "people"),
        ({"male": 1}, "__all__"),
        ({"kinds": ["ISTANA"]}, "kinds"),
        ({"culture": "x" * 5000}, "culture"),
        ({"geography": "a\0b"}, "geography"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_on_the_form(changes, field, cast, sign_in):
    answer = sign_in(cast.officer).post(reverse("mapping:profile_create", args=[VILLAGE]), {**FIGURES, **changes, **rows()})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not AreaProfile.objects.exists()
    assert "Rembug warga." in answer.content.decode()


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "Haul", "starts_on": ""},
        {"name": "Haul", "starts_on": "2025-02-01"},
        {"name": "Haul", "starts_on": "2026-02-05", "ends_on": "2026-02-01"},
        {"name": "x" * 200, "starts_on": "2026-02-05"},
        {"name": "a\0", "starts_on": "2026-02-05"},
        {"id": "999999999999999999999", "name": "Haul", "starts_on": "2026-02-05"},
    ],
)
def test_a_wrong_row_of_the_calendar_keeps_all_back(entry, cast, sign_in):
    answer = write(sign_in(cast.officer), entry)
    assert answer.status_code == 200
    assert not AreaProfile.objects.exists()


def test_a_form_without_its_rows_is_harmless(cast, sign_in):
    assert sign_in(cast.officer).post(reverse("mapping:profile_create", args=[VILLAGE]), FIGURES).status_code == 200


def test_one_profile_a_year(cast, sign_in):
    client = sign_in(cast.officer)
    write(client)
    answer = write(client)
    assert answer.context["form"].errors
    with pytest.raises(IntegrityError), transaction.atomic():
        AreaProfile.objects.create(area=area(), year=2026, updated_by=cast.officer)


def test_the_history_keeps_what_stood(cast, sign_in):
    client = sign_in(cast.officer)
    write(client)
    write(client, year=2026, culture="Lain.")
    assert apps.get_model("mapping", "AreaProfileEvent").objects.get().culture == "Merti desa."


def test_a_profile_on_paper(cast, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    write(sign_in(cast.officer), {"name": "Merti desa", "starts_on": "2026-08-20"})
    reader = sign_in(cast.kasat)
    address = reverse("mapping:profile_pdf", args=[VILLAGE, 2026])
    assert reader.get(address).status_code == 202
    tasks.render_profile(Document.objects.get().pk)
    answer = reader.get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert reader.get(reverse("mapping:profile_pdf", args=[VILLAGE, 2019])).status_code == 404
    assert reader.get(f"/wilayah/{VILLAGE}/cetak-{'9' * 40}/").status_code == 404


def test_the_page_of_an_area_asks_few_questions(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.officer)
    write(client, *({"name": f"Acara {n}", "starts_on": "2026-08-20"} for n in range(30)))
    client.get(reverse("patrol:area_detail", args=[VILLAGE]))
    with django_assert_max_num_queries(30):
        client.get(reverse("patrol:area_detail", args=[VILLAGE]))


def add(client, code, **form):
    return client.post(reverse("mapping:part_create", args=[code]), form)


def test_rw_and_rt_are_added_renamed_and_closed(cast, sign_in):
    client = sign_in(cast.clerk)
    assert add(client, VILLAGE, number="3").status_code == 302
    rw = Area.objects.get(code=f"{VILLAGE}.003")
    assert (rw.level, rw.depth, rw.name, rw.parent.code, rw.title) == ("RW", 5, "003", VILLAGE, "RW 003")
    assert add(client, rw.code, number="02", name="002 Gang Melati").status_code == 302
    rt = Area.objects.get(code=f"{VILLAGE}.003.002")
    assert rt.level == "RT"
    assert add(client, rt.code, number="1").status_code == 404
    client.post(reverse("mapping:part_update", args=[rt.code]), {"name": "002"})
    client.post(reverse("mapping:part_close", args=[rt.code]))
    rt.refresh_from_db()
    assert (rt.name, bool(rt.closed_on)) == ("002", True)
    assert rt not in Area.objects.policed_by(cast.units.banyumanik)
    assert rw in Area.objects.policed_by(cast.units.banyumanik)
    assert rw.code in client.get(reverse("patrol:area_detail", args=[VILLAGE])).content.decode()
    client.post(reverse("mapping:part_close", args=[rt.code]), {"buka": "1"})
    assert rt in Area.objects.policed_by(cast.units.banyumanik)


@pytest.mark.parametrize("number", ["", "0", "000", "-1", "1000", "x", "٣", "3\0", "1.2"])
def test_a_number_that_is_none_is_refused(number, cast, sign_in):
    assert add(sign_in(cast.clerk), VILLAGE, number=number).context["form"].errors
    assert not Area.objects.filter(depth=5).exists()


def test_each_number_once_and_no_village_is_renamed_or_closed(cast, sign_in):
    client = sign_in(cast.clerk)
    add(client, VILLAGE, number="3")
    assert add(client, VILLAGE, number="003").context["form"].errors
    assert client.post(reverse("mapping:part_update", args=[VILLAGE]), {"name": "Lain"}).status_code == 404
    assert client.post(reverse("mapping:part_close", args=[VILLAGE])).status_code == 404
    assert add(client, "33.74.11", number="3").status_code == 404
    for code in ("%00", "x" * 300, "33.74.09.1001"):
        assert client.get(f"/wilayah/{code}/bagian/baru/").status_code == 404


def test_who_holds_an_rw_may_write_its_profile(cast, sign_in):
    add(sign_in(cast.clerk), VILLAGE, number="3")
    rw = Area.objects.get(code=f"{VILLAGE}.003")
    address = reverse("mapping:profile_create", args=[rw.code])
    assert sign_in(cast.colleague).get(address).status_code == 404
    Beat.objects.create(user=cast.colleague, area=rw, unit=cast.units.banyumanik, starts_on=LONG_AGO)
    assert sign_in(cast.colleague).get(address).status_code == 200


def test_of_two_who_add_the_same_rw_the_second_is_told(cast):
    village = cast.areas["33.74.11.1004"]
    first, second = (PartForm({"number": "7"}, within=village) for _turn in range(2))
    assert first.is_valid()
    assert second.is_valid()
    assert first.stored().code == "33.74.11.1004.007"
    assert second.stored() is None
    assert "number" in second.errors
