"""What the access table needs of a forum's accounts: one row of each, and who opens which page."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fkpm.models import AgendaItem, CashEntry, Minutes, ProgrammeItem, Publication, PublishedDecision, Survey, SurveyRemark
from polmas.people import uploads
from tests.fkpm.scenes import make_meeting

FORUM = ("officer", "kanit", "clerk", "kapolsek", "kasat", "kapolres", "operator", "chair", "secretary")  # who read FKPM Pedalangan

WRITERS = ("officer", "chair", "secretary")  # board and Polmas officer

BOARD = ("chair", "secretary")


def prepare(scene, picture: bytes) -> None:
    """One of each, of the officer's forum."""
    forum, chair, today = scene.cast.forum, scene.cast.chair, scene.cast.forum.unit.today()
    scene.cash = CashEntry(forum=forum, day=today, direction="MASUK", amount=50_000, category="IURAN", text="Iuran")
    scene.cash.record(chair)
    scene.receipt = uploads.kept_once(scene.cash.receipts, uploads.cleaned(SimpleUploadedFile("nota.png", picture)), chair)
    days = datetime.timedelta(days=1)
    scene.survey = Survey.objects.create(forum=forum, year=today.year, opens_on=today, closes_on=today + 9 * days, created_by=chair)
    scene.past_survey = Survey.objects.create(
        forum=forum, year=today.year - 1, opens_on=today - 365 * days, closes_on=today - 350 * days, created_by=chair
    )
    scene.remark = SurveyRemark.objects.create(survey=scene.past_survey, text="Lampu jalan masih gelap.")
    scene.programme = ProgrammeItem.objects.create(forum=forum, year=today.year, activity="Ronda malam")
    scene.publication = Publication.objects.create(forum=forum, slug="fkpm-pedalangan", is_public=True)
    meeting = make_meeting(forum)
    scene.decision = meeting.agenda.get()
    AgendaItem.objects.filter(pk=scene.decision.pk).update(decision="Lampu diganti.")
    adopted = {"chair_adopted_by": chair, "secretary_adopted_by": scene.cast.secretary, "content_hash": "0" * 64, "state": "ADOPTED"}
    Minutes.objects.filter(pk=meeting.pk).update(chair_adopted_at=timezone.now(), secretary_adopted_at=timezone.now(), **adopted)
    PublishedDecision.objects.create(forum=forum, item=scene.decision, text="Lampu diganti.", decided_on=today, published_by=chair)


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
    "fkpm:survey_list": (FORUM, None, {}),
    "fkpm:survey_create": (WRITERS, None, {}),
    "fkpm:survey_detail": (FORUM, of("survey"), {}),
    "fkpm:survey_update": (WRITERS, of("survey"), {}),
    "fkpm:survey_close": (WRITERS, of("survey"), {"method": "POST"}),
    "fkpm:survey_delete": (WRITERS, of("survey"), {"method": "POST"}),
    "fkpm:survey_pdf": (FORUM, of("survey"), {}),
    "fkpm:remark_update": (WRITERS, of("remark", "pk"), {"method": "POST"}),
    "fkpm:survey_answer": ("anybody signed in", of("survey", "code"), {"is_public": True}),
    "fkpm:programme_list": (FORUM, None, {}),
    "fkpm:programme_create": (WRITERS, None, {}),
    "fkpm:programme_copy": (WRITERS, None, {"method": "POST"}),
    "fkpm:programme_pdf": (FORUM, None, {}),
    "fkpm:programme_update": (WRITERS, of("programme"), {}),
    "fkpm:programme_delete": (WRITERS, of("programme"), {"method": "POST"}),
    "fkpm:publication_update": (BOARD, None, {}),
    "fkpm:decision_publish": (BOARD, of("decision", "pk"), {}),
    "fkpm:decision_withdraw": (BOARD, of("decision", "pk"), {"method": "POST"}),
    "fkpm:publication_page": ("anybody signed in", of("publication", "slug"), {"is_public": True}),
    "fkpm:indicator_list": (FORUM, None, {}),
    "fkpm:indicator_detail": (FORUM, lambda scene: {"uuid": scene.cast.forum.uuid, "key": "rapat"}, {}),
    "fkpm:report_pdf": (FORUM, None, {}),
    "fkpm:receipt_file": (FORUM, of("receipt"), {}),
}
