"""What stands out on a dashboard, and the pages with all officers or all units below."""

import datetime

import pytest

from mapping.models import Problem
from polmas.people.periods import Period
from polmas.summaries.contents import Group, of_polsek
from tests.mapping.incidents import make_incident
from tests.mapping.problems import make_problem
from tests.patrol.informations import make_information, register
from tests.summaries.rows import banyumanik

URL, ROWS = "/dasbor/menonjol/", "/dasbor/rincian/"


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr("patrol.models.marks.current_app.send_task", lambda name, **kwargs: None)


@pytest.fixture
def scene(cast):
    """A killing and a theft; a quarrel and a dark street; a reliable LI and one that nobody valued."""
    make_incident(cast, kind="BUNUH", narrative="zxqcerita", address="Jalan Zxqalamat 3")
    make_incident(cast, kind="CURANMOR")
    make_incident(cast, kind="PERKOSA", narrative="zxqrahasia")
    grave, dark, secret = (make_problem(cast, title=title) for title in ("zxqsengketa", "zxqgelap", "zxqtertutup"))
    Problem.objects.filter(pk__in=[grave.pk, secret.pk]).update(grade="GN")
    Problem.objects.filter(pk=dark.pk).update(grade="PG", vulnerability="", klass="LINGKUNGAN")
    Problem.objects.filter(pk=secret.pk).update(is_confidential=True)
    valued = make_information(cast, subject="zxqterpercaya")
    register(cast, valued)
    type(valued).objects.filter(pk=valued.pk).update(source_value="A", content_value="1")
    make_information(cast, subject="zxqbelum")


def told(page):
    words = ("zxqsengketa", "zxqgelap", "zxqtertutup", "zxqterpercaya", "zxqbelum", "zxqrahasia", "Zxqalamat")
    return {word for word in words if word in page.content.decode()}


def test_each_reader_learns_what_the_registers_tell(cast, sign_in, scene):
    code = {"satuan": "POLSEK-BANYUMANIK"}
    seen = {who: told(sign_in(cast.people[who]).get(URL, code)) for who in ("kapolsek", "kanit", "kapolres", "kasat", "clerk", "polda_reader")}
    full = {"zxqsengketa", "zxqterpercaya", "Zxqalamat"}
    assert seen == {
        **dict.fromkeys(("kapolsek", "kanit", "kapolres"), full),
        **dict.fromkeys(("kasat", "clerk"), full - {"zxqterpercaya"}),
        "polda_reader": set(),
    }
    above = sign_in(cast.people["polda_reader"]).get(URL, code).context
    assert ([row["kind"] for row in above["incidents"]], above["problems"], above["informations"]) == (["BUNUH"], None, None)
    for who in ("officer", "outsider", "secretary", "admin", "kanit_intelkam"):
        assert sign_in(cast.people[who]).get(URL, code).status_code == 404


def test_tells_the_same_as_the_paper(cast, sign_in, scene):
    unit = cast.units.banyumanik
    period = Period(unit.today() - datetime.timedelta(days=6), unit.today())
    page = sign_in(cast.kapolsek).get(URL).context
    paper = of_polsek(Group.of(unit), period)[unit.path]
    assert [row["id"] for row in page["incidents"]] == [row["id"] for row in paper["incidents"]["outstanding"]]
    assert [row["id"] for row in page["problems"]] == [row["id"] for row in paper["conflicts"]["standing"]]


def test_is_fetched_late_kept_by_no_browser_and_there_without_a_script(cast, sign_in, scene, django_assert_max_num_queries):
    client = sign_in(cast.kapolsek)
    page = client.get("/dasbor/")
    assert "zxqsengketa" not in page.content.decode()
    assert 'hx-get="/dasbor/menonjol/' in page.content.decode()
    whole = client.get(page.context["standouts_url"])
    assert "no-store" in whole["Cache-Control"]
    assert "<html" in whole.content.decode()
    with django_assert_max_num_queries(12):
        part = client.get(page.context["standouts_url"], headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    links = [row["link"] for name in ("incidents", "problems") for row in part.context[name]]
    assert {client.get(link).status_code for link in links} == {200}


def test_all_officers_are_searched_and_put_in_order(cast, sign_in):
    banyumanik(cast, 2, cast.units.banyumanik.today())
    client = sign_in(cast.kapolsek)

    def names(**asked):
        return [line["person"].username for line in client.get(ROWS, {"satuan": "POLSEK-BANYUMANIK", **asked}).context["lines"]]

    assert names(urut="terbanyak")[0] == names()[-1] == cast.officer.username
    assert names(q=cast.officer.name.upper()) == [cast.officer.username]
    assert names(q="\0" + "x" * 5000) == []
    assert sorted(names(urut="abad")) == sorted(names(urut="sinkron")) == sorted(names(urut="terverifikasi")) == sorted(names(urut="nama"))
    assert sign_in(cast.people["polda_reader"]).get(ROWS, {"satuan": "POLSEK-BANYUMANIK"}).status_code == 404


@pytest.mark.parametrize("order", ["", "terbanyak", "tersedikit", "turun", "belum", "tinjau", "terlambat"])
def test_all_units_below_too(cast, sign_in, order):
    banyumanik(cast, 2, cast.units.banyumanik.today())
    page = sign_in(cast.kapolres).get(ROWS, {"urut": order})
    found = [line["unit"].code for line in page.context["lines"]]
    assert len(found) >= 2
    assert order not in ("terbanyak", "tinjau") or found[0] == "POLSEK-BANYUMANIK"
    assert [line["unit"].code for line in sign_in(cast.kapolres).get(ROWS, {"q": "banyu"}).context["lines"]] == ["POLSEK-BANYUMANIK"]
    assert sign_in(cast.people["polda_reader"]).get(ROWS, {"urut": order}).status_code == 200
