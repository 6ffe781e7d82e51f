from polmas.summaries.models.counts import BranchDay, BranchMark, DailyCount, Measure
from polmas.summaries.models.exports import ExportFormat, ExportJob
from polmas.summaries.models.imports import AreaChange, ImportJob, ImportKind
from polmas.summaries.models.index_boards import IndexBoard, IndexMember, Stakeholder
from polmas.summaries.models.index_schemes import IndexField, IndexIndicator, IndexScheme, IndexSource, IndexWeight
from polmas.summaries.models.security_index import IndexEvidence, IndexPeriod, IndexScore, IndexStep, IndexValue
from polmas.summaries.models.summaries import PeriodKind, Summary
from polmas.summaries.models.targets import ClusterRule, Target, TargetPeriod

__all__ = [
    "AreaChange",
    "BranchDay",
    "BranchMark",
    "ClusterRule",
    "DailyCount",
    "ExportFormat",
    "ExportJob",
    "ImportJob",
    "ImportKind",
    "IndexBoard",
    "IndexEvidence",
    "IndexField",
    "IndexIndicator",
    "IndexMember",
    "IndexPeriod",
    "IndexScheme",
    "IndexScore",
    "IndexSource",
    "IndexStep",
    "IndexValue",
    "IndexWeight",
    "Measure",
    "PeriodKind",
    "Stakeholder",
    "Summary",
    "Target",
    "TargetPeriod",
]
