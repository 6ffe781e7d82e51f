"""What officers did beside sambang and evening rounds in the months of the diary: binluh, checks of posts, complaints answered."""

import datetime

from mapping.models import Place
from patrol.models import Counsel, Kind, Report, Response, State
from patrol.models.responses import Channel, Service, Validity
from polmas.people.periods import DAY
from polmas.summaries.demo import places, rounds
from polmas.summaries.demo.people import OFFICERS, codes_of
from polmas.summaries.demo.rounds import MINUTE

COUNSELS, ANSWERS, CHECKS = 0.17, 0.16, 0.26  # chances of a day
VERIFIED = 0.35  # of what is older than a week
TALKS = (
    (["NARKOBA"], "PELAJAR", "Penyuluhan bahaya narkoba di sekolah, dua guru dan pengurus OSIS hadir."),
    (["PENIPUAN_DARING"], "IBU", "Penyuluhan penipuan daring pada pertemuan PKK, banyak pertanyaan tentang tautan palsu."),
    (["KENAKALAN_REMAJA"], "PEMUDA", "Bicara dengan karang taruna tentang nongkrong malam dan petasan."),
    (["TERTIB_LALIN"], "PELAJAR", "Penyuluhan tertib lalu lintas, helm, dan jalur sekolah."),
)
COMPLAINTS = (
    (Service.KEAMANAN, "Warga menelepon: ribut di warung sampai larut malam. Pengunjung diminta pulang, pemilik diingatkan."),
    (Service.KESELAMATAN, "Pohon tumbang menutup gang. Bersama warga dan BPBD disingkirkan."),
    (Service.KEMANUSIAAN, "Lansia tersesat ditemukan warga, diantar ke keluarganya."),
    (Service.KEAMANAN, "Orang tidak dikenal mengetuk rumah. Didatangi, ternyata kurir salah alamat."),
)


def load_duties(areas, units, users, first_day: datetime.date, now, digest, rng) -> list[Report]:
    """Day by day for each officer; gives the reports."""
    shapes = places.shapes_by_code()
    spots = {place.code: places.Spots(place, shapes[place.code], rng) for place in places.VILLAGES}
    posts: dict[str, list[Place]] = {}
    for post in Place.objects.filter(rw__in=["002", "005"]).select_related("area"):
        posts.setdefault(post.area.code, []).append(post)
    found: list[tuple[Report, Counsel | Response]] = []
    checks = []
    for person in OFFICERS:
        for report, detail in _of(person, areas, units, users, posts, spots, first_day, now, digest, rng):
            if isinstance(detail, rounds.Round):
                checks.append(detail)
            else:
                found.append((report, detail))
    Report.objects.bulk_create(report for report, _detail in found)
    for report, detail in found:
        detail.report = report
    Counsel.objects.bulk_create(detail for _report, detail in found if isinstance(detail, Counsel))
    Response.objects.bulk_create(detail for _report, detail in found if isinstance(detail, Response))
    rounds.save(checks)
    return [report for report, _detail in found] + [each.report for each in checks]


def _of(person, areas, units, users, posts, spots, first_day, now, digest, rng):
    unit, user = units[person.unit], users[person.username]
    today, zeal = unit.day_of(now), min(person.pace / 4, 1.15)
    codes = [code for code in codes_of(person) if code in posts]
    day = first_day
    while codes and day < today - max(1, person.silent_days) * DAY:
        day += DAY
        code = rng.choice(codes)
        report = Report(officer=user, unit=unit, area=areas[code], day=day)
        if day.weekday() < 5 and rng.random() < COUNSELS * zeal:
            yield _counsel(report, spots[code].one(), digest, today, rng)
        if rng.random() < ANSWERS * zeal:
            report = Report(officer=user, unit=unit, area=areas[code], day=day)
            yield _answer(report, spots[code].one(), digest, today, rng)
        if (today - day).days >= rounds.DAYS and rng.random() < CHECKS * zeal:
            began = _at(unit, day, 20, rng)
            yield None, rounds.watch(Report(officer=user, unit=unit, area=areas[code], day=day), began, rng.choice(posts[code]), digest, today, rng)


def _at(unit, day, hour, rng) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, rng.randint(0, 59)), unit.zone)


def _counsel(report, spot, digest, today, rng):
    topics, audience, text = rng.choice(TALKS)
    report.kind, report.occurred_at, report.narrative = Kind.BINLUH, _at(report.unit, report.day, rng.randint(9, 15), rng), text
    report.location, report.accuracy_m = spot, round(rng.uniform(4, 20), 1)
    return _reviewed(rounds.filed(report, digest, today, rng), today, rng), Counsel(
        topics=topics, audience=audience, participant_count=rng.randint(12, 60)
    )


def _answer(report, spot, digest, today, rng):
    service, text = rng.choice(COMPLAINTS)
    complained = _at(report.unit, report.day, rng.randint(8, 20), rng)
    minutes = max(5, round(rng.gauss(24, 9)))
    report.kind, report.occurred_at, report.narrative = Kind.RESPON_ADUAN, complained + minutes * MINUTE, text
    report.location, report.accuracy_m = spot, round(rng.uniform(4, 20), 1)
    detail = Response(
        channel=rng.choice([Channel.TELEPON, Channel.WA, Channel.CALL_110]),
        service=service,
        complained_at=complained,
        arrived_at=report.occurred_at,
        validity=Validity.VALID,
    )
    return _reviewed(rounds.filed(report, digest, today, rng), today, rng), detail


def _reviewed(report, today, rng):
    """Some of the older ones were looked at."""
    if (today - report.day).days > 7 and rng.random() < VERIFIED:
        report.state = State.VERIFIED
    return report
