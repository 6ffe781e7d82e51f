"""The summaries of the last two whole months, two weeks and three days: those of Polsek Banyumanik on their way up, the others as the
worker leaves them."""

import contextlib
import datetime
from unittest import mock

from django.utils import timezone

from polmas.people.periods import DAY, months_back, week_of
from polmas.summaries import moving, releasing
from polmas.summaries.building import build
from polmas.summaries.models import IncidentalReport, PeriodKind, Summary, TextPart

ANALYSIS = (
    "Kegiatan sambang berjalan di seluruh kelurahan. Keluhan warga paling banyak mengenai keamanan kendaraan yang diparkir di luar "
    "pagar dan lampu jalan yang padam; keduanya sudah dibahas dalam rapat FKPM dan disampaikan kepada Lurah. "
    "Satu petugas perlu pendampingan karena laporannya sering menyusul."
)
PLAN = (
    "1. Patroli dialogis bersama Polisi RW pada pukul 01.00–04.00 di ruas yang gelap.\n"
    "2. Kunjungan ulang kepada keluarga yang menyampaikan keluhan tinggi.\n"
    "3. Penyuluhan penipuan daring pada pertemuan RW."
)


SITUATION = "Situasi kondusif. Satu curanmor di halaman rumah kos ditangani Unit Reskrim; barang bukti rekaman kamera."
NOTE = "Bagian H belum menyebut jam rawan. Lengkapi, lalu kirim kembali."


def load_months(units, users, today):
    """Builds the months, weeks and days of every Polsek, then of the Polres. Needs the reports and their counts."""
    months = [months_back(today.replace(day=1), back) for back in (2, 1)]
    weeks = [week_of(today - DAY * 7 * back).start for back in (2, 1)]
    days = [today - DAY * back for back in (3, 2, 1)]
    for kind, starts in ((PeriodKind.MONTHLY, months), (PeriodKind.WEEKLY, weeks), (PeriodKind.DAILY, days)):
        for start in starts:
            _load(units, users, kind, start)
    _load_incidental(units, users)


def _load(units, users, kind, start):
    """One period: Banyumanik's is approved and sent, the one before the last received; of the last week it came back."""
    summary = build(units["POLSEK-BANYUMANIK"], kind, start)
    is_due = not summary.due_at or summary.due_at <= timezone.now()
    with _on_time(summary):
        if kind == PeriodKind.DAILY and is_due:
            releasing.release(summary.pk)
        elif kind != PeriodKind.DAILY:
            _approve(summary, users["80010099"])
            moving.send(summary, users["80010099"])
    for code in ("POLSEK-GAJAHMUNGKUR", "POLSEK-TEMBALANG", "POLRESTABES-SEMARANG"):
        build(units[code], kind, start)
    summary.refresh_from_db()
    is_newest = kind != PeriodKind.MONTHLY and summary.ends_on >= summary.unit.today() - 7 * DAY
    if kind == PeriodKind.WEEKLY and is_newest and summary.state == Summary.State.DIKIRIM:
        moving.send_back(summary, users["80000099"], NOTE)
    elif not is_newest and summary.state == Summary.State.DIKIRIM:
        moving.receive(summary, users["80000099"])


@contextlib.contextmanager
def _on_time(summary):
    """Within, it is two hours before the summary is due, or now where that is still to come."""
    moment = min(summary.due_at - datetime.timedelta(hours=2), timezone.now())
    Summary.objects.filter(pk=summary.pk).update(due_at=max(summary.due_at, moment), built_at=moment)
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def _approve(summary, kapolsek):
    texts = {TextPart.B: SITUATION, TextPart.ANALYSIS: ANALYSIS, TextPart.PLAN: PLAN}
    summary.edit(kapolsek, texts, seen=summary.text_hashes())
    moving.approve(summary, kapolsek, seen=summary.draft_hash)


def _load_incidental(units, users):
    """A tree across the road this morning, and what became of it."""
    told = {
        "title": "Pohon tumbang menutup Jl. Tirto Agung",
        "occurred_at": timezone.now() - datetime.timedelta(hours=5),
        "what": "Pohon trembesi tumbang karena angin kencang dan menutup kedua lajur.",
        "place": "Jl. Tirto Agung, depan Balai RW 05, Kelurahan Pedalangan",
        "why": "Hujan lebat disertai angin kencang; akar pohon lapuk.",
        "actions": "Arus lalu lintas dialihkan melalui Jl. Ngesrep Timur; BPBD dan Dinas Pertamanan dihubungi.",
        "victims": "Tidak ada.",
        "loss": "Satu gerobak rusak, sekitar Rp 1.500.000.",
    }
    main = IncidentalReport(unit=units["POLSEK-BANYUMANIK"], **told)
    main.send(users["80010085"])
    more = IncidentalReport(unit=main.unit, main=main, **{**told, "developments": "Pohon selesai dipotong, kedua lajur sudah dibuka."})
    more.send(users["80010090"])
    main.receive(users["80000099"])
