"""Attachments of directives."""

from django.core.files.uploadedfile import UploadedFile

from patrol.models import DirectiveFile
from polmas.people.uploads import NAME_LENGTH, cleaned

MOST = 5


def checked(file: UploadedFile) -> DirectiveFile:
    """The attachment of a directive, not saved yet; raises ValidationError naming the file."""
    kept = cleaned(file)
    found = DirectiveFile(name=f"{kept.stem[: NAME_LENGTH - len(kept.ending)]}{kept.ending}", type=kept.type, size=kept.content.size)
    found.file.save(f"{found.uuid}{kept.ending}", kept.content, save=False)
    return found
