"""What the villages of the demo have to build on: places, activities, goods, groups, partners, communities, and who stands guard."""

import datetime
import uuid

from django.contrib.gis.geos import Point

from mapping.models import Community, Cooperation, Group, GroupMember, Partner, Place, PostShift, Potential
from mapping.models.places import Shift, Weekday
from patrol.models import Household
from polmas.people.models import Role
from polmas.summaries.demo import words
from polmas.summaries.demo.people import PEOPLE
from polmas.summaries.demo.places import VILLAGES
from polmas.summaries.demo.registers import phone

DAY = datetime.timedelta(days=1)
PLACES = (
    ("SD Tunas Harapan {}", "SEKOLAH", "TINGGI"),
    ("PAUD Melati {}", "PAUD", "SEDANG"),
    ("Masjid Al-Hidayah", "TEMPAT_IBADAH", "TINGGI"),
    ("Gereja Kristen {}", "TEMPAT_IBADAH", "TINGGI"),
    ("Pasar Krempyeng {}", "PASAR", "TINGGI"),
    ("Minimarket Barokah", "MINIMARKET", "SEDANG"),
    ("ATM Center {}", "PERBANKAN", "SEDANG"),
    ("Klinik Sehat Bersama", "KESEHATAN", "SEDANG"),
    ("Lapangan {}", "LAPANGAN", "SEDANG"),
    ("Kos Putri Kenanga", "KOS", "RENDAH"),
    ("CCTV simpang {}", "CCTV", "RENDAH"),
)
ACTIVITIES = (
    ("Pengajian rutin RW", "IBADAH", "setiap malam Jumat"),
    ("Pasar Minggu {}", "HARI_PASAR", "setiap Minggu pagi"),
    ("Turnamen voli antar-RW", "PERTANDINGAN", "akhir pekan"),
    ("Sedekah bumi {}", "ADAT", "setahun sekali"),
)
GOODS = (("Pangkalan LPG", "GUDANG_BBM", 60), ("Perahu karet BPBD", "ALAT_BENCANA", 2), ("HT siskamling", "ALAT_KOMUNIKASI", 8))
GROUPS = (("Linmas {}", "LINMAS"), ("Pokdar Kamtibmas {}", "POKDAR_KAMTIBMAS"), ("Patroli Keamanan Sekolah {}", "PKS"))
COMMUNITIES = (("Komunitas Sepeda {}", "HOBI", "LANTAS"), ("Paguyuban Ojek {}", "PROFESI", "LANTAS"), ("Ikatan Mahasiswa {}", "KAMPUS", "BINMAS"))
PARTNERS = (
    ("Dinas Perhubungan wilayah selatan", "DISHUB", "Penertiban parkir liar dan pengaturan jam sibuk", 40),
    ("Universitas Bina Nusa", "PENDIDIKAN", "Binluh bersama dan magang mahasiswa", 400),
    ("Radio Suara Warga", "MEDIA", "Siaran pesan kamtibmas setiap Jumat", 800),
    ("PT Graha Aman", "JASA_PENGAMANAN", "Pelatihan satpam kawasan", -30),
)
GUARDS = 4  # on one night


def load_potentials(areas, units, users, today, rng) -> None:
    """Some for each village, by its officers' Kanit; the partners for each Polsek."""
    recorders = {person.unit: users[person.username] for person in PEOPLE if person.role == Role.KANIT_BINMAS}
    for village in VILLAGES:
        homes = list(Household.objects.filter(area=areas[village.code], location__isnull=False).select_related("unit").order_by("pk"))
        if homes:
            Recorder(village.name, homes, recorders.get(homes[0].unit.code), today, rng).record()
    for code in recorders:
        _load_partners(units[code], recorders[code], today, rng)
    _load_rosters(rng)


class Recorder:
    """Writes down one village."""

    def __init__(self, name, homes, by, today, rng):
        self.name, self.homes, self.by, self.today, self.rng = name, homes, by, today, rng

    def record(self):
        rng = self.rng
        potentials = [self._potential("TEMPAT", *row) for row in rng.sample(PLACES, rng.randint(4, 7))]
        potentials += [
            self._potential("KEGIATAN", name, kind, "SEDANG", schedule=when, next_on=self.today + rng.randint(1, 40) * DAY)
            for name, kind, when in rng.sample(ACTIVITIES, rng.randint(1, 2))
        ]
        potentials += [self._potential("BARANG", name, kind, "", quantity=count) for name, kind, count in rng.sample(GOODS, 1)]
        if rng.random() < 0.2:
            potentials.append(self._potential("BARANG", "Gudang bahan kimia", "BAHAN_BERBAHAYA", "TINGGI", quantity=3, is_confidential=True))
        Potential.objects.bulk_create(potentials)
        self._groups()
        if rng.random() < 0.5:
            name, basis, function = rng.choice(COMMUNITIES)
            count = rng.randint(12, 80)
            Community.objects.create(name=name.format(self.name), basis=basis, function=function, member_count=count, **self._common())

    def _potential(self, main_class, name, kind, influence, **more) -> Potential:
        known = {"contact": self.rng.choice(words.MEN), "phone": phone(self.rng)} if self.rng.random() < 0.5 else {}
        names = {"main_class": main_class, "kind": kind, "name": name.format(self.name), "influence": influence}
        return Potential(**names, **known, **more, **self._common())

    def _groups(self):
        for name, kind in self.rng.sample(GROUPS, self.rng.randint(1, 2)):
            people = self.rng.sample(words.MEN, self.rng.randint(3, 6))
            inaugurated = self.today - self.rng.randint(200, 1500) * DAY
            facts = {"head": people[0], "member_count": len(people) + self.rng.randint(4, 20), "confirmed_on": inaugurated}
            group = Group.objects.create(name=name.format(self.name), kind=kind, phone=phone(self.rng), **facts, **self._common())
            roles = ["Ketua", "Wakil ketua", *["Anggota"] * len(people)]
            GroupMember.objects.bulk_create(
                GroupMember(group=group, name=person, position=role, starts_on=inaugurated) for person, role in zip(people, roles, strict=False)
            )

    def _common(self) -> dict:
        """Where it lies, near some household, and when somebody looked at it last."""
        home, rng = self.rng.choice(self.homes), self.rng
        place = Point(home.location.x + rng.uniform(-4e-4, 4e-4), home.location.y + rng.uniform(-4e-4, 4e-4), srid=4326)
        where = {"unit": home.unit, "area_id": home.area_id, "rw": home.rw, "location": place}
        return {"uuid": _uuid(rng), "recorded_by": self.by, "updated_on": self.today - rng.randint(5, 450) * DAY, **where}


def _load_partners(unit, by, today, rng):
    for name, kind, scope, days in PARTNERS:
        facts = {"contact": rng.choice(words.WOMEN), "phone": phone(rng), "recorded_by": by, "updated_on": today - rng.randint(5, 300) * DAY}
        partner = Partner.objects.create(uuid=_uuid(rng), unit=unit, kind=kind, name=name, **facts)
        number = f"MoU/{rng.randint(1, 40)}/{today.year - 1}"
        ends_on = today + days * DAY
        Cooperation.objects.create(uuid=_uuid(rng), partner=partner, number=number, scope=scope, starts_on=ends_on - 730 * DAY, ends_on=ends_on)


def _load_rosters(rng):
    """Every second post has its nights shared out."""
    posts = [post for post in Place.objects.filter(kind="POS_KAMLING").order_by("pk") if rng.random() < 0.5]
    for post in posts:
        post.schedule = ""  # in words before, by day from now on
    Place.objects.bulk_update(posts, ["schedule"])
    PostShift.objects.bulk_create(
        PostShift(post=post, weekday=day, shift=Shift.MALAM, names=", ".join(rng.sample(words.MEN, GUARDS))) for post in posts for day in Weekday
    )


def _uuid(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)
