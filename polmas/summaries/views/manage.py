from django.http import Http404


def manage_home(request, **kwargs):
    raise Http404


def user_list(request, **kwargs):
    raise Http404


def user_create(request, **kwargs):
    raise Http404


def user_update(request, **kwargs):
    raise Http404


def user_password(request, **kwargs):
    raise Http404


def posting_create(request, **kwargs):
    raise Http404


def posting_end(request, **kwargs):
    raise Http404


def beat_create(request, **kwargs):
    raise Http404


def beat_end(request, **kwargs):
    raise Http404


def area_list(request, **kwargs):
    raise Http404


def unit_list(request, **kwargs):
    raise Http404


def unit_update(request, **kwargs):
    raise Http404


def import_create(request, **kwargs):
    raise Http404
