"""Layers and long lists as files: asked for with the filters of the map, written by a worker, taken within a week."""

from celery import current_app
from django import forms
from django.db import transaction
from django.db.models import F
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from patrol.views.reports import back_to_list, list_address, narrowed_list
from polmas.summaries.maps.exporting import AREAS
from polmas.summaries.maps.layers import LAYERS, require_map
from polmas.summaries.models import ExportFormat, ExportJob
from polmas.summaries.models.exports import ACTIVITIES
from polmas.summaries.views.map import USUAL_SPAN, MapForm, kinds_of_layers
from polmas.summaries.views.map_api import ScreenField, earlier

LATEST = 20
MOST_RUNNING = len(LAYERS) + 1  # each layer once, and the areas


class ExportForm(MapForm):
    """Layers, each as a file of its own in one format, of the days and kinds that the map shows; of the whole, or of what is on the screen."""

    lapisan = forms.MultipleChoiceField(
        label=_("Layers"),
        choices=[*((layer.name, layer.label) for layer in LAYERS.values()), (AREAS, _("Areas"))],
        widget=forms.CheckboxSelectMultiple,
    )
    bentuk = forms.ChoiceField(label=_("Format"), choices=ExportFormat.choices, initial=ExportFormat.XLSX)
    petak = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    hanya_petak = forms.BooleanField(label=_("Only what the map shows"), required=False)

    field_order = ("lapisan", "bentuk", "dari", "sampai", "jenis", "hanya_petak", "petak")

    def clean_petak(self):
        text = self.cleaned_data["petak"]
        try:
            return list(ScreenField().to_internal_value(text)) if text else None
        except ValidationError as error:
            raise forms.ValidationError(_("This part of the map cannot be read. Open the map again.")) from error

    def options(self) -> dict:
        """As the job keeps them."""
        asked = self.asked(timezone.localdate())
        box = self.cleaned_data["petak"] if self.cleaned_data["hanya_petak"] else None
        kinds = {name: sorted(some) for name, some in asked.kinds.items()}
        return {"from": asked.start.isoformat(), "to": asked.end.isoformat(), "kinds": kinds, "bbox": box, "language": translation.get_language()}


def export_list(request):
    """What to take along, and the files asked for before."""
    require_map(request.user)
    kinds = kinds_of_layers()
    form = ExportForm(request.POST, kinds=kinds) if request.method == "POST" else ExportForm(initial=_initial(request.GET), kinds=kinds)
    if request.method == "POST" and form.is_valid() and (jobs := _queued(request.user, form)):
        return redirect("summaries:export_detail", uuid=jobs[0].uuid) if len(jobs) == 1 else redirect("summaries:export_list")
    jobs = ExportJob.objects.for_user(request.user).filter(options__posts=posts_of(request.user))[:LATEST]
    return render(request, "summaries/export_list.html", {"form": form, "jobs": [{"job": job, "title": title_of(job)} for job in jobs]})


def _initial(asked) -> dict:
    """The filters of the map, carried over by its link."""
    today = timezone.localdate()
    usual = {"dari": earlier(today, USUAL_SPAN - 1), "sampai": today}
    said = {name: asked[name] for name in ("dari", "sampai", "petak") if asked.get(name)}
    return {
        **usual,
        **said,
        "lapisan": asked.getlist("lapisan"),
        "bentuk": ExportFormat.XLSX,
        "jenis": asked.getlist("jenis"),
        "hanya_petak": bool(asked.get("petak")),
    }


class ActivityFileForm(forms.Form):
    bentuk = forms.ChoiceField(label=_("Format"), choices=[(form.value, form.label) for form in (ExportFormat.CSV, ExportFormat.XLSX)])


def activity_file(request):
    """The list of activities, as its address narrows it, as a file that a worker writes: it may hold millions."""
    narrowed = narrowed_list(request)
    if not narrowed.is_valid():
        return back_to_list(request)
    form = ActivityFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not _is_busy(request.user, form, 1):
        options = {"query": request.GET.urlencode(), "language": translation.get_language(), "posts": posts_of(request.user)}
        job = ExportJob.objects.create(layer=ACTIVITIES, form=form.cleaned_data["bentuk"], options=options, requested_by=request.user)
        _queue(job)
        return redirect("summaries:export_detail", uuid=job.uuid)
    return render(request, "summaries/activity_file.html", {"form": form, "filter": narrowed, "back": list_address(request)})


def _queued(user, form) -> list[ExportJob]:
    """A job for each layer, handed to a worker; none, with the reason at the form, where too many are at work."""
    said = form.cleaned_data
    if _is_busy(user, form, len(said["lapisan"])):
        return []
    options = {**form.options(), "posts": posts_of(user)}
    jobs = [ExportJob.objects.create(layer=layer, form=said["bentuk"], options=options, requested_by=user) for layer in said["lapisan"]]
    for job in jobs:
        _queue(job)
    return jobs


def _is_busy(user, form, more: int) -> bool:
    """Whether so many of one's files are at work that no more are taken; the form says so."""
    running = ExportJob.objects.for_user(user).filter(state__in=ExportJob.RUNNING).count()
    if running and running + more > MOST_RUNNING:
        form.add_error(None, _("%(n)d of your files are still at work. Wait until they are done.") % {"n": running})
        return True
    return False


def _queue(job):
    transaction.on_commit(lambda: current_app.send_task("summaries.run_export", args=[job.pk]), robust=True)


def title_of(job: ExportJob) -> str:
    """The layer or list as people call it."""
    if job.layer == ACTIVITIES:
        return gettext("Activities")
    return str(LAYERS[job.layer].label if job.layer in LAYERS else _("Areas"))


def posts_of(user) -> list:
    """Where somebody serves today. What they took from another post is not theirs to fetch again."""
    return sorted(list(post) for post in user.scope.posts)


def _job_of(request, uuid) -> ExportJob:
    require_map(request.user)
    return get_object_or_404(ExportJob.objects.for_user(request.user), uuid=uuid, options__posts=posts_of(request.user))


def export_detail(request, uuid):
    """How far a file is. Asks again by htmx while a worker is at it."""
    job = _job_of(request, uuid)
    if job.is_lost:
        ExportJob.objects.filter(pk=job.pk).update(touched_at=timezone.now())
        _queue(job)
    template = "summaries/_export_state.html" if request.htmx else "summaries/export_detail.html"
    return render(request, template, {"job": job, "title": title_of(job)})


def export_download(request, uuid):
    """The file; that it was taken stays on record."""
    job = _job_of(request, uuid)
    if job.state != ExportJob.State.DONE or not job.has_file:
        raise Http404
    ExportJob.objects.filter(pk=job.pk).update(downloads=F("downloads") + 1, downloaded_at=timezone.now())
    return FileResponse(job.file.open(), as_attachment=True, filename=job.filename)
