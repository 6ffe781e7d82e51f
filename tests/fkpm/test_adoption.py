"""Who is told of minutes that wait for them, and how long the members may comment."""

import io

from django.urls import reverse
from PIL import Image

from fkpm import circulating
from fkpm.models import Addendum, AgendaItem, Comment, Member
from fkpm.searching import marked
from polmas.people.models import Notification
from polmas.people.pdf import ink_of
from tests.fkpm.gatherings import make_coming
from tests.fkpm.scenes import adopt, as_typed, make_minutes, minutes_of


def asked_of(user, kind):
    return list(Notification.objects.filter(user=user, kind=kind).values_list("path", flat=True))


def test_the_other_of_the_two_is_told_and_has_a_task_until_the_minutes_are_adopted(cast, sign_in):
    meeting = make_minutes(cast.forum)
    version = {"version": minutes_of(meeting).version}
    sign_in(cast.secretary).post(reverse("fkpm:minutes_adopt", args=[meeting.uuid]), version)
    assert (asked_of(cast.chair, "TO_ADOPT"), asked_of(cast.secretary, "TO_ADOPT")) == ([meeting.page], [])
    assert "Sahkan notulen" in sign_in(cast.chair).get("/").content.decode()
    assert "Sahkan notulen" not in sign_in(cast.secretary).get("/").content.decode()
    assert "menunggu pengesahan Anda" in sign_in(cast.chair).get("/pemberitahuan/").content.decode()
    sign_in(cast.chair).post(reverse("fkpm:minutes_adopt", args=[meeting.uuid]), version)
    assert asked_of(cast.chair, "TO_ADOPT") == []
    assert "Sahkan notulen" not in sign_in(cast.chair).get("/").content.decode()
    addendum = Addendum.begin(meeting, "Hadir 14.", cast.secretary)
    sign_in(cast.chair).post(reverse("fkpm:addendum_adopt", args=[addendum.pk]), {"version": 1})
    assert asked_of(cast.secretary, "TO_ADOPT") == [addendum.page]
    assert sign_in(cast.secretary).get(addendum.page).status_code == 200
    assert "Sahkan adendum" in sign_in(cast.secretary).get("/").content.decode()


def test_the_page_opens_whoever_adopts_first(cast, sign_in):
    for first in (cast.chair, cast.secretary):
        meeting = make_minutes(cast.forum)
        adopt(meeting, first)
        assert f"sudah disahkan {first.name}" in sign_in(cast.officer).get(meeting.page).content.decode()


def test_an_edit_takes_the_task_of_the_other_one_away(cast, sign_in):
    meeting = make_minutes(cast.forum)
    sign_in(cast.secretary).post(reverse("fkpm:minutes_adopt", args=[meeting.uuid]), {"version": minutes_of(meeting).version})
    sign_in(cast.secretary).post(reverse("fkpm:minutes_update", args=[meeting.uuid]), as_typed(meeting, conclusion="Lain."))
    assert asked_of(cast.chair, "TO_ADOPT") == []
    assert circulating.waiting_for(cast.forum.members.get(user=cast.chair)) == []


def test_comments_are_closed_early_only_when_all_with_an_account_have_answered(cast, sign_in):
    meeting = make_minutes(cast.forum)
    client, path = sign_in(cast.secretary), reverse("fkpm:minutes_circulate", args=[meeting.uuid])
    client.post(path, {"days": 3})
    assert asked_of(cast.chair, "COMMENT") == [meeting.page]
    name = cast.forum.members.get(user=cast.chair).name
    shown = client.get(meeting.page).content.decode()
    assert f"Belum ada tanggapan dari {name}" in shown
    assert "tutup sekarang" not in shown
    client.post(path, {"end": "1"})
    assert minutes_of(meeting).is_open_for_comment
    sign_in(cast.chair).post(reverse("fkpm:comment_create", args=[meeting.uuid]), {"text": "Setuju."})
    assert "data-confirm=" in client.get(meeting.page).content.decode()
    client.post(path, {"end": "1"})
    assert not minutes_of(meeting).is_open_for_comment
    assert asked_of(cast.chair, "COMMENT") == []
    client.post(reverse("fkpm:comment_answer", args=[Comment.objects.get().pk]), {"is_taken_over": "on"})
    assert "ditutup lebih awal" in client.get(reverse("fkpm:minutes_adopt", args=[meeting.uuid])).content.decode()
    adopt(meeting, cast.chair, cast.secretary)
    assert "ditutup lebih awal" in client.get(meeting.page).content.decode()


def test_the_invitation_names_those_whom_nobody_told(cast, sign_in):
    Member.objects.create(forum=cast.forum, name="Pak Tanpa Akun", starts_on=cast.forum.unit.today())
    meeting = make_coming(cast.forum, cast.secretary)
    assert "Kirim teks WhatsApp kepada Pak Tanpa Akun:" in sign_in(cast.secretary).get(meeting.page).content.decode()


def test_an_open_action_of_which_nothing_was_said_is_no_line_on_paper():
    item = AgendaItem(is_follow_up=True, discussion="- Lampu (Budi, 3 Nov 2026): \n- Pos (Ani, 4 Nov 2026): sudah dicat")
    assert item.told == "- Pos (Ani, 4 Nov 2026): sudah dicat"
    assert AgendaItem(discussion="- Lampu (Budi):").told == "- Lampu (Budi):"


def test_a_drawing_is_cropped_to_its_ink():
    image, out = Image.new("RGB", (400, 200), "white"), io.BytesIO()
    image.paste((0, 0, 0), (10, 20, 90, 50))
    image.save(out, "PNG")
    with Image.open(io.BytesIO(ink_of(out.getvalue()))) as cropped:
        assert cropped.size == (80, 30)


def test_parts_of_an_excerpt_are_kept_apart():
    assert marked("Balai RW 05\nRonda <b>\n\x02Regu\x03") == "Balai RW 05 · Ronda &lt;b&gt; · <mark>Regu</mark>"
