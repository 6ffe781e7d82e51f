"""Awards of a month: proposed, decided, with their charter."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from fkpm.models import Forum
from polmas.people.models import Document, Role
from polmas.people.qr import qr_of
from polmas.summaries import awards, scoring, tasks
from polmas.summaries.models import Award, OfficerScore
from tests.cast import make_person
from tests.summaries.service_scenes import OCTOBER, make_award, on_a_wednesday, queries, rated, told

__all__ = ["on_a_wednesday"]


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
