"""The code lists that polmas starts with. An administrator edits them afterwards; loading again changes nothing that exists."""

DEFAULTS = {
    "DDS_PURPOSE": [
        ("SILATURAHMI", "Silaturahmi", "Getting acquainted"),
        ("PENDATAAN", "Pendataan", "Recording data"),
        ("PESAN_KAMTIBMAS", "Pesan kamtibmas", "Security message"),
        ("TINDAK_LANJUT_ADUAN", "Tindak lanjut aduan", "Follow-up of a complaint"),
        ("PANTAU_TAMU", "Pantau tamu", "Checking on guests"),
    ],
    "OUTSIDE_REASON": [
        ("WARGA_BERADA_DI_LUAR", "Warga berada di luar wilayah", "The resident was elsewhere"),
        ("KEGIATAN_GABUNGAN", "Kegiatan gabungan", "Joint activity"),
        ("TUGAS_BKO", "Tugas BKO", "Attached to another unit (BKO)"),
        ("GPS_MELESET", "GPS meleset", "GPS was off"),
        ("LAINNYA", "Lainnya", "Other"),
    ],
    "PLACE_KIND": [
        ("POS_KAMLING", "Pos kamling", "Post of the neighbourhood watch"),
        ("POS_PKJR", "Pos PKJR", "PKJR post"),
        ("POSPOL", "Pospol", "Police post"),
        ("BKPM", "BKPM", "BKPM"),
        ("LAINNYA", "Lainnya", "Other"),
    ],
    "PATROL_TARGET": [
        ("PEMUKIMAN", "Pemukiman", "Housing"),
        ("PERTOKOAN", "Pertokoan atau pasar", "Shops or market"),
        ("PERKANTORAN", "Perkantoran", "Offices"),
        ("PERBANKAN", "Bank, ATM, atau SPBU", "Bank, ATM or petrol station"),
        ("SEKOLAH", "Sekolah atau kampus", "School or campus"),
        ("TEMPAT_IBADAH", "Tempat ibadah", "Place of worship"),
        ("OBYEK_VITAL", "Obyek vital", "Vital facility"),
        ("INDUSTRI", "Kawasan industri", "Industrial area"),
        ("TERMINAL", "Terminal atau stasiun", "Terminal or station"),
        ("JALUR_RAWAN", "Jalur rawan (PKJR)", "Dangerous road (PKJR)"),
        ("HIBURAN", "Tempat hiburan", "Place of entertainment"),
        ("WISATA", "Tempat wisata", "Tourist site"),
        ("PROYEK", "Proyek", "Building site"),
        ("LAHAN_KOSONG", "Lahan kosong", "Empty land"),
    ],
    "COMMUNITY_BASIS": [
        ("KEPENTINGAN", "Kepentingan", "Interest"),
        ("HOBI", "Hobi", "Hobby"),
        ("PROFESI", "Profesi", "Trade"),
        ("USAHA", "Usaha", "Business"),
        ("KAMPUS", "Kampus", "Campus"),
        ("AGAMA", "Kegiatan keagamaan", "Religious activity"),
        ("DARING", "Daring", "Online"),
        ("FUNGSI", "Fungsi", "Function"),
    ],
    "BUSINESS_KIND": [
        ("WARUNG", "Warung atau toko", "Stall or shop"),
        ("MINIMARKET", "Minimarket", "Minimarket"),
        ("PASAR", "Kios pasar", "Market stall"),
        ("BENGKEL", "Bengkel", "Workshop"),
        ("RUMAH_MAKAN", "Rumah makan", "Restaurant"),
        ("KOS", "Kos atau kontrakan", "Boarding house"),
        ("PERBANKAN", "Bank atau ATM", "Bank or ATM"),
        ("SPBU", "SPBU", "Petrol station"),
        ("INDUSTRI", "Pabrik atau gudang", "Factory or warehouse"),
        ("HIBURAN", "Tempat hiburan", "Place of entertainment"),
        ("PERKANTORAN", "Kantor", "Office"),
        ("LAINNYA", "Lainnya", "Other"),
    ],
    "CONTACT_ROLE": [
        ("TOGA", "Tokoh agama", "Religious leader"),
        ("TOMAS", "Tokoh masyarakat", "Community leader"),
        ("TODAT", "Tokoh adat", "Customary leader"),
        ("TODA", "Tokoh pemuda", "Youth leader"),
        ("TOPER", "Tokoh perempuan", "Women's leader"),
        ("TOPOL", "Tokoh politik", "Political leader"),
        ("INTELEKTUAL", "Intelektual", "Scholar"),
        ("PENGUSAHA", "Pengusaha", "Entrepreneur"),
        ("PERANGKAT", "RT, RW, kades atau lurah", "Head of an RT, RW or village"),
        ("BABINSA", "Babinsa", "Babinsa"),
        ("GURU", "Guru", "Teacher"),
        ("NAKES", "Tenaga kesehatan", "Health worker"),
    ],
    # How an information was obtained (domain.md 3.9).
    "LI_METHOD": [
        ("WAWANCARA", "Wawancara", "Interview"),
        ("PENGAMATAN", "Pengamatan sendiri", "Own observation"),
        ("LAPORAN_WARGA", "Laporan warga", "Report of a resident"),
        ("MEDIA", "Media", "Media"),
        ("JARINGAN", "Jaringan", "Network of contacts"),
        ("DOKUMEN", "Dokumen", "Document"),
        ("TERTUTUP", "Tertutup", "Covert"),
    ],
    "COUNSEL_TOPIC": [
        ("NARKOBA", "Narkoba", "Drugs"),
        ("KENAKALAN_REMAJA", "Kenakalan remaja", "Juvenile delinquency"),
        ("HOAKS", "Hoaks dan UU ITE", "Hoaxes and the ITE law"),
        ("RADIKALISME", "Radikalisme", "Radicalism"),
        ("TPPO", "Perdagangan orang", "Human trafficking"),
        ("KDRT", "KDRT", "Domestic violence"),
        ("TERTIB_LALIN", "Tertib lalu lintas", "Road safety"),
        ("PENIPUAN_DARING", "Penipuan daring", "Online fraud"),
        ("JUDI_ONLINE", "Judi online", "Online gambling"),
        ("BENCANA", "Siaga bencana", "Disaster readiness"),
        ("PEMILU", "Pemilu damai", "Peaceful elections"),
        ("LAINNYA", "Lainnya", "Other"),
    ],
    "COUNSEL_AUDIENCE": [
        ("PELAJAR", "Pelajar", "Pupils"),
        ("MAHASISWA", "Mahasiswa", "Students"),
        ("IBU", "Ibu-ibu", "Mothers"),
        ("PEMUDA", "Pemuda", "Young people"),
        ("KARYAWAN", "Karyawan", "Employees"),
        ("UMUM", "Warga umum", "General public"),
    ],
    "WATCH_EQUIPMENT": [
        ("KENTONGAN", "Kentongan", "Slit drum"),
        ("SENTER", "Senter", "Torch"),
        ("HT", "HT", "Radio"),
        ("BUKU_MUTASI", "Buku mutasi", "Log book"),
        ("APAR", "APAR", "Fire extinguisher"),
        ("CCTV", "CCTV", "CCTV"),
    ],
}


def load_defaults(code_model) -> None:
    """Adds what is missing; takes the model, so that a migration can call it with its own state of it."""
    for name, rows in DEFAULTS.items():
        code_model.objects.bulk_create(
            [
                code_model(list=name, code=code, label_id=label_id, label_en=label_en, order=order)
                for order, (code, label_id, label_en) in enumerate(rows, 1)
            ],
            ignore_conflicts=True,
        )
