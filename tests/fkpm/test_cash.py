"""The cash book of a forum: nothing in it is changed, a mistake is met by its opposite, and everybody reads the balance."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction

from fkpm.models import CashEntry, Member, Position

DAY = datetime.timedelta(days=1)
INSERT = """
INSERT INTO fkpm_cashentry (uuid, forum_id, number, day, direction, amount, category, text, is_opening, overdraft_reason, corrects_id,
                            recorded_by_id, recorded_at)
VALUES (gen_random_uuid(), %(forum)s, 9, now(), %(direction)s, %(amount)s, 'IURAN', 'x', %(is_opening)s, '', %(corrects)s, %(by)s, now())
"""


def entry(forum, amount, direction="MASUK", days_ago=0, **more):
    category = "IURAN" if direction == "MASUK" else "KONSUMSI"
    told = {"day": forum.unit.today() - days_ago * DAY, "category": category, "text": "Iuran", **more}
    return CashEntry(forum=forum, amount=amount, direction=direction, **told)


def record(cast, amount, direction="MASUK", days_ago=0, **more):
    made = entry(cast.forum, amount, direction, days_ago, **more)
    made.record(cast.chair)
    return made


def refused(statement, values=None):
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return True


class TestTheBook:
    def test_entries_are_numbered_in_the_order_of_writing_and_the_balance_runs_by_days(self, cast):
        first, second = record(cast, 100_000), record(cast, 30_000, "KELUAR", days_ago=0)
        earlier = record(cast, 50_000, days_ago=3)
        assert [first.number, second.number, earlier.number] == [1, 2, 3]
        book = CashEntry.objects.filter(forum=cast.forum)
        assert book.balances([first.pk, second.pk, earlier.pk]) == {earlier.pk: 50_000, first.pk: 150_000, second.pk: 120_000}
        assert book.balances([second.pk]) == {second.pk: 120_000}
        assert book.total() == 120_000

    def test_a_balance_below_zero_needs_a_reason(self, cast):
        record(cast, 100_000)
        with pytest.raises(ValidationError) as told:
            record(cast, 120_000, "KELUAR")
        assert told.value.message_dict.keys() == {"overdraft_reason"}
        with pytest.raises(ValidationError):  # the balance of today would do, that of last week would not
            record(cast, 60_000, "KELUAR", days_ago=7)
        record(cast, 120_000, "KELUAR", overdraft_reason="Ditalangi ketua, diganti iuran bulan depan.")
        assert CashEntry.objects.filter(forum=cast.forum).total() == -20_000

    def test_an_entry_of_the_past_may_not_pull_a_later_balance_below_zero(self, cast):
        record(cast, 100_000, days_ago=9)
        record(cast, 80_000, "KELUAR")
        with pytest.raises(ValidationError):
            record(cast, 30_000, "KELUAR", days_ago=5)

    def test_an_opening_balance_comes_first_and_once(self, cast):
        record(cast, 500_000, days_ago=10, is_opening=True)
        for more in ({"is_opening": True}, {"days_ago": 11}):
            with pytest.raises(ValidationError):
                record(cast, 1_000, **more)
        row = {"forum": cast.forum.pk, "direction": "MASUK", "amount": 1, "is_opening": True, "corrects": None, "by": cast.chair.pk}
        assert refused(INSERT, row)

    def test_the_future_is_not_booked(self, cast):
        with pytest.raises(ValidationError):
            record(cast, 1_000, days_ago=-1)


class TestNothingIsChanged:
    def test_not_by_the_model_nor_by_sql(self, cast):
        kept = record(cast, 100_000)
        kept.amount = 1
        with pytest.raises(InternalError), transaction.atomic():
            kept.save()
        with pytest.raises(InternalError), transaction.atomic():
            kept.delete()
        assert refused("UPDATE fkpm_cashentry SET amount = 1")
        assert refused("DELETE FROM fkpm_cashentry")

    def test_a_counter_entry_takes_back_and_names_what(self, cast):
        wrong = record(cast, 100_000, days_ago=3)
        back = wrong.counter_entry("Salah catat")
        back.record(cast.chair)
        book = CashEntry.objects.filter(forum=cast.forum)
        assert (back.corrects, back.signed, book.total()) == (wrong, -100_000, 0)
        assert book.sums() == {"came_in": 0, "went_out": 0}
        with pytest.raises(ValidationError):
            wrong.counter_entry("Sekali lagi").record(cast.chair)

    @pytest.mark.parametrize("name", ["amount", "direction", "forum"])
    def test_a_counter_entry_is_the_mirror_of_its_entry(self, cast, name):
        wrong = record(cast, 100_000)
        row = {"forum": cast.forum.pk, "direction": "KELUAR", "amount": 100_000, "is_opening": False, "corrects": wrong.pk, "by": cast.chair.pk}
        other = {"amount": 1, "direction": "MASUK", "forum": cast.other_forum.pk}
        assert refused(INSERT, {**row, name: other[name]})


def treasurer(cast, person):
    return Member.objects.create(forum=cast.forum, user=person, name=person.name, position=Position.BENDAHARA, starts_on=datetime.date(2024, 1, 1))
