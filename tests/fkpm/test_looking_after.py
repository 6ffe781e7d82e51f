"""Whether agreements are observed: breaches on any day, looks after the last day, and who is told."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.utils.translation import override

from fkpm import agreements, cases, looking_after, referrals
from fkpm.models import Agreement, AgreementCheck, Case
from fkpm.tasks import watch_agreements
from polmas.people.models import Notification, Posting
from tests.fkpm.cases import NO, make_agreement, make_case, make_forum_agreement, signed

DAY = datetime.timedelta(days=1)


def page_of(agreement) -> str:
    return f"/fkpm/kesepakatan/{agreement.uuid}/"


def made_ago(cast, days, valid_days=None) -> Agreement:
    """A signed peace of some days ago, in a case that is as old."""
    case = make_case(cast)
    day = case.unit.today() - days * DAY
    Case.objects.filter(pk=case.pk).update(happened_on=day)
    case.refresh_from_db()
    until = day + valid_days * DAY if valid_days else None
    return signed(make_agreement(case, cast.officer, agreed_on=day, valid_until=until), cast.officer)


def test_a_breach_is_recorded_whenever_it_is_heard_of(cast, sign_in):
    agreement = made_ago(cast, 120)
    for check in agreement.checks.all():
        looking_after.look_after(check, cast.officer, is_observed=True)
    agreement.refresh_from_db()
    assert agreement.state == "DITAATI"
    client = sign_in(cast.officer)
    assert 'id="ingkar"' in client.get(page_of(agreement)).content.decode()
    response = client.post(f"{page_of(agreement)}ingkar/", {"note": "Memukul lagi.", "next_step": " "})
    assert response.status_code == 422
    assert "Memukul lagi." in response.content.decode()
    assert client.post(f"{page_of(agreement)}ingkar/", {"note": "Memukul lagi.", "next_step": "Limpahkan."}).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.state, agreement.case.outcome) == ("DILANGGAR", "INGKAR")
    check = agreement.checks.get(is_planned=False)
    assert (check.days, check.is_observed, check.note) == (120, False, "Memukul lagi.")
    cases.assess(agreement.case, "ANIAYA_RINGAN", {**NO, "grave": "YA"}, agreement.case.version)  # no dead end any more
    assert Case.objects.get(pk=agreement.case_id).outcome == "DILIMPAHKAN"
    assert client.post(f"{page_of(agreement)}ingkar/", {"next_step": "Lagi."}).status_code == 404


@pytest.mark.parametrize("said", [{"next_step": "a\0b"}, {"next_step": "x" * 5000}, {"note": "x" * 5000, "next_step": "x"}, {}])
def test_an_odd_breach_is_refused(cast, sign_in, said):
    agreement = made_ago(cast, 3)
    assert sign_in(cast.officer).post(f"{page_of(agreement)}ingkar/", said).status_code == 422
    assert not agreement.checks.filter(is_planned=False).exists()


def test_only_a_breach_is_reported_between_the_planned_days(cast):
    agreement = made_ago(cast, 3)
    with pytest.raises(ValidationError, match="belum"):
        looking_after.look_after(agreement.checks.first(), cast.officer, is_observed=True)
    reported = {"is_observed": True, "checked_by": cast.officer, "checked_on": agreement.agreed_on}
    with pytest.raises(Error), transaction.atomic():
        AgreementCheck.objects.create(agreement=agreement, days=3, due_on=agreement.agreed_on, is_planned=False, **reported)


@pytest.mark.parametrize(("is_observed", "state", "outcome"), [(True, "BERAKHIR", "DAMAI"), (False, "DILANGGAR", "INGKAR")])
def test_a_look_that_was_due_is_reported_after_the_last_day(cast, sign_in, is_observed, state, outcome):
    agreement = made_ago(cast, 40, valid_days=30)
    watch_agreements()
    agreement.refresh_from_db()
    assert agreement.state == "BERAKHIR"
    assert Notification.objects.filter(kind="AGREEMENT", user=cast.officer).count() == 1
    check = agreement.checks.get()
    assert list(AgreementCheck.objects.due(agreement.unit.today())) == [check]
    client = sign_in(cast.officer)
    assert 'id="pantau"' in client.get(page_of(agreement)).content.decode()
    said = {"is_observed": "yes" if is_observed else "no", "next_step": "Mediasi ulang."}
    assert client.post(f"{page_of(agreement)}pantau/{check.pk}/", said).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.state, Case.objects.get().outcome) == (state, outcome)
    again = client.post(f"{page_of(agreement)}pantau/{check.pk}/", {"is_observed": "yes"}, follow=True)
    assert "sementara itu sudah dilaporkan" in again.content.decode()
    agreement.refresh_from_db()
    assert agreement.state == state


def test_a_case_that_took_another_way_keeps_it_when_an_old_paper_turns_out_broken(cast):
    agreement = made_ago(cast, 40, valid_days=30)
    watch_agreements()
    referrals.hand_over(agreement.case, cast.officer, "SPKT", cast.units.banyumanik)
    looking_after.look_after(agreement.checks.get(), cast.officer, is_observed=False, next_step="Ke SPKT.")
    assert Case.objects.get().outcome == "DILIMPAHKAN"


def test_a_replaced_paper_asks_for_no_looks(cast):
    old = made_ago(cast, 40)
    signed(_correction_of(old, cast.officer), cast.officer)
    assert not AgreementCheck.objects.open().filter(agreement=old).exists()


def _correction_of(old, by) -> Agreement:
    return make_agreement(old.case, by, replaces=old, agreed_on=old.unit.today())


def test_a_cancelled_correction_does_not_block_the_next(cast, sign_in):
    old = made_ago(cast, 10)
    agreements.cancel(_correction_of(old, cast.officer), "Salah ketik.")
    client = sign_in(cast.officer)
    assert "/ganti/" in client.get(page_of(old)).content.decode()
    new = _correction_of(old, cast.officer)
    assert old.replaced_by == new
    with pytest.raises(ValidationError, match="Koreksi"):
        _correction_of(old, cast.officer)
    assert client.get(f"{page_of(old)}ganti/").status_code == 404


def test_what_ran_out_meanwhile_is_not_ended_twice(cast):
    old = made_ago(cast, 10, valid_days=9)
    new = _correction_of_until(old, cast.officer)
    watch_agreements()
    signed(new, cast.officer)
    old.refresh_from_db()
    assert (old.state, old.ended_on, old.ended_note) == ("BERAKHIR", old.valid_until, "")


def _correction_of_until(old, by) -> Agreement:
    return make_agreement(old.case, by, replaces=old, agreed_on=old.unit.today(), valid_until=None)


def test_who_moved_away_is_not_told_and_the_kanit_is(cast):
    made_ago(cast, 31)
    Posting.objects.filter(user=cast.officer).update(ends_on=datetime.date(2026, 1, 1))
    watch_agreements()
    assert list(Notification.objects.filter(kind="AGREEMENT").values_list("user", flat=True)) == [cast.kanit.pk]


def test_the_reason_of_an_end_is_indonesian_whoever_signs(cast):
    old = made_ago(cast, 10)
    new = _correction_of(old, cast.officer)
    with override("en"):
        signed(new, cast.officer)
    old.refresh_from_db()
    assert old.ended_note == f"Diganti dengan {new.number}."


def test_a_forums_agreement_is_watched_by_its_board(cast, sign_in):
    agreement = signed(make_forum_agreement(cast.forum, cast.officer), cast.officer)
    assert sign_in(cast.secretary).post(f"{page_of(agreement)}ingkar/", {"next_step": "Rapat."}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "DILANGGAR"
