"""Phone numbers are stored encrypted, history included; keys can be changed; the screen shows them masked."""

import io

import pytest
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from polmas.people.encryption import is_token, masked
from polmas.people.models import User

PHONE = "0812-3456-7890"


def stored(table="people_user", column="phone", pk="id", value=None):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {pk} = %s ORDER BY 1", [value])  # noqa: S608 - names of this file
        return [row[0] for row in cursor.fetchall()]


def in_clear(user, text):
    """A row as it stood before there was encryption, or as somebody wrote it past polmas."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_user SET phone = %s WHERE id = %s", [text, user.pk])


def events(user):
    return stored("people_userevent", "phone", "pgh_obj_id", user.pk)


def test_the_column_holds_a_token_and_the_attribute_the_text(cast):
    cast.officer.phone = PHONE
    cast.officer.save()
    [token] = stored(value=cast.officer.pk)
    assert is_token(token)
    assert User.objects.get(pk=cast.officer.pk).phone == PHONE
    assert User.objects.only("name").get(pk=cast.officer.pk).phone == PHONE


def test_history_holds_tokens_too(cast):
    for phone in (PHONE, "0813-1111-2222"):
        cast.officer.phone = phone
        cast.officer.save()
    assert [text for text in events(cast.officer) if text and not is_token(text)] == []
    assert len([text for text in events(cast.officer) if is_token(text)]) == 1


def test_saving_the_same_text_again_is_no_change(cast):
    cast.officer.phone = PHONE
    cast.officer.save()
    before = (stored(value=cast.officer.pk), len(events(cast.officer)))
    again = User.objects.get(pk=cast.officer.pk)
    again.phone = PHONE
    again.save()
    assert (stored(value=cast.officer.pk), len(events(cast.officer))) == before


def test_an_empty_text_stays_empty_and_can_be_asked_for(cast):
    User.objects.filter(pk=cast.officer.pk).update(phone=PHONE)
    assert cast.officer not in User.objects.filter(phone="")
    assert cast.colleague in User.objects.filter(phone="")


@pytest.mark.parametrize("lookup", [{"phone": PHONE}, {"phone__contains": "0812"}, {"phone__in": [PHONE]}])
def test_nobody_can_search_it(db, lookup):
    with pytest.raises(FieldError):
        list(User.objects.filter(**lookup))


def test_a_new_key_opens_nothing_old_until_both_are_named_and_takes_over_when_resealed(cast, settings):
    User.objects.filter(pk=cast.officer.pk).update(phone=PHONE)
    old, new = settings.FIELD_KEYS, ["kunci-baru-yang-panjang-dan-acak"]
    settings.FIELD_KEYS = new
    assert User.objects.get(pk=cast.officer.pk).phone == ""
    settings.FIELD_KEYS = [*new, *old]
    assert User.objects.get(pk=cast.officer.pk).phone == PHONE
    history = len(events(cast.officer))
    call_command("reseal_fields", stdout=io.StringIO())
    settings.FIELD_KEYS = new
    assert User.objects.get(pk=cast.officer.pk).phone == PHONE
    assert len(events(cast.officer)) == history


def test_a_form_saved_under_the_wrong_key_loses_nothing(cast, settings, sign_in):
    User.objects.filter(pk=cast.officer.pk).update(phone=PHONE)
    right, settings.FIELD_KEYS = settings.FIELD_KEYS, ["sandi-yang-salah"]
    assert sign_in(cast.officer).post("/profil/", {"phone": "", "language": "id"}).status_code == 302
    settings.FIELD_KEYS = right
    assert User.objects.get(pk=cast.officer.pk).phone == PHONE


def test_what_stands_in_clear_is_encrypted_by_resealing(cast, settings):
    in_clear(cast.officer, PHONE)
    call_command("reseal_fields", stdout=io.StringIO())
    [token] = stored(value=cast.officer.pk)
    assert is_token(token)
    assert User.objects.get(pk=cast.officer.pk).phone == PHONE


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("", ""),
        ("081234561234", "0812-****-1234"),
        ("0812-3456-1234", "0812-****-1234"),
        ("+62 812 3456 1234", "0812-****-1234"),
        ("0247471", "****71"),
    ],
)
def test_masking(phone, shown):
    assert masked(phone) == shown


@given(st.from_regex(r"\+?[0-9][0-9 -]{4,27}", fullmatch=True))
def test_a_masked_number_hides_digits_always(phone):
    digits = [letter for letter in phone if letter.isdigit()]
    assert len([letter for letter in masked(phone) if letter.isdigit()]) < max(len(digits), 3)
