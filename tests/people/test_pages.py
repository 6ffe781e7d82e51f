"""Sign-in, the own account, languages, errors, and what holds for every template."""

import gzip
import io
import re
from pathlib import Path

import pytest
from django.contrib.messages.storage.base import Message
from django.core.files.base import ContentFile
from django.http import FileResponse, HttpResponse
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from polmas.people import documents
from polmas.people.addresses import client_address
from polmas.people.errors import server_error
from polmas.people.middleware import TextCompressionMiddleware
from polmas.people.models import ApiToken, Document, Posting, Unit
from polmas.people.navigation import ENTRIES, HOME, MORE, navigation_for
from tests.cast import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = set((ROOT / "static/img/icons.txt").read_text().split())


def attempt(client, password, username="80010001", query=""):
    return client.post(reverse("people:session_create") + query, {"username": username, "password": password})


def headings(response):
    return len(re.findall(r"<h1[ >]", response.content.decode()))


def text_of(response):
    return response.content.decode()


# ---- sign-in ----


def test_visitor_is_sent_to_sign_in_and_on_to_the_page_asked_for(cast):
    client = Client()
    response = client.get("/profil/")
    assert response.status_code == 302
    assert response.url == "/masuk/?next=/profil/"
    assert attempt(client, PASSWORD, query="?next=/profil/").url == "/profil/"


def test_sign_in_never_leads_elsewhere(cast):
    assert attempt(Client(), PASSWORD, query="?next=https://example.org/").url == "/"


def test_wrong_password_says_so_and_keeps_the_name(cast):
    response = attempt(Client(headers={"accept-language": "en"}), "wrong")
    assert response.status_code == 200
    assert "do not match" in text_of(response)
    assert 'value="80010001"' in text_of(response)


def test_five_failures_lock_out_until_a_time_that_is_told(cast):
    client = Client(headers={"accept-language": "en"})
    answers = [attempt(client, "wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert re.search(r"Try again after \d\d\.\d\d WIB", text_of(answers[-1]))
    assert attempt(client, PASSWORD).status_code == 429
    assert headings(answers[-1]) == 1


def test_a_stranger_behind_the_same_proxy_locks_nobody_out(cast, settings):
    settings.PROXY_COUNT = 1
    for number in range(6):
        stranger = Client(REMOTE_ADDR="10.0.0.2", headers={"x-forwarded-for": f"198.51.100.{number}, 203.0.113.9"})
        answer = attempt(stranger, "wrong")
    assert answer.status_code == 429
    officer = Client(REMOTE_ADDR="10.0.0.2", headers={"x-forwarded-for": "203.0.113.9, 192.0.2.7"})
    assert attempt(officer, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.2"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9,10.0.0.1", "203.0.113.9"),
        (1, "1.1.1.1, 2001:db8::1", "2001:db8::1"),
        (2, "203.0.113.9", "10.0.0.2"),
        (1, "nobody", "10.0.0.2"),
        (1, "", "10.0.0.2"),
    ],
)
def test_only_the_address_that_the_own_proxy_wrote_is_believed(rf, settings, proxies, forwarded, address):
    settings.PROXY_COUNT = proxies
    assert client_address(rf.get("/", REMOTE_ADDR="10.0.0.2", headers={"x-forwarded-for": forwarded})) == address


def test_sign_in_page_has_a_strict_content_security_policy(db):
    policy = Client().get("/masuk/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_sign_out_ends_the_session(cast, sign_in):
    client = sign_in(cast.officer)
    assert client.post(reverse("people:session_delete")).status_code == 302
    assert client.get("/profil/").status_code == 302


def test_a_late_answer_to_the_old_session_leaves_the_new_ones_cookie_alone(cast, sign_in):
    client, phone = sign_in(cast.officer), Client()
    phone.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post("/keluar/")
    for address in ("/api/v1/me/", "/", "/masuk/"):
        assert "sessionid" not in phone.get(address).cookies


def test_texts_travel_compressed_and_pictures_as_they_are(cast, sign_in, rf):
    assert "Content-Encoding" not in sign_in(cast.officer).get("/")
    assert sign_in(cast.officer).get("/", headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"
    for kind, encoding in (("text/csv", "gzip"), ("application/json", "gzip"), ("image/jpeg", None), ("application/pdf", None)):
        answer = TextCompressionMiddleware(lambda _request, kind=kind: HttpResponse(b"polmas " * 200, content_type=kind))
        assert answer(rf.get("/", headers={"accept-encoding": "gzip"})).get("Content-Encoding") == encoding
    table = TextCompressionMiddleware(lambda _request: FileResponse(io.BytesIO(b"a,b\n" * 50_000), filename="a.csv", content_type="text/csv"))
    packed = b"".join(table(rf.get("/", headers={"accept-encoding": "gzip"})))
    assert gzip.decompress(packed) == b"a,b\n" * 50_000


# ---- language ----


def test_visitor_switches_the_language_by_a_cookie(db):
    client = Client(headers={"accept-language": "id"})
    response = client.post(reverse("people:language_update"), {"language": "en", "next": "/masuk/?next=/peta/"})
    assert response.url == "/masuk/?next=/peta/"
    assert '<html lang="en">' in text_of(client.get("/masuk/"))


def test_language_of_the_account_wins(cast, sign_in):
    client = sign_in(cast.officer)
    client.post(reverse("people:language_update"), {"language": "en", "next": "/profil/"})
    cast.officer.refresh_from_db()
    assert cast.officer.language == "en"
    assert '<html lang="en">' in text_of(client.get("/profil/", headers={"accept-language": "id"}))


def test_the_words_of_scripts_are_kept_for_an_hour_under_the_pages_language(cast, sign_in):
    client = sign_in(cast.officer)
    for language in ("id", "en"):
        client.post(reverse("people:language_update"), {"language": language})
        assert f'src="/jsi18n/?{language}"' in text_of(client.get("/profil/"))
        words = client.get(f"/jsi18n/?{language}")
        assert words.headers["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize("form", [{"language": "xx", "next": "/"}, {}, {"language": "id", "next": "//example.org"}])
def test_strange_languages_and_addresses_lead_home(db, form):
    assert Client().post(reverse("people:language_update"), form).url == "/"


# ---- the own account ----


def test_profile_shows_the_posts_and_keeps_phone_and_language(cast, sign_in):
    client = sign_in(cast.officer)
    page = client.get("/profil/")
    assert headings(page) == 1
    assert "Aipda Sutrisno" in text_of(page)
    assert "Polsek Banyumanik" in text_of(page)
    assert client.post("/profil/", {"phone": "0812 3456", "language": "en"}).status_code == 302
    cast.officer.refresh_from_db()
    assert (cast.officer.phone, cast.officer.language) == ("0812 3456", "en")


def test_tokens_are_listed_and_revoked_by_their_owner_only(cast, sign_in):
    _, token = ApiToken.objects.issue(cast.officer)
    address = reverse("people:token_delete", args=[token.pk])
    assert address in text_of(sign_in(cast.officer).get("/profil/"))
    assert sign_in(cast.colleague).post(address).status_code == 404
    assert sign_in(cast.officer).post(address).status_code == 302
    assert not cast.officer.api_tokens.exists()


def test_password_is_changed_and_weak_ones_are_refused(cast, sign_in):
    client = sign_in(cast.officer)
    weak = client.post("/profil/sandi/", {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"})
    assert weak.status_code == 200
    assert 'class="field-error"' in text_of(weak)
    assert headings(weak) == 1
    new = "rumah biru di ujung"
    assert client.post("/profil/sandi/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}).status_code == 302
    assert client.get("/profil/").status_code == 200
    assert attempt(Client(), new).status_code == 302


def test_a_phone_looks_like_one(cast, sign_in):
    page = sign_in(cast.officer).post("/profil/", {"phone": "rumah", "language": ""})
    assert page.context["form"].errors.keys() == {"phone"}


def test_a_new_password_ends_what_the_old_one_opened(cast, sign_in):
    text, _ = ApiToken.objects.issue(cast.officer)
    ApiToken.objects.issue(cast.colleague)
    program = {"authorization": f"Token {text}"}
    assert Client().get("/api/v1/me/", headers=program).status_code == 200
    new = "rumah biru di ujung"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    sign_in(cast.officer).post("/profil/sandi/", form | {"new_password2": "lain sekali"})
    assert cast.officer.api_tokens.exists()
    sign_in(cast.officer).post("/profil/sandi/", form)
    assert Client().get("/api/v1/me/", headers=program).status_code == 401
    assert cast.colleague.api_tokens.exists()


def test_posts_are_called_as_people_say_them(cast, sign_in):
    titles = {name: cast.people[name].post.title for name in ("officer", "kanit", "kapolsek", "kasat", "kapolres", "operator", "polda_reader")}
    assert titles == {
        "officer": "Bhabinkamtibmas Polsek Banyumanik",
        "kanit": "Kanit Binmas Polsek Banyumanik",
        "kapolsek": "Kapolsek Banyumanik",
        "kasat": "Kasat Binmas Polrestabes Semarang",
        "kapolres": "Kapolrestabes Semarang",
        "operator": "Operator Polrestabes Semarang",
        "polda_reader": "Kapolda Jawa Tengah",
    }
    assert Posting(unit=Unit(name="Sektor Kota"), role="kapolsek").title == "Kapolsek Sektor Kota"
    client = sign_in(cast.kapolsek)
    for path in ("/", "/profil/", "/lainnya/"):
        assert "Kapolsek Banyumanik" in text_of(client.get(path))
        assert "Kapolsek Polsek" not in text_of(client.get(path))


def test_profile_costs_few_queries(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.officer)
    client.get("/profil/")
    with django_assert_max_num_queries(6):
        client.get("/profil/")


# ---- bars ----


def paths(links):
    return [link.path for link in links]


def test_each_role_finds_its_work_in_the_bar(cast):
    bars = {name: paths(navigation_for(cast.people[name], "/").bar) for name in ("officer", "kanit", "kapolsek", "operator", "secretary", "admin")}
    assert bars == {
        "officer": ["/", "/peta/", "/catat/", "/kegiatan/", "/lainnya/"],
        "kanit": ["/", "/tinjau/", "/dasbor/", "/peta/", "/lainnya/"],
        "kapolsek": ["/", "/dasbor/", "/peta/", "/rekap/", "/lainnya/"],
        "operator": ["/", "/kelola/", "/dasbor/", "/peta/", "/lainnya/"],
        "secretary": ["/", "/fkpm/", "/lainnya/"],
        "admin": ["/", "/kelola/", "/lainnya/"],
    }


def test_the_side_bar_stands_under_headings_that_come_once(cast):
    for name, person in cast.people.items():
        groups = navigation_for(person, "/").side_groups
        headings = [str(group) for group, _links in groups]
        assert len(set(headings)) == len(headings), name
        assert headings[0] == "", "Home stands before all"
        assert max(len(links) for _group, links in groups) <= 6, name
    with translation.override("id"):
        headings = [str(group) for group, _links in navigation_for(cast.officer, "/").side_groups]
    assert headings == ["", "Catat", "Wilayah", "Warga", "Tugas", "Lainnya"]


def test_bars_hold_every_entry_once_and_mark_where_one_is(cast):
    for person in cast.people.values():
        navigation = navigation_for(person, "/fkpm/rapat/")
        assert len(set(paths(navigation.side))) == len(navigation.side)
        assert set(paths(navigation.side)) | {MORE.path} == set(paths(navigation.bar)) | set(paths(navigation.more))
        assert [link.path for link in navigation.side if link.is_here] in (["/fkpm/"], [])


def test_icons_of_the_bars_and_templates_are_in_the_sprite():
    named = {entry.icon for entry in (*ENTRIES, HOME, MORE)}
    for template in TEMPLATES:
        named |= set(re.findall(r"""{% icon ["']([\w-]+)["']""", template.read_text()))
    assert named <= SPRITE, named - SPRITE


# ---- errors ----


def test_unknown_address_is_a_page_in_both_languages(db):
    for language in ("id", "en"):
        response = Client(headers={"accept-language": language}).get("/tidak-ada/")
        assert response.status_code == 404
        assert headings(response) == 1
        assert f'<html lang="{language}">' in text_of(response)


def test_page_open_for_too_long_says_that_the_session_ended(cast):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    response = client.post("/masuk/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "Your session has ended" in text_of(response)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_error_pages_need_neither_request_nor_database(name, language):
    with translation.override(language):
        html = get_template(f"{name}.html").render({})
    assert html.count("<h1") == 1
    assert f'<html lang="{language}">' in html


def test_broken_page_answers_without_asking_the_database(db, rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert server_error(rf.get("/")).status_code == 500


# ---- a file that a worker makes ----


@pytest.fixture
def document(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Document.objects.create(kind="test", object_id=1, fingerprint="a", language="id")


def ask(rf, user, document, by_htmx=False):
    request = rf.get("/rekap/x/pdf/")
    request.user, request.htmx, request._messages = user, by_htmx, []
    return documents.serve(request, document, "rekap.pdf")


def test_waiting_page_asks_again_until_the_file_is_there(cast, rf, document):
    page = ask(rf, cast.kapolsek, document)
    assert page.status_code == 202
    assert 'hx-trigger="every 1s"' in text_of(page)
    assert '<noscript><meta http-equiv="refresh"' in text_of(page)
    assert ask(rf, cast.kapolsek, document, by_htmx=True).status_code == 204
    document.file.save("x.pdf", ContentFile(b"%PDF-1.7"), save=False)
    document.state = Document.State.READY
    document.save()
    assert "data-start-download" in text_of(ask(rf, cast.kapolsek, document, by_htmx=True))
    file = ask(rf, cast.kapolsek, Document.objects.get(pk=document.pk))
    assert b"".join(file.streaming_content) == b"%PDF-1.7"
    assert "attachment" in file.headers["Content-Disposition"]
    file.close()


def test_file_that_failed_offers_another_try(cast, rf, document):
    document.state = Document.State.FAILED
    page = text_of(ask(rf, cast.kapolsek, document))
    assert "hx-get" not in page
    assert 'http-equiv="refresh"' not in page


# ---- every template ----


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_keeps_the_content_security_policy(template):
    text = template.read_text()
    assert not re.search(r"""\sstyle\s*=\s*["']""", text), "inline style"
    assert not re.search(r"""\son[a-z]+\s*=\s*["']""", text), "inline handler"
    assert not re.search(r"""hx-on|["']js:""", text), "htmx expression that needs eval"
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "csp_nonce" in script or "application/json" in script, script


def test_messages_tell_their_kind_by_icon_and_class():
    html = render_to_string("_messages.html", {"messages": [Message(40, "Gagal"), Message(25, "Berhasil")]})
    assert "alert-error" in html
    assert "alert-circle" in html
    assert "circle-check" in html


def first_time(user):
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    return user


def test_a_one_time_password_leads_to_an_own_one(cast, sign_in):
    client = sign_in(first_time(cast.officer))
    for path in ("/", "/profil/", "/kegiatan/", "/catat/dds/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, "/profil/sandi/"), path
    assert client.get("/profil/sandi/").status_code == 200
    assert client.post("/bahasa/", {"language": "en", "next": "/profil/sandi/"}).status_code == 302
    form = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post("/profil/sandi/", form).context["form"].errors.keys() == {"new_password1"}
    fresh = {"old_password": PASSWORD, "new_password1": "kopi-pagi-sawah", "new_password2": "kopi-pagi-sawah"}
    assert client.post("/profil/sandi/", fresh).url == "/"
    cast.officer.refresh_from_db()
    assert not cast.officer.must_change_password
    assert client.get("/").status_code == 200


def test_a_one_time_password_opens_no_api(cast, sign_in):
    client = sign_in(first_time(cast.officer))
    answer = client.get("/api/v1/me/")
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "password_change_required"
    answer = Client().post("/api/v1/token/", {"username": "80010001", "password": PASSWORD}, content_type="application/json")
    assert answer.status_code == 403
    assert not cast.officer.api_tokens.exists()


def test_an_operators_new_password_is_a_one_time_password(cast, sign_in):
    sign_in(cast.operator).post(f"/kelola/personel/{cast.officer.pk}/sandi/")
    cast.officer.refresh_from_db()
    assert cast.officer.must_change_password
