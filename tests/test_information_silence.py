"""An LI is told to nobody but those who have to know: every list, page, file, map and route of the API, walked with every role.

One LI carries words that stand nowhere else; each of the cast opens everything there is, and no answer holds one of them unless
that person reads the LI. The true name of the source stands in no answer at all.
"""

import pytest
from django.core.cache import cache
from django.db import transaction

from mapping.models import Beat
from patrol.models import Information, InformationSource, Report
from polmas.people.models import Role, User
from tests.access_table import TABLE, Scene
from tests.cast import LONG_AGO, make_person
from tests.patrol.informations import make_information

WORDS = ("zxqperihal", "zxqfakta", "zxqanalisa", "zxqsamaran", "zxqhubungan", "zxqdisposisi", "R/LI-")
SEALED = ("zxqnamaasli", "zxqkontak", "zxqcatatan")
READERS = {"officer", "kanit", "kanit_intelkam", "kapolsek", "kasat_intelkam", "kapolres"}
# Places where text is searched for or taken away: asked for the very words.
SEARCHES = (
    "/kegiatan/?q={q}",
    "/kegiatan/unduh/?q={q}",
    "/li/?q={q}",
    "/wilayah/?q={q}",
    "/warga/?q={q}",
    "/fkpm/?q={q}",
    "/api/v1/reports/?q={q}",
    "/api/v1/areas/?q={q}",
    "/api/v1/households/?q={q}",
    "/api/v1/counts/?unit=POLSEK-BANYUMANIK&from=2026-01-01&to=2026-12-31&by=area",
    "/api/v1/counts/?unit=POLSEK-BANYUMANIK&from=2026-01-01&to=2026-12-31&by=officer",
    "/dasbor/?satuan=POLSEK-BANYUMANIK",
    "/dasbor/?satuan=POLRESTABES-SEMARANG",
    "/dasbor/menonjol/?satuan=POLSEK-BANYUMANIK",
    "/dasbor/menonjol/?satuan=POLRESTABES-SEMARANG",
    "/wilayah/33.74.11.1004/",
)


@pytest.fixture
def scene(cast):
    """The scene of the access table, its LI full of words, a successor in the village."""
    cache.clear()
    cast.people["successor"] = make_person("80010077", "Penerus", cast.units.banyumanik, Role.BHABINKAMTIBMAS)
    scene = Scene(cast)
    Beat.objects.create(
        user=cast.people["successor"], area=cast.areas["33.74.11.1004"], unit=cast.units.banyumanik, starts_on=LONG_AGO, is_primary=False
    )
    information = make_telling(scene)
    information.register(cast.kanit, "RAHASIA", [cast.units.polres], 1)
    information.dispose(cast.kapolsek, "zxqdisposisi")
    scene.information = information
    return scene


def make_telling(scene) -> Information:
    told = {"subject": "zxqperihal", "facts": "zxqfakta", "analysis": "zxqanalisa", "source_alias": "zxqsamaran", "relation": "zxqhubungan"}
    information = make_information(scene.cast, source=False, origin=scene.report.uuid, **told)
    InformationSource.objects.create(information=information, name="zxqnamaasli", contact="zxqkontak", note="zxqcatatan")
    return information


def addresses(scene):
    """Every page and route that is read, and every search; each opened for the report, village and person of the LI."""
    for name, row in TABLE.items():
        if row.method == "GET" and name != "healthz":
            yield row.address(name, scene)
    for search in SEARCHES:
        for word in WORDS[:2]:
            yield search.format(q=word)


def said(client, address) -> str:
    with transaction.atomic():
        response = client.get(address)
        body = response.getvalue() if response.streaming else response.content
        transaction.set_rollback(True)
    assert response.status_code < 500, address
    return f"{body.decode(errors='replace')} {dict(response.headers)}"


OTHERS = ("colleague", "successor", "outsider", "kasat", "operator", "clerk", "polda_reader", "admin", "chair", "secretary")


@pytest.mark.parametrize("who", OTHERS)
def test_who_need_not_know_finds_no_word_of_it_anywhere(scene, sign_in, who):
    client = sign_in(User.objects.get(pk=scene.cast.people[who].pk))
    assert who not in READERS
    for address in addresses(scene):
        text = said(client, address)
        asked = [word for word in WORDS if word in address]
        found = [word for word in (*WORDS, *SEALED) if word in text and word not in asked]
        assert not found, (who, address, found)
        assert f"/li/{scene.information.uuid}" not in text, (who, address)


@pytest.mark.parametrize("who", sorted(READERS))
def test_not_even_who_reads_it_finds_the_source(scene, sign_in, who):
    client = sign_in(User.objects.get(pk=scene.cast.people[who].pk))
    for address in addresses(scene):
        text = said(client, address)
        assert not [word for word in SEALED if word in text], (who, address)
        if "/li/" not in address and "/informations/" not in address:
            assert not [word for word in WORDS if word in text and word not in address], (who, address)


@pytest.mark.parametrize("who", sorted(READERS))
def test_who_has_to_know_reads_it(scene, sign_in, who):
    """So that the silence above is no accident of a broken page."""
    client = sign_in(User.objects.get(pk=scene.cast.people[who].pk))
    text = said(client, f"/li/{scene.information.uuid}/")
    assert not [word for word in WORDS if word not in text]
    assert "zxqperihal" in said(client, "/li/?q=zxqfakta")


def test_the_kasat_binmas_knows_one_number_and_others_none(scene, sign_in):
    seen = {}
    for who in ("kasat", "kapolsek", "kapolres", "operator", "polda_reader"):
        response = sign_in(scene.cast.people[who]).get("/dasbor/?satuan=POLSEK-BANYUMANIK&periode=hari")
        counted = response.context["informations"]
        seen[who] = counted and (counted["count"], bool(counted["link"]))
    assert seen == {"kasat": (3, False), "kapolsek": (3, True), "kapolres": (3, True), "operator": None, "polda_reader": None}


def test_no_figure_of_reports_counts_it(scene, sign_in):
    """LI stand in no target, score or ranking: neither in the counts of reports nor in the list of activities."""
    rows = sign_in(scene.cast.kapolsek).get("/api/v1/counts/?unit=POLSEK-BANYUMANIK&from=2026-01-01&to=2027-12-31&by=kind").json()
    assert "LI" not in {row["key"] for row in rows["results"]}
    assert rows["total"] == Report.objects.counted().filter(unit=scene.cast.units.banyumanik).count()
