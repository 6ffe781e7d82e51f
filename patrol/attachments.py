"""Files that people attach: PDF as it is, pictures as clean JPEG; whatever is neither is refused."""

import dataclasses

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as RefusedPicture

from patrol import photos
from patrol.models import DirectiveFile

MOST, MAX_BYTES = 5, 10 * 1024 * 1024
NAME_LENGTH = 120
# A PDF says so within its first bytes and at its end (ISO 32000, 7.5); programs put a few bytes round both.
PDF_HEAD, PDF_TAIL, NEAR = b"%PDF-", b"%%EOF", 1024


@dataclasses.dataclass(frozen=True)
class Cleaned:
    """A file that may be kept: its name without an ending, the ending and type that its content has, and the content."""

    stem: str
    ending: str
    type: str
    content: ContentFile


def cleaned(file: UploadedFile) -> Cleaned:
    """What is kept of an upload; raises ValidationError naming the file."""
    name = printable(file.name or "")
    stem = name.rpartition(".")[0] or name or "lampiran"
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError(_("%(name)s is larger than 10 MB.") % {"name": name})
    if PDF_HEAD in data[:NEAR] and PDF_TAIL in data[-NEAR:]:
        return Cleaned(stem, ".pdf", DirectiveFile.Type.PDF, ContentFile(data, name="lampiran.pdf"))
    try:
        return Cleaned(stem, ".jpg", DirectiveFile.Type.JPEG, photos.cleaned(data))
    except RefusedPicture as error:
        raise ValidationError(_("%(name)s is neither a PDF nor a picture that can be read.") % {"name": name}) from error


def checked(file: UploadedFile) -> DirectiveFile:
    """The attachment of a directive, not saved yet; raises ValidationError naming the file."""
    kept = cleaned(file)
    found = DirectiveFile(name=f"{kept.stem[: NAME_LENGTH - len(kept.ending)]}{kept.ending}", type=kept.type, size=kept.content.size)
    found.file.save(f"{found.uuid}{kept.ending}", kept.content, save=False)
    return found


def printable(name: str) -> str:
    """A file's name without anything that a header or a page could stumble over."""
    return "".join(letter for letter in name if letter.isprintable() and letter not in '\\/"')[-NAME_LENGTH:]
