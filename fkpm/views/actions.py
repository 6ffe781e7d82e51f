from django.http import Http404


def action_list(request, **kwargs):
    raise Http404


def action_update(request, **kwargs):
    raise Http404
