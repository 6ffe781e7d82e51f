"""Files that operators load: a template to fill, a worker that checks, a preview, and what became of each row."""

import uuid as uuids
from typing import Any

from celery import current_app
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from mapping.models.areas import CODE, dotted
from mapping.outlines import outlines
from polmas.people.models import Role, User
from polmas.people.scope import SPKT
from polmas.summaries.forms_areas import AreaApplyForm, AreaImportForm, ReadingFields
from polmas.summaries.forms_manage import IncidentImportForm, PotentialImportForm, SheetImportForm, UnitImportForm
from polmas.summaries.imports import sheets
from polmas.summaries.imports.jobs import PLANS, plan_of
from polmas.summaries.imports.overview import overview
from polmas.summaries.imports.places import LAT, LON
from polmas.summaries.imports.registers import VILLAGE
from polmas.summaries.managing import Desk, hand_out_passwords
from polmas.summaries.models import AreaChange, ImportJob, ImportKind
from polmas.summaries.views.manage.desk import managing_desk_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What became of the rows or things of a file: name, words, colour.
OUTCOMES = (
    ("new", gettext_lazy("new"), "green"),
    ("added", gettext_lazy("added"), "green"),
    ("changed", gettext_lazy("changed"), "blue"),
    ("unchanged", gettext_lazy("unchanged"), "grey"),
    ("renamed", gettext_lazy("renamed"), "blue"),
    ("split", gettext_lazy("divided"), "blue"),
    ("merged", gettext_lazy("put together"), "blue"),
    ("matched", gettext_lazy("found by name"), "grey"),
    ("repaired", gettext_lazy("repaired"), "amber"),
    ("vanished", gettext_lazy("not in the file, kept"), "amber"),
    ("refused", gettext_lazy("refused"), "red"),
    ("error", gettext_lazy("with errors"), "red"),
)
# Kinds as their files are called.
FILE_NAMES: dict[str, str] = {
    ImportKind.PEOPLE: "personel",
    ImportKind.HOUSEHOLDS: "rumah-tangga",
    ImportKind.CONTACTS: "tokoh",
    ImportKind.POSTS: "pos",
    ImportKind.GROUPS: "kelompok-swakarsa",
    ImportKind.PARTNERS: "mitra",
    ImportKind.POTENTIALS: "potensi",
    ImportKind.INCIDENTS: "gangguan",
    ImportKind.FORUMS: "fkpm",
    ImportKind.EARLIER: "bulan-terdahulu",
}
SENTENCES: dict[str, Any] = {
    ImportKind.PEOPLE: gettext_lazy("Accounts by NRP or NIP, with their posts and the villages that they hold."),
    ImportKind.HOUSEHOLDS: gettext_lazy("One row for each head of a household, by village, RW and RT."),
    ImportKind.CONTACTS: gettext_lazy("Whom officers talk to, with their role and influence."),
    ImportKind.POSTS: gettext_lazy("Siskamling and other posts, with their place."),
    ImportKind.GROUPS: gettext_lazy("Security groups of residents, with how many they are."),
    ImportKind.PARTNERS: gettext_lazy("Institutions and firms, with their MoU."),
    ImportKind.POTENTIALS: gettext_lazy("Places, activities and goods, as a table or as points of OpenStreetMap."),
    ImportKind.INCIDENTS: gettext_lazy("What SPKT already has, as a table or CSV; loading it again changes nothing."),
    ImportKind.FORUMS: gettext_lazy("Forums by village and name, one row for each member of the board."),
    ImportKind.EARLIER: gettext_lazy("How many activities and incidents a unit had in months before, for comparison."),
    ImportKind.AREAS: gettext_lazy("GeoJSON, Shapefile or GeoPackage with official codes; shown before it counts."),
    ImportKind.UNITS: gettext_lazy("Codes, names and kinds of units, as CSV; applied at once."),
}
PLACE_COLUMNS = frozenset({VILLAGE.title, LAT.title, LON.title})
SHOWN = 100
MOST_MOVED = 10
CHANGES = 50  # areas on a page
MOST_RUNNING = 3
LATEST = 20
FORMS: dict[str, type] = {
    ImportKind.INCIDENTS: IncidentImportForm,
    ImportKind.POTENTIALS: PotentialImportForm,
    ImportKind.AREAS: AreaImportForm,
    ImportKind.UNITS: UnitImportForm,
}


def kinds_of(desk) -> list[ImportKind]:
    """What a desk may load: an administrator keeps accounts and places, and no data of the field."""
    if not desk.may_manage:
        return [ImportKind.INCIDENTS]
    return [ImportKind.PEOPLE, ImportKind.AREAS, ImportKind.UNITS] if desk.is_admin else list(ImportKind)


def loading_desk_of(request) -> Desk:
    """The desk of whoever loads files: operators and administrators, and SPKT its incidents."""
    return Desk(request.user) if request.user.scope.has(*SPKT) else managing_desk_of(request)


def import_create(request):
    """What may be loaded, each with its template, and one's latest files."""
    desk = loading_desk_of(request)
    kinds = kinds_of(desk)
    kind = next((kind for kind in kinds if kind == request.POST.get("kind")), None)
    forms = {name: _form(name, request if name == kind else None) for name in kinds}
    if kind and forms[kind].is_valid() and (job := _queued(request, desk, kind, forms[kind])):
        return redirect("summaries:import_detail", uuid=job.uuid)
    parts = [{"kind": name, "form": form, "is_sheet": name in PLANS, "sentence": SENTENCES.get(name, "")} for name, form in forms.items()]
    jobs = ImportJob.objects.for_user(request.user)[:LATEST]
    return render(
        request,
        "summaries/manage/import_create.html",
        {"parts": parts, "jobs": jobs, "may_manage": desk.may_manage, "refused_form": forms.get(kind) if kind else None},
    )


def _form(kind, request):
    data = (request.POST, request.FILES) if request else ()
    return FORMS.get(kind, SheetImportForm)(*data, auto_id=f"{kind.lower()}_%s")


def _queued(request, desk, kind, form) -> ImportJob | None:
    """The job, handed to a worker; None with the reason at the form."""
    running = ImportJob.objects.for_user(request.user).filter(state__in=ImportJob.RUNNING).count()
    if running >= MOST_RUNNING:
        form.add_error(None, _("%(n)d of your files are still at work. Wait until they are done.") % {"n": running})
        return None
    try:
        options = _options(desk, kind, form)
    except ValidationError as error:
        form.add_error("file", error.messages)
        return None
    file = form.cleaned_data["file"]
    state = ImportJob.State.QUEUED if kind == ImportKind.UNITS else ImportJob.State.WAITING
    job = ImportJob(kind=kind, state=state, filename=file.name[-120:], options=options, requested_by=request.user)
    job.file.save(f"{uuids.uuid4()}.{'xlsx' if kind in PLANS else 'dat'}", file, save=False)
    job.save()
    _queue(job)
    return job


def _options(desk, kind, form) -> dict:
    options: dict = {"language": translation.get_language()}
    if kind == ImportKind.AREAS:
        name = form.cleaned_data["file"].name.split(".")[0]
        options |= {"source": form.cleaned_data["source"] or name, "version": form.cleaned_data["version"], "within": codes_within(desk)}
        options |= form.reading()
    if kind == ImportKind.UNITS:
        top = None if desk.is_admin else desk.managed_units().order_by("path").first()
        options["within"] = top and top.pk
    return options


def codes_within(desk) -> list[str] | None:
    """Codes below which an operator loads boundaries: the cities or regencies of a Polres, the kecamatan of a Polsek."""
    if desk.is_admin:
        return None
    parts = 2 if desk.user.scope.has(Role.OPERATOR_POLRES) else 3
    codes = {".".join(code.split(".")[:parts]) for code in desk.areas().filter(units__in=desk.managed_units()).values_list("code", flat=True)}
    if not codes:
        raise ValidationError(_("No areas are assigned to your unit yet. Ask an administrator to assign them first."))
    return sorted(codes)


def _queue(job):
    transaction.on_commit(lambda: current_app.send_task("summaries.run_import", args=[job.pk]), robust=True)


def _job_of(request, uuid) -> ImportJob:
    loading_desk_of(request)
    return get_object_or_404(ImportJob.objects.for_user(request.user), uuid=uuid)


def import_template(request, kind):
    """The empty table of a kind, with instructions and codes on its second sheet."""
    desk = loading_desk_of(request)
    if kind not in PLANS or kind not in kinds_of(desk):
        raise Http404
    plan = PLANS[kind](desk)
    return _download(sheets.template(plan.columns, str(plan.title), [str(note) for note in plan.notes]), f"templat-{_file_name(kind)}.xlsx")


def import_detail(request, uuid):
    """How far a file is, what it would change, and what became of it. Asks again by htmx while a worker is at it."""
    job = _job_of(request, uuid)
    if job.is_lost:
        ImportJob.objects.filter(pk=job.pk).update(touched_at=timezone.now())
        _queue(job)
    context = {
        "job": job,
        "outcomes": _outcomes(job),
        "errors": _errors(job)[:SHOWN],
        "hidden_errors": max(0, len(job.errors) - SHOWN),
        "applies": sum(job.counts.get(name, 0) for name in ("new", "added", "changed", "renamed")),
        "notes": job.lines.get("notes", []),
        "farthest": job.changes.exclude(farthest_m=None).order_by("-farthest_m", "code").defer("before", "after")[:MOST_MOVED],
        "apply_form": AreaApplyForm(request.POST or None) if job.kind == ImportKind.AREAS else None,
        "sheet": overview(job) if job.kind == ImportKind.AREAS else None,
        "mend": job.options.get("mend", "") if job.file else "",
        "reading_form": ReadingFields(initial={**job.options, "swap_axes": job.options.get("mend") == "swap_axes"}),
    }
    if request.htmx:
        return render(request, "summaries/manage/_import_state.html", context)
    return render(request, "summaries/manage/import_detail.html", context)


def _outcomes(job) -> list[dict]:
    return [
        {
            "label": label,
            "colour": colour,
            "count": job.counts[name],
            "name": name,
            "lines": job.lines.get(name, [])[:SHOWN],
            "more": max(0, job.counts[name] - SHOWN) if job.lines.get(name) else 0,
        }
        for name, label, colour in OUTCOMES
        if job.counts.get(name)
    ]


def _errors(job) -> list[dict]:
    """Every fault with the value that stands in the file. Features of a map have no columns: what is wrong with their village is their place."""
    names = {column.title: column.name for column in plan_of(job).columns} if job.errors else {}
    is_map = job.lines.get("has_features")
    return [
        {
            "row": error["row"],
            "column": _("Place") if is_map and column in PLACE_COLUMNS else column,
            "value": _place_of(error["cells"]) if is_map and column in PLACE_COLUMNS else error["cells"].get(names.get(column, ""), ""),
            "reason": reason,
        }
        for error in job.errors
        for column, reason in error["errors"]
    ]


def _place_of(cells) -> str:
    return ", ".join(filter(None, (cells.get("lat"), cells.get("lon"))))


def import_apply(request, uuid):
    """Confirms what was shown; of boundaries, with the day from which they count."""
    job = _posted(request, uuid)
    if job.kind == ImportKind.AREAS:
        form = AreaApplyForm(request.POST)
        if not form.is_valid():
            return import_detail(request, uuid)
        job.options |= form.terms()
    _go_on(job, ImportJob.State.CHECKED, ImportJob.State.QUEUED)
    return redirect("summaries:import_detail", uuid=uuid)


def _go_on(job, state, next_state):
    """Hands a job to a worker again, with its options as they are now; unless somebody else did so first."""
    changes = {"state": next_state, "options": job.options, "touched_at": timezone.now(), "message": "", "finished_at": None}
    if ImportJob.objects.filter(pk=job.pk, state=state).exclude(file="").update(**changes):
        _queue(job)


def import_retry(request, uuid):
    """Checks the same file of boundaries again, read in the way that its owner says."""
    job = _posted(request, uuid)
    if job.kind != ImportKind.AREAS or not job.file or job.state not in (ImportJob.State.FAILED, ImportJob.State.CHECKED):
        raise Http404
    form = ReadingFields(request.POST)
    if form.is_valid():
        job.options = {name: value for name, value in job.options.items() if name != "mend"} | form.reading()
        _go_on(job, job.state, ImportJob.State.WAITING)
    else:
        messages.error(request, " ".join(str(message) for errors in form.errors.values() for message in errors))
    return redirect("summaries:import_detail", uuid=uuid)


def import_changes(request, uuid):
    """Every area that a file of boundaries draws anew, with how far it moves: by name or code, the farthest first."""
    job = _boundaries_of(request, uuid)
    changes = job.changes.defer("before", "after")
    for word in request.GET.get("q", "").replace("\0", "")[:120].split():
        changes = changes.filter(Q(name__icontains=word) | Q(code__startswith=dotted(word)))
    if request.GET.get("hasil") in AreaChange.Outcome.values:
        changes = changes.filter(outcome=request.GET["hasil"])
    order = ["code"] if request.GET.get("urut") == "kode" else [F("farthest_m").desc(nulls_last=True), "code"]
    page = Paginator(changes.order_by(*order), CHANGES).get_page(request.GET.get("page"))
    context = {"job": job, "page": page, "asked": request.GET, "outcomes": AreaChange.Outcome.choices}
    return render(request, "summaries/manage/import_changes.html", context)


def import_lines(request, uuid, outcome):
    """Every line of an outcome that is kept, a page at a time: what was refused, above all."""
    job = _job_of(request, uuid)
    label = next((label for name, label, _colour in OUTCOMES if name == outcome), None)
    if label is None or not job.lines.get(outcome):
        raise Http404
    page = Paginator(job.lines[outcome], SHOWN).get_page(request.GET.get("page"))
    return render(request, "summaries/manage/import_lines.html", {"job": job, "label": label, "page": page, "count": job.counts.get(outcome, 0)})


def import_change(request, uuid, code):
    """One area on a map: its outline until now, and the one of the file."""
    job = _boundaries_of(request, uuid)
    change = get_object_or_404(job.changes, code=code if CODE.fullmatch(code) else "")
    return render(request, "summaries/manage/import_change.html", {"job": job, "change": change, "outlines": outlines(change.before, change.after)})


def _boundaries_of(request, uuid) -> ImportJob:
    job = _job_of(request, uuid)
    if job.kind != ImportKind.AREAS:
        raise Http404
    return job


def import_delete(request, uuid):
    """Drops a file that was not applied, or the report of one that was. A file at work is left alone."""
    job = _posted(request, uuid)
    with transaction.atomic():
        stored = ImportJob.objects.select_for_update().get(pk=job.pk)
        if stored.is_running and not stored.is_lost:
            messages.error(request, _("A worker is at this file right now. Wait until it is done."))
            return redirect("summaries:import_detail", uuid=uuid)
        stored.file.delete(save=False)
        stored.delete()
    messages.success(request, _("The file is dropped."))
    return redirect("summaries:import_create")


def _posted(request, uuid) -> ImportJob:
    job = _job_of(request, uuid)
    if request.method != "POST":
        raise Http404
    return job


def import_errors(request, uuid):
    """The rows that were not taken, in the columns of the template, with the reason in a last one: mend and load them again."""
    job = _job_of(request, uuid)
    if not job.errors:
        raise Http404
    columns = plan_of(job).columns
    lines = [
        [
            *(error["cells"].get(column.name, "") for column in columns),
            str(error["row"]),
            "; ".join(f"{column}: {reason}" for column, reason in error["errors"]),
        ]
        for error in job.errors
    ]
    titles = [*(f"{column.title} *" if column.is_required else column.title for column in columns), _("Row in the file"), _("What is wrong")]
    return _download(sheets.table(titles, lines), f"galat-{_file_name(job.kind)}.xlsx")


@never_cache
def import_passwords(request, uuid):
    """One-time passwords of the accounts that a file made, in a sheet that is handed out once: they are made at this moment, and kept nowhere."""
    job = _posted(request, uuid)
    with transaction.atomic():
        stored = ImportJob.objects.select_for_update().get(pk=job.pk)
        people = list(User.objects.filter(pk__in=stored.newcomers, last_login=None, must_change_password=True).order_by("name", "pk"))
        if not people:
            messages.error(request, _("These passwords were taken already. Make a new one on the person's own page."))
            return redirect("summaries:import_detail", uuid=uuid)
        passwords = hand_out_passwords(people, by=request.user)
        ImportJob.objects.filter(pk=job.pk).update(newcomers=[])
    titles = [_("NRP or NIP"), capfirst(_("rank")), _("Name"), _("One-time password")]
    lines = [[person.username, str(person.get_rank_display()), person.name, passwords[person.pk]] for person in people]
    return _download(sheets.table(titles, lines), "sandi-sekali-pakai.xlsx")


def _file_name(kind: str) -> str:
    return FILE_NAMES.get(kind, kind.lower())


def _download(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store, private"
    return response
