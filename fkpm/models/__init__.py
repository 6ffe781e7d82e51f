from fkpm.models.actions import ActionItem
from fkpm.models.cases import Case, CaseParty, PartyRole
from fkpm.models.cash import CashEntry, CashReceipt
from fkpm.models.forums import Forum, ZoneKind
from fkpm.models.invitations import Invitation
from fkpm.models.meetings import AgendaItem, Attendance, Meeting, Minutes
from fkpm.models.members import Element, Member, Position, Section
from fkpm.models.programme import ProgrammeItem
from fkpm.models.publications import Publication, PublishedDecision
from fkpm.models.surveys import Survey, SurveyAnswer, SurveyRemark
from fkpm.models.terms import Endorser, FormerTerm

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Case",
    "CaseParty",
    "CashEntry",
    "CashReceipt",
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
    "ProgrammeItem",
    "Publication",
    "PublishedDecision",
    "Section",
    "Survey",
    "SurveyAnswer",
    "SurveyRemark",
    "ZoneKind",
]
