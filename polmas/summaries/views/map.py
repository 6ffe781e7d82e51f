from django.http import Http404


def map_page(request, **kwargs):
    raise Http404


def map_data(request, **kwargs):
    raise Http404
