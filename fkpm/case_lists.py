"""What the list of cases is narrowed by, and the same rows as a table to take along."""

from collections.abc import Iterator

from django.db.models import Case as Choose
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, When
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fkpm.models import Agreement, AgreementCheck, Case, CaseParty, CaseReferral
from polmas.people import picker
from polmas.people.models import Code

SEPARATOR = " – "
MOST_WORDS = 6  # of a search


def labels() -> dict[str, str]:
    return {code.code: code.label for code in Code.objects.of("CASE_CATEGORY")}


def text_of(asked, name: str, most: int = 120) -> str:
    return asked.get(name, "").replace("\0", "")[:most].strip()


def with_due(cases):
    """Each case with whether a look at its agreement is due, and whether a unit has yet to accept it."""
    checks = AgreementCheck.objects.due(timezone.localdate()).filter(agreement__case=OuterRef("pk"))
    return cases.annotate(is_due=Exists(checks), is_waiting=Exists(CaseReferral.objects.waiting().filter(case=OuterRef("pk"))))


def narrowed(cases, asked):
    """By words of the story or a party, category, outcome, village, what is due, and what lies with nobody."""
    for word in text_of(asked, "q").split()[:MOST_WORDS]:
        named = CaseParty.objects.filter(name__icontains=word).values("case")
        numbered = Agreement.objects.filter(number__icontains=word).values("case")
        cases = cases.filter(Q(chronology__icontains=word) | Q(pk__in=named) | Q(pk__in=numbered))
    exact = {"kategori": "category", "hasil": "outcome", "wilayah": "area__code", "fkpm": "forum__uuid"}
    for name, column in exact.items():
        value = text_of(asked, name, 40)
        if value and (name != "fkpm" or is_uuid(value)):
            cases = cases.filter(**{column: value})
    cases = picker.narrowed(cases, asked, day="happened_on")
    if asked.get("pantau"):
        cases = cases.filter(is_due=True)
    if asked.get("menunggu"):
        cases = cases.filter(is_waiting=True)
    return cases


def is_uuid(text: str) -> bool:
    parts = text.split("-")
    return [len(part) for part in parts] == [8, 4, 4, 4, 12] and all(char in "0123456789abcdefABCDEF" for char in "".join(parts))


def ordered(cases):
    """What needs somebody first, then the newest."""
    first = Choose(When(is_due=True, then=0), When(outcome__in=["PROSES", "INGKAR"], then=1), default=2, output_field=IntegerField())
    return cases.order_by(first, "-happened_on", "-pk")


def rows_of(cases) -> Iterator[list]:
    """The register of problem solving (domain.md 2.5) as a table."""
    signed = Agreement.objects.exclude(state=Agreement.State.BATAL)
    categories = labels()
    found = cases.select_related("area", "officer", "keeper").prefetch_related("parties", Prefetch("agreements", queryset=signed))
    for number, case in enumerate(found, 1):
        yield [
            number,
            case.happened_on,
            case.area.name,
            SEPARATOR.join(party.name for party in case.parties.all() if party.role.startswith("PIHAK")),
            categories.get(case.category, case.category),
            capfirst(case.get_method_display()),
            capfirst(case.get_outcome_display()),
            ", ".join(agreement.number for agreement in case.agreements.all()),
            case.follower.full_name,
        ]


def headings() -> list[str]:
    names = (_("No."), _("Date"), _("Village"), _("Parties"), _("Category"), _("Method"), _("Outcome"), _("Number of the agreement"), _("Officer"))
    return [str(name) for name in names]


def tiles(cases) -> list[dict]:
    """How many stand in each outcome, as links to them."""
    counted = dict(cases.order_by().values_list("outcome").annotate(n=Count("pk", distinct=True)))
    return [{"value": outcome.value, "label": outcome.label, "n": counted.get(outcome.value, 0)} for outcome in Case.Outcome]
