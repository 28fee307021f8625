"""Everything that is needed to decide on one application, on one page."""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from applications import decisions
from applications.answers import file_of, said_in
from applications.facts import same_school
from applications.models import Application, EligibilityCheck
from applications.proof import proof_in
from applications.rules import LABELS
from applications.states import MOVES, Status
from applications.turns import BY_CODE, status_words, with_turn
from hubportal.accounts.models import Hub
from hubportal.history.actions import subject_of
from hubportal.history.timeline import timeline
from hubportal.messaging.models import Message
from programmes.models import Cohort, EstablishmentLink, Place, School

from .acts import split
from .queue import DECIDE, STATUS_TONES

MOST_MESSAGES = 20
# Which rule a finding's code comes from; commitments carry their own code.
RULE_OF = {
    "school_type": "state_funded_secondary",
    "no_key_stage_3": "key_stage_3",
    "school_closed": "open_or_opening",
    "school_closing": "open_or_opening",
    "school_not_open_yet": "open_or_opening",
    "advocates_to_name": "advocates",
    "advocate_role_similar": "advocates",
    "no_leading_advocate": "advocates",
    "took_part_before": "not_already_in",
    "already_in": "not_already_in",
    "applied_as_another": "not_already_in",
    "outside_area": "within_hub_area",
    "window_unknown": "window_open",
    "window_not_open": "window_open",
    "window_closed": "window_open",
    "late_allowed": "window_open",
    "head_not_confirmed": "head_confirmed",
    "head_refused": "head_confirmed",
    "route_to_prove": "took_part_or_specialist",
    "route_not_proven": "took_part_or_specialist",
    "specialist_later": "took_part_or_specialist",
    "took_part_as_another": "took_part_or_specialist",
    "took_part_in_part": "took_part_or_specialist",
    "completed_as_another": "completed_before",
    "not_completed_yet": "completed_before",
    "not_completed": "completed_before",
    "not_joined_with": "joined_with",
    "foci_missing": "foci_ranked",
    "foci_not_run": "foci_ranked",
    "foci_full": "foci_ranked",
    "first_focus_full": "foci_ranked",
    "participants_to_name": "lead_participants",
    "too_many_participants": "lead_participants",
    "plan_to_come": "plan_given",
    "plan_missing": "plan_given",
}


def application_for(user, pk) -> Application:
    """Return an application that `user` may see, with its turn and `status_now`. Raises Http404 for any other."""
    if not str(pk).isdecimal():
        raise Http404
    found = with_turn(Application.objects.visible_to(user)).with_details()
    details = found.select_related(
        "school__establishment__trust",
        "cohort__hub",
        "place__grant__offered_by",
        "place__focus",
        "decided_by",
        "joined_to",
        "transferred_to",
    )
    application = get_object_or_404(details.prefetch_related("nominees"), pk=int(pk))
    application.status_now = status_words(application)
    return application


def review(request, pk):
    """Show one application: what it is, whose move it is, what can be done, and then everything it rests on."""
    application = application_for(request.user, pk)
    if not request.user.has_perm("applications.view_application", application):
        raise PermissionDenied
    now = timezone.now()
    turn = BY_CODE[application.turn]
    may_decide = request.user.has_perm(DECIDE, application)
    first, others = split(application, turn.code) if may_decide else ([], [])
    offerable = Status.OFFERED in MOVES[Status(application.status)]
    context = {
        "application": application,
        "turn": turn,
        "tone": STATUS_TONES.get(application.status, ""),
        "mine": turn.who == "hub",
        "may_decide": may_decide,
        "first": first,
        "others": others,
        "against": decisions.against_an_offer(application, at=now) if offerable else [],
        **_people(application, request.user),
        **_check(application),
        **_elsewhere(application, request.user),
        "register": _register(application.school),
        "answers": answers_of(application),
        "file": file_of(application),
        "cohort": Cohort.objects.with_fill().get(pk=application.cohort_id),
        "events": timeline(*_subjects(application)),
        "mail": Message.objects.visible_to(request.user).about(subject_of(application)).defer("text")[:MOST_MESSAGES],
    }
    return render(request, "staff/review.html", context)


def _people(application: Application, user) -> dict:
    duplicates = application.duplicates.all()
    ours = duplicates.visible_to(user).select_related("school__establishment").prefetch_related("nominees")
    went_to = application.joined_to or application.transferred_to
    return {
        "nominees": application.nominees.all(),
        "endorsements": list(application.endorsements.all()),
        "questions": application.questions.select_related("asked_by"),
        "advocates": application.place.advocates.select_related("person") if application.place else [],
        "duplicates": [(duplicate, answers_of(duplicate)) for duplicate in ours],
        "duplicates_elsewhere": duplicates.count() - len(ours),
        "went_to": went_to,
        "may_follow": went_to and Application.objects.visible_to(user).filter(pk=went_to.pk).exists(),
    }


def _check(application: Application) -> dict:
    latest = application.checks.select_related("rule_set").first()
    overrides = list(application.overrides.select_related("by", "agreed_by", "rejected_by"))
    return {
        "check": latest,
        "met": rules_met(latest) if latest else [],
        "proof": proof_in(latest) if latest else [],
        "overrides": overrides,
    }


def rules_met(made: EligibilityCheck) -> list[str]:
    """Return the rules of a check that had nothing to say, in words."""
    spoke = {_rule_of(row["code"]) for row in made.findings}
    if "check_failed" in spoke:
        return []
    asked = [row["rule"] for row in made.rule_set.rules if row.get("when", "check") == "check"]
    return [LABELS[name] for name in asked if name not in spoke]


def _rule_of(code: str) -> str:
    return "commitments_made" if code.startswith("commitment_") else RULE_OF.get(code, code)


def _elsewhere(application: Application, user) -> dict:
    """Return the school's other applications and places, under old and new URNs; other hubs' without a link."""
    schools = same_school(application.school)
    mine = set(Hub.objects.visible_to(user).values_list("pk", flat=True))
    others = Application.objects.sent().filter(school__in=schools).exclude(pk=application.pk)
    places = Place.objects.filter(school__in=schools).exclude(pk=application.place_id)
    return {
        "other_applications": [(each, each.hub_id in mine) for each in others.with_details()],
        "other_places": [(each, each.hub_id in mine) for each in places.with_details()],
    }


def _register(school: School) -> dict:
    """Return what the register says, as rows of a summary list, and what is not plain text."""
    found = school.establishment
    ages = f"{found.low_age} to {found.high_age}" if found.high_age else ""
    rows = {
        "URN": found.urn,
        "In the register": found.get_status_display(),
        "Opened": found.opened_on,
        "Closed": found.closed_on,
        "Type": f"{found.type_name} ({found.group_name})",
        "Phase": found.get_phase_display(),
        "Ages": ages,
        "Pupils": found.pupils,
        "Trust": found.trust,
        "Local authority": found.local_authority,
        "Religious character": found.religious_character,
        "Address": ", ".join(filter(None, [found.street, found.locality, found.town, found.county, found.postcode])),
        "Seen in the register of": found.seen_on,
    }
    return {
        "rows": [(key, value) for key, value in rows.items() if value not in (None, "")],
        "website": safe_link(found.website),
        "website_text": found.website,
        "easting": found.easting,
        "northing": found.northing,
        "past": school.urns.exclude(establishment=found.pk),
        "successors": _successors(found.urn) if found.status != found.State.OPEN or found.closed_on else [],
    }


def _successors(urn: int):
    return EstablishmentLink.objects.filter(urn=urn, link_type__startswith="Successor").order_by("link_urn")


def safe_link(website: str) -> str:
    """Return a web address of the register as a link to http or https; nothing when it is anything else."""
    text = website.strip()
    address = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    whole = "." in (parts.hostname or "") and not any(c.isspace() or c in "<>\"'\\@" for c in text)
    return address if whole and parts.scheme in {"http", "https"} else ""


def answers_of(application: Application) -> list[dict]:
    """Return what the school said beside names, in the order of its form, for a summary list."""
    rows = said_in(application)
    return [{"key": row["key"], "value": "\n".join(filter(None, [row["value"], row["hint"]]))} for row in rows]


def _subjects(application: Application) -> list[str]:
    """Return whose events are shown. Those of the head and of questions are written on the application too."""
    return [subject_of(record) for record in (application, application.place) if record]
