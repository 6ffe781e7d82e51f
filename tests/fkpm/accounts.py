"""What the access table needs of a forum's accounts: one row of each, and who opens which page."""

from django.core.files.uploadedfile import SimpleUploadedFile

from fkpm.models import CashEntry, CashReceipt
from polmas.people import uploads

FORUM = ("officer", "kanit", "clerk", "kapolsek", "kasat", "kapolres", "operator", "chair", "secretary")  # who read FKPM Pedalangan


def prepare(scene, picture: bytes) -> None:
    """One of each, of the officer's forum."""
    forum, chair, today = scene.cast.forum, scene.cast.chair, scene.cast.forum.unit.today()
    scene.cash = CashEntry(forum=forum, day=today, direction="MASUK", amount=50_000, category="IURAN", text="Iuran")
    scene.cash.record(chair)
    scene.receipt = CashReceipt.attach(scene.cash, uploads.cleaned(SimpleUploadedFile("nota.png", picture)), chair)


def of(name, attribute="uuid"):
    return lambda scene: {attribute: getattr(getattr(scene, name), attribute)}


# Who, of which row (None: the forum itself), and how.
ROWS: dict = {
    "fkpm:cash_list": (FORUM, None, {}),
    "fkpm:cash_create": (("chair",), None, {}),
    "fkpm:cash_export": (FORUM, None, {}),
    "fkpm:cash_pdf": (FORUM, None, {}),
    "fkpm:cash_detail": (FORUM, of("cash"), {}),
    "fkpm:cash_correct": (("chair",), of("cash"), {}),
    "fkpm:receipt_create": (("chair",), of("cash"), {"method": "POST"}),
    "fkpm:receipt_file": (FORUM, of("receipt"), {}),
}
