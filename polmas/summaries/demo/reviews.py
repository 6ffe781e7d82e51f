"""What reviewers noted: some of the waiting reports drawn as a sample, the newest looked at by the worker, checks, and a supplement."""

import datetime

from patrol import checks
from patrol.models import FieldCheck, Report, State, Supplement
from patrol.models.reports import Flag

LOOKED_AT = 4  # of the newest, as the worker does with what comes in
EVERY = 12  # of the waiting reports without a flag, drawn as a sample
OUTCOMES = (
    (FieldCheck.Method.PHONE, "", ""),
    (FieldCheck.Method.SITE, "", ""),
    (FieldCheck.Method.PHONE, FieldCheck.Outcome.CONFIRMED, "Kepala keluarga membenarkan kunjungan dan hasilnya."),
    (FieldCheck.Method.SITE, FieldCheck.Outcome.CONFIRMED, ""),
    (FieldCheck.Method.PHONE, FieldCheck.Outcome.NOT_REACHED, "Dua kali tidak diangkat."),
)
ADDED = "Lampu jalan di depan balai RW sudah diganti kelurahan; warga menyampaikan terima kasih."


def load_reviews(users, now: datetime.datetime) -> None:
    kanit = users["80010090"]
    ours = Report.objects.filter(unit__code="POLSEK-BANYUMANIK").select_related("unit").order_by("-occurred_at", "-pk")
    _draw(list(ours.filter(state=State.SUBMITTED, flags=[])))
    checks.check(ours.filter(state=State.SUBMITTED).exclude(result="").values_list("pk", flat=True)[:LOOKED_AT])
    _check(list(ours.filter(state__in=(State.SUBMITTED, State.VERIFIED))[5 : 5 + len(OUTCOMES) * 3 : 3]), kanit, now)
    for report in ours.filter(state=State.VERIFIED, officer=users["80010001"])[:1]:
        Supplement.objects.create(report=report, author=report.officer, text=ADDED, added_at=now - datetime.timedelta(hours=2))


def _draw(reports):
    for report in reports[::EVERY]:
        report.flags = [Flag.SAMPLE]
    Report.objects.bulk_update(reports[::EVERY], ["flags"])


def _check(reports, kanit, now):
    """Two to do, the others done yesterday."""
    for report, (method, outcome, note) in zip(reports, OUTCOMES, strict=False):
        done = {"outcome": outcome, "note": note, "done_by": kanit, "done_at": now - datetime.timedelta(hours=20)} if outcome else {}
        FieldCheck.objects.create(report=report, method=method, assigned_by=kanit, assigned_at=now - datetime.timedelta(hours=30), **done)
