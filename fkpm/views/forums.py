from django.http import Http404


def forum_list(request, **kwargs):
    raise Http404


def forum_create(request, **kwargs):
    raise Http404


def forum_detail(request, **kwargs):
    raise Http404


def forum_update(request, **kwargs):
    raise Http404
