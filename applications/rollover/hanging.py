"""What a proposal says when a school is shown whole or joined into another."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from hubportal.accounts.models import User
from hubportal.rules import Finding
from hubportal.templatetags.hub import short_day
from programmes.models import School
from programmes.schools.hanging import Kind, Line, Shown

from .models import Proposal


def _hubs(school: School):
    return Proposal.objects.filter(school=school).order_by().values_list("hub", flat=True).distinct()


def _shown(school: School, reader: User) -> Iterator[Shown]:
    everybodys = Proposal.objects.filter(school=school)
    lines = [
        Line(
            reverse("admin:applications_proposal_change", args=[each.pk]),
            f"Asked about {each.year_label}",
            f"{each.hub}, {short_day(each.made_at)}: {each.get_status_display().lower()}",
        )
        for each in everybodys.visible_to(reader).select_related("hub")
    ]
    yield Shown("Asked about next year", lines, everybodys.count() - len(lines))


def _two_live(school: School, into: School) -> Iterator[Finding]:
    theirs = Proposal.objects.live().filter(school=into, year=OuterRef("year"))
    for each in Proposal.objects.live().filter(Exists(theirs), school=school):
        text = f"Both schools have been asked about {each.year_label}. First take one of the two back."
        yield Finding("two_live_proposals", text)


PROPOSALS = Kind("applications.Proposal.school", hubs=_hubs, shown=_shown, in_the_way=_two_live)
