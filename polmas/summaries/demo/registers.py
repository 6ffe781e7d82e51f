"""What officers wrote into the registers: who lives in some households, businesses and tokoh, and visits to those."""

import datetime
import uuid

from patrol.models import Business, Contact, Household, HouseholdMember, Kind, Report, State, Visit
from polmas.summaries.demo import words
from polmas.summaries.demo.diary import DAY, MINUTE, Entry

OCCUPATIONS = ("Karyawan swasta", "Wiraswasta", "Pensiunan", "Guru", "Buruh bangunan", "Sopir", "Pedagang", "PNS", "Ibu rumah tangga")
SCHOOLS = ("TK", "SD", "SMP", "SMA", "SMK")
CHILDREN = ("Dimas", "Ayu", "Rizky", "Nabila", "Fajar", "Citra", "Bagas", "Putri", "Galih", "Intan")
BUSINESSES = (
    ("Warung Bu Siti", "WARUNG"),
    ("Toko Berkah", "WARUNG"),
    ("Bengkel Jaya Motor", "BENGKEL"),
    ("Kos Melati", "KOS"),
    ("Rumah Makan Sederhana", "RUMAH_MAKAN"),
    ("Minimarket Barokah", "MINIMARKET"),
    ("Kos Putra Anggrek", "KOS"),
    ("Gudang Sumber Rejeki", "INDUSTRI"),
)
CONTACTS = (
    ("H. Abdul Karim", "TOGA", "Takmir masjid"),
    ("Sugeng Riyanto", "PERANGKAT", "Ketua RW"),
    ("Hj. Nur Aini", "TOPER", "Ketua PKK"),
    ("Yusuf Maulana", "TODA", "Ketua karang taruna"),
    ("Drs. Pramono", "TOMAS", "Sesepuh warga"),
    ("Serka Wahyudi", "BABINSA", "Koramil"),
)
RESULTS = {
    Kind.SAMBANG_USAHA: (
        "Pemilik diimbau menata parkir dan mengaktifkan CCTV pada malam hari.",
        "Karyawan diingatkan waspada uang palsu; situasi aman.",
        "Penghuni kos sudah terdata, pengelola siap lapor bila ada tamu menginap.",
    ),
    Kind.SAMBANG_TOKOH: (
        "Bersilaturahmi dan membahas kerawanan di lingkungan; beliau siap membantu menjaga kerukunan.",
        "Berkoordinasi tentang ronda malam dan kegiatan pemuda.",
        "Menyampaikan pesan kamtibmas menjelang kegiatan warga.",
    ),
}
VISITS_EACH = 9  # to businesses and tokoh, of one officer in the two to three months


def load_registers(neighbourhoods, rng) -> dict[str, list]:
    """Fills what households are known for, and adds businesses and tokoh. Returns these by the code of their village."""
    fill_households([house for place in neighbourhoods.values() for house in place.households], rng)
    businesses = {code: list(businesses_of(place, rng)) for code, place in neighbourhoods.items()}
    contacts = {code: list(contacts_of(place, rng)) for code, place in neighbourhoods.items()}
    Business.objects.bulk_create(entry for entries in businesses.values() for entry in entries)
    Contact.objects.bulk_create(entry for entries in contacts.values() for entry in entries)
    return {code: [*businesses[code], *contacts[code]] for code in neighbourhoods}


def fill_households(households, rng):
    """Two in three are known well, every second of these with who lives there."""
    known = [house for house in households if rng.random() < 0.66]
    for house in known:
        house.occupation, house.residence = rng.choice(OCCUPATIONS), rng.choice(("TETAP", "TETAP", "TETAP", "KONTRAK", "MUSIMAN"))
        house.people_count = rng.randint(1, 6)
        house.phone = phone(rng) if rng.random() < 0.7 else ""
        house.vulnerable = ["LANSIA"] if rng.random() < 0.12 else []
    Household.objects.bulk_update(known, ["occupation", "residence", "people_count", "phone", "vulnerable"], batch_size=500)
    HouseholdMember.objects.bulk_create(member for house in known if rng.random() < 0.5 for member in members_of(house, rng))


def members_of(house, rng):
    surname = house.head_name.rsplit(" ", 1)[-1]
    if house.head_name in words.MEN:
        yield HouseholdMember(household=house, name=rng.choice(words.WOMEN), relation="ISTRI", sex="P", occupation="Ibu rumah tangga")
    for name in rng.sample(CHILDREN, rng.randint(0, 3)):
        born_on = datetime.date(rng.randint(2008, 2021), rng.randint(1, 12), rng.randint(1, 28))
        yield HouseholdMember(household=house, name=f"{name} {surname}", relation="ANAK", born_on=born_on, occupation=rng.choice(SCHOOLS))


def phone(rng) -> str:
    """Of a block that is given to nobody."""
    return f"0899-0000-{rng.randint(0, 9999):04}"


def businesses_of(place, rng):
    for name, kind in rng.sample(BUSINESSES, rng.randint(3, 6)):
        known = {"manager": rng.choice(words.WOMEN), "phone": phone(rng), "opening_hours": "07.00–21.00"} if rng.random() < 0.6 else {}
        yield Business(name=name, kind=kind, employee_count=rng.randint(1, 12), camera_count=rng.randint(0, 4), **lying_in(place, rng), **known)


def contacts_of(place, rng):
    for name, role, office in rng.sample(CONTACTS, rng.randint(3, 5)):
        yield Contact(name=name, role=role, office=office, influence=rng.choice(("SEDANG", "TINGGI")), phone=phone(rng), **lying_in(place, rng))


def lying_in(place, rng) -> dict:
    near = rng.choice(place.households)
    location = place.spots.near(near.location, 60) if near.location else None
    return {"uuid": new_uuid(rng), "unit": near.unit, "area": place.area, "rw": near.rw, "rt": near.rt, "location": location}


def visits_to(found, books, since, now, digest, rng) -> list[Entry]:
    """Sambang to businesses and tokoh, a few for each officer, oldest first."""
    entries = []
    for book in books:
        own = [entry for village in book.villages for entry in found[village.area.code]]
        days = (book.unit.day_of(now) - since).days
        for entry in rng.sample(own, min(VISITS_EACH, len(own))):
            day = since + rng.randint(0, max(days - 1, 0)) * DAY
            if any(village.area == entry.area for village in book.held_on(day)):
                entries.append(visit_to(entry, book, day, now, digest, rng))
    return entries


def visit_to(entry, book, day, now, digest, rng) -> Entry:
    kind = Kind.SAMBANG_USAHA if isinstance(entry, Business) else Kind.SAMBANG_TOKOH
    moment = min(datetime.datetime.combine(day, datetime.time(9), book.unit.zone) + rng.randint(0, 420) * MINUTE, now - 20 * MINUTE)
    age = (book.unit.day_of(now) - day).days
    report = Report(
        uuid=new_uuid(rng),
        kind=kind,
        state=State.ACCEPTED if age > book.unit.accept_after_days else State.SUBMITTED,
        officer=book.user,
        unit=book.unit,
        area=entry.area,
        day=book.unit.day_of(moment),
        occurred_at=moment,
        received_at=moment + 6 * MINUTE,
        location=entry.location,
        accuracy_m=8.0 if entry.location else None,
        distance_m=0.0,
        result=rng.choice(RESULTS[kind]),
    )
    report.content_hashes = [digest({"id": str(report.uuid), "kind": kind, "result": report.result})]
    subject = {"business": entry} if kind == Kind.SAMBANG_USAHA else {"contact": entry}
    return Entry(report, Visit(**subject, received_by=getattr(entry, "manager", "") or entry.name), [])


def new_uuid(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)
