"""Pages of the board: the handover to the next term, former terms, and the papers that name who serves."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fkpm import board_on_paper
from fkpm.forms_handover import HandoverForm
from fkpm.handover import earliest_start, hand_over
from fkpm.views.forums import forum_of, managed_forum
from polmas.people import sheets
from polmas.people.documents import document_for, serve


def handover_create(request, uuid):
    """Who stays, who is replaced, who leaves; with one press the next board serves."""
    forum = managed_forum(request, uuid)
    if forum.is_being_founded:
        raise Http404
    today = forum.unit.today()
    form = HandoverForm(request.POST or None, forum=forum, initial={"starts_on": max(earliest_start(forum), today)})
    if request.method == "POST" and form.is_valid():
        try:
            term = form.term()
            hand_over(forum, term, form.board())
        except IntegrityError:
            form.add_error(None, _("This was recorded a moment ago by somebody else. Open the list again."))
        else:
            told = _("The next board serves. The former one stands below its list.")
            if term.starts_on > today:
                told = _("The next board is recorded. It serves from %(day)s; until then the board of today goes on.")
                told %= {"day": f"{term.starts_on:%d-%m-%Y}"}
            messages.success(request, told)
            return redirect("fkpm:member_list", uuid=uuid)
    return render(request, "fkpm/handover_form.html", {"form": form, "forum": forum})


def term_list(request, uuid):
    """Terms that are over, each with its board."""
    forum = forum_of(request, uuid)
    members = list(forum.members.by_office())
    over = forum.former_terms.filter(ends_on__lt=forum.unit.today())
    terms = [{"term": term, "members": [member for member in members if member.is_valid_on(term.ends_on)]} for term in over]
    return render(request, "fkpm/term_list.html", {"forum": forum, "terms": terms})


@require_safe
def board_pdf(request, uuid):
    """The paper by which the board holds office."""
    return _paper(request, forum_of(request, uuid), "board", _("Board of %s"))


@require_safe
def member_pdf(request, uuid):
    return _paper(request, forum_of(request, uuid), "members", _("Members of %s"))


def _paper(request, forum, kind, title):
    document = document_for(f"forum_{kind}", forum.pk, board_on_paper.fingerprint_of(forum), "fkpm.render_board")
    return serve(request, document, f"{title % forum}.pdf".replace("/", "-"))


@require_safe
def member_xlsx(request, uuid):
    forum = managed_forum(request, uuid)
    rows = board_on_paper.rows_of(forum.active_members().by_office())
    return sheets.sent("xlsx", "anggota-fkpm", _("Members"), board_on_paper.headings(), rows)
