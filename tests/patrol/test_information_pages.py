"""The register of LI, one LI with what is done to it, and its papers."""

import datetime

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from patrol.information_papers import in_book, letter
from patrol.models import Information, InformationAccess
from patrol.tasks import forget_information_papers, render_information, render_information_book
from polmas.people.models import Document, Notification
from tests.patrol.informations import make_information, register
from tests.patrol.items import file_report

SECTIONS = ("I. Introduction", "II. Facts", "III. Opinion of the author")
READERS = ("kanit", "kanit_intelkam", "kapolsek", "kasat_intelkam", "kapolres")


def in_indonesian(msgid):
    with translation.override("id"):
        return translation.gettext(msgid)


def path(information, act=""):
    return f"/li/{information.uuid}/{act}"


def page(client, information, act=""):
    response = client.get(path(information, act))
    assert response.status_code == 200
    return response.content.decode()


def test_the_register_shows_an_officer_the_own_ones(cast, sign_in):
    mine, theirs = make_information(cast), make_information(cast, author=cast.colleague)
    text = sign_in(cast.officer).get("/li/").content.decode()
    assert mine.subject in text
    assert theirs.subject not in text
    both = sign_in(cast.kapolsek).get("/li/").content.decode()
    assert mine.subject in both
    assert theirs.subject in both


def test_the_register_is_narrowed(cast, sign_in):
    plain = make_information(cast, subject="Lampu jalan", facts="Gelap di gang tiga")
    valued = register(cast, make_information(cast, field="EKONOMI", subject="Pungli pasar"))
    valued.rate(cast.kanit_intelkam, "B", "2", "RAHASIA", [])
    client = sign_in(cast.kapolsek)
    today = timezone.localdate()
    for query, found in (
        ("q=gang+tiga", {plain}),
        ("q=PUNGLI", {valued}),
        ("q=Elang", set()),
        ("q=Paijo", set()),
        ("status=valued", {valued}),
        ("bidang=KEAMANAN", {plain}),
        ("sumber=B&isi=2", {valued}),
        (f"dari={today}&sampai={today}", {plain, valued}),
        (f"sampai={today - datetime.timedelta(days=1)}", set()),
    ):
        assert set(client.get(f"/li/?{query}").context["page_obj"]) == found, query


@pytest.mark.parametrize("query", ["q=%00", "dari=kemarin", "status=x", "page=999999999999", "sumber=Z&isi=9", "q=" + "a" * 600, "dari=0001-01-01"])
def test_whatever_the_address_says_the_register_answers(cast, sign_in, query):
    make_information(cast)
    assert sign_in(cast.kanit).get(f"/li/?{query}").status_code == 200


def test_the_register_asks_little(cast, sign_in, django_assert_max_num_queries):
    for n in range(35):
        register(cast, make_information(cast)) if n % 2 else make_information(cast)
    client = sign_in(cast.kapolsek)
    client.get("/li/")
    with django_assert_max_num_queries(12):
        client.get("/li/")
    with django_assert_max_num_queries(12):
        client.get("/li/?page=2&q=balap")


def test_nothing_is_kept_by_the_browser(cast, sign_in):
    li = register(cast, make_information(cast))
    client = sign_in(cast.kapolsek)
    for address in ("/li/", path(li), path(li, "pdf/")):
        assert "no-store" in client.get(address)["Cache-Control"]
    assert "<title>Laporan Informasi" in page(client, li)


def test_the_page_has_three_sections_and_the_classification_twice(cast, sign_in):
    text = page(sign_in(cast.kapolsek), register(cast, make_information(cast)))
    for words in (*map(in_indonesian, SECTIONS), "Elang 7"):
        assert words in text
    assert text.count("RAHASIA") >= 2
    for secret in ("Paijo", "0812-3456", "Juru parkir", "data-copy", "data-share"):
        assert secret not in text


def test_the_kanit_registers_on_the_page(cast, sign_in):
    li = make_information(cast)
    client = sign_in(cast.kanit)
    assert f"{li.uuid}/daftar/" in page(client, li)
    data = {"classification": "TERBATAS", "distribution": [cast.units.polres.pk], "version": 1}
    assert client.post(path(li, "daftar/"), data).status_code == 302
    li.refresh_from_db()
    assert (li.state, li.classification, list(li.distribution.all())) == ("registered", "TERBATAS", [cast.units.polres])
    told = client.post(path(li, "daftar/"), data, follow=True).context["messages"]
    assert [message.level_tag for message in told][-1] == "error"
    assert Information.objects.get(pk=li.pk).sequence == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"classification": "SANGAT", "version": 1},
        {"classification": "RAHASIA", "version": "x"},
        {"classification": "RAHASIA", "version": 10**30},
        {"classification": "RAHASIA", "version": 2},
        {"classification": "RAHASIA", "version": 1, "distribution": ["999999999", "\0", "abc"]},
    ],
)
def test_a_registration_that_is_wrong_stays_in_its_form(cast, sign_in, data):
    li = make_information(cast)
    response = sign_in(cast.kanit).post(path(li, "daftar/"), data)
    assert response.status_code == 200
    assert response.context["forms"]["register"].errors
    assert Information.objects.get(pk=li.pk).state == "submitted"


def test_it_goes_back_with_a_note_and_the_author_is_told_nothing_of_it(cast, sign_in):
    li = make_information(cast)
    client = sign_in(cast.kanit)
    assert client.post(path(li, "kembalikan/"), {"note": " ", "version": 1}).context["forms"]["return"].errors
    assert client.post(path(li, "kembalikan/"), {"note": "Sebutkan jamnya.", "version": 1}).status_code == 302
    assert "Sebutkan jamnya." in page(sign_in(cast.officer), li)
    told = Notification.objects.get(user=cast.officer)
    assert (told.kind, told.path) == ("LI_RETURNED", path(li))
    assert "jam" not in told.text
    assert li.subject not in told.text


def test_value_and_disposition_on_the_page(cast, sign_in):
    li = register(cast, make_information(cast))
    intel = sign_in(cast.kanit_intelkam)
    data = {"source_value": "C", "content_value": "3", "classification": "RAHASIA"}
    assert intel.post(path(li, "nilai/"), data).status_code == 302
    assert sign_in(cast.kapolsek).post(path(li, "disposisi/"), {"text": "Kanit Intel: dalami.\r\nLapor 3 hari."}).status_code == 302
    li.refresh_from_db()
    assert (li.value, li.state, li.dispositions.get().text) == ("C3", "disposed", "Kanit Intel: dalami.\nLapor 3 hari.")
    text = page(sign_in(cast.kasat_intelkam), li)
    for words in ("C3", "Kanit Intel: dalami.", "Iptu Harjono", "Ipda Gunawan"):
        assert words in text


def test_who_may_not_act_finds_no_form(cast, sign_in):
    li = register(cast, make_information(cast))
    text = page(sign_in(cast.officer), li)
    for act in ("daftar", "kembalikan", "nilai", "disposisi", "penangan"):
        assert f"/{act}/" not in text
        assert sign_in(cast.officer).post(path(li, f"{act}/"), {}).status_code == 404
        assert sign_in(cast.colleague).post(path(li, f"{act}/"), {}).status_code == 404


def test_reading_is_written_down_the_authors_is_not(cast, sign_in):
    li = make_information(cast)
    page(sign_in(cast.officer), li)
    assert not InformationAccess.objects.exists()
    for who in READERS:
        page(sign_in(cast.people[who]), li)
    assert [each.user for each in InformationAccess.objects.order_by("pk")] == [cast.people[who] for who in READERS]
    assert "Kompol Bambang Supriyadi" in page(sign_in(cast.kanit), li)
    assert "Bambang" not in page(sign_in(cast.officer), li)


def test_an_opinion_of_an_own_report_can_be_raised(cast, sign_in):
    report = file_report(cast.officer, detail={"opinions": [{"kind": "INFORMASI", "text": "Ada tamu aneh."}]})
    link = f"/catat/li/?asal={report.uuid}&amp;pendapat=1"
    assert link in sign_in(cast.officer).get(f"/kegiatan/{report.uuid}/").content.decode()
    assert link not in sign_in(cast.kapolsek).get(f"/kegiatan/{report.uuid}/").content.decode()


class TestSource:
    def test_the_author_opens_it_with_a_reason(self, cast, sign_in):
        li = make_information(cast)
        client = sign_in(cast.officer)
        refused = client.post(path(li, "sumber/"), {"reason": ""})
        assert "Paijo" not in refused.content.decode()
        assert not li.source.openings.exists()
        shown = client.post(path(li, "sumber/"), {"reason": "Menelepon ulang."}).content.decode()
        for secret in ("Paijo Sumarno", "0812-3456-7890", "Juru parkir", "Menelepon ulang."):
            assert secret in shown
        assert "Paijo" not in page(client, li), "shown once"

    def test_others_find_no_way_to_it(self, cast, sign_in):
        li = make_information(cast)
        for who in cast.people:
            if who != "officer":
                response = sign_in(cast.people[who]).post(path(li, "sumber/"), {"reason": "Ingin tahu."})
                assert response.status_code == 404, who
        assert not li.source.openings.exists()

    def test_the_handler_and_the_author_read_each_others_openings(self, cast, sign_in):
        li = make_information(cast)
        intel = sign_in(cast.kanit_intelkam)
        assert intel.post(path(li, "penangan/"), {"handler": cast.kasat_intelkam.pk}).status_code == 302
        assert intel.post(path(li, "penangan/"), {"handler": cast.colleague.pk}).context["forms"]["handler"].errors
        handler = sign_in(cast.kasat_intelkam)
        assert "Paijo" in handler.post(path(li, "sumber/"), {"reason": "Menemui sumber."}).content.decode()
        assert "Menemui sumber." in page(sign_in(cast.officer), li)
        assert "Menemui sumber." not in page(sign_in(cast.kapolsek), li)

    def test_without_a_record_there_is_nothing_to_open(self, cast, sign_in):
        li = make_information(cast, source=False, source_alias="")
        client = sign_in(cast.officer)
        assert "tanpa nama" in page(client, li)
        assert client.post(path(li, "sumber/"), {"reason": "?"}).status_code == 404
        assert sign_in(cast.kanit_intelkam).post(path(li, "penangan/"), {"handler": cast.kanit_intelkam.pk}).status_code == 302


class TestPapers:
    def test_the_letter(self, cast, sign_in, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        li = register(cast, make_information(cast))
        client = sign_in(cast.kapolsek)
        assert client.get(path(li, "pdf/")).status_code == 202
        render_information(Document.objects.get().pk)
        answer = client.get(path(li, "pdf/"))
        content = answer.getvalue()
        assert (answer.status_code, content[:5]) == (200, b"%PDF-")
        assert [(each.user, each.act) for each in InformationAccess.objects.all()] == [(cast.kapolsek, "PRINT")]

    def test_what_the_letter_says(self, cast, rendered):
        li = register(cast, make_information(cast))
        li.dispose(cast.kapolsek, "Dalami dan laporkan.")
        text = rendered("patrol/information_print.html", li)
        words = ("LAPORAN INFORMASI", li.number, *map(in_indonesian, SECTIONS), "Elang 7", li.facts, "Dalami dan laporkan.", "SEKTOR BANYUMANIK")
        assert [each for each in words if each not in text] == []
        assert text.count('content: "RAHASIA"') == 2
        assert "NRP 80010001" in text
        for secret in ("Paijo", "0812-3456", "Juru parkir"):
            assert secret not in text

    def test_an_li_without_number_is_not_printed(self, cast, sign_in):
        li = make_information(cast)
        assert sign_in(cast.kapolsek).get(path(li, "pdf/")).url == path(li)
        assert not Document.objects.exists()

    def test_the_book(self, cast, sign_in, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        first, second = register(cast, make_information(cast)), register(cast, make_information(cast))
        make_information(cast)
        today = cast.units.banyumanik.today()
        assert list(in_book(cast.units.banyumanik, today, today)) == [first, second]
        assert not in_book(cast.units.banyumanik, today - datetime.timedelta(days=9), today - datetime.timedelta(days=1))
        client = sign_in(cast.kapolres)
        query = f"/li/buku/?satuan=POLSEK-BANYUMANIK&dari={today}&sampai={today}"
        assert client.get(query).status_code == 202
        render_information_book(Document.objects.get().pk)
        assert client.get(query).getvalue()[:5] == b"%PDF-"
        assert set(InformationAccess.objects.values_list("information", "act")) == {(first.pk, "BOOK"), (second.pk, "BOOK")}

    @pytest.mark.parametrize(
        "query",
        ["", "satuan=X&dari=2026-01-01&sampai=2026-01-02", "satuan=POLSEK-BANYUMANIK&dari=2026-02-01&sampai=2026-01-01", "satuan=%00&dari=%00"],
    )
    def test_a_book_that_is_not_one_leads_back(self, cast, sign_in, query):
        register(cast, make_information(cast))
        assert sign_in(cast.kapolsek).get(f"/li/buku/?{query}").url == "/li/"

    def test_files_do_not_pile_up(self, cast, sign_in, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        li = register(cast, make_information(cast))
        sign_in(cast.kapolsek).get(path(li, "pdf/"))
        document = Document.objects.get()
        render_information(document.pk)
        document.refresh_from_db()
        forget_information_papers()
        assert document.file.storage.exists(document.file.name)
        Document.objects.update(requested_at=timezone.now() - datetime.timedelta(hours=2))
        forget_information_papers()
        assert not Document.objects.exists()
        assert not document.file.storage.exists(document.file.name)


@pytest.fixture
def rendered():
    def render(template, information):
        with translation.override("id"):
            return render_to_string(template, letter(information.pk))

    return render
