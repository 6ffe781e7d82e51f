"""Planned statements and rows added by the set: the same as the ORM would have done."""

import datetime
import uuid

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, connection
from django.utils import timezone

from fkpm.models import Element, Member, Position
from patrol.models import Household, Report
from polmas.people import statements
from polmas.people.models import User
from polmas.people.statements import Statement, add, columns, made
from tests.patrol.items import file_report

DOUBLE = Statement("double_of_each", "SELECT n * 2 FROM unnest(%(numbers)s) AS n WHERE n %% 2 = 1", numbers="int[]")


@pytest.fixture(params=[True, False], ids=["planned", "direct"])
def both_ways(request, settings):
    settings.DATABASE_PREPARE = request.param


@pytest.mark.django_db
def test_a_statement_answers_planned_or_not(both_ways):
    assert DOUBLE.rows(numbers=[1, 2, 3]) == [(2,), (6,)]
    assert DOUBLE.rows(numbers=[5]) == [(10,)]


@pytest.mark.django_db
def test_it_is_planned_once_and_then_called(django_assert_num_queries):
    DOUBLE.rows(numbers=[1])
    with django_assert_num_queries(2) as taken:
        DOUBLE.rows(numbers=[1])
        DOUBLE.rows(numbers=[1])
    assert all(query["sql"].startswith("SELECT; EXECUTE double_of_each") for query in taken.captured_queries)
    planned = Statement("planned", "SELECT count(*)::int FROM pg_prepared_statements WHERE name = %(name)s", name="text")
    assert planned.rows(name="double_of_each") == [(1,)]


@pytest.mark.django_db
def test_a_new_connection_plans_anew():
    DOUBLE.rows(numbers=[1])
    statements._planned.clear()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert DOUBLE.rows(numbers=[7]) == [(14,)]


def household(cast, **changes):
    usual = {
        "uuid": uuid.uuid4(),
        "unit": cast.units.banyumanik,
        "area": cast.areas["33.74.11.1004"],
        "rw": "005",
        "rt": "003",
        "head_name": "Bapak 'Widodo' \\ \"Nugroho\" é",
        "location": Point(110.428, -7.0629000001, srid=4326),
    }
    return Household(**{**usual, **changes})


def test_rows_are_stored_as_bulk_create_stores_them(cast, both_ways):
    one, two = household(cast), household(cast, location=None)
    [(pk, key), _second] = add(Household, [one, two])
    assert key == str(one.uuid) or key == one.uuid
    stored = Household.objects.get(pk=pk)
    for name in ("uuid", "unit_id", "area_id", "rw", "head_name", "landmark", "basis"):
        assert getattr(stored, name) == getattr(one, name)
    assert stored.location.coords == one.location.coords
    assert stored.location.srid == 4326
    assert Household.objects.get(uuid=two.uuid).location is None
    assert abs(stored.created_at - timezone.now()) < datetime.timedelta(minutes=1)


def test_a_report_keeps_every_column(cast):
    report = file_report(cast.officer, photos=[str(uuid.uuid4())], participants=["Pak RT", {"kind": "LINMAS", "name": "Ibu 'Sri'"}])
    copy = Report.objects.get(pk=report.pk)
    copy.pk, copy.uuid = None, uuid.uuid4()
    [(pk, _key)] = add(Report, [copy])
    stored = Report.objects.get(pk=pk)
    for field in Report._meta.concrete_fields:
        if field.name not in ("id", "uuid"):
            assert getattr(stored, field.attname) == getattr(report, field.attname), field.name


def test_known_uuids_are_left_out(cast):
    known, new = household(cast), household(cast)
    add(Household, [known])
    assert [key for _pk, key in add(Household, [household(cast, uuid=known.uuid), new], skip_known=True)] == [new.uuid]


def test_the_database_still_refuses(cast):
    with pytest.raises(IntegrityError):
        add(Household, [household(cast, rw="5")])


def test_encrypted_columns_stay_encrypted(cast):
    member = Member(forum=cast.forum, name="Pak Joko", position=Position.ANGGOTA, element=Element.TOMAS, starts_on=datetime.date(2026, 1, 1))
    member.phone = "081234567890"
    [(pk, *_)] = add(Member, [member])
    assert Member.objects.get(pk=pk).phone == "081234567890"
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM fkpm_member WHERE id = %s", [pk])
        assert "0812" not in cursor.fetchone()[0]


def test_a_row_is_made_as_the_orm_reads_it(cast):
    one = Statement("one_user", f"SELECT {columns(User, 'u')} FROM people_user u WHERE u.id = %(pk)s", pk="bigint")  # noqa: S608
    [row] = one.rows(pk=cast.officer.pk)
    user, stored = made(User, row), User.objects.get(pk=cast.officer.pk)
    assert user == stored
    assert {field.attname: str(getattr(user, field.attname)) for field in User._meta.concrete_fields} == {
        field.attname: str(getattr(stored, field.attname)) for field in User._meta.concrete_fields
    }
