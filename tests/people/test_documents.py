"""PDF files: asked for once, made by a task, kept, made again when lost."""

import datetime

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory
from django.utils import timezone, translation

from polmas.people import documents
from polmas.people.models import Document
from polmas.people.pdf import OwnFilesOnly, pdf_of

TASK = "uji.render"


@pytest.fixture
def queued(monkeypatch, db):
    """The ids that were queued, instead of a worker."""
    sent = []
    monkeypatch.setattr(documents.current_app, "send_task", lambda name, args: sent.append((name, args[0])))
    return sent


@pytest.fixture
def template(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    (tmp_path / "uji.html").write_text("<p>{{ text }}</p>")
    return "uji.html"


def ask(django_capture_on_commit_callbacks, fingerprint="1"):
    with django_capture_on_commit_callbacks(execute=True):
        return documents.document_for("uji", 7, fingerprint, TASK)


def request(is_htmx=False):
    made = RequestFactory().get("/uji/7/pdf/")
    made.htmx = is_htmx
    return made


def test_a_document_is_queued_once_per_content_in_whatever_language(queued, django_capture_on_commit_callbacks):
    first = ask(django_capture_on_commit_callbacks)
    assert ask(django_capture_on_commit_callbacks) == first
    other = ask(django_capture_on_commit_callbacks, "2")
    with translation.override("en"):
        assert ask(django_capture_on_commit_callbacks) == first
    assert queued == [(TASK, first.pk), (TASK, other.pk)]


def test_a_lost_task_and_a_failed_one_are_queued_again_after_a_while(queued, django_capture_on_commit_callbacks):
    document = ask(django_capture_on_commit_callbacks)
    for state in ("WAITING", "FAILED"):
        Document.objects.update(state=state, requested_at=timezone.now() - documents.PATIENCE - datetime.timedelta(seconds=1))
        assert ask(django_capture_on_commit_callbacks).state == "WAITING"
    Document.objects.update(state="FAILED")
    assert ask(django_capture_on_commit_callbacks).state == "FAILED"
    assert queued == [(TASK, document.pk)] * 3


def test_the_file_is_made_once_served_and_made_again_when_it_is_gone(queued, template, django_capture_on_commit_callbacks):
    document = ask(django_capture_on_commit_callbacks)
    for _twice in range(2):
        documents.finish(document.pk, template, {"text": "Notulen"})
    document = ask(django_capture_on_commit_callbacks)
    response = documents.serve(request(), document, "Notulen.pdf")
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    response.file_to_stream.close()
    assert 'filename="Notulen.pdf"' in response["Content-Disposition"]
    document.file.storage.delete(document.file.name)
    assert ask(django_capture_on_commit_callbacks).state == "WAITING"
    documents.finish(document.pk, template, {"text": "Notulen"})
    assert ask(django_capture_on_commit_callbacks).state == "READY"
    assert len(queued) == 2


def test_a_document_that_cannot_be_made_is_said_to_have_failed(queued, django_capture_on_commit_callbacks):
    document = ask(django_capture_on_commit_callbacks)
    with pytest.raises(Exception, match="nowhere"):
        documents.finish(document.pk, "nowhere.html", {})
    document.refresh_from_db()
    assert (document.state, bool(document.file)) == ("FAILED", False)


def test_the_waiting_page_is_told_nothing_until_there_is_something(queued, django_capture_on_commit_callbacks):
    document = ask(django_capture_on_commit_callbacks)
    assert documents.serve(request(is_htmx=True), document, "x.pdf").status_code == 204


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "media:/../../etc/passwd",
        "static:/../polmas/settings.py",
        "data:text/plain,x",
        "ftp://x/y",
    ],
)
def test_a_document_reads_own_files_and_nothing_else(url, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises((ValueError, OSError, SuspiciousOperation)):
        OwnFilesOnly().fetch(url)
    assert pdf_of(f'<p>Notulen</p><img src="{url}">').startswith(b"%PDF-")


def test_own_files_are_read(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "foto 1.txt").write_bytes(b"isi")
    assert OwnFilesOnly().fetch("media:/foto%201.txt").read() == b"isi"
    assert b"<svg" in OwnFilesOnly().fetch("static:/img/icon.svg").read()
