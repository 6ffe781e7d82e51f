"""Pictures and papers of a meeting: photos, documents, the signed list of attendance, the signed page of the minutes."""

import uuid

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fkpm.models.meetings import Meeting, locked_with_minutes
from fkpm.models.minutes import Addendum, Minutes, locked_with_addendum
from polmas.people.uploads import JPEG, NAME_LENGTH, PDF, Cleaned, kept_once

MOST_FILES = 30


class MeetingFileQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(meeting__in=Meeting.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class MeetingFile(models.Model):
    """One picture or paper of a meeting. A signed page names the version and the hash of the text that was printed and signed."""

    class Kind(models.TextChoices):
        PHOTO = "PHOTO", _("photo of the meeting")
        DOCUMENT = "DOCUMENT", _("document")
        ATTENDANCE = "ATTENDANCE", _("signed attendance list")
        SIGNED = "SIGNED", _("signed page of the minutes")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="files", verbose_name=_("meeting"))
    addendum = models.ForeignKey(Addendum, models.CASCADE, null=True, blank=True, related_name="files", verbose_name=_("addendum"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    file = models.FileField(_("file"), upload_to="meetings/%Y/%m/")
    type = models.CharField(max_length=20, choices=[(PDF, "PDF"), (JPEG, "JPEG")])
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    minutes_version = models.PositiveIntegerField(null=True, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(auto_now_add=True)

    objects = MeetingFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a meeting")
        verbose_name_plural = _("files of a meeting")
        ordering = ["pk"]
        triggers = [locked_with_minutes(unless="addendum_id"), locked_with_addendum()]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "addendum", "kind", "sha256"], nulls_distinct=False, name="meeting_file_once"),
            models.CheckConstraint(
                condition=Q(kind="SIGNED", minutes_version__isnull=False)
                | (~Q(kind="SIGNED") & Q(minutes_version__isnull=True, addendum__isnull=True)),
                name="meeting_file_signed_version",
                violation_error_message=_("Only a signed page names a version of the minutes."),
            ),
            models.CheckConstraint(
                condition=Q(text_hash="") | Q(kind="SIGNED"),
                name="meeting_file_signed_text",
                violation_error_message=_("Only a signed page names the text that was signed."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.type == JPEG

    @classmethod
    @transaction.atomic
    def attach(cls, meeting: Meeting, kind, paper: Cleaned, by) -> "MeetingFile":
        """Keeps a paper with its meeting; the same one twice is one. A half adoption falls: it was of a text without the file.

        Raises ValidationError where the minutes are adopted or there are too many files.
        """
        minutes = meeting.minutes
        minutes.hold()
        known = meeting.files.filter(kind=kind, sha256=paper.sha256, addendum=None).first()
        row = known or cls._kept(meeting, paper, by, kind=kind, addendum=None)
        if known is None and minutes.is_half_adopted:
            minutes.take_over_edit()
        return row

    @classmethod
    @transaction.atomic
    def attach_signed(cls, text: Minutes | Addendum, code: str, paper: Cleaned, by) -> "MeetingFile":
        """Keeps a page that was signed on paper; `code` is what stands on it. Raises ValidationError where it shows another text."""
        text.hold()
        if code != text.print_code():
            told = _("The page with the code %(code)s shows another text than the one stored now. Print that one, have it signed, upload it.")
            raise ValidationError(told, code="outdated", params={"code": code})
        addendum = text if isinstance(text, Addendum) else None
        signed = {"minutes_version": text.version, "text_hash": text.text_hash()}
        row = cls._kept(text.meeting, paper, by, kind=cls.Kind.SIGNED, addendum=addendum, **signed)
        if (row.minutes_version, row.text_hash) != (text.version, text.text_hash()):
            raise ValidationError(_("This very picture was uploaded for an earlier text. Take one of the page that was signed now."))
        return row

    @classmethod
    def _kept(cls, meeting, paper, by, *, kind, addendum, **more) -> "MeetingFile":
        if meeting.files.count() >= MOST_FILES:
            raise ValidationError(_("A meeting has at most %(n)d files."), params={"n": MOST_FILES})
        name = f"{paper.stem[: NAME_LENGTH - len(paper.ending)]}{paper.ending}"
        return kept_once(meeting.files, paper, by, {"kind": kind, "addendum": addendum}, name=name, size=paper.content.size, **more)

    @transaction.atomic
    def remove(self) -> None:
        """Takes the file away, with what is stored of it; a half adoption of the minutes falls. Raises ValidationError where they are adopted."""
        storage, name, text = self.file.storage, self.file.name or "", self.addendum or self.meeting.minutes
        text.hold()
        self.delete()
        if self.addendum is None and self.kind != self.Kind.SIGNED and text.is_half_adopted:
            text.take_over_edit()
        transaction.on_commit(lambda: storage.delete(name))
