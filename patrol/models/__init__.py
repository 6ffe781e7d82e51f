from mapping.models import Field, Phase
from patrol.models.bos import BosField, BosMark
from patrol.models.businesses import Business
from patrol.models.campaigns import Campaign, CampaignEntry, CampaignField, CampaignState
from patrol.models.coaching import Coaching
from patrol.models.contacts import Contact
from patrol.models.counsel import Counsel
from patrol.models.detections import Detection
from patrol.models.directives import Directive, DirectiveFile, DirectiveReceipt
from patrol.models.guards import Guard
from patrol.models.handovers import Handover
from patrol.models.hearings import Hearing, HearingItem
from patrol.models.households import Household, HouseholdMember
from patrol.models.informations import Information, InformationAccess, InformationSource, InformationState
from patrol.models.marks import CheckMark, CountMark
from patrol.models.participations import Participation
from patrol.models.partnership import Accompaniment, Coordination, ForumActivity, OtherActivity, Publication, SocialService, Training
from patrol.models.patrols import Checkpoint, Patrol, PatrolMode, PatrolNature
from patrol.models.photos import Photo
from patrol.models.prints import TextPrint
from patrol.models.problem_links import LinkRole, ProblemLink
from patrol.models.problems import ProblemSolving
from patrol.models.registers import RegisterOpening
from patrol.models.reports import Kind, Report, Situation, State
from patrol.models.responses import Assistance, DisasterHelp, Response, SceneAction
from patrol.models.reviews import FieldCheck
from patrol.models.supplements import Supplement
from patrol.models.thanks import Thanks
from patrol.models.visits import Opinion, OpinionFrequency, OpinionKind, OpinionUrgency, Visit
from patrol.models.watches import Watch

__all__ = [
    "Accompaniment",
    "Assistance",
    "BosField",
    "BosMark",
    "Business",
    "Campaign",
    "CampaignEntry",
    "CampaignField",
    "CampaignState",
    "CheckMark",
    "Checkpoint",
    "Coaching",
    "Contact",
    "Coordination",
    "Counsel",
    "CountMark",
    "Detection",
    "Directive",
    "DirectiveFile",
    "DirectiveReceipt",
    "DisasterHelp",
    "Field",
    "FieldCheck",
    "ForumActivity",
    "Guard",
    "Handover",
    "Hearing",
    "HearingItem",
    "Household",
    "HouseholdMember",
    "Information",
    "InformationAccess",
    "InformationSource",
    "InformationState",
    "Kind",
    "LinkRole",
    "Opinion",
    "OpinionFrequency",
    "OpinionKind",
    "OpinionUrgency",
    "OtherActivity",
    "Participation",
    "Patrol",
    "PatrolMode",
    "PatrolNature",
    "Phase",
    "Photo",
    "ProblemLink",
    "ProblemSolving",
    "Publication",
    "RegisterOpening",
    "Report",
    "Response",
    "SceneAction",
    "Situation",
    "SocialService",
    "State",
    "Supplement",
    "TextPrint",
    "Thanks",
    "Training",
    "Visit",
    "Watch",
]
