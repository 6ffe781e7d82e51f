"""A handful of Laporan Informasi in every state, so that the register of Polsek Banyumanik is no empty page. All invented."""

import datetime
import hashlib
import uuid

from patrol.models import Information, InformationSource
from polmas.people.models import User

# Author, kelurahan, days ago, field, subject, facts, opinion parts, how far it came ("" waits for the Kanit).
ROWS = (
    (
        *("80010001", "33.74.11.1004", 12, "KEAMANAN", "Rencana balap liar di Jalan Setiabudi"),
        "Tiga pemuda di warung kopi simpang Setiabudi membicarakan balap motor pada Sabtu malam pukul 23.00, titik kumpul di depan SPBU.",
        ("Pernah terjadi bulan lalu di tempat yang sama.", "Warga sekitar dapat terganggu dan terjadi kecelakaan.", "Patroli mulai pukul 22.00."),
        "disposed",
    ),
    (
        *("80010002", "33.74.11.1011", 8, "EKONOMI", "Penawaran investasi dengan bunga tidak wajar"),
        "Selebaran di balai RW 03 menawarkan bunga 10 persen sebulan. Dua warga mengaku sudah menyetor masing-masing lima juta rupiah.",
        ("Ciri-cirinya menyerupai investasi bodong.", "Kerugian dapat meluas ke RW lain.", "Koordinasi dengan Sat Reskrim dan penyuluhan."),
        "valued",
    ),
    (
        *("80010003", "33.74.11.1005", 4, "SOSIAL", "Penolakan warga atas lokasi pembuangan sampah"),
        "Dalam pertemuan RT, sekitar dua puluh warga menyatakan akan menutup jalan bila truk sampah tetap lewat mulai awal bulan depan.",
        ("Warga belum diajak bicara oleh pengelola.", "Penutupan jalan dapat terjadi.", "Pertemuan tiga pilar sebelum akhir bulan."),
        "registered",
    ),
    (
        *("80010001", "33.74.11.1010", 1, "KEAMANAN", "Orang tidak dikenal memotret rumah kosong"),
        "Seorang laki-laki dengan sepeda motor tanpa pelat nomor memotret tiga rumah kosong di RW 02 pada Kamis sekitar pukul 10.00.",
        ("", "", ""),
        "",
    ),
)


def load_informations(areas, units, users: dict[str, User], now: datetime.datetime) -> None:
    """Goes the same way as in the field: filed, then registered, valued and disposed by those who do so."""
    unit = units["POLSEK-BANYUMANIK"]
    for n, (author, village, days, field, subject, facts, opinion, reached) in enumerate(ROWS, 1):
        obtained_at = now - datetime.timedelta(days=days)
        information = Information.objects.create(
            uuid=uuid.uuid5(uuid.NAMESPACE_URL, f"polmas-demo-li-{n}"),
            author=users[author],
            unit=unit,
            area=areas[village],
            day=unit.day_of(obtained_at),
            obtained_at=obtained_at,
            received_at=obtained_at,
            method="LAPORAN_WARGA",
            field=field,
            subject=subject,
            source_alias=f"Merpati {n}" if n < 3 else "",
            relation="tinggal di sekitar lokasi" if n < 3 else "",
            facts=facts,
            **dict(zip(("analysis", "prediction", "recommendation"), opinion, strict=True)),
            content_hashes=[hashlib.sha256(subject.encode()).hexdigest()],
        )
        if information.source_alias:
            InformationSource.objects.create(information=information, name="Warga setempat (rekaan)", contact="0812-0000-0000")
        _bring(information, reached, users, units)


def _bring(information, reached, users, units) -> None:
    """Through the desks of Polsek Banyumanik, as far as it came."""
    kanit, intelkam, kapolsek = users["80010090"], users["80010091"], users["80010099"]
    copies = [units["POLRESTABES-SEMARANG"]]
    if reached:
        information.register(kanit, "RAHASIA", copies, 1)
    if reached in ("valued", "disposed"):
        information.rate(intelkam, "B", "2", "RAHASIA", copies)
    if reached == "disposed":
        information.dispose(kapolsek, "Kanit Intelkam: dalami. Kanit Samapta: patroli Sabtu malam. Lapor hasilnya hari Senin.")
