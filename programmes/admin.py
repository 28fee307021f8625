"""Where Django looks for admin pages: the slices' own."""

from .cohorts import admin as cohorts
from .funding import admin as funding
from .people import admin as people
from .schools import admin as schools
from .specialists import admin as specialists

__all__ = ["cohorts", "funding", "people", "schools", "specialists"]
