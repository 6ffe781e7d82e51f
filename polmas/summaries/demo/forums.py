"""Two forums, their members, and their meetings: two adopted, a draft, one to come."""

import dataclasses
import datetime
import random

from fkpm.models import ActionItem, AgendaItem, Attendance, Element, Forum, Meeting, Member, Minutes, Position
from polmas.summaries.demo import gatherings

DAY = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Point:
    """One point of an agenda with what was said and decided."""

    topic: str
    discussion: str = ""
    decision: str = ""


@dataclasses.dataclass(frozen=True)
class Task:
    """An action item: who (a member's name), and days from today until due and done; negative lies behind."""

    text: str
    owner: str
    due: int
    done: int | None = None
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Gathering:
    """A meeting so many days from today; `state` is ADOPTED, DRAFT or "" for one that is still to come."""

    days: int
    state: str
    place: str
    points: tuple[Point, ...]
    tasks: tuple[Task, ...] = ()
    conclusion: str = ""
    kind: str = "RUTIN"
    absent: tuple[int, ...] = ()
    guests: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Society:
    """A forum as it is founded: (name, position, element, user name) of each member, then its meetings."""

    name: str
    village: str
    officer: str
    bkpm: str
    members: tuple[tuple[str, str, str, str], ...]
    meetings: tuple[Gathering, ...]


PEDALANGAN = Society(
    "FKPM Pedalangan",
    "33.74.11.1004",
    "80010001",
    "Balai RW 05, Jl. Tirto Agung",
    (
        ("Lurah Pedalangan", Position.PELINDUNG, Element.PEMERINTAH, ""),
        ("H. Slamet Riyadi", Position.KETUA, Element.TOMAS, "fkpm-pedalangan-ketua"),
        ("Joko Lelono", Position.WAKIL_KETUA, Element.MASYARAKAT, ""),
        ("Sri Wahyuni", Position.SEKRETARIS, Element.PEREMPUAN, "fkpm-pedalangan"),
        ("Agus Salim", Position.BENDAHARA, Element.USAHA, ""),
        ("K.H. Masrukhan", Position.PENASIHAT, Element.TOGA, ""),
        ("Pdt. Yohanes Kristanto", Position.PENASIHAT, Element.TOGA, ""),
        ("Rizky Ramadhan", Position.KOORDINATOR_SEKSI, Element.TODA, ""),
        ("Suwarno", Position.KOORDINATOR_SEKSI, Element.SATPAM, ""),
        ("Endang Sulastri", Position.ANGGOTA, Element.PEREMPUAN, ""),
        ("Parjo", Position.ANGGOTA, Element.MASYARAKAT, ""),
        ("Hendra Gunawan", Position.ANGGOTA, Element.USAHA, ""),
        ("Mbah Karto Wiyono", Position.ANGGOTA, Element.TODAT, ""),
        ("Sutrisno", Position.PETUGAS_POLMAS, Element.POLRI, "80010001"),
    ),
    (
        Gathering(
            -67,
            "ADOPTED",
            "Balai RW 05",
            (
                Point(
                    "Ronda malam RW 03 dan RW 05",
                    "Joko Lelono melaporkan ronda RW 03 tinggal dua malam seminggu karena regu kurang orang. "
                    "Rizky Ramadhan menyanggupi mengajak karang taruna.",
                    "Regu ronda digabung menjadi lima regu, masing-masing enam orang, mulai pekan depan.",
                ),
                Point(
                    "Parkir di depan kampus",
                    "Kendaraan mahasiswa menutup jalan Durian pada jam kuliah. Aipda Sutrisno menerangkan aturan parkir di badan jalan.",
                    "Surat bersama kepada pengelola kos dan kampus; garis parkir diusulkan ke kelurahan.",
                ),
            ),
            (
                Task("Menyusun daftar regu ronda baru dan menempelnya di pos kamling", "Joko Lelono", -58, -60, "Lima regu, daftar sudah ditempel."),
                Task("Mengirim surat tentang parkir kepada pengelola kos", "Sri Wahyuni", -50, -52),
            ),
            "Peserta sepakat ronda berjalan kembali setiap malam.",
            absent=(6, 11),
        ),
        Gathering(
            -37,
            "ADOPTED",
            "Balai RW 05",
            (
                Point(
                    "Lampu jalan dan keamanan gang 3",
                    "Joko Lelono menyampaikan dua tiang padam sejak awal bulan. Aipda Sutrisno menerangkan bahwa dua dari tiga "
                    "percobaan pencurian motor terjadi di ruas yang gelap itu. Peserta sepakat tidak menunggu anggaran kelurahan.",
                    "Lampu jalan gang 3 diganti dari kas RW; sisanya diusulkan ke kelurahan.",
                ),
                Point(
                    "Ronda akhir tahun",
                    "Satpam perumahan bersedia bergabung pada akhir pekan. Daftar regu disusun Sri Wahyuni dan ditempel di pos kamling RW 07.",
                    "Ronda malam dua regu pada 20 Desember–2 Januari, pukul 22.00–04.00.",
                ),
                Point(
                    "Perselisihan batas pekarangan RT 02",
                    "Kedua keluarga hadir dan bersedia bermusyawarah.",
                    "Perselisihan dimediasi di BKPM didampingi petugas Polmas.",
                ),
            ),
            (
                Task("Mengganti lampu gang 3", "Joko Lelono", -22),
                Task("Menyusun jadwal ronda Natal dan Tahun Baru", "Sri Wahyuni", -12, -20),
                Task("Menyiapkan mediasi batas pekarangan RT 02", "H. Slamet Riyadi", 6),
                Task("Mengusulkan tambahan lampu ke kelurahan", "Agus Salim", 12),
            ),
            "Rapat ditutup dengan doa; rapat berikutnya pekan pertama bulan depan.",
            absent=(4, 9),
            guests=(("Bpk. Hartono", "Ketua RT 02"), ("Serka Wahyono", "Babinsa")),
        ),
        Gathering(
            -6,
            "DRAFT",
            "Balai RW 05",
            (
                Point(
                    "Tindak lanjut rapat lalu",
                    "Jadwal ronda sudah ditempel. Lampu gang 3 belum diganti karena menunggu tukang.",
                    "Joko Lelono menghubungi tukang paling lambat pekan ini.",
                ),
                Point(
                    "Penipuan daring",
                    "Endang Sulastri menyampaikan tiga ibu menerima telepon yang mengaku dari bank.",
                    "Penyuluhan singkat pada arisan RW oleh Bhabinkamtibmas.",
                ),
            ),
            (Task("Penyuluhan penipuan daring pada arisan RW 05", "Sutrisno", 8),),
            absent=(5,),
        ),
    ),
)
SUMURBOTO = Society(
    "FKPM Sumurboto",
    "33.74.11.1011",
    "80010002",
    "Balai Kelurahan Sumurboto",
    (
        ("Lurah Sumurboto", Position.PELINDUNG, Element.PEMERINTAH, ""),
        ("Drs. Untung Subagyo", Position.KETUA, Element.TOMAS, "fkpm-sumurboto-ketua"),
        ("Ny. Hj. Murtini", Position.WAKIL_KETUA, Element.PEREMPUAN, ""),
        ("Joko Santoso", Position.SEKRETARIS, Element.MASYARAKAT, "fkpm-sumurboto"),
        ("Lina Setyawati", Position.BENDAHARA, Element.USAHA, ""),
        ("Ust. Ahmad Fauzi", Position.PENASIHAT, Element.TOGA, ""),
        ("Bayu Aji", Position.KOORDINATOR_SEKSI, Element.TODA, ""),
        ("Kasiyanto", Position.KOORDINATOR_SEKSI, Element.SATPAM, ""),
        ("Sukamto", Position.ANGGOTA, Element.MASYARAKAT, ""),
        ("Theresia Widyastuti", Position.ANGGOTA, Element.PEREMPUAN, ""),
        ("Dewi Lestari", Position.PETUGAS_POLMAS, Element.POLRI, "80010002"),
    ),
    (
        Gathering(
            -74,
            "ADOPTED",
            "Balai Kelurahan Sumurboto",
            (
                Point(
                    "Penghuni kos dan tamu menginap",
                    "Bripka Dewi Lestari menerangkan kewajiban lapor tamu. Kasiyanto melaporkan masih ada kos tanpa penjaga.",
                    "Setiap pemilik kos menyerahkan daftar penghuni kepada RT setiap awal bulan.",
                ),
                Point(
                    "Kerja bakti saluran air",
                    "Saluran di RW 02 tersumbat sampah dan meluap saat hujan.",
                    "Kerja bakti pada hari Minggu kedua, setiap RT mengirim sepuluh orang.",
                ),
            ),
            (
                Task("Mengedarkan formulir data penghuni kos", "Joko Santoso", -60, -63, "Formulir diterima 41 pemilik kos."),
                Task("Kerja bakti saluran air RW 02", "Sukamto", -62, -62),
            ),
            absent=(5,),
        ),
        Gathering(
            -33,
            "ADOPTED",
            "Balai Kelurahan Sumurboto",
            (
                Point(
                    "Balap liar malam Minggu",
                    "Bayu Aji melaporkan kebut-kebutan di Jl. Sumurboto Raya pukul 01.00–03.00. Warga meminta penjagaan pada titik masuk.",
                    "Penjagaan bersama Linmas tiap malam Minggu; usul polisi tidur disampaikan ke Dinas Perhubungan.",
                ),
                Point("CCTV pintu masuk RW 04", "Lina Setyawati menyampaikan dana terkumpul Rp4.200.000 dari kebutuhan Rp6.000.000.", ""),
            ),
            (
                Task("Menyusun jadwal penjagaan malam Minggu bersama Linmas", "Bayu Aji", -26, -27),
                Task("Mengumpulkan kekurangan dana CCTV RW 04", "Lina Setyawati", -4),
            ),
            "Keputusan CCTV ditunda sampai dana cukup.",
            absent=(6, 9),
            guests=(("Sertu Hariyanto", "Babinsa"),),
        ),
        Gathering(5, "", "Balai Kelurahan Sumurboto", (Point("Kelanjutan CCTV RW 04"), Point("Persiapan pengamanan hari raya"))),
    ),
)


def load_forums(areas, units, users, today: datetime.date, draw: random.Random):
    """Both forums with all that belongs to them."""
    for society in (PEDALANGAN, SUMURBOTO):
        _load_forum(society, areas, units["POLSEK-BANYUMANIK"], users, today, draw)


def _load_forum(society, areas, unit, users, today, draw):
    began = today.replace(month=1, day=17) - 365 * DAY
    forum = Forum.objects.create(
        unit=unit,
        area=areas[society.village],
        officer=users[society.officer],
        name=society.name,
        bkpm=society.bkpm,
        founded_on=began - 700 * DAY,
        term_starts_on=began,
        term_ends_on=began + 3 * 365 * DAY,
    )
    members = [
        Member(forum=forum, user=users.get(username), name=name, position=position, element=element, starts_on=began)
        for name, position, element, username in society.members
    ]
    Member.objects.bulk_create(members)
    for gathering in society.meetings:
        _load_meeting(forum, members, gathering, users, today, draw)
    if all(gathering.state for gathering in society.meetings):
        gatherings.load_coming(forum, members, today)


def _load_meeting(forum, members, gathering, users, today, draw):
    chair = next(member for member in members if member.position == Position.KETUA)
    secretary = next(member for member in members if member.position == Position.SEKRETARIS)
    evening = datetime.datetime.combine(today + gathering.days * DAY, datetime.time(19, 30), forum.unit.zone)
    is_held = bool(gathering.state)
    meeting = Meeting.objects.create(
        forum=forum,
        kind=gathering.kind,
        starts_at=evening,
        ends_at=evening + datetime.timedelta(minutes=100) if is_held else None,
        place=gathering.place,
        led_by=chair.name,
        written_by=secretary.name,
        invited_count=len(members),
        conclusion=gathering.conclusion,
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=order, topic=point.topic, discussion=point.discussion, decision=point.decision)
        for order, point in enumerate(gathering.points, 1)
    )
    by_name = {member.name: member for member in members}
    ActionItem.objects.bulk_create(_action(forum, meeting, task, by_name, today) for task in gathering.tasks)
    if is_held:
        rows = list(_attendances(meeting, members, gathering))
        gatherings.sign(rows, draw)
        Attendance.objects.bulk_create(rows)
    gatherings.write_minutes(meeting, chair, secretary, users, is_adopted=gathering.state == Minutes.State.ADOPTED)


def _action(forum, meeting, task, by_name, today):
    is_done = task.done is not None
    return ActionItem(
        forum=forum,
        meeting=meeting,
        text=task.text,
        owner=by_name.get(task.owner),
        owner_name=task.owner,
        due_on=today + task.due * DAY,
        state=ActionItem.State.DONE if is_done else ActionItem.State.OPEN,
        done_on=today + task.done * DAY if is_done else None,
        note=task.note,
    )


def _attendances(meeting, members, gathering):
    for number, member in enumerate(members):
        status = Attendance.Status.IZIN if number in gathering.absent else Attendance.Status.HADIR
        yield Attendance(meeting=meeting, member=member, name=member.name, element=member.element, status=status)
    for name, organisation in gathering.guests:
        yield Attendance(meeting=meeting, name=name, organisation=organisation, status=Attendance.Status.TAMU)
