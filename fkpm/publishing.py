"""What of a forum goes on its public page, and the look for names before a decision does."""

import dataclasses
import re

from django.utils import timezone

from fkpm.models import AgendaItem, CaseParty, Forum, Minutes
from fkpm.models.meetings import PRIVATE_KINDS

NEXT_MEETINGS = 3
# How a person is announced; the word after it is taken for a name.
HONORIFIC = re.compile(
    r"\b(?:bapak|bpk|pak|ibu|bu|ny|sdr|sdri|saudara|saudari|mas|mbak|mbah|h|hj|kh|haji|hajah|ustaz|ustad|ust|pdt|gus|kiai|kyai|aipda|aiptu|bripka|briptu)"
    r"\b\.?\s+([A-Z][\w’']+)",
    re.IGNORECASE,
)
CAPITALISED = re.compile(r"(?<![.!?:;\n]\s)(?<!^)\b[A-Z][a-z’']{2,}\b")
WORD = re.compile(r"[\w’']+")
# Words of names that stand for an office, a place of everybody, or a month.
# fmt: off
ORDINARY = frozenset({
    "lurah", "kades", "kepala", "desa", "kelurahan", "kecamatan", "camat", "ketua", "wakil", "sekretaris", "bendahara", "anggota", "petugas",
    "polmas", "polsek", "polres", "polri", "bhabinkamtibmas", "babinsa", "linmas", "satpam", "balai", "jalan", "gang", "januari", "februari",
    "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember", "senin", "selasa", "rabu", "kamis",
    "jumat", "sabtu", "minggu", "natal", "tahun", "baru", "lebaran", "idul", "fitri", "adha", "ramadan", "fkpm", "bkpm",
})
# fmt: on


@dataclasses.dataclass(frozen=True)
class Look:
    """What was found in a text: names that are known or announced, and other words with a capital that a person should look at."""

    names: list[str]
    others: list[str]


def look_for_names(text: str, item: AgendaItem) -> Look:
    """Names of members, of who was there, of who has something to do, and of parties of the forum's cases.

    Parties are looked for among the words of the decision itself only: who may not read a case cannot find out by typing a name.
    """
    forum = item.meeting.forum
    places = _words([forum.name, forum.area.name, forum.bkpm])
    known = _words(_people_of(forum, item)) - places
    parties = _words(str(name) for name in CaseParty.objects.filter(case__forum=forum).values_list("name", flat=True)) & _words([item.decision])
    names = [word for word in WORD.findall(text) if word.lower() in (known | parties - places)]
    names += [found for found in HONORIFIC.findall(text) if found[0].isupper() and found.lower() not in ORDINARY]
    others = [word for word in CAPITALISED.findall(text) if word.lower() not in ORDINARY | places and word not in names]
    return Look(list(dict.fromkeys(names)), list(dict.fromkeys(others)))


def _people_of(forum: Forum, item: AgendaItem) -> list[str]:
    told = [*forum.members.values_list("name", flat=True), *item.meeting.attendances.values_list("name", flat=True)]
    return [*told, *forum.actions.values_list("owner_name", flat=True), forum.officer.name if forum.officer else ""]


def _words(texts) -> set[str]:
    """The words of three letters or more that can be somebody's name."""
    return {word.lower() for text in texts for word in WORD.findall(text) if len(word) > 2} - ORDINARY


def decisions_of(forum: Forum):
    """The adopted decisions that may be published, the latest first. What a mediation decided never is."""
    adopted = AgendaItem.objects.filter(meeting__forum=forum, meeting__minutes__state=Minutes.State.ADOPTED).exclude(decision="")
    rows = adopted.exclude(meeting__kind__in=PRIVATE_KINDS).select_related("meeting__forum__unit", "meeting__forum__area", "published")
    return rows.order_by("-meeting__starts_at", "order", "pk")


def shown_on(publication) -> dict:
    """All that stands on the public page, and nothing else of the forum."""
    forum = publication.forum
    told: dict = {"forum": forum, "publication": publication, "meetings": [], "decisions": []}
    if publication.shows_meetings:
        coming = forum.meetings.filter(starts_at__gte=timezone.now(), cancelled_at__isnull=True).exclude(kind__in=PRIVATE_KINDS)
        told["meetings"] = list(coming.order_by("starts_at").values_list("starts_at", flat=True)[:NEXT_MEETINGS])
    if publication.shows_decisions:
        told["decisions"] = list(forum.published_decisions.values("text", "decided_on")[:30])
    return told
