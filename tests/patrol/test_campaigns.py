"""Giat tematik from the phone: attached to any report, never in its way, kept by corrections, told everywhere."""

import csv
import datetime
import io
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.models import ProtectedError
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from patrol import campaigns, papers
from patrol.lists import one_in_detail
from patrol.models import BosMark, Campaign, CampaignEntry, CampaignField, Report
from patrol.models.campaigns import MOST_NUMBER
from tests.patrol.campaigns import TREES, joined, make_campaign
from tests.patrol.items import correction_of, file_report, report_item, send, statuses

TWO = {1: ("Pohon ditanam", "pohon"), 2: ("Pupuk", "kg")}


def stored(item) -> Report:
    return Report.objects.get(uuid=item["id"])


def numbers_of(item) -> list | None:
    entry = CampaignEntry.objects.filter(report__uuid=item["id"]).first()
    return entry and entry.numbers


def queries_of(act) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


class TestArriving:
    def test_a_report_brings_its_numbers(self, cast, api):
        campaign = make_campaign(cast, TWO)
        item = joined(campaign, 25, 12.5)
        assert statuses(send(api(cast.officer), item)) == ["created"]
        assert numbers_of(item) == [Decimal(25), Decimal("12.5"), None]
        assert stored(item).flags == []
        answer = api(cast.officer).get(f"/api/v1/reports/{item['id']}/").json()["campaign"]
        assert answer["id"] == str(campaign.uuid)
        assert (answer["name"], answer["tag"]) == ("Tanam Sejuta Pohon", "Tanam pohon")
        assert list(answer["values"].values()) == [25, 12.5]
        assert [field["measure"] for field in answer["fields"]] == ["pohon", "kg"]

    def test_any_kind_and_no_number_will_do(self, cast, api):
        item = {**joined(make_campaign(cast), kind="SOSIAL", narrative="Kerja bakti."), "detail": {}}
        assert statuses(send(api(cast.officer), item)) == ["created"]
        assert numbers_of(item) == [None, None, None]

    def test_what_has_ended_since_still_counts_for_its_days(self, cast, api):
        """An officer without network can't know that the operator ended it this morning."""
        campaign = make_campaign(cast)
        campaign.end(cast.operator)
        item = joined(campaign, 3)
        assert statuses(send(api(cast.officer), item)) == ["created"]
        assert numbers_of(item) == [3, None, None]

    @pytest.mark.parametrize("why", ["unknown", "over", "not begun", "of another unit"])
    def test_the_report_arrives_even_where_its_campaign_does_not_hold(self, cast, api, why):
        day = datetime.timedelta(days=1)
        today = cast.units.polres.today()
        days = {"over": (-9 * day, -5 * day), "not begun": (5 * day, 9 * day)}.get(why, (-day, day))
        unit = cast.units.gajahmungkur if why == "of another unit" else cast.units.polres
        campaign = make_campaign(cast, unit=unit, starts_on=today + days[0], ends_on=today + days[1])
        item = joined(campaign, 3)
        if why == "unknown":
            item["campaign"]["id"] = str(uuid.uuid4())
        assert statuses(send(api(cast.officer), item)) == ["created"]
        assert numbers_of(item) is None
        assert stored(item).flags == ["CAMPAIGN"]
        assert api(cast.officer).get(f"/api/v1/reports/{item['id']}/").json()["campaign"] is None

    def test_the_reviewer_is_told_why(self, cast, api, sign_in):
        item = report_item(campaign={"id": str(uuid.uuid4())})
        send(api(cast.officer), item)
        [reason] = sign_in(cast.kanit).get(f"/tinjau/{item['id']}/").context["reasons"]
        assert reason.icon == "flag"

    def test_a_number_of_a_field_that_is_no_more_counts_for_nothing_else(self, cast, api):
        campaign = make_campaign(cast)
        item = joined(campaign, 7)
        campaign.store({1: ("Warga ikut", "orang")})
        assert statuses(send(api(cast.officer), item)) == ["created"]
        assert numbers_of(item) == [None, None, None]
        assert stored(item).flags == ["CAMPAIGN"]

    @pytest.mark.parametrize("values", [-1, MOST_NUMBER + 1, 10**400, "7", True, [7], {"a": 1}])
    def test_what_is_no_number_is_refused_by_name(self, cast, api, values):
        campaign = make_campaign(cast)
        item = joined(campaign, values)
        [answer] = send(api(cast.officer), item)
        assert answer["status"] == "rejected"
        assert [error["attr"] for error in answer["errors"]] == [f"campaign.values.{campaign.fields.get().uuid}"]

    @pytest.mark.parametrize(
        "campaign",
        ["x", 5, [], {}, {"id": 7}, {"id": "\0"}, {"id": None}, {"id": str(uuid.uuid4()), "values": {"\udc00": 1}}, {"id": "'; --"}],
    )
    def test_what_is_no_campaign_is_refused_by_name(self, cast, api, campaign):
        [answer] = send(api(cast.officer), report_item(campaign=campaign))
        assert answer["status"] == "rejected"
        assert {error["attr"].split(".")[0] for error in answer["errors"]} == {"campaign"}

    def test_one_campaign_in_fifty_reports_costs_two_queries(self, cast, api, django_assert_max_num_queries):
        campaign = make_campaign(cast)
        client = api(cast.officer)
        send(client, report_item())
        items = [*(joined(campaign, n) for n in range(25)), *(report_item() for _n in range(25))]
        with django_assert_max_num_queries(16):
            assert set(statuses(send(client, *items))) == {"created"}
        assert CampaignEntry.objects.count() == 25

    def test_reports_without_one_ask_nothing_about_any(self, cast, api):
        """New ones not at all; a correction has what it replaces looked up in the same breath as the report itself."""
        make_campaign(cast)
        client, item = api(cast.officer), report_item()
        with CaptureQueriesContext(connection) as filing:
            send(client, item, report_item())
        assert not [query for query in filing.captured_queries if "campaign" in query["sql"]]
        with CaptureQueriesContext(connection) as correcting:
            send(client, correction_of(item, result="Diperbaiki."))
        [looked_up] = [query["sql"] for query in correcting.captured_queries if "campaign" in query["sql"]]
        assert "FOR NO KEY UPDATE OF" in looked_up

    def test_a_moved_officer_still_brings_numbers(self, cast, api):
        campaign = make_campaign(cast, unit=cast.units.banyumanik)
        assert not campaign.takes(cast.units.gajahmungkur, campaign.starts_on)
        item = joined(campaign, 2)
        send(api(cast.outsider), item)
        assert stored(item).flags[-1:] == ["CAMPAIGN"]


@pytest.mark.django_db(transaction=True)
class TestCorrecting:
    def test_it_keeps_changes_and_takes_away(self, cast, api, sign_in):
        campaign, other = make_campaign(cast), make_campaign(cast, name="Bersih kali", tag="Bersih kali")
        client, pages = api(cast.officer), sign_in(cast.officer)
        item = joined(campaign, 5)
        send(client, item)
        first = CampaignEntry.objects.get()
        item = correction_of(item, result="Sama saja, satu kata lain.")
        assert statuses(send(client, item)) == ["created"]
        assert CampaignEntry.objects.get().since_version == first.since_version == 1
        item = correction_of(item, campaign=joined(campaign, 8)["campaign"])
        send(client, item)
        assert numbers_of(item) == [8, None, None]
        item = correction_of(item, campaign=joined(other, 1)["campaign"])
        send(client, item)
        assert CampaignEntry.objects.get().campaign == other
        item = correction_of(item, campaign=None)
        assert statuses(send(client, item)) == ["created"]
        assert not CampaignEntry.objects.exists()
        page = pages.get(f"/kegiatan/{item['id']}/").content.decode()
        for told in ("Tanam Sejuta Pohon (5 pohon)", "Tanam Sejuta Pohon (8 pohon)", "Bersih kali (1 pohon)"):
            assert told in page
        versions = pages.get(f"/kegiatan/{item['id']}/versi/?dari=2&ke=3").content.decode()
        assert "Tanam Sejuta Pohon (5 pohon)" in versions
        assert "Tanam Sejuta Pohon (8 pohon)" in versions

    def test_a_long_history_costs_no_more_than_a_short_one(self, cast, api, sign_in):
        campaigns_, client, pages = [make_campaign(cast, name=f"Giat {n}") for n in range(3)], api(cast.officer), sign_in(cast.officer)
        item = joined(campaigns_[0], 1)
        send(client, item)
        item = correction_of(item, campaign=joined(campaigns_[1], 2)["campaign"])
        send(client, item)
        paths = (f"/kegiatan/{item['id']}/", f"/kegiatan/{item['id']}/versi/?dari=1&ke=2")
        for path in paths:
            pages.get(path)
        short = [queries_of(lambda path=path: pages.get(path)) for path in paths]
        for n in range(5):
            item = correction_of(item, campaign=joined(campaigns_[n % 3], n)["campaign"])
            assert statuses(send(client, item)) == ["created"]
        assert [queries_of(lambda path=path: pages.get(path)) for path in paths] == short

    def test_a_correction_may_bring_one(self, cast, api, sign_in):
        item = report_item()
        send(api(cast.officer), item)
        item = correction_of(item, campaign=joined(make_campaign(cast), 4)["campaign"])
        assert statuses(send(api(cast.officer), item)) == ["created"]
        assert numbers_of(item) == [4, None, None]
        assert "Tanam Sejuta Pohon (4 pohon)" in sign_in(cast.officer).get(f"/kegiatan/{item['id']}/").content.decode()

    def test_a_late_retry_changes_nothing(self, cast, api):
        item = joined(make_campaign(cast), 5)
        client = api(cast.officer)
        send(client, item)
        send(client, correction_of(item, campaign=None))
        assert statuses(send(client, item)) == ["known"]
        assert not CampaignEntry.objects.exists()


class TestTold:
    def test_the_page_the_table_and_the_filters(self, cast, api, sign_in):
        campaign = make_campaign(cast, TWO)
        item, other = joined(campaign, 25, 12.5), report_item()
        send(api(cast.officer), item, other)
        page = sign_in(cast.kapolsek).get(f"/kegiatan/{item['id']}/").content.decode()
        assert "Tanam Sejuta Pohon" in page
        assert "12,5 kg" in page
        client = sign_in(cast.kapolsek)
        listed = client.get(f"/kegiatan/?giat={campaign.uuid}").content.decode()
        assert item["id"] in listed
        assert other["id"] not in listed
        rows = list(csv.DictReader(io.StringIO(client.get(f"/kegiatan/unduh/?giat={campaign.uuid}").getvalue().decode("utf-8-sig"))))
        assert [(row["id"], row["giat_tematik"], row["giat_angka_1"], row["giat_angka_2"], row["giat_angka_3"]) for row in rows] == [
            (item["id"], "Tanam Sejuta Pohon", "25.00", "12.50", "")
        ]
        found = api(cast.kapolsek).get(f"/api/v1/reports/?campaign={campaign.uuid}").json()["results"]
        assert [row["id"] for row in found] == [item["id"]]

    def test_the_paper_of_a_report_names_it(self, cast, api):
        item = joined(make_campaign(cast, TWO), 25, 12.5)
        send(api(cast.officer), item)
        report = one_in_detail(Report.objects.all(), item["id"])
        paper = render_to_string("patrol/report_print.html", papers.report_on_paper(report, papers.FULL))
        assert "Tanam Sejuta Pohon" in paper
        assert "Pupuk: 12,5 kg" in paper

    @pytest.mark.parametrize("asked", ["x", "%00", "0" * 36, "00000000-0000-4000-8000-000000000000"])
    def test_a_filter_by_what_is_none_finds_nothing(self, cast, api, sign_in, asked):
        file_report(cast.officer)
        assert sign_in(cast.kapolsek).get(f"/kegiatan/?giat={asked}").status_code == 200
        assert api(cast.kapolsek).get(f"/api/v1/reports/?campaign={asked}").json().get("results", []) == []

    def test_a_campaign_out_of_sight_filters_nothing_in(self, cast, api):
        campaign = make_campaign(cast, unit=cast.units.banyumanik)
        send(api(cast.officer), joined(campaign, 1))
        for person in (cast.outsider, cast.kapolres):
            found = api(person).get(f"/api/v1/reports/?campaign={campaign.uuid}").json()["results"]
            assert len(found) == (person == cast.kapolres)

    def test_the_table_says_when_it_was_entered_in_bos(self, cast, sign_in):
        entered, waiting = file_report(cast.officer), file_report(cast.officer)
        BosMark.objects.create(report=entered, by=cast.operator)
        BosMark.objects.filter(report=entered).update(at=datetime.datetime(2026, 11, 20, 20, 5, tzinfo=datetime.UTC))
        text = sign_in(cast.operator).get("/kegiatan/unduh/").getvalue().decode("utf-8-sig")
        told = {row["id"]: row["di_bos"] for row in csv.DictReader(io.StringIO(text))}
        assert told == {str(entered.uuid): "2026-11-21 03.05", str(waiting.uuid): ""}

    def test_lists_cost_no_more_with_many_campaigns_than_with_one(self, cast, api, django_assert_num_queries):
        """The campaigns of all rows are one question, their fields another."""
        client = api(cast.kapolsek)
        send(api(cast.officer), *[report_item() for _n in range(5)])
        client.get("/api/v1/reports/")
        without = queries_of(lambda: client.get("/api/v1/reports/"))
        send(api(cast.officer), joined(make_campaign(cast), 1))
        assert queries_of(lambda: client.get("/api/v1/reports/")) == without + 2
        campaigns_ = [make_campaign(cast, TWO, name=f"Giat {n}") for n in range(4)]
        send(api(cast.officer), *[joined(campaigns_[n % 4], n) for n in range(19)])
        with django_assert_num_queries(without + 2):
            assert len(client.get("/api/v1/reports/").json()["results"]) == 25


class TestTheDatabase:
    def test_a_field_with_numbers_keeps_its_meaning(self, cast, api):
        campaign = make_campaign(cast, TWO)
        send(api(cast.officer), joined(campaign, 5))
        field = campaign.fields.get(position=1)
        for act in (
            lambda: CampaignField.objects.filter(pk=field.pk).update(label="Lain"),
            lambda: CampaignField.objects.filter(pk=field.pk).delete(),
        ):
            with pytest.raises(InternalError), transaction.atomic():
                act()
        CampaignField.objects.filter(campaign=campaign, position=2).delete()

    def test_so_does_one_whose_numbers_a_correction_took_away(self, cast, api, sign_in):
        """The history of the report still shows them, in the words of the field."""
        campaign = make_campaign(cast, TWO)
        item = joined(campaign, 5)
        send(api(cast.officer), item)
        send(api(cast.officer), correction_of(item, campaign=None))
        assert campaign.positions_in_use() == {1}
        with pytest.raises(ValidationError):
            campaign.store({1: ("Warga ikut", "orang"), 2: TWO[2]})
        with pytest.raises(InternalError), transaction.atomic():
            CampaignField.objects.filter(campaign=campaign, position=1).update(label="Lain")
        campaign.store({1: TWO[1], 2: ("Warga ikut", "orang")})

    def test_who_had_it_open_does_not_begin_it_anew_after_it_was_ended(self, cast):
        campaign = make_campaign(cast)
        Campaign.objects.get(pk=campaign.pk).end(cast.operator)
        campaign.name = "Lain"
        with pytest.raises(ValidationError):
            campaign.store(TREES)
        stored = Campaign.objects.get(pk=campaign.pk)
        assert stored.is_stopped
        assert stored.name == "Tanam Sejuta Pohon"

    @pytest.mark.parametrize("error", [ProtectedError("", set()), IntegrityError()])
    def test_a_report_that_comes_while_it_is_deleted_keeps_it(self, cast, monkeypatch, error):
        campaign = make_campaign(cast)

        def refuse(row):
            raise error

        monkeypatch.setattr(Campaign, "delete", refuse)
        with pytest.raises(ValidationError):
            campaign.remove()

    def test_deleted_twice_is_deleted(self, cast):
        campaign = make_campaign(cast)
        Campaign.objects.get(pk=campaign.pk).remove()
        campaign.remove()
        assert not Campaign.objects.exists()

    def test_a_campaign_with_reports_stays(self, cast, api):
        campaign = make_campaign(cast)
        send(api(cast.officer), joined(campaign, 5))
        with pytest.raises(ProtectedError):
            campaign.delete()

    @pytest.mark.parametrize("numbers", [[1, 2], [-1, None, None], [MOST_NUMBER + 0.5, None, None]])
    def test_numbers_that_cannot_be(self, cast, numbers):
        with pytest.raises(IntegrityError), transaction.atomic():
            CampaignEntry.objects.create(report=file_report(cast.officer), campaign=make_campaign(cast), numbers=numbers)

    def test_everything_is_recorded(self, cast):
        campaign = make_campaign(cast, TREES)
        campaign.tag = "Pohon"
        campaign.store({1: ("Bibit", "batang")})
        campaign.remove()
        events = Campaign.pgh_event_models  # type: ignore[attr-defined]
        assert events
        assert not Campaign.objects.exists()

    def test_a_campaign_that_a_report_once_named_is_not_deleted(self, cast, api):
        """Its history still tells of it."""
        campaign = make_campaign(cast)
        item = joined(campaign, 5)
        send(api(cast.officer), item)
        send(api(cast.officer), correction_of(item, campaign=None))
        with pytest.raises(ValidationError):
            campaign.remove()


def test_the_sums_are_those_of_the_reports(cast, api):
    campaign = make_campaign(cast, TWO)
    send(api(cast.officer), joined(campaign, 5, 0.1), joined(campaign, 7, 0.2), joined(campaign))
    [row] = campaigns.added_up(CampaignEntry.objects.filter(campaign=campaign), "officer")
    assert (row["officer"], row["count"], row["sum_1"], row["sum_2"], row["sum_3"]) == (cast.officer.pk, 3, 12, Decimal("0.3"), None)
