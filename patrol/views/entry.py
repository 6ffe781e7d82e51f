from django.http import Http404


def report_choose(request, **kwargs):
    raise Http404


def report_create(request, **kwargs):
    raise Http404


def report_update(request, **kwargs):
    raise Http404


def outbox_list(request, **kwargs):
    raise Http404
