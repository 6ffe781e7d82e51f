"""Names and topics of what is made up."""

SURNAMES = ("Santoso", "Wijaya", "Hidayat", "Nugroho", "Siregar", "Lestari", "Rahayu", "Saputra", "Gunawan", "Halim", "Ginting", "Tanjung")
FIRST_NAMES = ("Bambang", "Siti", "Agus", "Dewi", "Joko", "Sri", "Ahmad", "Rina", "Hendra", "Wati", "Eko", "Maria")
TOPICS = (
    *("keamanan lingkungan", "pencurian ternak", "ronda malam", "kehadiran sekolah", "peringatan banjir", "sengketa batas tanah"),
    *("lampu jalan padam", "saluran air tersumbat", "kebisingan malam", "kelompok pemuda", "panen raya", "perbaikan pompa air"),
)
