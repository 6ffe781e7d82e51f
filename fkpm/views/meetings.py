from django.http import Http404


def meeting_create(request, **kwargs):
    raise Http404


def meeting_detail(request, **kwargs):
    raise Http404


def minutes_update(request, **kwargs):
    raise Http404


def minutes_adopt(request, **kwargs):
    raise Http404


def minutes_pdf(request, **kwargs):
    raise Http404
