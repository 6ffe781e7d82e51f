"""Files that come with a directive: PDF as it is, pictures as clean JPEG; whatever is neither is refused."""

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


def checked(file: UploadedFile) -> DirectiveFile:
    """The attachment, not saved yet; raises ValidationError naming the file."""
    name = printable(file.name or "")
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError(_("%(name)s is larger than 10 MB.") % {"name": name})
    if PDF_HEAD in data[:NEAR] and PDF_TAIL in data[-NEAR:]:
        return made(name, ".pdf", DirectiveFile.Type.PDF, ContentFile(data, name="lampiran.pdf"))
    try:
        return made(name, ".jpg", DirectiveFile.Type.JPEG, photos.cleaned(data))
    except RefusedPicture as error:
        raise ValidationError(_("%(name)s is neither a PDF nor a picture that can be read.") % {"name": name}) from error


def made(name, ending, kind, content) -> DirectiveFile:
    stem = name.rpartition(".")[0] or name or "lampiran"
    found = DirectiveFile(name=f"{stem[: NAME_LENGTH - len(ending)]}{ending}", type=kind, size=content.size)
    found.file.save(f"{found.uuid}{ending}", content, save=False)
    return found


def printable(name: str) -> str:
    """A file's name without anything that a header or a page could stumble over."""
    return "".join(letter for letter in name if letter.isprintable() and letter not in '\\/"')[-NAME_LENGTH:]
