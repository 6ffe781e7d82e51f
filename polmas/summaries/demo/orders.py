"""What commanders of the demo expect, ask and thank for: one target of a Polsek, three directives, two words of thanks."""

import datetime

from django.utils import timezone

from patrol.models import Directive, Report
from patrol.models.directives import people_below
from patrol.models.reports import COUNTED
from patrol.models.thanks import thank
from polmas.people.models import Notification, User
from polmas.summaries.models import Target

DAY = datetime.timedelta(days=1)
ATENSI_TEXT = (
    "Menjelang Natal dan Tahun Baru, cek kesiapan setiap pos kamling di kelurahan binaan: jadwal ronda, kentongan, senter, dan buku mutasi. "
    "Catat sebagai kontrol siskamling, lalu tulis tindak lanjutnya di sini."
)
JUKRAH_TEXT = (
    "Setiap sambang menyampaikan pesan pencegahan penipuan daring: jangan membuka tautan undangan dari nomor tak dikenal, jangan memberi kode OTP. "
    "Bila ada korban, arahkan ke SPKT."
)


def load_orders(units, users, today, now=None):
    """Needs the people and their reports."""
    now = now or timezone.now()
    polsek, polres = units["POLSEK-BANYUMANIK"], units["POLRESTABES-SEMARANG"]
    kapolsek, kapolres = User.objects.get(pk=users["80010099"].pk), User.objects.get(pk=users["80000099"].pk)
    start = (today - 60 * DAY).replace(day=1)
    Target.objects.create(unit=polsek, kind="KONTROL_KAMLING", period="week", amount=1, starts_on=start, set_by=kapolsek)
    atensi = _send(kapolsek, polsek, Directive.Kind.ATENSI, "Cek pos kamling jelang Natal", ATENSI_TEXT, now - 2 * DAY, today + 8 * DAY)
    for username in ("80010002", "80010003", "80010004"):
        atensi.receipts.get(user=users[username]).read()
    atensi.receipts.get(user=users["80010002"]).follow("Tiga pos di Sumurboto sudah dicek; pos RW 03 perlu senter.", _latest(users["80010002"]))
    _send(kapolres, polres, Directive.Kind.JUKRAH, "Pesan pencegahan penipuan daring", JUKRAH_TEXT, now - 6 * DAY, None)
    for username, text in (
        ("80010001", "Terima kasih, keluhan warga langsung ditindaklanjuti."),
        ("80010006", "Bagus, sambang rutin dan uraiannya jelas."),
    ):
        if report := _latest(users[username]):
            thank(report, kapolsek, text)


def _send(sender, unit, kind, title, text, at, due_on):
    post = sender.post
    directive = Directive(sender=sender, sender_role=post.role, sender_unit=post.unit, unit=unit, roles=["bhabinkamtibmas"], kind=kind)
    directive.title, directive.text, directive.created_at, directive.due_on = title, text, at, due_on
    directive.send(people_below(unit, directive.roles))
    Notification.objects.filter(path=directive.path).update(created_at=at)
    return directive


def _latest(officer) -> Report | None:
    return Report.objects.filter(officer=officer, state__in=COUNTED).order_by("-occurred_at").first()
