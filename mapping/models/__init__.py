from mapping.models.areas import Area, AreaShape, Level
from mapping.models.beats import Beat
from mapping.models.groups import Group, GroupMember
from mapping.models.incidents import (
    DailyStatement,
    Handling,
    Harm,
    Incident,
    IncidentClass,
    IncidentPhase,
    IncidentVictims,
    Office,
    PerpetratorFlag,
    Sex,
)
from mapping.models.partners import Cooperation, Partner
from mapping.models.places import Community, Place, PostShift
from mapping.models.potentials import Potential, PotentialClass
from mapping.models.profiles import AreaKind, AreaProfile, CalendarEntry

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
    "Group",
    "GroupMember",
    "Handling",
    "Harm",
    "Incident",
    "IncidentClass",
    "IncidentPhase",
    "IncidentVictims",
    "Level",
    "Office",
    "Partner",
    "PerpetratorFlag",
    "Place",
    "PostShift",
    "Potential",
    "PotentialClass",
    "Sex",
]
