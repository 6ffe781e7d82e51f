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

__all__ = [
    "Area",
    "AreaShape",
    "Beat",
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
