"""Every kind of report: what its form describes can be sent, is stored, comes back and is shown."""

import uuid

import pytest
from django.contrib.gis.db import models
from django.utils.translation import override

from fkpm.models import Case
from patrol.kinds import BY_SLUG, KINDS
from patrol.models import Kind, Report
from polmas.people.fields import CodeField, CodesField
from polmas.people.models import Code
from tests.cast import PEDALANGAN
from tests.patrol.items import correction_of, report_item, send, statuses

ALL = sorted(KINDS)


def filled(field, n=1):
    """Something true for one column, as a phone sends it."""
    if isinstance(field, CodesField):
        return list(Code.objects.of(field.code_list).values_list("code", flat=True)[:2])
    if isinstance(field, CodeField):
        return Code.objects.of(field.code_list).values_list("code", flat=True)[0]
    if field.choices:
        return next(value for value, _label in field.choices if value)
    if isinstance(field, models.ForeignKey | models.LineStringField):
        return None  # a post and a track have tests of their own
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DateTimeField):
        return "2026-11-20T09:15:00+07:00"
    if isinstance(field, models.DateField):
        return "2026-12-01"
    if isinstance(field, models.PointField):
        return dict(PEDALANGAN)
    if isinstance(field, models.IntegerField):
        return n
    return f"Isi {field.name} {n}"


def columns(form, n=1):
    return {name: filled(field, n) for name, field in form.columns().items()}


def complete(kind: str, **changes) -> dict:
    """A report of a kind with everything filled that its form asks for."""
    entry = KINDS[kind]
    detail = columns(entry.form) | {name: [columns(form, 1), columns(form, 2)] for name, form in entry.form.rows.items()}
    if kind == "PS":
        detail["parties"][1]["role"] = "PIHAK_2"
        detail |= {"grave": "TIDAK", "child_crime": "TIDAK", "unrest": "TIDAK"}
        for party in detail["parties"]:
            party["age"] = 40
    if entry.subject:
        sent = {name: filled(entry.register._meta.get_field(name)) for name in entry.register.SENT}
        detail[entry.subject] = {"id": str(uuid.uuid4()), **sent, "rw": "005", "rt": "003"}
    item = report_item(kind=kind, narrative="Kegiatan berjalan lancar.", **changes)
    return {**item, "detail": detail}


def test_every_kind_of_activity_has_its_row():
    assert set(KINDS) == set(Kind.values)
    assert len(BY_SLUG) == len(KINDS)


@pytest.mark.parametrize("kind", ALL)
def test_a_complete_report_comes_back_as_it_was_sent(cast, api, kind):
    item = complete(kind)
    answers = send(api(cast.officer), item)
    assert statuses(answers) == ["created"], answers
    stored = api(cast.officer).get(f"/api/v1/reports/{item['id']}/").json()
    assert stored["kind"] == kind
    for name, value in item["detail"].items():
        assert comparable(stored["detail"][name]) == comparable(value), name


def comparable(value):
    """Times as they are answered, in the zone of the unit; places without their accuracy, which only a report's own keeps."""
    if isinstance(value, list):
        return [comparable(each) for each in value]
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in value.items() if name != "accuracy"}
    return "2026-11-20T09:15:00+07:00" if value == "2026-11-20T02:15:00+00:00" else value


@pytest.mark.parametrize("kind", ALL)
def test_a_correction_of_everything_stands_in_the_history(cast, api, sign_in, kind):
    item = complete(kind)
    send(api(cast.officer), item)
    changed = correction_of(item, narrative="Sudah diperbaiki.")
    assert statuses(send(api(cast.officer), changed)) == ["created"]
    page = sign_in(cast.officer).get(f"/kegiatan/{item['id']}/")
    assert page.status_code == 200
    assert "Sudah diperbaiki." in page.content.decode()
    assert sign_in(cast.kanit).get(f"/tinjau/{item['id']}/").status_code == 200


@pytest.mark.parametrize("kind", ALL)
def test_its_form_opens_with_few_queries(cast, sign_in, django_assert_max_num_queries, kind):
    client = sign_in(cast.officer)
    client.get("/catat/")
    with django_assert_max_num_queries(10):
        assert client.get(f"/catat/{KINDS[kind].slug}/").status_code == 200


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"PATROLI", "PS"}))
def test_only_time_village_and_one_sentence_are_required(cast, api, kind):
    """domain.md 4.0; visits also need to know on whom one called."""
    detail = {"declined": True} if KINDS[kind].form.needs_subject else {}
    item = {**report_item(kind=kind), "detail": detail, "result": "", "narrative": ""}
    sentence = KINDS[kind].form.sentence
    [answer] = send(api(cast.officer), item)
    assert [(each["attr"], each["code"]) for each in answer["errors"]] == [(sentence, "required")]
    assert statuses(send(api(cast.officer), {**item, sentence: "Lancar."})) == ["created"]


def test_the_kind_of_a_report_stays(cast, api):
    item = complete("BINLUH")
    send(api(cast.officer), item)
    other = {**complete("SOSIAL"), "id": item["id"], "version": 2, "base_version": 1}
    [answer] = send(api(cast.officer), other)
    assert [each["attr"] for each in answer["errors"]] == ["kind"]
    assert Report.objects.get(uuid=item["id"]).kind == "BINLUH"


def test_force_needs_its_ground(cast, api):
    item = complete("PENGAMANAN")
    item["detail"] |= {"force": True, "force_ground": " "}
    [answer] = send(api(cast.officer), item)
    assert [each["attr"] for each in answer["errors"]] == ["detail.force_ground"]


def test_unknown_codes_and_numbers_out_of_bounds_are_named(cast, api):
    item = complete("BINLUH")
    item["detail"] |= {"topics": ["NARKOBA", "TIDAK_ADA"], "audience": "ENTAH"}
    [answer] = send(api(cast.officer), item)
    assert {each["attr"] for each in answer["errors"]} == {"detail.topics.1", "detail.audience"}
    item["detail"] |= {"topics": [], "audience": "", "participant_count": -1}
    [answer] = send(api(cast.officer), item)
    assert [each["attr"] for each in answer["errors"]] == ["detail.participant_count"]


def test_problem_solving_asks_for_both_parties_and_the_outcome(cast, api):
    item = complete("PS")
    item["detail"] |= {"parties": item["detail"]["parties"][:1], "happened_on": None}
    [answer] = send(api(cast.officer), item)
    assert {each["attr"] for each in answer["errors"]} == {"detail.parties", "detail.happened_on"}
    del item["detail"]["outcome"], item["detail"]["category"]
    [answer] = send(api(cast.officer), item)
    assert {each["attr"] for each in answer["errors"]} == {"detail.outcome", "detail.category"}


def test_what_is_referred_goes_to_the_spkt_unless_said_otherwise(cast, api):
    item = complete("PS")
    item["detail"] |= {"outcome": "DILIMPAHKAN", "referred_to": ""}
    send(api(cast.officer), item)
    assert Case.objects.get(uuid=item["id"]).referred_to == "SPKT"


def test_names_of_parties_are_for_the_officer_and_the_commanders(cast, api, sign_in):
    """Operators read reports of their Polsek without names in cases; so does a colleague who holds the village."""
    item = complete("PS")
    item["detail"]["parties"][0]["name"] = "Bapak Rahasia"
    send(api(cast.officer), item)
    send(api(cast.officer), correction_of(item, narrative="Diperbaiki."))
    page = f"/kegiatan/{item['id']}/"
    for person in (cast.officer, cast.kanit, cast.kapolsek, cast.kapolres):
        assert "Bapak Rahasia" in sign_in(person).get(page).content.decode()
    assert "Bapak Rahasia" not in sign_in(cast.operator).get(page).content.decode()
    stored = api(cast.operator).get(f"/api/v1/reports/{item['id']}/").json()
    assert "parties" not in stored["detail"]
    assert not Case.objects.for_user(cast.operator).exists()
    assert not Case.objects.for_user(cast.secretary).exists()


def test_a_correction_mends_the_case_and_keeps_it_one(cast, api):
    item = complete("PS")
    send(api(cast.officer), item)
    parties = [*item["detail"]["parties"], {"role": "SAKSI", "name": "Sri"}]
    detail = {**item["detail"], "outcome": "DAMAI", "settlement": "Saling memaafkan.", "parties": parties}
    assert statuses(send(api(cast.officer), correction_of(item, detail=detail))) == ["created"]
    case = Case.objects.get()
    assert (case.outcome, case.settlement) == ("DAMAI", "Saling memaafkan.")
    assert [party.name for party in case.parties.all()][-1] == "Sri"
    assert case.parties.count() == 3


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_list_names_each_kind_as_its_page_does(language):
    with override(language):
        for kind in Kind.values:
            assert Report(kind=kind).kind_label == Report(kind=kind).get_kind_display()
