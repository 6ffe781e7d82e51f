"""A short print of what a report says, by which texts that cannot be alike are told apart at a glance."""

from django.conf import settings
from django.db import models

from patrol.models.reports import Report


class TextPrint(models.Model):
    """64 bits of a report's result and of its narrative, made by the worker when it looks at the report (patrol.checks).

    Nearly equal texts differ in few bits, others in about half. Null where the text is too short to have one. Officer and moment are the
    report's: all that an officer said in some weeks is told from one text by the index alone.
    """

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+")
    occurred_at = models.DateTimeField()
    result = models.BigIntegerField(null=True)
    narrative = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["officer", "occurred_at"], include=["report", "result", "narrative"], name="prints_of_officer")]

    def __str__(self):
        return str(self.report_id)
