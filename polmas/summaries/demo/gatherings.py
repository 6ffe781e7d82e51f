"""What goes on round meetings of the demo: invitations and their answers, comments, drawn signatures, adoption, an addendum."""

import datetime
import hashlib
import io
import random

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from fkpm.models import Addendum, AgendaItem, Attendance, Comment, Invitee, Meeting, Minutes

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
# Of each forum's meeting to come: how many of ten say that they come, and that they cannot; the others have not answered.
COMING, AWAY = 6, 8
SIGNED_SHARE = 0.8
INK, PAPER, DRAWN = "#1B2A4A", "#FFFFFF", (420, 160)
# Who has an account comments; the first one was taken over into the text, the second answered.
REMARKS = (
    ("fkpm-pedalangan-ketua", "Sebutkan nomor tiang lampu yang padam supaya kelurahan tidak keliru.", "TAKEN_OVER", ""),
    ("80010001", "Jadwal ronda Natal sebaiknya juga ditempel di pos RW 03.", "ANSWERED", "Disetujui, Joko Lelono menempelnya di kedua pos."),
)
OPEN_REMARK = ("fkpm-pedalangan-ketua", "Mohon ditambahkan nomor pengaduan bank pada pokok penipuan daring.")
ADDENDUM = "Pada daftar hadir, Bpk. Hartono hadir sebagai Ketua RT 03, bukan Ketua RT 02."
TOPICS = ("Pengamanan Natal dan Tahun Baru", "Laporan kas triwulan", "Usulan lampu jalan ke kelurahan")


def load_gatherings(users, now: datetime.datetime, draw: random.Random) -> None:
    """Needs the forums with their meetings. Everything is of the past except the meetings to come themselves."""
    for meeting in Meeting.objects.filter(starts_at__gt=now).select_related("forum__unit"):
        _invite(meeting, now, draw)
    draft = Minutes.objects.get(meeting__forum__name="FKPM Pedalangan", state=Minutes.State.DRAFT, meeting__starts_at__lt=now)
    _put_out(draft, users["fkpm-pedalangan"], now - 2 * DAY)
    author, text = OPEN_REMARK
    _comment(draft, users[author], text, now - 20 * HOUR)
    adopted = Minutes.objects.filter(meeting__forum__name="FKPM Pedalangan", state=Minutes.State.ADOPTED).latest("meeting__starts_at")
    _correct(adopted, users)


def load_coming(forum, members, today: datetime.date) -> None:
    """A meeting of next week, planned by the forum that has none to come."""
    evening = datetime.datetime.combine(today + 9 * DAY, datetime.time(19, 30), forum.unit.zone)
    meeting = Meeting.objects.create(forum=forum, starts_at=evening, place=forum.bkpm.partition(",")[0], invited_count=len(members))
    AgendaItem.objects.bulk_create(AgendaItem(meeting=meeting, order=order, topic=topic) for order, topic in enumerate(TOPICS, 1))
    Minutes.objects.create(meeting=meeting)


def _invite(meeting, now, draw):
    meeting.note_told()
    meeting.invited_at = now - 2 * DAY
    meeting.save()
    rows = [Invitee(meeting=meeting, member=member) for member in meeting.forum.members.all() if member.is_valid_on(meeting.day)]
    for place, row in enumerate(rows):
        if place % 10 < AWAY:
            row.answer = Invitee.Answer.COMING if place % 10 < COMING else Invitee.Answer.AWAY
            row.answered_at = now - draw.randint(2, 40) * HOUR
    Invitee.objects.bulk_create(rows)


def write_minutes(meeting: Meeting, chair, secretary, users, is_adopted: bool) -> None:
    """The minutes; put out for three days, adopted by the secretary a day after that and by the chair on the next."""
    minutes = Minutes.objects.create(meeting=meeting)
    if not is_adopted:
        return
    ended = meeting.ends_at or meeting.starts_at
    _put_out(minutes, secretary.user, ended + 12 * HOUR)
    if meeting.forum.name == "FKPM Pedalangan":
        for number, (author, text, outcome, answer) in enumerate(REMARKS):
            _comment(minutes, users[author], text, ended + (20 + number) * HOUR, secretary.user, outcome, answer)
    _adopt(minutes, chair.user, secretary.user, ended + 4 * DAY)


def sign(rows: list[Attendance], draw: random.Random) -> None:
    """Most of those who came signed on the phone that went round. The rows are not stored yet."""
    for row in rows:
        if row.status == Attendance.Status.HADIR and draw.random() < SIGNED_SHARE:
            drawing = _scribble(draw)
            row.signature.save("tanda-tangan.jpg", ContentFile(drawing), save=False)
            row.signature_sha256 = hashlib.sha256(drawing).hexdigest()


def _scribble(draw: random.Random) -> bytes:
    """Some loops of a pen, nobody's signature."""
    image = Image.new("RGB", DRAWN, PAPER)
    pen, points, x = ImageDraw.Draw(image), [], 30
    while x < DRAWN[0] - 40:
        points.append((x, draw.randint(30, DRAWN[1] - 30)))
        x += draw.randint(14, 34) * draw.choice((1, 1, 1, -1))
        x = max(x, 20 + 4 * len(points))
    pen.line(points, fill=INK, width=4, joint="curve")
    pen.line([(40, DRAWN[1] - 25), (DRAWN[0] - 60, DRAWN[1] - 35)], fill=INK, width=3)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def _put_out(text, by, moment) -> None:
    text.comments_until = moment + 3 * DAY
    text.save(update_fields=["comments_until"])
    text.circulations.create(version=text.version, text_hash=text.text_hash(), content=text.content_put_out(), put_out_by=by, put_out_at=moment)


def _comment(minutes, author, text, moment, writer=None, outcome="OPEN", answer="") -> None:
    comment = Comment.objects.create(minutes=minutes, author=author, text=text)
    told = {"outcome": outcome, "answer": answer, "answered_by": writer, "answered_at": moment + 3 * HOUR} if writer else {}
    Comment.objects.filter(pk=comment.pk).update(created_at=moment, **told)


def _adopt(text, chair, secretary, moment) -> None:
    text.secretary_adopted_by, text.secretary_adopted_at = secretary, moment
    text.chair_adopted_by, text.chair_adopted_at = chair, moment + DAY
    text.content_hash, text.state = text.seal(), text.State.ADOPTED
    text.save()


def _correct(minutes, users) -> None:
    """An addendum a week after adoption, adopted like the minutes."""
    begun = minutes.chair_adopted_at + 7 * DAY
    addendum = Addendum.begin(minutes.meeting, ADDENDUM, users["fkpm-pedalangan"])
    Addendum.objects.filter(pk=addendum.pk).update(created_at=min(begun, timezone.now()))
    addendum.refresh_from_db()
    _put_out(addendum, users["fkpm-pedalangan"], begun)
    _adopt(addendum, users["fkpm-pedalangan-ketua"], users["fkpm-pedalangan"], begun + 3 * DAY)
