"""Which columns of a file hold codes and names, and which official area a name means."""

import collections
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mapping.codes import CODE_NAMES, NAME_NAMES, text_of
from mapping.models import Area
from mapping.models.areas import CODE, dotted

# What the sources call the areas around one, by depth: our own, BIG, BPS and GADM.
PARENT_NAMES: dict[int, tuple[str, ...]] = {
    1: ("provinsi", "province", "propinsi", "wadmpr", "nmprov", "nm_prov", "name_1"),
    2: ("kabkota", "kabupaten", "kab_kota", "regency", "wadmkk", "nmkab", "nm_kab", "kabkot", "name_2"),
    3: ("kecamatan", "district", "wadmkc", "nmkec", "nm_kec", "kec", "name_3"),
    4: ("kelurahan", "desa", "village", "wadmkd", "nmdesa", "nm_desa", "desa_kelur", "desakel", "nama_desa", "nama_kel", "name_4"),
    5: ("rw",),
}
MORE_CODES = (
    "kode_desa",
    "kd_desa",
    "kodedesa",
    "kode_kel",
    "kode_desa_kelurahan",
    "iddesa",
    "id_desa",
    "kode_dagri",
    "kode_kec",
    "kode_kab",
    "kode_prov",
)
CODES = (*CODE_NAMES[:-1], *MORE_CODES, CODE_NAMES[-1])  # "id" last: it mostly counts rows
NAMES = (*NAME_NAMES, "shapename")
SAMPLE = 200  # features that are looked at to find the columns
MOST_SHOWN = 40  # fields that an error lists
MOSTLY, TRUSTED = 0.8, 0.5
SHORTEST = 4  # digits of what looks like a code in a column of any name

PLAIN = re.compile(r"[^0-9a-z]+")
LEVEL_WORDS = re.compile(r"^(kelurahan|kel\.|desa|kecamatan|kec\.|kabupaten|kab\.|provinsi|prov\.)\s*", re.IGNORECASE)


def plain(name: str) -> str:
    """A name without what sources spell differently: capitals, spaces, apostrophes, hyphens, the word for its level."""
    return PLAIN.sub("", LEVEL_WORDS.sub("", name.strip()).casefold())


class Columns(NamedTuple):
    """The fields of one layer that hold the code and the name, in small letters; empty where it has none. Where most of what stands in
    the field of the code is no official code it is another office's list, and one that looks official may be so by chance."""

    code: str
    name: str
    is_trusted: bool = True

    @classmethod
    def find(cls, rows: Sequence[dict], code: str = "", name: str = "") -> "Columns":
        """The fields asked for, else those whose name or content tells. Raises ValidationError where there is neither, listing what there is."""
        fields = list(dict.fromkeys(field for row in rows for field in row))
        for asked in (code, name):
            if asked and asked.casefold() not in fields:
                raise ValidationError(_("There is no field %(field)s.") % {"field": asked[:60]} + " " + _listed(fields), code="fields")
        found = (code.casefold() or _code_field(rows, fields), name.casefold() or _name_field(rows, fields))
        if not any(found):
            raise ValidationError(_("No field holds the code or the name of the areas: say which.") + " " + _listed(fields), code="fields")
        return cls(*found, is_trusted=_share_of_codes(rows, found[0], 1) >= TRUSTED)


def _listed(fields: list[str]) -> str:
    shown = ", ".join(field[:60] for field in fields[:MOST_SHOWN])
    return _("The fields are: %(fields)s.") % {"fields": shown} if fields else _("The file has no fields at all.")


def _code_field(rows, fields) -> str:
    """Of the usual names the one that holds most codes; else any field of which most look like codes."""
    usual = [field for field in CODES if field in fields]
    right = {field: _share_of_codes(rows, field, 1 if field != "id" else SHORTEST) for field in usual}
    best = max(usual, key=lambda field: right[field], default="")
    if best and right[best]:
        return best
    telling = max(fields, key=lambda field: _share_of_codes(rows, field, SHORTEST), default="")
    if telling and _share_of_codes(rows, telling, SHORTEST) >= MOSTLY:
        return telling
    return next((field for field in usual if field != "id"), "")


def _share_of_codes(rows, field, shortest) -> float:
    codes = [dotted(text) for row in rows if (text := text_of(row, [field]))]
    right = sum(CODE.fullmatch(code) is not None and len(code.replace(".", "")) >= shortest for code in codes)
    return right / len(rows) if codes else 0


def _name_field(rows, fields) -> str:
    candidates = (*NAMES, *(name for depth in (4, 3, 2, 1) for name in PARENT_NAMES[depth]))
    present = [field for field in dict.fromkeys(candidates) if field in fields]
    return next((field for field in present if any(text_of(row, [field]) for row in rows)), present[0] if present else "")


class Gazetteer:
    """The areas that are known, by code and by name. Read once, when a file first asks."""

    def __init__(self) -> None:
        rows = Area.objects.filter(depth__lte=Area.VILLAGE_DEPTH).order_by().values_list("code", "name", "listed_on")
        self.names: dict[str, str] = {}
        self.listed: set[str] = set()
        self.children: dict[str, dict[str, list[str]]] = collections.defaultdict(lambda: collections.defaultdict(list))
        for code, name, listed_on in rows.iterator(chunk_size=20_000):
            self.names[code] = name
            if listed_on:
                self.listed.add(code)
            self.children[code.rpartition(".")[0]][plain(name)].append(code)

    def find(self, name: str, parents: dict[int, str]) -> str:
        """The one area of this name within the areas named around it; empty where there is none, or more than one."""
        around = {depth: plain(text) for depth, text in parents.items() if text}
        named = [depth for depth in (1, 2, 3) if around.get(depth)]
        if 2 not in named and 3 not in named:
            return ""
        for depth in dict.fromkeys((Area.VILLAGE_DEPTH, max(named) + 1) if around.get(4) else (max(named) + 1, Area.VILLAGE_DEPTH)):
            found = list(self._within([""], depth, around, plain(name)))
            if found:
                return found[0] if len(found) == 1 else ""
        return ""

    def _within(self, tops: list[str], depth: int, around: dict[int, str], name: str) -> list[str]:
        for level in range(1, depth + 1):
            wanted = name if level == depth else around.get(level)
            tops = [code for top in tops for code in self._children(top, wanted)]
        return tops

    def _children(self, top: str, wanted: str | None) -> Iterable[str]:
        inside = self.children.get(top, {})
        return inside.get(wanted, ()) if wanted else (code for codes in inside.values() for code in codes)

    def contradicts(self, code: str, name: str, is_trusted: bool) -> bool:
        """Whether a code is that of an official area of another name: one that stands beside it under the same kecamatan or city, or, where
        the codes are not to be trusted, any."""
        if code not in self.listed or plain(self.names[code]) == plain(name):
            return False
        others = self.children[code.rpartition(".")[0]].get(plain(name), [])
        return not is_trusted or any(other in self.listed for other in others)

    def fits(self, code: str, name: str, is_trusted: bool) -> bool:
        """Whether an area can be taken by its code, without a look at its name."""
        is_known = code in self.names or code.count(".") >= Area.VILLAGE_DEPTH or not self.listed
        return bool(CODE.fullmatch(code)) and is_known and not self.contradicts(code, name, is_trusted)
