"""The contact card: what stands on it, for whom, and that its QR code says the same."""

import pytest
from weasyprint import HTML

from patrol.cards import card_of
from patrol.tasks import render_card
from polmas.people.models import Document, Unit, User
from polmas.people.pdf import OwnFilesOnly

PHONE = "0812-3456-7890"


@pytest.fixture
def officer(cast, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, args=(), **kwargs: None)
    User.objects.filter(pk=cast.officer.pk).update(phone=PHONE)
    Unit.objects.filter(pk=cast.units.banyumanik.pk).update(phone="024-7471234", address="Jl. Perintis Kemerdekaan")
    return User.objects.get(pk=cast.officer.pk)


def test_the_code_holds_what_stands_beside_it(officer):
    card = card_of(officer, with_phone=True)
    assert (card.name, card.title, card.villages) == ("Aipda Sutrisno", "Bhabinkamtibmas", ("Kelurahan Padangsari", "Kelurahan Pedalangan"))
    for text in ("Aipda Sutrisno", "Polsek Banyumanik", PHONE, "024-7471234"):
        assert text in card.vcard
    assert card.qr.startswith("<svg")
    assert "style=" not in card.qr


def test_the_own_number_stands_there_only_if_wanted(officer, sign_in):
    client = sign_in(officer)
    assert PHONE in client.get("/profil/kartu/").content.decode()
    assert PHONE not in client.get("/profil/kartu/?nomor=tanpa").content.decode()
    assert PHONE not in card_of(officer, with_phone=False).vcard


def test_who_serves_nowhere_in_the_field_has_none(cast):
    assert card_of(cast.kapolsek, with_phone=True) is None


@pytest.mark.parametrize(("query", "is_there"), [("", True), ("?nomor=tanpa", False)])
def test_on_paper(officer, sign_in, query, is_there, monkeypatch):
    html = []
    monkeypatch.setattr("polmas.people.pdf.pdf_of", lambda text: html.append(text) or b"%PDF-")
    client = sign_in(officer)
    assert client.get(f"/profil/kartu/pdf/{query}").status_code == 202
    render_card(Document.objects.get().pk)
    assert b"".join(client.get(f"/profil/kartu/pdf/{query}").streaming_content) == b"%PDF-"
    [text] = html
    assert text.count('class="name">Aipda Sutrisno<') == text.count("Darurat: 110") == 8
    assert (PHONE in text) == is_there
    assert len(HTML(string=text, base_url="static:/", url_fetcher=OwnFilesOnly()).render().pages) == 1


def test_a_new_number_makes_a_new_paper(officer):
    before = card_of(officer, with_phone=True).fingerprint
    officer.phone = "0813-0000-1111"
    assert card_of(officer, with_phone=True).fingerprint != before
