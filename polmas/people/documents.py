"""PDF files: asked for by a page, made by a worker, kept by what they show.

A page calls `serve` with the row it may show and the name of the task that renders it. The first time it answers with a page
that waits and asks again by itself; once the worker is done it answers with the file.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation

from polmas.people.models import Document

# How long files stay that hold secrets: whoever prints has them by then, and they do not pile up in storage.
SECRETS_KEPT = datetime.timedelta(hours=1)

# What goes on paper is an official letter: Indonesian, whatever language its reader set for the pages round it.
LANGUAGE = "id"

# After this long without a file the task is taken for lost (a stopped worker, an emptied queue) and queued again.
PATIENCE = datetime.timedelta(minutes=2)


def document_for(kind: str, object_id: int, fingerprint: str, task: str, details: dict | None = None) -> Document:
    """The document of this content, queued for rendering unless that is done or under way. `details` is for the task."""
    key: dict[str, Any] = {"kind": kind, "object_id": object_id, "fingerprint": fingerprint, "language": LANGUAGE}
    document, is_new = Document.objects.get_or_create(**key, defaults={"details": details or {}})
    if is_new or _is_lost(document):
        Document.objects.filter(pk=document.pk).update(state=Document.State.WAITING, requested_at=timezone.now())
        document.refresh_from_db()
        transaction.on_commit(lambda: current_app.send_task(task, args=[document.pk]), robust=True)
    return document


def _is_lost(document) -> bool:
    """Whether nobody is about to bring the file: the task is gone, or the file itself (a storage restored without it)."""
    if document.state == Document.State.READY:
        return not document.file.storage.exists(document.file.name)
    return document.requested_at < timezone.now() - PATIENCE


def serve(request, document: Document, filename: str):
    """The file as a download, or a page that waits for it (202). That page asks by htmx and is told how far the file is."""
    told = {"document": document, "filename": filename, "back": f"{request.path.rstrip('/').rpartition('/')[0]}/"}
    if request.htmx:
        return HttpResponse(status=204) if document.state == Document.State.WAITING else render(request, "people/_document_state.html", told)
    if document.state == Document.State.READY:
        return FileResponse(document.file.open(), as_attachment=True, filename=filename, content_type="application/pdf")
    return render(request, "people/document_waiting.html", told, status=202)


def finish(document_id: int, template: str, context: dict) -> None:
    """Renders a template as PDF into the document. Safe to run twice: a ready document is left as it is."""
    document = Document.objects.get(pk=document_id)
    if document.state == Document.State.READY:
        return
    from polmas.people.pdf import pdf_of  # imported where used: a web process stays small

    try:
        with translation.override(document.language):
            pdf = pdf_of(render_to_string(template, context))
    except Exception:
        Document.objects.filter(pk=document_id).update(state=Document.State.FAILED, finished_at=timezone.now())
        raise
    document.file.save(f"{document.kind}-{document.object_id}-{document.pk}.pdf", ContentFile(pdf), save=False)
    ready = {"file": document.file.name, "state": Document.State.READY, "finished_at": timezone.now()}
    if not Document.objects.filter(pk=document_id).exclude(state=Document.State.READY).update(**ready):
        # Another worker was given the same task and was faster: its file is the one that counts.
        document.file.delete(save=False)


def forget_secrets(kinds: Iterable[str]) -> None:
    """Takes away files of these kinds that were made more than an hour ago; they are made again for whoever asks."""
    for document in Document.objects.filter(kind__in=list(kinds), requested_at__lt=timezone.now() - SECRETS_KEPT):
        if document.file:
            document.file.delete(save=False)
        document.delete()
