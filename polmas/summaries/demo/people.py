"""Who plays in the demo: units, accounts, postings and beats. Everybody is invented; user names are those that README lists."""

import dataclasses
import datetime

from django.contrib.auth.hashers import make_password

from mapping.models import Beat
from polmas.people.models import Posting, Role, Unit, UnitKind, User
from polmas.people.models.postings import PostingKind
from polmas.people.models.units import ROMAN

NATION = "KEPOLISIAN NEGARA REPUBLIK INDONESIA"
CENTRAL_JAVA = f"{NATION}\nDAERAH JAWA TENGAH"


def _polsek(name, short_name):
    head = f"{NATION} DAERAH JAWA TENGAH\nRESOR KOTA BESAR SEMARANG\nSEKTOR {name.upper()}"
    return dict(
        code=f"POLSEK-{name.upper()}",
        name=f"Polsek {name}",
        kind=UnitKind.POLSEK,
        address=f"Kecamatan {name}, Kota Semarang",
        city="Semarang",
        letterhead=head,
        head_title=f"KAPOLSEK {name.upper()}",
        short_name=short_name,
    )


# (code of the unit above, fields), from the top down.
UNITS = (
    (
        None,
        dict(
            code="MABES",
            name="Mabes Polri",
            kind=UnitKind.MABES,
            city="Jakarta",
            letterhead=NATION,
            head_title="KEPALA KEPOLISIAN NEGARA REPUBLIK INDONESIA",
            short_name="Mabes",
        ),
    ),
    (
        "MABES",
        dict(
            code="POLDA-JATENG",
            name="Polda Jawa Tengah",
            kind=UnitKind.POLDA,
            city="Semarang",
            letterhead=CENTRAL_JAVA,
            head_title="KAPOLDA JAWA TENGAH",
            short_name="Polda Jateng",
        ),
    ),
    (
        "POLDA-JATENG",
        dict(
            code="POLRESTABES-SEMARANG",
            name="Polrestabes Semarang",
            kind=UnitKind.POLRESTABES,
            address="Kota Semarang",
            city="Semarang",
            letterhead=f"{CENTRAL_JAVA}\nRESOR KOTA BESAR SEMARANG",
            head_title="KAPOLRESTABES SEMARANG",
            short_name="Restabes Smg",
        ),
    ),
    ("POLRESTABES-SEMARANG", _polsek("Banyumanik", "Sek Bmk")),
    ("POLRESTABES-SEMARANG", _polsek("Gajahmungkur", "Sek Gjm")),
    ("POLRESTABES-SEMARANG", _polsek("Tembalang", "Sek Tbl")),
)


@dataclasses.dataclass(frozen=True)
class Person:
    """An account with its post. `villages` are the last four digits of the kelurahan held, `pace` reports a working day,
    `silent_days` how many days without any report end today: on leave, or behind."""

    username: str
    name: str
    rank: str = ""
    unit: str = ""
    role: str = ""
    villages: tuple[str, ...] = ()
    pace: float = 4.0
    silent_days: int = 0
    kind: str = PostingKind.TETAP


BANYUMANIK, GAJAHMUNGKUR, TEMBALANG = "POLSEK-BANYUMANIK", "POLSEK-GAJAHMUNGKUR", "POLSEK-TEMBALANG"
DISTRICT = {GAJAHMUNGKUR: "33.74.09", TEMBALANG: "33.74.10", BANYUMANIK: "33.74.11"}
OFFICER = Role.BHABINKAMTIBMAS

PEOPLE = (
    Person("80099999", "Administrator", "", "MABES", Role.ADMIN),
    Person("80000199", "Ahmad Sigit Purnomo", "IRJEN", "POLDA-JATENG", Role.KAPOLDA),
    Person("80000099", "Irwan Prasetyo, S.I.K., M.H.", "KOMBES", "POLRESTABES-SEMARANG", Role.KAPOLRES),
    Person("80000090", "Retno Wulandari, S.H.", "AKBP", "POLRESTABES-SEMARANG", Role.KASAT_BINMAS),
    Person("80000091", "Surya Dharma, S.I.K.", "KOMPOL", "POLRESTABES-SEMARANG", Role.KASAT_INTELKAM),
    Person("80000001", "Yanti Kusumastuti", "BRIGPOL", "POLRESTABES-SEMARANG", Role.OPERATOR_POLRES),
    Person("80000095", "Darmanto", "AKP", "POLRESTABES-SEMARANG", Role.SIPROPAM),
    Person("80010099", "Bambang Supriyadi, S.H.", "KOMPOL", BANYUMANIK, Role.KAPOLSEK),
    Person("80010090", "Harjono", "IPTU", BANYUMANIK, Role.KANIT_BINMAS),
    Person("80010091", "Gunawan Saputro", "IPDA", BANYUMANIK, Role.KANIT_INTELKAM),
    Person("80010080", "Fajar Maulana", "BRIPTU", BANYUMANIK, Role.OPERATOR_POLSEK),
    Person("80010085", "Suparman", "AIPDA", BANYUMANIK, Role.SPKT),
    Person("80010092", "Hendro Wicaksono", "IPTU", BANYUMANIK, Role.KANIT_LAIN),
    Person("80010001", "Sutrisno", "AIPDA", BANYUMANIK, OFFICER, ("1004", "1010"), 4.4),
    Person("80010002", "Dewi Lestari", "BRIPKA", BANYUMANIK, OFFICER, ("1011",), 4.6),
    Person("80010003", "Supardi", "AIPTU", BANYUMANIK, OFFICER, ("1005", "1007"), 3.2),
    Person("80010004", "Yusuf Hidayat", "BRIPKA", BANYUMANIK, OFFICER, ("1002", "1003"), 3.9),
    Person("80010005", "Kristanto", "AIPDA", BANYUMANIK, OFFICER, ("1001",), 1.1, silent_days=4),
    Person("80010006", "Rina Astuti", "BRIPKA", BANYUMANIK, OFFICER, ("1008", "1009"), 3.8),
    Person("80010007", "Andi Saputra", "BRIGPOL", BANYUMANIK, OFFICER, ("1006",), 3.6, silent_days=9),
    Person("80020099", "Sri Hartati, S.H., M.H.", "KOMPOL", GAJAHMUNGKUR, Role.KAPOLSEK),
    Person("80020090", "Teguh Wibowo", "IPDA", GAJAHMUNGKUR, Role.KANIT_BINMAS),
    Person("80020085", "Sunarto", "AIPTU", GAJAHMUNGKUR, Role.SPKT),
    Person("80020001", "Agus Riyanto", "BRIPKA", GAJAHMUNGKUR, OFFICER, ("1005",), 4.2),
    Person("80020002", "Nurul Khasanah", "BRIGPOL", GAJAHMUNGKUR, OFFICER, ("1001", "1002"), 3.7),
    Person("80020003", "Mulyono", "AIPTU", GAJAHMUNGKUR, OFFICER, ("1003", "1004"), 3.4),
    Person("80020004", "Eko Budi Santoso", "AIPDA", GAJAHMUNGKUR, OFFICER, ("1006", "1008"), 3.8),
    Person("80020005", "Tri Handayani", "BRIPKA", GAJAHMUNGKUR, OFFICER, ("1007",), 3.5),
    Person("80030099", "Hendro Kusumo, S.H.", "AKP", TEMBALANG, Role.KAPOLSEK, kind=PostingKind.PLH),
    Person("80030090", "Wahyu Nugroho", "AIPTU", TEMBALANG, Role.KANIT_BINMAS, kind=PostingKind.PS),
    Person("80030085", "Edi Susilo", "BRIPKA", TEMBALANG, Role.SPKT),
    Person("80030001", "Slamet Widodo", "AIPDA", TEMBALANG, OFFICER, ("1006", "1005"), 4.1),
    Person("80030002", "Puji Rahayu", "BRIPKA", TEMBALANG, OFFICER, ("1004", "1003"), 3.9),
    Person("80030003", "Dwi Prasetyo", "BRIGPOL", TEMBALANG, OFFICER, ("1001", "1002"), 3.3),
    Person("80030004", "Heru Setiawan", "AIPDA", TEMBALANG, OFFICER, ("1007", "1008"), 3.6),
    Person("80030005", "Anita Kurniasari", "BRIPTU", TEMBALANG, OFFICER, ("1009", "1010"), 4.0),
    Person("80030006", "Joko Purwanto", "BRIPKA", TEMBALANG, OFFICER, ("1011", "1012"), 3.7),
    Person("fkpm-pedalangan-ketua", "H. Slamet Riyadi"),
    Person("fkpm-pedalangan", "Sri Wahyuni"),
    Person("fkpm-sumurboto-ketua", "Drs. Untung Subagyo"),
    Person("fkpm-sumurboto", "Joko Santoso"),
    Person("dewan-ratna", "Dr. Ratna Kusumaningrum"),
)
OFFICERS = tuple(person for person in PEOPLE if person.role == OFFICER)
# Who held it was moved, nobody holds it since: what a vacancy looks like on the lists.
VACANT_SINCE_DAYS = {"33.74.10.1002": 20}


def codes_of(person: Person) -> list[str]:
    """The official codes of the villages a person holds."""
    return [f"{DISTRICT[person.unit]}.{digits}" for digits in person.villages]


def load_units() -> dict[str, Unit]:
    """The units by code; those that are there already stay as they are."""
    for above, fields in UNITS:
        if Unit.objects.filter(code=fields["code"]).exists():
            continue
        if above:
            Unit.objects.add_child(Unit.objects.get(code=above), fields)
        else:
            Unit.objects.add_root(fields)
    return {unit.code: unit for unit in Unit.objects.filter(code__in=[fields["code"] for _, fields in UNITS])}


def load_people(units, password: str, since: datetime.date) -> dict[str, User]:
    """The accounts by user name, with a posting each since a day. One hash serves all: the password is the same and known."""
    hashed = make_password(password)
    users = User.objects.bulk_create(
        User(
            username=person.username,
            nrp=person.username if person.username.isdigit() else None,
            name=person.name,
            rank=person.rank,
            password=hashed,
            is_staff=person.role == Role.ADMIN,
            is_superuser=person.role == Role.ADMIN,
        )
        for person in PEOPLE
    )
    by_name = {user.username: user for user in users}
    Posting.objects.bulk_create(
        Posting(
            user=by_name[person.username],
            unit=units[person.unit],
            role=person.role,
            kind=person.kind,
            starts_on=since,
            order_number=_order(number, since),
        )
        for number, person in enumerate(PEOPLE, 101)
        if person.unit
    )
    return by_name


def load_beats(units, users, areas, since: datetime.date, today: datetime.date):
    """Who holds which village. A vacancy is a beat that has ended."""
    beats = []
    for number, person in enumerate(OFFICERS, 201):
        for code in codes_of(person):
            vacant_for = VACANT_SINCE_DAYS.get(code)
            ends_on = today - datetime.timedelta(days=vacant_for) if vacant_for else None
            beats.append(
                Beat(
                    user=users[person.username],
                    area=areas[code],
                    unit=units[person.unit],
                    starts_on=since,
                    ends_on=ends_on,
                    order_number=_order(number, since),
                )
            )
    Beat.objects.bulk_create(beats)


def _order(number, since):
    return f"Sprin/{number}/{ROMAN[since.month - 1]}/KEP./{since.year}"
