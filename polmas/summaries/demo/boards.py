"""What stands round the boards of the forums: who endorsed them, who served before, and a forum that is being founded."""

import datetime

from fkpm.founding import AGENDAS
from fkpm.minutes import plan
from fkpm.models import Element, FormerTerm, Forum, Meeting, Member, Position

DAY = datetime.timedelta(days=1)
# Of these nobody has asked yet: the page shows what advice looks like.
UNASKED = ("Parjo", "Bayu Aji")
FORMER = (
    ("H. Suparno", Position.KETUA, Element.TOMAS),
    ("H. Slamet Riyadi", Position.WAKIL_KETUA, Element.TOMAS),
    ("Sri Wahyuni", Position.SEKRETARIS, Element.PEREMPUAN),
    ("Ngatimin", Position.BENDAHARA, Element.MASYARAKAT),
    ("Agus Salim", Position.ANGGOTA, Element.USAHA),
)


def load_boards(areas, units, users, today: datetime.date) -> None:
    for number, forum in enumerate(Forum.objects.order_by("pk"), 1):
        _endorse(forum, number)
    _load_former(Forum.objects.get(name="FKPM Pedalangan"))
    _begin_founding(areas["33.74.11.1010"], units["POLSEK-BANYUMANIK"], users["80010001"], today)


def _endorse(forum, number):
    forum.coverage = "RW 01–11" if number == 1 else "RW 01–06"
    forum.endorsed_by, forum.endorsed_on = "LURAH", forum.term_starts_on
    forum.endorsement_number = f"141/{6 + number}/I/{forum.term_starts_on:%Y}"
    forum.save()
    forum.members.exclude(name__in=UNASKED).update(has_consented=True, is_party_free=True)


def _load_former(forum):
    """The first board of Pedalangan, whose deputy leads it today."""
    first, last = forum.founded_on, forum.term_starts_on - DAY
    FormerTerm.objects.create(
        forum=forum, starts_on=first, ends_on=last, endorsed_by="LURAH", endorsement_number=f"141/3/{first:%Y}", endorsed_on=first
    )
    Member.objects.bulk_create(
        Member(forum=forum, name=name, position=position, element=element, starts_on=first, ends_on=last, has_consented=True, is_party_free=True)
        for name, position, element in FORMER
    )


def _begin_founding(village, unit, officer, today):
    """Residents were told twelve days ago; they meet to found their forum next week."""
    forum = Forum.objects.create(unit=unit, area=village, officer=officer, name=f"FKPM {village.name}", status=Forum.Status.RINTISAN)
    for kind, days in ((Meeting.Kind.SOSIALISASI, -12), (Meeting.Kind.PEMBENTUKAN, 6)):
        evening = datetime.datetime.combine(today + days * DAY, datetime.time(19, 30), unit.zone)
        plan(forum, {"kind": kind, "starts_at": evening, "ends_at": None, "place": f"Balai Kelurahan {village.name}"}, list(AGENDAS[kind]))
