from polmas.summaries.models.annexes import SummaryAnnex
from polmas.summaries.models.authority import TextPart
from polmas.summaries.models.awards import Award, AwardCategory
from polmas.summaries.models.coaching import CoachingSession, ServiceNote
from polmas.summaries.models.counts import BranchDay, BranchMark, CountedDay, DailyCount, Measure, OfficerMonth
from polmas.summaries.models.earlier import EarlierTotal
from polmas.summaries.models.exports import ExportFormat, ExportJob
from polmas.summaries.models.imports import AreaChange, ImportJob, ImportKind
from polmas.summaries.models.incidentals import IncidentalReport
from polmas.summaries.models.index_boards import IndexBoard, IndexMember, Stakeholder
from polmas.summaries.models.index_schemes import IndexField, IndexIndicator, IndexScheme, IndexSource, IndexWeight
from polmas.summaries.models.kinds import PeriodKind
from polmas.summaries.models.runs import SummaryRun
from polmas.summaries.models.scans import SummaryScan
from polmas.summaries.models.scores import OfficerScore, ScoreLabel, ScorePart, ScoreWeights
from polmas.summaries.models.security_index import IndexEvidence, IndexPeriod, IndexScore, IndexStep, IndexValue
from polmas.summaries.models.steps import SummaryReminder, SummaryStep
from polmas.summaries.models.summaries import Summary
from polmas.summaries.models.targets import ClusterRule, Target, TargetPeriod
from polmas.summaries.models.turns import CountTurn

__all__ = [
    "AreaChange",
    "Award",
    "AwardCategory",
    "BranchDay",
    "BranchMark",
    "ClusterRule",
    "CoachingSession",
    "CountTurn",
    "CountedDay",
    "DailyCount",
    "EarlierTotal",
    "ExportFormat",
    "ExportJob",
    "ImportJob",
    "ImportKind",
    "IncidentalReport",
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
    "OfficerMonth",
    "OfficerScore",
    "PeriodKind",
    "ScoreLabel",
    "ScorePart",
    "ScoreWeights",
    "ServiceNote",
    "Stakeholder",
    "Summary",
    "SummaryAnnex",
    "SummaryReminder",
    "SummaryRun",
    "SummaryScan",
    "SummaryStep",
    "Target",
    "TargetPeriod",
    "TextPart",
]
