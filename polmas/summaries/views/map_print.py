"""The map on paper: a page to look at with a picture to take along, and a PDF made by a worker."""

import hashlib
import json
import re

from django.shortcuts import redirect, render
from django.utils import timezone
from rest_framework import serializers

from polmas.people import documents
from polmas.summaries.maps.clusters import View
from polmas.summaries.maps.drawing import drawn
from polmas.summaries.maps.layers import require_map
from polmas.summaries.maps.outlines import first_view
from polmas.summaries.views.map import MapForm, kinds_of_layers
from polmas.summaries.views.map_api import ViewSerializer

INDONESIA = (94.5, -11.5, 141.5, 6.5)
USUAL_ZOOM = 13
KIND = "map"
MINUTE = re.compile(r"[0-9]{12}")


def options_of(request) -> dict:
    """What is to be drawn, as the address says: layers, days, kinds, part of the map. Whatever is wrong there is as if it were not said."""
    today = timezone.localdate()
    form = MapForm(request.GET, kinds=kinds_of_layers())
    form.is_valid()
    asked = form.asked(today)
    view = _view(request)
    return {
        "layers": [layer.name for layer in form.layers()],
        "from": asked.start.isoformat(),
        "to": asked.end.isoformat(),
        "kinds": {name: sorted(kinds) for name, kinds in asked.kinds.items()},
        "bbox": [round(degree, 6) for degree in view.bbox],
        "zoom": view.zoom,
    }


def _view(request) -> View:
    said = ViewSerializer(data={"bbox": request.GET.get("petak", ""), "zoom": request.GET.get("zoom", USUAL_ZOOM)})
    try:
        said.is_valid(raise_exception=True)
        return said.view()
    except serializers.ValidationError:
        return View(first_view(request.user) or INDONESIA, USUAL_ZOOM)


def map_print(request):
    """The drawing with its list."""
    require_map(request.user)
    return render(request, "summaries/map_print.html", drawn(request.user, options_of(request)))


def map_pdf(request):
    """The same as PDF. `saat` is the minute that it shows: the map goes on, and whoever asks anew gets it as it is then."""
    require_map(request.user)
    if not MINUTE.fullmatch(request.GET.get("saat", "")):
        asked = request.GET.copy()
        asked["saat"] = f"{timezone.now():%Y%m%d%H%M}"
        return redirect(f"{request.path}?{asked.urlencode()}")
    options = options_of(request)
    # What somebody saw in another post is not theirs to fetch again.
    shown = [request.GET["saat"], str(timezone.localdate()), sorted(request.user.scope.posts), options]
    content = hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
    document = documents.document_for(KIND, request.user.pk, content, "summaries.render_map", options)
    return documents.serve(request, document, "peta.pdf")
