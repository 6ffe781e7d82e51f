from polmas.people.models.absences import Absence, AbsenceKind, present_days
from polmas.people.models.codes import Code
from polmas.people.models.devices import Device
from polmas.people.models.documents import Document
from polmas.people.models.duties import DutyShift
from polmas.people.models.marks import DayMark
from polmas.people.models.notifications import Notification
from polmas.people.models.postings import Posting, Role
from polmas.people.models.tokens import ApiToken
from polmas.people.models.units import TreeChange, Unit, UnitKind, Zone
from polmas.people.models.users import Rank, User

__all__ = [
    "Absence",
    "AbsenceKind",
    "ApiToken",
    "Code",
    "DayMark",
    "Device",
    "Document",
    "DutyShift",
    "Notification",
    "Posting",
    "Rank",
    "Role",
    "TreeChange",
    "Unit",
    "UnitKind",
    "User",
    "Zone",
    "present_days",
]
