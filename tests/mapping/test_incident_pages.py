"""The pages of incidents: entering, reading as far as one may, taking along, and the daily statement."""

import csv
import datetime
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from mapping import incidents
from mapping.models import DailyStatement, Incident, PerpetratorFlag
from tests.mapping.incidents import make_incident, wib

LIST, NEW, DAILY = "/gangguan/", "/gangguan/baru/", "/gangguan/harian/"
VILLAGE = "33.74.11.1004"


def page_of(incident, act=""):
    return f"/gangguan/{incident.uuid}/{act}"


@pytest.fixture
def spkt(cast, sign_in):
    return sign_in(cast.spkt)


def said(**more):
    return {"kind": "CURAT", "occurred_at": "2026-11-02T21:30", "area": VILLAGE, "narrative": "Rumah kosong dibobol.", **more}


class TestEntering:
    def test_four_answers_are_enough(self, cast, spkt):
        answer = spkt.post(NEW, said())
        incident = Incident.objects.get()
        assert answer.url == page_of(incident)
        assert (incident.unit, incident.area.code, incident.klass) == (cast.units.banyumanik, VILLAGE, "KONVENSIONAL")
        assert incident.occurred_at == wib(2026, 11, 2, 21, 30)

    def test_the_point_alone_finds_the_village(self, cast, spkt):
        spkt.post(NEW, said(area="", location_point="-7.0629, 110.4280"))
        assert Incident.objects.get().area.code == VILLAGE

    def test_sent_twice_it_is_entered_once(self, cast, spkt):
        key = spkt.get(NEW).context["form"].initial["id"]
        answers = [spkt.post(NEW, said(id=str(key))) for _again in range(2)]
        assert [answer.url for answer in answers] == [page_of(Incident.objects.get())] * 2
        assert spkt.post(NEW, said(id=str(key), narrative="Lain.")).status_code == 200
        assert Incident.objects.count() == 1

    def test_a_point_far_from_the_village_is_refused(self, cast, spkt, far_village):
        answer = spkt.post(NEW, said(location_point="-2.5, 140.5"))
        assert far_village.name in answer.content.decode()
        assert not Incident.objects.exists()

    def test_the_map_hands_over_point_and_village(self, cast, spkt):
        page = spkt.get(f"{NEW}?titik=-7.0629,110.4280").content.decode()
        assert "-7.062900, 110.428000" in page
        assert f'<option value="{VILLAGE}" selected>' in page

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": ""},
            {"kind": "\0"},
            {"kind": "x" * 5000},
            {"occurred_at": ""},
            {"occurred_at": "2999-01-01T00:00"},
            {"occurred_at": "kemarin"},
            {"area": "", "location_point": ""},
            {"area": "33.74.09.1001"},
            {"area": "\0"},
            {"area": "", "location_point": "-7.01, 110.41"},
            {"location_point": "0, 0"},
            {"location_point": "di sana"},
            {"location": '{"type": "Polygon", "coordinates": [null]}'},
            {"narrative": " \n "},
            {"narrative": "x" * 5000},
            {"narrative": "a\0b"},
            {"loss_rp": "banyak"},
            {"loss_rp": "9" * 40},
            {"no_lp": "x" * 200},
            {"victims_mati_l_dewasa": "-1"},
            {"victims_mati_l_dewasa": "1e9"},
            {"occurred_until": "2020-01-01T00:00"},
            {"phase": "BESOK"},
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, cast, spkt, wrong):
        answer = spkt.post(NEW, said(**{"address": "Jl. Tirto Agung 12", **wrong}))
        assert answer.status_code == 200
        assert "Jl. Tirto Agung 12" in answer.content.decode()
        assert "alert-error" in answer.content.decode()
        assert not Incident.objects.exists()

    def test_the_rest_completes_it(self, cast, spkt):
        more = {"loss_rp": "Rp 1.500.000,00", "no_lp": "LP/B/1/XI/2026", "scene": "PEMUKIMAN", "victims_luka_ringan_p_anak": "2", "phase": "SAAT"}
        spkt.post(NEW, said(**more))
        incident = Incident.objects.get()
        assert (incident.loss_rp, incident.no_lp, incident.scene, incident.phase) == (1_500_000, "LP/B/1/XI/2026", "PEMUKIMAN", "SAAT")
        assert incident.victims.get().count == 2

    def test_a_number_that_stands_already_is_said_at_its_field(self, cast, spkt):
        make_incident(cast, no_lp="LP/B/1")
        answer = spkt.post(NEW, said(no_lp="LP/B/1"))
        assert answer.status_code == 200
        assert Incident.objects.count() == 1

    def test_editing_keeps_what_is_not_asked(self, cast, spkt):
        incident = make_incident(cast, victims={("MATI", "L", False): 1})
        incidents.handle(incident, "SIDIK")
        page = spkt.get(page_of(incident, "ubah/")).content.decode()
        assert "-7.062900, 110.428000" in page
        spkt.post(page_of(incident, "ubah/"), said(kind="CURAS", location_point="-7.0629, 110.4280", victims_mati_l_dewasa="1"))
        incident.refresh_from_db()
        assert (incident.kind, incident.status, incident.victims.get().count, incident.recorded_by) == ("CURAS", "SIDIK", 1, cast.spkt)


class TestReading:
    def test_officers_see_kind_time_place_and_status_and_no_more(self, cast, sign_in):
        incident = make_incident(cast, modus="Kunci letter T", no_lp="LP/B/77", address="Jl. Durian", evidence="STNK", loss_rp=9_000_000)
        page = sign_in(cast.officer).get(page_of(incident)).content.decode()
        assert "Jl. Durian" in page
        listed = sign_in(cast.officer).get(f"{LIST}?periode=30hari").content.decode()
        for secret in ("Sepeda motor hilang", "letter T", "LP/B/77", "STNK", "9.000.000"):
            assert secret not in page
            assert secret not in listed

    def test_the_list_says_how_many_it_does_not_show(self, cast, sign_in):
        make_incident(cast, "CABUL")
        make_incident(cast)
        assert "1 lagi dihitung dan tidak ditampilkan" in sign_in(cast.officer).get(LIST).content.decode()
        assert "dihitung dan tidak ditampilkan" not in sign_in(cast.officer).get(f"{LIST}?q=motor").content.decode()
        assert "dihitung dan tidak ditampilkan" not in sign_in(cast.spkt).get(LIST).content.decode()

    def test_the_bulletin_leads_to_what_it_counts(self, cast, spkt):
        page = spkt.get(f"{LIST}?q=x&status=terbuka&jam=2&hari=3&jenis=CURAT").content.decode()
        bulletin = page[page.index('id="buletin"') : page.index('id="daftar"')]
        links = [link for link in re.findall(r'href="([^"]+)"', bulletin) if "selesai" not in link]
        assert len(links) > 7
        assert not any(name in link for link in links for name in ("q=", "status=", "jam=", "hari="))
        assert "?jenis=CURAT#daftar" in links

    def test_an_operator_sees_no_point_of_a_discreet_incident(self, cast, sign_in):
        incident = make_incident(cast, "CABUL", by=cast.clerk)
        client = sign_in(cast.clerk)
        for act in ("", "ubah/"):
            assert "110.428" not in client.get(page_of(incident, act)).content.decode()
            assert "110.428" in sign_in(cast.spkt).get(page_of(incident, act)).content.decode()
        client = sign_in(cast.clerk)
        assert client.post(page_of(incident, "ubah/"), said(kind="CABUL")).status_code == 302
        assert Incident.objects.get().location == incident.location

    def test_officers_do_not_find_by_what_they_do_not_read(self, cast, sign_in):
        make_incident(cast, no_lp="LP/B/77", address="Jl. Durian")
        client = sign_in(cast.officer)
        assert client.get(f"{LIST}?q=LP/B/77").context["page"].paginator.count == 0
        assert client.get(f"{LIST}?q=hilang").context["page"].paginator.count == 0
        assert client.get(f"{LIST}?q=durian").context["page"].paginator.count == 1
        assert sign_in(cast.spkt).get(f"{LIST}?q=LP/B/77").context["page"].paginator.count == 1

    def test_discreet_kinds_are_a_number_to_others(self, cast, sign_in):
        incident = make_incident(cast, "CABUL")
        for person in (cast.officer, cast.clerk, cast.kasat):
            found = sign_in(person).get(LIST)
            assert found.context["page"].paginator.count == 0
            assert found.context["bulletin"].total.change.now == 1
            assert sign_in(person).get(page_of(incident)).status_code == 404
        assert sign_in(cast.kanit).get(page_of(incident)).status_code == 200

    @pytest.mark.parametrize(
        ("asked", "number"),
        [
            ("kelas=KONVENSIONAL", 2),
            ("kelas=KEJAHATAN", 3),
            ("jenis=NARKOBA", 1),
            ("jam=5", 2),
            ("jam=0", 1),
            ("status=selesai", 1),
            ("status=terbuka", 3),
            ("status=RJ", 1),
            ("wilayah=33.74.11.1005", 1),
            ("wilayah=33.74.11", 4),
            ("satuan=POLSEK-GAJAHMUNGKUR", 0),
            ("hari=1", 2),
            ("jenis=%00&wilayah=%00&q=%00&satuan=%00&jam=99&urut=apa&page=x&status=%00&kelas=%00", 4),
        ],
    )
    def test_the_list_is_narrowed(self, cast, spkt, asked, number):
        make_incident(cast, at=wib(2026, 11, 2, 21))
        incidents.handle(make_incident(cast, "CURAT", at=wib(2026, 11, 2, 23, 59)), "RJ")
        make_incident(cast, "NARKOBA", at=wib(2026, 11, 3, 3, 59), village="33.74.11.1005")
        make_incident(cast, "LAKA", at=wib(2026, 11, 4, 12))
        answer = spkt.get(f"{LIST}?dari=2026-11-01&sampai=2026-11-08&{asked}")
        assert answer.context["page"].paginator.count == number

    def test_few_queries_whatever_there_is(self, cast, spkt):
        for day in range(1, 21):
            make_incident(cast, at=wib(2026, 11, day, 10))
        spkt.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            spkt.get(f"{LIST}?dari=2026-11-01&sampai=2026-11-21")
        assert len(asked) <= 12

    def test_an_empty_list_offers_the_first_step(self, cast, spkt, sign_in):
        assert NEW in spkt.get(LIST).content.decode()
        assert NEW not in sign_in(cast.officer).get(LIST).content.decode()

    def test_what_was_taken_back_is_read_by_the_unit(self, cast, spkt, sign_in):
        incident = make_incident(cast)
        assert spkt.post(page_of(incident, "cabut/"), {"reason": " "}).status_code == 200
        spkt.post(page_of(incident, "cabut/"), {"reason": "Salah catat."})
        assert "Salah catat." in spkt.get(page_of(incident)).content.decode()
        assert spkt.get(page_of(incident, "ubah/")).status_code == 404
        assert sign_in(cast.officer).get(page_of(incident)).status_code == 404


class TestActs:
    def test_status_and_handing_on(self, cast, spkt, sign_in):
        incident = make_incident(cast)
        spkt.post(page_of(incident, "serahkan/"), {"person": cast.reskrim.username})
        reskrim = sign_in(cast.reskrim)
        reskrim.post(page_of(incident, "penanganan/"), {"status": "P21", "cleared_on": ""})
        incident.refresh_from_db()
        assert (incident.status, incident.is_cleared) == ("P21", True)
        assert reskrim.post(page_of(incident, "penanganan/"), {"status": "P21", "cleared_on": "1999-01-01"}).status_code == 200
        assert spkt.post(page_of(incident, "serahkan/"), {"person": cast.officer.username}).status_code == 200
        assert Incident.objects.get().assigned_to == cast.reskrim

    def test_a_flag_is_told_and_never_shown_at_the_unit(self, cast, spkt, sign_in):
        incident = make_incident(cast)
        spkt.post(page_of(incident, "oknum/"), {"office": "TNI", "note": "Anggota Kodim."})
        assert PerpetratorFlag.objects.get().stated_by == cast.spkt
        for person in (cast.spkt, cast.kapolsek, cast.kapolres, cast.clerk):
            assert "Kodim" not in sign_in(person).get(page_of(incident)).content.decode()
        for person in (cast.kapolres, cast.propam):
            assert "Kodim" in sign_in(person).get("/oknum/").content.decode()


class TestExport:
    def heads_and_rows(self, answer):
        return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    def test_the_list_as_csv_without_formulas(self, cast, spkt):
        make_incident(cast, narrative="=1+1", address="-a")
        heads, row = self.heads_and_rows(spkt.get("/gangguan/ekspor/?bentuk=csv"))
        assert "'=1+1" in row
        assert len(heads) == len(row)

    def test_xlsx(self, cast, spkt):
        make_incident(cast)
        answer = spkt.get("/gangguan/ekspor/")
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert sheet.max_row == 2

    def test_officers_take_what_they_see(self, cast, sign_in):
        make_incident(cast, no_lp="LP/B/77")
        make_incident(cast, "PERKOSA")
        rows = self.heads_and_rows(sign_in(cast.officer).get("/gangguan/ekspor/?bentuk=csv"))
        assert len(rows) == 2
        assert not any("LP/B/77" in cell or "hilang" in cell for cell in rows[1])

    def test_of_a_discreet_kind_an_operator_takes_no_point(self, cast, sign_in):
        make_incident(cast, "KDRT", by=cast.clerk)
        _heads, row = self.heads_and_rows(sign_in(cast.clerk).get("/gangguan/ekspor/?bentuk=csv"))
        assert row[-2:] == ["", ""]


class TestDaily:
    def test_nihil_with_one_tap(self, cast, spkt):
        spkt.post(f"{DAILY}nyatakan/", {"hari": f"{timezone.localdate():%Y-%m-%d}", "isi": "NIHIL", "next": "/"})
        assert DailyStatement.objects.get().says == "NIHIL"

    @pytest.mark.parametrize(
        ("day", "says"), [("", "NIHIL"), ("2999-01-01", "NIHIL"), ("\0", "NIHIL"), ("0001-01-01", "NIHIL"), ("2026-11-02", "\0")]
    )
    def test_nonsense_is_answered_in_words(self, cast, spkt, day, says):
        answer = spkt.post(f"{DAILY}nyatakan/", {"hari": day, "isi": says, "next": "https://jahat.example/"}, follow=True)
        assert answer.redirect_chain == [(DAILY, 302)]
        assert not DailyStatement.objects.exists()

    @pytest.mark.parametrize("back", ["x", "-1", "[]", "NaN", "//jahat.example/", "/\\jahat.example"])
    def test_what_is_no_path_of_ours_leads_to_the_list(self, cast, spkt, back):
        today = f"{timezone.localdate():%Y-%m-%d}"
        assert spkt.post(f"{DAILY}nyatakan/", {"hari": today, "isi": "NIHIL", "next": back}).url == DAILY

    def test_heads_see_who_has_not_stated(self, cast, sign_in):
        incidents.state(cast.units.banyumanik, cast.units.banyumanik.today(), "NIHIL", cast.spkt)
        found = sign_in(cast.kapolres).get(DAILY)
        assert found.context["silent_today"] == [cast.units.gajahmungkur]
        assert [line["missing"] for line in found.context["lines"]] == [13, 13]

    def test_few_queries(self, cast, sign_in):
        client = sign_in(cast.kapolres)
        client.get(DAILY)
        with CaptureQueriesContext(connection) as asked:
            client.get(DAILY)
        assert len(asked) <= 12

    def test_spkt_finds_the_days_of_the_last_fortnight(self, cast, spkt):
        make_incident(cast, at=timezone.now() - datetime.timedelta(minutes=1))
        own = spkt.get(DAILY).context["own"]
        assert len(own) == 14
        assert own[0]["count"] + own[1]["count"] == 1


class TestHome:
    def test_spkt_finds_the_word_for_today_and_the_days_without_one(self, cast, spkt):
        make_incident(cast)
        page = spkt.get("/")
        part = page.context["spkt"]
        assert (part["unit"], part["today"]["word"], len(part["missing"])) == (cast.units.banyumanik, None, 13)
        assert 'value="NIHIL"' in page.content.decode()
        spkt.post(f"{DAILY}nyatakan/", {"hari": f"{timezone.localdate() - datetime.timedelta(days=1):%Y-%m-%d}", "isi": "ISI", "next": "/"})
        assert len(spkt.get("/").context["spkt"]["missing"]) == 12

    def test_a_kanit_finds_what_was_handed_on_and_propam_where_to_read(self, cast, sign_in):
        make_incident(cast, assigned_to=cast.reskrim)
        assert sign_in(cast.reskrim).get("/").context["follows"] == {"incidents": 1, "flags": False}
        assert "/oknum/" in sign_in(cast.propam).get("/").content.decode()
        assert sign_in(cast.spkt).get("/").context["follows"] is None

    def test_nobody_else_has_that_part(self, cast, sign_in):
        assert sign_in(cast.clerk).get("/").context["spkt"] is None


class TestHistory:
    def test_changes_are_told_with_who_made_them(self, cast, sign_in):
        incident = make_incident(cast, kind="CURAT", victims={("MATI", "L", False): 1})
        client = sign_in(cast.spkt)
        form = said(kind="CURAS", narrative="Dirampas di jalan.", victims_mati_l_dewasa="2")
        assert client.post(f"{page_of(incident)}ubah/", form).status_code == 302
        page = client.get(f"{page_of(incident)}riwayat/")
        told = {label: (before, after) for change in page.context["changes"] for label, before, after in change.fields}
        assert told["Uraian"] == ("Sepeda motor hilang dari teras.", "Dirampas di jalan.")
        assert [part.split()[0] for part in told["Jenis"]] == ["Pencurian", "Pencurian"]
        assert told["Korban"][0].endswith(": 1")
        assert {change.by for change in page.context["changes"]} == {cast.spkt.full_name}

    def test_only_those_who_may_change_it_read_them(self, cast, sign_in):
        incident = make_incident(cast)
        for person, status in ((cast.spkt, 200), (cast.officer, 404), (cast.kapolsek, 404), (cast.outsider, 404)):
            assert sign_in(person).get(f"{page_of(incident)}riwayat/").status_code == status
