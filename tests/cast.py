"""The small cast of every test, and the places where they stand.

officer holds Pedalangan and Padangsari for Polsek Banyumanik; colleague holds Sumurboto there; outsider serves at Polsek
Gajahmungkur; kanit (Binmas), kanit_intelkam, kapolsek and clerk (operator of the Polsek) at Banyumanik; kasat (Binmas),
spkt and reskrim (kanit_lain) at Banyumanik as well;
kasat_intelkam, kapolres and propam at Polrestabes Semarang; operator of the Polres;
admin; chair and secretary of FKPM Pedalangan, and a secretary of another forum. Every shape is a plain square.
"""

import datetime
import functools
import types

from django.contrib.auth.hashers import make_password
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import transaction

from fkpm.eligibility_rules import load_rules
from fkpm.models import Element, EligibilityRule, Forum, Member, Position
from mapping.models import Area, AreaShape, Beat
from polmas.people.code_lists import load_defaults
from polmas.people.models import Code, Posting, Role, Unit, User
from polmas.summaries.models import ClusterRule, IndexIndicator, IndexScheme, IndexWeight, ScoreWeights, Target
from polmas.summaries.models.index_schemes import load_defaults as load_indicators
from polmas.summaries.models.scores import load_defaults as load_weights
from polmas.summaries.models.targets import load_defaults as load_targets

PASSWORD = "sandi-uji-2026"
LONG_AGO = datetime.date(2024, 1, 1)

AREAS = {
    "33": "Jawa Tengah",
    "33.74": "Kota Semarang",
    "33.74.11": "Banyumanik",
    "33.74.11.1003": "Padangsari",
    "33.74.11.1004": "Pedalangan",
    "33.74.11.1005": "Sumurboto",
    "33.74.09": "Gajahmungkur",
    "33.74.09.1001": "Gajahmungkur",
}
# South-west corner (lon, lat) of each village's square of 0.02 degrees.
CORNERS = {"33.74.11.1004": (110.42, -7.07), "33.74.11.1003": (110.42, -7.09), "33.74.11.1005": (110.40, -7.07), "33.74.09.1001": (110.40, -7.02)}
PEDALANGAN = {"lat": -7.0629, "lon": 110.4280, "accuracy": 12.5}


def make_units():
    mabes = Unit.objects.add_root(dict(code="MABES", name="Mabes Polri", kind="MABES"))
    polda = Unit.objects.add_child(mabes, dict(code="POLDA-JATENG", name="Polda Jawa Tengah", kind="POLDA"))
    polres = Unit.objects.add_child(
        polda,
        dict(
            code="POLRESTABES-SEMARANG",
            name="Polrestabes Semarang",
            kind="POLRESTABES",
            city="Semarang",
            head_title="KAPOLRESTABES SEMARANG",
            short_name="Restabes Smg",
        ),
    )
    head = "KEPOLISIAN NEGARA REPUBLIK INDONESIA DAERAH JAWA TENGAH\nRESOR KOTA BESAR SEMARANG\nSEKTOR BANYUMANIK"
    banyumanik = Unit.objects.add_child(
        polres,
        dict(
            code="POLSEK-BANYUMANIK",
            name="Polsek Banyumanik",
            kind="POLSEK",
            city="Semarang",
            letterhead=head,
            head_title="KAPOLSEK BANYUMANIK",
            short_name="Sek Bmk",
        ),
    )
    polres = Unit.objects.get(pk=polres.pk)
    gajahmungkur = Unit.objects.add_child(
        polres, dict(code="POLSEK-GAJAHMUNGKUR", name="Polsek Gajahmungkur", kind="POLSEK", city="Semarang", short_name="Sek Gjm")
    )
    fresh = {unit.code: unit for unit in Unit.objects.all()}
    return types.SimpleNamespace(
        mabes=fresh["MABES"],
        polda=fresh["POLDA-JATENG"],
        polres=fresh[polres.code],
        banyumanik=fresh[banyumanik.code],
        gajahmungkur=fresh[gajahmungkur.code],
    )


def make_areas(units):
    made = Area.objects.make(AREAS, {})
    shapes = []
    for code, (lon, lat) in CORNERS.items():
        square = Polygon.from_bbox((lon, lat, lon + 0.02, lat + 0.02))
        square.srid = 4326
        shapes.append(AreaShape(area=made[code], source="uji", shape=MultiPolygon(square, srid=4326), area_m2=4_900_000))
    AreaShape.objects.bulk_create(shapes)
    for code, unit in (("33.74.11", units.banyumanik), ("33.74.09", units.gajahmungkur)):
        unit.areas.add(*Area.objects.villages().filter(code__startswith=code))
    return {area.code: area for area in Area.objects.all()}


@functools.cache
def hashed(password):
    """Hashing is slow by design; thirteen people share one password."""
    return make_password(password)


def make_person(username, name, unit=None, role=None, rank="", **more):
    user = User(username=username, name=name, rank=rank, nrp=username if username.isdigit() else None, **more)
    user.password = hashed(PASSWORD)
    user.save()
    if unit:
        Posting.objects.create(user=user, unit=unit, role=role, starts_on=LONG_AGO)
    return user


def make_cast():
    """Everybody and everything, as one namespace: cast.officer, cast.units.banyumanik, cast.areas["33.74.11.1004"], cast.forum."""
    if not Code.objects.exists():  # emptied by a test that had transactions of its own
        load_defaults(Code)
        load_rules(EligibilityRule)
        load_targets(Target, ClusterRule)
        load_weights(ScoreWeights)
        with transaction.atomic():  # weights make up a hundred percent by the end of it
            load_indicators(IndexIndicator, IndexScheme, IndexWeight)
    units = make_units()
    areas = make_areas(units)
    people = {
        "officer": make_person("80010001", "Sutrisno", units.banyumanik, Role.BHABINKAMTIBMAS, "AIPDA"),
        "colleague": make_person("80010002", "Dewi Lestari", units.banyumanik, Role.BHABINKAMTIBMAS, "BRIPKA"),
        "outsider": make_person("80020001", "Agus Riyanto", units.gajahmungkur, Role.BHABINKAMTIBMAS, "BRIPKA"),
        "kanit": make_person("80010090", "Harjono", units.banyumanik, Role.KANIT_BINMAS, "IPTU"),
        "kanit_intelkam": make_person("80010091", "Gunawan", units.banyumanik, Role.KANIT_INTELKAM, "IPDA"),
        "kapolsek": make_person("80010099", "Bambang Supriyadi, S.H.", units.banyumanik, Role.KAPOLSEK, "KOMPOL"),
        "spkt": make_person("80010085", "Suparman", units.banyumanik, Role.SPKT, "AIPDA"),
        "reskrim": make_person("80010092", "Hendro Wicaksono", units.banyumanik, Role.KANIT_LAIN, "IPTU"),
        "kasat": make_person("80000090", "Retno Wulandari", units.polres, Role.KASAT_BINMAS, "AKBP"),
        "kasat_intelkam": make_person("80000091", "Surya Dharma", units.polres, Role.KASAT_INTELKAM, "KOMPOL"),
        "propam": make_person("80000095", "Darmanto", units.polres, Role.SIPROPAM, "AKP"),
        "kapolres": make_person("80000099", "Irwan Prasetyo", units.polres, Role.KAPOLRES, "KOMBES"),
        "clerk": make_person("80010080", "Wahyu Nugroho", units.banyumanik, Role.OPERATOR_POLSEK, "BRIGPOL"),
        "operator": make_person("80000001", "Yanti", units.polres, Role.OPERATOR_POLRES, "BRIGPOL"),
        "polda_reader": make_person("80000199", "Sigit", units.polda, Role.KAPOLDA, "IRJEN"),
        "admin": make_person("80099999", "Admin", units.mabes, Role.ADMIN, is_staff=True, is_superuser=True),
        "chair": make_person("ketua-pedalangan", "H. Slamet Riyadi"),
        "secretary": make_person("fkpm-pedalangan", "Sri Wahyuni"),
        "other_secretary": make_person("fkpm-sumurboto", "Joko Santoso"),
    }
    for person, codes in (("officer", ["33.74.11.1004", "33.74.11.1003"]), ("colleague", ["33.74.11.1005"]), ("outsider", ["33.74.09.1001"])):
        unit = units.gajahmungkur if person == "outsider" else units.banyumanik
        for code in codes:
            Beat.objects.create(user=people[person], area=areas[code], unit=unit, starts_on=LONG_AGO)
    forum = Forum.objects.create(
        unit=units.banyumanik, area=areas["33.74.11.1004"], officer=people["officer"], name="FKPM Pedalangan", bkpm="Balai RW 05"
    )
    other_forum = Forum.objects.create(unit=units.banyumanik, area=areas["33.74.11.1005"], officer=people["colleague"], name="FKPM Sumurboto")
    for place, person, position in (
        (forum, "chair", Position.KETUA),
        (forum, "secretary", Position.SEKRETARIS),
        (other_forum, "other_secretary", Position.SEKRETARIS),
    ):
        Member.objects.create(
            forum=place, user=people[person], name=people[person].name, position=position, element=Element.TOMAS, starts_on=LONG_AGO
        )
    return types.SimpleNamespace(**people, people=people, units=units, areas=areas, forum=forum, other_forum=other_forum)
