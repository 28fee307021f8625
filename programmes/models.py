"""Where Django looks for models: the slices' own."""

from .cohorts.models import Advocate, Cohort, HubArea, Place, Programme, Project, RuleSet
from .funding.models import Grant
from .people.models import Person, PersonEmail, Post, PostRole
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

__all__ = [
    "Advocate",
    "Cohort",
    "Establishment",
    "EstablishmentLink",
    "Grant",
    "HubArea",
    "LocalAuthority",
    "Person",
    "PersonEmail",
    "Place",
    "Post",
    "PostRole",
    "Programme",
    "Project",
    "RegisterImport",
    "RuleSet",
    "School",
    "SchoolChange",
    "SchoolUrn",
    "SearchWord",
    "Trust",
]
