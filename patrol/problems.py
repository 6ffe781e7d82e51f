"""Keeping the cases that reports of problem solving bring."""

from fkpm.models import Case
from patrol.models import ProblemSolving


def keep_cases(reports) -> dict:
    """Stores the case of each (report, slot) under the report's own uuid; returns the case of each report."""
    cases = [case_of(report, slot.draft) for report, slot in reports]
    told = [field.name for field in reports[0][1].draft.entry.form.columns().values()]
    Case.objects.bulk_create(cases, update_conflicts=True, unique_fields=["uuid"], update_fields=["unit", "area", *told])
    stored = Case.objects.in_bulk([report.uuid for report, _slot in reports], field_name="uuid")
    details = [ProblemSolving(report=report, case=stored[report.uuid]) for report, _slot in reports]
    ProblemSolving.objects.bulk_create(details, ignore_conflicts=True)
    return {report: stored[report.uuid] for report, _slot in reports}


def case_of(report, draft) -> Case:
    return Case(uuid=report.uuid, unit=draft.unit, area=draft.area, officer_id=report.officer_id, **draft.values)
