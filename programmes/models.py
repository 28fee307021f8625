"""Where Django looks for models: the slices' own."""

from .cohorts.models import Cohort, Focus, FocusRoom, HubArea, Programme, Project, RuleSet
from .cohorts.place import Advocate, Place
from .funding.models import Grant
from .people.models import Accreditation, Person, PersonEmail, PersonName, Post, PostRole
from .schools.models import (
    Establishment,
    EstablishmentLink,
    LocalAuthority,
    RegisterImport,
    School,
    SchoolChange,
    SchoolUrn,
    SearchWord,
    Trust,
)
from .specialists.models import HomeSchool, ProgrammeDay, Specialist

__all__ = [
    "Accreditation",
    "Advocate",
    "Cohort",
    "Establishment",
    "EstablishmentLink",
    "Focus",
    "FocusRoom",
    "Grant",
    "HomeSchool",
    "HubArea",
    "LocalAuthority",
    "Person",
    "PersonEmail",
    "PersonName",
    "Place",
    "Post",
    "PostRole",
    "Programme",
    "ProgrammeDay",
    "Project",
    "RegisterImport",
    "RuleSet",
    "School",
    "SchoolChange",
    "SchoolUrn",
    "SearchWord",
    "Specialist",
    "Trust",
]
