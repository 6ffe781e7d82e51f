from fkpm.models.actions import ActionItem
from fkpm.models.cases import Case, CaseParty, PartyRole
from fkpm.models.forums import Forum, ZoneKind
from fkpm.models.invitations import Invitation
from fkpm.models.meetings import AgendaItem, Attendance, Meeting, Minutes
from fkpm.models.members import Element, Member, Position, Section
from fkpm.models.terms import Endorser, FormerTerm

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Case",
    "CaseParty",
    "Element",
    "Endorser",
    "FormerTerm",
    "Forum",
    "Invitation",
    "Meeting",
    "Member",
    "Minutes",
    "PartyRole",
    "Position",
    "Section",
    "ZoneKind",
]
