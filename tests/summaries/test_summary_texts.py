"""What people write into a summary stays free of LI: the form says so beside the parts that come near them, and refuses their words."""

import datetime

import pytest
import time_machine

from polmas.summaries import building
from polmas.summaries.forms_summaries import FEWEST_LETTERS
from polmas.summaries.models import Summary
from tests.mapping.problems import make_problem
from tests.patrol.informations import make_information, register

OCTOBER = datetime.date(2026, 10, 1)
FACTS = "Sekelompok pemuda akan berkumpul di lapangan belakang pasar."
WARNING = "Jangan memuat isi LI di sini"


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, 0, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def known(cast):
    information = register(cast, make_information(cast, day=datetime.date(2026, 10, 14), facts=FACTS))
    summary = building.build(cast.units.banyumanik, "monthly", OCTOBER)
    return information, summary, f"/rekap/{summary.uuid}/ubah/"


def sent(client, address, **texts):
    form = client.get(address).context["form"]
    return client.post(address, {**{name: form[name].value() or "" for name in form.fields}, **texts})


@pytest.mark.parametrize(("who", "times"), [("kapolsek", 2), ("kanit_intelkam", 2), ("kanit", 0), ("spkt", 0)])
def test_the_warning_stands_beside_the_parts_of_intelkam(cast, known, sign_in, who, times):
    assert sign_in(cast.people[who]).get(known[2]).content.decode().count(WARNING) == times


@pytest.mark.parametrize("part", ["C", "G", "analysis"])
def test_words_and_number_of_an_li_are_refused_and_what_was_typed_stays(cast, known, sign_in, part):
    information, _summary, address = known
    client = sign_in(cast.kapolsek)
    for words in (information.number, FACTS.upper().replace(" ", "\n")):
        page = sent(client, address, **{part: f"Perlu perhatian: {words}"})
        assert page.status_code == 200
        assert "Teks ini mengulang Laporan Informasi" in page.content.decode()
        assert "Perlu perhatian:" in page.content.decode()
    assert Summary.objects.get().texts == {}
    assert sent(client, address, **{part: "Perlu perhatian di sekitar pasar."}).status_code == 302


def test_who_reads_no_li_learns_nothing_from_a_refusal(cast, known, sign_in):
    assert sent(sign_in(cast.spkt), known[2], B=known[0].number).status_code == 302


def test_the_title_of_a_confidential_problem_and_the_steps_of_an_li_are_refused_too(cast, known, sign_in):
    information, _summary, address = known
    title = "Rencana pengusiran jemaat di RW 03"
    make_problem(cast, title=title, is_confidential=True)
    client = sign_in(cast.kapolsek)
    for words in (title, information.steps_taken, information.recommendation):
        if len(words) >= FEWEST_LETTERS:
            assert sent(client, address, analysis=f"Perhatikan {words}").status_code == 200
    assert Summary.objects.get().texts == {}
