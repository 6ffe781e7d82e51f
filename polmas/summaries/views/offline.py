"""What a phone fetches to work without network: the service worker, and the pages that it keeps."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition

from polmas.summaries import shells


@cache_control(no_cache=True)
@login_not_required
def service_worker(request):
    """At the root, so that its scope is the whole site."""
    response = shells.worker(request)
    answer = condition(etag_func=lambda _request: f'"{shells.digest(response.content)}"')(lambda _request: response)
    return answer(request)


@never_cache
@login_not_required
def shell(request, name):
    """One of the kept pages: the same for everybody, and without anybody's data."""
    if name not in shells.SHELLS:
        raise Http404
    return HttpResponse(shells.rendered(request, name))
