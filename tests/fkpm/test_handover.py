"""From one board to the next, with the former one kept; and the papers that name who serves."""

import datetime
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from fkpm import cases, joining
from fkpm.board_on_paper import board_on_paper, fingerprint_of
from fkpm.models import ActionItem, Case, Forum, Member
from fkpm.tasks import render_board
from polmas.people.models import Document, User
from tests.cast import make_person
from tests.fkpm.cases import make_case
from tests.fkpm.scenes import make_minutes

START = datetime.date(2026, 7, 1)


@pytest.fixture
def board(cast):
    """Chair, secretary and a plain member, each by name."""
    Member.objects.create(forum=cast.forum, name="Joko Lelono", phone="0812 3456 7890", starts_on="2024-01-01", has_consented=True)
    return {member.name: member for member in cast.forum.members.all()}


def typed(board, start=START, **more):
    data = {"starts_on": f"{start}", "ends_on": "2029-06-30", "endorsed_by": "LURAH", "endorsement_number": "141/7/2026", "endorsed_on": "2026-07-01"}
    for member in board.values():
        data |= {f"fate-{member.pk}": "KEEP", f"position-{member.pk}": member.position, f"name-{member.pk}": ""}
    return data | more


def hand_over(client, cast, data):
    return client.post(reverse("fkpm:handover_create", args=[cast.forum.uuid]), data)


def test_one_act_seats_the_next_board_and_keeps_the_former_one(cast, sign_in, board):
    chair, secretary, joko = board["H. Slamet Riyadi"], board["Sri Wahyuni"], board["Joko Lelono"]
    cast.forum.endorsed_by, cast.forum.endorsement_number = "CAMAT", "7/2024"
    cast.forum.save()
    changes = {f"fate-{chair.pk}": "LEAVE", f"position-{joko.pk}": "KETUA", f"fate-{secretary.pk}": "KEEP"}
    changes |= {"new-name-0": "Endang", "new-position-0": "BENDAHARA", "new-element-0": "PEREMPUAN"}
    client = sign_in(cast.secretary)
    assert hand_over(client, cast, typed(board, **changes)).status_code == 302
    cast.forum.refresh_from_db()
    serving = {member.name: member for member in cast.forum.active_members()}
    assert {name: member.position for name, member in serving.items()} == {
        "Sri Wahyuni": "SEKRETARIS",
        "Joko Lelono": "KETUA",
        "Endang": "BENDAHARA",
    }
    assert (serving["Joko Lelono"].phone, serving["Joko Lelono"].has_consented) == ("0812 3456 7890", True)
    assert (cast.forum.term_starts_on, cast.forum.endorsed_by) == (START, "LURAH")
    term = cast.forum.former_terms.get()
    assert (term.ends_on, term.endorsed_by, term.endorsement_number) == (START - datetime.timedelta(days=1), "CAMAT", "7/2024")
    assert [member.name for member in term.board()] == ["H. Slamet Riyadi", "Sri Wahyuni", "Joko Lelono"]
    page = client.get(reverse("fkpm:term_list", args=[cast.forum.uuid])).content.decode()
    assert "H. Slamet Riyadi" in page
    assert sign_in(cast.chair).get(reverse("fkpm:forum_detail", args=[cast.forum.uuid])).status_code == 404  # left with his board
    assert not client.get(reverse("fkpm:member_list", args=[cast.forum.uuid])).context["former"]


def test_who_stays_keeps_what_was_given_to_them_and_the_cases_they_mediate(cast, sign_in, board):
    chair, secretary = board["H. Slamet Riyadi"], board["Sri Wahyuni"]
    meeting = make_minutes(cast.forum)
    told = {"forum": cast.forum, "meeting": meeting, "text": "Lampu", "due_on": START, "owner_name": "x"}
    kept, lost = ActionItem.objects.create(owner=secretary, **told), ActionItem.objects.create(owner=chair, **told)
    case = make_case(cast)
    cases.mediate(case, cast.forum, [chair, secretary])
    hand_over(sign_in(cast.secretary), cast, typed(board, **{f"fate-{chair.pk}": "LEAVE"}))
    former, staying = (User.objects.get(pk=person.pk) for person in (cast.chair, cast.secretary))
    case = Case.objects.get(pk=case.pk)
    assert (kept.is_given_to(staying), lost.is_given_to(former)) == (True, False)
    assert [case in Case.objects.for_user(person) for person in (staying, former)] == [True, False]
    assert [case.is_mediated_by(person) for person in (staying, former)] == [True, False]


def test_somebody_takes_an_office_over(cast, sign_in, board):
    secretary = board["Sri Wahyuni"]
    data = typed(board, **{f"fate-{secretary.pk}": "REPLACE", f"name-{secretary.pk}": "Ratna"})
    assert hand_over(sign_in(cast.chair), cast, data).status_code == 302
    ratna = cast.forum.active_members().get(name="Ratna")
    assert (ratna.position, ratna.element, ratna.user, ratna.has_consented) == ("SEKRETARIS", "TOMAS", None, False)


def test_those_who_come_stand_apart_and_can_be_invited_before_they_serve(cast, sign_in, board):
    today = cast.forum.unit.today()
    start, chair, joko = today + datetime.timedelta(days=3), board["H. Slamet Riyadi"], board["Joko Lelono"]
    cast.forum.term_starts_on, cast.forum.endorsed_by = datetime.date(2024, 1, 1), "CAMAT"
    cast.forum.save()
    data = typed(board, start, **{f"fate-{chair.pk}": "REPLACE", f"name-{chair.pk}": "Dewi Lestari"})
    client = sign_in(cast.secretary)
    hand_over(client, cast, data | {"ends_on": f"{start + datetime.timedelta(days=1000)}"})
    page = client.get(reverse("fkpm:member_list", args=[cast.forum.uuid]))
    assert {member.name for member in page.context["members"]} == set(board)
    assert {member.name for member in page.context["coming"]} == {"Dewi Lestari", "Sri Wahyuni", "Joko Lelono"}
    assert not page.context["former"]
    assert page.context["term"].starts_on == datetime.date(2024, 1, 1)
    assert not client.get(reverse("fkpm:term_list", args=[cast.forum.uuid])).context["terms"]
    decree = board_on_paper(Forum.objects.get(pk=cast.forum.pk))
    assert (decree["term"].starts_on, decree["term"].endorsed_by, decree["chair"]) == (datetime.date(2024, 1, 1), "CAMAT", chair.name)
    asked = {member.name: member for member in joining.to_invite(cast.forum)}
    assert (set(asked), asked["Joko Lelono"]) == ({"Dewi Lestari", "Joko Lelono"}, joko)
    joining.join(joining.slip_of(joko, cast.secretary).code, person := make_person("joko", "Joko"))
    assert set(cast.forum.members.filter(user=person).values_list("starts_on", flat=True)) == {joko.starts_on, start}
    slip = joining.slip_of(asked["Dewi Lestari"], cast.secretary)
    dewi = sign_in(make_person("dewi", "Dewi"))
    answer = dewi.post(reverse("fkpm:invitation_accept", args=[slip.code]), follow=True)
    assert answer.status_code == 200
    assert dewi.get(reverse("fkpm:forum_detail", args=[cast.forum.uuid])).status_code == 404


def test_the_next_term_begins_today_unless_somebody_says_otherwise(cast, sign_in, board):
    path, today = reverse("fkpm:handover_create", args=[cast.forum.uuid]), cast.forum.unit.today()
    assert sign_in(cast.secretary).get(path).context["form"].initial["starts_on"] == today
    Member.objects.create(forum=cast.forum, name="Baru", starts_on=today)
    form = sign_in(cast.secretary).get(path).context["form"]
    assert form.initial["starts_on"] == today + datetime.timedelta(days=1)
    assert form.fields["starts_on"].help_text


def test_what_cannot_be_is_said_and_nothing_changes(cast, sign_in, board):
    joko, secretary = board["Joko Lelono"], board["Sri Wahyuni"]
    wrong = (
        {f"position-{joko.pk}": "KETUA"},  # two chairs
        {f"fate-{joko.pk}": "REPLACE"},  # by whom?
        {"starts_on": "2024-01-01"},  # the day on which today's members began
        {"starts_on": "9999-12-31"},
        {"starts_on": ""},
        {"ends_on": "2026-01-01"},
        {f"fate-{secretary.pk}": "FIRE"},
        {"new-name-0": "x" * 5000},
        {"new-name-0": "a\0b"},
        {f"fate-{member.pk}": "LEAVE" for member in board.values()},
    )
    for changes in wrong:
        answer = hand_over(sign_in(cast.secretary), cast, typed(board, **changes))
        assert answer.status_code == 200, changes
        assert answer.context["form"].errors, changes
    assert not cast.forum.former_terms.exists()
    assert cast.forum.active_members().count() == 3


def test_the_page_asks_as_often_for_many_terms_as_for_one(cast, sign_in, board, django_assert_max_num_queries):
    for year in range(2010, 2020):
        cast.forum.former_terms.create(starts_on=f"{year}-01-01", ends_on=f"{year}-12-31")
    client = sign_in(cast.secretary)
    for page in ("term_list", "member_list"):
        with django_assert_max_num_queries(12):
            client.get(reverse(f"fkpm:{page}", args=[cast.forum.uuid]))


def test_the_decree_bears_the_forums_own_head(cast, sign_in, board):
    client, path = sign_in(cast.chair), reverse("fkpm:board_pdf", args=[cast.forum.uuid])
    assert client.get(path).status_code == 202
    document = Document.objects.get(kind="forum_board")
    render_board(document.pk)
    answer = client.get(path)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.getvalue().startswith(b"%PDF")
    before = fingerprint_of(cast.forum)
    board["Joko Lelono"].end(datetime.date(2026, 1, 1))
    assert fingerprint_of(cast.forum) != before
    shown = board_on_paper(cast.forum)
    assert (shown["chair"], shown["secretary"], shown["is_endorsed"]) == ("H. Slamet Riyadi", "Sri Wahyuni", False)


def test_the_table_of_members_holds_no_phone_and_no_formula(cast, sign_in, board):
    Member.objects.create(forum=cast.forum, name="=1+1", starts_on="2024-01-01")
    answer = sign_in(cast.kanit).get(reverse("fkpm:member_xlsx", args=[cast.forum.uuid]))
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    names = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert names["=1+1"][0].data_type == "s"
    assert "0812" not in str([cell.value for row in names.values() for cell in row])
