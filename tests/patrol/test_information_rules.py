"""What may become of an LI, by whom, and what the database holds to."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.utils import timezone

from mapping.models import Beat
from patrol.models import Information, InformationSource
from patrol.models.informations import InformationAccess, SourceOpening
from polmas.people.models import Posting, Role, Unit, User
from tests.cast import LONG_AGO, make_person
from tests.patrol.informations import make_information, register

REFUSED = (IntegrityError, InternalError, ProgrammingError)


def again(user):
    """The person as another request knows them."""
    return User.objects.get(pk=user.pk)


def test_an_li_goes_from_registration_to_disposition(cast):
    li = make_information(cast)
    register(cast, li)
    day = cast.units.banyumanik.today()
    roman = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")[day.month - 1]
    assert (li.state, li.number) == ("registered", f"R/LI-1/{roman}/{day.year}/Sek Bmk")
    assert set(li.distribution.all()) == {cast.units.banyumanik, cast.units.polres}
    li.rate(cast.kanit_intelkam, "B", "2", "TERBATAS", [cast.units.polres])
    assert (li.state, li.value, li.classification, li.valued_by) == ("valued", "B2", "TERBATAS", cast.kanit_intelkam)
    assert li.number.startswith("R/LI-1/"), "the number stays as it was given"
    li.dispose(cast.kapolsek, "Kanit Intelkam: dalami, laporkan dalam 3 hari.")
    li.dispose(cast.kasat_intelkam, "Koordinasi dengan Sat Samapta.")
    assert li.state == "disposed"
    assert [each.by for each in li.dispositions.all()] == [cast.kapolsek, cast.kasat_intelkam]
    li.rate(cast.kasat_intelkam, "B", "1", "TERBATAS", [])
    assert (li.state, li.value, list(li.distribution.all())) == ("disposed", "B1", [])


def test_numbers_follow_each_other_by_book_and_year(cast):
    registered = [register(cast, make_information(cast)) for _n in range(3)]
    assert [li.sequence for li in registered] == [1, 2, 3]
    their_kanit = make_person("80020090", "Teguh", cast.units.gajahmungkur, Role.KANIT_BINMAS)
    theirs = make_information(cast, author=cast.outsider, unit=cast.units.gajahmungkur)
    theirs.register(their_kanit, "BIASA", [], 1)
    assert (theirs.sequence, theirs.number[:6]) == (1, "B/LI-1")


def test_an_li_of_a_pospol_stands_in_the_book_of_its_polsek(cast):
    pospol = Unit.objects.add_child(cast.units.banyumanik, dict(code="POSPOL-X", name="Pospol X", kind="POSPOL"))
    li = make_information(cast, unit=Unit.objects.get(pk=pospol.pk))
    register(cast, li)
    assert (li.registry, li.sequence) == (cast.units.banyumanik, 1)


@pytest.mark.parametrize("who", ["officer", "colleague", "outsider", "kanit_intelkam", "kapolsek", "kasat", "kasat_intelkam", "kapolres", "operator"])
def test_only_the_kanit_binmas_registers_or_returns(cast, who):
    li = make_information(cast)
    with pytest.raises(ValidationError):
        register(cast, li, cast.people[who])
    with pytest.raises(ValidationError):
        li.send_back(cast.people[who], "Kurang jelas.", 1)
    assert Information.objects.get(pk=li.pk).state == "submitted"


@pytest.mark.parametrize("who", ["officer", "kanit", "kasat", "operator", "colleague"])
def test_only_intelkam_values_and_superiors_dispose(cast, who):
    li = register(cast, make_information(cast))
    with pytest.raises(ValidationError):
        li.rate(cast.people[who], "A", "1", "BIASA", [])
    with pytest.raises(ValidationError):
        li.dispose(cast.people[who], "Laksanakan.")


def test_nothing_is_valued_or_disposed_before_it_has_a_number(cast):
    li = make_information(cast)
    with pytest.raises(ValidationError):
        li.rate(cast.kanit_intelkam, "A", "1", "BIASA", [])
    with pytest.raises(ValidationError):
        li.dispose(cast.kapolsek, "Laksanakan.")


def test_who_comes_second_is_told(cast):
    li = make_information(cast)
    stale = Information.objects.get(pk=li.pk)
    register(cast, li)
    with pytest.raises(ValidationError):
        register(cast, stale)
    corrected = make_information(cast, version=2, content_hashes=["1" * 64, "2" * 64])
    with pytest.raises(ValidationError):
        corrected.register(cast.kanit, "RAHASIA", [], 1)


def test_it_is_returned_with_a_note(cast):
    li = make_information(cast)
    with pytest.raises(ValidationError):
        li.send_back(cast.kanit, " ", 1)
    li.send_back(cast.kanit, "Sebutkan waktunya.", 1)
    assert (li.state, li.return_note, li.returned_by) == ("returned", "Sebutkan waktunya.", cast.kanit)


def test_nobody_acts_upon_the_own_li(cast):
    Posting.objects.create(user=cast.kanit, unit=cast.units.banyumanik, role=Role.BHABINKAMTIBMAS, starts_on=LONG_AGO)
    li = make_information(cast, author=cast.kanit)
    assert not li.may_be_registered_by(again(cast.kanit))


def test_the_database_holds_to_number_and_text(cast):
    li = register(cast, make_information(cast))
    for change in ({"number": "R/LI-9"}, {"sequence": 9}, {"facts": "Lain."}, {"subject": "Lain"}, {"state": "submitted"}):
        with pytest.raises(REFUSED), transaction.atomic():
            Information.objects.filter(pk=li.pk).update(**change)
    with pytest.raises(REFUSED), transaction.atomic():
        Information.objects.filter(pk=li.pk).delete()
    unnumbered = make_information(cast)
    for change in (
        {"state": "registered"},
        {"number": "R/LI-9"},
        {"state": "returned"},
        {"source_value": "Z"},
        {"origin_opinion": 1},
        {"version": 2},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Information.objects.filter(pk=unnumbered.pk).update(**change)


def test_logs_are_only_added_to(cast):
    li = make_information(cast)
    li.source.open(cast.officer, "Memastikan nomor telepon.")
    rows = [SourceOpening.objects.get(), InformationAccess.objects.create(information=li, user=cast.kanit, act="READ")]
    register(cast, li)
    li.dispose(cast.kapolsek, "Dalami.")
    rows.append(li.dispositions.get())
    for row in rows:
        with pytest.raises(REFUSED), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(at=timezone.now())
        with pytest.raises(REFUSED), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()


def test_each_change_is_kept(cast):
    li = register(cast, make_information(cast))
    li.rate(cast.kanit_intelkam, "B", "3", "RAHASIA", [])
    kept = Information.events.rel.related_model.objects.filter(pgh_obj=li).order_by("pgh_id")
    assert [(each.state, each.value_pair) for each in map(value_pair, kept)] == [("submitted", "F6"), ("registered", "F6")]


def value_pair(event):
    event.value_pair = event.source_value + event.content_value
    return event


class TestSource:
    def test_it_is_stored_encrypted_history_included(self, cast):
        li = make_information(cast)
        InformationSource.objects.filter(pk=li.pk).update(note="Pindah ke Ungaran")
        with connection.cursor() as cursor:
            for table in ("patrol_informationsource", "patrol_informationsourceevent"):
                cursor.execute(f"SELECT string_agg({table}::text, ' ') FROM {table}")  # noqa: S608
                [stored] = cursor.fetchone()
                assert stored
                for secret in ("Paijo", "0812-3456", "Juru parkir", "Ungaran"):
                    assert secret not in stored
        assert InformationSource.objects.get(pk=li.pk).name == "Paijo Sumarno"

    def test_two_people_open_it_with_a_reason(self, cast):
        source = make_information(cast).source
        for who in ("kanit", "kanit_intelkam", "kapolsek", "kasat_intelkam", "kapolres", "colleague", "operator", "kasat"):
            with pytest.raises(ValidationError):
                source.open(cast.people[who], "Ingin tahu.")
        with pytest.raises(ValidationError):
            source.open(cast.officer, "  ")
        source.name_handler(cast.kanit_intelkam, cast.kasat_intelkam)
        source.open(cast.kasat_intelkam, "Menemui sumber.")
        source.open(cast.officer, "Memastikan nomor.")
        assert [(each.by, each.reason) for each in source.openings.all()] == [
            (cast.officer, "Memastikan nomor."),
            (cast.kasat_intelkam, "Menemui sumber."),
        ]
        with pytest.raises(ValidationError):
            source.open(cast.kanit_intelkam, "Yang menunjuk tidak ikut membuka.")

    def test_intelkam_names_the_handler_from_among_the_readers(self, cast):
        source = make_information(cast).source
        for by, handler in (("kanit", "kanit"), ("kanit_intelkam", "colleague"), ("kanit_intelkam", "officer"), ("kasat_intelkam", "kasat")):
            with pytest.raises(ValidationError):
                source.name_handler(cast.people[by], cast.people[handler])
        source.name_handler(cast.kasat_intelkam, cast.kanit_intelkam)
        source.name_handler(cast.kasat_intelkam, cast.kasat_intelkam)
        with pytest.raises(ValidationError):
            source.open(cast.kanit_intelkam, "Dulu saya penangan.")

    def test_a_handler_who_left_the_post_opens_nothing(self, cast):
        source = make_information(cast).source
        source.name_handler(cast.kanit_intelkam, cast.kanit_intelkam)
        cast.kanit_intelkam.postings.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
        with pytest.raises(ValidationError):
            source.open(again(cast.kanit_intelkam), "Masih ingin tahu.")


class TestSight:
    READERS = ("officer", "kanit", "kanit_intelkam", "kapolsek", "kasat_intelkam", "kapolres")

    def test_the_author_and_those_who_have_to_know(self, cast):
        make_information(cast)
        seen = {name for name, person in cast.people.items() if Information.objects.for_user(person).exists()}
        assert seen == set(self.READERS)

    def test_a_successor_in_the_village_sees_nothing(self, cast):
        make_information(cast)
        Beat.objects.filter(area=cast.areas["33.74.11.1004"]).update(user=cast.colleague)
        assert not Information.objects.for_user(again(cast.colleague)).exists()

    def test_the_author_keeps_it_after_a_move_and_without_a_post_has_nothing(self, cast):
        make_information(cast)
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        cast.officer.postings.update(ends_on=yesterday)
        assert not Information.objects.for_user(again(cast.officer)).exists()
        Posting.objects.create(user=cast.officer, unit=cast.units.gajahmungkur, role=Role.BHABINKAMTIBMAS, starts_on=yesterday)
        assert Information.objects.for_user(again(cast.officer)).exists()

    def test_what_waits_for_whom(self, cast):
        li = make_information(cast)
        people = ("officer", "kanit", "kanit_intelkam", "kapolsek", "kasat_intelkam", "kapolres", "kasat", "colleague")

        def waits():
            return {who for who in people if Information.objects.waiting_for(cast.people[who]).exists()}

        assert waits() == {"kanit"}
        register(cast, li)
        assert waits() == {"kanit_intelkam", "kasat_intelkam", "kapolsek", "kapolres"}
        li.rate(cast.kanit_intelkam, "B", "2", "RAHASIA", [])
        assert waits() == {"kapolsek", "kapolres"}
        li.dispose(cast.kapolsek, "Dalami.")
        assert waits() == set()
