"""Pages round an officer's service: scores and the rows behind them, awards with their charter, notes and coaching sessions."""

import csv
import datetime
import io
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fkpm.models import Forum
from polmas.people.models import Document, Notification, Posting, Role, Unit, User
from polmas.people.qr import qr_of
from polmas.summaries import awards, coaching, scoring, tasks
from polmas.summaries.models import Award, CoachingSession, OfficerScore, ScoreWeights, ServiceNote
from polmas.summaries.models.scores import DEFAULTS
from tests.cast import make_person
from tests.fkpm.cases import make_case
from tests.summaries.rows import make_household, make_report
from tests.summaries.service_scenes import make_award, make_note, make_session

NOW = datetime.datetime(2026, 11, 18, 3, 0, tzinfo=datetime.UTC)  # Wednesday, 10.00 WIB
OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def rated(cast, month=OCTOBER, number=12):
    unit, area = cast.units.banyumanik, cast.areas["33.74.11.1004"]
    household = make_household(unit, area)
    for person, count in ((cast.officer, number), (cast.colleague, number // 2)):
        for day in range(count):
            make_report(person, unit, area, month + DAY * day, household=household)
    scoring.build(cast.units.polres, month)


def told(person):
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("kind", "path"))


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


class TestScorePages:
    def test_the_officer_reads_how_it_came_about(self, cast, sign_in):
        rated(cast)
        client = sign_in(cast.officer)
        assert client.get("/nilai/").url == f"/nilai/{cast.officer.pk}/"
        page = client.get(f"/nilai/{cast.officer.pk}/?bulan=2026-10")
        parts = {part.part: part for part in page.context["parts"]}
        assert list(parts) == ["activity", "quality", "problems", "response", "satisfaction"]
        assert (parts["quality"].n, parts["satisfaction"].points) == (12, None)
        text = page.content.decode()
        assert "2 dari 5 bagian dapat diukur" in text
        [line] = [line for line in parts["activity"].lines if line.label == "Sambang"]
        assert (line.count, line.of) == (12, 155)
        rows = client.get(line.link).content.decode()
        assert len(set(re.findall(r'href="/kegiatan/([0-9a-f-]{36})/"', rows))) == 12

    def test_colleagues_and_operators_find_nothing(self, cast, sign_in):
        rated(cast)
        for person in (cast.colleague, cast.outsider, cast.clerk, cast.operator, cast.polda_reader, cast.secretary):
            client = sign_in(person)
            assert client.get(f"/nilai/{cast.officer.pk}/?bulan=2026-10").status_code == 404
            assert client.get(f"/nilai/{cast.officer.pk}/lengkap/?bulan=2026-10").status_code == 404
            found = client.get("/api/v1/scores/").json()["results"]
            assert cast.officer.username not in {row["officer"] for row in found}

    def test_a_supervisor_by_name_reads_those_of_the_own_officers(self, cast, sign_in):
        rated(cast)
        Posting.objects.filter(user=cast.officer).update(supervisor=cast.reskrim)
        client = sign_in(cast.reskrim)
        rows = client.get("/nilai/?bulan=2026-10").context["rows"]
        assert [(row["score"].officer, row["place"]) for row in rows] == [(cast.officer, None)]
        assert client.get(f"/nilai/{cast.officer.pk}/?bulan=2026-10").status_code == 200
        assert client.get(f"/nilai/{cast.colleague.pk}/?bulan=2026-10").status_code == 404

    def test_the_kapolres_ranks_all_and_the_kanit_the_own(self, cast, sign_in):
        rated(cast)
        rows = sign_in(cast.kapolres).get("/nilai/?bulan=2026-10").context["rows"]
        assert [row["score"].officer for row in rows][:2] == [cast.officer, cast.colleague]
        assert [row["place"] for row in rows] == [1, 2, 3]
        narrowed = sign_in(cast.kapolres).get("/nilai/?bulan=2026-10&q=dewi").context["rows"]
        assert [(row["score"].officer, row["place"]) for row in narrowed] == [(cast.colleague, 2)]
        client = sign_in(cast.kanit)
        assert {row["score"].officer for row in client.get("/nilai/?bulan=2026-10").context["rows"]} == {cast.officer, cast.colleague}
        assert client.get("/nilai/?satuan=POLRESTABES-SEMARANG").status_code == 404

    def test_equals_share_a_place(self, cast, sign_in):
        rated(cast)
        OfficerScore.objects.update(total=80, label="BAIK")
        assert [row["place"] for row in sign_in(cast.kapolres).get("/nilai/?bulan=2026-10").context["rows"]] == [1, 1, 1]

    def test_a_unit_may_hide_the_ranking(self, cast, sign_in):
        rated(cast)
        Unit.objects.filter(pk=cast.units.banyumanik.pk).update(hides_ranking=True)
        client = sign_in(cast.kapolsek)
        page = client.get("/nilai/?bulan=2026-10&urut=nilai")
        assert [(row["score"].officer, row["place"]) for row in page.context["rows"]] == [(cast.colleague, None), (cast.officer, None)]
        assert "Peringkat" not in page.content.decode()
        assert "Peringkat" not in export(client, "csv")[0]

    def test_the_setting_is_on_the_units_page(self, cast, sign_in):
        client = sign_in(cast.operator)
        page = client.get(f"/kelola/satuan/{cast.units.banyumanik.pk}/")
        assert "hides_ranking" in page.context["form"].fields

    @pytest.mark.parametrize("order", ["nilai", "nama", "satuan", "activity", "quality", "response", "satisfaction", "x'"])
    def test_each_order_shows_all(self, cast, sign_in, order):
        rated(cast)
        assert len(sign_in(cast.kapolres).get(f"/nilai/?bulan=2026-10&urut={order}").context["rows"]) == 3

    def test_the_export_says_what_the_page_says(self, cast, sign_in):
        rated(cast)
        rows = export(sign_in(cast.kapolsek), "csv")
        assert rows[0][:3] == ["Peringkat", "NRP atau NIP", "Nama"]
        assert rows[1][1:3] == [cast.officer.username, cast.officer.full_name]
        assert sign_in(cast.kapolsek).get("/nilai/unduh/?bulan=2026-10").status_code == 200

    @pytest.mark.parametrize("what", ["lengkap", "berulang", "kembali", "perkara", "pantau", "respons"])
    def test_the_rows_behind_each_number(self, cast, sign_in, what):
        make_case(cast, outcome="TIDAK_SEPAKAT")
        rated(cast, NOVEMBER)
        page = sign_in(cast.officer).get(f"/nilai/{cast.officer.pk}/{what}/")
        expected = {"lengkap": 12, "perkara": 1}.get(what, 0)
        assert len(page.context["rows"]) == expected
        assert all(sign_in(cast.officer).get(row.url).status_code == 200 for row in page.context["rows"][:2])

    @pytest.mark.parametrize(
        "query", ["?bulan=2026-13", "?bulan=\0", "?page=99999999999999999999", "?q=\0%27", "?predikat=x&urut=x", "?bulan=2099-01", "?predikat=tanpa"]
    )
    def test_odd_addresses_show_a_list(self, cast, sign_in, query):
        assert sign_in(cast.kapolres).get(f"/nilai/{query}").status_code == 200

    def test_the_list_asks_no_more_the_longer_it_is(self, cast, sign_in):
        rated(cast)
        client = sign_in(cast.kapolres)
        few = queries(client, "/nilai/?bulan=2026-10")
        for number in range(60):
            make_person(f"8101{number:04}", f"Petugas {number}", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
        scoring.build(cast.units.polres, OCTOBER)
        many = queries(client, "/nilai/?bulan=2026-10")
        assert len(many) == len(few) <= 12, "\n".join(many)
        assert len(queries(sign_in(cast.officer), f"/nilai/{cast.officer.pk}/?bulan=2026-10")) <= 14

    def test_the_api_gives_the_parts_to_officer_and_superiors(self, cast, sign_in):
        rated(cast)
        mine = sign_in(cast.officer).get("/api/v1/scores/?month=2026-10-01").json()["results"]
        assert [row["officer"] for row in mine] == [cast.officer.username]
        assert {part["part"] for part in mine[0]["parts"]} == {"activity", "quality"}
        all_of_them = sign_in(cast.kapolres).get("/api/v1/scores/?unit=POLSEK-BANYUMANIK&page_size=1").json()
        assert (len(all_of_them["results"]), bool(all_of_them["next"])) == (1, True)
        assert sign_in(cast.kapolres).get("/api/v1/scores/?month=x").status_code == 400
        assert sign_in(cast.colleague).get(f"/api/v1/scores/{mine[0]['id']}/").status_code == 404


def export(client, form):
    response = client.get(f"/nilai/unduh/?bulan=2026-10&bentuk={form}")
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


class TestWeightPages:
    GOOD = {"activity": "40", "quality": "20", "problems": "20", "response": "10", "satisfaction": "10", "starts_on": "2026-11-01"}

    def test_set_changed_and_taken_away(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        assert client.post("/kelola/bobot/baru/", {**self.GOOD, "unit": "POLSEK-BANYUMANIK"}).status_code == 302
        weights = ScoreWeights.objects.get(unit=cast.units.banyumanik)
        assert (
            client.post(f"/kelola/bobot/{weights.pk}/", {**self.GOOD, "activity": "30", "quality": "30", "starts_on": "2026-12-01"}).status_code
            == 302
        )
        assert list(ScoreWeights.objects.filter(unit=cast.units.banyumanik).order_by("starts_on").values_list("activity", "ends_on")) == [
            (40, datetime.date(2026, 11, 30)),
            (30, None),
        ]
        assert client.post(f"/kelola/bobot/{weights.pk}/hapus/").status_code == 302
        assert client.get("/kelola/bobot/?status=semua").status_code == 200

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"activity": "41"}, "__all__"),
            ({"activity": "-1"}, "activity"),
            ({"activity": "9" * 40}, "activity"),
            ({"quality": ""}, "quality"),
            ({"starts_on": "2026-10-01"}, "starts_on"),
            ({"starts_on": "\0"}, "starts_on"),
            ({"unit": "POLRESTABES-SEMARANG"}, "unit"),
            ({"unit": "POLSEK-\0"}, "unit"),
        ],
    )
    def test_wrong_values_are_named(self, cast, sign_in, wrong, field):
        page = sign_in(cast.kapolsek).post("/kelola/bobot/baru/", {**self.GOOD, "unit": "POLSEK-BANYUMANIK", **wrong})
        assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
        assert not ScoreWeights.objects.exclude(unit=None).exists()

    def test_a_second_for_the_same_time_is_refused_in_words(self, cast, sign_in):
        client = sign_in(cast.kapolsek)
        for _ in range(2):
            page = client.post("/kelola/bobot/baru/", {**self.GOOD, "unit": "POLSEK-BANYUMANIK"})
        assert page.context["form"].non_field_errors()

    def test_a_change_that_came_second_is_told(self, cast, sign_in, monkeypatch):
        weights = ScoreWeights.objects.create(unit=cast.units.banyumanik, starts_on=OCTOBER)
        stale = ScoreWeights.objects.get(pk=weights.pk)
        weights.change({str(part): weight for part, weight in DEFAULTS.items()}, datetime.date(2026, 12, 1), by=cast.kapolsek)
        monkeypatch.setattr("polmas.summaries.views.manage.weights._settable", lambda request, pk: stale)
        page = sign_in(cast.kapolsek).post(f"/kelola/bobot/{weights.pk}/", {**self.GOOD, "starts_on": "2026-12-01"})
        assert page.context["form"].non_field_errors()

    def test_those_above_are_read_and_left(self, cast, sign_in):
        country = ScoreWeights.objects.get(unit=None)
        client = sign_in(cast.kapolsek)
        assert country in list(client.get("/kelola/bobot/").context["page_obj"])
        assert client.post(f"/kelola/bobot/{country.pk}/hapus/").status_code == 404
        assert sign_in(cast.admin).post(f"/kelola/bobot/{country.pk}/", self.GOOD).status_code == 302


class TestAwards:
    def propose(self, client, cast, **changes):
        asked = {"month": "2026-10-01", "officer": cast.officer.username, "reason": "Rajin menyambangi warga.", **changes}
        return client.post("/penghargaan/baru/?kategori=BHABINKAMTIBMAS", asked)

    def test_the_kanit_proposes_and_the_kapolsek_decides(self, cast, sign_in):
        rated(cast)
        assert self.propose(sign_in(cast.kanit), cast).status_code == 302
        award = Award.objects.get()
        assert (award.state, award.proposed_by, award.basis["total"]) == (
            "PROPOSED",
            cast.kanit,
            str(OfficerScore.objects.get(officer=cast.officer).total),
        )
        assert told(cast.kapolsek) == [("AWARD_ASKED", f"/penghargaan/{award.uuid}/")]
        assert sign_in(cast.officer).get(f"/penghargaan/{award.uuid}/").status_code == 404
        client = sign_in(cast.kapolsek)
        assert client.post(f"/penghargaan/{award.uuid}/", {"decision": "ya", "note": ""}).status_code == 302
        award.refresh_from_db()
        assert (award.state, award.number, award.signer["name"]) == ("DECIDED", "B/PIAGAM/1/XI/2026/Sek Bmk", cast.kapolsek.name)
        assert told(cast.officer)[-1] == ("AWARD", f"/penghargaan/{award.uuid}/")
        assert told(cast.kanit)[-1][0] == "AWARD_ANSWER"
        assert not OfficerScore.objects.filter(unit=cast.units.banyumanik, frozen_at=None).exists()
        assert OfficerScore.objects.get(officer=cast.outsider).frozen_at is None
        assert "Bhabinkamtibmas Award" in sign_in(cast.officer).get(f"/nilai/{cast.officer.pk}/?bulan=2026-10").content.decode()
        assert sign_in(cast.colleague).get(f"/penghargaan/{award.uuid}/").status_code == 404

    def test_nobody_but_the_head_of_the_very_unit_decides(self, cast, sign_in):
        award = make_award(cast)
        for person in (cast.kanit, cast.kasat, cast.kapolres):
            assert sign_in(person).post(f"/penghargaan/{award.uuid}/", {"decision": "ya"}).status_code == 404
        unit = cast.units.polres
        above = Award(
            unit=unit, recipient_unit=cast.units.banyumanik, category="INOVASI", officer=cast.officer, month=OCTOBER, reason="Aplikasi ronda."
        )
        awards.propose(above, cast.kasat)
        assert sign_in(cast.kapolsek).get(f"/penghargaan/{above.uuid}/").status_code == 404  # not decided yet, and not theirs
        assert sign_in(cast.kapolres).post(f"/penghargaan/{above.uuid}/", {"decision": "ya"}).status_code == 302
        assert sign_in(cast.kapolsek).get(f"/penghargaan/{above.uuid}/").status_code == 200

    def test_declined_with_a_reason(self, cast, sign_in):
        award = make_award(cast)
        client = sign_in(cast.kapolsek)
        page = client.post(f"/penghargaan/{award.uuid}/", {"decision": "tidak", "note": " "})
        assert (page.status_code, page.context["award"].state) == (200, "PROPOSED")
        client.post(f"/penghargaan/{award.uuid}/", {"decision": "tidak", "note": "Menunggu pemeriksaan."})
        award.refresh_from_db()
        assert (award.state, award.decision_note, award.number) == ("DECLINED", "Menunggu pemeriksaan.", "")
        assert told(cast.kanit)[-1][0] == "AWARD_ANSWER"
        assert sign_in(cast.officer).get(f"/penghargaan/{award.uuid}/").status_code == 404
        assert client.post(f"/penghargaan/{award.uuid}/", {"decision": "ya"}).status_code == 404

    def test_the_second_decision_is_told(self, cast):
        award = make_award(cast)
        same = Award.objects.get(pk=award.pk)
        awards.decide(award, cast.kapolsek)
        with pytest.raises(ValidationError):
            awards.decide(same, cast.kapolsek)

    def test_one_winner_a_month(self, cast):
        awards.decide(make_award(cast), cast.kapolsek)
        other = make_award(cast, officer=cast.colleague)
        with pytest.raises(ValidationError):
            awards.decide(other, cast.kapolsek)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"category": "FKPM"},
            {"category": "LOCAL_HERO"},
            {"officer": None},
            {"reason": ""},
            {"month": datetime.date(2026, 10, 2)},
            {"state": "DECIDED"},
            {"state": "DECLINED"},
        ],
    )
    def test_the_database_refuses(self, cast, wrong):
        given = {"category": "BHABINKAMTIBMAS", "officer": cast.officer, "month": OCTOBER, "reason": "Rajin.", **wrong}
        unit = cast.units.banyumanik
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.create(unit=unit, recipient_unit=unit, proposed_by=cast.kanit, **given)

    def test_what_is_decided_stays(self, cast):
        award = make_award(cast)
        awards.decide(award, cast.kapolsek)
        with pytest.raises(Exception, match="decided_stays"), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(reason="Lain.")

    @pytest.mark.parametrize(
        "changes",
        [
            {"month": "2026-11-01"},
            {"month": "x"},
            {"officer": "80020001"},
            {"officer": "\0"},
            {"officer": ""},
            {"reason": "  "},
            {"reason": "x" * 601},
            {"reason": "a\0b"},
        ],
    )
    def test_wrong_proposals_are_named_and_kept(self, cast, sign_in, changes):
        page = self.propose(sign_in(cast.kanit), cast, **changes)
        assert page.status_code == 200
        assert list(page.context["form"].errors) == list(changes)
        assert not Award.objects.exists()

    def test_a_proposal_made_twice_is_refused_in_words(self, cast, sign_in):
        client = sign_in(cast.kanit)
        self.propose(client, cast)
        page = self.propose(client, cast)
        assert page.context["form"].non_field_errors()

    def test_others_and_forums_are_honoured_too(self, cast, sign_in):
        client = sign_in(cast.kanit)
        common = {"month": "2026-10-01", "reason": "Ronda setiap malam."}
        assert client.post("/penghargaan/baru/?kategori=POS_KAMLING", {**common, "name": "Pos RW 05"}).status_code == 302
        assert client.post("/penghargaan/baru/?kategori=FKPM", {**common, "forum": str(cast.forum.uuid)}).status_code == 302
        award = Award.objects.get(category="FKPM")
        assert client.post("/penghargaan/baru/?kategori=FKPM", {**common, "forum": "x"}).status_code == 200
        assert sign_in(cast.chair).get(f"/penghargaan/{award.uuid}/").status_code == 404
        awards.decide(award, cast.kapolsek)
        assert {"AWARD"} <= {kind for kind, _path in told(cast.chair)}
        assert sign_in(cast.chair).get(f"/penghargaan/{award.uuid}/").status_code == 200
        assert sign_in(cast.other_secretary).get(f"/penghargaan/{award.uuid}/").status_code == 404
        assert [found.pk for found in sign_in(cast.chair).get("/penghargaan/").context["page_obj"]] == [award.pk]

    def test_candidates_need_three_parts_with_five_rows(self, cast):
        rated(cast)
        assert awards.candidates(cast.units.banyumanik, OCTOBER)["BHABINKAMTIBMAS"] == []
        score = OfficerScore.objects.get(officer=cast.officer)
        score.parts["problems"] = {"points": 80, "n": 5, "share": 20, "cases": 5, "settled": 4, "looks": 0, "observed": 0}
        score.save()
        found = awards.candidates(cast.units.banyumanik, OCTOBER)
        assert [candidate.officer for candidate in found["BHABINKAMTIBMAS"]] == [cast.officer]
        assert [candidate.officer for candidate in found["PROBLEM_SOLVING"]] == [cast.officer]
        assert found["PELAPOR"][0].officer == cast.officer
        assert found["FKPM"] == []

    def test_the_candidates_page_costs_the_same_with_many(self, cast, sign_in):
        rated(cast)
        client = sign_in(cast.kapolres)
        few = queries(client, "/penghargaan/calon/")
        for number in range(30):
            make_person(f"8101{number:04}", f"Petugas {number}", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
            Forum.objects.create(unit=cast.units.banyumanik, area=cast.areas["33.74.11.1003"], name=f"FKPM {number}")
        scoring.build(cast.units.polres, OCTOBER)
        assert len(queries(client, "/penghargaan/calon/")) == len(few) <= 12

    def test_the_charters_qr_code_leads_to_its_page_which_shows_the_same_code(self, cast, sign_in, settings):
        settings.PUBLIC_URL = "https://polmas.example.go.id"
        award = make_award(cast)
        assert award.code == ""
        awards.decide(award, cast.kapolsek)
        told = awards.paper(award)
        assert told["qr"] == qr_of(f"https://polmas.example.go.id/penghargaan/{award.uuid}/")
        assert award.code in render_to_string("print/charter.html", told)
        assert award.code in sign_in(cast.officer).get(f"/penghargaan/{award.uuid}/").content.decode()
        assert sign_in(cast.outsider).get(f"/penghargaan/{award.uuid}/").status_code == 404
        code, award.reason = award.code, "Lain."
        assert award.code != code

    def test_the_charter_is_made_by_a_worker(self, cast, sign_in):
        award = make_award(cast)
        client = sign_in(cast.kapolsek)
        assert client.get(f"/penghargaan/{award.uuid}/pdf/").status_code == 404
        awards.decide(award, cast.kapolsek)
        assert client.get(f"/penghargaan/{award.uuid}/pdf/").status_code == 202
        tasks.render_charter(Document.objects.get(kind="charter").pk)
        response = sign_in(cast.officer).get(f"/penghargaan/{award.uuid}/pdf/")
        assert response.getvalue().startswith(b"%PDF")

    @pytest.mark.parametrize("query", ["?kategori=x", "?bulan=\0", "?status=x&page=9e9", "?bulan=2026-10&kategori=FKPM&status=DECIDED"])
    def test_odd_addresses_show_a_list(self, cast, sign_in, query):
        make_award(cast)
        assert sign_in(cast.kapolres).get(f"/penghargaan/{query}").status_code == 200
        assert sign_in(cast.kapolres).get(f"/penghargaan/calon/{query}").status_code == 200


class TestNotes:
    GOOD = {"officer": "80010001", "kind": "LISAN", "given_on": "2026-11-17", "text": "Tiga laporan menyusul."}

    def test_written_read_and_answered(self, cast, sign_in):
        client = sign_in(cast.kanit)
        assert client.post("/pembinaan/baru/", self.GOOD).status_code == 302
        note = ServiceNote.objects.get()
        assert (note.unit, note.written_by, note.read_at) == (cast.units.banyumanik, cast.kanit, None)
        assert told(cast.officer)[-1] == ("NOTE", f"/pembinaan/{note.uuid}/")
        assert "menyusul" not in str(Notification.objects.filter(user=cast.officer).last())
        officer = sign_in(cast.officer)
        officer.get(f"/pembinaan/{note.uuid}/")
        note.refresh_from_db()
        assert note.read_at is None  # looking is no confirmation
        page = officer.post(f"/pembinaan/{note.uuid}/jawab/", {"text": "Siap."})
        assert page.context["form"].non_field_errors()
        officer.post(f"/pembinaan/{note.uuid}/baca/")
        assert officer.post(f"/pembinaan/{note.uuid}/jawab/", {"text": "Siap, sinyal hilang."}).status_code == 302
        note.refresh_from_db()
        assert (note.read_at, note.answer) == (NOW, "Siap, sinyal hilang.")
        assert told(cast.kanit)[-1] == ("NOTE_ANSWER", f"/pembinaan/{note.uuid}/")
        assert officer.post(f"/pembinaan/{note.uuid}/jawab/", {"text": "Lagi."}).status_code == 200
        assert ServiceNote.objects.get().answer == "Siap, sinyal hilang."

    def test_colleagues_operators_and_other_units_find_nothing(self, cast, sign_in):
        note, session = make_note(cast), make_session(cast)
        for person in (cast.colleague, cast.outsider, cast.clerk, cast.operator, cast.spkt, cast.admin, cast.polda_reader, cast.chair):
            client = sign_in(person)
            assert client.get(f"/pembinaan/{note.uuid}/").status_code == 404
            assert client.get(f"/pembinaan/sesi/{session.uuid}/").status_code == 404
        assert not list(sign_in(cast.colleague).get("/pembinaan/").context["page_obj"])
        kapolsek = make_person("80020099", "Lain", cast.units.gajahmungkur, Role.KAPOLSEK)
        assert sign_in(kapolsek).get(f"/pembinaan/{note.uuid}/").status_code == 404

    def test_only_the_officer_confirms_and_answers(self, cast, sign_in):
        note = make_note(cast)
        for act in ("baca", "jawab"):
            assert sign_in(cast.kanit).post(f"/pembinaan/{note.uuid}/{act}/", {"text": "x"}).status_code == 404

    def test_nobody_writes_to_officers_of_others_or_to_oneself(self, cast, sign_in):
        for officer in ("80020001", "80010090", "\0", "80099999"):
            page = sign_in(cast.kanit).post("/pembinaan/baru/", {**self.GOOD, "officer": officer})
            assert list(page.context["form"].errors) == ["officer"]

    @pytest.mark.parametrize(
        "wrong",
        [{"kind": "x"}, {"given_on": "2026-11-19"}, {"given_on": "31/31"}, {"text": " "}, {"text": "x" * 3001}, {"text": "a\0"}],
    )
    def test_wrong_values_are_named(self, cast, sign_in, wrong):
        page = sign_in(cast.kanit).post("/pembinaan/baru/", {**self.GOOD, **wrong})
        assert (page.status_code, list(page.context["form"].errors)) == (200, list(wrong))

    def test_withdrawn_with_a_reason_and_on_record(self, cast, sign_in):
        note = make_note(cast)
        client = sign_in(cast.kapolsek)
        assert client.post(f"/pembinaan/{note.uuid}/cabut/", {"reason": ""}).status_code == 200
        assert client.post(f"/pembinaan/{note.uuid}/cabut/", {"reason": "Salah orang."}).status_code == 302
        note.refresh_from_db()
        assert (note.withdrawn_by, note.is_standing) == (cast.kapolsek, False)
        assert "Salah orang." in sign_in(cast.officer).get(f"/pembinaan/{note.uuid}/").content.decode()
        assert sign_in(cast.officer).post(f"/pembinaan/{note.uuid}/cabut/", {"reason": "x"}).status_code == 404

    def test_withdrawn_by_who_wrote_it_or_stands_higher(self, cast, sign_in):
        note = make_note(cast, written_by=cast.kapolsek, kind="TERTULIS")
        people = (cast.kanit, cast.kapolsek, cast.kasat, cast.kapolres)
        assert [note.may_be_withdrawn_by(person) for person in people] == [False, True, True, True]
        assert sign_in(cast.kanit).post(f"/pembinaan/{note.uuid}/cabut/", {"reason": "Teman."}).status_code == 404
        deputy = make_person("80010098", "Wakil Uji", cast.units.banyumanik, "wakapolsek")
        assert not note.may_be_withdrawn_by(deputy)
        by_deputy = make_note(cast, written_by=deputy)
        assert [by_deputy.may_be_withdrawn_by(person) for person in (cast.kanit, cast.kapolsek)] == [False, True]
        second = make_person("80010097", "Kanit Kedua", cast.units.banyumanik, "kanit_binmas")
        assert not make_note(cast).may_be_withdrawn_by(second)

    def test_the_words_stay_and_changes_are_tracked(self, cast):
        note = make_note(cast)
        with pytest.raises(Exception, match="words_stay"), transaction.atomic():
            ServiceNote.objects.filter(pk=note.pk).update(text="Lain.")
        with pytest.raises(Exception, match="never_deleted"), transaction.atomic():
            note.delete()
        note.read()
        assert note.events.count() == 1

    def test_lists_are_narrowed_and_cost_the_same(self, cast, sign_in):
        make_note(cast)
        client = sign_in(cast.kanit)
        few = queries(client, "/pembinaan/")
        for _ in range(20):
            make_note(cast, officer=cast.colleague, kind="TERTULIS")
        assert len(queries(client, "/pembinaan/")) == len(few) <= 12
        assert [note.officer for note in client.get("/pembinaan/?jenis=LISAN&status=belum&q=sutrisno").context["page_obj"]] == [cast.officer]
        for query in ("?q=\0&jenis=x", "?status=dicabut", "?page=x"):
            assert client.get(f"/pembinaan/{query}").status_code == 200


class TestMoved:
    """What was written about an officer follows them to where they serve now."""

    def sees(self, sign_in, user, *rows):
        codes = {sign_in(user).get(f"/pembinaan/{'sesi/' * isinstance(row, CoachingSession)}{row.uuid}/").status_code for row in rows}
        assert len(codes) == 1
        return codes == {200}

    def move(self, cast, user, unit, role):
        Posting.objects.filter(user=user).update(ends_on=NOW.date() - DAY)
        Posting.objects.create(user=user, unit=unit, role=role, starts_on=NOW.date())

    def test_the_superior_there_reads_and_goes_on_and_those_before_read_their_own_words_alone(self, cast, sign_in):
        head_there = make_person("80020099", "Kepala Uji", cast.units.gajahmungkur, "kapolsek")
        rows = make_note(cast), make_session(cast)
        assert not self.sees(sign_in, head_there, *rows)
        self.move(cast, cast.officer, cast.units.gajahmungkur, "bhabinkamtibmas")
        seen = {name: self.sees(sign_in, user, *rows) for name, user in {**cast.people, "head_there": head_there}.items() if user}
        assert {name for name, sees in seen.items() if sees} == {"officer", "kanit", "kapolres", "kasat", "head_there"}
        note, session = rows
        assert (note.may_be_withdrawn_by(cast.kanit), note.may_be_withdrawn_by(cast.kapolsek)) == (True, False)
        assert (session.may_be_led_by(cast.kanit), session.may_be_led_by(head_there), session.may_be_led_by(cast.kapolres)) == (False, True, True)
        assert cast.officer.name in sign_in(head_there).get("/pembinaan/").content.decode()
        assert cast.officer.name not in sign_in(cast.kapolsek).get("/pembinaan/").content.decode()

    def test_who_wrote_reads_on_from_a_post_without_command(self, cast, sign_in):
        rows = make_note(cast), make_session(cast)
        self.move(cast, cast.kanit, cast.units.gajahmungkur, "operator_polsek")
        assert self.sees(sign_in, cast.kanit, *rows)
        assert sign_in(cast.kanit).get("/pembinaan/").status_code == 200
        assert sign_in(cast.kanit).get("/pembinaan/baru/").status_code == 404

    def test_of_who_serves_as_officer_no_longer_it_stays_with_the_unit(self, cast, sign_in):
        note = make_note(cast)
        Posting.objects.filter(user=cast.officer).update(ends_on=NOW.date() - DAY)
        assert self.sees(sign_in, cast.kapolsek, note)


class TestSessions:
    def test_planned_held_and_looked_at_again(self, cast, sign_in, on_a_wednesday):
        client = sign_in(cast.kanit)
        asked = {"officer": "80010001", "starts_at": "2026-11-20T09:00", "topic": "Mutu laporan"}
        assert client.post("/pembinaan/sesi/baru/", asked).status_code == 302
        session = CoachingSession.objects.get()
        assert session.starts_at == datetime.datetime(2026, 11, 20, 2, 0, tzinfo=datetime.UTC)
        assert told(cast.officer)[-1] == ("SESSION", f"/pembinaan/sesi/{session.uuid}/")
        page = client.post(f"/pembinaan/sesi/{session.uuid}/hasil/", {"notes": "Baik."})
        assert page.context["form"].non_field_errors()  # it lies ahead
        on_a_wednesday.move_to(NOW + 3 * DAY)
        client = sign_in(cast.kanit)
        results = {"notes": "Sudah lebih tepat waktu.", "plan": "Satu laporan sehari lengkap.", "follow_up_on": "2026-11-27"}
        page = client.post(f"/pembinaan/sesi/{session.uuid}/hasil/", {**results, "follow_up_on": "2026-11-01"})
        assert list(page.context["form"].errors) == ["follow_up_on"]
        assert client.post(f"/pembinaan/sesi/{session.uuid}/hasil/", results).status_code == 302
        session.refresh_from_db()
        assert (session.state, session.follow_up_on) == ("HELD", datetime.date(2026, 11, 27))
        assert "Sudah lebih tepat waktu." in sign_in(cast.officer).get(f"/pembinaan/sesi/{session.uuid}/").content.decode()
        assert sign_in(cast.officer).post(f"/pembinaan/sesi/{session.uuid}/hasil/", results).status_code == 404

    def test_led_by_the_coach_who_stands_higher_or_came_after(self, cast, sign_in):
        session = make_session(cast, hours=-2, coach=cast.kapolsek)
        assert [session.may_be_led_by(person) for person in (cast.kanit, cast.kapolsek, cast.kapolres)] == [False, True, True]
        assert sign_in(cast.kanit).post(f"/pembinaan/sesi/{session.uuid}/hasil/", {"notes": "Lain."}).status_code == 404
        successor = make_person("80010098", "Kepala Baru", cast.units.banyumanik, "kapolsek")
        assert not session.may_be_led_by(successor)
        Posting.objects.filter(user=cast.kapolsek).update(ends_on=NOW.date(), unit=cast.units.banyumanik)
        assert not session.may_be_led_by(successor), "the coach serves until the evening"
        CoachingSession.objects.filter(pk=session.pk).update(created_at=NOW - DAY)
        Posting.objects.filter(user=cast.kapolsek).update(ends_on=NOW.date() - DAY)
        session = CoachingSession.objects.get(pk=session.pk)
        now = {person.pk: person for person in User.objects.all()}
        assert [session.may_be_led_by(now[person.pk]) for person in (cast.kanit, cast.kapolsek, successor)] == [False, False, True]

    def test_called_off_with_a_reason(self, cast, sign_in):
        session = make_session(cast)
        client = sign_in(cast.kapolsek)
        client.post(f"/pembinaan/sesi/{session.uuid}/batal/", {"reason": "Pengamanan pilkades."})
        session.refresh_from_db()
        assert session.state == "CANCELLED"
        assert told(cast.officer)[-1][0] == "CANCELLED"
        assert client.post(f"/pembinaan/sesi/{session.uuid}/batal/", {"reason": "x"}).status_code == 200
        CoachingSession.objects.update(starts_at=NOW - DAY)
        page = client.post(f"/pembinaan/sesi/{session.uuid}/hasil/", {"notes": "Terlaksana."})
        assert page.context["form"].non_field_errors()

    @pytest.mark.parametrize(
        "wrong", [{"starts_at": "x"}, {"starts_at": "2099-01-01T09:00"}, {"topic": " "}, {"topic": "a\0"}, {"officer": "80020001"}]
    )
    def test_wrong_values_are_named(self, cast, sign_in, wrong):
        asked = {"officer": "80010001", "starts_at": "2026-11-20T09:00", "topic": "Mutu laporan", **wrong}
        page = sign_in(cast.kanit).post("/pembinaan/sesi/baru/", asked)
        assert (page.status_code, list(page.context["form"].errors)) == (200, list(wrong))

    def test_reminders_come_once_each(self, cast):
        note = make_note(cast)
        ServiceNote.objects.filter(pk=note.pk).update(written_at=NOW - 4 * DAY)
        make_session(cast, hours=20)
        held = make_session(cast, hours=-48)
        held.hold("Baik.", "Lanjut.", datetime.date(2026, 11, 18))
        Notification.objects.all().delete()
        assert coaching.remind(timezone.now()) == 3
        assert {kind for kind, _path in told(cast.officer)} == {"NOTE", "SESSION"}
        assert {kind for kind, _path in told(cast.kanit)} == {"SESSION", "LOOK_AGAIN"}
        assert coaching.remind(timezone.now()) == 0
        assert coaching.remind(timezone.now() + 3 * DAY) == 1  # the note is still unread

    @pytest.mark.parametrize("query", ["?q=\0", "?status=x", "?status=HELD&page=9", "?q=sutrisno"])
    def test_odd_addresses_show_a_list(self, cast, sign_in, query):
        make_session(cast)
        assert sign_in(cast.kanit).get(f"/pembinaan/sesi/{query}").status_code == 200
