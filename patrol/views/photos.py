from django.http import Http404


def photo_detail(request, **kwargs):
    raise Http404


def photo_thumbnail(request, **kwargs):
    raise Http404
