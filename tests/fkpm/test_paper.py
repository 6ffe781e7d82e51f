"""Minutes on paper: made by the worker's task, under the forum's own head."""

from django.template.loader import render_to_string
from django.urls import reverse

from fkpm.printing import fingerprint_of, minutes_on_paper
from fkpm.tasks import render_minutes
from polmas.people.models import Document
from tests.fkpm.scenes import DECISION, DISCUSSION, adopt, fresh, make_minutes


def test_the_task_makes_the_file_that_the_page_hands_out(cast, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting = make_minutes(cast.forum)
    adopt(meeting, cast.chair, cast.secretary)
    client, path = sign_in(cast.secretary), reverse("fkpm:minutes_pdf", args=[meeting.uuid])
    assert client.get(path).status_code == 202
    document = Document.objects.get()
    render_minutes(document.pk)
    render_minutes(document.pk)
    response = client.get(path)
    content = b"".join(response.streaming_content)
    assert response["Content-Type"] == "application/pdf"
    assert "FKPM Pedalangan" in response["Content-Disposition"]
    assert content.startswith(b"%PDF-")
    assert len(content) > 5_000
    assert len(list(tmp_path.rglob("*.pdf"))) == 1
    assert Document.objects.count() == 1


def test_the_paper_speaks_for_the_forum_and_never_for_the_police(cast):
    meeting = make_minutes(cast.forum)
    draft = render_to_string("fkpm/minutes_print.html", minutes_on_paper(fresh(meeting)))
    assert "watermark" in draft.split("</style>")[1]
    minutes = adopt(meeting, cast.chair, cast.secretary)
    paper = render_to_string("fkpm/minutes_print.html", minutes_on_paper(fresh(meeting)))
    for text in (
        "FKPM Pedalangan",
        "Balai RW 05",
        DISCUSSION,
        DECISION,
        "Ganti lampu gang 3",
        "Bu Lurah",
        cast.chair.name,
        cast.secretary.name,
        minutes.content_hash,
    ):
        assert text in paper
    for text in ("KEPOLISIAN", "SEKTOR", "KAPOLSEK", "POLRI"):
        assert text not in paper.replace("Polri", "").split("</style>")[1]
    assert "watermark" not in paper.split("</style>")[1]


def test_minutes_are_indonesian_whatever_the_interface_speaks(cast, sign_in):
    meeting = make_minutes(cast.forum)
    sign_in(cast.secretary).get(reverse("fkpm:minutes_pdf", args=[meeting.uuid]), headers={"Accept-Language": "en"})
    assert [document.language for document in Document.objects.all()] == ["id"]


def test_a_changed_draft_or_head_is_another_paper(cast):
    meeting = make_minutes(cast.forum)
    seen = {fingerprint_of(fresh(meeting))}
    minutes = fresh(meeting).minutes
    minutes.take_over_edit()
    seen.add(fingerprint_of(fresh(meeting)))
    cast.forum.bkpm = "Balai Kelurahan"
    cast.forum.save()
    seen.add(fingerprint_of(fresh(meeting)))
    adopt(meeting, cast.chair, cast.secretary)
    seen.add(fingerprint_of(fresh(meeting)))
    assert len(seen) == 4
    assert fingerprint_of(fresh(meeting)) in seen
