from mapping.models.areas import Area, AreaShape, Level
from mapping.models.beats import Beat
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
from mapping.models.places import Community, Place
from mapping.models.profiles import AreaKind, AreaProfile, CalendarEntry

__all__ = [
    "Area",
    "AreaKind",
    "AreaProfile",
    "AreaShape",
    "Beat",
    "CalendarEntry",
    "Community",
    "DailyStatement",
    "Handling",
    "Harm",
    "Incident",
    "IncidentClass",
    "IncidentPhase",
    "IncidentVictims",
    "Level",
    "Office",
    "PerpetratorFlag",
    "Place",
    "Sex",
]
