"""The rules on eligibility that polmas starts with, as of 2026. An administrator dates them; loading again changes nothing that exists."""

import datetime

SPPA = "UU 11/2012 tentang SPPA"
PERPOL = "Perpol 8/2021 Pasal 5"
KUHAP = "UU 20/2025 tentang KUHAP, keadilan restoratif"
day = datetime.date

# (code, categories, question, effect, target, text_id, text_en, source, valid_from). Matters of their own first, then the three questions.
RULES = [
    (
        *("KEKERASAN_SEKSUAL", ["KEKERASAN_SEKSUAL"], "", "REFER", "PPA"),
        "Kekerasan seksual tidak boleh diselesaikan di luar proses peradilan.",
        "Sexual violence must not be settled outside the courts.",
        *("UU 12/2022 tentang TPKS Pasal 23", day(2022, 5, 9)),
    ),
    (
        *("ANAK_PELAKU", ["ANAK_PELAKU"], "", "REFER", "PPA"),
        "Anak yang diduga melakukan tindak pidana ditangani PPA bersama Bapas melalui diversi.",
        "A child suspected of a crime is dealt with by PPA together with Bapas (diversion).",
        *(f"{SPPA} Pasal 5–15", day(2014, 7, 30)),
    ),
    (
        *("ANAK_KORBAN", ["ANAK_KORBAN"], "", "REFER", "PPA"),
        "Tindak pidana terhadap anak diserahkan kepada PPA.",
        "A crime against a child is handed over to PPA.",
        *("UU 35/2014 tentang Perlindungan Anak; UU 11/2012", day(2014, 10, 17)),
    ),
    (
        *("NARKOTIKA", ["NARKOTIKA"], "", "REFER", "NARKOBA"),
        "Peredaran narkotika tidak boleh diselesaikan lewat pemecahan masalah.",
        "Narcotics dealing must not be settled by problem solving.",
        *("UU 35/2009 tentang Narkotika; Perpol 8/2021", day(2021, 8, 20)),
    ),
    (
        *("TERORISME", ["TERORISME", "KEAMANAN_NEGARA", "KORUPSI"], "", "REFER", "RESKRIM"),
        "Terorisme, kejahatan terhadap keamanan negara, radikalisme, separatisme, dan korupsi tidak boleh diselesaikan di sini.",
        "Terrorism, crimes against the state, radicalism, separatism and corruption must not be settled here.",
        *(f"{PERPOL}; {KUHAP}", day(2021, 8, 20)),
    ),
    (
        *("TPPO", ["TPPO"], "", "REFER", "PPA"),
        "Perdagangan orang tidak boleh diselesaikan lewat pemecahan masalah.",
        "Human trafficking must not be settled by problem solving.",
        *("UU 21/2007 tentang TPPO", day(2007, 4, 19)),
    ),
    (
        *("TERORGANISIR", ["TERORGANISIR"], "", "REFER", "RESKRIM"),
        "Kejahatan terorganisir diserahkan kepada Reskrim.",
        "Organised crime is handed over to Reskrim.",
        *(PERPOL, day(2021, 8, 20)),
    ),
    (
        *("NYAWA", ["MENINGGAL_LUKA_BERAT"], "", "REFER", "RESKRIM"),
        "Tindak pidana terhadap nyawa atau yang mengakibatkan luka berat tidak boleh diselesaikan di sini.",
        "A crime against life, or one that seriously hurt somebody, must not be settled here.",
        *(f"{PERPOL} huruf f; UU 1/2023 tentang KUHP", day(2021, 8, 20)),
    ),
    (
        *("LAKA_BERAT", ["LAKA_BERAT"], "", "REFER", "LANTAS"),
        "Kecelakaan lalu lintas dengan korban meninggal atau luka berat ditangani Lantas.",
        "A traffic accident with people dead or seriously hurt is dealt with by Lantas.",
        *("UU 22/2009 tentang LLAJ", day(2009, 6, 22)),
    ),
    (
        *("KDRT_BERAT", ["KDRT_BERAT"], "", "REFER", "PPA"),
        "Kekerasan berat dalam rumah tangga diserahkan kepada PPA.",
        "Severe domestic violence is handed over to PPA.",
        *("UU 23/2004 tentang Penghapusan KDRT", day(2004, 9, 22)),
    ),
    (
        *("BUKAN_RINGAN", ["PIDANA_LAIN"], "", "REFER", "SPKT"),
        "Bukan tindak pidana ringan (kerugian di atas Rp 2,5 juta atau ancaman di atas 3 bulan): buat laporan polisi di SPKT.",
        "No light offence (loss above Rp 2.5 million, or more than 3 months): file a police report at the SPKT.",
        *("PERMA 2/2012", day(2012, 2, 27)),
    ),
    (
        *("ANAK", [], "child_crime", "REFER", "PPA"),
        "Ada anak sebagai terduga pelaku atau korban tindak pidana: serahkan kepada PPA; terduga pelaku anak didampingi Bapas (diversi).",
        "A child is suspect or victim of a crime: hand over to PPA; a suspected child is assisted by Bapas (diversion).",
        *(SPPA, day(2014, 7, 30)),
    ),
    (
        *("BERAT_KELUARGA", ["RUMAH_TANGGA", "REMAJA"], "grave", "REFER", "PPA"),
        "Ada korban meninggal, luka berat, atau kekerasan seksual dalam keluarga atau di antara remaja: serahkan kepada PPA.",
        "Somebody died, was seriously hurt or sexually harmed in a family or among young people: hand over to PPA.",
        *("UU 23/2004; UU 12/2022; Perpol 8/2021", day(2022, 5, 9)),
    ),
    (
        *("BERAT_LALIN", ["LALIN"], "grave", "REFER", "LANTAS"),
        "Kecelakaan dengan korban meninggal atau luka berat ditangani Lantas.",
        "An accident with people dead or seriously hurt is dealt with by Lantas.",
        *("UU 22/2009 tentang LLAJ", day(2009, 6, 22)),
    ),
    (
        *("BERAT", [], "grave", "REFER", "RESKRIM"),
        "Ada korban meninggal, luka berat, atau kekerasan seksual: tidak boleh diselesaikan di sini.",
        "Somebody died, was seriously hurt or sexually harmed: it must not be settled here.",
        *(f"{PERPOL}; UU 12/2022; {KUHAP}", day(2021, 8, 20)),
    ),
    (
        *("KERESAHAN", [], "unrest", "REFER", "SPKT"),
        "Menimbulkan keresahan atau penolakan masyarakat, atau terlapor pernah dipidana: syarat materiil tidak terpenuhi.",
        "It stirs unrest or is rejected by residents, or the accused was sentenced before: the material conditions are not met.",
        *(PERPOL, day(2021, 8, 20)),
    ),
    (
        *("REMAJA", ["REMAJA"], "", "GUIDE", ""),
        "Kenakalan remaja: pembinaan bersama orang tua atau sekolah, tanpa surat kesepakatan, hanya inisial.",
        "Light trouble of the young: guidance with parents or school, no agreement, initials only.",
        *(SPPA, day(2014, 7, 30)),
    ),
]
COLUMNS = ("code", "categories", "question", "effect", "target", "text_id", "text_en", "source", "valid_from")


def load_rules(rule_model) -> None:
    """Adds what is missing; takes the model, so that a migration can call it with its own state of it."""
    rows = [rule_model(order=10 * number, **dict(zip(COLUMNS, row, strict=True))) for number, row in enumerate(RULES, 1)]
    rule_model.objects.bulk_create(rows, ignore_conflicts=True)
