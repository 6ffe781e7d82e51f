"""Files that people attach: PDF as it is, pictures as clean JPEG; whatever is neither is refused."""

import dataclasses
import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError as RefusedPicture

from polmas.people import pictures

MAX_BYTES = 10 * 1024 * 1024
NAME_LENGTH = 120
PDF, JPEG = "application/pdf", "image/jpeg"
# A PDF says so within its first bytes and at its end (ISO 32000, 7.5); programs put a few bytes round both.
PDF_HEAD, PDF_TAIL, NEAR = b"%PDF-", b"%%EOF", 1024


@dataclasses.dataclass(frozen=True)
class Cleaned:
    """A file that may be kept: its name without an ending, the ending and type that its content has, and the content."""

    stem: str
    ending: str
    type: str
    content: ContentFile

    @property
    def sha256(self) -> str:
        """Of what is kept, not of what was sent."""
        digest = hashlib.sha256(self.content.read()).hexdigest()
        self.content.seek(0)
        return digest


def cleaned(file: UploadedFile) -> Cleaned:
    """What is kept of an upload; raises ValidationError naming the file."""
    name = printable(file.name or "")
    stem = name.rpartition(".")[0] or name or "lampiran"
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError(_("%(name)s is larger than 10 MB.") % {"name": name})
    if PDF_HEAD in data[:NEAR] and PDF_TAIL in data[-NEAR:]:
        return Cleaned(stem, ".pdf", PDF, ContentFile(data, name="lampiran.pdf"))
    try:
        return Cleaned(stem, ".jpg", JPEG, pictures.cleaned(data))
    except RefusedPicture as error:
        raise ValidationError(_("%(name)s is neither a PDF nor a picture that can be read.") % {"name": name}) from error


def kept_once(rows: Any, paper: Cleaned, by, among: dict[str, Any] | None = None, **more: Any) -> Any:
    """The row of a paper among those attached to one thing, `rows` being that thing's related manager: sent twice, or twice at once, it is
    one. The model has `file`, `type`, `sha256` and `added_by`, and a constraint that says once, with the columns of `among` if there are
    any. `more` is what a new row says besides."""
    key = {"sha256": paper.sha256, **(among or {})}
    same = rows.filter(**key)
    if known := same.first():
        return known
    row = rows.model(**{rows.field.name: rows.instance}, type=paper.type, added_by=by, **key, **more)
    row.file.save(f"{row.uuid}{paper.ending}", paper.content, save=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.file.delete(save=False)
        return same.get()
    return row


def printable(name: str) -> str:
    """A file's name without anything that a header or a page could stumble over."""
    return "".join(letter for letter in name if letter.isprintable() and letter not in '\\/"')[-NAME_LENGTH:]


class PaperField(forms.FileField):
    """One paper, as PDF or photo. Gives what is kept of it (`Cleaned`), or None."""

    def __init__(self, **more: Any):
        told: dict[str, Any] = {
            "help_text": gettext_lazy("A PDF or a photo, at most 10 MB."),
            "widget": forms.FileInput(attrs={"accept": ".pdf,image/*"}),
        }
        super().__init__(**told | more)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        return cleaned(file) if isinstance(file, UploadedFile) else None


def served(file: FieldFile, name: str, type: str) -> FileResponse:  # noqa: A002 (as Django and HTTP call it)
    """A stored file under a name of our own, a PDF to keep and a picture to look at; 404 where the storage has lost it.
    Who may have it, the view has asked before."""
    ending = (file.name or "").rpartition(".")[2]
    try:
        response = FileResponse(file.open(), as_attachment=ending == "pdf", filename=f"{name}.{ending}", content_type=type)
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
