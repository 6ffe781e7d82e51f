"""Parts of a dashboard that renew themselves: they answer 304 as long as nothing changed, and tell of whatever did at once."""

import datetime

import pytest
from django.core.cache import cache

from patrol.models import Report
from polmas.people.models import Unit
from polmas.summaries import branches, recount
from tests.mapping.incidents import make_incident
from tests.patrol.informations import make_information
from tests.summaries.rows import banyumanik

URL = "/dasbor/"


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr("patrol.models.marks.current_app.send_task", lambda name, **kwargs: None)


@pytest.fixture
def today(cast):
    return cast.units.banyumanik.today()


def renewed(client, tag="", url=URL):
    """What htmx gets: the part of the page, or nothing new."""
    return client.get(url, headers={"HX-Request": "true", **({"If-None-Match": tag} if tag else {})})


class TestRenewal:
    @pytest.mark.parametrize("who", ["kapolsek", "kapolres", "polda_reader"])
    def test_a_report_changes_the_answer_at_once_and_counting_it_tells_no_other(self, cast, sign_in, today, who):
        client = sign_in(cast.people[who])
        banyumanik(cast, 1, today)
        first = renewed(client)
        assert first.context["activity"]["change"].now == 1
        assert renewed(client, first["ETag"]).status_code == 304
        assert renewed(client, first["ETag"]).content == b""
        banyumanik(cast, 1, today)
        second = renewed(client, first["ETag"])
        assert (second.status_code, second.context["activity"]["change"].now) == (200, 2)
        recount.recount_marked()
        branches.add_up_marked()
        counted = renewed(client)
        assert counted.context["activity"]["change"].now == 2
        assert renewed(client, counted["ETag"]).status_code == 304

    def test_what_came_and_was_counted_between_two_looks_is_told(self, cast, sign_in, today):
        """Both times nothing is marked: the turn of counting tells them apart."""
        client = sign_in(cast.people["polda_reader"])
        recount.recount_marked()
        branches.add_up_marked()
        first = renewed(client)
        banyumanik(cast, 1, today)
        recount.recount_marked()
        branches.add_up_marked()
        second = renewed(client, first["ETag"])
        assert (second.status_code, second.context["activity"]["change"].now, second.context["branches"][0]["change"].now) == (200, 1, 1)

    def test_an_incident_changes_it_and_a_report_of_the_neighbour_does_not(self, cast, sign_in, today):
        client = sign_in(cast.kapolsek)
        first = renewed(client)
        report = banyumanik(cast, 1, today)[0]
        second = renewed(client)
        assert second["ETag"] != first["ETag"]
        Report.objects.filter(pk=report.pk).update(unit=cast.units.gajahmungkur)
        report.refresh_from_db()
        marked = renewed(client)
        report.mark()
        assert renewed(client, marked["ETag"]).status_code == 304
        make_incident(cast)
        assert renewed(client, marked["ETag"]).status_code == 200

    def test_a_unit_that_moves_changes_it(self, cast, sign_in):
        client = sign_in(cast.people["polda_reader"])
        first = renewed(client)
        Unit.objects.move(Unit.objects.get(code="POLSEK-GAJAHMUNGKUR"), Unit.objects.get(code="POLDA-JATENG"), "sorted-child")
        moved = renewed(client, first["ETag"])
        assert moved.status_code == 200
        branches.take_tree_changes()
        assert renewed(client, first["ETag"]).status_code == 200

    def test_an_li_is_news_for_those_alone_who_may_know_of_it(self, cast, sign_in):
        reader, other = sign_in(cast.kapolsek), sign_in(cast.people["clerk"])
        tags = [renewed(client)["ETag"] for client in (reader, other)]
        make_information(cast)
        assert [renewed(client, tag).status_code for client, tag in zip((reader, other), tags, strict=True)] == [200, 304]

    def test_each_reader_language_period_and_day_has_its_own(self, cast, sign_in, monkeypatch):
        tags = {renewed(sign_in(user))["ETag"] for user in (cast.kapolsek, cast.kapolres)}
        client = sign_in(cast.kapolsek)
        tags |= {renewed(client, url=f"{URL}?periode={name}")["ETag"] for name in ("hari", "bulan")}
        tags.add(renewed(client, url=f"{URL}?banding=tahun")["ETag"])
        client.post("/bahasa/", {"language": "en"})
        tags.add(renewed(client)["ETag"])
        tomorrow = cast.units.banyumanik.today() + datetime.timedelta(days=1)
        monkeypatch.setattr(Unit, "today", lambda self: tomorrow)
        tags.add(renewed(client)["ETag"])
        assert len(tags) == 7

    def test_the_page_names_the_tag_and_is_itself_always_made_anew(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        page = client.get(URL, headers={"If-None-Match": renewed(client)["ETag"]})
        assert page.status_code == 200
        assert renewed(client, page.context["tag"], page.context["here"]).status_code == 304
        assert "no-store" in renewed(client)["Cache-Control"]
        assert page.context["tag"].strip('"') in page.content.decode()

    def test_asks_little_when_nothing_changed(self, cast, sign_in, django_assert_max_num_queries):
        client = sign_in(cast.kapolsek)
        tag = renewed(client)["ETag"]
        with django_assert_max_num_queries(5):
            assert renewed(client, tag).status_code == 304


def test_a_polda_reads_again_only_what_changed(cast, sign_in, today, django_assert_max_num_queries):
    client = sign_in(cast.people["polda_reader"])
    client.get(URL)
    with django_assert_max_num_queries(7):
        page = client.get(URL)
    banyumanik(cast, 1, today)
    assert client.get(URL).context["activity"]["change"].now == page.context["activity"]["change"].now + 1
    cache.clear()
    assert client.get(URL).context["branches"][0]["change"].now == 1
