"""The first page, and the page behind "More"."""

from django.shortcuts import render

from polmas.summaries import homes


def home(request):
    return render(request, "summaries/home.html", homes.of(request.user))


def more(request):
    return render(request, "summaries/more.html")
