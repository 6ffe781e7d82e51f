"""What the worker finds out about stored reports: texts and photos of before, crowded minutes, samples. It may look twice."""

import datetime
import random
import uuid
from itertools import combinations

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw, ImageEnhance

from patrol import checks, photos, tasks
from patrol.fingerprints import ALIKE_BITS, fingerprint_of
from patrol.flags import reasons_for
from patrol.history import history_of
from patrol.models import CheckMark, Report, TextPrint
from patrol.models.marks import mark_for_check
from polmas.people.models import Unit
from tests.patrol.items import correction_of, file_report, file_reports, report_item, send
from tests.patrol.pictures import jpeg, upload
from tests.patrol.test_races import at_once

SENTENCE = "Warga RT 03 meminta lampu jalan di depan balai RW diperbaiki sebelum musim hujan."
NEARLY = "Warga RT 04 meminta lampu jalan di depan balai RW diperbaiki sebelum musim hujan."
OTHER = "Pedagang pasar melaporkan ada dua orang yang menawarkan pinjaman tanpa izin."


@pytest.fixture(autouse=True)
def nothing_is_drawn(cast):
    Unit.objects.update(sample_percent=0)


def hours(number):
    return datetime.timedelta(hours=number)


def filed(officer, hours_ago=1.0, **changes):
    return file_report(officer, occurred_at=(timezone.now() - hours(hours_ago)).isoformat(), **changes)


def flags(*reports):
    checks.check(report.pk for report in reports)
    found = [Report.objects.get(pk=report.pk).flags for report in reports]
    return found[0] if len(found) == 1 else found


def likeness(one, other) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT similarity(%s, %s)", [one, other])
        return cursor.fetchone()[0]


class TestTexts:
    def test_nearly_the_same_text_is_flagged_with_its_likeness(self, cast, sign_in):
        before, after = filed(cast.officer, 9, result=SENTENCE), filed(cast.officer, 1, result=NEARLY)
        assert flags(before, after) == [[], ["SAME_TEXT"]]
        [reason] = reasons_for(Report.objects.get(pk=after.pk), cast.kanit)
        assert reason.same == before
        assert "%" in reason.text
        assert f"/kegiatan/{before.uuid}/" in sign_in(cast.kanit).get(f"/tinjau/{after.uuid}/").content.decode()

    def test_another_text_and_another_officer_are_not(self, cast):
        filed(cast.officer, 9, result=SENTENCE)
        theirs = filed(cast.colleague, 1, result=SENTENCE, location={"lat": -7.06, "lon": 110.41})
        assert flags(filed(cast.officer, 1, result=OTHER), theirs) == [[], []]

    def test_what_happened_counts_like_the_result(self, cast):
        filed(cast.officer, 9, narrative=SENTENCE)
        assert flags(filed(cast.officer, 1, narrative=NEARLY)) == ["SAME_TEXT"]

    def test_short_sentences_only_when_they_are_the_same(self, cast):
        filed(cast.officer, 9, result="Situasi aman, nihil.")
        assert flags(filed(cast.officer, 5, result="Situasi aman nihil."), filed(cast.officer, 1, result="Situasi aman, nihil.")) == [
            [],
            ["SAME_TEXT"],
        ]

    def test_sixty_days_back(self, cast):
        filed(cast.officer, 24 * 61, result=SENTENCE)
        assert flags(filed(cast.officer, 1, result=SENTENCE)) == []
        filed(cast.officer, 24 * 59, result=SENTENCE)
        assert flags(filed(cast.officer, 1, result=SENTENCE)) == ["SAME_TEXT"]

    def test_what_was_withdrawn_may_be_said_again(self, cast):
        filed(cast.officer, 9, result=SENTENCE).withdraw(cast.officer, "Salah rumah.")
        assert flags(filed(cast.officer, 1, result=SENTENCE)) == []

    def test_prints_hide_no_pair_that_is_alike(self, cast):
        """Against all pairs compared one by one, with texts that differ in one word to nearly all."""
        chance = random.Random(7)
        words = f"{SENTENCE} {OTHER}".split()
        texts = [" ".join(words)]
        while len(texts) < 20:
            changed = chance.choice(texts).split()
            for _change in range(chance.choice((1, 1, 2, 9))):
                changed[chance.randrange(len(changed))] = chance.choice(words) + chance.choice("abcde")
            texts.append(" ".join(changed))
        reports = [filed(cast.officer, 21 - n, result=f"Hasil {n}.", narrative=text) for n, text in enumerate(texts)]
        pairs = combinations(range(len(texts)), 2)
        alike = {(reports[later].pk, reports[before].pk) for before, later in pairs if likeness(texts[before], texts[later]) >= 0.85}
        checks.keep_prints([report.pk for report in reports])
        found = {(report, other) for report, other, _alike in checks.similar_texts([report.pk for report in reports])}
        assert 10 < len(alike) < 20 * 19 / 2
        assert found == alike

    def test_a_correction_has_a_print_of_its_own(self, cast, api):
        item = report_item(narrative=OTHER)
        send(api(cast.officer), item)
        report = Report.objects.get(uuid=item["id"])
        flags(report)
        before = TextPrint.objects.get(report=report).narrative
        send(api(cast.officer), correction_of(item, narrative=SENTENCE))
        flags(report)
        assert TextPrint.objects.get(report=report).narrative != before

    def test_the_setting_decides(self, cast, settings):
        settings.REVIEW_TEXT_SIMILARITY = 1
        filed(cast.officer, 9, result=SENTENCE)
        assert flags(filed(cast.officer, 5, result=NEARLY), filed(cast.officer, 1, result=SENTENCE)) == [[], ["SAME_TEXT"]]

    def test_of_another_polsek_the_reviewer_learns_nothing(self, cast):
        before, after = filed(cast.officer, 9, result=SENTENCE), filed(cast.officer, 1, result=SENTENCE)
        Report.objects.filter(pk=before.pk).update(unit=cast.units.gajahmungkur)
        assert flags(after) == ["SAME_TEXT"]
        [reason] = reasons_for(Report.objects.get(pk=after.pk), cast.kanit)
        assert (reason.same, "%" in reason.text) == (None, False)


def scene(shift=0) -> Image.Image:
    """Enough in it to tell it from another."""
    image = Image.new("RGB", (640, 480), "#9cc4e0")
    draw = ImageDraw.Draw(image)
    for n in range(6):
        left = (n * 113 + shift * 71) % 600
        draw.rectangle((left, 60 + n * 55, left + 90, 120 + n * 60), fill=("#27371a", "#d8c8a0", "#8a3020")[(n + shift) % 3])
        draw.ellipse((600 - left, n * 70, 680 - left, 80 + n * 70), fill="#e8e8e8")
    return image


class TestPhotos:
    @pytest.fixture(autouse=True)
    def media(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

    def with_photo(self, officer, image, **changes):
        report = filed(officer, result=str(uuid.uuid4()), **changes)
        photo, _is_new = photos.keep(report, uuid.uuid4(), upload(jpeg(image)))
        return report, photo

    def test_the_same_file_and_the_same_scene(self, cast, sign_in):
        first, photo = self.with_photo(cast.officer, scene(), hours_ago=5)
        again, _photo = self.with_photo(cast.officer, scene(), hours_ago=3)
        darker, mine = self.with_photo(cast.officer, ImageEnhance.Brightness(scene().resize((400, 300))).enhance(0.8), hours_ago=1)
        other, _photo = self.with_photo(cast.officer, scene(3), hours_ago=2)
        assert flags(first, again, darker, other) == [[], ["SAME_PHOTO"], ["SAME_PHOTO"], []]
        [reason] = reasons_for(Report.objects.get(pk=darker.pk), cast.kanit)
        assert reason.pairs == ((mine, photo),)
        page = sign_in(cast.kanit).get(f"/tinjau/{darker.uuid}/").content.decode()
        assert f"/foto/{photo.uuid}/kecil/" in page

    def test_of_the_whole_unit_and_no_other(self, cast):
        self.with_photo(cast.officer, scene(), hours_ago=5)
        theirs, _photo = self.with_photo(cast.colleague, scene(), location={"lat": -7.06, "lon": 110.41})
        foreign, _photo = self.with_photo(cast.outsider, scene(), location={"lat": -7.01, "lon": 110.41})
        assert flags(theirs, foreign) == [["SAME_PHOTO"], []]

    def test_two_of_one_report_are_no_matter(self, cast):
        report, _photo = self.with_photo(cast.officer, scene())
        photos.keep(report, uuid.uuid4(), upload(jpeg(scene())))
        assert flags(report) == []

    def test_plain_surfaces_are_not_compared(self, cast):
        """Photos in the dark are all the same black."""
        assert fingerprint_of(Image.new("RGB", (640, 480), "black")) is None
        self.with_photo(cast.officer, Image.new("RGB", (640, 480), "#000000"), hours_ago=5)
        assert flags(self.with_photo(cast.officer, Image.new("RGB", (640, 480), "#010101"))[0]) == []

    def test_a_photo_that_comes_later_is_looked_at(self, cast):
        self.with_photo(cast.officer, scene(), hours_ago=5)
        report = filed(cast.officer, result=OTHER)
        tasks.check_reports()
        photos.keep(report, uuid.uuid4(), upload(jpeg(scene())))
        tasks.check_reports()
        assert Report.objects.get(pk=report.pk).flags == ["SAME_PHOTO"]


def test_fingerprints_of_one_scene_are_near_and_of_two_far():
    prints = [fingerprint_of(image) for image in (scene(), scene().resize((160, 120)), scene(3))]
    near, far = (((prints[0] ^ other) & (2**64 - 1)).bit_count() for other in prints[1:])
    assert near <= ALIKE_BITS < far


class TestRapid:
    def at(self, cast, *seconds):
        start = timezone.now() - hours(2)
        return [
            file_report(cast.officer, occurred_at=(start + datetime.timedelta(seconds=second)).isoformat(), result=str(uuid.uuid4()))
            for second in seconds
        ]

    def test_four_within_a_minute(self, cast):
        assert flags(*self.at(cast, 0, 20, 40, 59)) == [["RAPID"]] * 4

    def test_three_or_slower_ones_are_not(self, cast):
        assert flags(*self.at(cast, 0, 20, 40, 101, 130)) == [[]] * 5

    def test_earlier_ones_are_flagged_with_the_one_that_makes_it_many(self, cast):
        reports = self.at(cast, 0, 20, 40)
        assert flags(*reports) == [[]] * 3
        [last] = self.at(cast, 45)
        start = reports[0].occurred_at
        Report.objects.filter(pk=last.pk).update(occurred_at=start + datetime.timedelta(seconds=45))
        assert flags(last) == ["RAPID"]
        assert {tuple(report.flags) for report in Report.objects.all()} == {("RAPID",)}

    def test_the_moment_of_saving_counts_where_it_is_known(self, cast):
        reports = self.at(cast, 0, 20, 40, 59)
        for n, report in enumerate(reports):
            Report.objects.filter(pk=report.pk).update(saved_at=report.occurred_at + datetime.timedelta(minutes=10 * n))
        assert flags(*reports) == [[]] * 4


class TestSample:
    def test_the_share_of_the_unit(self, cast):
        Unit.objects.update(sample_percent=5)
        drawn = sum("SAMPLE" in checks.chosen(uuid.UUID(int=n), "DDS", 5) for n in range(10_000))
        assert 400 < drawn < 600
        assert {frozenset(checks.chosen(uuid.UUID(int=n), "DDS", percent)) for n in range(50) for percent in (0,)} == {frozenset()}
        assert all("SAMPLE" in checks.chosen(uuid.UUID(int=n), "DDS", 100) for n in range(50))

    def test_it_is_explained_and_stays_out_of_what_accepts_itself(self, cast):
        Unit.objects.update(sample_percent=100)
        with time_machine.travel(timezone.now() - datetime.timedelta(days=4), tick=False):
            report = file_report(cast.officer)
        assert flags(report) == ["SAMPLE"]
        [reason] = reasons_for(Report.objects.select_related("unit").get(pk=report.pk), cast.kanit)
        assert "100" in reason.text
        CheckMark.objects.all().delete()
        tasks.accept_unflagged()
        assert Report.objects.get(pk=report.pk).state == "submitted"

    def test_problem_solving_is_always_looked_at(self):
        assert checks.chosen(uuid.uuid4(), "PS", 0) == {"ALWAYS"}


class TestTask:
    def test_twice_is_as_once_and_other_flags_stay(self, cast):
        filed(cast.officer, 9, result=SENTENCE)
        report = filed(cast.officer, 1, result=SENTENCE, location=None, area="33.74.11.1004")
        assert flags(report) == flags(report) == ["NO_POSITION", "SAME_TEXT"]

    def test_a_flag_goes_with_its_reason(self, cast):
        before, after = filed(cast.officer, 9, result=SENTENCE), filed(cast.officer, 1, result=SENTENCE)
        assert flags(after) == ["SAME_TEXT"]
        before.withdraw(cast.officer, "Salah rumah.")
        assert flags(after) == []

    def test_it_takes_the_marks_and_leaves_no_history(self, cast):
        filed(cast.officer, 9, result=SENTENCE)
        report = filed(cast.officer, 1, result=SENTENCE)
        mark_for_check([report.pk, report.pk])
        tasks.check_reports()
        assert not CheckMark.objects.exists()
        assert Report.objects.get(pk=report.pk).flags == ["SAME_TEXT"]
        assert len(history_of(Report.objects.get(pk=report.pk), cast.kanit)) == 1

    def test_in_chunks(self, cast, monkeypatch):
        monkeypatch.setattr(tasks, "CHECKED_TOGETHER", 2)
        CheckMark.objects.all().delete()
        mark_for_check(report.pk for report in file_reports(cast.officer, 5))
        tasks.check_reports()
        assert not CheckMark.objects.exists()

    def test_nothing_is_accepted_before_it_was_looked_at(self, cast):
        with time_machine.travel(timezone.now() - datetime.timedelta(days=4), tick=False):
            report = file_report(cast.officer)
        CheckMark.objects.all().delete()
        mark_for_check([report.pk])
        tasks.accept_unflagged()
        assert Report.objects.get(pk=report.pk).state == "submitted"
        tasks.check_reports()
        tasks.accept_unflagged()
        assert Report.objects.get(pk=report.pk).state == "accepted"

    def test_a_batch_costs_as_many_queries_as_one(self, cast, django_assert_max_num_queries):
        reports = file_reports(cast.officer, 30)
        with django_assert_max_num_queries(14):
            checks.check(report.pk for report in reports)

    def test_is_on_beats_list_and_known_to_the_worker(self):
        from polmas.celery import app

        app.loader.import_default_modules()
        assert "patrol.check_reports" in app.tasks
        assert "patrol.check_reports" in {entry["task"] for entry in app.conf.beat_schedule.values()}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_beside_a_sync(cast, api):
    Unit.objects.update(sample_percent=0)
    items = [report_item(result=SENTENCE) for _n in range(10)]
    send(api(cast.officer), *items)
    CheckMark.objects.all().delete()
    mark_for_check(Report.objects.values_list("pk", flat=True))
    assert at_once(tasks.check_reports, tasks.check_reports) == [None, None]
    assert not CheckMark.objects.exists()
    assert sum("SAME_TEXT" in report.flags for report in Report.objects.all()) == 9
