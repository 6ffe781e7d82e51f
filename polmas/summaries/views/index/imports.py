"""Score sheets from a table: looked at first, then written. Nothing of the file is kept in between but signed cells on the page."""

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from polmas.people.sheets import FORMATS
from polmas.summaries.imports import index_scores, sheets
from polmas.summaries.imports.sheets import FILE_BYTES, Row
from polmas.summaries.models import IndexPeriod
from polmas.summaries.views.index import kept_period_of

SALT = "index-scores"
SIGNED_FOR_S = 3600
SHOWN = 100


class SheetForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES:
            raise ValidationError(_("%(name)s is larger than 10 MB.") % {"name": file.name[:80]})
        return file


def _open_period(request, uuid) -> IndexPeriod:
    period = kept_period_of(request, uuid)
    if not period.is_open:
        raise Http404
    return period


def index_template(request, uuid):
    period = _open_period(request, uuid)
    content = sheets.template(index_scores.columns_of(period), _("Scores of the security index"), index_scores.NOTES)
    response = HttpResponse(content, content_type=FORMATS["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="templat-indeks.xlsx"'
    return response


def index_import(request, uuid):
    """Takes a table, shows what it would do, and writes it once that is confirmed."""
    period = _open_period(request, uuid)
    if request.method == "POST" and "rows" in request.POST:
        return _applied(request, period)
    form = SheetForm(request.POST or None, request.FILES or None)
    context = {"period": period, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            rows = index_scores.read(form.cleaned_data["file"], period)
            if len(rows) > index_scores.MOST_ROWS:
                raise ValidationError(_("More than %(most)d rows. Split the file.") % {"most": index_scores.MOST_ROWS})
        except ValidationError as error:
            form.add_error("file", error)
        else:
            compared = index_scores.compare(period, rows)
            context |= {
                "counts": compared.counts(),
                "refused": compared.refused[:SHOWN],
                "hidden": max(0, len(compared.refused) - SHOWN),
                "rows": signing.dumps(compared.kept(), salt=_salt(request, period), compress=True) if compared.kept() else "",
            }
    return render(request, "summaries/index_import.html", context)


def _salt(request, period) -> str:
    return f"{SALT}-{period.pk}-{request.user.pk}"


def _applied(request, period):
    """Compares anew, since scores may have come meanwhile, and writes what was shown."""
    try:
        kept = signing.loads(request.POST["rows"], salt=_salt(request, period), max_age=SIGNED_FOR_S)
        with transaction.atomic():
            period.hold(IndexPeriod.State.OPEN)
            compared = index_scores.compare(period, [Row(number, cells) for number, cells in kept])
            written = index_scores.write(compared, request.user)
    except signing.BadSignature:
        messages.error(request, _("This page is older than an hour, or damaged. Load the file again."))
        return redirect("summaries:index_import", uuid=period.uuid)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("summaries:index_detail", uuid=period.uuid)
    messages.success(request, _("%(n)d scores are written.") % {"n": written})
    return redirect("summaries:index_detail", uuid=period.uuid)
