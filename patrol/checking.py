"""What pages of one report show of its checks by telephone or on site."""

from patrol.models import FieldCheck


def checks_of(report) -> dict:
    """The checks of a report and whether one is open, for those who review it."""
    checks = list(report.checks.select_related("assigned_by", "done_by"))
    report.is_being_checked = any(not check.outcome for check in checks)
    return {"checks": checks, "methods": FieldCheck.Method.choices}
