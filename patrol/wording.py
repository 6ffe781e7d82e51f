"""Values of a report as a person reads them: codes by their labels, times in the unit's zone."""

import datetime
from typing import Any

from django.contrib.gis.geos import LineString, Point
from django.db.models import ForeignKey
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from patrol.distances import length_of
from patrol.flags import metres
from patrol.kinds import KINDS
from polmas.people.fields import CodeField, CodesField
from polmas.people.models import Code
from polmas.people.templatetags.polmas import moment, short_day


def value_of(row, name) -> Any:
    """The raw value; of a foreign key its number, so that nothing is fetched to compare."""
    return getattr(row, row._meta.get_field(name).attname)


def label_of(model, name) -> str:
    label = str(model._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def participant_name(participant: dict | str) -> str:
    return participant["name"] if isinstance(participant, dict) else participant


def labels_of(codes) -> dict[tuple[str, str], str]:
    return {(code.list, code.code): code.label for code in codes}


class Wording:
    """Says the values of one report's rows; the labels of its codes are fetched once, or given where many reports are said."""

    def __init__(self, report, labels: dict[tuple[str, str], str] | None = None):
        self.unit = report.unit
        self.entry = KINDS[report.kind]
        self.labels = self._labels() if labels is None else labels

    def _labels(self) -> dict[tuple[str, str], str]:
        forms = [self.entry.form, *self.entry.form.rows.values()]
        lists = {field.code_list for form in forms for field in form.columns().values() if hasattr(field, "code_list")}
        return labels_of(Code.objects.filter(list__in=lists)) if lists else {}

    def say(self, row, name) -> str:
        """Empty for what was left empty."""
        field, value = row._meta.get_field(name), value_of(row, name)
        if value in (None, "", []):
            return ""
        if isinstance(field, ForeignKey):
            return str(getattr(row, name))
        if isinstance(field, CodesField):
            return ", ".join(self._label(field, code) for code in value)
        if isinstance(field, CodeField):
            return self._label(field, value)
        if hasattr(row, f"get_{name}_display"):
            return str(getattr(row, f"get_{name}_display")())
        return self._plain(value)

    def facts(self, row, names) -> list[tuple[str, str]]:
        """Label and value of each column that says something."""
        said = [(label_of(type(row), name), self.say(row, name)) for name in names if value_of(row, name) is not False]
        return [(label, value) for label, value in said if value]

    def of_detail(self, report) -> list[tuple[str, str]]:
        detail = self.entry.form.detail_of(report)
        return self.facts(detail, self.entry.form._meta.fields) if detail else []

    def of_parts(self, report, user) -> list[dict]:
        """The repeated parts that the user may read."""
        return self.all_parts(report) if self.entry.form.is_open_to(user, report) else []

    def all_parts(self, report) -> list[dict]:
        """The repeated parts: what they are called, the rows, and the terms of each."""
        parts = []
        for name, form in self.entry.form.rows.items():
            if rows := list(form.rows_of(report)):
                title = str(form._meta.model._meta.verbose_name_plural)
                shown = [(row, self.facts(row, [column for column in form._meta.fields or () if column != form.words])) for row in rows]
                templates = [f"patrol/kinds/_{name}.html", "patrol/kinds/_rows.html"]
                parts.append({"title": title, "rows": shown, "templates": templates})
        return parts

    def _label(self, field, code):
        return self.labels.get((field.code_list, code), code)

    def _plain(self, value) -> str:
        if isinstance(value, datetime.datetime):
            return moment(value, self.unit)
        if isinstance(value, datetime.date):
            return short_day(value)
        if isinstance(value, Point):
            return f"{number_format(value.y, 5)}; {number_format(value.x, 5)}"
        if isinstance(value, LineString):
            return _("about %(length)s") % {"length": metres(length_of(value))}
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(participant_name(each) for each in value)
        return str(value)
