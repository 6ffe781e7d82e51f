"""Absences: who is away when, who stands in, and what that opens and closes."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mapping import substitution
from mapping.models import Beat
from patrol.models import Household
from polmas.people.models import Absence, AbsenceKind, Posting, Role, User, present_days
from tests.cast import make_person

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2026, 10, 1)
LAST = datetime.date(2026, 10, 31)


def today():
    return timezone.localdate()


def absent(cast, starts_on, ends_on, substitute=None, kind=AbsenceKind.CUTI, user=None):
    absence = Absence(
        user=user or cast.officer,
        unit=cast.units.banyumanik,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        substitute=substitute,
        recorded_by=cast.kanit,
    )
    return substitution.keep(absence)


def standing_in(user):
    return sorted(Beat.objects.filter(user=user).exclude(absence=None).values_list("area__name", "starts_on", "ends_on"))


def test_two_absences_of_one_person_never_overlap(cast):
    absent(cast, FIRST, FIRST + 4 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        absent(cast, FIRST + 4 * DAY, LAST)
    absent(cast, FIRST + 5 * DAY, LAST)
    absent(cast, FIRST, LAST, user=cast.colleague)


def test_the_substitute_sees_the_villages_for_those_days_and_no_longer(cast):
    household = Household.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1004"], rw="005", rt="003", head_name="Widodo")
    assert household not in Household.objects.for_user(cast.colleague)
    absence = absent(cast, today(), today() + 3 * DAY, cast.colleague)
    assert household in Household.objects.for_user(cast.colleague)
    assert not Beat.objects.filter(absence=absence, is_primary=True).exists()
    absence.starts_on, absence.ends_on = today() - 3 * DAY, today() - DAY
    substitution.keep(absence)
    assert household not in Household.objects.for_user(cast.colleague)
    assert {row[1:] for row in standing_in(cast.colleague)} == {(today() - 3 * DAY, today() - DAY)}


def test_shortening_and_deleting_close_what_the_absence_opened(cast):
    absence = absent(cast, today() - 2 * DAY, today() + 5 * DAY, cast.colleague)
    assert [row[2] for row in standing_in(cast.colleague)] == [today() + 5 * DAY] * 2
    absence.ends_on = today()
    substitution.keep(absence)
    assert [row[2] for row in standing_in(cast.colleague)] == [today()] * 2
    events = Beat.pgh_event_models["update"].objects
    assert events.filter(pgh_label="update", ends_on=today() + 5 * DAY).count() == 2
    absence.delete()
    assert standing_in(cast.colleague) == []
    assert events.filter(pgh_label="delete").count() == 2


def test_another_substitute_takes_over_from_today(cast):
    third = make_person("80010003", "Bagus", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
    absence = absent(cast, today() - 2 * DAY, today() + 5 * DAY, cast.colleague)
    absence.substitute = third
    substitution.keep(absence)
    assert {row[1:] for row in standing_in(cast.colleague)} == {(today() - 2 * DAY, today() - DAY)}
    assert {row[1:] for row in standing_in(third)} == {(today(), today() + 5 * DAY)}
    absence.substitute = cast.colleague
    substitution.keep(absence)
    assert standing_in(third) == []
    assert {row[1:] for row in standing_in(cast.colleague)} == {(today() - 2 * DAY, today() + 5 * DAY)}
    absence.substitute = None
    substitution.keep(absence)
    assert {row[1:] for row in standing_in(cast.colleague)} == {(today() - 2 * DAY, today() - DAY)}


def test_only_areas_of_units_where_the_substitute_serves(cast):
    absent(cast, today(), today() + DAY, cast.outsider)
    assert standing_in(cast.outsider) == []
    Posting.objects.create(user=cast.outsider, unit=cast.units.banyumanik, role=Role.POLISI_RW, starts_on=today() + DAY, ends_on=today() + 2 * DAY)
    substitution.mend_for(cast.outsider)
    assert standing_in(cast.outsider) == [("Padangsari", today() + DAY, today() + DAY), ("Pedalangan", today() + DAY, today() + DAY)]


def test_a_beat_that_ends_ends_for_the_substitute_too(cast):
    absent(cast, today(), today() + 9 * DAY, cast.colleague)
    cast.officer.beats.filter(area__name="Padangsari").update(ends_on=today() + 2 * DAY)
    substitution.mend_for(cast.officer)
    assert [(name, end) for name, _start, end in standing_in(cast.colleague)] == [
        ("Padangsari", today() + 2 * DAY),
        ("Pedalangan", today() + 9 * DAY),
    ]


def test_who_sees_an_absence(cast):
    absent(cast, today(), today() + DAY, cast.colleague)
    seen = {name for name, person in cast.people.items() if Absence.objects.for_user(User.objects.get(pk=person.pk)).exists()}
    assert seen == {"officer", "colleague", "kanit", "kapolsek", "kasat", "kapolres", "clerk", "operator"}


def test_present_days_are_days_of_posting_less_absences(cast):
    absent(cast, FIRST + 2 * DAY, FIRST + 6 * DAY)  # 5 days
    absent(cast, LAST, LAST + 9 * DAY)  # 1 day of October
    absent(cast, FIRST + 9 * DAY, FIRST + 9 * DAY, kind=AbsenceKind.PIKET)  # present
    cast.colleague.postings.update(ends_on=FIRST + 9 * DAY)
    Posting.objects.create(user=cast.colleague, unit=cast.units.polres, role=Role.KANIT_LAIN, starts_on=FIRST + 5 * DAY, ends_on=FIRST + 14 * DAY)
    people = [cast.officer, cast.colleague, cast.outsider, cast.chair]
    assert present_days(people, FIRST, LAST) == {cast.officer.pk: 25, cast.colleague.pk: 15, cast.outsider.pk: 31, cast.chair.pk: 0}
    assert present_days([cast.colleague.pk], FIRST, LAST, roles=[Role.BHABINKAMTIBMAS]) == {cast.colleague.pk: 10}
    assert present_days([], FIRST, LAST) == {}
    assert present_days([cast.officer], LAST, FIRST) == {cast.officer.pk: 0}


def test_present_days_ask_once(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        present_days(cast.people.values(), FIRST, LAST)
