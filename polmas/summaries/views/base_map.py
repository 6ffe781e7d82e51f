"""The file of the base map, handed out in parts: a browser asks for the few kilobytes of each tile."""

import os
import re
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date, parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

CONTENT_TYPE = "application/vnd.pmtiles"
MOST_BYTES = 4 * 1024 * 1024  # of one answer: directories and tiles are far smaller, and the file may be as large as a province
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
LASTS_S = 7 * 24 * 3600


@require_safe
def base_map(request):
    """One range of bytes, as RFC 9110 (14) has it; 416 for what is no single range within the file. It shows nobody's data."""
    with opened() as file:
        status = os.fstat(file.fileno())
        etag = quote_etag(f"{status.st_mtime_ns:x}-{status.st_size:x}")
        response = answer(request, file, status.st_size, etag)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(status.st_mtime)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"private, max-age={LASTS_S}"
    return response


def opened() -> BinaryIO:
    path = Path(settings.MAP_PMTILES or os.devnull)
    if not path.is_file():
        raise Http404
    try:
        return path.open("rb")
    except OSError as error:
        raise Http404 from error


def answer(request: HttpRequest, file: BinaryIO, size: int, etag: str) -> HttpResponse:
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304)
    asked = request.headers.get("Range", "")
    if not asked or request.method == "HEAD" or request.headers.get("If-Range", etag) != etag:
        return whole(request, file, size)
    span = span_of(asked, size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span
    file.seek(start)
    response = HttpResponse(file.read(end - start + 1), status=206, content_type=CONTENT_TYPE)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def whole(request, file, size):
    """All of a small file. A large one is asked for in parts: one download would hold one of the few threads for as long as it lasts."""
    if request.method == "HEAD":
        return HttpResponse(content_type=CONTENT_TYPE, headers={"Content-Length": str(size)})
    if size > MOST_BYTES:
        return HttpResponse(_("Ask for a part of this file, by a Range header."), status=400, content_type="text/plain; charset=utf-8")
    return HttpResponse(file.read(size), content_type=CONTENT_TYPE)


def span_of(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte of `bytes=0-99`, `bytes=100-` or `bytes=-50`, no more than one answer holds; None where it is none of these."""
    found = RANGE.fullmatch(asked.strip())
    if not found or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = int(last) if first and last else size - 1
    end = min(end, size - 1, start + MOST_BYTES - 1)
    return (start, end) if start <= end else None
