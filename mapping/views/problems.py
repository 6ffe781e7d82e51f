"""The list of problems: of the own villages and units, and what one is to solve."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping import problem_lists as lists
from mapping.models import Problem, ProblemStatus
from mapping.problems import WRITERS, kind_labels, reader, villages_read
from polmas.people import sheets
from polmas.people.models import User

log = logging.getLogger("polmas.mapping")
PER_PAGE = 40
MAX_ROWS = 20_000
MOST_VILLAGES = 200


def problem_list(request):
    """Problems that are open, or as they are asked for."""
    user = reader(request)
    everything = Problem.objects.for_user(user)
    problems = lists.ordered(lists.narrowed(everything, request.GET, user), request.GET.get("urut"))
    page = Paginator(problems, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "asked": request.GET,
        "status": request.GET.get("status", lists.OPEN_ONES),
        "tiles": lists.by_status(everything),
        "statuses": ProblemStatus.choices,
        "choices": lists.choices(),
        "kinds": kind_labels(),
        "villages": villages_read(user)[:MOST_VILLAGES],
        "officers": User.objects.filter(Exists(everything.filter(responsible=OuterRef("pk")))).order_by("name")[:100],
        "today": timezone.localdate(),
        "may_add": user.scope.has(*WRITERS),
        "is_narrowed": any(value for name, value in request.GET.items() if name not in ("page", "urut")),
    }
    return render(request, "mapping/problem_list.html", context)


def problem_export(request):
    """The list as it is narrowed, for a spreadsheet. Who took what is logged."""
    user = reader(request)
    problems = lists.ordered(lists.narrowed(Problem.objects.for_user(user), request.GET, user), request.GET.get("urut"))
    log.info("export of problems by user %s: %s", user.pk, sorted(name for name, value in request.GET.items() if value))
    if problems.count() > MAX_ROWS:
        messages.error(request, _("These are more than %(most)s rows. Narrow the list first.") % {"most": MAX_ROWS})
        return redirect(f"{reverse('mapping:problem_list')}?{request.GET.urlencode()}")
    form = "csv" if request.GET.get("bentuk") == "csv" else "xlsx"
    return sheets.sent(form, "masalah", _("Problems"), lists.headings(), lists.rows_of(problems))
