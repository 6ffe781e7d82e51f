"""Hashes by which people and papers name what was read and signed."""

import hashlib
import json

import pgtrigger

from polmas.summaries.models.authority import TextPart

# The annex of a paper on which no LI and no confidential problem stands.
NOTHING_TOLD: dict[str, list] = {"informations": [], "problems": []}


def unless_approved(name: str, operation, *rows: str) -> pgtrigger.Trigger:
    """Refuses an operation on rows (OLD, NEW) that belong to an approved summary."""
    owners = ", ".join(f"{row}.summary_id" for row in rows)
    refused = f"""
        IF EXISTS (SELECT 1 FROM summaries_summary WHERE id IN ({owners}) AND approved_at IS NOT NULL) THEN
            RAISE EXCEPTION 'this summary is approved and frozen';
        END IF;
        RETURN {rows[-1]};
    """  # noqa: S608 - put together from constants
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operation, func=refused)


def hash_of(content) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def short(content_hash: str) -> str:
    """The beginning of a hash, as people compare it: on paper and on the page to which its QR code leads."""
    return f"{content_hash[:4]}-{content_hash[4:8]}" if content_hash else ""


def words_hash(text: str) -> str:
    """Names one text as somebody saw it, so that nobody saves over another's words unread."""
    return hash_of(text)[:16]


def signed_content(summary) -> dict:
    """What an approval freezes; of the annex its hash, since not all who read the paper read that."""
    others = {part: text for part, text in summary.texts.items() if part not in (TextPart.ANALYSIS, TextPart.PLAN)}
    return {
        "unit": summary.unit.code,
        "period": summary.period,
        "starts_on": summary.starts_on.isoformat(),
        "ends_on": summary.ends_on.isoformat(),
        "revision": summary.revision,
        "number": summary.number,
        "figures": summary.figures,
        "analysis": summary.analysis,
        "plan": summary.plan,
        "signer": summary.signer,
        "approved_at": summary.approved_at and summary.approved_at.isoformat(),
        "rule_version": summary.rule_version,
        "counted_to": summary.counted_to,
        **({"texts": others} if others else {}),
        **({"annex": hash_of(summary.confidential)} if summary.confidential != NOTHING_TOLD else {}),
    }
