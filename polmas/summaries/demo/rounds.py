"""Posts of the siskamling, and the patrols and checks of the last weeks that passed them."""

import dataclasses
import datetime
import uuid

from mapping.models import Place
from patrol.distances import metres_between
from patrol.models import Checkpoint, Kind, Patrol, Report, Situation, State, Watch
from polmas.summaries.demo import places
from polmas.summaries.demo.people import OFFICERS, codes_of

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
DAYS = 24
PATROL_SHARE, WATCH_SHARE = 0.28, 0.16  # of the evenings of an officer
HEADS = ("Pak Sugeng", "Pak Rohmat", "Pak Heri", "Pak Untung", "Pak Slamet", "Pak Darmanto")
ROSTER = "Senin: Agus, Wahyu, Dono\nSelasa: Heru, Bagas, Teguh\nRabu: Sarwono, Imam, Yanto\nKamis: Rudi, Kasno, Eko\nJumat: Tarno, Adi, Budi"
STOPS = ("Ruko", "ATM", "Minimarket", "Lapangan", "Balai kelurahan", "Perempatan", "Masjid", "Jembatan", "SD Negeri", "Portal perumahan")
FINDINGS = (
    ("Lampu jalan padam", "Dilaporkan ke kelurahan", Situation.ATENSI),
    ("Remaja berkumpul hingga malam", "Diimbau pulang", Situation.ATENSI),
    ("Sepeda motor tanpa kunci ganda", "Pemilik diingatkan", ""),
    ("Pagar proyek terbuka", "Penjaga diminta menutup", ""),
)
MESSAGES = (
    "Pasang kunci ganda dan parkir di tempat terang.",
    "Aktifkan ronda, catat tamu yang menginap 1x24 jam.",
    "Waspada penipuan lewat telepon dan tautan palsu.",
)
TARGETS = (["PEMUKIMAN"], ["PEMUKIMAN", "PERTOKOAN"], ["PERBANKAN", "PERTOKOAN"], ["SEKOLAH", "PEMUKIMAN"], ["JALUR_RAWAN"])


@dataclasses.dataclass
class Round:
    """One patrol or check with its rows, not yet saved."""

    report: Report
    detail: Patrol | Watch
    points: list[Checkpoint]


def load_rounds(areas, units, users, now, digest, rng) -> list[Report]:
    """Two posts for each village, and what officers did there in the evenings; gives the reports."""
    shapes = places.shapes_by_code()
    spots = {place.code: places.Spots(place, shapes[place.code], rng) for place in places.VILLAGES}
    posts = {code: [_post(areas[code], units[places.DISTRICTS[code[:8]][1]], rw, spots[code], rng) for rw in (2, 5)] for code in spots}
    Place.objects.bulk_create(post for some in posts.values() for post in some)
    rounds = [each for person in OFFICERS for each in _evenings(person, areas, units, users, posts, spots, now, digest, rng)]
    save(rounds)
    return [each.report for each in rounds]


def save(rounds):
    Report.objects.bulk_create(each.report for each in rounds)
    for each in rounds:
        each.detail.report = each.report
        for point in each.points:
            point.report = each.report
    Patrol.objects.bulk_create(each.detail for each in rounds if isinstance(each.detail, Patrol))
    Watch.objects.bulk_create(each.detail for each in rounds if isinstance(each.detail, Watch))
    Checkpoint.objects.bulk_create(point for each in rounds for point in each.points)


def _post(area, unit, rw, spots, rng):
    return Place(
        uuid=_uuid(rng),
        unit=unit,
        area=area,
        name=f"Pos Kamling RW {rw:02}",
        rw=f"{rw:03}",
        head=rng.choice(HEADS),
        schedule=ROSTER,
        location=spots.one(),
    )


def _evenings(person, areas, units, users, posts, spots, now, digest, rng):
    unit, user = units[person.unit], users[person.username]
    today = unit.day_of(now)
    codes = [code for code in codes_of(person) if code in posts]
    for back in range(max(1, person.silent_days), DAYS):
        day = today - back * DAY
        began = datetime.datetime.combine(day, datetime.time(20, rng.randint(0, 59)), unit.zone)
        code = rng.choice(codes)
        chance = rng.random()
        if chance < PATROL_SHARE:
            yield _patrol(Report(officer=user, unit=unit, area=areas[code], day=day), began, posts[code], spots[code], digest, today, rng)
        elif chance < PATROL_SHARE + WATCH_SHARE:
            yield watch(Report(officer=user, unit=unit, area=areas[code], day=day), began, rng.choice(posts[code]), digest, today, rng)


def _patrol(report, began, posts, spots, digest, today, rng):
    points, at = [], began
    for number in range(rng.randint(3, 5)):
        post = posts[number % 2] if number < 2 else None
        place = spots.near(post.location, 25) if post else spots.one()
        finding, action, situation = rng.choice(FINDINGS) if rng.random() < 0.15 else ("", "", "")
        points.append(
            Checkpoint(
                at=at,
                location=place,
                accuracy_m=round(rng.uniform(4, 20), 1),
                name="" if post else rng.choice(STOPS),
                post=post,
                post_distance_m=metres_between(place, post.location) if post else None,
                finding=finding,
                action=action,
                situation=situation,
            )
        )
        at += rng.randint(8, 25) * MINUTE
    report.kind, report.occurred_at, report.ended_at = Kind.PATROLI, began, points[-1].at
    report.location, report.accuracy_m = points[0].location, points[0].accuracy_m
    detail = Patrol(
        mode=rng.choice(["R2", "R2", "R2", "JALAN_KAKI", "SEPEDA"]),
        nature=rng.choice(["DIALOGIS", "DIALOGIS", "BERSAMA", "KHUSUS"]),
        targets=rng.choice(TARGETS),
        residents_met=rng.randint(2, 18),
        message=rng.choice(MESSAGES),
    )
    return Round(filed(report, digest, today, rng), detail, points)


def watch(report, began, post, digest, today, rng):
    guards = rng.randint(0, 4)
    condition = "TIDAK" if not guards else "KURANG" if guards < 2 else "AKTIF"
    report.kind, report.occurred_at = Kind.KONTROL_KAMLING, began
    report.location, report.accuracy_m = post.location, round(rng.uniform(4, 20), 1)
    report.narrative = f"{post.name}: {guards} warga jaga, buku mutasi diperiksa." if guards else f"{post.name} kosong, ketua pos dihubungi."
    equipment = ["KENTONGAN", "SENTER", "BUKU_MUTASI"]
    detail = Watch(post=post, post_distance_m=0.0, condition=condition, guards_present=guards, guards_rostered=3, equipment=equipment)
    return Round(filed(report, digest, today, rng), detail, [])


def filed(report, digest, today, rng) -> Report:
    """As it reached the server: soon after, and accepted by itself once it was old enough."""
    report.uuid, report.distance_m = _uuid(rng), 0.0
    report.received_at = (report.ended_at or report.occurred_at) + rng.randint(1, 12) * MINUTE
    if (today - report.day).days > report.unit.accept_after_days:
        report.state = State.ACCEPTED
    report.content_hashes = [digest({"id": str(report.uuid), "kind": report.kind})]
    return report


def _uuid(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)
