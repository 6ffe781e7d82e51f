"""Cases of problem solving in their states: one in progress, one settled and looked after, one broken, one handed over, one of the young."""

import dataclasses
import datetime
import io
import uuid

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from fkpm import agreements, cases, looking_after
from fkpm.forms_agreements import blank_for_case, blank_for_forum
from fkpm.models import Agreement, AgreementCheck, Case, CaseSession, Forum
from patrol.sync import take
from polmas.people.uploads import JPEG, Cleaned
from polmas.summaries.demo.behalf import SPACE

DAY = datetime.timedelta(days=1)
NO = {"grave": "TIDAK", "child_crime": "TIDAK", "unrest": "TIDAK"}
WITNESSES = (("Joko Lelono", "Ketua RT 03"), ("Endang Sulastri", "warga RT 02"))


@dataclasses.dataclass(frozen=True)
class Matter:
    """A case so many days ago; `parties` are (role, name, age, occupation)."""

    name: str
    days: int
    category: str
    outcome: str
    story: str
    parties: tuple[tuple[str, str, int | None, str], ...]
    more: tuple[tuple[str, str], ...] = ()
    clauses: tuple[str, ...] = ()
    is_broken: bool = False


MATTERS = (
    Matter(
        *("musik", 95, "TETANGGA", "PROSES", "Musik dari rumah sebelah sampai larut malam, sudah ditegur dua kali."),
        (("PIHAK_1", "Paijo", 47, "pedagang"), ("PIHAK_2", "Tukul Santoso", 39, "sopir"), ("SAKSI", "Joko Lelono", None, "Ketua RT 03")),
        (("method", "MEDIASI"), ("venue", "BKPM"), ("root_cause", "Tidak ada aturan jam di gang.")),
        ("Pihak kedua mengecilkan musik setelah pukul 22.00.", "Kedua pihak saling memaafkan dan tidak mengulangi."),
    ),
    Matter(
        *("pagar", 62, "BATAS_TANAH", "PROSES", "Pagar baru dianggap masuk 40 cm ke pekarangan tetangga."),
        (("PIHAK_1", "Suharti", 55, "ibu rumah tangga"), ("PIHAK_2", "Widodo", 60, "pensiunan")),
        (("method", "MUSYAWARAH"), ("venue", "BALAI_DESA")),
        ("Pagar digeser sesuai patok BPN paling lambat satu bulan.", "Biaya ditanggung bersama."),
        is_broken=True,
    ),
    Matter(
        *("utang", 6, "UTANG", "PROSES", "Pinjaman Rp 1,8 juta belum kembali sejak Lebaran, penagih datang malam hari."),
        (("PIHAK_1", "Ngatini", 44, "penjual sayur"), ("PIHAK_2", "Slamet Widagdo", 36, "buruh bangunan")),
    ),
    Matter(
        *("curi", 4, "CURI_RINGAN", "DILIMPAHKAN", "Tabung gas warung hilang; yang diduga mengambil masih berusia 16 tahun."),
        (("PIHAK_1", "Siti Aminah", 50, "pemilik warung"), ("PIHAK_2", "D.P.", 16, "pelajar")),
        (("child_crime", "YA"),),
    ),
    Matter(
        *("remaja", 12, "REMAJA", "PEMBINAAN", "Lima remaja nongkrong sampai dini hari dan menyalakan petasan di lapangan."),
        (("PIHAK_1", "A.R.", 15, "pelajar"), ("PIHAK_2", "F.", 16, "pelajar"), ("SAKSI", "Parjo", None, "warga RW 05")),
    ),
)


def load_cases(users, now) -> None:
    """Everything by the officer of Pedalangan, filed as a phone files it."""
    officer = users["80010001"]
    forum = Forum.objects.filter(area__code="33.74.11.1004").order_by("pk").first()
    for matter in MATTERS:
        case = _filed(matter, officer, now)
        if matter.clauses and case:
            _settled(matter, case, forum, officer)
    if forum:
        _rule(forum, officer)


def _filed(matter, officer, now) -> Case | None:
    at = now - matter.days * DAY
    item = {
        "id": str(uuid.uuid5(SPACE, f"perkara {matter.name}")),
        "schema": 1,
        "version": 1,
        "base_version": None,
        "kind": "PS",
        "occurred_at": at.isoformat(),
        "saved_at": at.isoformat(),
        "area": "33.74.11.1004",
        "narrative": matter.story,
        "detail": {
            "category": matter.category,
            "happened_on": (at - DAY).date().isoformat(),
            "outcome": matter.outcome,
            **NO,
            **dict(matter.more),
            "parties": [{"role": role, "name": name, "age": age, "occupation": work} for role, name, age, work in matter.parties],
        },
    }
    take(officer, [item])
    return Case.objects.filter(uuid=item["id"]).select_related("unit", "area", "officer", "forum").first()


def _settled(matter, case, forum, officer) -> None:
    day = case.happened_on + 3 * DAY
    cases.mediate(case, forum, forum.active_members().filter(position__in=["KETUA", "SEKRETARIS"]) if forum else [])
    session = CaseSession(
        held_on=day, venue="BKPM", attendees="Kedua pihak, ketua FKPM, Ketua RT", result="Kedua pihak menyampaikan keluhan dan sepakat."
    )
    case = cases.add_session(case, session, officer).case
    agreement = blank_for_case(case, "Perselisihan warga RW 05")
    agreement.agreed_on, agreement.place = day, "Balai RW 05"
    agreement.clauses, agreement.village_head = list(matter.clauses), "Lurah Pedalangan"
    sides = [{"role": role, "name": name, "detail": work} for role, name, _age, work in matter.parties if role != "SAKSI"]
    witnesses = [{"role": "SAKSI", "name": name, "detail": work} for name, work in WITNESSES]
    signed = agreements.sign(agreements.draw_up(agreement, sides + witnesses, officer), _scan(), officer)
    first = signed.checks.earliest("due_on")
    step = "Mediasi ulang bersama lurah dan BPN." if matter.is_broken else ""
    looking_after.look_after(first, officer, not matter.is_broken, "Pagar belum digeser." if matter.is_broken else "Rukun, tidak ada keluhan.", step)
    AgreementCheck.objects.filter(pk=first.pk).update(checked_on=first.due_on)


def _rule(forum, officer) -> None:
    rule = blank_for_forum(forum)
    rule.kind, rule.subject, rule.is_for_members = Agreement.Kind.PERATURAN, "Jam tamu dan musik di RW 05", True
    rule.agreed_on, rule.place = forum.unit.today() - 20 * DAY, forum.bkpm or "Balai RW"
    rule.clauses = ["Tamu yang menginap melapor kepada Ketua RT dalam 24 jam.", "Musik di luar rumah berhenti pukul 22.00."]
    witnesses = [{"role": "SAKSI", "name": name, "detail": work} for name, work in WITNESSES]
    agreements.sign(agreements.draw_up(rule, witnesses, officer), _scan(), officer)


def _scan() -> Cleaned:
    """A page that stands for the signed paper."""
    page = Image.new("RGB", (620, 877), "white")
    ImageDraw.Draw(page).text((60, 80), "SURAT KESEPAKATAN BERSAMA\n\n(contoh pindaian bertanda tangan)", fill="black")
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    return Cleaned("naskah", ".jpg", JPEG, ContentFile(out.getvalue(), name="naskah.jpg"))
