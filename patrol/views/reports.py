from django.http import Http404


def report_list(request, **kwargs):
    raise Http404


def report_detail(request, **kwargs):
    raise Http404


def report_withdraw(request, **kwargs):
    raise Http404
