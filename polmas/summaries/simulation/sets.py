"""Inserting by set: a model's columns, filled by SQL where it matters and by the model's own defaults everywhere else."""

from typing import Any

from django.db import connection, models


def insert(cursor, model: type[models.Model], said: dict[str, str], source: str, values: dict[str, Any]) -> None:
    """INSERT ... SELECT: `said` gives the SQL of fields by name, `source` what follows FROM, `values` the parameters of both.

    A field that nothing is said of has the default that its model gives it, so that a new field breaks nothing here.
    """
    columns, expressions, values = [], [], dict(values)
    for field in model._meta.local_concrete_fields:
        if field.name not in said and field.primary_key and not field.remote_field:
            continue
        columns.append(connection.ops.quote_name(str(field.column)))
        expressions.append(said.get(field.name) or default_of(field, values))
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(expressions)} FROM {source}", values)  # noqa: S608


def default_of(field, values) -> str:
    """The parameter that stands for the field's default."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "now()"
    if isinstance(field, models.UUIDField) and field.unique:
        return "gen_random_uuid()"
    name = f"default_{field.name}"
    values[name] = field.get_db_prep_save(field.get_default(), connection)
    return f"%({name})s::{field.db_type(connection) if field.remote_field is None else 'bigint'}"


def reserve(cursor, model: type[models.Model], number: int) -> int:
    """Takes that many primary keys out of the model's sequence; returns the first."""
    table, column = model._meta.db_table, model._meta.pk.column
    cursor.execute(
        "SELECT setval(sequence, nextval(sequence) + %s - 1) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence) s",
        [max(number, 1), table, column],
    )
    return cursor.fetchone()[0] - max(number, 1) + 1


def dice(number: str, salt: str, sides: int | str) -> str:
    """SQL of a number from 0 to sides - 1 that depends on a running number, a word and the seed alone."""
    return f"(abs(hashtextextended('{salt}', %(seed)s + {number}) %% 2147483647) %% ({sides}))::int"


def one_of(number: str, salt: str, values) -> str:
    """SQL of one of some texts, by chance."""
    texts = ", ".join(f"'{value}'" for value in values)
    return f"(ARRAY[{texts}])[1 + {dice(number, salt, len(values))}]"


def uuid_of(number: str, salt: str) -> str:
    return f"md5('{salt}' || %(seed)s || {number})::uuid"


def point(number: str, place: str) -> str:
    """SQL of somewhere in the box of a village; for its own square that is inside. None where the village has no shape."""
    lon = f"{place}.west + {place}.width * (0.05 + 0.0009 * {dice(number, 'lon', 1000)})"
    lat = f"{place}.south + {place}.height * (0.05 + 0.0009 * {dice(number, 'lat', 1000)})"
    return f"ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)"
