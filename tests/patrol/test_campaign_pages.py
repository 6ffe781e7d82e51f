"""The pages of giat tematik: who sets one, what stays once there are reports, and whether every number is true."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from patrol import campaign_sheets, campaigns
from patrol.models import Campaign, CampaignEntry, CampaignState, Report
from patrol.trends import MOST_BARS, trend_of
from polmas.people.models import Role
from tests.cast import make_person
from tests.patrol.campaigns import joined, make_campaign
from tests.patrol.items import correction_of, send
from tests.patrol.test_companions import with_

TWO = {1: ("Pohon ditanam", "pohon"), 2: ("Pupuk", "kg")}
DAY = datetime.timedelta(days=1)


def asked(cast, **changes) -> dict:
    """What the form sends."""
    today = cast.units.polres.today()
    said = {"name": "Bersih kali", "tag": "Bersih kali", "unit": "POLSEK-BANYUMANIK", "starts_on": today, "ends_on": today + 30 * DAY, "target": "50"}
    return {**said, "label_1": "Sampah terangkut", "measure_1": "kg", "label_3": "Warga ikut", "measure_3": "orang", **changes}


class TestSetting:
    def test_an_operator_sets_one(self, cast, sign_in):
        client = sign_in(cast.operator)
        page = client.post("/giat/baru/", asked(cast), follow=True)
        campaign = Campaign.objects.get()
        assert page.redirect_chain[-1][0] == f"/giat/{campaign.uuid}/"
        assert (campaign.unit, campaign.target, campaign.created_by) == (cast.units.banyumanik, 50, cast.operator)
        assert [(field.position, field.label, field.measure) for field in campaign.fields.all()] == [
            (1, "Sampah terangkut", "kg"),
            (3, "Warga ikut", "orang"),
        ]

    def test_an_operator_of_a_polsek_sets_it_there_alone(self, cast, sign_in):
        operator = make_person("80010029", "Wati", cast.units.banyumanik, Role.OPERATOR_POLSEK)
        client = sign_in(operator)
        assert client.post("/giat/baru/", asked(cast, unit="POLRESTABES-SEMARANG")).status_code == 200
        assert client.post("/giat/baru/", asked(cast, unit="POLSEK-GAJAHMUNGKUR")).status_code == 200
        assert not Campaign.objects.exists()
        assert client.post("/giat/baru/", asked(cast)).status_code == 302
        above = make_campaign(cast)
        assert client.get(f"/giat/{above.uuid}/").status_code == 200
        assert client.get(f"/giat/{above.uuid}/ubah/").status_code == 404

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("name", ""), ("name", "  "), ("name", "x" * 121), ("name", "a\0b"), ("tag", "x" * 25), ("unit", "\0"), ("unit", "TIDAK-ADA")),
            *(("starts_on", "0001-01-01"), ("ends_on", "9999-12-31"), ("ends_on", "besok"), ("ends_on", "2020-01-01")),
            *(("target", "0"), ("target", "-3"), ("target", "99999999999999999999"), ("target", "abc")),
            *(("label_1", ""), ("label_2", "x" * 61), ("measure_1", "x" * 21), ("label_1", "\0")),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, cast, sign_in, field, value):
        page = sign_in(cast.operator).post("/giat/baru/", asked(cast, **{field: value}))
        assert page.status_code == 200
        assert page.context["form"].errors
        assert not Campaign.objects.exists()
        assert "Warga ikut" in page.content.decode()

    def test_longer_than_a_year_is_refused(self, cast, sign_in):
        today = cast.units.polres.today()
        page = sign_in(cast.operator).post("/giat/baru/", asked(cast, ends_on=today + 400 * DAY))
        assert page.context["form"].errors
        assert sign_in(cast.operator).post("/giat/baru/", asked(cast, ends_on=today + 366 * DAY)).status_code == 302

    def test_the_same_twice_is_one(self, cast, sign_in):
        client = sign_in(cast.operator)
        assert [client.post("/giat/baru/", asked(cast)).status_code for _n in range(2)] == [302, 200]
        assert Campaign.objects.count() == 1


class TestChanging:
    def test_a_number_that_reports_hold_stays(self, cast, api, sign_in):
        campaign = make_campaign(cast, TWO, unit=cast.units.banyumanik)
        send(api(cast.officer), joined(campaign, 5))
        wish = asked(cast, starts_on=campaign.starts_on, label_1="Lain", measure_1="lain", label_2="Pupuk kandang", measure_2="karung")
        assert sign_in(cast.operator).post(f"/giat/{campaign.uuid}/ubah/", wish).status_code == 302
        stored = [(field.label, field.measure) for field in campaign.fields.all()]
        assert stored == [("Pohon ditanam", "pohon"), ("Pupuk kandang", "karung"), ("Warga ikut", "orang")]

    def test_its_days_keep_the_reports_within(self, cast, api, sign_in):
        campaign = make_campaign(cast)
        send(api(cast.officer), joined(campaign, 5))
        today, client = campaign.unit.today(), sign_in(cast.operator)
        for days in ({"starts_on": today + DAY, "ends_on": today + 5 * DAY}, {"starts_on": today - 9 * DAY, "ends_on": today - DAY}):
            page = client.post(f"/giat/{campaign.uuid}/ubah/", asked(cast, **days))
            assert set(page.context["form"].errors) & {"starts_on", "ends_on"}

    def test_ended_it_is_asked_no_more_and_stays_to_be_read(self, cast, api, sign_in):
        campaign, client = make_campaign(cast), sign_in(cast.operator)
        send(api(cast.officer), joined(campaign, 5))
        assert client.post(f"/giat/{campaign.uuid}/akhiri/").status_code == 302
        campaign.refresh_from_db()
        assert (campaign.state, campaign.ended_by) == (CampaignState.ENDED, cast.operator)
        assert api(cast.officer).get("/api/v1/campaigns/?state=running").json()["results"] == []
        assert client.get(f"/giat/{campaign.uuid}/").status_code == 200
        assert client.get(f"/giat/{campaign.uuid}/ubah/").status_code == 404
        before = campaign.ended_at
        client.post(f"/giat/{campaign.uuid}/akhiri/")
        assert Campaign.objects.get().ended_at == before

    def test_one_to_come_is_not_ended_but_deleted(self, cast, sign_in):
        today = cast.units.polres.today()
        campaign, client = make_campaign(cast, starts_on=today + 3 * DAY), sign_in(cast.operator)
        client.post(f"/giat/{campaign.uuid}/akhiri/")
        assert Campaign.objects.get().ended_at is None
        client.post(f"/giat/{campaign.uuid}/hapus/")
        assert not Campaign.objects.exists()

    def test_with_reports_it_is_not_deleted(self, cast, api, sign_in):
        campaign = make_campaign(cast)
        send(api(cast.officer), joined(campaign, 5))
        sign_in(cast.operator).post(f"/giat/{campaign.uuid}/hapus/")
        assert Campaign.objects.exists()


class TestSight:
    def test_an_officer_sees_what_runs_and_what_the_own_reports_belong_to(self, cast, api, sign_in):
        today = cast.units.polres.today()
        running, over, coming = (
            make_campaign(cast, name=name, starts_on=today + first * DAY, ends_on=today + last * DAY)
            for name, first, last in (("Kini", -1, 1), ("Lalu", -29, -22), ("Nanti", 2, 9))
        )
        own_past = make_campaign(cast, name="Pernah ikut", starts_on=today - 3 * DAY, ends_on=today - DAY)
        then = datetime.datetime.now(datetime.UTC) - 2 * DAY
        send(api(cast.officer), joined(own_past, 1, occurred_at=then.isoformat()))
        client = sign_in(cast.officer)
        seen = {campaign.name: client.get(f"/giat/{campaign.uuid}/").status_code for campaign in (running, over, coming, own_past)}
        assert seen == {"Kini": 200, "Lalu": 404, "Nanti": 404, "Pernah ikut": 200}
        assert [row.name for row in client.get("/giat/").context["page"]] == ["Kini", "Pernah ikut"]
        assert len(sign_in(cast.kanit).get("/giat/").context["page"].object_list) == 4

    def test_what_ended_lately_comes_to_the_phone_for_reports_of_its_days(self, cast, api):
        today = cast.units.polres.today()
        for name, first, last in (("Kini", -1, 1), ("Kemarin", -9, -1), ("Lalu", -29, -22), ("Nanti", 2, 9)):
            make_campaign(cast, name=name, starts_on=today + first * DAY, ends_on=today + last * DAY)
        make_campaign(cast, name="Diakhiri").end(cast.operator)
        for person in (cast.officer, cast.operator):
            told = api(person).get("/api/v1/campaigns/?offered=true").json()["results"]
            assert {row["name"] for row in told} == {"Kini", "Kemarin", "Diakhiri"}

    def test_a_campaign_of_another_polsek_is_nowhere(self, cast, api, sign_in):
        campaign = make_campaign(cast, unit=cast.units.gajahmungkur)
        for person in (cast.officer, cast.kapolsek):
            assert sign_in(person).get(f"/giat/{campaign.uuid}/").status_code == 404
            assert sign_in(person).get(f"/giat/{campaign.uuid}/unduh/").status_code == 404
            assert api(person).get(f"/api/v1/campaigns/{campaign.uuid}/").status_code == 404
            assert "Sejuta" not in sign_in(person).get("/giat/unduh/").getvalue().decode()
        assert sign_in(cast.kapolres).get(f"/giat/{campaign.uuid}/").status_code == 200

    def test_each_counts_what_is_in_sight(self, cast, api, sign_in):
        campaign = make_campaign(cast, TWO, target=10)
        send(api(cast.officer), joined(campaign, 1, 0.5), joined(campaign, 2))
        send(api(cast.colleague), joined(campaign, 4))
        send(api(cast.outsider), joined(campaign, 8))
        gone = joined(campaign, 16)
        send(api(cast.officer), gone)
        Report.objects.get(uuid=gone["id"]).withdraw(cast.officer, "Salah catat.")
        counts = {}
        for name in ("officer", "colleague", "kapolsek", "kapolres", "operator"):
            told = api(cast.people[name]).get(f"/api/v1/campaigns/{campaign.uuid}/").json()
            page = sign_in(cast.people[name]).get(f"/giat/{campaign.uuid}/")
            rows = sign_in(cast.people[name]).get(page.context["rows_path"]).context["page"].rows
            assert page.context["total"]["count"] == told["count"] == len(rows)
            counts[name] = (told["count"], *(row["sum"] for row in told["sums"]))
        assert counts == {"officer": (2, 3, 0.5), "colleague": (1, 4, 0), "kapolsek": (3, 7, 0.5), "kapolres": (4, 15, 0.5), "operator": (4, 15, 0.5)}
        assert "Agus Riyanto" not in sign_in(cast.kapolsek).get(f"/giat/{campaign.uuid}/").content.decode()
        assert "Dewi" not in sign_in(cast.officer).get(f"/giat/{campaign.uuid}/").content.decode()

    def test_the_line_of_an_officer_leads_to_what_the_officer_filed(self, cast, api, sign_in):
        """Not to what a colleague filed and counted, in which the officer took part."""
        campaign, client = make_campaign(cast), sign_in(cast.kapolsek)
        send(api(cast.colleague), joined(campaign, 4), joined(campaign, 1, participants=with_(cast.officer)))
        send(api(cast.officer), joined(campaign, 2))
        page = client.get(f"/giat/{campaign.uuid}/")
        [_villages, people] = page.context["tables"]
        for line in people["lines"]:
            found = client.get(f"{page.context['rows_path']}&{line['query']}")
            assert len(found.context["page"].rows) == line["count"]
            assert line["name"] in " ".join(found.context["filter"].words)
            assert line["query"].split("=")[1] in found.content.decode()

    def test_what_is_withdrawn_or_returned_counts_no_more(self, cast, api, sign_in):
        campaign = make_campaign(cast)
        items = [joined(campaign, n) for n in (1, 2, 4)]
        send(api(cast.officer), *items)
        Report.objects.get(uuid=items[0]["id"]).withdraw(cast.officer, "Salah catat.")
        Report.objects.get(uuid=items[1]["id"]).send_back(cast.kanit, "Lengkapi.")
        context = sign_in(cast.kapolsek).get(f"/giat/{campaign.uuid}/").context
        assert (context["total"]["count"], context["total"]["sum_1"]) == (1, 4)
        send(api(cast.officer), correction_of(items[1]))
        assert sign_in(cast.kapolsek).get(f"/giat/{campaign.uuid}/").context["total"]["count"] == 2

    def test_commanders_find_what_runs_on_their_first_page(self, cast, api, sign_in):
        campaign = make_campaign(cast, target=10)
        send(api(cast.outsider), joined(campaign, 8))
        for person, count in ((cast.kapolres, 1), (cast.kapolsek, 0)):
            page = sign_in(person).get("/").content.decode()
            assert f"/giat/{campaign.uuid}/" in page
            assert campaigns.running_for(person, campaign.unit.today(), 2)[0].count == count
        assert f"/giat/{campaign.uuid}/" not in sign_in(cast.polda_reader).get("/").content.decode()


def test_the_bar_reads_numbers_as_browsers_do(cast, api, sign_in):
    """In Indonesian 1.500 is written for 1500, which a browser takes for one and a half."""
    campaign = make_campaign(cast, target=1500)
    send(api(cast.officer), joined(campaign, 1))
    page = sign_in(cast.kapolres).get(f"/giat/{campaign.uuid}/").content.decode()
    assert 'max="1500" value="1"' in page
    assert "1.500" in page


class TestLists:
    def test_words_and_states_narrow_it(self, cast, sign_in):
        today = cast.units.polres.today()
        make_campaign(cast, name="Kini", tag="A")
        make_campaign(cast, name="Nanti", tag="B", starts_on=today + 2 * DAY)
        make_campaign(cast, name="Lalu", tag="C", starts_on=today - 9 * DAY, ends_on=today - 2 * DAY)
        client = sign_in(cast.kapolres)

        def names(query):
            return [row.name for row in client.get(f"/giat/?{query}").context["page"]]

        assert names("") == ["Kini", "Nanti", "Lalu"]
        assert [names(f"status={word}") for word in ("berjalan", "nanti", "selesai")] == [["Kini"], ["Nanti"], ["Lalu"]]
        assert names("q=lal") == ["Lalu"]
        assert names("q=semarang&status=nanti") == ["Nanti"]
        for hostile in ("q=%00", "status=%00", "page=abc", "page=-1", "page=99999999999999999999999", "q=" + "a+" * 400):
            assert client.get(f"/giat/?{hostile}").status_code == 200

    def test_few_queries_whatever_there_is(self, cast, api, sign_in, django_assert_max_num_queries):
        for n in range(25):
            send(api(cast.officer), joined(make_campaign(cast, TWO, name=f"Giat {n}"), n))
        campaign = Campaign.objects.first()
        send(api(cast.officer), *[joined(campaign, n) for n in range(12)])
        client = sign_in(cast.kapolres)
        for path in ("/giat/", f"/giat/{campaign.uuid}/"):
            client.get(path)
            with django_assert_max_num_queries(12):
                assert client.get(path).status_code == 200
        with django_assert_max_num_queries(5):
            assert len(api(cast.kapolres).get("/api/v1/campaigns/").json()["results"]) == 25

    def test_the_files_hold_the_numbers(self, cast, api, sign_in):
        campaign = make_campaign(cast, TWO, target=3, name="=Giat", tag="Pohon")
        send(api(cast.officer), joined(campaign, 25, 12.5, result="=1+1"))
        client = sign_in(cast.operator)
        [line] = csv.DictReader(io.StringIO(client.get("/giat/unduh/").getvalue().decode("utf-8-sig")))
        cells = list(line.values())
        assert cells[0] == "'=Giat"
        assert cells[3:5] == [f"{campaign.starts_on}", f"{campaign.ends_on}"]
        assert cells[6:12] == ["3", "1", "Pohon ditanam", "25.00", "Pupuk", "12.50"]
        [row] = csv.DictReader(io.StringIO(client.get(f"/giat/{campaign.uuid}/unduh/").getvalue().decode("utf-8-sig")))
        assert (row["Pohon ditanam (pohon)"], row["Pupuk (kg)"]) == ("25.00", "12.50")
        assert "'=1+1" in row.values()
        for path in ("/giat/unduh/?bentuk=xlsx", f"/giat/{campaign.uuid}/unduh/?bentuk=xlsx"):
            sheet = load_workbook(io.BytesIO(client.get(path).getvalue())).active
            cells = [cell.value for cell in sheet[2]]
            assert 25 in cells
            assert 12.5 in cells
            assert any(isinstance(cell, datetime.datetime) for cell in cells)
            assert not any(cell.data_type == "f" for cell in sheet[2])

    def test_a_file_that_would_be_too_long_leads_back_and_says_so(self, cast, api, sign_in, monkeypatch):
        campaign = make_campaign(cast)
        send(api(cast.officer), joined(campaign, 1), joined(campaign, 2))
        monkeypatch.setattr(campaign_sheets, "MAX_ROWS", 1)
        answer = sign_in(cast.operator).get(f"/giat/{campaign.uuid}/unduh/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/giat/{campaign.uuid}/"
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]

    def test_the_phone_gets_what_it_needs(self, cast, api):
        campaign = make_campaign(cast)
        [told] = api(cast.officer).get("/api/v1/campaigns/?state=running").json()["results"]
        assert (told["id"], told["tag"], told["state"]) == (str(campaign.uuid), "Tanam pohon", "running")
        assert told["fields"] == [{"id": str(campaign.fields.get().uuid), "label": "Pohon ditanam", "measure": "pohon"}]
        assert api(cast.officer).get("/api/v1/campaigns/?state=xyz").status_code == 400


numbers = st.none() | st.integers(0, 10**6) | st.decimals(0, 10**6, places=2).map(float)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["officer", "colleague", "outsider"]), numbers, numbers), max_size=8))
def test_every_table_adds_up_to_what_was_sent(cast, api, sent):
    """By day, by village, by officer: the same total, to the cent."""
    campaign = make_campaign(cast, TWO, name=f"Giat {Campaign.objects.count()}")
    for who, *given_numbers in sent:
        send(api(cast.people[who]), joined(campaign, *given_numbers))
    entries = CampaignEntry.objects.filter(campaign=campaign).counted()
    wanted = [sum((Decimal(str(row[n])) for row in sent if row[n] is not None), Decimal(0)) for n in (1, 2)]
    rows = campaigns.added_up(entries, "day", "area", "officer")
    for by in ("day", "area", "officer"):
        total = campaigns.total_of(campaigns.regrouped(rows, by))
        assert (total["count"], total["sum_1"] or 0, total["sum_2"] or 0) == (len(sent), *wanted)


@given(
    st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31)),
    st.integers(0, 366),
    st.dictionaries(st.integers(0, 366), st.integers(1, 99), min_size=1),
)
def test_the_bars_hold_every_day_once(first, length, found):
    last = first + length * DAY
    counts = {first + n * DAY: count for n, count in found.items() if n <= length}
    trend = trend_of(counts, first, last)
    if not counts:
        assert trend is None
        return
    assert sum(bar.count for bar in trend.bars) == sum(counts.values())
    assert len(trend.bars) <= MOST_BARS
    assert (trend.bars[0].first, trend.bars[-1].last) == (first, last)
    assert all(after.first == before.last + DAY for before, after in zip(trend.bars, trend.bars[1:], strict=False))
