"""A report as a phone sends it (`schema` 1): its shape as JSON Schema, and what is wrong with an item, field by field.

What a kind's detail may hold follows from its form (`patrol.forms`). The same description stands in the API's documentation. It
knows shapes and limits only; who, where and when are looked up in `patrol.findings`. Text is never changed here: not trimmed, not normalised.
"""

import functools
import json
from typing import Any

import jsonschema
import jsonschema_rs
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.areas import INDONESIA
from mapping.models.registers import RegisterEntry
from patrol.forms import PartForm
from patrol.kinds import KINDS, KindEntry
from patrol.models import Field, Phase, Report, Situation
from patrol.models.campaigns import MOST_NUMBER
from patrol.models.patrols import MAX_TRACK_POINTS
from polmas.people.encryption import EncryptedCharField
from polmas.people.fields import CodesField

# The last two values of `schema` are taken; so far there is one.
SCHEMAS = (1,)
WEST, SOUTH, EAST, NORTH = INDONESIA
MAX_PHOTOS, MAX_ROWS, MAX_CODES, MAX_PARTICIPANTS = 20, 50, 20, 50
MAX_NUMBER = 32_767

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
A_MOMENT = {
    "type": "string",
    "maxLength": 40,
    "description": "ISO 8601 with offset, by the phone's clock; answers carry the offset of the unit's zone.",
}
PHONE = {"pattern": r"^(\+?[0-9][0-9 -]{4,})?$"}  # as polmas.people.forms asks for it
DIGITS = {"type": "string", "pattern": r"^\s*[0-9]{1,3}\s*$"}

A_DAY = {"type": ["string", "null"], "maxLength": 10, "description": "YYYY-MM-DD"}
LOCATION = {
    **fields(
        {
            "lat": {"type": "number", "minimum": SOUTH, "maximum": NORTH},
            "lon": {"type": "number", "minimum": WEST, "maximum": EAST},
            "accuracy": {"type": ["number", "null"], "minimum": 0, "maximum": 1_000_000, "description": "metres"},
        },
        required=["lat", "lon"],
    ),
    "type": ["object", "null"],
}

LINE = {
    **items(
        {
            "type": "array",
            "prefixItems": [{"type": "number", "minimum": WEST, "maximum": EAST}, {"type": "number", "minimum": SOUTH, "maximum": NORTH}],
            "minItems": 2,
            "maxItems": 2,
        },
        MAX_TRACK_POINTS,
    ),
    "description": "Points in their order, each as longitude and latitude. Fewer than two are no line and are not kept.",
}
REFERENCE = {**fields({"id": A_UUID}, required=["id"]), "type": ["object", "null"], "description": "A known entry of a register, by its id."}


def schema_of(field: Any) -> dict:
    """What may be sent for one column. Whatever may stay empty may also be null or absent."""
    if isinstance(field, CodesField):
        code = {"type": "string", "maxLength": 40, "not": {"type": "string", "pattern": UNSTORABLE}}
        return {**items(code, MAX_CODES), "description": f"Codes of the list {field.code_list}."}
    if field.choices:
        values = [value for value, _label in field.choices if value]
        return {"enum": [*values, *(("", None) if field.blank else ())]}
    if isinstance(field, models.BooleanField):
        return {"type": ["boolean", "null"]}
    if isinstance(field, models.DateTimeField):
        return {**A_MOMENT, "type": ["string", "null"]} if field.null else A_MOMENT
    if isinstance(field, models.DateField):
        return A_DAY
    if isinstance(field, models.PointField):
        return LOCATION
    if isinstance(field, models.LineStringField):
        return LINE
    if isinstance(field, models.ForeignKey):
        return REFERENCE
    if isinstance(field, models.IntegerField):
        return {"type": ["integer", "null"], "minimum": 0, "maximum": MAX_NUMBER}
    return text(field.max_length) if field.blank else required_text(field.max_length)


def schema_of_part(form: type[PartForm], **more) -> dict:
    """The object that one form describes."""
    columns = form.columns()
    required = [name for name, field in columns.items() if not field.blank and not field.null and not field.has_default()]
    return fields({name: schema_of(field) for name, field in columns.items()} | more, required)


def schema_of_entry(register: type[RegisterEntry]) -> dict:
    """An entry of a register: the id of a known one, or what a new one cannot do without."""
    sent = {name: register._meta.get_field(name) for name in register.SENT}
    known = {
        **A_UUID,
        "description": f"Of a known entry, or of a new one made by the phone, which needs {', '.join(register.REQUIRED)}."
        " Whatever is known already keeps what is stored, except in a correction.",
    }
    properties = {"id": known, **{name: loose(name, field) for name, field in sent.items()}, **schema_of_answers(register)}
    return {**fields(properties, required=["id"]), "type": ["object", "null"]}


def schema_of_answers(register) -> dict:
    """What the register lacked of a known entry and was asked for at this visit (`suggestion` in its list); phone numbers as such."""
    wanted = {name: register._meta.get_field(name) for name in getattr(register, "WANTED", ())}
    if not wanted:
        return {}
    answers = {name: schema_of(field) | (PHONE if isinstance(field, EncryptedCharField) else {}) for name, field in wanted.items()}
    said = "What was still unknown and asked for at this visit. Fills what is empty, and is stored with the entry alone."
    return {"answers": {**fields(answers), "type": ["object", "null"], "description": said}}


def loose(name: str, field: Any) -> dict:
    """Of an entry: any of its texts may be left out where it is known already."""
    return {**DIGITS, "type": ["string", "null"]} if name in ("rw", "rt") else text(field.max_length)


def schema_of_detail(entry: KindEntry) -> dict:
    rows = {name: items(schema_of_part(form), MAX_ROWS) for name, form in entry.form.rows.items()}
    subject = {entry.subject: schema_of_entry(entry.register)} if entry.register else {}
    return {**schema_of_part(entry.form, **subject, **rows), "type": ["object", "null"]}


PARTICIPANT = {
    "anyOf": [
        required_text(120),
        fields(
            {
                "kind": {"enum": ["POLRI", "BABINSA", "LINMAS", "LAINNYA"]},
                "name": required_text(120),
                "officer": {
                    **text(150),
                    "description": "Of a colleague chosen from `colleagues/`: the user name. Whoever served at the report's unit on that day is"
                    " credited; anybody else stays named.",
                },
            },
            required=["name"],
            additionalProperties=False,
        ),
    ],
    "description": "A name, or a name with its kind.",
}
CAMPAIGN = {
    **fields(
        {
            "id": A_UUID,
            "values": {
                "type": ["object", "null"],
                "patternProperties": {UUID: {"type": ["number", "null"], "minimum": 0, "maximum": MOST_NUMBER}},
                "additionalProperties": False,
                "maxProperties": 20,
                "description": "Its numbers by the ids of its fields; kept to two places.",
            },
        },
        required=["id"],
    ),
    "type": ["object", "null"],
    "description": "The giat tematik that the report belongs to (`GET campaigns/`). One that did not run on its day, or is none of its unit, is"
    " left out and flagged CAMPAIGN.",
}
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
        "kind": {"enum": list(KINDS)},
        "officer": {
            "anyOf": [text(150), {"type": "object"}],
            "description": "Of a report recorded in somebody else's name: the officer's user name. For the operator of the officer's Polsek and"
            " its Kanit Binmas; it waits for the officer's confirmation. The object that `GET` answers here is passed over.",
        },
        "occurred_at": A_MOMENT,
        "ended_at": {**A_MOMENT, "type": ["string", "null"]},
        "saved_at": {**A_MOMENT, "type": ["string", "null"], "description": "When it was saved on the phone: late is what was saved late."},
        "outside_reason": {**text(40), "description": "Code of the list OUTSIDE_REASON, where the place lies outside the own area."},
        "location": LOCATION,
        "area": {**text(24), "description": "Code of the village chosen; the point decides where there is one inside a known village."},
        "place": text(limit_of(Report, "place")),
        "narrative": text(limit_of(Report, "narrative")),
        "result": {
            **text(limit_of(Report, "result")),
            "description": "The one sentence that a visit needs, unless nobody was at home; other kinds need `narrative`.",
        },
        "follow_up": text(limit_of(Report, "follow_up")),
        "field": choice(Field),
        "phase": choice(Phase),
        "situation": choice(Situation),
        "participants": items(PARTICIPANT, MAX_PARTICIPANTS),
        "photos": items(A_UUID, MAX_PHOTOS),
        "obstacle": text(limit_of(Report, "obstacle")),
        "obstacle_owner": text(limit_of(Report, "obstacle_owner")),
        "obstacle_due_on": A_DAY,
        "campaign": CAMPAIGN,
        "detail": {"type": ["object", "null"]},
    },
    required=["id", "kind", "occurred_at"],
)


def item_of(entry: KindEntry) -> dict:
    """The whole item of one kind."""
    properties = ITEM["properties"] | {"kind": {"enum": [entry.kind.value]}, "detail": schema_of_detail(entry)}
    return {**ITEM, "title": entry.kind.value, "properties": properties}


@functools.cache
def validator_of(kind: str | None) -> jsonschema.Draft202012Validator:
    """Compiled once for each kind; without a kind it knows what all items share."""
    return jsonschema.Draft202012Validator(item_of(KINDS[kind]) if kind else ITEM)


@functools.cache
def quick_validator_of(kind: str) -> jsonschema_rs.Validator:
    """The same schema, compiled to machine code; it only tells whether all is right. Its texts hold no halves of characters."""
    return jsonschema_rs.validator_for(json.loads(json.dumps(item_of(KINDS[kind])).replace(json.dumps(UNSTORABLE), json.dumps(r"\x00"))))


def is_right(kind: str, item: Any) -> bool:
    """Whether nothing is wrong with the shape. What the quick look cannot read is for the thorough one to say."""
    try:
        return quick_validator_of(kind).is_valid(item)
    except ValueError:
        return False


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
    kind = item.get("kind") if isinstance(item, dict) else None
    known = kind if isinstance(kind, str) and kind in KINDS else None
    return [] if known and is_right(known, item) else faults_by(validator_of(known), item)


def faults_by(validator: jsonschema.Draft202012Validator, item: Any) -> list[dict]:
    """The same by a compiled description of whatever a phone sends."""
    found = [each for error in validator.iter_errors(item) for each in _faults(error)]
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
    if path.endswith(("location.lat", "location.lon")) and error.validator in ("minimum", "maximum"):
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
