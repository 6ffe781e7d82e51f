"""Foreign keys and indexes laid aside while rows come in by the million: checking and sorting all of them at once takes a part of the time
that one row after the other takes. What comes back is what was there, in the database's own words, and checked in full.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence

from django.db import OperationalError, models, transaction

WAIT = 0.2  # seconds between two tries to have the tables alone
TRIES = 1500  # a vacuum of a large table takes minutes

# A unique key that a foreign key stands on stays where it is, and so do primary keys.
CONSTRAINTS = """
    SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint kept
    WHERE conrelid = ANY(%(tables)s::regclass[]) AND (contype = 'f' OR contype = 'u' AND NOT EXISTS (
        SELECT FROM pg_constraint other WHERE other.contype = 'f' AND other.conindid = kept.conindid
    ))
    ORDER BY contype = 'f', conrelid, conname
"""
INDEXES = """
    SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
    ORDER BY indexrelid
"""

POINTED_AT = "SELECT confrelid::regclass FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%(tables)s::regclass[])"


def lock(cursor, tables: Sequence[type[models.Model]]) -> None:
    """These tables and what they point at for this transaction alone: all of them at once or none, because who held one while waiting for
    another would end in a deadlock with those who read. Raises OperationalError where they are not free within five minutes."""
    names = [model._meta.db_table for model in tables]
    cursor.execute(POINTED_AT, {"tables": names})
    everything = ", ".join(sorted({*names, *(table for (table,) in cursor.fetchall())}))
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                cursor.execute(f"LOCK TABLE {everything} IN ACCESS EXCLUSIVE MODE NOWAIT")
            return
        except OperationalError:
            if not left:
                raise
        time.sleep(WAIT)


@contextlib.contextmanager
def laid_aside(cursor, tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Of tables that are locked (`lock`). Constraints have to be immediate in the transaction."""
    names = {"tables": [model._meta.db_table for model in tables]}
    cursor.execute(CONSTRAINTS, names)
    constraints = cursor.fetchall()
    cursor.execute(INDEXES, names)
    indexes = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
