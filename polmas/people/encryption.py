"""Texts that are stored encrypted: phone numbers of residents and of officers (UU 27/2022).

A token of Fernet stands in the column, and so in its history. It is made with the first of `FIELD_KEYS`; any of them
opens it, so that keys can be changed while polmas runs. An empty text stays empty. Such a column can't be searched.
"""

import base64
import functools
import hashlib
import logging
import re
from collections.abc import Iterable, Iterator

import pgtrigger
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

log = logging.getLogger("polmas.people")
BATCH = 500
# Whether there is any text; and whether the row changed, which the triggers of the history ask.
ANSWERED = frozenset({"exact", "isnull", "df"})


@functools.cache
def cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    """Of keys as people keep them, any long random text."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def cipher() -> MultiFernet:
    return cipher_of(tuple(settings.FIELD_KEYS))


def seal(text: str) -> str:
    return cipher().encrypt(text.encode()).decode() if text else ""


class Sealed:
    """What a column holds. It is opened when somebody first asks, since most lists never do."""

    def __init__(self, token: str):
        self.token = token

    @functools.cached_property
    def text(self) -> str:
        """The text; empty where none of the keys opens it, which the log says. The token stays in the row until another text takes its place."""
        try:
            return cipher().decrypt(self.token.encode()).decode() if self.token else ""
        except InvalidToken:
            log.error("a stored text can not be opened with any of FIELD_KEYS")
            return ""

    def __str__(self):
        return self.text


class OpenedText:
    """The attribute of a model: text to its readers, while the row keeps the token. The same text again is no change."""

    def __init__(self, field):
        self.field = field

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        return value.text if isinstance(value, Sealed) else value

    def __set__(self, instance, value):
        kept = instance.__dict__.get(self.field.attname)
        if isinstance(kept, Sealed) and not isinstance(value, Sealed) and kept.text == value:
            return
        instance.__dict__[self.field.attname] = value


class EncryptedCharField(models.CharField):
    """A short text, stored encrypted. `max_length` limits what people type, not what is stored. `values()` gives it sealed: str() opens it."""

    descriptor_class = OpenedText

    def get_internal_type(self):
        return "TextField"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance, add):
        return model_instance.__dict__[self.attname]

    def get_prep_value(self, value):
        return value if isinstance(value, Sealed) else super().get_prep_value(value)

    def to_python(self, value):
        return value if isinstance(value, Sealed) else super().to_python(value)

    def get_db_prep_value(self, value, connection, prepared=False):
        value = value if prepared else self.get_prep_value(value)
        return value.token if isinstance(value, Sealed) else value and seal(value)

    def get_lookup(self, lookup_name):
        if lookup_name not in ANSWERED:
            raise FieldError(f"{self.name} is stored encrypted and can not be searched")
        return OnlyEmpty if lookup_name == "exact" else super().get_lookup(lookup_name)


class OnlyEmpty(models.lookups.Exact):
    """Whether there is any text: the one question that an encrypted column answers."""

    def get_prep_lookup(self):
        if self.rhs != "":
            raise FieldError("stored encrypted: it can be compared with the empty text only")
        return self.rhs


def encrypted_fields(models_of: Iterable[type[models.Model]] | None = None) -> Iterator[tuple[type[models.Model], list[str]]]:
    """Each model with its encrypted fields, tables of history included."""
    for model in models_of or apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedCharField)]
        if names:
            yield model, names


def reseal(model: type[models.Model], names: list[str]) -> int:
    """Encrypts every row of a table anew with the first key, rows that still stand in clear too. Changes no history. Returns how many."""
    done, last = 0, None
    manager = model._base_manager
    with pgtrigger.ignore():
        while rows := list(manager.order_by("pk").filter(**({"pk__gt": last} if last else {}))[:BATCH]):
            last = rows[-1].pk
            opened = [row for row in rows if all(is_open(row.__dict__[name]) for name in names)]
            for row in opened:
                row.__dict__.update({name: plain(row.__dict__[name]) for name in names})
            manager.bulk_update(opened, names)
            done += len(opened)
    return done


def plain(value: Sealed) -> str:
    return value.text if is_token(value.token) else value.token


def is_open(value: Sealed) -> bool:
    """Whether a text can be encrypted anew; what no key opens stays as it is, so that the right key still can."""
    return not value.token or bool(plain(value))


def is_token(text: str) -> bool:
    """Whether a text looks like a token of Fernet: version 0x80 and a moment of this century, in base64."""
    return text.startswith("gAAAA") and len(text) >= 100


def masked(phone: str) -> str:
    """A phone number as it may stand on any screen: 0812-****-1234. Of short ones the last two digits."""
    digits = re.sub(r"^62", "0", re.sub(r"\D", "", phone))
    if not digits:
        return ""
    if len(digits) < 10:
        return f"****{digits[-2:]}"
    return f"{digits[:4]}-****-{digits[-4:]}"
