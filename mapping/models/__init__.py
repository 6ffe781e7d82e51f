from mapping.models.areas import Area, AreaShape, Level
from mapping.models.beats import Beat
from mapping.models.flags import Office, PerpetratorFlag
from mapping.models.groups import Group, GroupMember
from mapping.models.incidents import Handling, Incident, IncidentClass
from mapping.models.matters import Field, Phase
from mapping.models.partners import Cooperation, Partner
from mapping.models.places import Community, Place, PostShift
from mapping.models.potentials import Potential, PotentialClass
from mapping.models.problems import Grade, Problem, ProblemClass, ProblemStatus, ProblemStep, Stage, Vulnerability
from mapping.models.profiles import AreaKind, AreaProfile, CalendarEntry
from mapping.models.statements import DailyStatement
from mapping.models.victims import Harm, IncidentVictims, Sex

__all__ = [
    "Area",
    "AreaKind",
    "AreaProfile",
    "AreaShape",
    "Beat",
    "CalendarEntry",
    "Community",
    "Cooperation",
    "DailyStatement",
    "Field",
    "Grade",
    "Group",
    "GroupMember",
    "Handling",
    "Harm",
    "Incident",
    "IncidentClass",
    "IncidentVictims",
    "Level",
    "Office",
    "Partner",
    "PerpetratorFlag",
    "Phase",
    "Place",
    "PostShift",
    "Potential",
    "PotentialClass",
    "Problem",
    "ProblemClass",
    "ProblemStatus",
    "ProblemStep",
    "Sex",
    "Stage",
    "Vulnerability",
]
