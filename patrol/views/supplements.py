"""Adding to a report that is locked."""

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from patrol import photos
from patrol.access import own_reports
from patrol.models import Supplement
from patrol.models.reports import LOCKED

MOST_PHOTOS = 5


class SupplementForm(forms.ModelForm):
    """A sentence of the officer; photographs come beside it, since one field takes several."""

    class Meta:
        model = Supplement
        fields = ["uuid", "text"]
        widgets = {"uuid": forms.HiddenInput(), "text": forms.Textarea(attrs={"rows": 4})}


def supplement_create(request, uuid):
    """A supplement to an own report that is verified or accepted. A form sent twice adds it once."""
    report = get_object_or_404(own_reports(request.user).select_related("unit", "area"), uuid=uuid)
    if report.state not in LOCKED:
        raise Http404
    form = SupplementForm(request.POST or None, instance=Supplement(report=report, author=request.user))
    if request.method == "POST" and (is_known(report, request.POST.get("uuid")) or (form.is_valid() and add(form, request.FILES.getlist("photos")))):
        messages.success(request, _("Added to the report."))
        return redirect("patrol:report_detail", uuid=uuid)
    return render(request, "patrol/supplement_create.html", {"report": report, "form": form, "most": MOST_PHOTOS})


def is_known(report, key) -> bool:
    try:
        return report.supplements.filter(uuid=uuid.UUID(key)).exists()
    except (TypeError, ValueError):
        return False


def add(form, files) -> bool:
    """Whether text and photographs are stored, all or nothing; the form says what is wrong with one."""
    kept = []
    try:
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("These are too many photos: at most %(limit)s.") % {"limit": MOST_PHOTOS})
        with transaction.atomic():
            supplement = form.save()
            for file in files:
                photo, _is_new = photos.keep(supplement.report, uuid.uuid4(), file, supplement=supplement)
                kept.append(photo)
    except (ValidationError, serializers.ValidationError, IntegrityError) as error:
        for photo in kept:
            photos.delete_files(photo)
        form.add_error(None, reasons_of(error))
        return False
    return True


def reasons_of(error) -> list[str]:
    if isinstance(error, serializers.ValidationError):
        reasons = error.detail["file"] if isinstance(error.detail, dict) else error.detail
        return [str(reason) for reason in reasons] if isinstance(reasons, list) else [str(reasons)]
    return error.messages if isinstance(error, ValidationError) else [str(_("This was added already; reload the page."))]
