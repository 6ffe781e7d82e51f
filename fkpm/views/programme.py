"""Pages of a forum's work programme."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fkpm.accounts_on_paper import digest_of
from fkpm.forms_programme import ProgrammeForm
from fkpm.models import ProgrammeItem
from fkpm.models.programme import FIRST_YEAR, LAST_YEAR
from fkpm.views.cash import year_asked
from fkpm.views.forums import forum_of
from polmas.people.documents import document_for, serve


def kept_forum(request, uuid):
    """The forum, for those who write its programme: the board and the Polmas officer."""
    forum = forum_of(request, uuid)
    if not forum.may_write_minutes(request.user):
        raise Http404
    return forum


def kept_item(request, uuid) -> ProgrammeItem:
    item = get_object_or_404(ProgrammeItem.objects.for_user(request.user).select_related("forum__unit"), uuid=uuid)
    if not item.forum.may_write_minutes(request.user):
        raise Http404
    return item


def page_of(forum, year) -> str:
    return f"{reverse('fkpm:programme_list', args=[forum.uuid])}?tahun={year}"


def programme_list(request, uuid):
    """The programme of one year with its progress."""
    forum = forum_of(request, uuid)
    year = year_asked(request, forum)
    items = list(forum.programme.filter(year=year).prefetch_related("meetings__forum__unit", "actions"))
    today = forum.unit.today()
    for item in items:
        item.is_late = item.is_late_on(today)
    may_write = forum.may_write_minutes(request.user)
    context = {
        "forum": forum,
        "year": year,
        "years": [known for known in (year - 1, year, year + 1) if FIRST_YEAR <= known <= LAST_YEAR],
        "items": items,
        "progress": forum.programme.filter(year=year).progress(),
        "may_write": may_write,
        "may_copy": may_write and forum.programme.filter(year=year - 1).exists(),
    }
    return render(request, "fkpm/programme_list.html", context)


def programme_create(request, uuid):
    forum = kept_forum(request, uuid)
    item = ProgrammeItem(forum=forum, year=year_asked(request, forum))
    return _form(request, item, _("The activity stands in the programme."))


def programme_update(request, uuid):
    return _form(request, kept_item(request, uuid), _("Saved."))


def _form(request, item, told):
    form = ProgrammeForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid() and form.stored():
        messages.success(request, told)
        if "another" in request.POST:
            return redirect(f"{reverse('fkpm:programme_create', args=[item.forum.uuid])}?tahun={item.year}")
        return redirect(page_of(item.forum, item.year))
    sources = ProgrammeItem.objects.filter(forum=item.forum).exclude(source="").order_by("source").values_list("source", flat=True).distinct()[:20]
    context = {"form": form, "forum": item.forum, "item": item if item.pk else None, "year": item.year, "sources": sources}
    return render(request, "fkpm/programme_form.html", context)


@require_POST
def programme_delete(request, uuid):
    """Takes an activity out of the programme; what it said stays in the history."""
    item = kept_item(request, uuid)
    item.delete()
    messages.success(request, _("Taken off the list."))
    return redirect(page_of(item.forum, item.year))


@require_POST
def programme_copy(request, uuid):
    """Takes over what stood in the programme of the year before."""
    forum = kept_forum(request, uuid)
    year = year_asked(request, forum)
    n = forum.programme.filter(year=year - 1).copy_into(year)
    messages.success(request, _("%(n)d activities were taken over.") % {"n": n} if n else _("All of them stand here already."))
    return redirect(page_of(forum, year))


def programme_pdf(request, uuid):
    """The programme of a year on paper."""
    forum = forum_of(request, uuid)
    year = year_asked(request, forum)
    shown = list(forum.programme.filter(year=year).values_list("pk", "activity", "target", "starts_month", "ends_month", "budget", "source", "state"))
    percents = list(forum.programme.filter(year=year).values_list("percent", "note"))
    document = document_for("forum_programme", forum.pk, digest_of(forum, year, shown, percents), "fkpm.render_account", {"year": year})
    return serve(request, document, f"Program kerja {forum} {year}.pdf".replace("/", "-"))
