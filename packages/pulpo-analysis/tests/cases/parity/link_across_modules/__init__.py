from link_across_modules.place import CrossPlace
from link_across_modules.visit import CrossVisit

CrossPlace.model_rebuild()
