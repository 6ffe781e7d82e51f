"""A report as a phone sends it (`schema` 1): its shape as JSON Schema, and what is wrong with an item, field by field.

The same description stands in the API's documentation. It knows shapes and limits only; who, where and when are
looked up in `patrol.findings`. Text is never changed here: not trimmed, not normalised.
"""

import json
from typing import Any

import jsonschema
from django.utils.translation import gettext_lazy as _

from mapping.models.areas import INDONESIA
from patrol.models import Field, Kind, OpinionFrequency, OpinionKind, OpinionUrgency, Phase, Report, Situation
from patrol.models.households import Household
from patrol.models.visits import Opinion, Visit

# The last two values of `schema` are taken; so far there is one.
SCHEMAS = (1,)
WEST, SOUTH, EAST, NORTH = INDONESIA
MAX_PHOTOS, MAX_OPINIONS, MAX_PARTICIPANTS = 20, 20, 50

UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
# NUL, and halves of characters: neither can be stored.
UNSTORABLE = "[\\u0000\\ud800-\\udfff]"


def limit_of(model, name: str) -> int:
    """The one place of a limit is the model's field."""
    return model._meta.get_field(name).max_length


def text(limit: int, **more) -> dict:
    return {"type": ["string", "null"], "maxLength": limit, "not": {"type": "string", "pattern": UNSTORABLE}, **more}


def required_text(limit: int) -> dict:
    return {"type": "string", "maxLength": limit, "pattern": r"\S", "not": {"type": "string", "pattern": UNSTORABLE}}


def choice(choices, **more) -> dict:
    """One of a list of codes; empty and null mean that nothing was chosen."""
    return {"enum": [*choices.values, "", None], **more}


def items(schema: dict, limit: int) -> dict:
    return {"type": ["array", "null"], "items": schema, "maxItems": limit}


def fields(properties: dict, required=(), **more) -> dict:
    return {"type": "object", "properties": properties, "required": list(required), **more}


A_UUID = {"type": "string", "pattern": UUID, "maxLength": 36}
A_MOMENT = {"type": "string", "maxLength": 40, "description": "ISO 8601 with offset, by the phone's clock."}
DIGITS = {"type": "string", "pattern": r"^\s*[0-9]{1,3}\s*$"}

HOUSEHOLD = fields(
    {
        "id": {**A_UUID, "description": "Of a household from `households/`, or a new one made by the phone."},
        "head_name": {
            **text(limit_of(Household, "head_name")),
            "description": "Required with `rw` and `rt` for a new household; whoever is known already keeps the stored name, except in a correction.",
        },
        "rw": {**DIGITS, "type": ["string", "null"]},
        "rt": {**DIGITS, "type": ["string", "null"]},
        "landmark": text(limit_of(Household, "landmark")),
    },
    required=["id"],
)
OPINION = fields(
    {
        "kind": {"enum": OpinionKind.values},
        "field": choice(Field),
        "text": required_text(limit_of(Opinion, "text")),
        "urgency": choice(OpinionUrgency),
        "frequency": choice(OpinionFrequency),
    },
    required=["kind", "text"],
)
PARTICIPANT = {
    "anyOf": [
        required_text(120),
        fields(
            {"kind": {"enum": ["POLRI", "BABINSA", "LINMAS", "LAINNYA"]}, "name": required_text(120)}, required=["name"], additionalProperties=False
        ),
    ],
    "description": "A name, or a name with its kind.",
}
DDS_DETAIL = fields(
    {
        "household": {**HOUSEHOLD, "type": ["object", "null"]},
        "declined": {"type": ["boolean", "null"], "description": "The resident declined to be named; then there is no `household`."},
        "absent": {"type": ["boolean", "null"], "description": "Nobody was at home; then no `result` is asked for."},
        "received_by": text(limit_of(Visit, "received_by")),
        "purposes": items(
            {"type": "string", "maxLength": 40, "not": {"type": "string", "pattern": UNSTORABLE}, "description": "Codes of the list DDS_PURPOSE."}, 20
        ),
        "opinions": items(OPINION, MAX_OPINIONS),
        "next_visit_on": {"type": ["string", "null"], "maxLength": 10, "description": "YYYY-MM-DD"},
    }
)
ITEM = fields(
    {
        "id": {**A_UUID, "description": "Made by the phone when the form is opened."},
        "schema": {"enum": list(SCHEMAS), "default": SCHEMAS[-1]},
        "version": {"type": "integer", "minimum": 1, "maximum": 32000, "default": 1, "description": "One higher with each correction."},
        "base_version": {
            "type": ["integer", "null"],
            "minimum": 0,
            "maximum": 32000,
            "description": "Of a correction: the version that it replaces.",
        },
        "kind": {"enum": Kind.values},
        "occurred_at": A_MOMENT,
        "ended_at": {**A_MOMENT, "type": ["string", "null"]},
        "location": {
            **fields(
                {
                    "lat": {"type": "number", "minimum": SOUTH, "maximum": NORTH},
                    "lon": {"type": "number", "minimum": WEST, "maximum": EAST},
                    "accuracy": {"type": ["number", "null"], "minimum": 0, "maximum": 1_000_000, "description": "metres"},
                },
                required=["lat", "lon"],
            ),
            "type": ["object", "null"],
        },
        "area": {**text(24), "description": "Code of the village chosen; the point decides where there is one inside a known village."},
        "place": text(limit_of(Report, "place")),
        "narrative": text(limit_of(Report, "narrative")),
        "result": {**text(limit_of(Report, "result")), "description": "The one sentence that a DDS needs, unless nobody was at home."},
        "follow_up": text(limit_of(Report, "follow_up")),
        "field": choice(Field),
        "phase": choice(Phase),
        "situation": choice(Situation),
        "participants": items(PARTICIPANT, MAX_PARTICIPANTS),
        "photos": items(A_UUID, MAX_PHOTOS),
        "detail": {**DDS_DETAIL, "type": ["object", "null"]},
    },
    required=["id", "kind", "occurred_at"],
)
COMPILED = jsonschema.Draft202012Validator(ITEM)

# What each rule of the schema is called in an answer, and what it says to the officer.
REQUIRED = _("This is required.")
BLANK = _("This may not be empty.")
RULES = {
    "required": ("required", REQUIRED),
    "enum": ("unknown_code", _("This choice is not known.")),
    "maxLength": ("max_length", _("This text is too long: at most %(limit)s characters.")),
    "maxItems": ("max_items", _("These are too many: at most %(limit)s.")),
    "not": ("unstorable", _("This text has characters that cannot be stored.")),
    "minimum": ("min_value", _("This number is too small: at least %(limit)s.")),
    "maximum": ("max_value", _("This number is too large: at most %(limit)s.")),
}
INVALID = ("invalid", _("This is not in the form that is asked for."))
OUTSIDE_INDONESIA = ("outside_indonesia", _("This position lies outside Indonesia."))


def fault(code: str, detail, attr: str | None = None) -> dict:
    """One thing that is wrong with an item, in the shape of all errors of the API."""
    return {"code": code, "detail": str(detail), "attr": attr}


def faults_of(item: Any) -> list[dict]:
    """What the item's shape breaks, in the order of its fields; empty when it can be read on."""
    found = [each for error in COMPILED.iter_errors(item) for each in _faults(error)]
    unique = {(each["code"], each["attr"]): each for each in found}
    return sorted(unique.values(), key=lambda each: each["attr"] or "")


def _faults(error):
    path = ".".join(str(step) for step in error.absolute_path)
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return [fault("required", REQUIRED, f"{path}.{name}".lstrip(".")) for name in missing]
    code, detail = _rule(error, path)
    return [fault(code, detail, path or None)]


def _rule(error, path):
    if path in ("location.lat", "location.lon") and error.validator in ("minimum", "maximum"):
        return OUTSIDE_INDONESIA
    if error.validator == "pattern" and error.validator_value == r"\S":
        return "blank", BLANK
    code, detail = RULES.get(error.validator, INVALID)
    return code, str(detail) % {"limit": error.validator_value} if code in ("max_length", "max_items", "min_value", "max_value") else detail


def canonical(item: Any) -> bytes:
    """The bytes whose SHA-256 is "the content": the JSON value as received, keys sorted by code point, no white space,
    characters outside ASCII as they are (UTF-8), numbers as Python's json writes back what it read (1.0 stays 1.0, 1 stays 1).

    Halves of surrogate pairs, which UTF-8 has no bytes for, are written as they came: such an item is refused anyway.
    """
    return json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
