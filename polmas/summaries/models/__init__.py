from polmas.summaries.models.counts import DailyCount, Measure
from polmas.summaries.models.summaries import PeriodKind, Summary

__all__ = ["DailyCount", "Measure", "PeriodKind", "Summary"]
