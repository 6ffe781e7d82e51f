"""The words by which a phone shows what it holds: none is missing, in either language."""

import json

import pytest
from django.utils.translation import override

from patrol.information_sync import ITEM as INFORMATION
from patrol.kinds import KINDS
from patrol.labels import words
from patrol.schema import ITEM, schema_of_detail

pytestmark = pytest.mark.django_db
# What a person is not shown, or by other ways.
NUMBERS = {"id", "schema", "version", "base_version", "origin", "origin_opinion"}
UNSAID = NUMBERS | {"kind", "photos", "saved_at", "location", "area", "detail", "campaign"}


def labels_in(told):
    for name, word in told.items():
        if isinstance(word, dict):
            yield from labels_in(word)
        elif name:
            yield word[0]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_field_that_a_phone_sends_has_its_word(cast, language):
    with override(language):
        told = words()
    assert set(ITEM["properties"]) - UNSAID <= set(told["report"])
    assert set(INFORMATION["properties"]) - UNSAID <= set(told["li"])
    for kind, entry in KINDS.items():
        assert set(schema_of_detail(entry)["properties"]) <= set(told["kinds"][kind]), kind
    assert all(labels_in({**told["report"], **told["kinds"], **told["li"]}))


def test_codes_are_told_in_the_readers_language(cast):
    for language, label in (("id", "Batas tanah"), ("en", "Land boundary")):
        with override(language):
            told = words()
        name = told["kinds"]["PS"]["category"][1]
        assert told["lists"][name]["BATAS_TANAH"] == label
        assert not [name for name, codes in told["lists"].items() if not codes]


def test_the_kept_pages_hold_them_and_ask_little(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.officer)
    for address in ("/antrean/", "/luring/rincian/"):
        with django_assert_max_num_queries(12):
            page = client.get(address).content.decode()
        assert json.loads(page.partition('<script id="words" type="application/json">')[2].partition("</script>")[0])["kinds"]["DDS"]
