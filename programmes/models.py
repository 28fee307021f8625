"""Where Django looks for models: the slices' own."""

from .cohorts.models import Cohort, Focus, FocusRoom, HubArea, Programme, Project, RuleSet
from .cohorts.place import Advocate, Place
from .cohorts.requests import PlaceRequest
from .funding.models import Grant, GrantEnd
from .people.models import Accreditation, Person, PersonEmail, PersonJoin, PersonName, Post, PostRole
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
    "GrantEnd",
    "HomeSchool",
    "HubArea",
    "LocalAuthority",
    "Person",
    "PersonEmail",
    "PersonJoin",
    "PersonName",
    "Place",
    "PlaceRequest",
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
