"""What the list of problems is narrowed by and put in order by, and the same rows as a table to take along."""

from collections.abc import Iterator

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Field, Grade, Phase, Problem, ProblemClass, ProblemStatus, ProblemStep, Vulnerability
from mapping.models.places import PoliceFunction
from mapping.models.problems import OPEN
from mapping.problems import kind_labels
from polmas.people import picker

OPEN_ONES, ALL = "terbuka", "semua"
ORDERS = {
    "target": gettext_lazy("due first"),
    "baru": gettext_lazy("newest first"),
    "tingkat": gettext_lazy("gravest first"),
    "kelurahan": gettext_lazy("by village"),
}
REACHES = {
    "wilayah": gettext_lazy("beyond one village"),
    "fungsi": gettext_lazy("of several functions"),
    "pihak": gettext_lazy("with partners or others"),
}
GRAVITY = Case(*(When(grade=grade, then=place) for place, grade in enumerate((Grade.GN, Grade.AG, Grade.PG))))
COLUMNS = ("title", "klass", "kind", "field", "area", "grade", "vulnerability", "status", "phase", "target_on", "responsible", "unit", "solved_on")


def text_of(asked, name: str, most: int = 120) -> str:
    return asked.get(name, "").replace("\0", "")[:most].strip()


def narrowed(problems, asked, user):
    """By words, unit with all below it, village, class, kind, field, grade, status, who is responsible, what is overdue; and by the three
    sieves of an impact: area, function, and whom it reaches. `utama` leaves out those that only reach into the village, `rahasia=tidak`
    confidential ones, which nothing counts."""
    for word in text_of(asked, "q").split():
        problems = problems.filter(Q(title__icontains=word) | Q(description__icontains=word) | Q(root_cause__icontains=word))
    problems = picker.narrowed(problems, {"satuan": asked.get("satuan", "")})
    if asked.get("rahasia") == "tidak":
        problems = problems.filter(is_confidential=False)
    if code := text_of(asked, "wilayah", 24):
        across = Problem.areas.through.objects.filter(area__code=code).values("problem")
        problems = problems.filter(area__code=code) if asked.get("utama") else problems.filter(Q(area__code=code) | Q(pk__in=across))
    exact = {"kelas": "klass", "jenis": "kind", "bidang": "field", "tingkat": "grade", "kerawanan": "vulnerability"}
    problems = problems.filter(**{column: value for name, column in exact.items() if (value := text_of(asked, name, 40))})
    if name := text_of(asked, "fungsi", 8):
        problems = problems.filter(functions__contains=[name])
    problems = reaching(problems, asked.get("dampak"))
    if asked.get("petugas") == "saya":
        problems = problems.filter(responsible=user)
    elif name := text_of(asked, "petugas", 150):
        problems = problems.filter(responsible__username=name)
    if asked.get("lewat"):
        return problems.overdue(timezone.localdate())
    return in_status(problems, asked.get("status", OPEN_ONES))


def reaching(problems, reach):
    if reach == "wilayah":
        return problems.across()
    if reach == "fungsi":
        return problems.filter(functions__len__gt=1)
    if reach == "pihak":
        linked = Problem.partners.through.objects.values("problem")
        return problems.filter(~Q(stakeholders="") | Q(pk__in=linked))
    return problems


def in_status(problems, status):
    if status in ProblemStatus.values:
        return problems.filter(status=status)
    return problems if status == ALL else problems.filter(status__in=OPEN)


def ordered(problems, order):
    problems = problems.select_related("area", "unit", "responsible")
    if order == "baru":
        return problems.order_by("-created_at", "-pk")
    if order == "tingkat":
        return problems.order_by(GRAVITY, F("target_on").asc(nulls_last=True), "-pk")
    if order == "kelurahan":
        return problems.order_by("area__name", "-pk")
    return problems.order_by(F("target_on").asc(nulls_last=True), GRAVITY, "-pk")


def by_status(problems) -> list[dict]:
    """How many of each status, for the tiles above the list."""
    found = dict(problems.order_by().values_list("status").annotate(n=Count("pk")))
    return [{"value": value, "label": label, "n": found.get(value, 0)} for value, label in ProblemStatus.choices]


def choices() -> dict[str, list[tuple[str, str]]]:
    """The choices of the filters, by the names of their fields."""
    told: dict[str, list] = {
        "kelas": ProblemClass.choices,
        "jenis": list(kind_labels().items()),
        "bidang": Field.choices,
        "tingkat": Grade.choices,
        "kerawanan": Vulnerability.choices,
        "fungsi": PoliceFunction.choices,
        "dampak": list(REACHES.items()),
        "urut": list(ORDERS.items()),
    }
    return {name: [(value, capfirst(str(label))) for value, label in pairs] for name, pairs in told.items()}


def headings() -> list[str]:
    named = [capfirst(str(getattr(Problem, name).field.verbose_name)) for name in COLUMNS]
    return [*named, _("Steps"), _("Latitude"), _("Longitude"), _("Recorded on")]


def rows_of(problems) -> Iterator[list]:
    """Texts, numbers and days; of an outline a point within it."""
    kinds = kind_labels()
    enums = (ProblemClass, Field, Vulnerability, ProblemStatus, Phase)
    labels = {enum: {value: str(label) for value, label in enum.choices} for enum in enums}
    steps = ProblemStep.objects.filter(problem=OuterRef("pk")).order_by().values("problem").annotate(n=Count("pk")).values("n")
    for problem in problems.annotate(step_count=Coalesce(Subquery(steps), 0)).iterator(chunk_size=500):
        person = problem.responsible.full_name if problem.responsible else ""
        said = [
            *(problem.title, labels[ProblemClass][problem.klass], kinds.get(problem.kind, problem.kind), labels[Field].get(problem.field, "")),
            *(problem.area.name, problem.grade, labels[Vulnerability].get(problem.vulnerability, ""), labels[ProblemStatus][problem.status]),
            *(labels[Phase][problem.phase], problem.target_on, person, problem.unit.name, problem.solved_on, problem.step_count),
        ]
        place = [round(problem.location.y, 6), round(problem.location.x, 6)] if problem.location else [None, None]
        recorded = problem.created_at.astimezone(timezone.get_current_timezone()).date()
        yield [*said, *place, recorded]
