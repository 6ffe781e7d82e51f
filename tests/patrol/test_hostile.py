"""Whatever is sent, nobody sees a 5xx, and text comes back as it went in."""

import base64
import html
import json
import pathlib
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol.models import Report
from patrol.schema import ITEM
from tests.patrol.items import report_item, send

SHARED = pathlib.Path(__file__).parents[3] / "shared/data/text/blns.json"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7331*1337 }}{% now 'Y' %}${7331*1337}",
    "'; DROP TABLE patrol_report; --",
    '=HYPERLINK("http://contoh.id","klik")',
    "\u202eterbalik\u202c",
    "\u200b\u200c\ufeff.",
    "e\u0301 é",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\ud83d",
    "a\u0000b",
    "\t\n\r ",
    "%s %d %(n)s %n",
    "../../../etc/passwd",
    "ب‎ا‎ن",
    "Ba'u Regapu’u",
    "\x01\x02\x7f\x85",
    "",
]
STRINGS = HOSTILE + (json.loads(SHARED.read_text()) if SHARED.exists() else [])


def is_storable(text):
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def test_hostile_strings_are_stored_unchanged_or_refused(cast, api):
    """As sentence, narrative, name and place. Refused are only NUL, halves of characters, and white space where a word is needed."""
    for start in range(0, len(STRINGS), 100):
        part = STRINGS[start : start + 100]
        items = [report_item(result=text[:2000], narrative=text, place=text[:200], detail=household(text)) for text in part]
        for text, item, answer in zip(part, items, send(api(cast.officer), *items), strict=True):
            is_fit = is_storable(text) and text.strip()
            assert answer["status"] == ("created" if is_fit else "rejected"), (text, answer)
            if is_fit:
                report = Report.objects.get(uuid=item["id"])
                assert (report.narrative, report.result, report.visit.household.head_name) == (
                    text,
                    text[:2000],
                    (text[:120].strip() and text[:120]) or "Widodo",
                )


def household(text):
    name = text[:120]
    return {"household": {"id": str(uuid.uuid4()), "head_name": name if name.strip() else "Widodo", "rw": "5", "rt": "3"}}


def test_hostile_strings_on_pages(cast, api, sign_in):
    """Searched for and shown: never executed, never a 5xx."""
    texts = [text for text in STRINGS if is_storable(text) and text.strip()]
    items = [report_item(narrative=text, result=text[:2000]) for text in texts]
    send(api(cast.officer), *items[:100])
    client, program = sign_in(cast.officer), api(cast.officer)
    for text in STRINGS:
        assert program.get("/api/v1/reports/", {"q": readable(text), "page_size": 1}).status_code in (200, 400)
    for text in HOSTILE:
        response = client.get("/kegiatan/", {"q": readable(text)})
        assert response.status_code == 200
        assert not any(word in response.content for word in EXECUTED)
    for item in items[:30]:
        response = client.get(f"/kegiatan/{item['id']}/")
        assert response.status_code == 200
        assert not any(word in response.content for word in EXECUTED)
        assert item["narrative"] in html.unescape(response.content.decode())


EXECUTED = (b"<script>alert", b"<img src=x", b"9801547")  # the last: a sum that a template worked out


def readable(text):
    return text.encode("utf-8", "replace").decode()


def test_hostile_addresses(cast, sign_in):
    cursors = ["x", "9999999999999.000000-1", "32503680001.000000-1", "1.000000-999999999999999999", "%00", "1.0-1"]
    filters = [
        "",
        "dari=kemarin&sampai=9999-99-99",
        "jenis=XX&status=%00",
        "wilayah=%00&petugas=%00&satuan=%00",
        "q=%00",
        "cakupan=x",
        "wilayah=..&q=%25%5C_",
    ]
    for person in (cast.officer, cast.kapolsek):
        client = sign_in(person)
        for query in [*(f"sebelum={cursor}" for cursor in cursors), *filters]:
            assert client.get(f"/kegiatan/?{query}").status_code == 200, query
            export = client.get(f"/kegiatan/unduh/?{query}", follow=True)
            assert export.status_code == 200, query
            if export.streaming:
                export.getvalue()  # read to its end, a file is closed
        for query in (*filters, "cursor=x", "page_size=-1", "kind=%00", "since=x", "unit=%00", "area=%00"):
            assert client.get(f"/api/v1/reports/?{query}").status_code in (200, 400, 404), query
        assert client.get("/api/v1/households/?updated_after=x").status_code == 400


@pytest.mark.parametrize("position", ["p=abc", "p=a%00b", "p=9999999999999999999", "p=", "r=1&p=x", "p=%D9%A1"])
def test_cursors_of_ones_own_making(cast, api, position):
    cursor = base64.b64encode(position.encode()).decode()
    for path in ("reports", "households", "areas", "forums", "meetings", "actions", "summaries"):
        assert api(cast.kapolsek).get(f"/api/v1/{path}/", {"cursor": cursor}).status_code == 404, path


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["DDS", "AMAN", "33.74.11.1004", "2026-11-20T09:15:00+07:00", "\ud800", "\0"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "lat", "lon", "household", "text", "kind"]) | st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=8,
)
names = st.sampled_from([*ITEM["properties"], "lain"])
nested = st.sampled_from(["household", "declined", "absent", "received_by", "purposes", "opinions", "next_visit_on"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=st.dictionaries(names, anything, max_size=3), detail=st.dictionaries(nested, anything, max_size=2), sent_at=anything, stray=anything)
def test_any_json_has_an_answer(cast, api, changes, detail, sent_at, stray):
    """Every item of any JSON gets one of the four answers, the good one beside it is stored."""
    item = {**report_item(detail=detail), **changes}
    body = (
        json.dumps({"sent_at": sent_at, "reports": [item, stray, good := report_item()]}, allow_nan=True)
        .replace("NaN", "0")
        .replace("-Infinity", "-1e999")
        .replace("Infinity", "1e999")
    )
    response = api(cast.officer).generic("POST", "/api/v1/reports/sync/", body, content_type="application/json")
    assert response.status_code == 200
    answers = response.json()["results"]
    assert [answer["status"] in ("created", "known", "conflict", "rejected") for answer in answers] == [True] * 3
    assert all(answer["errors"] for answer in answers if answer["status"] == "rejected")
    assert Report.objects.filter(uuid=good["id"]).exists()
