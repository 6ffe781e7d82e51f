"""A short print of what a report says, by which texts that cannot be alike are told apart at a glance."""

from django.db import models

from patrol.models.reports import Report


class TextPrint(models.Model):
    """64 bits of a report's result and of its narrative, made by the worker when it looks at the report (patrol.checks).

    Nearly equal texts differ in few bits, others in about half. Null where the text is too short to have one.
    """

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="+")
    result = models.BigIntegerField(null=True)
    narrative = models.BigIntegerField(null=True)

    def __str__(self):
        return str(self.report_id)
