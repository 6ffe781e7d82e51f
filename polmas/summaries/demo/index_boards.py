"""Boards of stakeholders and their security index: Banyumanik with two closed quarters and one that is being scored, its neighbours with
one closed quarter each, so that areas can be compared."""

import datetime

from mapping.models import Area
from polmas.summaries import index_results
from polmas.summaries.models import IndexBoard, IndexIndicator, IndexMember, IndexPeriod, IndexScheme, IndexScore, IndexStep, IndexValue
from polmas.summaries.models.security_index import first_day_of

ACCOUNT = "dewan-ratna"
HOMES = {"33.74.11": ("POLSEK-BANYUMANIK", "80010099"), "33.74.10": ("POLSEK-TEMBALANG", "80000099"), "33.74.09": ("POLSEK-GAJAHMUNGKUR", "80000099")}
# Name, what they stand for, organisation, office, account, and how much milder or stricter they score than others.
MEMBERS = (
    ("Dra. Endah Setyowati", "FORKOPIMCAM", "Kecamatan", "Ketua", "", 0),
    ("Kapten Inf. Sugiyanto", "FORKOPIMCAM", "Koramil", "", "", 0),
    ("Dr. Ratna Kusumaningrum", "AKADEMISI", "Universitas Bina Nusa", "Sekretaris", ACCOUNT, -1),
    ("KH. Ahmad Fauzan", "FKUB", "FKUB", "", "", 0),
    ("Pdt. Yohanes Widodo", "FKUB", "FKUB", "", "", 0),
    ("Hendra Wijaya", "USAHA", "Paguyuban pedagang", "", "", 1),
    ("Siti Nur Aisyah", "PEREMPUAN", "PKK", "", "", 0),
)
# Where an indicator stands by and large in the older and in the newer quarter; None where nobody could say.
LEVELS = {
    "I": ((4, 4, 3, 4, 5, 4, 3, 5), (4, 4, 4, 4, 5, 4, 3, 5)),
    "P": ((3, 4, 4, 3, 2, 4), (3, 4, 4, 3, None, 4)),
    "E": ((3, 2, 4, 3, 2), (3, 3, 4, 3, 2)),
    "S": ((4, 3, 3, 4, 4, 3), (4, 3, 3, 4, 4, 3)),
}
REASONS = {
    1: "Masih sering terjadi dan warga mengeluhkannya di setiap pertemuan.",
    2: "Terjadi beberapa kali dalam triwulan ini dan belum ada jalan keluar.",
    3: "Cukup terkendali, tetapi masih bergantung pada satu dua orang.",
    4: "Baik: tidak ada kejadian menonjol, kegiatan bersama berjalan rutin.",
    5: "Tidak ada kejadian sejak lebih dari dua tahun.",
}
STEPS = (
    (
        "E5",
        "Pemuda menganggur mudah tergiur pinjaman dan judi lewat ponsel.",
        "Kelas keuangan keluarga di tiap kelurahan",
        "Camat dan PKK",
        45,
        "OPEN",
    ),
    ("P5", "Warga tidak mengetahui hasil musrenbang.", "Papan hasil musrenbang di balai RW", "Camat", -20, "DONE"),
    ("E2", "Lowongan di kawasan industri tidak sampai ke warga sekitar.", "Bursa kerja bersama paguyuban usaha", "Hendra Wijaya", -5, "OPEN"),
)


def load_boards(units, users, now, rng) -> None:
    today = units["POLSEK-BANYUMANIK"].day_of(now)
    place = today.year * 4 + (today.month - 1) // 3
    quarters = [(number // 4, number % 4 + 1) for number in (place - 2, place - 1, place)]
    for code, (unit, head) in HOMES.items():
        area = Area.objects.get(code=code)
        own = code == "33.74.11"
        board = IndexBoard.objects.create(
            unit=units[unit], area=area, name=f"Dewan Pemangku Kepentingan Kecamatan {area.name}", founded_on=first_day_of(*quarters[0])
        )
        members = _members(board, users, own)
        for age, quarter in enumerate(quarters[:2]):
            if own or age:
                _close(_period(board, quarter, users[head]), members, users[head], age, now, rng)
        if own:
            _begin(_period(board, quarters[2], users[head]), members, users[head], rng)


def _members(board, users, own) -> list[tuple[IndexMember, int]]:
    made = []
    for name, stakeholder, organisation, position, account, bias in MEMBERS if own else MEMBERS[1:6]:
        user = users[account] if account and own else None
        row = {"stakeholder": stakeholder, "organisation": organisation, "position": position, "user": user}
        made.append((IndexMember.objects.create(board=board, name=name, starts_on=board.founded_on, **row), bias))
    return made


def _period(board, quarter, by) -> IndexPeriod:
    year, number = quarter
    scheme = IndexScheme.objects.on(first_day_of(year, number))
    return IndexPeriod.objects.create(board=board, unit=board.unit, area=board.area, scheme=scheme, year=year, quarter=number, opened_by=by)


def _score(period, members, by, age, rng, share=1.0) -> None:
    levels = {f"{letter}{number}": level for letter, rows in LEVELS.items() for number, level in enumerate(rows[age], 1)}
    indicators = IndexIndicator.objects.in_bulk(field_name="code")
    for member, bias in members:
        codes = list(levels)[: int(len(levels) * share)]
        for code in codes:
            if levels[code] is None:
                continue
            value = min(5, max(1, levels[code] + rng.choice((0, 0, 0, bias, bias, rng.choice((-1, 1))))))
            recorded_by = member.user or by
            IndexScore.objects.create(
                period=period, indicator=indicators[code], member=member, value=value, reason=REASONS[value], recorded_by=recorded_by
            )


def _close(period, members, by, age, now, rng) -> None:
    """A quarter of which two values were agreed and whose steps are under way, closed some days after its end."""
    _score(period, members, by, age, rng)
    period.end_scoring()
    moment = min(now, datetime.datetime.combine(period.last_day + datetime.timedelta(days=9), datetime.time(10), period.unit.zone))
    indicators = IndexIndicator.objects.in_bulk(field_name="code")
    for code, value in (("I3", 4), ("S2", 3)):
        note = "Setelah melihat sebaran dan mendengar penjelasan anggota."
        IndexValue.objects.create(period=period, indicator=indicators[code], value=value, note=note, agreed_on=moment.date(), recorded_by=by)
    if age and period.board.area.code == "33.74.11":
        _agree_on_steps(period, indicators, period.unit.day_of(now))
    result = index_results.result_of(period)
    closing = {"state": "CLOSED", "closed_by": by, "closed_at": moment, "total": result.total.value, "results": result.stored()}
    opened_at = datetime.datetime.combine(period.first_day + datetime.timedelta(days=60), datetime.time(9), period.unit.zone)
    IndexPeriod.objects.filter(pk=period.pk).update(opened_at=opened_at, **closing)


def _agree_on_steps(period, indicators, today) -> None:
    for code, root_cause, step, owner, days, state in STEPS:
        due_on = today + datetime.timedelta(days=days)
        done_on = due_on if state == "DONE" else None
        said = {"root_cause": root_cause, "step": step, "owner": owner, "due_on": due_on, "state": state, "done_on": done_on}
        IndexStep.objects.create(period=period, indicator=indicators[code], **said)


def _begin(period, members, by, rng) -> None:
    """The running quarter: two sheets are in, the academic has begun, the others wait."""
    _score(period, members[:2], by, 1, rng)
    _score(period, members[2:3], by, 1, rng, share=0.3)
