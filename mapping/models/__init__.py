from mapping.models.areas import Area, AreaShape, Level
from mapping.models.beats import Beat

__all__ = ["Area", "AreaShape", "Beat", "Level"]
