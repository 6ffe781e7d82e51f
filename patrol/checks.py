"""What the worker finds out about reports once they are stored, so that phones need not wait for it: texts and photos that were
sent before, many reports within one minute, and what is looked at in any case or as a sample.

`check` finds these flags anew from the rows, whenever it runs and however often; flags of other origin stay as they are.
"""

import json
import math
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Func, Value
from django.utils.crypto import salted_hmac

from patrol.fingerprints import ALIKE_BITS
from patrol.models import Report
from patrol.models.reports import FOUND_LATER, Flag

LOOK_BACK_DAYS = 60
SHORT_TEXT = 30  # below so many characters only the very same text counts: there are only so many ways to say "aman"
RAPID_REPORTS = 4  # nobody makes so many within a minute
ALWAYS_REVIEWED = ("PS",)  # kinds on which people rely: what parties agreed


def print_of(text: str) -> str:
    """SQL of a text's print: its trigrams are dealt by their hash to 64 buckets, and one bit of each bucket's least hash is kept.

    The least hash of a bucket is the same in two texts as often as they are alike (MinHash; Li, Owen and Zhang 2012, "One permutation
    hashing"; a bit of each: Li and König 2010), so of 64 bits about 32 times 1 - likeness differ.
    """
    hashes = f"SELECT hashtextextended(trigram, 0) AS hash FROM unnest(show_trgm({text})) trigram"  # noqa: S608
    least = f"SELECT (hash & 63)::int AS bucket, min(hash) AS hash FROM ({hashes}) hashed GROUP BY 1"  # noqa: S608
    return f"CASE WHEN length({text}) >= %(short)s THEN (SELECT bit_or((hash >> 6 & 1) << bucket) FROM ({least}) least) END"  # noqa: S608


def may_be_alike(column: str) -> str:
    """SQL of whether two texts may be alike, by their prints. Those too short to have one are left to be compared."""
    are_short = f"r.{column} <> '' AND mine.{column} IS NULL AND theirs.{column} IS NULL"
    return f"(bit_count((mine.{column} # theirs.{column})::bit(64)) <= %(bits)s OR {are_short})"


def alike(column: str) -> str:
    """SQL of how much two texts are alike, from 0 to 1, by their trigrams."""
    return f"""
    CASE WHEN r.{column} = '' THEN 0 WHEN r.{column} = o.{column} THEN 1
      WHEN least(length(r.{column}), length(o.{column})) < %(short)s THEN 0 ELSE similarity(r.{column}, o.{column}) END"""


# Of these reports, and of others of their officers that nobody has looked at yet: what was sent together is compared, whoever comes first.
# A report's first version never says anything else.
PRINTS = f"""
WITH wanted AS (
  SELECT id FROM patrol_report WHERE id = ANY(%(ids)s)
  UNION
  SELECT o.id FROM patrol_checkmark mark JOIN patrol_report o ON o.id = mark.report_id
  WHERE o.officer_id IN (SELECT officer_id FROM patrol_report WHERE id = ANY(%(ids)s))
)
INSERT INTO patrol_textprint (report_id, officer_id, occurred_at, result, narrative)
SELECT r.id, r.officer_id, r.occurred_at, {print_of("r.result")}, {print_of("r.narrative")}
FROM wanted JOIN patrol_report r USING (id) LEFT JOIN patrol_textprint known ON known.report_id = r.id
WHERE known.report_id IS NULL OR r.version > 1 ORDER BY r.id
ON CONFLICT (report_id) DO UPDATE
SET officer_id = excluded.officer_id, occurred_at = excluded.occurred_at, result = excluded.result, narrative = excluded.narrative
"""  # noqa: S608 - put together from constants; values are parameters

# For each report the earlier ones of its officer that say nearly the same, the closest first. A correction is compared with later
# ones, too. What an operator typed from paper, in few words, is not compared.
TEXTS = f"""
SELECT r.id, o.id, o.alike
FROM patrol_report r JOIN patrol_textprint mine ON mine.report_id = r.id CROSS JOIN LATERAL (
  SELECT o.id, greatest({alike("result")}, {alike("narrative")}) AS alike
  FROM patrol_textprint theirs JOIN patrol_report o ON o.id = theirs.report_id
  WHERE theirs.officer_id = r.officer_id AND theirs.report_id <> r.id AND (theirs.report_id < r.id OR r.version > 1) AND o.state <> 'withdrawn'
    AND theirs.occurred_at BETWEEN r.occurred_at - make_interval(days => %(days)s) AND r.occurred_at + make_interval(days => %(days)s)
    AND ({may_be_alike("result")} OR {may_be_alike("narrative")})
  ORDER BY alike DESC, o.occurred_at DESC LIMIT 20
) o
WHERE r.id = ANY(%(ids)s) AND r.recorded_by_id IS NULL AND o.alike >= %(similarity)s
"""  # noqa: S608

# Photos of these reports with an earlier photo of another report of the same unit: the same file at any time, or nearly the same
# picture within the last weeks.
PHOTOS = """
SELECT r.id, p.id, o.id, p.sha256 = o.sha256
FROM patrol_photo p JOIN patrol_report r ON r.id = p.report_id CROSS JOIN LATERAL (
  SELECT o.id, o.sha256 FROM patrol_photo o JOIN patrol_report other ON other.id = o.report_id
  WHERE o.sha256 = p.sha256 AND o.id < p.id AND other.id <> r.id AND other.unit_id = r.unit_id AND other.state <> 'withdrawn'
  UNION
  SELECT o.id, o.sha256 FROM patrol_report other JOIN patrol_photo o ON o.report_id = other.id
  WHERE other.unit_id = r.unit_id AND other.day BETWEEN r.day - %(days)s AND r.day + %(days)s AND other.id <> r.id AND other.state <> 'withdrawn'
    AND o.id < p.id AND bit_count((o.fingerprint # p.fingerprint)::bit(64)) <= %(bits)s
) o
WHERE r.id = ANY(%(ids)s)
"""

# Reports of these officers that stand among RAPID_REPORTS or more within 60 seconds, by the moment of saving where the phone says it. A
# pile of paper that an operator typed in one sitting says nothing of the officer. What lies within one step of two minutes is asked for
# once, with two minutes before and after it.
RAPID = """
WITH wanted AS (
  SELECT DISTINCT officer_id, date_bin('2 minutes', coalesce(saved_at, occurred_at), '2000-01-01Z') AS at
  FROM patrol_report WHERE id = ANY(%(ids)s) AND recorded_by_id IS NULL
),
near AS (
  SELECT DISTINCT o.id, o.officer_id, coalesce(o.saved_at, o.occurred_at) AS at
  FROM wanted w JOIN patrol_report o ON o.officer_id = w.officer_id AND o.state <> 'withdrawn' AND o.recorded_by_id IS NULL
    AND o.occurred_at BETWEEN w.at - interval '7 days' AND w.at + interval '7 days'
  WHERE coalesce(o.saved_at, o.occurred_at) BETWEEN w.at - interval '2 minutes' AND w.at + interval '4 minutes'
),
counted AS (
  SELECT *, count(*) OVER (PARTITION BY officer_id ORDER BY at RANGE BETWEEN interval '1 minute' PRECEDING AND CURRENT ROW) AS n FROM near
),
crowded AS (
  SELECT id, max(n) OVER (PARTITION BY officer_id ORDER BY at RANGE BETWEEN CURRENT ROW AND interval '1 minute' FOLLOWING) AS n FROM counted
)
SELECT id FROM crowded WHERE n >= %(many)s
"""

# The flags found take the place of those found before, where that changes anything.
FLAGS = """
FROM jsonb_to_recordset(%(found)s::jsonb) AS found(id bigint, flags varchar[])
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(flag), '{}') AS flags
  FROM patrol_report p, unnest(p.flags) flag WHERE p.id = found.id AND flag <> ALL(%(own)s)
) kept
"""
DIFFERS = "r.id = found.id AND r.flags IS DISTINCT FROM kept.flags || found.flags"
# Locked in the order in which a sync does, so that neither waits for the other in a ring.
LOCK = f"SELECT r.id {FLAGS} JOIN patrol_report r ON {DIFFERS} ORDER BY r.id FOR NO KEY UPDATE OF r"
STORE = f"UPDATE patrol_report r SET flags = kept.flags || found.flags {FLAGS} WHERE {DIFFERS} AND r.id = ANY(%(locked)s)"  # noqa: S608


def check(report_ids) -> None:
    """Finds the flags of FOUND_LATER for these reports, and RAPID for those beside them."""
    ids = sorted(set(report_ids))
    found: dict[int, set[str]] = defaultdict(set)
    keep_prints(ids)
    for report_id, _other, _alike in similar_texts(ids):
        found[report_id].add(Flag.SAME_TEXT)
    for report_id, _photo, _other, _is_same in similar_photos(ids):
        found[report_id].add(Flag.SAME_PHOTO)
    crowded = {report_id for (report_id,) in rows_of(RAPID, ids, many=RAPID_REPORTS)}
    for report_id in crowded.intersection(ids):
        found[report_id].add(Flag.RAPID)
    for report_id, uuid, kind, percent in Report.objects.filter(pk__in=ids).order_by().values_list("pk", "uuid", "kind", "unit__sample_percent"):
        found[report_id] |= chosen(uuid, kind, percent)
    store(found)
    add_rapid(crowded.difference(ids))


def chosen(uuid, kind: str, percent: int) -> set[str]:
    """What is looked at whatever it says: some kinds, and a share of all, drawn by a secret so that no phone can choose its luck."""
    drawn = int.from_bytes(salted_hmac("polmas.sample", str(uuid)).digest()[:4], "big") % 10_000 < percent * 100
    return {flag for flag, is_raised in ((Flag.ALWAYS, kind in ALWAYS_REVIEWED), (Flag.SAMPLE, drawn)) if is_raised}


def keep_prints(ids) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PRINTS, {"ids": ids, "short": SHORT_TEXT})


def bits_apart(similarity: float) -> int:
    """In how many bits two texts that alike may differ: the mean and four standard deviations, so that one pair in ten thousand is missed."""
    share = (1 - similarity) / 2
    return math.ceil(64 * share + 4 * math.sqrt(64 * share * (1 - share)))


def similar_texts(ids) -> list[tuple[int, int, float]]:
    """(report, earlier report, likeness), the closest first."""
    similarity = settings.REVIEW_TEXT_SIMILARITY
    return rows_of(TEXTS, ids, days=LOOK_BACK_DAYS, short=SHORT_TEXT, similarity=similarity, bits=bits_apart(similarity))


def similar_photos(ids) -> list[tuple[int, int, int, bool]]:
    """(report, photo, earlier photo, whether it is the same file)."""
    return rows_of(PHOTOS, ids, days=LOOK_BACK_DAYS, bits=ALIKE_BITS)


def rows_of(sql, ids, **values) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": list(ids), **values})
        return cursor.fetchall()


@transaction.atomic
def store(found: dict[int, set[str]]) -> None:
    rows = [{"id": pk, "flags": [flag for flag in FOUND_LATER if flag in flags]} for pk, flags in found.items()]
    values: dict[str, Any] = {"found": json.dumps(rows), "own": list(FOUND_LATER)}
    with connection.cursor() as cursor:
        cursor.execute(LOCK, values)
        cursor.execute(STORE, {**values, "locked": [pk for (pk,) in cursor.fetchall()]})


@transaction.atomic
def add_rapid(ids) -> None:
    """Earlier reports of a minute that only later ones made a crowded one. Locked in the order of a sync."""
    others = Report.objects.filter(pk__in=ids).exclude(flags__contains=[Flag.RAPID])
    locked = list(others.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    with_flag = Func(F("flags"), Value(Flag.RAPID), function="array_append", output_field=Report._meta.get_field("flags"))
    others.filter(pk__in=locked).update(flags=with_flag)
