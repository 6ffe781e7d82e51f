from django.http import Http404


def member_list(request, **kwargs):
    raise Http404


def member_create(request, **kwargs):
    raise Http404


def member_update(request, **kwargs):
    raise Http404
