from django.http import Http404


def review_list(request, **kwargs):
    raise Http404


def review_detail(request, **kwargs):
    raise Http404
