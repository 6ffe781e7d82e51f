"""What stands above and below the parts of a paper: letterhead, title, opening, how it was approved, and who signs. Page, PDF, DOCX and XLSX
draw the same words. What an approval froze is read from the summary: a unit that got another letterhead since prints its old papers as before."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from polmas.people.templatetags.polmas import date_on, moment
from polmas.summaries.models import PeriodKind, Summary

SECRET = gettext_lazy("SECRET")  # the class of an edition on which LI stand


def letterhead(summary: Summary) -> list[str]:
    return summary.signer.get("letterhead") or summary.unit.paper_head


def title_of(summary: Summary) -> str:
    """What the paper is headed, in the language of the moment."""
    titles = {
        PeriodKind.DAILY: _("DAILY REPORT ON DISTURBANCES (LHGK)"),
        PeriodKind.WEEKLY: _("WEEKLY REPORT ON DISTURBANCES (LMGK)"),
        PeriodKind.MONTHLY: _("MONTHLY REPORT ON DISTURBANCES (LBGK)"),
    }
    return titles[PeriodKind(summary.period)]


def number_line(summary: Summary) -> str:
    """Number and span of the paper; a draft has no number yet."""
    return f"{_('Number')}: {summary.number} · {summary.span}" if summary.number else summary.span


def revised(told: dict) -> str:
    """Which paper this one replaces, and what is different (`papers.replaces`)."""
    return " ".join([_("Replaces revision %(revision)s (%(number)s).") % told, *differing(told)])


def differing(told: dict) -> list[str]:
    """What became different since the paper that was replaced: the total where it moved, the parts, and what can't be compared."""
    parts, lacking = (", ".join(told[name]) for name in ("parts", "lacking"))
    sentences = []
    if told["before"] != told["now"]:
        numbers = {key: number_format(told[key], force_grouping=True) for key in ("before", "now")}
        sentences.append(_("Activities: %(before)s became %(now)s.") % numbers)
    if parts:
        sentences.append(_("Parts that differ: %(parts)s.") % {"parts": parts})
    if lacking:
        words = {"revision": told["revision"], "parts": lacking}
        sentences.append(_("Revision %(revision)s is stored in an older shape without figures in parts %(parts)s: these are not compared.") % words)
    return sentences


def imported(figures: dict) -> list[str]:
    """Which numbers the unit took from its papers of before."""
    told = figures.get("imported", {})
    sentences = {
        "before": _("Numbers of the period before were imported from the unit's earlier papers."),
        "last_year": _("Numbers of the same month last year were imported from the unit's earlier papers."),
    }
    return [sentence for span, sentence in sentences.items() if told.get(span)]


def approval_of(summary: Summary) -> list[str]:
    """How the paper came to hold, when, in which revision, and from what it was counted."""
    if not summary.is_approved:
        return [_("Draft, not approved")]
    how = _("Released by the system at its due time, without the signature of a person.") if summary.is_by_itself else _("Approved in the system")
    known = {
        "rules": summary.rule_version,
        "last": number_format(summary.counted_to, force_grouping=True),
        "moment": moment(summary.built_at, summary.unit),
    }
    source = _("Counted %(moment)s from all reports that had come in (the last one: no. %(last)s), by counting rules %(rules)s") % known
    revision = _("revision %(revision)s") % {"revision": summary.revision}
    return [how, moment(summary.approved_at, summary.unit), f"{revision} · {summary.short_hash}", source]


def signature_of(summary: Summary) -> tuple[list[str], list[str]]:
    """The lines over the room for signature and stamp, and those below it; none where nobody signs."""
    signer = summary.signer
    if not signer.get("name"):
        return [], []
    place = f"{signer['city']}, " if signer["city"] else ""
    over = [
        f"{place}{date_on(summary.approved_at, summary.unit)}",
        f"{signer['prefix']} {signer['title']}".strip(),
        signer["own_title"],
        signer.get("order", ""),
        summary.order_days,
    ]
    rank = f"{signer['rank']} NRP {signer['nrp']}" if signer["nrp"] else signer["rank"]
    return [line for line in over if line], [signer["name"].upper(), rank]
