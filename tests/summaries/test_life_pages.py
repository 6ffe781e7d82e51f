"""Pages on which a summary goes its way, and two people there at once."""

import datetime

import pytest

from polmas.summaries import moving, runs
from polmas.summaries.models import PeriodKind, Summary, SummaryRun, SummaryStep
from tests.summaries.life_scenes import OCTOBER, State, approved, build, in_november, queue, sent
from tests.summaries.rows import banyumanik, together

__all__ = ["in_november", "queue"]


class TestPages:
    def test_what_came_back_is_not_told_as_a_change_of_figures(self, cast, sign_in):
        draft = moving.send_back(sent(cast), cast.kapolres, "Lengkapi bagian H.")
        draft.edit(cast.kanit, {"analysis": "Ronda belum berjalan."}, draft.text_hashes())
        build(cast.units.banyumanik)
        page = sign_in(cast.kapolsek).get(f"/rekap/{draft.uuid}/").content.decode()
        assert "yang dikembalikan, dan menggantikannya setelah disahkan" in page
        assert "Data yang dihitung berubah" not in page

    def test_a_draft_is_counted_anew_by_a_worker_and_the_unit_above_follows(self, cast, sign_in, django_capture_on_commit_callbacks):
        summary, client = build(cast.units.banyumanik), sign_in(cast.kanit)
        url, asks = f"/rekap/{summary.uuid}/", {"HX-Request": "true"}
        assert client.get(url).context["run"] is None
        assert client.post(f"{url}hitung/").status_code == 302
        run = SummaryRun.objects.get()
        assert (run.unit, run.state, run.asked_by) == (cast.units.banyumanik, SummaryRun.State.WAITING, cast.kanit)
        assert "sedang dihitung ulang" in client.get(url).content.decode()
        assert "sedang dihitung ulang" in client.get(url, headers=asks).content.decode()
        assert "sedang dihitung ulang" not in sign_in(cast.kapolres).get(url).content.decode()
        runs.run(cast.units.banyumanik.pk, PeriodKind.MONTHLY, OCTOBER)
        assert SummaryRun.objects.filter(unit=cast.units.polres, state=SummaryRun.State.WAITING).exists()
        assert client.get(url, headers=asks).headers["HX-Refresh"] == "true"
        SummaryRun.objects.filter(pk=run.pk).update(state=SummaryRun.State.FAILED, error="ZeroDivisionError: division by zero")
        page = client.get(url, headers=asks).content.decode()
        assert "tidak dapat dihitung" in page
        assert "ZeroDivisionError" not in page

    def test_the_list_counts_nothing_and_goes_on(self, cast, sign_in, django_assert_max_num_queries):
        days = [datetime.date(2026, 10, day) for day in range(1, 32)]
        for day in days:
            build(cast.units.banyumanik, PeriodKind.DAILY, day)
        client = sign_in(cast.kapolsek)
        with django_assert_max_num_queries(40) as asked:
            first = client.get("/rekap/?periode=daily")
        assert not [query for query in asked if "COUNT(" in query["sql"] and '"summaries_summary"' in query["sql"]]
        assert [row.starts_on for row in first.context["page_obj"]] == days[:0:-1]
        assert "Halaman 1" in first.content.decode()
        last = client.get("/rekap/?periode=daily&page=2").context["page_obj"]
        assert ([row.starts_on for row in last], last.has_next) == (days[:1], False)
        assert list(client.get("/rekap/?page=99999999").context["page_obj"])

    @pytest.mark.parametrize("words", ["banyu", "BANYUMANIK polsek", "{number}", "{middle}"])
    def test_a_search_finds_by_parts_of_numbers_and_units(self, cast, sign_in, words):
        found, other = approved(build(cast.units.banyumanik), cast.kapolsek), build(cast.units.gajahmungkur)
        asked = words.format(number=found.number, middle=found.number.lower()[2:-2])
        page = sign_in(cast.kapolres).get("/rekap/", {"cari": asked})
        shown = [row.pk for row in page.context["page"]]
        assert found.pk in shown
        assert other.pk not in shown

    def test_revisions_stand_side_by_side_cell_by_cell(self, cast, sign_in):
        banyumanik(cast, 2)
        approved(build(cast.units.banyumanik), cast.kapolsek)
        banyumanik(cast, 1)
        revision = build(cast.units.banyumanik)
        context = sign_in(cast.kapolsek).get(f"/rekap/{revision.uuid}/banding/1/").context
        rows = [row for group in context["groups"] for table in group["tables"] for row in table["rows"]]
        assert {"label": "Sambang · Okt 2026", "before": "2", "now": "3"} in rows
        assert [group["title"] for group in context["groups"]] == ["D. Kegiatan Binmas"]
        assert sign_in(cast.kapolsek).get(f"/rekap/{revision.uuid}/banding/9/").status_code == 404

    @pytest.mark.parametrize("query", ["cari=%00", "cari=" + "x" * 5000, "bulan=2026-99", "urut=aneh", "satuan=TIDAK-ADA", "page=x", "periode=%00"])
    def test_odd_filters_do_no_harm(self, cast, sign_in, query):
        build(cast.units.banyumanik)
        client = sign_in(cast.kapolsek)
        assert client.get(f"/rekap/?{query}").status_code == 200
        assert client.get(f"/rekap/unduh/?bentuk=csv&{query}").status_code == 200

    def test_the_table_to_take_along_has_what_the_list_shows(self, cast, sign_in):
        sent(cast)
        build(cast.units.banyumanik, start=datetime.date(2026, 9, 1))
        text = b"".join(sign_in(cast.kapolsek).get("/rekap/unduh/?bentuk=csv&status=DIKIRIM").streaming_content).decode()
        assert len(text.strip().splitlines()) == 2
        assert "B/LBGK/1/X/2026/Sek Bmk" in text

    def test_spkt_sees_the_own_units_paper_without_names(self, cast, sign_in):
        banyumanik(cast, 2)
        summary = build(cast.units.banyumanik)
        page = sign_in(cast.spkt).get(f"/rekap/{summary.uuid}/")
        assert page.status_code == 200
        assert page.context["figures"]["officers"] == []
        assert "Sutrisno" not in page.content.decode()
        assert sign_in(cast.spkt).get(f"/rekap/{build(cast.units.gajahmungkur).uuid}/").status_code == 404


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two sessions, each on a connection of its own."""

    def test_two_who_approve_sign_once(self, cast):
        summary = build(cast.units.banyumanik)
        seen, key = summary.draft_hash, summary.pk
        done = together(*[lambda: moving.approve(Summary.objects.get(pk=key), cast.kapolsek, seen)] * 2)
        assert sorted(map(str, done)) == ["None", "refused"]
        assert SummaryStep.objects.filter(summary=key, state=State.DISAHKAN).count() == 1

    def test_who_approves_signs_what_was_read_or_nothing(self, cast):
        summary = build(cast.units.banyumanik)
        seen, hashes, key = summary.draft_hash, summary.text_hashes(), summary.pk
        together(
            lambda: moving.approve(Summary.objects.get(pk=key), cast.kapolsek, seen),
            lambda: Summary.objects.get(pk=key).edit(cast.kanit, {"analysis": "Naik."}, hashes),
        )
        summary.refresh_from_db()
        assert (summary.state, summary.texts) in [(State.DISAHKAN, {}), (State.DISUNTING, {"analysis": "Naik."})]

    def test_two_papers_of_a_unit_never_share_a_number(self, cast):
        days = [datetime.date(2026, 10, day) for day in (28, 29, 30, 31)]
        drafts = [build(cast.units.banyumanik, PeriodKind.DAILY, day) for day in days]
        together(*[lambda key=draft.pk: moving.release(Summary.objects.get(pk=key)) for draft in drafts])
        numbers = list(Summary.objects.values_list("number", flat=True))
        assert len(set(numbers)) == 4
        assert all(numbers)

    def test_received_and_returned_at_once_is_one_of_both(self, cast):
        key = sent(cast).pk
        done = together(
            lambda: moving.receive(Summary.objects.get(pk=key), cast.kasat) or "received",
            lambda: moving.send_back(Summary.objects.get(pk=key), cast.kapolres, "Lengkapi.") and "returned",
        )
        assert done.count("refused") == 1
        assert Summary.objects.get(pk=key).state in (State.DITERIMA, State.DIKEMBALIKAN)
