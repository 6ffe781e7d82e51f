"""How officers are rated and honoured, and what their superiors wrote: scores of three months, awards of two, notes and sessions."""

import datetime
import uuid

from fkpm.models import Forum
from patrol.sync import take
from polmas.people.models import Notification
from polmas.people.periods import DAY, months_back
from polmas.summaries import awards, coaching, scoring
from polmas.summaries.demo.behalf import SPACE
from polmas.summaries.demo.cases import NO
from polmas.summaries.models import Award, AwardCategory, CoachingSession, OfficerScore, ServiceNote

POLSEK, POLRES = "POLSEK-BANYUMANIK", "POLRESTABES-SEMARANG"
# Who settled what, so many days ago: user name, days, category, outcome, story.
MATTERS = (
    ("80010002", 20, "REMAJA", "PEMBINAAN", "Enam remaja balap liar di depan lapangan, dipanggil bersama orang tua."),
    ("80010002", 27, "TETANGGA", "TIDAK_SEPAKAT", "Air buangan talang mengalir ke rumah tetangga, belum ada titik temu."),
    ("80010002", 34, "REMAJA", "PEMBINAAN", "Coretan di dinding balai RW, pelakunya diminta mengecat ulang."),
    ("80010002", 41, "REMAJA", "PEMBINAAN", "Perkelahian setelah futsal, kedua kelompok dipertemukan di balai."),
    ("80010002", 48, "REMAJA", "PEMBINAAN", "Petasan dinyalakan dekat musala, orang tua hadir dalam pembinaan."),
    ("80010002", 55, "REMAJA", "PEMBINAAN", "Anak sekolah membolos di warung internet, sekolah menjemput."),
    ("80010003", 30, "REMAJA", "PEMBINAAN", "Lima remaja mengganggu warga di jembatan, dibina bersama sekolah."),
    ("80010003", 44, "TETANGGA", "TIDAK_SEPAKAT", "Suara bengkel pada malam hari, kedua pihak minta waktu."),
)
REASONS = {
    AwardCategory.BHABINKAMTIBMAS: "Nilai tertinggi bulan ini: target sambang dan penyuluhan terjaga, aduan warga dijawab cepat, dan "
    "laporannya lengkap.",
    AwardCategory.PROBLEM_SOLVING: "Menuntaskan perselisihan remaja bersama orang tua dan sekolah, tanpa perkara yang terulang.",
    AwardCategory.FKPM: "Rapat teratur, notulen disahkan tepat waktu, dan tindak lanjut lampu jalan tuntas.",
}


def load_matters(users, now: datetime.datetime) -> None:
    """Cases of other officers than the one of Pedalangan, filed as a phone files them."""
    for matter in MATTERS:
        _settle(users, now, *matter)


def load_service(units, users, now: datetime.datetime) -> None:
    """Needs the reports with their counts, the cases and the forums."""
    today = units[POLSEK].day_of(now)
    for back in (2, 1, 0):
        scoring.build(units[POLRES], months_back(today.replace(day=1), back))
    for back, is_decided in ((2, True), (1, False)):
        _honour(units[POLSEK], users, months_back(today.replace(day=1), back), is_decided, now)
    _write(units[POLSEK], users, today, now)


def _settle(users, now, username, days, category, outcome, story):
    at = now - days * DAY
    officer = users[username]
    beat = officer.beats.select_related("area").order_by("area__code").first()
    parties = [{"role": "PIHAK_1", "name": "A.R.", "age": 15}, {"role": "PIHAK_2", "name": "D.S.", "age": 16}]
    grown = [{"role": "PIHAK_1", "name": "Sukarno", "age": 51}, {"role": "PIHAK_2", "name": "Wagiman", "age": 47}]
    detail = {"category": category, "happened_on": (at - DAY).date().isoformat(), "outcome": outcome, **NO}
    detail["parties"] = parties if category == "REMAJA" else grown
    item = {
        "id": str(uuid.uuid5(SPACE, f"perkara {username} {days}")),
        "schema": 1,
        "version": 1,
        "base_version": None,
        "kind": "PS",
        "occurred_at": at.isoformat(),
        "saved_at": at.isoformat(),
        "area": beat.area.code,
        "narrative": story,
        "detail": detail,
    }
    take(officer, [item])


def _honour(unit, users, month, is_decided, now):
    """The best by the figures, the best problem solver and the forum of the month; of the last month they wait for the Kapolsek."""
    found = awards.candidates(unit, month)
    chosen: list[Award] = []
    for category, reason in REASONS.items():
        best = next(iter(found.get(category, [])), None)
        if best:
            who = {"officer": best.officer, "forum": best.forum, "recipient_unit": best.unit}
            chosen.append(Award(unit=unit, month=month, category=category, reason=reason, **who))
    if category_missing(chosen, AwardCategory.FKPM):
        forum = Forum.objects.filter(unit=unit, status=Forum.Status.AKTIF).order_by("pk").first()
        if forum:
            chosen.append(Award(unit=unit, month=month, category="FKPM", forum=forum, recipient_unit=unit, reason=REASONS[AwardCategory.FKPM]))
    if category_missing(chosen, AwardCategory.BHABINKAMTIBMAS):
        score = OfficerScore.objects.of_month(month).in_unit(unit).exclude(total=None).order_by("-total").first()
        if score:
            reason = REASONS[AwardCategory.BHABINKAMTIBMAS]
            chosen.append(Award(unit=unit, month=month, category="BHABINKAMTIBMAS", officer=score.officer, recipient_unit=score.unit, reason=reason))
    for award in chosen:
        awards.propose(award, users["80010090"])
        if is_decided:
            awards.decide(award, users["80010099"], "Diserahkan pada apel pagi.")


def category_missing(chosen, category) -> bool:
    return all(award.category != category for award in chosen)


def _write(unit, users, today, now):
    """A reprimand that was read and answered, a note that waits to be read; one session held with a plan, one ahead."""
    kanit, kapolsek = users["80010090"], users["80010099"]
    late = coaching.write(
        ServiceNote(
            unit=unit,
            officer=users["80010005"],
            kind=ServiceNote.Kind.LISAN,
            given_on=today - 16 * DAY,
            text="Empat hari berturut-turut tanpa laporan dan tanpa pemberitahuan. Sudah dibicarakan langsung di ruang Kanit.",
            expected="Melapor setiap hari dinas; bila berhalangan, memberi tahu Kanit sebelum pukul 08.00.",
            expected_by=today - 2 * DAY,
            written_by=kapolsek,
        )
    )
    late.read()
    coaching.answer(late, "Siap, mohon maaf. Ponsel rusak dan sudah diganti; laporan yang tertunda sudah dikirim.")
    ServiceNote.objects.filter(pk=late.pk).update(
        written_at=now - 16 * DAY, read_at=now - 15 * DAY, answered_at=now - 15 * DAY + datetime.timedelta(hours=2)
    )
    note = coaching.write(
        ServiceNote(
            unit=unit,
            officer=users["80010001"],
            kind=ServiceNote.Kind.CATATAN,
            given_on=today - DAY,
            text="Isi laporan sambang sudah baik. Lengkapi posisi untuk kunjungan di gang sempit dengan menggeser pin.",
            written_by=kanit,
        )
    )
    ServiceNote.objects.filter(pk=note.pk).update(written_at=now - DAY)
    held = coaching.plan(
        CoachingSession(unit=unit, officer=users["80010005"], coach=kanit, starts_at=now - 14 * DAY, topic="Menata hari dinas dan laporan")
    )
    held.hold("Membahas rute sambang dan melapor tanpa jaringan.", "Laporan dikirim sebelum apel sore.", today + 3 * DAY)
    coaching.plan(
        CoachingSession(unit=unit, officer=users["80010001"], coach=kanit, starts_at=now + 2 * DAY, topic="Pemecahan masalah: perkara pagar")
    )
    Notification.objects.filter(kind__in=["NOTE", "NOTE_ANSWER"], user=users["80010005"]).update(read_at=now - 15 * DAY, created_at=now - 16 * DAY)
