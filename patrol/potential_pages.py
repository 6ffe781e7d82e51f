"""What a village has to build on, as its pages show it: people, places, activities, goods, groups, partners, communities and posts."""

import dataclasses
from typing import Any

from django.db.models import F, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.models import Area, Community, Cooperation, Group, Partner, Potential, PotentialClass
from mapping.models.potentials import KIND_LISTS, TRUSTED
from patrol.models import Contact, RegisterOpening
from patrol.models.registers import Opened
from patrol.register_pages import villages_read
from polmas.people.models import Code
from polmas.people.models.absences import KEEPERS

PEOPLE = "ORANG"
LONGEST_SEARCH = 120
NAME, UPDATED = "nama", "diperbarui"
ORDERS = [(NAME, _("by name")), (UPDATED, _("longest unconfirmed first"))]


@dataclasses.dataclass(frozen=True)
class Tab:
    """One list. `key` is what its addresses are named by, `main_class` its part of `/potensi/`, `wanted` the columns that say it all."""

    key: str
    model: Any  # a kind of RegisterEntry
    icon: str
    title: str | Promise
    add: str | Promise
    search: tuple[str, ...]
    kind_field: str
    code_list: str
    columns: tuple[str, ...] = ()
    main_class: str = ""

    @property
    def path(self) -> str:
        """The address of the list."""
        address = reverse(f"patrol:{'potential' if self.main_class else self.key}_list")
        return f"{address}?kelas={self.main_class}" if self.main_class else address

    @property
    def create_path(self) -> str:
        """The address of the form for a new entry."""
        address = reverse(f"patrol:{self.key}_create")
        return f"{address}?kelas={self.main_class}" if self.model is Potential else address

    @property
    def is_kept(self) -> bool:
        """Whether its entries are confirmed, closed and recorded here; people are kept in the register of tokoh."""
        return self.model is not Contact

    def for_user(self, user):
        entries = self.model.objects.for_user(user)
        if self.model is Partner:
            return entries.with_expiry(timezone.localdate())
        return entries.filter(main_class=self.main_class) if self.model is Potential else entries

    def codes(self) -> dict[str, str]:
        return {code.code: code.label for code in Code.objects.of(self.code_list)}


PLACE = ("name", "kind", "area", "rw", "rt", "landmark", "contact", "influence")
REST = ("description", "is_confidential", "unit", "updated_on", "closed_on", "source")
FOUND = ("name", "contact", "landmark", "description")
TABS = (
    Tab(
        "contact",
        Contact,
        "user-star",
        pgettext_lazy("potentials", "People"),
        _("Add a tokoh"),
        ("name", "office", "landmark"),
        "role",
        "CONTACT_ROLE",
        (),
        PEOPLE,
    ),
    *(
        Tab("potential", Potential, icon, title, add, FOUND, "kind", KIND_LISTS[main_class], (*PLACE, *extra, *REST), main_class)
        for main_class, icon, title, add, extra in (
            (PotentialClass.TEMPAT, "map-pin-star", _("Places"), _("New place"), ()),
            (PotentialClass.KEGIATAN, "calendar-event", _("Activities of residents"), _("New activity"), ("schedule", "next_on")),
            (PotentialClass.BARANG, "package", _("Goods"), _("New goods"), ("quantity",)),
        )
    ),
    Tab(
        *("group", Group, "users-group", _("Groups"), _("New group"), ("name", "head", "landmark"), "kind", "SWAKARSA_KIND"),
        ("name", "kind", "area", "rw", "rt", "landmark", "head", "member_count", "confirmed_on", "card_number", "unit", "updated_on", "closed_on"),
    ),
    Tab(
        *("partner", Partner, "heart-handshake", _("Partners"), _("New partner"), ("name", "contact", "landmark"), "kind", "PARTNER_KIND"),
        ("name", "kind", "area", "landmark", "contact", "unit", "updated_on", "closed_on"),
    ),
    Tab(
        *("community", Community, "friends", _("Communities"), _("New community"), ("name", "contact", "description"), "basis", "COMMUNITY_BASIS"),
        ("name", "basis", "function", "area", "contact", "member_count", "online_url", "description", "unit", "updated_on", "closed_on"),
    ),
)
BY_CLASS = {tab.main_class: tab for tab in TABS if tab.main_class}
BY_KEY = {tab.key: tab for tab in TABS if not tab.main_class}


def tab_of(entry) -> Tab:
    return BY_CLASS[entry.main_class] if isinstance(entry, Potential) else BY_KEY[entry._meta.model_name]


def tab_asked(key: str, asked) -> Tab:
    """The list that an address means; `/potensi/` opens with its places."""
    if key != "potential":
        return BY_KEY[key]
    return BY_CLASS.get(asked.get("kelas", ""), BY_CLASS[PotentialClass.TEMPAT])


def reads(user, tab: Tab) -> bool:
    """Officers and those who read a unit whole; what may be confidential also Intelkam."""
    scope = user.scope
    return scope.is_officer or bool(scope.whole_paths) or (tab.model is Potential and scope.has(*TRUSTED))


def reader(request, tab: Tab):
    if not reads(request.user, tab):
        raise Http404
    return request.user


def tabs_for(user, shown: Tab) -> list[dict]:
    """The lists that somebody may open, posts the last."""
    links = [{"label": tab.title, "url": tab.path, "is_here": tab == shown} for tab in TABS if reads(user, tab)]
    posts = {"label": _("Posts"), "url": reverse("patrol:post_list"), "is_here": False}
    return [*links, posts] if reads(user, TABS[0]) else links


def may_add(user) -> bool:
    return user.scope.is_officer or user.scope.has(*KEEPERS)


def text_asked(asked, name: str, most: int = 40) -> str:
    return asked.get(name, "").replace("\0", "")[:most]


def narrowed(tab: Tab, user, asked):
    """The list by words, village, kind, influence and age; closed ones only where they are asked for."""
    entries = tab.for_user(user)
    for word in text_asked(asked, "q", LONGEST_SEARCH).split():
        condition = Q()
        for field in tab.search:
            condition |= Q(**{f"{field}__icontains": word})
        entries = entries.filter(condition)
    for name, field in (("wilayah", "area__code"), ("jenis", tab.kind_field), ("pengaruh", "influence")):
        if (value := text_asked(asked, name)) and (name != "pengaruh" or has_influence(tab)):
            entries = entries.filter(**{field: value})
    if not asked.get("ditutup"):
        entries = entries.active()
    if asked.get("lama") and tab.is_kept:
        entries = entries.stale(timezone.localdate())
    if asked.get("berakhir") and tab.model is Partner:
        entries = entries.filter(cooperations__in=Cooperation.objects.expiring(timezone.localdate())).distinct()
    return in_order(tab, entries, asked).select_related("area", "unit")


def in_order(tab: Tab, entries, asked):
    if asked.get("urut") == UPDATED and tab.is_kept:
        return entries.order_by(F("updated_on").asc(nulls_first=True), "name", "pk")
    return entries.order_by("name", "pk")


def has_influence(tab: Tab) -> bool:
    return tab.model in (Contact, Potential)


def villages_to_choose(user) -> list[Area]:
    return list(villages_read(user))


def log_phones(user, entry) -> None:
    """Keeps that somebody read its phone number."""
    RegisterOpening.objects.create(user=user, register=entry._meta.model_name, entry=entry.uuid, act=Opened.PHONE)


def log_export(user, tab: Tab, detail: str) -> None:
    RegisterOpening.objects.create(user=user, register=tab.key, act=Opened.EXPORT, detail=detail[:200])


# Columns that stand elsewhere on the page, or are nobody's to read in a list.
NO_FACTS = ("name", "area", "rw", "rt", "landmark", "unit", "updated_on", "closed_on", "is_confidential")


def facts_of(entry, tab: Tab) -> list[tuple[str, Any]]:
    """Label and value of what is known of an entry."""
    codes = tab.codes()
    said = [(label_of(tab.model, name), said_of(entry, name, tab, codes)) for name in tab.columns if name not in NO_FACTS]
    return [(label, value) for label, value in said if value not in (None, "", False)]


def label_of(model, name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))


def said_of(entry, name: str, tab: Tab, codes: dict[str, str]):
    """A value as people read it: codes and choices by their labels, links by their names."""
    value = getattr(entry, name)
    if name == tab.kind_field:
        return codes.get(value, value)
    if name in ("area", "unit"):
        return value.name if value else ""
    display = getattr(entry, f"get_{name}_display", None)
    return capfirst(str(display())) if display and value else value
