"""Problems of Banyumanik on the map: with a course as far as it came, and linked to what residents said and officers did."""

import datetime
from typing import NamedTuple

from django.contrib.gis.geos import Polygon

from mapping.models import Problem, ProblemStatus, ProblemStep, Stage
from patrol.models import LinkRole, Opinion, ProblemLink, Report
from patrol.models.reports import COUNTED
from polmas.summaries.demo import places

UNIT = "POLSEK-BANYUMANIK"
BANYUMANIK = "33.74.11"
MAPPED, HANDLED, SOLVED = 0, 1, 2  # how far it came
NIGHT, EVENING, AFTER_SCHOOL = (datetime.time(23), datetime.time(4)), (datetime.time(18), datetime.time(23)), (datetime.time(13), datetime.time(17))


class Told(NamedTuple):
    """What is told of one problem: kind, title, what happens, why there, what is planned, and how it is graded and timed."""

    kind: str
    title: str
    description: str
    root_cause: str
    plan: str
    grade: str
    field: str
    functions: tuple[str, ...]
    hours: tuple[datetime.time, datetime.time] | None
    weekdays: tuple[int, ...]
    is_outline: bool
    stage: int


PROBLEMS = (
    Told(
        "RAWAN_CURANMOR",
        "Curanmor di kawasan kos",
        "Motor hilang dari teras kos pada dini hari.",
        "Gerbang kos tidak dikunci, lampu teras padam.",
        "Pasang portal dan lampu, ronda pukul 02.00.",
        "GN",
        "KEAMANAN",
        ("RESKRIM", "SAMAPTA"),
        NIGHT,
        (),
        True,
        HANDLED,
    ),
    Told(
        "RAWAN_CURANMOR",
        "Parkiran minimarket tanpa penjaga",
        "Motor hilang saat ditinggal berbelanja.",
        "Tidak ada juru parkir setelah pukul 20.00.",
        "Sepakati jam jaga dengan pemilik.",
        "AG",
        "KEAMANAN",
        ("RESKRIM",),
        EVENING,
        (),
        False,
        SOLVED,
    ),
    Told(
        "BALAP_LIAR",
        "Balap liar di jalan lurus",
        "Remaja berkumpul dan balapan setelah tengah malam.",
        "Jalan lurus, sepi, dan baru diaspal.",
        "Strong point akhir pekan, speed bump ke Dishub.",
        "GN",
        "KESELAMATAN",
        ("LANTAS", "SAMAPTA"),
        NIGHT,
        (6, 7),
        True,
        HANDLED,
    ),
    Told(
        "RAWAN_LAKA",
        "Tikungan rawan tabrakan",
        "Dua tabrakan sepeda motor dalam sebulan.",
        "Marka pudar dan pandangan tertutup pohon.",
        "Usul marka dan cermin tikungan.",
        "GN",
        "KESELAMATAN",
        ("LANTAS",),
        (datetime.time(6), datetime.time(8)),
        (1, 2, 3, 4, 5),
        False,
        HANDLED,
    ),
    Told(
        "LAMPU_MATI",
        "Lampu gang mati",
        "Enam lampu gang padam, warga takut lewat.",
        "Kabel putus, belum ada yang melapor ke dinas.",
        "Surat ke Disperkim bersama ketua RW.",
        "PG",
        "KEAMANAN",
        ("BINMAS",),
        EVENING,
        (),
        True,
        SOLVED,
    ),
    Told(
        "LAMPU_MATI",
        "Penerangan lapangan padam",
        "Lapangan gelap dipakai nongkrong sampai larut.",
        "Token listrik lapangan tidak diisi.",
        "Iuran RW untuk token.",
        "PG",
        "SOSIAL",
        ("BINMAS",),
        EVENING,
        (),
        False,
        MAPPED,
    ),
    Told(
        "BANGUNAN_KOSONG",
        "Ruko kosong di tepi jalan",
        "Kaca pecah, dipakai minum-minum.",
        "Pemilik di luar kota, tidak dijaga.",
        "Hubungi pemilik, pasang pagar seng.",
        "AG",
        "KEAMANAN",
        ("SAMAPTA", "BINMAS"),
        NIGHT,
        (),
        False,
        HANDLED,
    ),
    Told(
        "LAHAN_TERLANTAR",
        "Lahan kosong penuh semak",
        "Tempat membuang sampah dan bersembunyi.",
        "Sengketa waris, tidak terurus.",
        "Kerja bakti dengan izin keluarga.",
        "PG",
        "SOSIAL",
        ("BINMAS",),
        None,
        (),
        True,
        MAPPED,
    ),
    Told(
        "SAMPAH",
        "Tumpukan sampah di bantaran",
        "Sampah menumpuk, menyumbat selokan.",
        "Tidak ada bak sampah RW.",
        "Bak sampah dan jadwal angkut.",
        "PG",
        "SOSIAL",
        ("BINMAS",),
        None,
        (),
        False,
        SOLVED,
    ),
    Told(
        "JALAN_RUSAK",
        "Jalan berlubang",
        "Pengendara jatuh saat hujan.",
        "Dilewati truk galian.",
        "Laporan ke DPU.",
        "AG",
        "KESELAMATAN",
        ("LANTAS",),
        None,
        (),
        False,
        MAPPED,
    ),
    Told(
        "CORETAN",
        "Coretan dinding nama geng",
        "Tembok sekolah dicoret nama kelompok remaja.",
        "Dinding polos di jalur pulang sekolah.",
        "Mural bersama siswa.",
        "PG",
        "SOSIAL",
        ("BINMAS",),
        AFTER_SCHOOL,
        (1, 2, 3, 4, 5),
        False,
        SOLVED,
    ),
    Told(
        "MIRAS",
        "Warung menjual miras",
        "Pembeli remaja sampai larut malam.",
        "Izin hanya toko kelontong.",
        "Teguran, lalu tipiring.",
        "GN",
        "SOSIAL",
        ("SAMAPTA", "RESKRIM"),
        EVENING,
        (5, 6),
        False,
        HANDLED,
    ),
    Told(
        "JUDI",
        "Judi sabung ayam",
        "Setiap Minggu pagi di kebun.",
        "Tempat tertutup, warga takut melapor.",
        "Pantau dan koordinasi Reskrim.",
        "GN",
        "KEAMANAN",
        ("RESKRIM", "INTELKAM"),
        (datetime.time(7), datetime.time(11)),
        (7,),
        False,
        HANDLED,
    ),
    Told(
        "KENAKALAN_REMAJA",
        "Remaja nongkrong membawa sajam",
        "Pelajar berkumpul sepulang sekolah.",
        "Tidak ada kegiatan sore.",
        "Sambang sekolah dan futsal RW.",
        "AG",
        "SOSIAL",
        ("BINMAS",),
        AFTER_SCHOOL,
        (1, 2, 3, 4, 5),
        False,
        HANDLED,
    ),
    Told(
        "RAWAN_TAWURAN",
        "Perbatasan rawan tawuran",
        "Dua kelompok saling tantang lewat media sosial.",
        "Ejekan lama antarpelajar.",
        "Mediasi sekolah, patroli malam Minggu.",
        "AG",
        "KEAMANAN",
        ("BINMAS", "INTELKAM"),
        NIGHT,
        (6,),
        True,
        HANDLED,
    ),
    Told(
        "KONFLIK_LAHAN",
        "Sengketa batas tanah wakaf",
        "Dua keluarga saling klaim batas.",
        "Sertifikat lama tanpa ukuran.",
        "Ukur ulang BPN, mediasi FKPM.",
        "AG",
        "EKONOMI",
        ("BINMAS", "RESKRIM"),
        None,
        (),
        True,
        HANDLED,
    ),
    Told(
        "KONFLIK_WARGA",
        "Protes kebisingan bengkel",
        "Warga dan bengkel berselisih soal jam kerja.",
        "Bengkel las di tengah permukiman.",
        "Kesepakatan jam kerja.",
        "PG",
        "SOSIAL",
        ("BINMAS",),
        (datetime.time(19), datetime.time(22)),
        (),
        False,
        SOLVED,
    ),
    Told(
        "KONFLIK_INDUSTRIAL",
        "Tuntutan upah pekerja pabrik",
        "Pekerja berencana mogok.",
        "Upah lembur belum dibayar.",
        "Pertemuan tiga pihak dengan Disnaker.",
        "AG",
        "EKONOMI",
        ("INTELKAM", "SAMAPTA"),
        None,
        (),
        False,
        MAPPED,
    ),
    Told(
        "RAWAN_BENCANA",
        "Longsor di lereng permukiman",
        "Retakan tanah setelah hujan lebat.",
        "Lereng curam tanpa talud.",
        "Pos pantau dan jalur evakuasi.",
        "AG",
        "KESELAMATAN",
        ("BINMAS", "SAMAPTA"),
        None,
        (),
        True,
        HANDLED,
    ),
    Told(
        "RAWAN_MACET",
        "Macet jam sekolah",
        "Penjemput parkir di badan jalan.",
        "Tidak ada kantong parkir.",
        "PKS dan pengaturan pagi.",
        "PG",
        "KESELAMATAN",
        ("LANTAS",),
        (datetime.time(6, 30), datetime.time(7, 30)),
        (1, 2, 3, 4, 5),
        False,
        SOLVED,
    ),
    Told(
        "PUNGLI",
        "Pungutan parkir liar",
        "Warga dimintai bayaran di depan pasar.",
        "Tidak ada juru parkir resmi.",
        "Koordinasi Dishub.",
        "AG",
        "EKONOMI",
        ("SAMAPTA", "RESKRIM"),
        (datetime.time(6), datetime.time(10)),
        (),
        False,
        MAPPED,
    ),
    Told(
        "NARKOBA",
        "Transaksi mencurigakan di dekat kos",
        "Orang asing bertemu singkat setiap malam.",
        "Gang sepi dengan banyak jalan keluar.",
        "Pengumpulan keterangan.",
        "AG",
        "KEAMANAN",
        ("RESKRIM", "INTELKAM"),
        NIGHT,
        (),
        False,
        MAPPED,
    ),
    Told(
        "POHON_RAWAN",
        "Pohon besar rawan tumbang",
        "Dahan jatuh saat angin kencang.",
        "Akar lapuk.",
        "Pemangkasan oleh DLH.",
        "PG",
        "KESELAMATAN",
        ("BINMAS",),
        None,
        (),
        False,
        SOLVED,
    ),
    Told(
        "GENG",
        "Konvoi remaja bersenjata di jalan raya",
        "Sekitar dua puluh motor berkonvoi sambil mengayunkan sabuk.",
        "Ajakan lewat media sosial.",
        "Patroli blue light dan panggilan orang tua.",
        "GN",
        "KEAMANAN",
        ("SAMAPTA", "RESKRIM"),
        NIGHT,
        (6,),
        False,
        HANDLED,
    ),
    Told(
        "RAWAN_PENCURIAN",
        "Rumah kosong saat mudik",
        "Rumah dibobol saat ditinggal pemilik.",
        "Blok dalam tanpa ronda siang.",
        "Daftar rumah titip pantau.",
        "AG",
        "KEAMANAN",
        ("BINMAS", "RESKRIM"),
        None,
        (),
        True,
        SOLVED,
    ),
)
CONFIDENTIAL = {"NARKOBA", "JUDI"}
EVENT = {"GENG"}
KANIT, KANIT_LAIN = "80010090", "80010092"


def load_problems(areas, units, users, now, rng) -> None:
    unit, shapes = units[UNIT], places.shapes_by_code()
    today = unit.day_of(now)
    villages = [place for place in places.VILLAGES if place.code.startswith(BANYUMANIK)]
    holders = {beat.area_id: beat.user for area in areas.values() for beat in area.beats.filter(ends_on=None, absence=None).select_related("user")}
    for number, told in enumerate(PROBLEMS):
        place = villages[number % len(villages)]
        area = areas[place.code]
        officer = holders.get(area.pk, users[KANIT])
        begun = today - datetime.timedelta(days=rng.randint(20, 75))
        spot = places.Spots(place, shapes[place.code], rng).one()
        problem = _problem(told, unit, area, officer, outline_round(spot, rng) if told.is_outline else spot, begun)
        problem.target_on = begun + datetime.timedelta(days=rng.choice((30, 45, 60, 90)))
        problem.responsible = users[KANIT_LAIN] if told.functions[0] == "RESKRIM" and number % 4 == 0 and KANIT_LAIN in users else officer
        problem.save()
        if number % 5 == 0:
            problem.areas.set([areas[villages[(number + 1) % len(villages)].code]])
        Problem.objects.filter(pk=problem.pk).update(created_at=now - (today - begun))
        _course(problem, told, officer, begun, today, rng)
        _link(problem, area, officer, begun)


def _problem(told: Told, unit, area, officer, shape, begun) -> Problem:
    first, last = told.hours or (None, None)
    problem = Problem(unit=unit, area=area, shape=shape, recorded_by=officer, hour_from=first, hour_to=last, weekdays=list(told.weekdays))
    for name in ("kind", "title", "description", "root_cause", "plan", "grade", "field"):
        setattr(problem, name, getattr(told, name))
    problem.functions = list(told.functions)
    problem.vulnerability = {"PG": "KURANG_RAWAN", "AG": "RAWAN", "GN": "SANGAT_RAWAN"}[told.grade]
    problem.is_confidential = told.kind in CONFIDENTIAL
    problem.happened_on = begun if told.kind in EVENT else None
    problem.classify()
    return problem


def outline_round(spot, rng) -> Polygon:
    """Five corners round a point, some hundred metres across."""
    reach = 0.0008
    corners = ((-1, -1), (1, -0.8), (1.3, 0.4), (0.2, 1.2), (-1.1, 0.6))
    ring = [(round(spot.x + x * reach * rng.uniform(0.7, 1.2), 6), round(spot.y + y * reach * rng.uniform(0.7, 1.2), 6)) for x, y in corners]
    return Polygon([*ring, ring[0]], srid=4326)


def _course(problem, told, officer, begun, today, rng) -> None:
    """As far as it came: seen and understood, then handled, then assessed and closed."""
    before = rng.randint(2, 6)
    steps: list[tuple] = [(Stage.KENALI, "PRA", 0, told.description, before, None)]
    if told.stage >= HANDLED:
        steps += [(Stage.TELAAH, "PRA", 3, told.root_cause, None, None), (Stage.TANGANI, "SAAT", 7, told.plan, None, None)]
    if told.stage == SOLVED:
        steps.append((Stage.NILAI, "PASCA", 16, "Sudah tidak ada keluhan warga dalam dua minggu terakhir.", before, rng.randint(0, 1)))
    for stage, phase, days, text, was, now in steps:
        measure = "keluhan atau kejadian sebulan" if was is not None else ""
        day = min(begun + datetime.timedelta(days=days), today)
        counted = {"measure": measure, "count_before": was, "count_after": now}
        ProblemStep.objects.create(problem=problem, stage=stage, phase=phase, day=day, text=text, recorded_by=officer, **counted)
    status = (ProblemStatus.TERPETAKAN, ProblemStatus.DITANGANI, ProblemStatus.SELESAI)[told.stage]
    solved = {"solved_on": min(begun + datetime.timedelta(days=18), today), "outcome": "Tuntas bersama warga; dipantau ronda."}
    changes = {"status": status, "phase": steps[-1][1]} | (solved if told.stage == SOLVED else {})
    Problem.objects.filter(pk=problem.pk).update(**changes)


def _link(problem, area, officer, begun) -> None:
    """A complaint of the village as its source, and the officer's later activities as measures."""
    used = ProblemLink.objects.values("report")
    voices = Opinion.objects.filter(report__area=area, report__state__in=COUNTED, report__day__lte=begun).exclude(report__in=used)
    for voice in voices.select_related("report").order_by("-report__day", "pk")[:1]:
        number = list(voice.report.opinions.values_list("pk", flat=True)).index(voice.pk) + 1
        ProblemLink.objects.create(problem=problem, role=LinkRole.SOURCE, report=voice.report, opinion=number, linked_by=officer)
    later = Report.objects.filter(area=area, state__in=COUNTED, day__gte=begun, kind__in=("PATROLI", "BINLUH", "KONTROL_KAMLING", "KOORDINASI"))
    for report in later.exclude(pk__in=used).order_by("day", "pk")[:2]:
        ProblemLink.objects.create(problem=problem, role=LinkRole.ACTION, report=report, linked_by=officer)
