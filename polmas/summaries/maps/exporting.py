"""What the worker does with an export: reads the layer or the list as its reader sees it, and writes the file."""

import datetime
import uuid
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import IO

from django.core.files import File
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mapping.models import Area, AreaShape
from patrol import exports
from patrol.views.reports import narrowed_list
from polmas.people.models import User
from polmas.summaries.maps.clusters import View
from polmas.summaries.maps.files import WRITERS, Feature
from polmas.summaries.maps.layers import LAYERS, Asked, Layer, may_see_map
from polmas.summaries.models import ExportJob
from polmas.summaries.models.exports import ACTIVITIES

AREAS = "areas"
MOST = 200_000  # rows of one file
CHUNK = 1000  # rows between two signs of life


def run(job_id: int) -> None:
    """Writes the file of a job. Safe to run twice: one that somebody else took, or finished, is left alone."""
    job = _claim(job_id)
    if job is None:
        return
    try:
        with translation.override(job.options.get("language", "id")):
            _write(job)
    except Http404:  # the rights of a reader may end before the file is begun
        _fail(job, _("Your post no longer lets you read this list."))
    except Exception:
        _fail(job, _("Something broke on our side. Try again, and tell the operator above if it happens again."))
        raise
    finally:
        job.forget_progress()


def _claim(job_id: int) -> ExportJob | None:
    with transaction.atomic():
        job = ExportJob.objects.select_for_update().filter(pk=job_id).first()
        if job is None or not (job.state == ExportJob.State.WAITING or job.is_lost):
            return None
        job.state, job.touched_at = ExportJob.State.WRITING, timezone.now()
        job.save(update_fields=["state", "touched_at"])
    job.progress(0)
    return job


def _write(job):
    user = User.objects.get(pk=job.requested_by_id)
    total, most, write = (_activities if job.layer == ACTIVITIES else _layer)(job, user)
    if total > most:
        _fail(job, _("These are more than %(most)s rows. Choose fewer days or kinds.") % {"most": number_format(most, force_grouping=True)})
        return
    ExportJob.objects.filter(pk=job.pk).update(total=total)
    with write() as file:
        file.seek(0)
        job.file.save(f"{uuid.uuid4()}.{job.form}", File(file), save=False)
    job.state, job.total, job.finished_at = ExportJob.State.DONE, total, timezone.now()
    job.save(update_fields=["file", "state", "total", "finished_at"])


def _layer(job, user) -> tuple[int, int, Callable[[], IO[bytes]]]:
    """How many rows there are, how many there may be, and what writes them."""
    total, features = _asked_for(job, user)
    return total, MOST, lambda: WRITERS[job.form](_watched(job, features), job.layer)


def _activities(job, user) -> tuple[int, int, Callable[[], IO[bytes]]]:
    """The list of activities, as its reader would see it now."""
    reports = activities_of(user, job.options["query"]).qs.order_by("-occurred_at", "-pk")
    return reports.order_by().count(), exports.MOST[job.form], lambda: exports.WRITERS[job.form](reports, job.progress)


def activities_of(user, query: str):
    """The list that an address narrows, outside of any request."""
    return narrowed_list(SimpleNamespace(user=user, GET=QueryDict(query)))


def _asked_for(job, user) -> tuple[int, Iterator[Feature]]:
    """How many rows there are, and the rows. Nothing for whoever no longer sees the map."""
    if not may_see_map(user):
        return 0, iter(())
    view = View(tuple(job.options["bbox"]), 0) if job.options.get("bbox") else None
    if job.layer == AREAS:
        return _areas(user, view)
    layer = LAYERS[job.layer]
    rows = layer.listed_for(user, asked_of(job))
    rows = rows.filter(pk__in=layer.shown(user, asked_of(job)).filter(location__bboverlaps=view.box).values("pk")) if view else rows
    return rows.count(), _features(layer, rows)


def asked_of(job) -> Asked:
    start, end = (datetime.date.fromisoformat(job.options[name]) for name in ("from", "to"))
    return Asked(start, end, {name: frozenset(kinds) for name, kinds in job.options.get("kinds", {}).items()})


def _features(layer: Layer, rows) -> Iterator[Feature]:
    words = dict(layer.kinds())
    for row in rows.select_related(*layer.related).order_by("pk").iterator(CHUNK):
        kind = getattr(row, layer.kind)
        yield Feature(layer.facts(row, words.get(kind, kind)), layer.place(row))


def _areas(user, view) -> tuple[int, Iterator[Feature]]:
    """The own areas, or all of the view, as they are drawn today."""
    day = timezone.localdate()
    areas = Area.objects.for_user(user) if view else Area.objects.mine(user, day)
    shapes = AreaShape.objects.on(day).filter(area__in=areas)
    shapes = shapes.filter(shape__bboverlaps=view.box) if view else shapes
    return shapes.count(), (_area(shape) for shape in shapes.select_related("area").order_by("area__code").iterator(CHUNK))


def _area(shape) -> Feature:
    area = shape.area
    facts = {"kode": area.code, "nama": area.name, "tingkat": str(area.get_level_display()), "penduduk": area.population, "kk": area.households}
    return Feature({**facts, "luas_ha": round(shape.area_m2 / 10_000), "sumber": shape.source, "versi": shape.version}, shape.shape)


def _watched(job, features: Iterator[Feature]) -> Iterator[Feature]:
    for done, feature in enumerate(features, start=1):
        if done % CHUNK == 0:
            job.progress(done)
        yield feature


def _fail(job, message):
    ExportJob.objects.filter(pk=job.pk).update(state=ExportJob.State.FAILED, message=message, finished_at=timezone.now())
