"""Search over the minutes of all forums in sight."""

from django.core.paginator import Paginator
from django.shortcuts import render

from fkpm import searching
from fkpm.forms_meetings import MinutesFilter
from fkpm.models import Forum

ON_A_PAGE = 12


def minutes_list(request):
    """Minutes by words, forum, year, kind and state, the newest first, with the places where the words stand."""
    forums = Forum.objects.for_user(request.user)
    form = MinutesFilter(request.GET or None, forums=forums, years=searching.years(request.user))
    asked = form.asked() if form.is_bound else {}
    text = (asked.get("q") or "").strip()
    rows = searching.found(request.user, text=text, **{name: asked.get(name) for name in searching.FILTERS})
    shown = Paginator(searching.with_excerpts(rows, text), ON_A_PAGE).get_page(request.GET.get("page"))
    searching.highlight(shown)
    is_narrowed = any(asked.get(name) not in (None, "") for name in searching.FILTERS)
    context = {"form": form, "page": shown, "text": text, "is_filtered": bool(text) or is_narrowed, "is_narrowed": is_narrowed}
    return render(request, "fkpm/minutes_list.html", context)
