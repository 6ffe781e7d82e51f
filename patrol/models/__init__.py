from patrol.models.businesses import Business
from patrol.models.contacts import Contact
from patrol.models.counsel import Counsel
from patrol.models.directives import Directive, DirectiveFile, DirectiveReceipt
from patrol.models.handovers import Handover
from patrol.models.households import Household, HouseholdMember
from patrol.models.informations import Information, InformationAccess, InformationSource, InformationState
from patrol.models.marks import CheckMark, CountMark
from patrol.models.patrols import Checkpoint, Patrol, PatrolMode, PatrolNature
from patrol.models.photos import Photo
from patrol.models.registers import RegisterOpening
from patrol.models.reports import Field, Kind, Phase, Report, Situation, State
from patrol.models.reviews import FieldCheck
from patrol.models.supplements import Supplement
from patrol.models.thanks import Thanks
from patrol.models.visits import Opinion, OpinionFrequency, OpinionKind, OpinionUrgency, Visit
from patrol.models.watches import Watch

__all__ = [
    "Business",
    "CheckMark",
    "Checkpoint",
    "Contact",
    "Counsel",
    "CountMark",
    "Directive",
    "DirectiveFile",
    "DirectiveReceipt",
    "Field",
    "FieldCheck",
    "Handover",
    "Household",
    "HouseholdMember",
    "Information",
    "InformationAccess",
    "InformationSource",
    "InformationState",
    "Kind",
    "Opinion",
    "OpinionFrequency",
    "OpinionKind",
    "OpinionUrgency",
    "Patrol",
    "PatrolMode",
    "PatrolNature",
    "Phase",
    "Photo",
    "RegisterOpening",
    "Report",
    "Situation",
    "State",
    "Supplement",
    "Thanks",
    "Visit",
    "Watch",
]
