"""What the access table needs of meetings: one that is to come, one adopted with an addendum, files, comments, signatures."""

import datetime
import io
import types

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from fkpm import inviting
from fkpm.minutes import plan
from fkpm.models import Addendum, Attendance, Comment, MeetingFile
from polmas.people.uploads import cleaned, kept_once
from tests.fkpm.scenes import adopt, make_minutes


def picture(colour="white"):
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(buffer, "PNG")
    return SimpleUploadedFile("foto.png", buffer.getvalue())


def paper(colour="white"):
    return cleaned(picture(colour))


def make_coming(forum, by, **fields):
    starts_at = timezone.now() + datetime.timedelta(days=5)
    meeting = plan(forum, {"kind": "RUTIN", "starts_at": starts_at, "ends_at": None, "place": "Balai RW 05", **fields}, ["Ronda"])
    inviting.invite(meeting, by)
    return meeting


def make(cast, meeting, action) -> types.SimpleNamespace:
    """One of everything; the meeting's minutes are a draft whose signed page the secretary uploaded."""
    adopted = make_minutes(cast.forum, days_ago=30)
    adopt(adopted, cast.chair, cast.secretary)
    minutes = meeting.minutes
    signature = paper("black")
    row = Attendance(meeting=meeting, member=cast.forum.members.get(user=cast.chair), name=cast.chair.name, signature_sha256=signature.sha256)
    row.signature.save("tanda.jpg", signature.content, save=False)
    row.save()
    return types.SimpleNamespace(
        adopted=adopted,
        coming=make_coming(cast.forum, cast.officer),
        addendum=Addendum.begin(adopted, "Jumlah hadir 14, bukan 13.", cast.secretary),
        comment=Comment.objects.create(minutes=minutes, author=cast.chair, text="Tambahkan nama RT."),
        file=MeetingFile.attach(meeting, "PHOTO", paper(), cast.secretary),
        signed_page=MeetingFile.attach_signed(minutes, minutes.print_code(), paper("red"), cast.secretary),
        signed=row,
        evidence=kept_once(action.photos, paper("blue"), cast.secretary),
    )
