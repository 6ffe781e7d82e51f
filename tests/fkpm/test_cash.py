"""The cash book of a forum: nothing in it is changed, a mistake is met by its opposite, and everybody reads the balance."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, connection, transaction
from django.template.loader import render_to_string

from fkpm import cash_book
from fkpm.accounts_on_paper import cash_on_paper
from fkpm.models import CashEntry, Member, Position
from tests.access_table import png

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
        assert book.sums() == {"opened": 0, "came_in": 0, "went_out": 0, "corrected": 0}
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


class TestPages:
    def form(self, cast, **changes):
        today = cast.forum.unit.today().isoformat()
        return {"direction": "MASUK", "amount": "Rp 150.000", "day": today, "category": "IURAN", "text": "Iuran November", **changes}

    def post(self, cast, sign_in, person, **changes):
        return sign_in(person).post(f"/fkpm/{cast.forum.uuid}/kas/baru/", self.form(cast, **changes))

    def test_a_key_of_somebody_elses_entry_is_refused_and_leaves_nothing(self, cast, sign_in):
        other = entry(cast.other_forum, 1000)
        other.record(cast.other_secretary)
        answer = self.post(cast, sign_in, cast.chair, id=str(other.uuid))
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert not cast.forum.cash.exists()

    def test_chair_and_treasurer_write_and_every_reader_reads(self, cast, sign_in):
        assert self.post(cast, sign_in, cast.secretary).status_code == 404
        treasurer(cast, cast.secretary)
        assert self.post(cast, sign_in, cast.secretary).status_code == 302
        assert self.post(cast, sign_in, cast.chair, direction="KELUAR", category="KONSUMSI", amount="30.000").status_code == 302
        page = sign_in(cast.officer).get(f"/fkpm/{cast.forum.uuid}/kas/").content.decode()
        assert "Rp 120.000" in page
        assert "/kas/baru/" not in page
        assert CashEntry.objects.get(number=1).amount == 150_000

    def test_another_content_under_the_same_key_is_not_taken_for_the_first(self, cast, sign_in):
        key = "6d1e7a52-6a50-4c7e-9c1f-0d5a3b6f0a11"
        self.post(cast, sign_in, cast.chair, id=key)
        answer = self.post(cast, sign_in, cast.chair, id=key, amount="175.000")
        assert answer.status_code == 200
        assert answer.context["form"].errors
        fresh = answer.context["form"]["id"].value()
        assert (fresh != key, answer.context["form"]["amount"].value()) == (True, "175.000")
        assert self.post(cast, sign_in, cast.chair, id=fresh, amount="175.000").status_code == 302
        assert [row.amount for row in cast.forum.cash.order_by("number")] == [150_000, 175_000]

    def test_the_same_form_twice_is_one_entry(self, cast, sign_in):
        key = "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a22"
        for _ in range(2):
            assert self.post(cast, sign_in, cast.chair, id=key).status_code == 302
        assert CashEntry.objects.count() == 1

    def test_the_book_is_in_indonesian_whoever_corrects_it(self, cast, sign_in):
        wrong, client = record(cast, 100_000), sign_in(cast.chair)
        client.cookies["django_language"] = "en"
        cast.chair.language = "en"
        cast.chair.save()
        client.post(f"/fkpm/kas/{wrong.uuid}/koreksi/", {"reason": "Jumlah keliru"})
        assert CashEntry.objects.get(number=2).text == "Koreksi no. 1: Jumlah keliru"

    def test_whoever_takes_back_what_was_just_taken_back_is_told(self, cast, sign_in, monkeypatch):
        wrong = record(cast, 100_000)
        wrong.counter_entry("Salah").record(cast.chair)
        monkeypatch.setattr(CashEntry, "is_corrected", False)  # as it was when both opened the page
        answer = sign_in(cast.chair).post(f"/fkpm/kas/{wrong.uuid}/koreksi/", {"reason": "Salah"})
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert CashEntry.objects.count() == 2

    def test_the_first_entry_is_offered_as_the_opening_balance(self, cast, sign_in):
        path = f"/fkpm/{cast.forum.uuid}/kas/baru/"
        first = sign_in(cast.chair).get(path).context["form"]
        assert (first["direction"].value(), first["is_opening"].value()) == ("MASUK", True)
        answer = self.post(cast, sign_in, cast.chair, direction="KELUAR", category="KONSUMSI", is_opening="on")
        assert answer.context["form"].errors.keys() == {"direction"}
        assert self.post(cast, sign_in, cast.chair, is_opening="on").status_code == 302
        later = sign_in(cast.chair).get(path).context["form"]
        assert later["direction"].value() == "KELUAR"
        assert "is_opening" not in later.fields

    def test_what_is_wrong_comes_back_as_typed(self, cast, sign_in):
        for changes, field in (
            ({"amount": "0"}, "amount"),
            ({"amount": "-5"}, "amount"),
            ({"amount": "12,50"}, "amount"),
            ({"amount": "9" * 40}, "amount"),
            ({"category": "KONSUMSI"}, "category"),
            ({"category": "TIDAK_ADA"}, "category"),
            ({"day": "2099-01-01"}, "day"),
            ({"day": "besok"}, "day"),
            ({"text": "a\0b"}, "text"),
            ({"text": "x" * 5000}, "text"),
            ({"text": "  "}, "text"),
            ({"direction": "ATAS"}, "direction"),
        ):
            page = self.post(cast, sign_in, cast.chair, **changes)
            assert page.status_code == 200
            assert field in page.context["form"].errors, changes
        assert not CashEntry.objects.exists()

    def test_below_zero_is_asked_about_first(self, cast, sign_in):
        page = self.post(cast, sign_in, cast.chair, direction="KELUAR", category="KONSUMSI")
        assert page.context["form"].errors.keys() == {"overdraft_reason"}
        assert 'name="overdraft_reason"' in page.content.decode()
        told = {"direction": "KELUAR", "category": "KONSUMSI", "overdraft_reason": "Ditalangi ketua."}
        assert self.post(cast, sign_in, cast.chair, **told).status_code == 302
        page = sign_in(cast.secretary).get(f"/fkpm/{cast.forum.uuid}/kas/").content.decode()
        assert "−Rp 150.000" in page
        assert "Ditalangi ketua." in sign_in(cast.secretary).get(f"/fkpm/kas/{CashEntry.objects.get().uuid}/").content.decode()

    def test_a_mistake_is_taken_back_once(self, cast, sign_in):
        wrong = record(cast, 100_000)
        path, client = f"/fkpm/kas/{wrong.uuid}/koreksi/", sign_in(cast.chair)
        answer = client.post(path, {"reason": "Jumlah keliru"})
        assert answer.url.endswith("/kas/baru/?seperti=1")
        assert client.get(answer.url).context["form"].initial["text"] == "Iuran"
        assert client.post(path, {"reason": "Lagi"}).status_code == 404
        back = CashEntry.objects.get(number=2)
        assert sign_in(cast.chair).get(f"/fkpm/kas/{back.uuid}/koreksi/").status_code == 404

    def test_receipts_come_with_an_entry_or_later_and_nobody_else_has_them(self, cast, sign_in):
        paper = SimpleUploadedFile("nota.png", png())
        client = sign_in(cast.chair)
        client.post(f"/fkpm/{cast.forum.uuid}/kas/baru/", {**self.form(cast), "receipt": paper})
        kept = CashEntry.objects.get()
        for _ in range(2):
            client.post(f"/fkpm/kas/{kept.uuid}/bukti/", {"receipt": SimpleUploadedFile("nota.png", png())})
        client.post(f"/fkpm/kas/{kept.uuid}/bukti/", {"receipt": SimpleUploadedFile("virus.exe", b"MZ")})
        receipt = kept.receipts.get()
        answer = sign_in(cast.secretary).get(f"/fkpm/kas/bukti/{receipt.uuid}/")
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
        answer.getvalue()
        assert sign_in(cast.other_secretary).get(f"/fkpm/kas/bukti/{receipt.uuid}/").status_code == 404
        assert refused("DELETE FROM fkpm_cashreceipt")

    def test_the_filter_keeps_the_balances_of_the_whole_book(self, cast, sign_in):
        record(cast, 100_000, days_ago=40)
        late = record(cast, 20_000, "KELUAR", text="Konsumsi rapat")
        client, path = sign_in(cast.secretary), f"/fkpm/{cast.forum.uuid}/kas/"
        page = client.get(path, {"q": "konsumsi"})
        assert [(entry.pk, entry.balance) for entry in page.context["entries"]] == [(late.pk, 80_000)]
        page = client.get(path, {"dari": late.day.isoformat()})
        assert (page.context["sums"].opening, page.context["sums"].closing) == (100_000, 80_000)
        for odd in (
            {"dari": "besok"},
            {"q": "\0"},
            {"arah": "X"},
            {"kategori": "Y"},
            {"page": "9" * 30},
            {"dari": "2026-02-01", "sampai": "2026-01-01"},
        ):
            assert client.get(path, odd).status_code == 200
        for odd in ("x", "9" * 20, "\0", "3"):
            assert sign_in(cast.chair).get(f"{path}baru/", {"seperti": odd}).status_code == 200

    def test_the_months_add_up_to_the_book(self, cast):
        wrong = record(cast, 100_000, days_ago=3)
        wrong.counter_entry("Salah").record(cast.chair)
        record(cast, 70_000, days_ago=2)
        months = cash_book.months_of(cast.forum)
        assert months[-1].closing == CashEntry.objects.total() == 70_000
        assert sum(month.came_in for month in months) == 70_000

    def test_a_correction_in_a_later_month_makes_no_side_negative(self, cast, sign_in):
        today = cast.forum.unit.today()
        record(cast, 500_000, days_ago=70)
        spent = record(cast, 275_000, "KELUAR", days_ago=40)
        spent.counter_entry("Salah").record(cast.chair)
        record(cast, 150_000, "KELUAR")
        *_earlier, month = cash_book.months_of(cast.forum)
        assert (month.came_in, month.went_out, month.corrected, month.closing) == (0, 150_000, 275_000, 350_000)
        sums = cash_book.sums_of(cast.forum, since=today.replace(day=1))
        assert (sums.opening, sums.went_out, sums.corrected, sums.closing) == (225_000, 150_000, 275_000, 350_000)
        sums = cash_book.sums_of(cast.forum)
        assert (sums.went_out, sums.corrected, sums.closing) == (150_000, 0, 350_000)
        page = sign_in(cast.secretary).get(f"/fkpm/{cast.forum.uuid}/kas/").content.decode()
        assert "Rp 275.000" in page
        assert "-Rp" not in page

    def test_a_receipt_has_to_be_chosen_again_with_a_form_that_came_back(self, cast, sign_in):
        wrong = self.form(cast, category="KONSUMSI", receipt=SimpleUploadedFile("nota.png", png()))
        page = sign_in(cast.chair).post(f"/fkpm/{cast.forum.uuid}/kas/baru/", wrong).content.decode()
        assert "Pilih lagi berkasnya" in page

    def test_what_was_in_the_till_at_first_did_not_come_in(self, cast, sign_in):
        first = record(cast, 100_000, days_ago=3, is_opening=True)
        record(cast, 20_000)
        sums, months = cash_book.sums_of(cast.forum), cash_book.months_of(cast.forum)
        assert (sums.opening, sums.came_in, sums.went_out, sums.closing) == (100_000, 20_000, 0, 120_000)
        assert (months[0].opening, sum(month.came_in for month in months), months[-1].closing) == (100_000, 20_000, 120_000)
        first.counter_entry("Salah").record(cast.chair)
        sums = cash_book.sums_of(cast.forum)
        assert (sums.opening, sums.came_in, sums.closing) == (0, 20_000, 20_000)

    def test_the_book_leaves_as_a_spreadsheet_without_formulas(self, cast, sign_in):
        record(cast, 100_000, text="=1+1")
        answer = sign_in(cast.secretary).get(f"/fkpm/{cast.forum.uuid}/kas/unduh/", {"bentuk": "csv"})
        lines = answer.getvalue().decode("utf-8-sig").splitlines()
        assert "'=1+1" in lines[1]
        assert ",100000,,100000," in lines[1]

    def test_the_list_costs_the_same_however_long_the_book(self, cast, sign_in, django_assert_max_num_queries):
        for _ in range(12):
            record(cast, 10_000)
        client = sign_in(cast.chair)
        client.get(f"/fkpm/{cast.forum.uuid}/kas/")
        with django_assert_max_num_queries(12):
            client.get(f"/fkpm/{cast.forum.uuid}/kas/")


@pytest.mark.django_db(transaction=True)
def test_two_who_spend_the_last_money_at_once_are_not_both_taken(cast):
    """The second waits for the first, and is weighed against what is left."""
    record(cast, 100_000)

    def spend(_number):
        try:
            entry(cast.forum, 80_000, "KELUAR").record(cast.chair)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(spend, range(4)))
    assert sorted(done) == [False, False, False, True]
    assert sorted(CashEntry.objects.values_list("number", flat=True)) == [1, 2]


def test_the_book_on_paper(cast, sign_in):
    wrong = record(cast, 100_000)
    wrong.counter_entry("Salah").record(cast.chair)
    html = render_to_string("fkpm/cash_print.html", cash_on_paper(cast.forum, cast.forum.unit.today().year))
    assert "FKPM Pedalangan" in html
    assert "Kepolisian" not in html
    assert sign_in(cast.secretary).get(f"/fkpm/{cast.forum.uuid}/kas/pdf/", {"tahun": "x"}).status_code == 202
