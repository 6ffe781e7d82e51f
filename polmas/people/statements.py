"""SQL that is written out because every report passes through it: planned once per connection, rows added by the set.

Django puts a query together and has it planned anew each time it runs, which is most of what a small one costs. These are the
exception, for what stands between a phone and its answer; everything else asks the ORM.
"""

import contextlib
import datetime
import functools
import json
import re
import uuid
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, models

from polmas.people.encryption import EncryptedCharField

PARAMETER = re.compile(r"%\((\w+)\)s")
# The names of the statements that each connection has planned.
_planned: weakref.WeakKeyDictionary[Any, set[str]] = weakref.WeakKeyDictionary()


class Statement:
    """One SQL statement with parameters %(name)s, each of a PostgreSQL type: Statement("area_of", "... = %(code)s", code="text").

    The connection keeps its plan (PREPARE). Where a pooler hands a session on after each transaction, DATABASE_PREPARE=0 has the
    statement sent as it stands.
    """

    def __init__(self, name: str, sql: str, /, **types: str):
        places = {parameter: place for place, parameter in enumerate(types, 1)}
        numbered = PARAMETER.sub(lambda match: f"${places[match[1]]}", sql)
        self.name = name
        self.direct = PARAMETER.sub(lambda match: f"%({match[1]})s::{types[match[1]]}", sql)
        self.plan = f"PREPARE {name} ({', '.join(types.values())}) AS {numbered}"
        # Ahead of whatever does not begin with SELECT pghistory tells the database who acts; one that only reads needs no telling.
        reads = "SELECT; " if sql.lstrip().startswith("SELECT") else ""
        self.call = f"{reads}EXECUTE {name} ({', '.join(f'%({parameter})s' for parameter in types)})"

    def rows(self, before: str = "", /, **values) -> list[tuple]:
        """What it answers. `before` is SQL that goes ahead of it in the same breath, with the same values."""
        with connection.cursor() as cursor:
            cursor.execute(before + self.text(cursor), values)
            return cursor.fetchall() if cursor.description else []

    def text(self, cursor) -> str:
        """What is sent on this cursor's connection, which has planned the statement by then."""
        if not settings.DATABASE_PREPARE:
            return self.direct
        planned = _planned.setdefault(cursor.connection, set())
        if self.name not in planned:
            cursor.cursor.execute(self.plan.replace("%%", "%"))
            planned.add(self.name)
        return self.call


def add(model: type[models.Model], rows: Sequence[models.Model], skip_known: bool = False) -> list[tuple]:
    """Inserts the rows in their order, in one statement, as `bulk_create` would; returns (pk, uuid), or the pk alone where there is no uuid.

    With `skip_known` rows whose uuid is taken are left out, and so is their pair of the answer.
    """
    return _insertion(model, skip_known).rows(rows=_as_json(model, rows)) if rows else []


Add = Callable[[type[models.Model], Sequence[models.Model]], Any]


@contextlib.contextmanager
def together() -> Iterator[Add]:
    """An `add` for rows whose keys nobody waits for: they all go in one breath at the end, in the order in which they were added."""
    waiting: list[tuple[Statement, str]] = []

    def add_later(model, rows):
        if rows:
            waiting.append((_insertion(model, False), _as_json(model, rows)))

    yield add_later
    if waiting:
        with connection.cursor() as cursor:
            texts = [statement.text(cursor).replace("%(rows)s", f"%(rows{n})s") for n, (statement, _rows) in enumerate(waiting)]
            cursor.execute("; ".join(texts), {f"rows{n}": rows for n, (_statement, rows) in enumerate(waiting)})


def _as_json(model, rows) -> str:
    plain, prepared = [(field.column, field.attname) for field in _fields(model)], _prepared(model)
    values = [{column: said[name] for column, name in plain} for said in map(vars, rows)]
    for row, said in zip(rows, values, strict=True) if prepared else ():
        for field in prepared:
            said[field.column] = _value(field, row)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)


@functools.cache
def _fields(model) -> list[models.Field]:
    """All columns but a key that the database numbers."""
    return [field for field in model._meta.local_concrete_fields if field.remote_field or not field.primary_key]


@functools.cache
def _prepared(model) -> list[models.Field]:
    """Of these columns, those whose value the field itself makes on its way to the database."""
    return [field for field in _fields(model) if _is_stamped(field) or isinstance(field, models.FileField | EncryptedCharField)]


def _is_stamped(field) -> bool:
    """Whether the field says when its row was made or changed."""
    return getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)


@functools.cache
def _insertion(model, skip_known) -> Statement:
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(_quoted(field) for field in _fields(model))
    conflict = " ON CONFLICT (uuid) DO NOTHING" if skip_known else ""
    answer = ", ".join([_quoted(model._meta.pk), *(_quoted(field) for field in _fields(model) if field.name == "uuid")])
    sql = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %(rows)s){conflict} RETURNING {answer}"  # noqa: S608
    return Statement(f"add_{model._meta.db_table}{'_new' if skip_known else ''}", sql, rows="json")


def _quoted(field) -> str:
    return connection.ops.quote_name(str(field.column))


def _value(field, row):
    value = field.pre_save(row, True)
    return field.get_db_prep_save(value, connection) if isinstance(field, models.FileField | EncryptedCharField) else value


def _plain(value):
    """What JSON has no form for, as PostgreSQL reads it."""
    if isinstance(value, datetime.date):  # moments are dates, too
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, GEOSGeometry):
        return value.hexewkb.decode()
    raise TypeError(f"{type(value).__name__} cannot be stored by set")


def columns(model: type[models.Model], alias: str) -> str:
    """All columns of a model as a SELECT names them; `made` makes a row of what comes back."""
    return ", ".join(f"{alias}.{_quoted(field)}" for field in model._meta.concrete_fields)


def made(model: type[models.Model], values: Sequence[Any]) -> Any:
    """The model's row of the values of `columns`, as the ORM would have read it; not for geometry."""
    names, readers = _readers(model)
    pairs = zip(readers, values, strict=True)
    return model.from_db(connection.alias, names, [read(value, None, connection) if read else value for read, value in pairs])


@functools.cache
def _readers(model):
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [getattr(field, "from_db_value", None) for field in fields]
