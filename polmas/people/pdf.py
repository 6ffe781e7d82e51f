"""HTML to PDF. Imported where used, by workers: WeasyPrint would make every web process bigger."""

import mimetypes
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse


class OwnFilesOnly(URLFetcher):
    """static:/img/icon.svg from our static files, media:/documents/x.png from the storage of uploads; nothing else, and no network."""

    def fetch(self, url, headers=None):
        scheme, _, name = unquote(url).partition(":")
        name = name.lstrip("/")
        if scheme == "static" and (path := finders.find(name)):
            content = Path(path).read_bytes()
        elif scheme == "media":
            with default_storage.open(name) as file:
                content = file.read()
        else:
            raise ValueError(f"not read by a document: {url[:200]}")
        return URLFetcherResponse(url, content, {"Content-Type": mimetypes.guess_type(name)[0] or "application/octet-stream"})


def pdf_of(html: str) -> bytes:
    """A picture or font that is not there leaves a gap and a line in the log; the document is made all the same."""
    return HTML(string=html, base_url="static:/", url_fetcher=OwnFilesOnly()).write_pdf()
