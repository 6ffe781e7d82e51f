"""Keeping the cases that reports of problem solving bring."""

from django.db.models import F

from fkpm.eligibility import answers_of, judge, rules_of
from fkpm.models import Case
from fkpm.referrals import hand_over_of_report
from patrol.models import ProblemSolving
from patrol.models.reports import State


def keep_cases(reports) -> dict:
    """Stores the case of each (report, slot) under the report's own uuid; returns the case of each report.

    A case that was taken up on its own page (a session, an agreement, a unit) is led there: correcting the report changes it no more.
    """
    uuids = [report.uuid for report, _slot in reports]
    taken_up = set(Case.objects.filter(uuid__in=uuids, taken_up_at__isnull=False).values_list("uuid", flat=True))
    cases = [case_of(report, slot.draft) for report, slot in reports if report.uuid not in taken_up]
    told = [field.name for field in reports[0][1].draft.entry.form.columns().values()]
    if cases:
        Case.objects.bulk_create(
            cases, update_conflicts=True, unique_fields=["uuid"], update_fields=["unit", "area", "chronology", "refused_by", "is_standing", *told]
        )
    if corrected := [report.uuid for report, _slot in reports if report.version > 1 and report.uuid not in taken_up]:
        Case.objects.filter(uuid__in=corrected).update(version=F("version") + 1)
    stored = Case.objects.select_related("unit", "refused_by").in_bulk(uuids, field_name="uuid")
    details = [ProblemSolving(report=report, case=stored[report.uuid]) for report, _slot in reports]
    ProblemSolving.objects.bulk_create(details, ignore_conflicts=True)
    for report, _slot in reports:
        if report.uuid not in taken_up and report.state != State.PROPOSED:
            hand_over_of_report(stored[report.uuid], report.officer)
    return {report: stored[report.uuid] for report, _slot in reports}


def case_of(report, draft) -> Case:
    case = Case(uuid=report.uuid, unit=draft.unit, area=draft.area, officer_id=report.officer_id, chronology=report.narrative, **draft.values)
    verdict = judge(rules_of(report.day), case.category, answers_of(case), report.day)
    case.is_standing = report.state != State.PROPOSED
    case.refused_by = verdict.rule if verdict.is_refused else None
    return case
