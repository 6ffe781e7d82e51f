"""Pictures and papers of a meeting: photos, documents, the signed list of attendance, the signed page of the minutes."""

import uuid

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fkpm.models.meetings import Meeting, locked_with_minutes
from fkpm.models.minutes import Addendum, locked_with_addendum
from polmas.people.uploads import JPEG, NAME_LENGTH, PDF, Cleaned

MOST_FILES = 30


class MeetingFileQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(meeting__in=Meeting.objects.for_user(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class MeetingFile(models.Model):
    """One picture or paper of a meeting. A signed page names the version of the text that was signed."""

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
        ]

    def __str__(self):
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.type == JPEG

    @classmethod
    def attach(cls, meeting: Meeting, kind, paper: Cleaned, by, of=None) -> "MeetingFile":
        """Keeps a paper with its meeting; the same one twice is one. `of` is the minutes or addendum of which it is the signed page."""
        addendum = of if isinstance(of, Addendum) else None
        if known := meeting.files.filter(kind=kind, sha256=paper.sha256, addendum=addendum).first():
            if of is not None:
                cls.objects.filter(pk=known.pk).update(minutes_version=of.version)
            return known
        if meeting.files.count() >= MOST_FILES:
            raise ValidationError(_("A meeting has at most %(n)d files."), params={"n": MOST_FILES})
        name = f"{paper.stem[: NAME_LENGTH - len(paper.ending)]}{paper.ending}"
        row = cls(meeting=meeting, addendum=addendum, kind=kind, name=name, type=paper.type, size=paper.content.size, added_by=by)
        row.sha256 = paper.sha256
        row.minutes_version = of.version if of is not None else None
        row.file.save(f"{row.uuid}{paper.ending}", paper.content, save=False)
        row.save()
        return row

    def remove(self) -> None:
        """Takes the file away, with what is stored of it."""
        storage, name = self.file.storage, self.file.name or ""
        self.delete()
        transaction.on_commit(lambda: storage.delete(name))
