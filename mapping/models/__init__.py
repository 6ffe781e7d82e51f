from mapping.models.areas import Area, AreaShape, Level
from mapping.models.beats import Beat
from mapping.models.places import Community, Place

__all__ = ["Area", "AreaShape", "Beat", "Community", "Level", "Place"]
