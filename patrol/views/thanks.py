"""A word of thanks on a report."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from patrol.models import Report, Thanks
from patrol.models.thanks import may_thank, thank
from polmas.people.models import Notification


@require_POST
def thanks_create(request, uuid):
    """A superior thanks for a report, in a sentence."""
    report = get_object_or_404(Report.objects.for_user(request.user).select_related("unit"), uuid=uuid)
    if not may_thank(request.user, report):
        raise Http404
    try:
        thank(report, request.user, request.POST.get("text", "").replace("\0", "").strip()[:300])
        messages.success(request, _("Your thanks stand with the report; its officer is told."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("patrol:report_detail", uuid=uuid)


@require_POST
def thanks_seen(request):
    """The officer has seen the thanks on the first page: it shows them no more."""
    if not request.user.scope.is_officer:
        raise Http404
    Thanks.objects.unseen_by(request.user).update(seen_at=timezone.now())
    Notification.objects.for_user(request.user).filter(kind=Notification.Kind.THANKS).mark_read()
    return HttpResponse(status=204) if request.htmx else redirect("/")
