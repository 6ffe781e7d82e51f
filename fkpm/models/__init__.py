from fkpm.models.actions import ActionItem
from fkpm.models.cases import Case, CaseParty, PartyRole
from fkpm.models.forums import Element, Forum, Member, Position
from fkpm.models.meetings import AgendaItem, Attendance, Meeting, Minutes

__all__ = ["ActionItem", "AgendaItem", "Attendance", "Case", "CaseParty", "Element", "Forum", "Meeting", "Member", "Minutes", "PartyRole", "Position"]
