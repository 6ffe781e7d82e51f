"""The officer's pages as the phone keeps them: rendered for nobody in particular, filled from the phone's own database.

`/luring/<name>/` gives each of them. The service worker (`static/js/sw.js`, served at `/sw.js`) fetches them and all that they load
when it is installed, and answers with them where the network does not. What they hold is the same for everybody who reads
the same language, so a phone that changes hands keeps nothing of anybody in them.
"""

import dataclasses
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.i18n import JavaScriptCatalog

from patrol.kinds import ENTRIES
from patrol.views import informations
from patrol.views.entry import choice_context, entry_of, form_context, outbox_context
from polmas.people.navigation import navigation_of_roles
from polmas.people.scope import OFFICERS
from polmas.summaries.maps.layers import LAYERS
from polmas.summaries.maps.own import KEPT

UUID = r"[0-9a-fA-F-]{36}"
SHOWN_FIRST = ("problems", "incidents", "posts")
KEPT_S = 300  # a new build or a new code of a list reaches phones within five minutes
# What a built file names: import ... from "./lib/x.js", import("./x.js"), url(x.woff2).
NAMED = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+\.js)["']|url\(["']?([^"')]+)["']?\)""")


@dataclasses.dataclass(frozen=True)
class Shell:
    """One kept page: its template, the addresses that it answers (a pattern of JavaScript), the address under which it stands in the bars."""

    template: str
    pattern: str
    path: str
    context: Callable[[], dict] = dict


def form_shells() -> dict[str, Shell]:
    return {
        f"catat/{entry.slug}": Shell(
            "patrol/report_form.html",
            f"^/catat/{entry.slug}/({UUID}/)?$",
            "/catat/",
            functools.partial(lambda slug: form_context(entry_of(slug)), entry.slug),
        )
        for entry in ENTRIES
    }


def map_context() -> dict:
    """The layers that phones keep, the own activities among them."""
    layers = [{"layer": layer, "is_on": layer.name in SHOWN_FIRST} for layer in (LAYERS["visits"], *KEPT)]
    return {**outbox_context(), "layers": layers}


# "jaringan" stands for every page that needs the network.
SHELLS = {
    "beranda": Shell("summaries/shell_home.html", "^/$", "/"),
    "catat": Shell("patrol/report_choose.html", "^/catat/$", "/catat/", choice_context),
    **form_shells(),
    "catat/li": Shell("patrol/information_form.html", f"^/catat/li/({UUID}/)?$", "/catat/", informations.form_context),
    "antrean": Shell("patrol/outbox_list.html", "^/antrean/$", "/antrean/", outbox_context),
    "kegiatan": Shell("summaries/shell_activities.html", "^/kegiatan/$", "/kegiatan/", outbox_context),
    "rincian": Shell("summaries/shell_report.html", f"^/kegiatan/{UUID}/$", "/kegiatan/", outbox_context),
    "peta": Shell("summaries/shell_map.html", "^/peta/$", "/peta/", map_context),
    "kunci": Shell("people/device_open.html", "^/kunci/$", ""),
    "sesi": Shell("summaries/shell_signed_out.html", "^/luring/sesi/$", ""),
    "jaringan": Shell("summaries/shell_network.html", "^$", ""),
}


def context_of(shell: Shell) -> dict:
    """Nobody is signed in; the bars are an officer's."""
    return {**shell.context(), "user": None, "csrf_token": "", "is_shell": True, "navigation": navigation_of_roles(OFFICERS, shell.path)}


def rendered(request, name: str) -> str:
    shell = SHELLS[name]
    return render_to_string(shell.template, context_of(shell), request)


def address_of(name: str) -> str:
    return reverse("summaries:shell", args=[name])


def digest(content: bytes | str) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()[:16]


def source_of(name: str) -> bytes:
    """A static file as it is served: collected, or found by the development server."""
    path = finders.find(name) if settings.DEBUG else staticfiles_storage.path(staticfiles_storage.stored_name(name))  # type: ignore[attr-defined]  # of the manifest storage
    with open(str(path), "rb") as file:
        return file.read()


def named_in(name: str, text: str) -> Iterator[str]:
    """The static files that one of our built files names, by their names before hashing."""
    folder = name.rpartition("/")[0] + "/"
    for found in NAMED.finditer(text):
        target = found[1] or found[2]
        if not target.startswith(("data:", "/", "http", "#")):
            yield urljoin(folder, target.split("#")[0].split("?")[0])


@functools.cache
def with_all_it_names(name: str) -> frozenset[str]:
    """A static file and all that it loads. Read before hashing: the names in it are then those of the storage."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        path = finders.find(here)
        if here in seen or path is None:
            continue
        seen.add(here)
        if here.endswith((".js", ".css")):
            with open(path, encoding="utf-8") as file:
                waiting.extend(named_in(here, file.read()))
    return frozenset(seen)


@functools.cache
def names_by_address() -> dict[str, str]:
    """Each static file's address and its name before hashing."""
    names = getattr(staticfiles_storage, "hashed_files", {})
    return {settings.STATIC_URL + hashed: name for name, hashed in names.items()}


def name_of(address: str) -> str:
    return names_by_address().get(address, address.removeprefix(settings.STATIC_URL))


def files_of(pages: list[str]) -> list[dict]:
    """All static files that these pages load, each with its address; a revision where the address holds no hash."""
    pattern = re.compile(rf"""["']({re.escape(settings.STATIC_URL)}[^"'#?]+)""")
    addresses = {address for page in pages for address in pattern.findall(page)}
    names = {name for address in addresses for name in with_all_it_names(name_of(address))}
    files = []
    for name in sorted(names):
        url = staticfiles_storage.url(name)
        files.append({"url": url, "revision": digest(source_of(name)) if url == settings.STATIC_URL + name else None})
    return files


def catalog(request) -> dict:
    """The texts of the scripts, which every page loads."""
    language = get_language()
    return {"url": f"{reverse('javascript_catalog')}?{language}", "revision": digest(JavaScriptCatalog().get(request).content)}


def manifest(request) -> str:
    """What the service worker keeps, and which page answers which address."""
    pages = {name: render_to_string(shell.template, {**context_of(shell), "csp_nonce": "-"}, request) for name, shell in SHELLS.items()}
    kept = [{"url": address_of(name), "revision": digest(page)} for name, page in pages.items()]
    shells = [[shell.pattern, address_of(name)] for name, shell in SHELLS.items()]
    return json.dumps({"files": [*files_of(list(pages.values())), catalog(request), *kept], "shells": shells, "network": address_of("jaringan")})


def worker(request) -> HttpResponse:
    """The service worker in the language of whoever asks: phones compare it byte by byte, and renew themselves when it changes."""
    source = source_of("dist/sw.js").decode()
    key = f"worker:{get_language()}:{digest(source)}:{digest(staticfiles_storage.url('dist/app.js'))}"
    listed = cache.get(key)
    if listed is None:
        listed = manifest(request)
        cache.set(key, listed, KEPT_S)
    return HttpResponse(f"self.POLMAS = {listed};\n{source}", content_type="text/javascript; charset=utf-8")
