"""Schools side by side, with everything that staff need in order to say whether they are one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hubportal.accounts.models import User
from hubportal.templatetags.hub import short_day

from . import hanging
from .actions import school_for_urn
from .models import Establishment, School, SchoolChange, SchoolUrn


@dataclass(frozen=True)
class Column:
    """An establishment and, if it is one of ours, the school with what hangs on it."""

    establishment: Establishment
    school: School | None
    urns: list[SchoolUrn] = field(default_factory=list)
    records: list[hanging.Shown] = field(default_factory=list)


@dataclass(frozen=True)
class Fact:
    """One fact of the register for each column; `same` when there is no difference."""

    label: str
    values: list[str]

    @property
    def same(self) -> bool:
        return len(set(self.values)) == 1


@dataclass(frozen=True)
class SideBySide:
    columns: list[Column]

    @property
    def facts(self) -> list[Fact]:
        """Return what the register says of each, one fact a row; facts that none has are left out."""
        labelled = [_facts(column.establishment) for column in self.columns]
        rows = [Fact(label, [each[label] for each in labelled]) for label in labelled[0]]
        return [row for row in rows if any(row.values)]


def _facts(school: Establishment) -> dict[str, str]:
    ages = f"{school.low_age} to {school.high_age}" if school.low_age is not None else ""
    return {
        "Status": school.get_status_display(),
        "Opened": short_day(school.opened_on),
        "Closed": short_day(school.closed_on),
        "Type": school.type_name,
        "Phase": school.get_phase_display(),
        "Ages": ages,
        "Local authority": school.local_authority.name,
        "DfE number": f"{school.local_authority_id}/{school.number}" if school.number else "",
        "Trust": school.trust.name if school.trust else "",
        "Religious character": school.religious_character,
        "Pupils": f"{school.pupils:,}" if school.pupils is not None else "",
        "Address": ", ".join(school.address),
        "Website": school.website,
    }


def of_schools(schools: Iterable[School], reader: User) -> SideBySide:
    return SideBySide([_column(each.establishment, each, reader) for each in schools])


def of_change(change: SchoolChange, reader: User) -> SideBySide:
    """Return the school of a change, the successors that the register names, and who else leads to one of them."""
    successors = list(change.successors.select_related("local_authority", "trust"))
    columns = [_column(change.school.establishment, change.school, reader)]
    columns += [_column(each, school_for_urn(each.pk), reader) for each in successors]
    shown = {column.school.pk for column in columns if column.school}
    others = School.objects.kept().filter(changes__successors__in=successors).exclude(pk__in=shown)
    columns += [_column(each.establishment, each, reader) for each in others.with_details().distinct()]
    return SideBySide(columns)


def _column(establishment: Establishment, school: School | None, reader: User) -> Column:
    if school is None:
        return Column(establishment, None)
    return Column(establishment, school, list(school.urns.all()), hanging.shown(school, reader))
