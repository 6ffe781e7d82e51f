"""The summaries of the last two whole months: those of Polsek Banyumanik approved, the others as the worker leaves them."""

from polmas.people.periods import months_back
from polmas.summaries.building import build
from polmas.summaries.models import PeriodKind

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


def load_months(units, users, today):
    """Builds two months of every Polsek, then of the Polres. Needs the reports and their counts."""
    kapolsek = users["80010099"]
    for back in (2, 1):
        month = months_back(today.replace(day=1), back)
        _approve(build(units["POLSEK-BANYUMANIK"], PeriodKind.MONTHLY, month), kapolsek)
        for code in ("POLSEK-GAJAHMUNGKUR", "POLSEK-TEMBALANG", "POLRESTABES-SEMARANG"):
            build(units[code], PeriodKind.MONTHLY, month)


def _approve(summary, kapolsek):
    summary.edit(kapolsek, ANALYSIS, PLAN, seen=summary.text_hash)
    summary.approve(kapolsek, seen=summary.draft_hash)
