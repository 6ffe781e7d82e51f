"""What the demo's residents are called and what its officers write. Invented, in the words that officers use."""

import dataclasses

MEN = (
    *(
        "Widodo",
        "Suparman",
        "Ngatijo",
        "Budi Hartono",
        "Sukirman",
        "Agung Nugroho",
        "Rudi Hermawan",
        "Purwanto",
        "Sugeng Riyadi",
        "Wagiman",
        "Haryanto",
    ),
    *(
        "Imam Syafi'i",
        "Bejo Santoso",
        "Kasmadi",
        "Y. Sudarmanto",
        "Ari Wibisono",
        "Suyatno",
        "Edi Susilo",
        "M. Arifin",
        "Tarmuji",
        "Dwi Cahyono",
        "Sarwono",
    ),
    *(
        "Ignatius Hartoyo",
        "Solikhin",
        "Paryono",
        "Hadi Sucipto",
        "Nur Rokhim",
        "Adi Wijaya",
        "Sumarno",
        "Triyono",
        "Kuswanto",
        "Zainal Abidin",
        "Lilik Hariyadi",
    ),
    *(
        "Bambang Irawan",
        "Gunawan Tanu",
        "Sapto Nugroho",
        "Abdul Ghofur",
        "Rohmad",
        "Yohanes Kristiadi",
        "Ponidi",
        "Darmaji",
        "Heri Kiswanto",
        "Sunardi",
        "Maryoto",
    ),
)
WOMEN = (
    *(
        "Siti Aminah",
        "Sumiyati",
        "Endang Lestari",
        "Wahyuningsih",
        "Sri Mulyani",
        "Tutik Haryati",
        "Kartini",
        "Maria Goretti",
        "Nur Hidayah",
        "Parti",
    ),
    *("Lasmi", "Rusmiyati", "Eni Purwanti", "Yuliana", "Ratna Dewi", "Suharti", "Murniati", "Ida Farida"),
)
LANDMARKS = (
    *(
        "depan musala Al-Ikhlas",
        "sebelah warung Bu Tini",
        "rumah cat hijau, pagar besi",
        "belakang balai RW",
        "seberang pos kamling",
        "gang buntu, rumah terakhir",
    ),
    *("samping lapangan voli", "dekat bengkel motor", "rumah pojok dekat TK", "atas jembatan kecil", "sebelah toko kelontong", ""),
    *("", ""),
)


@dataclasses.dataclass(frozen=True)
class Voice:
    """What a resident says: kind, field, urgency, frequency and the sentence; what the officer answers."""

    kind: str
    field: str
    urgency: str
    frequency: str
    text: str
    follow_up: str = ""


VOICES = (
    Voice(
        "KELUHAN",
        "KEAMANAN",
        "SEDANG",
        "SERING",
        "Motor warga yang diparkir di luar pagar dua kali hampir diambil orang selepas pukul 02.00.",
        "Titik ditambahkan ke jalur patroli malam; warga diminta memakai kunci ganda.",
    ),
    Voice(
        "KELUHAN",
        "KEAMANAN",
        "SEDANG",
        "SERING",
        "Lampu jalan di gang mati sejak dua minggu, warga takut lewat malam hari.",
        "Disampaikan kepada Lurah dan Ketua RW untuk perbaikan lampu.",
    ),
    Voice(
        "KELUHAN",
        "KESELAMATAN",
        "TINGGI",
        "SERING",
        "Anak-anak muda balap liar di jalan kampung setiap malam Minggu.",
        "Koordinasi dengan Unit Lantas dan Polisi RW untuk strong point malam Minggu.",
    ),
    Voice(
        "KELUHAN",
        "SOSIAL",
        "SEDANG",
        "JARANG",
        "Tetangga kos memutar musik keras sampai larut malam.",
        "Pemilik kos ditemui dan sepakat membuat jam tenang pukul 22.00.",
    ),
    Voice(
        "KELUHAN",
        "SOSIAL",
        "RENDAH",
        "TERUS_MENERUS",
        "Sampah dibuang di lahan kosong dan dibakar, asapnya masuk rumah.",
        "Dibahas bersama Ketua RT; akan dipasang papan imbauan.",
    ),
    Voice(
        "KELUHAN",
        "EKONOMI",
        "SEDANG",
        "JARANG",
        "Beberapa ibu ditagih pinjaman daring dengan ancaman lewat telepon.",
        "Diberi penjelasan cara melapor; nomor penagih dicatat.",
    ),
    Voice(
        "INFORMASI",
        "KEAMANAN",
        "TINGGI",
        "PERTAMA",
        "Ada orang tidak dikenal memotret rumah-rumah kosong pada siang hari.",
        "Ciri-ciri dicatat dan diteruskan ke Kanit; satpam perumahan diberi tahu.",
    ),
    Voice(
        "INFORMASI",
        "SOSIAL",
        "RENDAH",
        "PERTAMA",
        "Warga baru menempati rumah kontrakan, belum lapor RT.",
        "Ketua RT diminta mendata tamu dan penghuni baru.",
    ),
    Voice(
        "INFORMASI",
        "KEAMANAN",
        "SEDANG",
        "JARANG",
        "Sekelompok remaja berkumpul di jembatan sambil minum minuman keras tiap Sabtu malam.",
        "Sambangi lokasi bersama Babinsa hari Sabtu.",
    ),
    Voice(
        "INFORMASI",
        "KESELAMATAN",
        "SEDANG",
        "PERTAMA",
        "Tebing di belakang rumah mulai retak setelah hujan deras.",
        "Dilaporkan ke kelurahan dan BPBD; warga diminta waspada saat hujan.",
    ),
    Voice(
        "HARAPAN",
        "KEAMANAN",
        "RENDAH",
        "PERTAMA",
        "Patroli malam lebih sering lewat gang belakang.",
        "Disampaikan ke Ka SPKT untuk penyesuaian rute patroli.",
    ),
    Voice("HARAPAN", "SOSIAL", "RENDAH", "PERTAMA", "Ada kegiatan positif untuk remaja seperti lomba voli antar-RT."),
    Voice(
        "HARAPAN",
        "EKONOMI",
        "RENDAH",
        "JARANG",
        "Pedagang kaki lima ditata supaya jalan tidak macet tiap pagi.",
        "Diteruskan ke Lurah pada rapat tiga pilar.",
    ),
    Voice(
        "SARAN",
        "KEAMANAN",
        "RENDAH",
        "PERTAMA",
        "Pos kamling diaktifkan lagi dan dipasang kentongan baru.",
        "Dimasukkan ke agenda rapat RW bulan ini.",
    ),
    Voice("SARAN", "KEAMANAN", "RENDAH", "JARANG", "CCTV di pintu masuk perumahan ditambah satu titik."),
    Voice(
        "SARAN",
        "BUDAYA",
        "RENDAH",
        "PERTAMA",
        "Acara sedekah bumi dijaga bersama Linmas supaya parkir tertib.",
        "Berkoordinasi dengan panitia untuk rencana pengamanan.",
    ),
    Voice("APRESIASI", "KEAMANAN", "", "", "Terima kasih, sejak ronda jalan lagi tidak ada kehilangan di RT ini."),
    Voice("APRESIASI", "SOSIAL", "", "", "Warga senang polisi mau datang dan mendengarkan."),
    Voice("APRESIASI", "KESELAMATAN", "", "", "Jalan di depan sekolah lebih tertib setelah ada petugas pagi hari."),
)

# One sentence of result; {name} is who was met, {place} the street, {rw} the RW as people say it.
RESULTS = (
    "Bertemu {name}, situasi RW {rw} aman; disampaikan imbauan mengunci kendaraan dan mematikan kompor saat bepergian.",
    "{name} menerima kunjungan dengan baik, lingkungan {place} dalam keadaan aman dan kondusif.",
    "Silaturahmi dengan {name}; warga diajak mengaktifkan kembali ronda malam RW {rw}.",
    "Disampaikan pesan kamtibmas kepada {name} tentang penipuan daring dan pinjaman tanpa izin.",
    "Pendataan penghuni di {place}, seluruh penghuni sudah tercatat di RT.",
    "{name} memberi tahu keadaan lingkungan; tidak ada hal menonjol selama satu minggu terakhir.",
    "Mendengarkan keluhan {name} dan mencatatnya untuk ditindaklanjuti bersama Ketua RT.",
    "Menindaklanjuti aduan warga {place}; kedua tetangga sudah saling memaafkan.",
    "Mengingatkan {name} agar melaporkan tamu yang menginap 1x24 jam kepada Ketua RT.",
    "Sosialisasi nomor layanan 110 dan nomor Bhabinkamtibmas kepada keluarga {name}.",
    "Mengecek rumah yang ditinggal mudik di {place} bersama satpam, pintu dan pagar terkunci.",
    "{name} diimbau mengawasi pergaulan anak remaja dan jam malam pada akhir pekan.",
    "Kunjungan rutin; {name} menyampaikan warga RW {rw} rukun dan kegiatan keagamaan berjalan tertib.",
    "Memberi penjelasan kepada {name} tentang tata cara membuat SKCK dan laporan kehilangan.",
    "Bersama {name} memeriksa penerangan {place}; satu titik lampu perlu diganti.",
    "Mengajak {name} bergabung dalam grup WhatsApp warga RW {rw} untuk bertukar informasi keamanan.",
)
NARRATIVES = (
    "",
    "",
    "",
    "Petugas tiba di {place}, memperkenalkan diri, dan berbincang sekitar dua puluh menit di teras rumah.",
    "Kunjungan dilakukan dengan berjalan kaki menyusuri {place} setelah apel pagi.",
    "Kunjungan dilakukan sesudah salat Asar karena penghuni bekerja pada pagi hari.",
    "Dalam perjalanan petugas juga mampir ke pos kamling RW {rw}; kentongan dan buku tamu lengkap.",
    "Ketua RT ikut mendampingi dan memperkenalkan warga baru di {place}.",
)
DECLINED = (
    "Warga {place} berkenan berbincang tetapi tidak bersedia disebut; situasi lingkungan aman.",
    "Warga menyampaikan keadaan lingkungan {place} secara singkat dan tidak bersedia dicatat namanya.",
)
RECEIVERS = ("istri", "anak", "orang tua", "menantu", "penjaga rumah")
COMPANIONS = (
    ({"kind": "BABINSA", "name": "Serka Wahyono"},),
    ({"kind": "BABINSA", "name": "Serda Nur Cholis"},),
    ({"kind": "LAINNYA", "name": "Bpk. Sukardi (Ketua RT)"},),
    ({"kind": "LAINNYA", "name": "Bpk. Joko Lelono (Ketua RW)"},),
    ({"kind": "BABINSA", "name": "Sertu Hariyanto"}, {"kind": "LAINNYA", "name": "Ibu Lurah"}),
    ({"kind": "LINMAS", "name": "Bpk. Karsidi"},),
)
PURPOSES = (
    ("SILATURAHMI",),
    ("SILATURAHMI",),
    ("SILATURAHMI", "PESAN_KAMTIBMAS"),
    ("PESAN_KAMTIBMAS",),
    ("PENDATAAN",),
    ("TINDAK_LANJUT_ADUAN",),
    ("PANTAU_TAMU",),
)
RETURN_NOTES = (
    "Lengkapi uraian keluhan warga RT 04: sejak kapan dan siapa yang sudah dihubungi.",
    "Foto tidak sesuai dengan tempat kunjungan, mohon diganti.",
    "Hasil kunjungan terlalu singkat. Tulis apa yang disampaikan warga.",
)
WITHDRAWN = "Tercatat dua kali untuk kunjungan yang sama."
