"""LI on paper: the letter in its official form, and the book of a unit for some days. Never as a sheet."""

import datetime
import hashlib

from django.db.models import Prefetch

from patrol.models import Information, InformationAccess
from patrol.models.informations import METHODS, NUMBERED, Disposition, InformationCopy
from polmas.people.documents import document_for
from polmas.people.models import Code, Document, Unit

# Raised when a layout changes, so that files of an older one are not served any more.
LAYOUT = 1
LETTER, BOOK = "information", "information-book"
MOST_IN_BOOK = 2000


def method_label(information) -> str:
    code = Code.objects.of(METHODS).filter(code=information.method).first()
    return code.label if code else information.method


def printed(informations):
    """With all that letter and book show."""
    dispositions = Prefetch("dispositions", Disposition.objects.select_related("by"))
    return informations.with_details().prefetch_related(dispositions, Prefetch("copies", InformationCopy.objects.select_related("unit")))


def named(*shown) -> str:
    return hashlib.sha256(repr((LAYOUT, *shown)).encode()).hexdigest()


def content_of(information) -> tuple:
    """What paper shows of one LI and may change after it has its number."""
    dispositions = [(each.pk, each.text) for each in information.dispositions.all()]
    copies = sorted(copy.unit_id for copy in information.copies.all())
    return (information.pk, information.number, information.value, information.classification, copies, dispositions)


def letter_of(information: Information) -> Document:
    head = information.registry and information.registry.letterhead
    return document_for(LETTER, information.pk, named(content_of(information), head), "patrol.render_information")


def letter(pk: int) -> dict:
    information = printed(Information.objects.all()).get(pk=pk)
    posts = information.author.postings.select_related("unit").on(information.day).filter(unit=information.unit)
    return {"information": information, "unit": information.registry, "method": method_label(information), "post": posts.first()}


def in_book(unit: Unit, since: datetime.date, until: datetime.date):
    """What was registered in the unit's book on these days, in the order of the numbers."""
    midnight = datetime.time.min
    first = datetime.datetime.combine(since, midnight, unit.zone)
    after = datetime.datetime.combine(until + datetime.timedelta(days=1), midnight, unit.zone)
    rows = Information.objects.filter(registry=unit, state__in=NUMBERED, registered_at__gte=first, registered_at__lt=after)
    return printed(rows).order_by("year", "sequence")[:MOST_IN_BOOK]


def book_of(unit: Unit, since: datetime.date, until: datetime.date) -> Document:
    """The fingerprint begins with the days, by which the worker knows what to print."""
    shown = named([content_of(information) for information in in_book(unit, since, until)], unit.letterhead)
    return document_for(BOOK, unit.pk, f"{since:%Y%m%d}-{until:%Y%m%d}-{shown[:40]}", "patrol.render_information_book")


def book(document: Document) -> dict:
    since, until = (datetime.date.fromisoformat(part) for part in document.fingerprint.split("-")[:2])
    unit = Unit.objects.get(pk=document.object_id)
    return {"unit": unit, "since": since, "until": until, "informations": in_book(unit, since, until)}


def log_printing(informations, user, act) -> None:
    InformationAccess.objects.bulk_create(InformationAccess(information=each, user=user, act=act) for each in informations)
