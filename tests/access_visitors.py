"""Who comes to the portal's addresses in the tests of access, and how a row of the table is written."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hubportal.accounts.models import Hub, User
from hubportal.accounts.roles import Role
from tests import factories

ANONYMOUS, ADMINISTRATOR, LEAD, FINANCE = "anonymous", "administrator of A", "lead of A", "finance of A"
OTHER, NATIONAL = "lead of B", "national"
OF_A = (ADMINISTRATOR, LEAD, FINANCE)
STAFF = (*OF_A, OTHER, NATIONAL)
EVERYBODY = (ANONYMOUS, *STAFF)


NO_PASSWORD = "!"  # as an invited person has it


@dataclass
class World:
    """Two hubs, A and B, and one visitor of each kind."""

    a: Hub = field(default_factory=factories.HubFactory)
    b: Hub = field(default_factory=factories.HubFactory)
    people: dict[str, User | None] = field(default_factory=dict)

    def __post_init__(self):
        def member(hub, role):
            return factories.HubMembershipFactory(hub=hub, role=role, user__password=NO_PASSWORD).user

        self.people = {
            ANONYMOUS: None,
            ADMINISTRATOR: member(self.a, Role.ADMINISTRATOR),
            LEAD: member(self.a, Role.LEAD),
            FINANCE: member(self.a, Role.FINANCE),
            OTHER: member(self.b, Role.LEAD),
            NATIONAL: factories.UserFactory(is_national=True, password=NO_PASSWORD),
        }


@dataclass(frozen=True)
class Row:
    """What one address answers. `args` makes its arguments, from records of hub A where it shows any."""

    expected: dict[str, int]
    args: Callable[[World], dict] = lambda world: {}
    method: str = "get"


def row(status: int | None = None, args: dict | Callable[[World], dict] | None = None, method: str = "get", **groups):
    """Return a row: one `status` for everybody, then those of the groups named below."""
    members = {
        "anonymous": (ANONYMOUS,), "staff": STAFF, "of_a": OF_A, "deciders": (ADMINISTRATOR, LEAD),
        "finance": (FINANCE,), "other": (OTHER,), "national": (NATIONAL,),
    }  # fmt: skip
    expected = {} if status is None else dict.fromkeys(EVERYBODY, status)
    for group, answer in groups.items():
        expected |= dict.fromkeys(members[group], answer)
    return Row(expected, args if callable(args) else lambda world: args or {}, method)


def signed_in(args=None, staff=200, **more):
    """Anonymous visitors are sent to sign in."""
    return row(anonymous=302, staff=staff, args=args, **more)


def deciding(args, status: int = 200, method: str = "get"):
    """Only who decides at hub A, to which the record belongs."""
    return row(args=args, method=method, anonymous=302, deciders=status, finance=403, other=404, national=403)
