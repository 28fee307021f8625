"""Whose move is it? For staff one table over every state; for the teacher words that give nothing quiet away."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from programmes.cohorts.states import HOLDS_A_PLACE
from programmes.models import Place

from .models import READERS, HeadPart, Reading, SpecialistApplication
from .states import UNDECIDED
from .states import SpecialistApplicationStatus as Status


@dataclass(frozen=True)
class Turn:
    """Who acts next on an application: hub, readers, head, portal or nobody."""

    code: str
    who: str
    when: Q
    words: str
    tone: str


TO_CHOOSE = [Status.ELIGIBLE, Status.REFERRED, Status.INELIGIBLE, Status.SHORTLISTED]
# The first row that fits holds.
TURNS = [
    Turn("check", "portal", Q(status__in=[Status.SUBMITTED, Status.CHECKING]), "Portal: checking", "grey"),
    Turn("release", "hub", Q(status__in=TO_CHOOSE) & ~Q(decision=""), "Hub: release the decisions", "blue"),
    Turn("look", "hub", Q(status=Status.REFERRED), "Hub: a person must look", "red"),
    Turn("advise", "hub", Q(status=Status.INELIGIBLE), "Hub: not eligible, correct or decide", "red"),
    Turn("talk", "hub", Q(status__in=TO_CHOOSE, head_refused=True), "Hub: the head said no, talk to them", "red"),
    Turn("shortlist", "hub", Q(status=Status.ELIGIBLE), "Hub: shortlist, or decide", "red"),
    Turn("read", "readers", Q(status=Status.SHORTLISTED, scores_in__lt=READERS), "Readers: give scores", "yellow"),
    Turn("support", "head", Q(status=Status.SHORTLISTED, head_supports=False), "Head: answer", "yellow"),
    Turn("decide", "hub", Q(status=Status.SHORTLISTED), "Hub: decide", "red"),
    Turn("begin", "nobody", Q(status=Status.SELECTED), "Selected, and told", "green"),
    Turn("wait", "hub", Q(status=Status.RESERVE, room=True), "Hub: a place is free, take somebody up", "red"),
    Turn("reserve", "nobody", Q(status=Status.RESERVE), "On the reserve list", "blue"),
    Turn("joined", "nobody", Q(status=Status.DUPLICATE), "Joined to another application", "grey"),
    Turn("ended", "nobody", Q(), "Ended", "grey"),
]
BY_CODE = {turn.code: turn for turn in TURNS}


def with_turn(applications: QuerySet) -> QuerySet:
    """Annotate each application with `turn`, the code of its row in TURNS, and what that rests on."""
    heads = HeadPart.objects.filter(application=OuterRef("pk"))
    scored = Reading.objects.filter(application=OuterRef("pk"), scored_at__isnull=False).order_by()
    count = Subquery(scored.values("application").annotate(n=Count("pk")).values("n"))
    return applications.annotate(
        head_supports=Exists(heads.filter(status="confirmed")),
        head_refused=Exists(heads.filter(status="refused")),
        head_by=Subquery(heads.filter(status="asked").values("answer_by")[:1]),
        scores_in=Coalesce(count, 0),
        room=_room(),
    ).annotate(
        turn=Case(
            *[When(turn.when, then=Value(turn.code)) for turn in TURNS if turn.code != "ended"], default=Value("ended")
        )
    )


def _room() -> Q:
    held = Place.objects.filter(cohort=OuterRef("cohort"), status__in=HOLDS_A_PLACE).order_by()
    taken = held.values("cohort").annotate(n=Count("pk")).values("n")
    full = SpecialistApplication.objects.filter(pk=OuterRef("pk"), cohort__capacity__lte=Coalesce(Subquery(taken), 0))
    return ~Exists(full)


def applicants_status(application: SpecialistApplication) -> str:
    """Return the status as the teacher reads it: whether somebody is shortlisted is the hub's own affair."""
    if application.status in {Status.ELIGIBLE, Status.SHORTLISTED}:
        return "Meets the rules"
    return application.get_status_display()


def applicants_turn(application: SpecialistApplication, asked: HeadPart | None) -> tuple[str, bool, date | None]:
    """Return whose move it is in words for the teacher, whether it is theirs, and by when."""
    status = application.status
    if status in {Status.SUBMITTED, Status.CHECKING}:
        return "The portal is checking your application", False, None
    if status in UNDECIDED:
        return _while_undecided(status, asked)
    return {
        Status.SELECTED: ("You are in. Your hub writes to you about the launch", False, None),
        Status.RESERVE: ("You are on the reserve list: your hub writes to you if a place comes free", False, None),
        Status.DUPLICATE: ("This form was joined to your earlier application", False, None),
    }.get(status, ("This application has ended", False, None))


def _while_undecided(status: str, asked: HeadPart | None) -> tuple[str, bool, date | None]:
    if asked and asked.status == "refused":
        return "You: talk to your headteacher, who said no", True, None
    if asked and asked.status == "asked":
        return "Your school: answer by the link we sent", False, asked.answer_by
    if status in {Status.REFERRED, Status.INELIGIBLE}:
        return "The hub is looking at what the check found", False, None
    return "The hub is choosing. Everybody who applied hears on the same day", False, None
