"""The security index by its pages: founded, scored alone, agreed on together, closed for good; and who sees what of it."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fkpm.models import Member
from polmas.people.models import Document
from polmas.summaries import index_papers, index_results, tasks
from polmas.summaries.models import (
    IndexBoard,
    IndexIndicator,
    IndexMember,
    IndexPeriod,
    IndexScheme,
    IndexScore,
    IndexStep,
    IndexValue,
    IndexWeight,
)
from tests.access_table import png
from tests.cast import LONG_AGO, make_person
from tests.mapping.problems import make_problem
from tests.summaries.index_scenes import IDEOLOGY, POLITICS, make_board, make_period, score

NOW = datetime.datetime(2026, 11, 18, 3, 0, tzinfo=datetime.UTC)
MOST_QUERIES = 14


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dean(cast):
    """Somebody of the university, with an account and no post."""
    return make_person("dewan-ratna", "Dr. Ratna Dewi")


@pytest.fixture
def board(cast, dean):
    return make_board(cast, user=dean)


@pytest.fixture
def quarter(cast, board):
    return make_period(board, cast.kanit)


@pytest.fixture
def members(board):
    return list(board.members.order_by("pk"))


@pytest.fixture
def scored(cast, quarter, members):
    """The vectors of domain.md 7 by one member each, and a second one who sees two indicators otherwise."""
    score(quarter, members[0], cast.kanit, **IDEOLOGY, **POLITICS)
    score(quarter, members[1], cast.kanit, I1=2, P1=5)
    quarter.end_scoring()
    return quarter


def page(period, part=""):
    return f"/indeks/{period.uuid}/{part}"


class TestIndicators:
    def test_fourteen_are_given_and_the_others_proposed(self, cast):
        found = {(row.field, row.source) for row in IndexIndicator.objects.all()}
        assert found == {("IDEOLOGI", "NASKAH"), ("POLITIK", "NASKAH"), ("EKONOMI", "USULAN"), ("SOSIAL_BUDAYA", "USULAN")}
        assert [IndexIndicator.objects.filter(field=field).count() for field in ("IDEOLOGI", "POLITIK")] == [8, 6]
        assert IndexIndicator.objects.get(code="P5").text == "Produk politik memihak dan bermanfaat bagi masyarakat"

    def test_weights_make_a_hundred_or_the_database_refuses(self, cast):
        scheme = IndexScheme.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            IndexScheme.objects.filter(pk=scheme.pk).update(ideology=26)
        weight = IndexWeight.objects.get(scheme=scheme, indicator__code="I1")
        with transaction.atomic():
            weight.delete()
            with pytest.raises(DatabaseError, match="must make 100"):
                connection.check_constraints()
            transaction.set_rollback(True)

    def test_no_indicator_scores_a_party_or_a_faith(self, cast):
        for text in ("Dukungan kepada Partai Maju", "Jumlah pengikut Ahmadiyah"):
            with pytest.raises(ValidationError):
                IndexIndicator(code="X1", field="POLITIK", text=text).full_clean()

    def test_an_administrator_writes_the_next_scheme(self, cast, sign_in):
        admin = sign_in(cast.admin)
        form = admin.get("/indeks/indikator/baru/").context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        refused = admin.post("/indeks/indikator/baru/", data | {"w_P1": "0"})
        assert "make" in str(refused.context["form"].non_field_errors()) or "berjumlah" in str(refused.context["form"].non_field_errors())
        wrong = admin.post("/indeks/indikator/baru/", data | {"ideology": "40"})
        assert wrong.status_code == 200
        assert wrong.context["form"].errors
        named = data | {"w_E5": "0", "new_EKONOMI": "Omzet toko milik Tionghoa", "new_w_EKONOMI": "20"}
        assert admin.post("/indeks/indikator/baru/", named).context["form"].errors
        done = admin.post("/indeks/indikator/baru/", data | {"w_E5": "0", "new_EKONOMI": "UMKM tumbuh", "new_w_EKONOMI": "20"})
        assert done.status_code == 302
        scheme = IndexScheme.objects.on(datetime.date(2027, 2, 1))
        assert (scheme.starts_on, scheme.made_by) == (datetime.date(2027, 1, 1), cast.admin)
        assert set(scheme.weights.filter(indicator__field="EKONOMI").values_list("indicator__code", flat=True)) == {"E1", "E2", "E3", "E4", "E6"}
        assert IndexScheme.objects.on(datetime.date(2026, 12, 31)).starts_on == datetime.date(2019, 1, 1)
        assert "E5" in admin.get("/indeks/indikator/?mulai=2027-01-01").content.decode()

    def test_what_was_scored_keeps_its_words_and_weights(self, cast, quarter, members):
        score(quarter, members[0], cast.kanit, I1=4)
        with pytest.raises(DatabaseError, match="keeps its words"), transaction.atomic():
            IndexIndicator.objects.filter(code="I1").update(text="Lain")
        with pytest.raises(DatabaseError, match="counts with these weights"), transaction.atomic():
            quarter.scheme.weights.first().delete()


class TestBoards:
    def test_a_kanit_founds_the_board_of_the_kecamatan(self, cast, sign_in):
        kanit = sign_in(cast.kanit)
        form = kanit.get("/indeks/dewan/baru/").context["form"]
        assert [area.code for area in form.fields["area"].queryset] == ["33.74.11"]
        assert kanit.post("/indeks/dewan/baru/", {"area": "33.74", "name": "Dewan"}).status_code == 200
        kanit.post("/indeks/dewan/baru/", {"area": "33.74.11", "name": "Dewan Banyumanik"})
        board = IndexBoard.objects.get()
        assert (board.unit, board.area.code) == (cast.units.banyumanik, "33.74.11")
        again = kanit.post("/indeks/dewan/baru/", {"area": "33.74.11", "name": "Dewan lain"})
        assert again.context["form"].errors
        address = f"/indeks/dewan/{board.uuid}/anggota/baru/"
        answer = kanit.post(address, {"name": "Camat", "stakeholder": "FORKOPIMCAM", "starts_on": "2026-01-01", "another": "1"})
        assert answer.url == address
        assert board.members.get().stakeholder == "FORKOPIMCAM"

    def test_a_polres_has_its_own_board_and_those_of_its_polsek(self, cast, sign_in):
        form = sign_in(cast.kasat).get("/indeks/dewan/baru/").context["form"]
        assert [area.code for area in form.fields["area"].queryset] == ["33.74", "33.74.09", "33.74.11"]
        sign_in(cast.kasat).post("/indeks/dewan/baru/", {"area": "33.74", "name": "Dewan Kota"})
        assert IndexBoard.objects.get().unit == cast.units.polres

    def test_a_member_of_an_fkpm_cannot_sit_on_it(self, cast, board, sign_in):
        data = {"name": "Sri", "stakeholder": "TOKOH", "starts_on": "2026-01-01", "account": cast.secretary.username}
        answer = sign_in(cast.kanit).post(f"/indeks/dewan/{board.uuid}/anggota/baru/", data)
        assert "FKPM" in str(answer.context["form"].errors)
        assert board.members.count() == 3

    def test_whoever_comes_to_an_fkpm_scores_no_more(self, cast, quarter, dean, sign_in):
        client = sign_in(dean)
        sheet = reverse("summaries:index_score_sheet", args=[quarter.uuid])
        assert client.get(sheet).status_code == 200
        member = Member.objects.create(forum=cast.forum, user=dean, name="Ratna", starts_on=LONG_AGO)
        for name in ("index_score_sheet", "index_detail"):
            assert sign_in(dean).get(reverse(f"summaries:{name}", args=[quarter.uuid])).status_code == 404
        assert sign_in(dean).post(reverse("summaries:index_score_update", args=[quarter.uuid, "I1"]), {"value": 3, "reason": "x"}).status_code == 404
        told = sign_in(cast.kanit).get(f"/indeks/dewan/{quarter.board.uuid}/").content.decode()
        assert "tidak lagi menilai" in told
        member.delete()
        assert sign_in(dean).get(sheet).status_code == 200

    def test_who_has_scored_stays_on_the_list(self, cast, quarter, members, sign_in):
        score(quarter, members[1], cast.kanit, I1=4)
        for member, is_there in ((members[1], True), (members[2], False)):
            sign_in(cast.kanit).post(f"/indeks/dewan/{quarter.board.uuid}/anggota/{member.pk}/hapus/")
            assert IndexMember.objects.filter(pk=member.pk).exists() is is_there


class TestSight:
    def test_a_member_of_the_board_sees_the_own_board_and_nothing_else(self, cast, quarter, dean, sign_in):
        other = make_board(cast, area="33.74.09", unit=cast.units.gajahmungkur)
        hidden = make_period(other, cast.kapolres)
        client = sign_in(dean)
        assert client.get(page(quarter)).status_code == 200
        assert [client.get(address).status_code for address in (page(hidden), f"/indeks/dewan/{other.uuid}/", page(hidden, "nilai/"))] == [404] * 3
        assert {row["period"] for row in client.get("/indeks/").context["rows"]} == {quarter}
        assert str(quarter.uuid) in client.get("/").content.decode()
        for address in ("/masalah/", "/dasbor/", "/gangguan/", "/warga/"):
            assert client.get(address).status_code == 404

    def test_a_term_that_has_ended_opens_nothing(self, cast, quarter, dean, sign_in):
        IndexMember.objects.filter(user=dean).update(ends_on=datetime.date(2026, 11, 17))
        assert sign_in(dean).get(page(quarter)).status_code == 404

    def test_members_of_an_fkpm_officers_and_operators_find_nothing(self, cast, scored, sign_in):
        for person in (cast.chair, cast.secretary, cast.officer, cast.clerk, cast.operator, cast.admin):
            assert [sign_in(person).get(address).status_code for address in ("/indeks/", page(scored))] == [404, 404]

    def test_a_kanit_elsewhere_finds_nothing(self, cast, scored, sign_in):
        stranger = make_person("80020090", "Kanit Gajahmungkur", cast.units.gajahmungkur, "kanit_binmas", "IPTU")
        assert sign_in(stranger).get(page(scored)).status_code == 404
        assert sign_in(stranger).get("/indeks/").context["rows"] == []

    def test_above_the_polres_there_are_numbers_and_no_person(self, cast, scored, sign_in):
        scored.steps.create(
            indicator=IndexIndicator.objects.get(code="P5"), root_cause="Sebab rahasia", step="Dialog", owner="Camat", due_on=LONG_AGO
        )
        client = sign_in(cast.polda_reader)
        text = client.get(page(scored)).content.decode()
        assert "3,69" in text
        assert "Sebab rahasia" not in text
        assert [client.get(page(scored, part)).status_code for part in ("indikator/I1/", "sepakat/", "nilai/")] == [404] * 3
        assert client.get("/indeks/langkah/").status_code == 404
        assert "Dr. Ratna" not in client.get(f"/indeks/dewan/{scored.board.uuid}/").content.decode()

    def test_while_it_is_open_nobody_sees_a_number(self, cast, quarter, members, dean, sign_in):
        score(quarter, members[1], cast.kanit, I1=5)
        for person in (dean, cast.kanit, cast.kapolres):
            client = sign_in(person)
            text = client.get(page(quarter)).content.decode()
            assert "index-number" not in text
            assert "Sejak dua tahun" not in text
            assert [client.get(page(quarter, part)).status_code for part in ("indikator/I1/", "pdf/", "unduh/")] == [404] * 3
        assert IndexScore.objects.get().value == 5


class TestScoring:
    def test_a_member_scores_one_indicator_after_the_other(self, cast, quarter, dean, sign_in):
        client = sign_in(dean)
        assert client.get(page(quarter, "nilai/")).context["next"].code == "I1"
        answer = client.post(page(quarter, "nilai/I1/"), {"value": "4", "reason": "Upacara rutin di semua sekolah."})
        assert answer.url == page(quarter, "nilai/I2/")
        stored = IndexScore.objects.get()
        assert (stored.value, stored.member.user, stored.recorded_by, stored.is_counted) == (4, dean, dean, True)
        sheet = client.get(page(quarter, "nilai/"))
        assert (sheet.context["done"], sheet.context["next"].code) == (1, "I2")
        assert client.post(page(quarter, "nilai/S6/"), {"value": "4", "reason": "Turun."}).url == page(quarter, "nilai/")

    def test_going_on_with_nothing_chosen_is_said(self, cast, quarter, dean, sign_in):
        client = sign_in(dean)
        left = client.post(page(quarter, "nilai/I1/"), {"value": "", "reason": ""}, follow=True).content.decode()
        assert "I1 belum dihitung" in left
        done = client.post(page(quarter, "nilai/I2/"), {"value": "4", "reason": "Turun."}, follow=True).content.decode()
        assert "belum dihitung" not in done

    def test_ending_says_who_has_not_scored_all(self, cast, quarter, members, dean, sign_in):
        sign_in(dean).post(page(quarter, "nilai/I1/"), {"value": "4", "reason": "Upacara rutin."})
        text = sign_in(cast.kanit).get(page(quarter, "")).content.decode()
        assert f"0 dari {len(members)} anggota sudah menilai semua" in text
        assert f"{members[1].name}: 0 dari" in text

    def test_what_is_typed_is_kept_and_counts_with_its_reason(self, cast, quarter, dean, sign_in):
        client = sign_in(dean)
        assert client.post(page(quarter, "nilai/I1/"), {"value": "4"}, headers={"X-Draft": "1"}).status_code == 204
        assert client.post(page(quarter, "nilai/I2/"), {"reason": "Baru alasan"}, headers={"X-Draft": "1"}).status_code == 204
        assert IndexScore.objects.count() == 2
        assert not IndexScore.objects.counted().exists()
        assert client.post(page(quarter, "nilai/I1/"), {"reason": "x" * 5000}, headers={"X-Draft": "1"}).status_code == 400
        with pytest.raises(ValidationError):
            quarter.end_scoring()

    def test_a_keeper_enters_the_paper_of_who_has_no_account(self, cast, quarter, members, sign_in):
        client = sign_in(cast.kanit)
        assert client.get(page(quarter, "nilai/")).status_code == 404
        assert client.get(page(quarter, f"nilai/?anggota={members[0].pk}")).status_code == 404
        answer = client.post(page(quarter, f"nilai/I1/?anggota={members[1].pk}"), {"value": "3", "reason": "Cukup."})
        assert answer.url == page(quarter, f"nilai/I2/?anggota={members[1].pk}")
        stored = IndexScore.objects.get()
        assert (stored.member, stored.recorded_by) == (members[1], cast.kanit)
        for wrong in ("abc", "99999999999999999999", "-1", "²"):
            assert client.get(page(quarter, f"nilai/?anggota={wrong}")).status_code == 404

    def test_evidence_is_what_its_scorer_may_read(self, cast, quarter, dean, sign_in, board):
        problem = make_problem(cast, title="Tawuran antargang")
        client = sign_in(dean)
        assert "problem" not in client.get(page(quarter, "nilai/I1/")).context["evidence_form"].fields
        files = {"value": "4", "reason": "Ada.", "paper": SimpleUploadedFile("a.png", png()), "more": "1"}
        assert client.post(page(quarter, "nilai/I1/"), files).url == page(quarter, "nilai/I1/")
        row = IndexScore.objects.get().evidence.get()
        assert (row.file_type, len(row.sha256)) == ("image/jpeg", 64)
        assert b"".join(client.get(f"/indeks/bukti/{row.uuid}/").streaming_content)[:2] == b"\xff\xd8"
        assert sign_in(cast.kanit).get(f"/indeks/bukti/{row.uuid}/").status_code == 404
        refused = client.post(page(quarter, "nilai/I1/"), {"paper": SimpleUploadedFile("a.pdf", b"no paper")})
        assert refused.context["evidence_form"].errors["paper"]

        seat = IndexMember.objects.create(board=board, name="Kanit", stakeholder="FORKOPIMCAM", user=cast.kanit, starts_on=LONG_AGO)
        sign_in(cast.kanit).post(page(quarter, "nilai/S2/"), {"value": "2", "reason": "Ada tawuran.", "problem": str(problem.uuid)})
        assert IndexScore.objects.get(member=seat).evidence.get().problem == problem
        quarter.end_scoring()
        address = page(quarter, "indikator/S2/")
        assert "Tawuran antargang" in sign_in(cast.kanit).get(address).content.decode()
        assert "Tawuran antargang" not in sign_in(dean).get(address).content.decode()

    @pytest.mark.parametrize(
        "data",
        [
            {"value": "6"},
            {"value": "0"},
            {"value": "4,5"},
            {"reason": "a\0b"},
            {"facts": "x" * 5000},
            {"problem": "no-uuid"},
            {"problem": "0192f0c1-7a4e-4c3a-9b5e-2f4f6f0e1a11"},
        ],
    )
    def test_what_cannot_be_is_refused(self, cast, quarter, dean, sign_in, data):
        answer = sign_in(dean).post(page(quarter, "nilai/I1/"), {"value": "4", "reason": "Ada.", **data})
        assert answer.status_code in (200, 302)
        assert not IndexScore.objects.filter(value__in=[0, 6]).exists()
        for code in ("X9", "I1\0", "%00", "a" * 3000):
            assert sign_in(dean).get(page(quarter, f"nilai/{code}/")).status_code == 404

    def test_the_database_keeps_the_scale_and_the_state(self, cast, scored, members):
        with pytest.raises(DatabaseError, match="not in a state"), transaction.atomic():
            score(scored, members[2], cast.kanit, I1=3)
        with pytest.raises(DatabaseError, match="not in a state"), transaction.atomic():
            IndexScore.objects.update(value=1)
        scored.reopen()
        with pytest.raises(IntegrityError), transaction.atomic():
            score(scored, members[2], cast.kanit, I1=6)


class TestAgreeing:
    def test_the_mean_counts_until_the_board_agrees(self, cast, scored, sign_in):
        lines = {line.indicator.code: line for part in index_results.result_of(scored).fields for line in part.lines}
        assert (lines["I1"].value, lines["P1"].value, lines["E1"].value) == (Decimal("3.00"), Decimal("4.00"), None)
        client = sign_in(cast.kapolsek)
        assert client.post(page(scored, "sepakat/"), {"value_I1": "4", "note_I1": "Setelah dibahas", "value_P1": "3"}).status_code == 302
        result = index_results.result_of(scored)
        assert [part.index.value for part in result.fields][:2] == [Decimal("4.00"), Decimal("3.33")]
        assert (result.total.value, result.total.scored, result.total.total) == (Decimal("3.67"), 14, 25)
        client.post(page(scored, "sepakat/"), {"value_P1": "3"})
        assert list(IndexValue.objects.values_list("indicator__code", flat=True)) == ["P1"]
        assert client.post(page(scored, "sepakat/"), {"value_I1": "9"}).context["form"].errors

    def test_five_of_six_scored(self, cast, quarter, members, sign_in):
        score(quarter, members[0], cast.kanit, **{code: value for code, value in POLITICS.items() if code != "P5"})
        quarter.end_scoring()
        part = index_results.result_of(quarter).by_field["POLITIK"]
        assert (part.value, part.scored, part.total) == (Decimal("3.60"), 5, 6)
        text = sign_in(cast.kapolsek).get(page(quarter)).content.decode()
        assert "3,60" in text
        assert "5 dari 6 dinilai" in text

    def test_scoring_again_drops_what_was_agreed(self, cast, scored, sign_in):
        client = sign_in(cast.kanit)
        client.post(page(scored, "sepakat/"), {"value_I1": "4"})
        client.post(page(scored, "status/"), {"act": "reopen"})
        scored.refresh_from_db()
        assert (scored.state, IndexValue.objects.count()) == ("OPEN", 0)

    def test_root_causes_and_steps(self, cast, scored, sign_in):
        client = sign_in(cast.kanit)
        data = {"indicator": "P5", "root_cause": "Warga tidak tahu", "step": "Musrenbang terbuka", "owner": "Camat", "due_on": "2026-12-20"}
        assert client.post(page(scored, "solusi/baru/"), data).status_code == 302
        step = IndexStep.objects.get()
        for wrong in ({"due_on": "0001-01-01"}, {"indicator": "X"}, {"owner": ""}, {"step": "a\0"}):
            assert client.post(page(scored, "solusi/baru/"), data | wrong).context["form"].errors
        index_results.close(scored, cast.kapolsek)
        assert client.post(page(scored, f"solusi/{step.pk}/"), data | {"step": "Lain"}).status_code == 404
        with pytest.raises(DatabaseError, match="not in a state"), transaction.atomic():
            IndexStep.objects.update(step="Lain")
        client.post(page(scored, f"solusi/{step.pk}/status/"), {"state": "DONE", "note": "Terlaksana"})
        step.refresh_from_db()
        assert (step.state, step.done_on, step.step) == ("DONE", datetime.date(2026, 11, 18), "Musrenbang terbuka")
        assert "Musrenbang" in client.get("/indeks/langkah/?status=DONE").content.decode()


class TestLostRaces:
    """Somebody ends the scoring or closes the quarter between the question and the deed: the database refuses, the page says so."""

    def test_evidence_is_taken_away_too_late(self, cast, quarter, dean, board, sign_in, monkeypatch):
        own = board.members.get(user=dean)
        kept = score(quarter, own, dean, I1=2)[0].evidence.create(
            period=quarter, added_by=dean, sha256="0" * 64, file_type="image/jpeg", file=SimpleUploadedFile("bukti.jpg", png())
        )
        quarter.end_scoring()
        monkeypatch.setattr(IndexPeriod, "is_open", True)
        answer = sign_in(dean).post(reverse("summaries:index_evidence_delete", args=[kept.uuid]))
        assert answer.url == reverse("summaries:index_detail", args=[quarter.uuid])
        assert quarter.scores.get().evidence.exists()

    def test_a_step_is_taken_away_too_late(self, cast, scored, sign_in, monkeypatch):
        said = {"root_cause": "Tidak ada ruang temu", "step": "Dialog", "owner": "Camat", "due_on": datetime.date(2026, 12, 1)}
        step = scored.steps.create(indicator=IndexIndicator.objects.get(code="I1"), **said)
        index_results.close(scored, cast.kanit)
        monkeypatch.setattr(IndexPeriod, "is_closed", False)
        answer = sign_in(cast.kanit).post(reverse("summaries:index_step_delete", args=[scored.uuid, step.pk]))
        assert answer.url == reverse("summaries:index_detail", args=[scored.uuid])
        assert scored.steps.exists()


class TestClosing:
    def test_it_is_locked_with_who_and_when_and_its_results(self, cast, scored, members, sign_in):
        answer = sign_in(cast.kapolsek).post(page(scored, "status/"), {"act": "close"})
        assert answer.url == page(scored)
        scored.refresh_from_db()
        assert (scored.state, scored.closed_by, scored.closed_at, scored.total) == ("CLOSED", cast.kapolsek, NOW, Decimal("3.69"))
        for act in (
            lambda: IndexPeriod.objects.filter(pk=scored.pk).update(total=5),
            lambda: IndexPeriod.objects.filter(pk=scored.pk).update(state="OPEN"),
            lambda: IndexScore.objects.update(value=5),
            lambda: IndexScore.objects.all().delete(),
            lambda: IndexValue.objects.create(
                period=scored, indicator=members[0].scores.first().indicator, value=5, agreed_on=LONG_AGO, recorded_by=cast.kanit
            ),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()
        for act in ("reopen", "end", "close", "delete", "x"):
            sign_in(cast.kapolsek).post(page(scored, "status/"), {"act": act})
        scored.refresh_from_db()
        assert scored.state == "CLOSED"
        assert index_results.briefs_of([scored])[scored.pk].total == index_results.result_of(scored).total

    def test_an_open_quarter_that_nobody_scored_may_go(self, cast, quarter, sign_in):
        sign_in(cast.kanit).post(page(quarter, "status/"), {"act": "delete"})
        assert not IndexPeriod.objects.exists()

    def test_a_quarter_is_opened_once_with_the_weights_of_its_first_day(self, cast, board, quarter, sign_in):
        client = sign_in(cast.kanit)
        address = f"/indeks/dewan/{board.uuid}/triwulan/baru/"
        assert ("2026-3", "III 2026") not in client.get(address).context["form"].fields["quarter"].choices
        client.post(address, {"quarter": "2026-4"})
        assert IndexPeriod.objects.count() == 2
        for wrong in ("2026-4", "2026-5", "1-1", "x", "2026-4\0"):
            assert client.post(address, {"quarter": wrong}).status_code == 200
        assert IndexPeriod.objects.count() == 2


class TestPages:
    def test_trend_and_comparison(self, cast, board, members, scored, sign_in):
        index_results.close(scored, cast.kapolsek)
        later = make_period(board, cast.kanit, 2026, 4)
        score(later, members[1], cast.kanit, I1=2, P1=2, E1=2, S1=2)
        later.end_scoring()
        client = sign_in(cast.kapolres)
        shown = client.get(page(later))
        assert [row["period"] for row in shown.context["trend"]] == [scored, later]
        assert shown.context["radar"].earlier
        assert "stroke-dasharray" in shown.content.decode()
        compared = client.get("/indeks/banding/?bidang=IDEOLOGI")
        assert compared.context["rows"][0]["cells"][0][1]["index"].value == Decimal("3.88")
        assert client.get("/indeks/banding/?bidang=x").status_code == 200

    def test_the_comparison_reads_what_it_shows(self, cast, board, sign_in, monkeypatch):
        """Of four years of quarters and all areas only the last quarters of the areas on the page, and says how many are left off."""
        elsewhere = make_board(cast, area="33.74.09")
        quarters = [(year, quarter) for year in (2025, 2026) for quarter in (1, 2, 3)]
        for one in (board, elsewhere):
            for year, quarter in quarters:
                period = make_period(one, cast.kanit, year, quarter)
                score(period, one.members.last(), cast.kanit, I1=4)
                period.end_scoring()
                index_results.close(period, cast.kapolsek)
        read = []
        briefs_of = index_results.briefs_of
        monkeypatch.setattr(index_results, "briefs_of", lambda periods: read.extend(periods) or briefs_of(periods))
        monkeypatch.setattr("polmas.summaries.views.index.periods.MOST_AREAS", 1)
        shown = sign_in(cast.kapolres).get("/indeks/banding/").context
        assert list(shown["heads"]) == ["III/2025", "I/2026", "II/2026", "III/2026"]
        assert {(period.area.code, period.year, period.quarter) for period in read} == {("33.74.09", *quarter) for quarter in quarters[2:]}
        assert ([row["area"].code for row in shown["rows"]], shown["hidden"]) == (["33.74.09"], 1)

    def test_queries_do_not_grow(self, cast, board, members, sign_in):
        def count(address):
            client = sign_in(cast.kapolres)
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            return len(queries)

        periods = []
        for number in range(8):
            period = make_period(board, cast.kanit, 2024 + number // 4, number % 4 + 1)
            score(period, members[0], cast.kanit, **IDEOLOGY)
            score(period, members[1], cast.kanit, **IDEOLOGY)
            period.end_scoring()
            if number not in (1, 7):
                index_results.close(period, cast.kapolsek)
            periods.append(period)
            if number == 1:
                few = [count(address) for address in ("/indeks/", "/indeks/banding/", "/indeks/langkah/", page(periods[1]))]
        many = [count(address) for address in ("/indeks/", "/indeks/banding/", "/indeks/langkah/", page(periods[7]))]
        assert max(many) <= MOST_QUERIES + 4
        assert [now - before for before, now in zip(few, many, strict=True)] == [0] * 4

    def test_the_paper_and_the_table(self, cast, scored, sign_in, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        client = sign_in(cast.kapolsek)
        assert client.get(page(scored, "pdf/")).status_code == 202
        document = Document.objects.get()
        tasks.render_index(document.pk)
        pdf = b"".join(client.get(page(scored, "pdf/")).streaming_content)
        assert pdf.startswith(b"%PDF")
        context = index_papers.paper(scored, {"with_texts": True})
        assert context["result"].total.value == Decimal("3.69")
        rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(client.get(page(scored, "unduh/")).streaming_content))).active.values)
        assert (rows[1][1], rows[1][5], rows[1][12]) == ("I1", 2, 3)
        assert rows[-1][12] == 3.69
        assert b"Ratna" not in b"".join(client.get(page(scored, "unduh/?bentuk=csv")).streaming_content)


class TestImport:
    def sheet(self, *rows):
        book = openpyxl.Workbook()
        for row in (("Anggota", "Indikator", "Nilai", "Alasan", "Data"), *rows):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return SimpleUploadedFile("nilai.xlsx", out.getvalue())

    def test_a_table_is_looked_at_and_then_written(self, cast, quarter, sign_in):
        client = sign_in(cast.kanit)
        assert client.get(page(quarter, "impor/templat/")).content.startswith(b"PK")
        good = ("Dr. Ratna", "I1", 4, "Rukun", "")
        wrong = (("Camat", "I1", 4, "Punya akun", ""), ("Pdt. Yohanes", "X1", 4, "Tidak ada", ""), ("Pdt. Yohanes", "I1", 7, "Lebih", ""), good)
        shown = client.post(page(quarter, "impor/"), {"file": self.sheet(good, *wrong)})
        assert shown.context["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "error": 4}
        assert not IndexScore.objects.exists()
        assert client.post(page(quarter, "impor/"), {"rows": shown.context["rows"]}).url == page(quarter)
        assert IndexScore.objects.get().value == 4
        again = client.post(page(quarter, "impor/"), {"file": self.sheet(good)})
        assert again.context["counts"]["unchanged"] == 1

    def test_signed_rows_are_of_one_quarter_and_one_person(self, cast, quarter, sign_in):
        shown = sign_in(cast.kanit).post(page(quarter, "impor/"), {"file": self.sheet(("Dr. Ratna", "I1", 4, "Rukun", ""))})
        for rows in (shown.context["rows"], "x", ""):
            sign_in(cast.kapolsek).post(page(quarter, "impor/"), {"rows": rows})
        assert not IndexScore.objects.exists()

    def test_files_that_are_none(self, cast, quarter, sign_in):
        for content in (b"", b"x", b"PK\x03\x04 broken"):
            answer = sign_in(cast.kanit).post(page(quarter, "impor/"), {"file": SimpleUploadedFile("a.xlsx", content)})
            assert answer.context["form"].errors["file"]
