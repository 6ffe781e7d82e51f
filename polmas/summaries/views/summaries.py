from django.http import Http404


def summary_list(request, **kwargs):
    raise Http404


def summary_detail(request, **kwargs):
    raise Http404


def summary_update(request, **kwargs):
    raise Http404


def summary_approve(request, **kwargs):
    raise Http404


def summary_pdf(request, **kwargs):
    raise Http404
