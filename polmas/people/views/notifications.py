"""What one was told, and marking it read."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from polmas.people.models import Notification, Zone

ON_A_PAGE = 40


@require_safe
def notification_list(request):
    """The newest first."""
    mine = Notification.objects.for_user(request.user)
    page = Paginator(mine, ON_A_PAGE).get_page(request.GET.get("page"))
    zone = request.user.post.unit.time_zone if request.user.post else Zone.WIB
    return render(request, "people/notification_list.html", {"page": page, "zone": zone, "unread": mine.unread().exists()})


@require_POST
def notification_open(request, pk):
    """Marks one read and goes where it leads."""
    note = get_object_or_404(Notification.objects.for_user(request.user), pk=pk)
    Notification.objects.filter(pk=note.pk).mark_read()
    return redirect(note.path)


@require_POST
def notification_read(request):
    """Marks all read."""
    Notification.objects.for_user(request.user).mark_read()
    return redirect("people:notification_list")
