"""What waits in cases and agreements, for the first page of those who settle them, lead them, or get them handed over."""

from fkpm.looking_after import LATE
from fkpm.models import AgreementCheck, CaseReferral
from polmas.people.scope import LEADERS_POLSEK, REVIEWERS, SPKT


def waiting_for(user, unit, due: int) -> dict[str, int] | None:
    """`due`: agreements that the officer has to look after; `late`: those of the unit that nobody looked after for a week; `handed`: cases
    that wait to be accepted. Nothing where none of it concerns the user, or nothing waits."""
    if unit is None:
        return None
    scope, day, waiting = user.scope, unit.today(), {"due": due}
    if scope.has(*REVIEWERS, *LEADERS_POLSEK):
        waiting["late"] = AgreementCheck.objects.due(day - LATE).filter(agreement__unit__path__startswith=unit.path).count()
    if scope.has("kanit_lain", *SPKT):
        waiting["handed"] = CaseReferral.objects.handed_to(user).waiting().count()
    return waiting if any(waiting.values()) else None
