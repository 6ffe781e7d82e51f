"""The same batch sent twice at once, two reviewers at once: real transactions, real threads."""

import threading
import uuid
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from patrol import campaigns, sync
from patrol.models import Campaign, CampaignEntry, Household, Report, State
from patrol.photos import keep
from polmas.people.models import User
from tests.patrol.campaigns import joined, make_campaign
from tests.patrol.items import correction_of, file_report, report_item, statuses
from tests.patrol.pictures import jpeg, upload

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """The results (or exceptions) of calls that start together, each on a connection of its own."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(n, call):
        try:
            gate.wait(timeout=10)
            results[n] = call()
        except Exception as error:
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def again(user):
    """The person as another request knows them."""
    return User.objects.get(pk=user.pk)


def test_the_same_batch_twice_at_once(cast):
    for _round in range(3):
        items = [report_item() for _n in range(20)]
        answers = at_once(*[partial(sync.take, again(cast.officer), items)] * 4)
        by_item = list(zip(*map(statuses, answers), strict=True))
        assert {tuple(sorted(found)) for found in by_item} == {("created", "known", "known", "known")}
    assert Report.objects.count() == Household.objects.count() == 60


def test_two_officers_claim_the_same_ids_in_opposite_order(cast):
    """Nobody waits for each other in a ring; each id belongs to one, and the other hears `conflict`."""
    for _round in range(3):
        items = [report_item() for _n in range(20)]
        theirs = [{**report_item(location={"lat": -7.06, "lon": 110.41}), "id": item["id"]} for item in reversed(items)]
        one, two = at_once(partial(sync.take, again(cast.officer), items), partial(sync.take, again(cast.colleague), theirs))
        pairs = list(zip(statuses(one), reversed(statuses(two)), strict=True))
        assert {tuple(sorted(pair)) for pair in pairs} == {("conflict", "created")}


def test_a_correction_and_a_review_at_once(cast):
    """Whoever comes first wins; the state never belongs to another version than was seen."""
    for _round in range(5):
        item = report_item()
        sync.take(cast.officer, [item])
        seen = Report.objects.get(uuid=item["id"])
        fixed = correction_of(item, result="Diperbaiki.")
        answers, review = at_once(partial(sync.take, again(cast.officer), [fixed]), partial(seen.verify, again(cast.kanit)))
        seen.refresh_from_db()
        if answers[0]["status"] == "created":
            assert (seen.state, seen.version) == (State.SUBMITTED, 2)
            assert isinstance(review, ValidationError)
        else:
            assert (answers[0]["status"], review, seen.state, seen.version) == ("conflict", None, State.VERIFIED, 1)


def test_of_two_reviewers_the_second_is_told(cast):
    report = file_report(cast.officer)
    one, two = (Report.objects.get(pk=report.pk) for _n in range(2))
    results = at_once(partial(one.verify, again(cast.kanit)), partial(two.send_back, again(cast.kanit), "Lengkapi."))
    assert [result is None for result in results].count(True) == 1
    assert [isinstance(result, ValidationError) for result in results].count(True) == 1


def test_the_same_photo_twice_at_once(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    report, photo_id, data = file_report(cast.officer), uuid.uuid4(), jpeg()
    results = at_once(*[lambda: keep(report, photo_id, upload(data))] * 3)
    assert sorted(is_new for _photo, is_new in results) == [False, False, True]
    assert {photo.pk for photo, _is_new in results} == {report.photos.get().pk}
    assert len(list(tmp_path.rglob("*.jpg"))) == 2


def test_a_number_never_counts_for_what_was_put_in_its_place_meanwhile(cast, monkeypatch):
    """The operator changes what is counted between the reading of a report and its storing."""
    campaign = make_campaign(cast)
    item, keep_all, refused = joined(campaign, 25), campaigns.keep, []

    def swap():
        try:
            Campaign.objects.get(pk=campaign.pk).store({1: ("Warga ikut", "orang")})
        except ValidationError as error:
            refused.append(error)
        finally:
            connections.close_all()

    operator = threading.Thread(target=swap)

    def keep_late(reports):
        operator.start()
        operator.join(timeout=0.5)
        keep_all(reports)

    monkeypatch.setattr(campaigns, "keep", keep_late)
    assert statuses(sync.take(again(cast.officer), [item])) == ["created"]
    operator.join(timeout=10)
    assert CampaignEntry.objects.get().lines == [("Pohon ditanam", "25 pohon")]
    assert refused
