from fkpm.models.actions import ActionItem, ActionPhoto, ActionReminder
from fkpm.models.agreements import Agreement, AgreementCheck, AgreementPerson
from fkpm.models.cases import Case, CaseMediator, CaseParty, CaseSession, PartyRole
from fkpm.models.cash import CashEntry, CashReceipt
from fkpm.models.circulations import Circulation
from fkpm.models.eligibility import Answer, EligibilityRule, Question, Target
from fkpm.models.forums import Forum, ZoneKind
from fkpm.models.invitations import Invitation
from fkpm.models.invitees import Invitee
from fkpm.models.meetings import AgendaItem, Attendance, Meeting
from fkpm.models.members import Element, Member, Position, Section
from fkpm.models.minutes import Addendum, Comment, Minutes
from fkpm.models.papers import MeetingFile
from fkpm.models.programme import ProgrammeItem
from fkpm.models.publications import Publication, PublishedDecision
from fkpm.models.referrals import CaseReferral
from fkpm.models.surveys import Survey, SurveyAnswer, SurveyRemark
from fkpm.models.terms import Endorser, FormerTerm
from fkpm.models.words import MeetingWords

__all__ = [
    "ActionItem",
    "ActionPhoto",
    "ActionReminder",
    "Addendum",
    "AgendaItem",
    "Agreement",
    "AgreementCheck",
    "AgreementPerson",
    "Answer",
    "Attendance",
    "Case",
    "CaseMediator",
    "CaseParty",
    "CaseReferral",
    "CaseSession",
    "CashEntry",
    "CashReceipt",
    "Circulation",
    "Comment",
    "Element",
    "EligibilityRule",
    "Endorser",
    "FormerTerm",
    "Forum",
    "Invitation",
    "Invitee",
    "Meeting",
    "MeetingFile",
    "MeetingWords",
    "Member",
    "Minutes",
    "PartyRole",
    "Position",
    "ProgrammeItem",
    "Publication",
    "PublishedDecision",
    "Question",
    "Section",
    "Survey",
    "SurveyAnswer",
    "SurveyRemark",
    "Target",
    "ZoneKind",
]
