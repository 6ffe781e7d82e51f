from polmas.summaries.models.counts import DailyCount, Measure
from polmas.summaries.models.exports import ExportFormat, ExportJob
from polmas.summaries.models.imports import AreaChange, ImportJob, ImportKind
from polmas.summaries.models.summaries import PeriodKind, Summary
from polmas.summaries.models.targets import ClusterRule, Target, TargetPeriod

__all__ = [
    "AreaChange",
    "ClusterRule",
    "DailyCount",
    "ExportFormat",
    "ExportJob",
    "ImportJob",
    "ImportKind",
    "Measure",
    "PeriodKind",
    "Summary",
    "Target",
    "TargetPeriod",
]
