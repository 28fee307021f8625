"""Whose move is it? One table: for every state of an application, who acts next, in two ways of saying it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import BooleanField, Case, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from programmes.cohorts.states import PlaceStatus

from .models import Application, Endorsement, FindingOverride, InformationRequest, Nominee
from .states import EndorsementStatus, Status


@dataclass(frozen=True)
class Turn:
    """Who acts next. `who` is hub, school, head, portal or nobody; `by` names the date field it is due by."""

    code: str
    who: str
    when: Q
    staff: str
    school: str
    tone: str
    by: str = ""


UNDECIDED = Q(status__in=[Status.ELIGIBLE, Status.REFERRED, Status.INELIGIBLE, Status.WAITLISTED])

# The first row that fits holds.
TURNS = [
    Turn("finish", "school", Q(status=Status.DRAFT), "School: not sent yet", "You: finish and send the form", "grey"),
    Turn(
        "check",
        "portal",
        Q(status__in=[Status.SUBMITTED, Status.CHECKING]),
        "Portal: checking",
        "The portal is checking your application",
        "grey",
    ),
    Turn(
        "answer",
        "school",
        UNDECIDED & Q(has_question=True),
        "School: answer our question",
        "You: the hub has a question",
        "yellow",
        "question_by",
    ),
    Turn(
        "agree",
        "hub",
        UNDECIDED & Q(has_override=True),
        "Hub: a second person to agree",
        "The hub is looking at your application",
        "red",
    ),
    Turn(
        "advise",
        "hub",
        Q(status=Status.INELIGIBLE),
        "Hub: not eligible, decide or set aside",
        "The hub is looking at your application",
        "red",
    ),
    Turn(
        "look",
        "hub",
        Q(status=Status.REFERRED),
        "Hub: a person must look",
        "The hub is looking at your application",
        "red",
    ),
    Turn(
        "talk",
        "hub",
        Q(status=Status.ELIGIBLE, head_refused=True),
        "Hub: the head said no, talk to the school",
        "The headteacher said no: talk to your hub",
        "red",
    ),
    Turn(
        "confirm",
        "head",
        Q(status=Status.ELIGIBLE, head_confirmed=False),
        "Head: confirm",
        "Your headteacher: confirm by the link we sent",
        "yellow",
        "head_by",
    ),
    Turn("decide", "hub", Q(status=Status.ELIGIBLE), "Hub: decide", "The hub is deciding", "red"),
    Turn(
        "wait",
        "hub",
        Q(status=Status.WAITLISTED),
        "Hub: offer when a place comes free",
        "You are on the waiting list",
        "blue",
    ),
    Turn(
        "accept",
        "school",
        Q(status=Status.OFFERED),
        "School: accept the place",
        "You: accept or decline the place",
        "yellow",
        "place__answer_by",
    ),
    Turn(
        "change",
        "school",
        Q(status=Status.ACCEPTED, place__status="accepted", both_named=True, no_leader=True),
        "School: change an Advocate, neither leads",
        "You: change one of the {shorts}, so that one of them leads in the department",
        "yellow",
    ),
    Turn(
        "judge",
        "hub",
        Q(status=Status.ACCEPTED, place__status="accepted", both_named=True),
        "Hub: judge the Advocates' roles, confirm the place",
        "The hub is looking at the {shorts} you named",
        "red",
    ),
    Turn(
        "name",
        "school",
        Q(status=Status.ACCEPTED, place__status="accepted"),
        "School: name both Advocates",
        "You: name both {people}",
        "yellow",
    ),
    Turn("begin", "nobody", Q(status=Status.ACCEPTED), "Place taken", "Your place is confirmed", "green"),
    Turn(
        "joined",
        "nobody",
        Q(status=Status.DUPLICATE),
        "Joined to another application of the school: nothing to do here",
        "This application was joined to another one of your school",
        "grey",
    ),
    Turn("ended", "nobody", Q(), "Ended", "This application has ended", "grey"),
]
BY_CODE = {turn.code: turn for turn in TURNS}
# The newest check says that neither Advocate leads, and nobody has set that aside. Asked of accepted ones only.
NO_LEADER = RawSQL(
    """
    applications_application.status = 'accepted' AND EXISTS (
        SELECT FROM (
            SELECT findings FROM applications_eligibilitycheck
            WHERE application_id = applications_application.id ORDER BY at DESC, id DESC LIMIT 1
        ) AS newest, jsonb_array_elements(newest.findings) AS found
        WHERE found->>'code' = 'no_leading_advocate' AND NOT EXISTS (
            SELECT FROM applications_findingoverride AS override
            WHERE override.application_id = applications_application.id AND override.agreed_at IS NOT NULL
              AND override.code = found->>'code' AND override.fact = found->>'fact'
        )
    )
    """,
    (),
    output_field=BooleanField(),
)


def _plain(when: Q) -> Iterator[tuple[str, frozenset]]:
    """Yield each field of a Q of TURNS with the values that fit: equality and `__in`, joined by AND."""
    for child in when.children:
        if isinstance(child, Q):
            yield from _plain(child)
        elif child[0].endswith("__in"):
            yield child[0].removesuffix("__in"), frozenset(child[1])
        else:
            yield child[0], frozenset([child[1]])


PLAIN = [(turn, list(_plain(turn.when))) for turn in TURNS]


def status_words(application: Application) -> str:
    """Return the status in words; of one that was accepted, what has become of its place since."""
    place = application.place
    if application.status == Status.TRANSFERRED and place and place.status == PlaceStatus.DEFERRED:
        return place.get_status_display()
    if application.status != Status.ACCEPTED or place is None or place.status == PlaceStatus.ACCEPTED:
        return application.get_status_display()
    return "Place confirmed" if place.status == PlaceStatus.CONFIRMED else place.get_status_display()


def turn_of(row: dict) -> Turn:
    """Return the turn of an application whose fields and flags are in `row`, as `with_turn` does in SQL."""
    return next(turn for turn, needs in PLAIN if all(row.get(field) in values for field, values in needs))


def with_turn(applications: QuerySet) -> QuerySet:
    """Annotate each application with `turn`, the code of its row in TURNS, and `due_by`, that move's date or None."""
    heads = Endorsement.objects.filter(application=OuterRef("pk"))
    questions = InformationRequest.objects.filter(application=OuterRef("pk"), answered_at=None)
    overrides = FindingOverride.objects.filter(application=OuterRef("pk"), agreed_at=None, rejected_at=None)
    nominees = Nominee.objects.filter(application=OuterRef("pk"))
    return applications.annotate(
        head_confirmed=Exists(heads.filter(status=EndorsementStatus.CONFIRMED)),
        head_refused=Exists(heads.filter(status=EndorsementStatus.REFUSED)),
        head_by=heads.filter(status=EndorsementStatus.ASKED).values("answer_by")[:1],
        has_question=Exists(questions),
        question_by=questions.values("answer_by")[:1],
        has_override=Exists(overrides),
        both_named=Q(Exists(nominees.filter(position=1))) & Q(Exists(nominees.filter(position=2))),
        no_leader=NO_LEADER,
        turn=Case(
            *[When(turn.when, then=Value(turn.code)) for turn in TURNS if turn.code != "ended"], default=Value("ended")
        ),
    ).annotate(
        due_by=Case(
            *[When(turn=turn.code, then=F(turn.by)) for turn in TURNS if turn.by],
            default=None,
            output_field=DateField(),
        )
    )
