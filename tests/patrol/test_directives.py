"""Atensi and jukrah: who is asked, what is known of it, what became of it; and words of thanks."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patrol.models import Directive, DirectiveReceipt, State, Thanks
from patrol.models.directives import SENDS
from patrol.models.thanks import thank
from polmas.people import uploads
from polmas.people.models import Notification, Posting, Role, User
from tests.access_table import png
from tests.cast import make_person
from tests.patrol.orders import send
from tests.summaries.rows import make_report

TODAY = timezone.localdate
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FORM = {
    "kind": "ATENSI",
    "title": "Cek pos kamling",
    "text": "Periksa setiap pos.",
    "due_on": "",
    "unit": "POLSEK-BANYUMANIK",
    "roles": "bhabinkamtibmas",
}


@pytest.fixture(autouse=True)
def no_queue(monkeypatch):
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)


def asked(directive):
    return {receipt.user.username for receipt in directive.receipts.select_related("user")}


def report_of(cast, officer="officer", **more):
    return make_report(cast.people[officer], cast.units.banyumanik, cast.areas["33.74.11.1004"], TODAY(), **more)


def fresh(user):
    return User.objects.get(pk=user.pk)


class TestSending:
    def test_a_kapolsek_asks_the_officers_of_the_own_polsek(self, cast, sign_in):
        answer = sign_in(cast.kapolsek).post("/atensi/baru/", FORM)
        directive = Directive.objects.get()
        assert (answer.status_code, answer.url) == (302, f"/atensi/{directive.uuid}/")
        assert asked(directive) == {"80010001", "80010002"}
        assert directive.sender_title == "Kapolsek Banyumanik"
        assert {note.user for note in Notification.objects.filter(kind="DIRECTIVE")} == {cast.officer, cast.colleague}

    def test_a_kapolres_asks_those_of_one_polsek_in_the_own_name(self, cast, sign_in):
        sign_in(cast.kapolres).post(
            "/atensi/baru/", {**FORM, "unit": "POLSEK-GAJAHMUNGKUR", "roles": ["bhabinkamtibmas", "kapolsek"]} | {"kind": "JUKRAH"}, follow=True
        )
        assert asked(Directive.objects.get()) == {"80020001"}
        assert Directive.objects.get().sender_title == "Kapolrestabes Semarang"

    def test_single_persons_are_asked_by_name_and_nobody_else_sees_it(self, cast, sign_in):
        sign_in(cast.kapolsek).post("/atensi/baru/", {key: value for key, value in FORM.items() if key != "roles"} | {"people": [cast.officer.pk]})
        directive = Directive.objects.get()
        assert asked(directive) == {"80010001"}
        assert sign_in(cast.colleague).get(directive.path).status_code == 404

    @pytest.mark.parametrize(
        ("who", "wrong", "field"),
        [
            ("kapolsek", {"roles": "kapolsek"}, "roles"),
            ("kapolsek", {"roles": "kapolres"}, "roles"),
            ("kanit", {"roles": "operator_polsek"}, "roles"),
            ("kapolsek", {"unit": "POLRESTABES-SEMARANG"}, "unit"),
            ("kapolsek", {"unit": "POLSEK-GAJAHMUNGKUR"}, "unit"),
            ("kapolsek", {"roles": ""}, "roles"),
            ("kapolsek", {"roles": "ka_spkt"}, "roles"),  # nobody serves in it
            ("kapolsek", {"title": "  "}, "title"),
            ("kapolsek", {"title": "x" * 121}, "title"),
            ("kapolsek", {"text": "a\0b"}, "text"),
            ("kapolsek", {"text": "x" * 5001}, "text"),
            ("kapolsek", {"kind": "PERINTAH"}, "kind"),
            ("kapolsek", {"due_on": "2020-01-01"}, "due_on"),
            ("kapolsek", {"due_on": "99999-99-99"}, "due_on"),
            ("kapolsek", {"people": "999999999999999999999999"}, "people"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_sent(self, cast, sign_in, who, wrong, field):
        page = sign_in(cast.people[who]).post("/atensi/baru/", {**FORM, **wrong})
        assert page.status_code == 200
        assert field in page.context["form"].errors
        assert not Directive.objects.exists()

    def test_nobody_below_a_commander_sends(self, cast, sign_in):
        for who in ("officer", "operator", "polda_reader", "admin", "secretary"):
            assert sign_in(cast.people[who]).post("/atensi/baru/", FORM).status_code == 404

    def test_no_role_may_ask_those_above_it(self):
        above = {"kapolres", "wakapolres", "kapolda", "dirbinmas", "pembaca_mabes", "admin"}
        assert not any(above & roles for roles in SENDS.values())
        assert not any(role in roles for role, roles in SENDS.items())

    def test_who_joins_later_is_asked_while_it_is_open(self, cast, sign_in):
        directive = send(cast.kapolsek)
        newcomer = make_person("80010077", "Baru", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
        client = sign_in(newcomer)
        assert directive.title in client.get("/").content.decode()
        client.post(f"{directive.path}baca/")
        assert directive.receipts.get(user=newcomer).read_at
        late = make_person("80010078", "Terlambat", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
        directive.close()
        assert sign_in(late).get(directive.path).status_code == 404
        assert client.get(directive.path).status_code == 200  # those who were asked keep it

    def test_who_left_keeps_what_was_asked(self, cast, sign_in):
        directive = send(cast.kapolsek)
        Posting.objects.filter(user=cast.officer).update(unit=cast.units.gajahmungkur)
        assert sign_in(cast.officer).get(directive.path).status_code == 200
        newer = send(cast.kapolsek, title="Lain")
        assert sign_in(cast.officer).get(newer.path).status_code == 404

    def test_costs_no_more_for_many(self, cast):
        def cost():
            with CaptureQueriesContext(connection) as captured:
                send(cast.kapolsek)
            return len(captured)

        few = cost()
        for number in range(40):
            make_person(f"8666{number:04}", f"Petugas {number}", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
        assert cost() == few


class TestReceipts:
    def test_looking_marks_nothing_and_the_page_asks_for_the_mark(self, cast, sign_in):
        directive = send(cast.kapolsek)
        client = sign_in(cast.officer)
        page = client.get(directive.path).content.decode()
        assert f'hx-post="{directive.path}baca/"' in page
        assert directive.receipts.get(user=cast.officer).read_at is None
        answer = client.post(f"{directive.path}baca/", headers={"hx-request": "true"})
        first = directive.receipts.get(user=cast.officer).read_at
        assert answer.status_code == 200
        assert first
        client.post(f"{directive.path}baca/")
        assert directive.receipts.get(user=cast.officer).read_at == first
        assert not cast.officer.notifications.unread().exists()
        assert directive.title not in client.get("/").content.decode()

    def test_a_follow_up_names_an_own_report(self, cast, sign_in):
        directive, own, other = send(cast.kapolsek), report_of(cast), report_of(cast, "colleague")
        client, path = sign_in(cast.officer), f"{directive.path}tindak-lanjut/"
        assert client.post(path, {"text": "Sudah.", "report": other.uuid}).context["form"].errors.keys() == {"report"}
        assert client.post(path, {"text": "  ", "report": ""}).context["form"].errors.keys() == {"text"}
        assert client.post(path, {"text": "Sudah dicek.", "report": own.uuid}).status_code == 302
        receipt = directive.receipts.get(user=cast.officer)
        assert (receipt.follow_up, receipt.report, bool(receipt.read_at)) == ("Sudah dicek.", own, True)
        page = sign_in(cast.kapolsek).get(directive.path).content.decode()
        assert "Sudah dicek." in page
        assert f"/kegiatan/{own.uuid}/" in page
        assert cast.kapolsek.notifications.filter(kind="FOLLOW_UP").count() == 1

    def test_mending_a_follow_up_tells_nobody_again_and_stays_on_record(self, cast):
        receipt = send(cast.kapolsek).receipts.get(user=cast.officer)
        for text in ("Sudah.", "Sudah.", "Sudah, tiga pos."):
            receipt.follow(text)
        assert cast.kapolsek.notifications.filter(kind="FOLLOW_UP").count() == 1
        assert receipt.follow_up == "Sudah, tiga pos."
        assert receipt.events.order_by("pgh_id").last().follow_up == "Sudah."

    def test_a_fellow_officer_sees_no_receipts(self, cast, sign_in):
        directive = send(cast.kapolsek)
        directive.receipts.get(user=cast.colleague).follow("Rahasia rekan.")
        assert "Rahasia rekan." not in sign_in(cast.officer).get(directive.path).content.decode()

    def test_keepers_are_the_sender_and_the_heads_of_the_own_unit(self, cast, sign_in):
        by_kanit = send(cast.kanit)
        for who, sees in (("kapolsek", True), ("kapolres", True), ("kanit", True), ("kasat", False), ("operator", False), ("outsider", False)):
            assert (sign_in(cast.people[who]).get(by_kanit.path).status_code == 200) is sees, who
        above = send(cast.kapolres, unit=cast.units.banyumanik)
        assert sign_in(cast.kapolsek).get(above.path).status_code == 404  # neither asked nor its head
        assert sign_in(cast.kanit).post(f"{by_kanit.path}tutup/").status_code == 302

    def test_a_reminder_goes_to_those_who_did_nothing_and_not_twice(self, cast, sign_in):
        directive = send(cast.kapolsek)
        directive.receipts.get(user=cast.officer).read()
        client = sign_in(cast.kapolsek)
        client.post(f"{directive.path}ingatkan/")
        client.post(f"{directive.path}ingatkan/")
        assert [note.user for note in Notification.objects.filter(kind="REMINDER")] == [cast.colleague]

    def test_with_a_day_it_reminds_until_it_is_followed_up(self, cast):
        directive = send(cast.kapolsek, due_on=TODAY())
        directive.receipts.get(user=cast.officer).read()
        assert directive.remind() == 2

    def test_a_closed_one_takes_no_new_follow_up(self, cast, sign_in):
        directive = send(cast.kapolsek)
        directive.close()
        sign_in(cast.officer).post(f"{directive.path}tindak-lanjut/", {"text": "Sudah."})
        assert directive.receipts.get(user=cast.officer).followed_up_at is None

    def test_the_database_refuses_half_a_follow_up(self, cast):
        receipt = send(cast.kapolsek).receipts.first()
        for wrong in ({"follow_up": "x"}, {"followed_up_at": timezone.now()}, {"followed_up_at": timezone.now(), "follow_up": "x"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                DirectiveReceipt.objects.filter(pk=receipt.pk).update(**wrong)

    @pytest.mark.parametrize("path", ["/atensi/", "/atensi/?lihat=dikirim", "detail"])
    def test_pages_cost_the_same_however_much_there_is(self, cast, sign_in, path):
        directive = send(cast.kapolsek)
        client, url = sign_in(cast.kapolsek), directive.path if path == "detail" else path
        few = queries(client, url)
        for number in range(15):
            person = make_person(f"8777{number:04}", f"Petugas {number}", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
            DirectiveReceipt.objects.create(directive=directive, user=person)
            send(cast.kapolsek, title=f"Atensi {number}")
        many = queries(client, url)
        assert len(many) == len(few) <= 12, "\n".join(many)

    @pytest.mark.parametrize("query", ["?q=\0", "?jenis=x", "?lihat=x", "?page=99999999999999999999"])
    def test_odd_addresses_show_the_list(self, cast, sign_in, query):
        assert sign_in(cast.officer).get(f"/atensi/{query}").status_code == 200


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


class TestFiles:
    def post(self, cast, sign_in, *files):
        return sign_in(cast.kapolsek).post("/atensi/baru/", {**FORM, "attachments": list(files)})

    def test_pdf_and_photos_come_along_and_only_readers_open_them(self, cast, sign_in):
        answer = self.post(cast, sign_in, SimpleUploadedFile("Sprin 7.pdf", PDF), SimpleUploadedFile("../../pos.png", png()))
        assert answer.status_code == 302
        paper, picture = Directive.objects.get().files.all()
        assert (paper.name, picture.name, picture.type) == ("Sprin 7.pdf", "....pos.jpg"[-len(picture.name) :], "image/jpeg")
        for file in (paper, picture):
            answer = sign_in(cast.officer).get(f"/atensi/berkas/{file.uuid}/")
            assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
            answer.getvalue()
            assert sign_in(cast.outsider).get(f"/atensi/berkas/{file.uuid}/").status_code == 404
        assert answer.headers["Content-Type"] == "image/jpeg"

    @pytest.mark.parametrize(
        "file",
        [
            ("a.pdf", b"<html><script>alert(1)</script>"),
            ("a.pdf", b"%PDF-1.7 without an end"),
            ("a.png", png()[:40]),
            ("a.exe", b"MZ\0\0"),
            ("a.jpg", b""),
        ],
    )
    def test_anything_else_is_refused_in_words(self, cast, sign_in, file):
        page = self.post(cast, sign_in, SimpleUploadedFile(*file))
        assert page.status_code == 200
        assert page.context["form"].errors.keys() == {"attachments"}
        assert not Directive.objects.exists()

    def test_too_many_and_too_large(self, cast, sign_in, monkeypatch):
        page = self.post(cast, sign_in, *(SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(6)))
        assert page.context["form"].errors.keys() == {"attachments"}
        monkeypatch.setattr(uploads, "MAX_BYTES", 10)
        assert self.post(cast, sign_in, SimpleUploadedFile("a.pdf", PDF)).context["form"].errors.keys() == {"attachments"}


class TestApi:
    def test_lists_what_one_is_asked(self, cast, api):
        directive = send(cast.kapolsek, due_on=TODAY())
        [item] = api(cast.officer).get("/api/v1/directives/").json()["results"]
        assert (item["id"], item["sender"], item["title"], item["read_at"]) == (str(directive.uuid), "Kapolsek Banyumanik", directive.title, None)
        assert api(cast.outsider).get("/api/v1/directives/").json()["results"] == []
        directive.close()
        assert api(cast.officer).get("/api/v1/directives/?open=true").json()["results"] == []

    def test_marks_may_be_sent_twice(self, cast, api):
        directive, report = send(cast.kapolsek), report_of(cast)
        client, path = api(cast.officer), f"/api/v1/directives/{directive.uuid}/"
        answers = [client.post(f"{path}read/").json()["read_at"] for _ in range(2)]
        assert answers[0] == answers[1] is not None
        told = [client.post(f"{path}follow-up/", {"text": "Sudah.", "report": str(report.uuid)}).json() for _ in range(2)]
        assert told[0] == told[1]
        assert (told[0]["follow_up"], told[0]["report"]) == ("Sudah.", str(report.uuid))

    @pytest.mark.parametrize(
        "body", [{}, {"text": ""}, {"text": " "}, {"text": "a\0b"}, {"text": 5 * [1]}, {"text": "x", "report": "x"}, {"text": "x" * 2001}, []]
    )
    def test_wrong_bodies_are_named(self, cast, api, body):
        answer = api(cast.officer).post(f"/api/v1/directives/{send(cast.kapolsek).uuid}/follow-up/", body)
        assert answer.status_code == 400

    def test_another_ones_report_is_not_there(self, cast, api):
        path = f"/api/v1/directives/{send(cast.kapolsek).uuid}/follow-up/"
        for report in (report_of(cast, "colleague").uuid, uuid.uuid4()):
            assert api(cast.officer).post(path, {"text": "Sudah.", "report": str(report)}).status_code == 400

    def test_costs_the_same_for_many(self, cast, api, django_assert_num_queries):
        client = api(cast.officer)
        send(cast.kapolsek)
        client.get("/api/v1/directives/")
        with CaptureQueriesContext(connection) as few:
            client.get("/api/v1/directives/")
        for _ in range(10):
            send(cast.kapolsek)
        with django_assert_num_queries(len(few)):
            client.get("/api/v1/directives/")


class TestThanks:
    def test_are_shown_once_at_home_and_ever_after_with_the_report(self, cast, sign_in):
        report = report_of(cast)
        sign_in(cast.kapolsek).post(f"/kegiatan/{report.uuid}/terima-kasih/", {"text": "Terima kasih, warga terbantu."})
        client = sign_in(cast.officer)
        assert "Terima kasih, warga terbantu." in client.get("/").content.decode()
        client.post("/terima-kasih/dilihat/", headers={"hx-request": "true"})
        assert "warga terbantu" not in client.get("/").content.decode()
        for who in ("officer", "kanit", "kapolres"):
            assert "Terima kasih, warga terbantu." in sign_in(cast.people[who]).get(f"/kegiatan/{report.uuid}/").content.decode()

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("kanit", 302),
            ("kapolsek", 302),
            ("kasat", 302),
            ("kapolres", 302),
            ("operator", 404),
            ("officer", 404),
            ("outsider", 404),
            ("polda_reader", 404),
        ],
    )
    def test_are_for_superiors_who_read_the_unit(self, cast, sign_in, who, status):
        report = report_of(cast)
        assert sign_in(cast.people[who]).post(f"/kegiatan/{report.uuid}/terima-kasih/", {"text": "Bagus."}).status_code == status
        assert Thanks.objects.exists() == (status == 302)

    def test_nobody_thanks_for_the_own_report_or_a_returned_one(self, cast):
        Posting.objects.create(user=cast.officer, unit=cast.units.banyumanik, role=Role.KANIT_BINMAS, starts_on=TODAY())
        with pytest.raises(ValidationError):
            thank(report_of(cast), fresh(cast.officer), "Bagus saya.")
        with pytest.raises(ValidationError):
            thank(report_of(cast, state=State.RETURNED), cast.kapolsek, "Bagus.")

    def test_once_by_each_and_never_empty(self, cast, sign_in):
        report, client = report_of(cast), sign_in(cast.kapolsek)
        for text in ("\0 ", "Bagus.", "Lagi."):
            client.post(f"/kegiatan/{report.uuid}/terima-kasih/", {"text": text})
        assert [row.text for row in Thanks.objects.all()] == ["Bagus."]
        assert cast.officer.notifications.filter(kind="THANKS").count() == 1


class TestNotifications:
    def test_a_returned_report_is_told_without_its_note(self, cast, sign_in):
        report = report_of(cast)
        report.send_back(cast.kanit, "Nama Pak Widodo keliru.")
        note = cast.officer.notifications.get()
        assert cast.kanit.full_name in note.text
        assert "Widodo" not in str(note.params)
        client = sign_in(cast.officer)
        assert "1" in client.get("/").content.decode()
        answer = client.post(f"/pemberitahuan/{note.pk}/")
        assert (answer.status_code, answer.url) == (302, f"/kegiatan/{report.uuid}/")
        assert not cast.officer.notifications.unread().exists()

    def test_are_in_the_readers_language(self, cast, sign_in):
        Notification.objects.tell([cast.officer], "RETURNED", "/kegiatan/", by="Iptu Harjono", what="Patrol", day="2026-11-21")
        for language, words in (("id", "21 Nov"), ("en", "Patrol")):
            User.objects.filter(pk=cast.officer.pk).update(language=language)
            assert words in sign_in(fresh(cast.officer)).get("/pemberitahuan/").content.decode()

    def test_are_ones_own(self, cast, sign_in):
        Notification.objects.tell([cast.officer], "THANKS", "/kegiatan/", by="Kapolsek", what="Sambang", day="2026-11-21")
        note = cast.officer.notifications.get()
        assert sign_in(cast.colleague).post(f"/pemberitahuan/{note.pk}/").status_code == 404
        sign_in(cast.colleague).post("/pemberitahuan/dibaca/")
        assert cast.officer.notifications.unread().count() == 1
        sign_in(cast.officer).post("/pemberitahuan/dibaca/")
        assert cast.officer.notifications.unread().count() == 0

    def test_lead_nowhere_else(self, cast):
        for path in ("https://example.org/", "//example.org/"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Notification.objects.tell([cast.officer], "THANKS", path)

    def test_the_list_costs_the_same_for_many(self, cast, sign_in):
        client = sign_in(cast.officer)
        Notification.objects.tell([cast.officer], "THANKS", "/kegiatan/", by="Kapolsek", what="Sambang", day="2026-11-21")
        few = queries(client, "/pemberitahuan/")
        for _ in range(30):
            Notification.objects.tell([cast.officer], "THANKS", "/kegiatan/", by="Kapolsek", what="Sambang", day="2026-11-21")
        assert len(queries(client, "/pemberitahuan/")) == len(few) <= 12

    def test_home_says_how_many_atensi_of_the_kapolsek_are_unread(self, cast, sign_in):
        send(cast.kapolsek)
        assert sign_in(cast.kapolsek).get("/").context["commander"]["unread"] == 2


def test_a_late_one_is_marked(cast, sign_in):
    directive = send(cast.kapolsek, due_on=TODAY())
    Directive.objects.filter(pk=directive.pk).update(due_on=TODAY() - datetime.timedelta(days=1))
    assert "badge-red" in sign_in(cast.kapolsek).get("/atensi/?lihat=dikirim").content.decode()
