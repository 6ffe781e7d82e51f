"""Photographs, served with the rights of their report and never kept where others could find them."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers

from patrol.models import Photo, Report

# A photo never changes under its id. An hour in the own browser saves the network and forgets soon on a shared phone.
CACHE = "private, max-age=3600, immutable"


def photo_detail(request, uuid):
    return served(photo_for(request.user, uuid).image)


def photo_thumbnail(request, uuid):
    return served(photo_for(request.user, uuid).thumbnail)


def photo_for(user, uuid) -> Photo:
    return get_object_or_404(Photo.objects.filter(report__in=Report.objects.for_user(user)), uuid=uuid)


def served(file):
    try:
        response = FileResponse(file.open(), content_type="image/jpeg")
    except (FileNotFoundError, ValueError) as error:  # no file, or none was named
        raise Http404 from error
    response["Cache-Control"] = CACHE
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Cookie"])
    return response
