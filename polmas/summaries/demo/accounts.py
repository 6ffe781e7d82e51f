"""How the forums of the demo account for themselves: programme, cash book, survey, public page."""

import datetime

from fkpm.models import CashEntry, Forum, ProgrammeItem, Publication, PublishedDecision, Survey, SurveyAnswer, SurveyRemark
from fkpm.models.publications import new_slug
from fkpm.publishing import decisions_of
from polmas.people.models import User

DAY = datetime.timedelta(days=1)
# Activity, target, first and last month, budget, source, percent (None: given up) and note.
PROGRAMME = (
    ("Ronda malam gabungan", "Lima regu, setiap malam", 1, 12, 2_400_000, "Kas FKPM", 85, "Lima regu berjalan sejak September."),
    ("Rapat rutin bulanan", "Dua belas rapat", 1, 12, 1_800_000, "Kas FKPM", 75, ""),
    ("Perbaikan lampu gang 3", "Enam titik lampu", 8, 11, 1_500_000, "Kas RW dan kelurahan", 60, "Empat titik sudah menyala."),
    ("Penyuluhan penipuan daring", "Arisan RW 03 dan RW 05", 10, 11, 300_000, "Swadaya warga", 50, ""),
    ("Pelatihan Linmas dan satpam", "30 orang", 5, 5, 1_200_000, "Bantuan kelurahan", 100, "Diikuti 27 orang."),
    ("Pasar murah", "Warga RW 07", 3, 3, 2_000_000, "Sponsor", None, "Sponsor membatalkan."),
)
# Days ago, amount in thousands (negative: out), category, what for.
CASH = (
    (300, 1_850, "MASUK_LAIN", "Saldo awal buku kas"),
    (280, 480, "IURAN", "Iuran anggota triwulan I"),
    (262, -165, "KONSUMSI", "Konsumsi rapat Maret"),
    (240, -325, "PERLENGKAPAN", "Enam senter dan dua rompi ronda"),
    (199, 450, "IURAN", "Iuran anggota triwulan II"),
    (187, 1_000, "BANTUAN_PEMERINTAH", "Bantuan kelurahan untuk pelatihan Linmas"),
    (183, -960, "SOSIAL", "Pelatihan Linmas: honor pelatih dan konsumsi"),
    (120, -58, "ATK", "Fotokopi daftar regu ronda"),
    (108, 465, "IURAN", "Iuran anggota triwulan III"),
    (67, -180, "KONSUMSI", "Konsumsi rapat"),
    (60, 750, "SWADAYA", "Swadaya warga RW 05 untuk lampu gang 3"),
    (37, -175, "KONSUMSI", "Konsumsi rapat"),
    (34, -275, "PERBAIKAN", "Empat lampu LED dan fiting gang 3"),
    (6, -150, "KONSUMSI", "Konsumsi rapat"),
)
# Taken back the day it was seen: (index in CASH, what was wrong, the right amount in thousands).
MISTAKE = (12, "nota menunjukkan Rp 285.000", -285)
REMARKS = (
    ("Lampu jalan gang 3 sangat membantu, mohon dilanjutkan sampai gang 5.", "TAMPIL"),
    ("Ronda sudah rutin, kami tidur lebih tenang.", "TAMPIL"),
    ("Tolong parkir depan kos ditertibkan.", "MENUNGGU"),
)
WELCOME = "Forum warga dan polisi untuk lingkungan yang aman. Silakan hadir dan sampaikan keluhan Anda."


def load_accounts(users, today: datetime.date, draw) -> None:
    """Of FKPM Pedalangan all, of the other forum the programme alone. Needs the forums and their meetings."""
    forum = Forum.objects.select_related("unit", "area", "officer").get(name="FKPM Pedalangan")
    chair = users["fkpm-pedalangan-ketua"]
    for some in Forum.objects.all():
        _load_programme(some, today.year)
    _load_cash(forum, chair, today)
    _load_surveys(forum, chair, today, draw)
    _publish(forum, users["fkpm-pedalangan"])


def _load_programme(forum, year):
    state = ProgrammeItem.State
    for activity, target, first, last, budget, source, percent, note in PROGRAMME:
        reached = state.BATAL if percent is None else state.SELESAI if percent == 100 else state.BERJALAN
        told = {"activity": activity, "target": target, "starts_month": first, "ends_month": last, "budget": budget, "source": source}
        ProgrammeItem.objects.create(forum=forum, year=year - 1, state=state.SELESAI, percent=100, **told)
        ProgrammeItem.objects.create(forum=forum, year=year, state=reached, percent=percent or 0, note=note, **told)


def _load_cash(forum, chair: User, today):
    entries = [_record(forum, chair, today - days * DAY, amount, category, text, days == CASH[0][0]) for days, amount, category, text in CASH]
    index, reason, amount = MISTAKE
    wrong = entries[index]
    back = wrong.counter_entry(f"Koreksi no. {wrong.number}: {reason}")
    back.day = today
    back.record(chair)
    _record(forum, chair, wrong.day, amount, wrong.category, wrong.text, False)


def _record(forum, chair, day, thousands, category, text, is_opening):
    direction = "MASUK" if thousands > 0 else "KELUAR"
    told = {"day": day, "direction": direction, "amount": abs(thousands) * 1000, "category": category, "text": text}
    entry = CashEntry(forum=forum, is_opening=is_opening, **told)
    entry.record(chair)
    return entry


def _load_surveys(forum, chair, today, draw):
    """Last year's, and this year's that was over a week ago."""
    for year, closes_on, n, better in ((today.year - 1, today - 380 * DAY, 33, 0), (today.year, today - 7 * DAY, 41, 1)):
        survey = Survey.objects.create(forum=forum, year=year, opens_on=closes_on - 30 * DAY, closes_on=closes_on, created_by=chair)
        SurveyAnswer.objects.bulk_create([_answer(survey, number, better, draw) for number in range(n)])
    for text, state in REMARKS:
        reader = None if state == SurveyRemark.State.MENUNGGU else chair
        SurveyRemark.objects.create(survey=survey, text=text, state=state, looked_at_by=reader)


def _answer(survey, number, better, draw):
    group = SurveyAnswer.Group.ANGGOTA if number % 4 == 0 else SurveyAnswer.Group.WARGA
    up, down = (2, 3, 3, 4, 4, 5), (1, 2, 2, 3, 4)
    values = {name: min(5, draw.choice(up) + draw.choice((0, better))) for name in ("safety", "acquaintance", "trust", "satisfaction")}
    return SurveyAnswer(survey=survey, group=group, fear=max(1, draw.choice(down) - draw.choice((0, better))), **values)


def _publish(forum, secretary):
    publication = Publication(
        forum=forum,
        slug=new_slug(forum),
        is_public=True,
        shows_meetings=True,
        shows_decisions=True,
        shows_contact=True,
        shows_place=True,
        welcome=WELCOME,
        contact_name="Aipda Sutrisno, Polsek Banyumanik",
        contact_phone="024-7471234",
    )
    publication.save()
    for item in decisions_of(forum):
        if item.decision.startswith(("Regu ronda", "Lampu jalan", "Ronda malam")):
            PublishedDecision.objects.create(forum=forum, item=item, text=item.decision, decided_on=item.meeting.day, published_by=secretary)
