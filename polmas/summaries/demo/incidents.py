"""What came to the counters of SPKT in the last three months, so that the last whole month has one before it: believable kinds at
believable hours, with the daily isi or nihil."""

import datetime
import uuid
from decimal import Decimal

from mapping.models import DailyStatement, Handling, Incident, IncidentVictims
from mapping.models.incidents import CLOSING
from polmas.people.code_lists import DEFAULTS
from polmas.people.models.units import ROMAN
from polmas.summaries.demo import places

DAYS = 92
PER_UNIT = {"POLSEK-BANYUMANIK": 225, "POLSEK-TEMBALANG": 90, "POLSEK-GAJAHMUNGKUR": 70}
COUNTER = {"POLSEK-BANYUMANIK": "80010085", "POLSEK-GAJAHMUNGKUR": "80020085", "POLSEK-TEMBALANG": "80030085"}
# Days ago of which nobody said anything, by unit: what a gap looks like.
SILENT = {"POLSEK-BANYUMANIK": {3}, "POLSEK-GAJAHMUNGKUR": set(), "POLSEK-TEMBALANG": {1, 2, 6}}
NIGHT, EVENING, WORK, RUSH, ANY = (0, 1, 2, 3, 4), (18, 19, 20, 21, 22, 23), (9, 10, 11, 13, 14, 15), (6, 7, 16, 17, 18), tuple(range(24))
WEEKEND = (5, 6)
# Kind, weight, hours, kind of scene, what happened, how, loss in thousands of rupiah from and to.
KINDS = (
    ("CURANMOR", 22, NIGHT, "PEMUKIMAN", "Sepeda motor hilang dari teras rumah kos.", "Merusak kunci setang dengan kunci T.", (9000, 24000)),
    ("CURANMOR", 8, EVENING, "PARKIR", "Sepeda motor hilang dari tempat parkir toko.", "Kunci tertinggal pada kendaraan.", (9000, 24000)),
    ("CURAT", 12, WORK, "PEMUKIMAN", "Rumah yang ditinggal bekerja dibobol, barang elektronik hilang.", "Mencongkel jendela samping.", (2000, 30000)),
    ("CURBIASA", 9, WORK, "PERTOKOAN", "Ponsel hilang saat berbelanja.", "", (800, 4000)),
    ("ANIRING", 7, EVENING, "JALAN", "Pemukulan setelah salah paham di jalan.", "Tangan kosong.", None),
    ("TIPU", 10, WORK, "DARING", "Penipuan jual beli daring, barang tidak dikirim.", "Meminta transfer lewat pesan.", (300, 15000)),
    ("GELAP", 4, WORK, "PERKANTORAN", "Motor sewaan tidak dikembalikan.", "", (10000, 25000)),
    ("NARKOBA", 4, EVENING, "KOS", "Ditemukan paket sabu saat pemeriksaan kos.", "", None),
    ("KDRT", 3, EVENING, "PEMUKIMAN", "Kekerasan dalam rumah tangga dilaporkan tetangga.", "", None),
    ("ANAK", 2, EVENING, "PEMUKIMAN", "Kekerasan terhadap anak dilaporkan sekolah.", "", None),
    ("TAWURAN", 3, NIGHT, "JALAN", "Dua kelompok remaja hendak tawuran, dibubarkan.", "Janjian lewat media sosial.", None),
    ("MIRAS", 4, NIGHT, "JALAN", "Sekelompok orang minum minuman keras di tepi jalan.", "", None),
    ("LAKA", 26, RUSH, "JALAN", "Tabrakan dua sepeda motor, korban dibawa ke rumah sakit.", "", (500, 6000)),
    ("KEBAKARAN", 3, ANY, "PEMUKIMAN", "Dapur rumah terbakar, padam oleh warga dan damkar.", "", (5000, 60000)),
    ("TERLANTAR", 3, ANY, "JALAN", "Orang telantar ditemukan dan diantar ke dinas sosial.", "", None),
    ("ORANG_HILANG", 2, ANY, "PEMUKIMAN", "Lansia belum pulang sejak pagi, ditemukan malam hari.", "", None),
    ("KERAMAIAN", 3, EVENING, "LAHAN", "Hiburan malam tanpa izin keramaian.", "", None),
    ("BANJIR", 3, ANY, "PEMUKIMAN", "Genangan setinggi lutut setelah hujan deras.", "", None),
    ("ANGIN", 2, (14, 15, 16), "JALAN", "Pohon tumbang menutup jalan karena angin kencang.", "", None),
)
GROUPS = {code: group for code, _id, _en, group in DEFAULTS["INCIDENT_KIND"]}


def load_incidents(areas, units, users, now, rng) -> None:
    shapes = places.shapes_by_code()
    for code, number in PER_UNIT.items():
        unit, counter = units[code], users[COUNTER[code]]
        spots = [(areas[place.code], places.Spots(place, shapes[place.code], rng)) for place in places.VILLAGES if policed(place, code)]
        found = sorted((_incident(unit, counter, spots, now, rng) for _one in range(number)), key=lambda incident: incident.occurred_at)
        _number(found, unit, rng)
        Incident.objects.bulk_create(found)
        IncidentVictims.objects.bulk_create(row for incident in found for row in _victims(incident, rng))
        _state(unit, counter, {incident.day for incident in found}, now)
    if handed := Incident.objects.filter(unit=units["POLSEK-BANYUMANIK"], kind="CURANMOR", status=Handling.SIDIK).first():
        handed.assigned_to = users["80010092"]
        handed.save()


def policed(place, unit_code) -> bool:
    return places.DISTRICTS[place.code[:8]][1] == unit_code


def _incident(unit, counter, spots, now, rng) -> Incident:
    kind, _weight, hours, scene, narrative, modus, loss = rng.choices(KINDS, [row[1] for row in KINDS])[0]
    area, spot = rng.choice(spots)
    at = _moment(unit, hours, now, rng)
    status = _status(GROUPS[kind], (now - at).days, rng)
    incident = Incident(
        uuid=uuid.UUID(int=rng.getrandbits(128), version=4),
        unit=unit,
        area=area,
        location=spot.one() if rng.random() < 0.9 else None,
        occurred_at=at,
        day=unit.day_of(at),
        reported_at=min(now, at + datetime.timedelta(minutes=rng.randint(10, 600))),
        kind=kind,
        klass=GROUPS[kind],
        scene=scene,
        narrative=narrative,
        modus=modus,
        loss_rp=Decimal(rng.randint(loss[0] // 100, loss[1] // 100) * 100_000) if loss else None,
        phase="PASCA",
        actions="Mendatangi TKP, mencatat saksi.",
        status=status,
        recorded_by=counter,
    )
    if status in CLOSING:
        incident.cleared_on = min(unit.day_of(now), incident.day + datetime.timedelta(days=rng.randint(1, 20)))
    return incident


def _moment(unit, hours, now, rng) -> datetime.datetime:
    """A moment of the last weeks, at weekends twice as often in the evening and at night."""
    today = unit.day_of(now)
    while True:
        day = today - datetime.timedelta(days=rng.randint(0, DAYS - 1))
        if hours in (NIGHT, EVENING) and day.weekday() not in WEEKEND and rng.random() < 0.4:
            continue
        at = datetime.datetime.combine(day, datetime.time(rng.choice(hours), rng.randrange(0, 60, 5)), unit.zone)
        if at < now - datetime.timedelta(minutes=30):
            return at


def _status(group, age, rng) -> str:
    """Crimes move on with time; the rest is no case."""
    if group in ("BENCANA", "GANGGUAN", "PELANGGARAN"):
        return ""
    if age < 5:
        return rng.choice(("", Handling.LIDIK))
    return rng.choices((Handling.LIDIK, Handling.SIDIK, Handling.RJ, Handling.P21, Handling.DILIMPAHKAN), (40, 25, 15, 12, 8))[0]


def _number(found, unit, rng) -> None:
    """Crimes get a number of a police report, in the order in which they came."""
    crimes = [incident for incident in found if GROUPS[incident.kind] in ("KONVENSIONAL", "TRANSNASIONAL") and rng.random() < 0.9]
    for number, incident in enumerate(crimes, 1):
        incident.no_lp = f"LP/B/{number}/{ROMAN[incident.day.month - 1]}/{incident.day.year}/SPKT/{unit.short_name}"


def _victims(incident, rng) -> list[IncidentVictims]:
    if incident.kind == "LAKA":
        harm = "MATI" if rng.random() < 0.06 else "LUKA_RINGAN"
        return [IncidentVictims(incident=incident, harm=harm, sex=rng.choice("LP"), is_child=rng.random() < 0.1, count=rng.choice((1, 1, 1, 2)))]
    if incident.kind in ("ANIRING", "KDRT", "ANAK"):
        return [IncidentVictims(incident=incident, harm="LUKA_RINGAN", sex=rng.choice("LP"), is_child=incident.kind == "ANAK", count=1)]
    return []


def _state(unit, counter, days, now) -> None:
    """The word for each day that is over, but for those that nobody spoke for."""
    today = unit.day_of(now)
    stated = [today - datetime.timedelta(days=back) for back in range(1, DAYS) if back not in SILENT[unit.code]]
    DailyStatement.objects.bulk_create(
        DailyStatement(
            unit=unit,
            day=day,
            says=DailyStatement.Says.ISI if day in days else DailyStatement.Says.NIHIL,
            by=counter,
            at=datetime.datetime.combine(day, datetime.time(23, 40), unit.zone),
        )
        for day in stated
    )
