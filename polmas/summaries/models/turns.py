"""When the counts of a unit were written last."""

from django.db import models

from polmas.people.models import Unit


class CountTurn(models.Model):
    """The number of the turn in which a recount last took marks of this unit. Numbers come from one sequence of the database, drawn after
    the marks are read: who sees the same marks and the same highest number twice knows that nothing was counted in between."""

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="+")
    number = models.BigIntegerField()

    def __str__(self):
        return f"{self.unit_id}: {self.number}"
