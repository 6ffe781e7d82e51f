"""HTML to PDF. Imported where used, by workers: WeasyPrint would make every web process bigger."""

import io
import mimetypes
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from PIL import Image
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

# Darker than this, a point of a drawing is ink.
DARK = 160


class OwnFilesOnly(URLFetcher):
    """static:/img/icon.svg from our static files, media:/documents/x.png from the storage of uploads, ink:/x.jpg a drawing
    from there without its empty margins; nothing else, and no network."""

    def fetch(self, url, headers=None):
        scheme, _, name = unquote(url).partition(":")
        name = name.lstrip("/")
        if scheme == "static" and (path := finders.find(name)):
            content = Path(path).read_bytes()
        elif scheme in ("media", "ink"):
            with default_storage.open(name) as file:
                content = ink_of(file.read()) if scheme == "ink" else file.read()
        else:
            raise ValueError(f"not read by a document: {url[:200]}")
        return URLFetcherResponse(url, content, {"Content-Type": mimetypes.guess_type(name)[0] or "application/octet-stream"})


def ink_of(drawing: bytes) -> bytes:
    """A drawn signature cropped to its ink: however small it was drawn, it fills its place on paper. Without ink it stays as it is."""
    with Image.open(io.BytesIO(drawing)) as opened:
        image = opened.convert("RGB")
    box = image.convert("L").point(lambda light: 255 if light < DARK else 0).getbbox()
    if box is None:
        return drawing
    out = io.BytesIO()
    image.crop(box).save(out, "JPEG", quality=85)
    return out.getvalue()


def pdf_of(html: str) -> bytes:
    """A picture or font that is not there leaves a gap and a line in the log; the document is made all the same."""
    return HTML(string=html, base_url="static:/", url_fetcher=OwnFilesOnly()).write_pdf()
