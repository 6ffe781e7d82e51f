from fkpm.models.actions import ActionItem
from fkpm.models.cases import Case, CaseParty, PartyRole
from fkpm.models.forums import Forum
from fkpm.models.meetings import AgendaItem, Attendance, Meeting, Minutes
from fkpm.models.members import Element, Member, Position

__all__ = ["ActionItem", "AgendaItem", "Attendance", "Case", "CaseParty", "Element", "Forum", "Meeting", "Member", "Minutes", "PartyRole", "Position"]
