"""A summary as paper: what the page, the PDF, the files and the API show of it, and to whom."""

import itertools
from collections.abc import Mapping
from typing import NamedTuple

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from polmas.people import documents
from polmas.people.addresses import public_address
from polmas.people.models import Document
from polmas.people.qr import qr_of
from polmas.summaries import comparing, framing, layout
from polmas.summaries.access import names_persons, reads_awards, reads_index, reads_informations
from polmas.summaries.models import Summary
from polmas.summaries.models.kinds import DOCUMENT_NAMES
from polmas.summaries.models.seals import hash_of
from polmas.summaries.wording import listed

SIZES = ("A4", "F4")
# Raised when the layout changes, so that files of an older layout are not served any more.
LAYOUT = 4
KIND, LETTERS = "rekap-", "plai"


class Reader(NamedTuple):
    """What somebody may read in a summary: persons, what LI say, who is proposed for an award, the security index. Each combination has a PDF
    of its own kind."""

    with_persons: bool
    with_informations: bool = False
    with_awards: bool = False
    with_index: bool = False

    @property
    def kind(self) -> str:
        return KIND + "".join(letter for letter, may in zip(LETTERS, self, strict=True) if may)

    @classmethod
    def of_kind(cls, kind: str) -> "Reader":
        told = kind.removeprefix(KIND)
        return cls(*(letter in told for letter in LETTERS))


# Papers that carry LI.
SECRET_KINDS = frozenset(Reader(*may).kind for may in itertools.product((True, False), repeat=len(LETTERS)) if Reader(*may).with_informations)


def reader_of(user, summary: Summary) -> Reader:
    return Reader(*(may(user, summary.unit) for may in (names_persons, reads_informations, reads_awards, reads_index)))


def size_of(asked: Mapping[str, str]) -> str:
    """The paper that the address asks for (?kertas=F4)."""
    return size if (size := asked.get("kertas", "").upper()) in SIZES else SIZES[0]


def figures_for(summary: Summary, reader: Reader) -> dict:
    """The figures as a reader may see them: officers, photos and what is told of single incidents and problems only to those who read the
    unit's reports; proposals of awards to superiors, the security index to its readers."""
    figures = summary.figures
    hidden: dict = {} if reader.with_persons else _persons_hidden(figures)
    if not reader.with_awards and (awards := figures.get("awards")):
        hidden["awards"] = {**awards, "rows": []}
    if not reader.with_index:
        hidden["index"] = []
    return {**figures, **{key: value for key, value in hidden.items() if key in figures}}


def _persons_hidden(figures: dict) -> dict:
    hidden: dict = {"officers": [], "photos": []}
    if incidents := figures.get("incidents"):
        told = [{key: value for key, value in row.items() if key not in ("id", "address", "narrative")} for row in incidents["outstanding"]]
        hidden["incidents"] = {**incidents, "outstanding": told}
    if conflicts := figures.get("conflicts"):
        hidden["conflicts"] = {**conflicts, "standing": []}
    return hidden


def written_in(summary: Summary) -> dict[str, str]:
    """What people wrote, by part."""
    return {name: text for name, text in summary.texts.items() if text.strip()}


def texts_of(summary: Summary) -> dict:
    """By part what stands on the paper: the words of people, or else the proposal; `fields`: the proposals of part C."""
    drafts = summary.figures.get("drafts", {}).get(documents.LANGUAGE, {})
    proposed = {name: text for name, text in drafts.items() if name != "C"}
    return {**proposed, **written_in(summary), "fields": drafts.get("C", {})}


def document_of(summary: Summary, reader: Reader, size: str = "A4") -> Document:
    """The PDF of exactly this content."""
    content = {"content": summary.content_hash or _draft_of(summary), "size": size, "layout": LAYOUT}
    if reader.with_informations:
        content["annex"] = hash_of(summary.confidential)
    details = {"size": size}
    return documents.document_for(reader.kind, summary.pk, hash_of(content), "summaries.render_summary", details)


def _draft_of(summary) -> str:
    return hash_of({"figures": summary.figures, "texts": summary.texts, "state": summary.state, "built": summary.built_at.isoformat()})


def filename(summary: Summary, ending: str = "pdf", size: str = "", name: str = "") -> str:
    """Tells papers of one folder apart: lbgk-polsek-banyumanik-2026-10-01-r2-f4.pdf."""
    name = name or DOCUMENT_NAMES[summary.period][1].lower()
    size = f"-{size.lower()}" if size else ""
    return f"{name}-{summary.unit.code.lower()}-{summary.starts_on}-r{summary.revision}{size}.{ending}"


def address_of(summary: Summary) -> str:
    """Where the paper's QR code leads: the page of this very revision, for whoever may read it."""
    return public_address(reverse("summaries:summary_detail", args=[summary.uuid]))


@translation.override(documents.LANGUAGE)
def paper(summary: Summary, reader: Reader) -> dict:
    """Everything that the templates of a summary print, in the language of the letter and not of its reader."""
    figures, replaced = figures_for(summary, reader), replaces(summary, reader)
    annex = summary.confidential if reader.with_informations else None
    return {
        "summary": summary,
        "unit": summary.unit,
        "figures": figures,
        "letterhead": framing.letterhead(summary),
        "heading": framing.title_of(summary),
        "number_line": framing.number_line(summary),
        "span": summary.span,
        "replaces": replaced,
        "revised": framing.revised(replaced) if replaced else "",
        "sentences": figures["text"][documents.LANGUAGE],
        "imported": framing.imported(figures),
        "approval": framing.approval_of(summary),
        "signature": framing.signature_of(summary),
        "sections": layout.sections(summary, figures, texts_of(summary), annex, reader),
        "is_secret": bool(annex and (annex["informations"] or annex["problems"])),
        "qr": qr_of(address_of(summary)),
    }


def replaces(summary: Summary, reader: Reader) -> dict | None:
    """Which paper a revision takes the place of, and the letters of the parts in which the reader finds another figure."""
    if not (told := summary.figures.get("revises")):
        return None
    older = Summary.objects.get(unit=summary.unit, period=summary.period, starts_on=summary.starts_on, revision=told["revision"])
    side_by_side = compared(older, summary, reader)
    return {**told, "parts": [group["letter"] for group in side_by_side["groups"]], "lacking": side_by_side["lacking"]}


@translation.override(documents.LANGUAGE)
def compared(older: Summary, newer: Summary, reader: Reader) -> dict:
    """Two revisions as their papers stand before a reader: what differs, and which parts the older shape of the first lacks."""
    lacking = comparing.lacking_parts(older.figures, newer.figures)
    before, now = (layout.sections(row, figures_for(row, reader), texts_of(row), None, reader) for row in (older, newer))
    texts = comparing.text_differences(older, newer)
    return {"groups": comparing.differences(before, now, lacking), "lacking": lacking, "texts": texts}


def approval(summary: Summary) -> dict:
    """What who is about to sign should know: the number it will get, the paper it replaces, Polsek that it lacks, older papers left unsigned."""
    lacking = [row["name"] for row in summary.figures["units"] if row["state"] not in Summary.APPROVED_STATES]
    older = unsigned_before(summary)
    notes = []
    if summary.revision > 1:
        notes.append(_("It replaces revision %(revision)s and keeps its number.") % {"revision": summary.revision - 1})
    if lacking:
        notes.append(_("Missing or not approved: %(units)s.") % {"units": listed(lacking)})
    if older:
        notes.append(_("Still without approval: %(periods)s.") % {"periods": listed([str(paper.span) for paper in older])})
    return {"number": summary.next_number(summary.unit), "notes": notes, "older": older}


def unsigned_before(summary: Summary) -> list[Summary]:
    """Drafts of earlier periods of which the unit has nothing approved."""
    earlier = Summary.objects.filter(unit=summary.unit, period=summary.period, starts_on__lt=summary.starts_on)
    signed = earlier.filter(approved_at__isnull=False).values("starts_on")
    return list(earlier.exclude(starts_on__in=signed).without_content().order_by("starts_on"))
