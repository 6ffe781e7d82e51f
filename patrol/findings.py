"""What the server finds out about a batch of reports by itself: unit, day, village, distance, entry of a register, and what to flag.

Each question is asked once for the whole batch, so that fifty reports cost as many queries as one.
"""

import datetime
import functools
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from mapping.models import Area, Place
from mapping.models.areas import VILLAGES, dotted
from mapping.models.registers import three_digits
from patrol import campaigns
from patrol.distances import metres_between
from patrol.drafts import Draft
from patrol.models import Kind
from patrol.models.reports import Flag
from patrol.schema import BLANK, REQUIRED
from polmas.people.fields import CodeField, CodesField
from polmas.people.models import Code
from polmas.people.scope import OFFICERS
from polmas.people.statements import Statement, columns, made

POOR_ACCURACY_M = 100
AWAY_FROM_POST_M = 200
OUTSIDE_REASONS = "OUTSIDE_REASON"  # the list of Code rows that an officer chooses from when filing outside the own area
# Kinds that belong into the own villages; the others lead officers elsewhere, too.
IN_OWN_AREA = frozenset({Kind.DDS, Kind.SAMBANG_USAHA, Kind.SAMBANG_TOKOH, Kind.SAMBANG_KOMUNITAS, Kind.KONTROL_KAMLING})

# For each point: the metres on the ground to the nearest area that the officer holds on that day, 0 inside it, and the village
# whose shape of that day covers it (of two that overlap the lesser code).
PLACES = Statement(
    "places_of",
    f"""
SELECT p.n, held.metres, {columns(Area, "area")}
FROM unnest(%(n)s, %(lon)s, %(lat)s, %(day)s) AS p(n, lon, lat, day)
CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) AS point) g
LEFT JOIN LATERAL (
  SELECT s.area_id FROM mapping_areashape s JOIN mapping_area a ON a.id = s.area_id
  WHERE a.level = ANY(%(villages)s) AND s.is_current AND ST_Covers(s.shape, g.point)
    AND (s.valid_from IS NULL OR s.valid_from <= p.day) AND (s.valid_to IS NULL OR s.valid_to >= p.day)
  ORDER BY a.code LIMIT 1
) village ON true
LEFT JOIN mapping_area area ON area.id = village.area_id
LEFT JOIN LATERAL (
  SELECT min(CASE WHEN ST_Covers(s.shape, g.point) THEN 0 ELSE ST_Distance(s.shape::geography, g.point::geography) END) AS metres
  FROM mapping_beat b JOIN mapping_areashape s ON s.area_id = b.area_id
  WHERE b.user_id = %(user)s AND b.starts_on <= p.day AND (b.ends_on IS NULL OR b.ends_on >= p.day) AND s.is_current
    AND (s.valid_from IS NULL OR s.valid_from <= p.day) AND (s.valid_to IS NULL OR s.valid_to >= p.day)
) held ON true
""",  # noqa: S608
    n="int[]",
    lon="float8[]",
    lat="float8[]",
    day="date[]",
    villages="text[]",
    user="bigint",
)
AREAS = Statement("areas_by_code", f"SELECT {columns(Area, 'area')} FROM mapping_area area WHERE area.code = ANY(%(codes)s)", codes="text[]")  # noqa: S608
BEATS = "mapping_beat beat JOIN mapping_area area ON area.id = beat.area_id"
HELD = Statement("areas_held", f"SELECT area.code, beat.starts_on, beat.ends_on FROM {BEATS} WHERE beat.user_id = %(user)s", user="bigint")  # noqa: S608
CODES = Statement("codes_of_lists", "SELECT list, code, valid_from, valid_to FROM people_code WHERE list = ANY(%(lists)s)", lists="text[]")


def village_code(code: str) -> str:
    """The code of the village in which an RW or RT lies; a village's own code."""
    return ".".join(code.split(".")[:4])


class Findings:
    """What is known about one officer for one batch; `fill` completes its drafts or adds what is wrong with them."""

    def __init__(self, user):
        self.user = user

    def fill(self, drafts: list[Draft]) -> None:
        self.place(drafts)
        for step in (self._find_subjects, self._find_references, self._measure, self._check_codes, self._find_campaigns, self._flag):
            step([draft for draft in drafts if not draft.faults])

    def place(self, drafts: list) -> None:
        """Unit, day and village alone."""
        for step in (self._find_units, self._find_villages):
            step([draft for draft in drafts if not draft.faults])

    @functools.cached_property
    def postings(self):
        """Where the officer served in the field, the newest order first."""
        return [posting for posting in self.user.all_postings if posting.role in OFFICERS]

    @functools.cached_property
    def beats(self) -> list[tuple[str, datetime.date, datetime.date | None]]:
        """Code of the area, first and last day."""
        return HELD.rows(user=self.user.pk)

    def villages_held(self, day) -> set[str]:
        return {village_code(code) for code, first, last in self.beats if first <= day and (last is None or day <= last)}

    def _find_units(self, drafts):
        for draft in drafts:
            posting = next((each for each in self.postings if each.is_valid_on(each.unit.day_of(draft.occurred_at))), None)
            if posting is None:
                draft.add("no_posting", _("At that time you were not posted as an officer in the field."), "occurred_at")
                continue
            draft.unit, draft.day = posting.unit, posting.unit.day_of(draft.occurred_at)

    def _find_villages(self, drafts):
        places = self._places([draft for draft in drafts if draft.spot])
        by_code = {village.code: village for village, _metres in places.values() if village}
        chosen = {dotted(draft.say("area")) for draft in drafts if draft.say("area")}
        if unknown := list((chosen | {village_code(code) for code in chosen}) - by_code.keys()):
            by_code |= {area.code: area for area in (made(Area, row) for row in AREAS.rows(codes=unknown))}
        for draft in drafts:
            found, draft.distance_m = places.get(id(draft), (None, None))
            picked = self._picked(draft, by_code)
            draft.area = found or picked
            if draft.area is None and not draft.faults:
                draft.add(
                    "required",
                    _("Choose the village: the position lies in none that is known here.")
                    if draft.spot
                    else _("Choose the village, or send the position."),
                    "area",
                )

    def _picked(self, draft, by_code):
        """The village that the officer chose; an RW or RT stands for its village."""
        code = dotted(draft.say("area"))
        if not code:
            return None
        village = by_code.get(village_code(code))
        if code not in by_code or village is None or not village.is_village:
            draft.add("unknown_code", _("This village is not known."), "area")
            return None
        return village

    def _places(self, drafts) -> dict[int, tuple[Area | None, float | None]]:
        """Village and distance by the draft's own id()."""
        if not drafts:
            return {}
        values = {
            "n": list(range(len(drafts))),
            "lon": [draft.spot.lon for draft in drafts],
            "lat": [draft.spot.lat for draft in drafts],
            "day": [draft.day for draft in drafts],
            "villages": list(VILLAGES),
            "user": self.user.pk,
        }
        villages: dict = {}  # the same row stands beside each point in it
        for _n, _metres, *row in (rows := PLACES.rows(**values)):
            villages[row[0]] = villages.get(row[0]) or (made(Area, row) if row[0] else None)
        return {id(drafts[n]): (villages[row[0]], metres) for n, metres, *row in rows}

    def _find_subjects(self, drafts):
        for entry in {draft.entry for draft in drafts if draft.entry.subject}:
            self._find_in_register(entry, [draft for draft in drafts if draft.entry == entry and draft.subject_sent])

    def _find_in_register(self, entry, drafts):
        if not drafts:
            return
        register = entry.register
        known = self._known(entry, [pk for (pk,) in known_in(register).rows(uuids=list({draft.subject_id for draft in drafts}))])
        new: dict = {}
        for draft in drafts:
            subject = known.get(draft.subject_id)
            if subject is None:
                subject = new[draft.subject_id] = new.get(draft.subject_id) or self._new_subject(draft, register)
            elif not self._is_in_sight(subject, draft):
                draft.add("not_found", _("This entry is not known. Enter it anew."), f"detail.{entry.subject}.id")
            draft.subject = subject

    def _known(self, entry, keys) -> dict:
        """Stored entries of a kind's register by their uuid, each told whether the officer named it before."""
        if not keys:
            return {}
        named = entry.model.objects.filter(**{entry.subject: OuterRef("pk")}, report__officer=self.user)
        stored = entry.register.objects.filter(pk__in=keys).select_related("area").annotate(is_named=Exists(named))
        return {each.uuid: each for each in stored}

    def _find_references(self, drafts):
        """Entries of registers that parts of a report name by their id."""
        named = defaultdict(list)
        for draft in drafts:
            for form, values, path in draft.parts():
                for name, field in form.references().items():
                    if values[name]:
                        named[form, field].append((draft, values, path))
        for (form, field), places in named.items():
            self._refer(form, field, places)

    def _refer(self, form, field, places):
        """Puts the entry of one column in the place of its id."""
        name = field.name
        own = form._meta.model.objects.filter(**{name: OuterRef("pk")}, report__officer=self.user)
        stored = field.related_model.objects.filter(uuid__in={values[name] for _draft, values, _path in places})
        known = {each.uuid: each for each in stored.select_related("area", "unit").annotate(is_named=Exists(own))}
        for draft, values, path in places:
            entry = known.get(values[name])
            if entry is None or not (self._is_in_sight(entry, draft) or self._is_on_the_round(entry, draft)):
                draft.add("not_found", _("This entry is not known in your villages. Take it out."), f"{path}.{name}.id")
            values[name] = entry

    def _is_on_the_round(self, entry, draft):
        """A patrol passes posts of colleagues' villages, too: those of the own Polsek."""
        return isinstance(entry, Place) and entry.is_of_polsek_of(draft.unit)

    def _measure(self, drafts):
        """Metres from each post that is named to where the officer stood."""
        for draft in drafts:
            for form, values, _path in draft.parts():
                if "post_distance_m" in form.measured:
                    post, point = (values["post"], values["location"]) if "post" in values else (draft.subject, draft.spot)
                    values["post_distance_m"] = metres_between(point, post.location) if post and post.location and point else None

    def _is_in_sight(self, subject, draft):
        """Of the villages held today or on the day of the report, or named by oneself before."""
        code = subject.area.code
        return subject.is_named or code in self.villages_held(draft.day) or code in self.villages_held(draft.unit.day_of(draft.now))

    def _new_subject(self, draft, register):
        missing = [name for name in register.REQUIRED if not (draft.subject_sent.get(name) or "").strip()]
        for name in missing:
            sent = draft.subject_sent.get(name)
            draft.add(*(("blank", BLANK) if sent else ("required", REQUIRED)), f"detail.{draft.entry.subject}.{name}")
        if missing:
            return None
        return register(uuid=draft.subject_id, unit=draft.unit, area=draft.area, location=draft.location, **subject_fields(draft))

    def _check_codes(self, drafts):
        chosen = [(draft, *code) for draft in drafts for code in codes_of(draft)]
        lists = {code_list for _draft, code_list, _code, _path in chosen}
        known = {(name, code): Days(*days) for name, code, *days in CODES.rows(lists=list(lists))} if lists else {}
        for draft, code_list, code, path in chosen:
            if not is_valid_code(known.get((code_list, code)), draft.day):
                draft.add("unknown_code", _("This choice is not known."), path)

    def _find_campaigns(self, drafts):
        """Which giat tematik a report belongs to. One that cannot take it never keeps the report back: it is left out, and flagged."""
        named = [draft for draft in drafts if draft.campaign_sent]
        known = campaigns.known({draft.campaign_sent["id"] for draft in named}) if named else {}
        for draft in named:
            campaign, values = known.get(draft.campaign_sent["id"].lower()), draft.campaign_sent.get("values") or {}
            draft.joined = campaigns.joined(campaign, values, draft.unit, draft.day)

    def _flag(self, drafts):
        for draft in drafts:
            checks = {
                Flag.LATE: (draft.saved_at or draft.received_at) - draft.occurred_at > datetime.timedelta(hours=draft.unit.late_after_hours),
                Flag.OUTSIDE_AREA: self._is_outside(draft),
                Flag.NO_POSITION: draft.spot is None,
                Flag.POOR_ACCURACY: (draft.accuracy_m or 0) > POOR_ACCURACY_M,
                Flag.CLOCK_OFF: bool(draft.skew),
                Flag.AWAY_FROM_POST: any((values.get("post_distance_m") or 0) > AWAY_FROM_POST_M for _form, values, _path in draft.parts()),
                Flag.OTHER_VILLAGE: draft.subject is not None and draft.subject.area_id != draft.area.pk,
                Flag.CAMPAIGN: bool(draft.campaign_sent) and not (draft.joined and draft.joined.is_whole),
            }
            draft.flags = [flag.value for flag, is_raised in checks.items() if is_raised]

    def _is_outside(self, draft):
        """Farther from the own areas than the position is unsure of itself; by the village where no distance is known."""
        if draft.item["kind"] not in IN_OWN_AREA:
            return False
        if draft.distance_m is not None:
            return draft.distance_m > (draft.accuracy_m or 0)
        return draft.area.code not in self.villages_held(draft.day)


def subject_fields(draft: Draft) -> dict:
    """What the officer wrote of an entry of a register, as it is stored; a field left out is not among them."""
    sent = {name: value for name, value in draft.subject_sent.items() if name != "id" and name in draft.entry.register.SENT and value}
    return {name: three_digits(value) if name in ("rw", "rt") else value for name, value in sent.items()}


def codes_of(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Every code that a draft chose, as (list, code, where it stands)."""
    for form, values, path in draft.parts():
        for name, field in form.columns().items():
            if isinstance(field, CodesField):
                yield from ((field.code_list, code, f"{path}.{name}.{n}") for n, code in enumerate(values[field.name]))
            elif isinstance(field, CodeField) and values[field.name]:
                yield field.code_list, values[field.name], f"{path}.{name}"
    if draft.say("outside_reason"):
        yield OUTSIDE_REASONS, draft.say("outside_reason"), "outside_reason"
    for name in draft.subject_sent:
        field = draft.entry.register._meta.get_field(name) if name in draft.entry.register.SENT else None
        if isinstance(field, CodeField) and draft.subject_sent[name]:
            yield field.code_list, draft.subject_sent[name], f"detail.{draft.entry.subject}.{name}"


class Days(NamedTuple):
    """From when to when a code may be chosen."""

    valid_from: datetime.date | None
    valid_to: datetime.date | None


def is_valid_code(code: Code | Days | None, day) -> bool:
    return code is not None and (code.valid_from is None or code.valid_from <= day) and (code.valid_to is None or day <= code.valid_to)


@functools.cache
def known_in(register) -> Statement:
    """Which of these entries the register holds."""
    table = register._meta.db_table
    return Statement(f"known_in_{table}", f"SELECT id FROM {table} WHERE uuid = ANY(%(uuids)s)", uuids="uuid[]")  # noqa: S608
