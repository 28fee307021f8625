"""Rules in the admin: to read as sentences, to change in a draft, to try on past applications, to sign and publish."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import replay
from applications.models import Application, EligibilityCheck, SpecialistApplication
from applications.rules import RULES
from applications.rules.parameters import schema_of
from hubportal.history.actions import IllegalMove, subject_of
from hubportal.history.timeline import timeline
from hubportal.rules import Refused
from programmes.cohorts import rulesets
from programmes.cohorts.states import RuleSetStatus
from programmes.models import Programme, Project, RuleSet

from .ruleset_forms import RuleSetForm
from .ruleset_words import PLAIN, changes, figure, rules_in_words, terms_in_words

LIST = "admin:programmes_ruleset_changelist"
PAGE = "admin:programmes_ruleset_change"
ROWS = 50
S = RuleSetStatus
TONES = {S.DRAFT: "info", S.SIGNED: "wait", S.PUBLISHED: "good", S.DROPPED: ""}
OUTCOME_TONES = {"eligible": "good", "referred": "wait", "ineligible": "bad"}
DRAFT_FIRST = Case(When(status__in=[S.DRAFT, S.SIGNED], then=0), default=1)


def seen_by(user):
    """Return the rule sets that a person may read: those of the national programmes and of their own hubs'."""
    visible = RuleSet.objects.filter(project__in=Project.objects.seen_by(user).values("pk"))
    return visible.select_related("project__programme", "signed_by", "published_by")


def _one(request, pk, right: str = "view") -> RuleSet:
    """Return a rule set that the person may see, with this right at its programme. Raises Http404, PermissionDenied."""
    found = seen_by(request.user).filter(pk=pk).first() if str(pk).isdecimal() and len(str(pk)) < 19 else None
    if found is None:
        raise Http404
    if not may(request.user, right, found):
        raise PermissionDenied
    return found


def may(user, right: str, rule_set: RuleSet) -> bool:
    return user.has_perm(f"programmes.{right}_ruleset", rule_set.project.programme)


def rules_for(rule_set: RuleSet) -> dict[str, Callable]:
    """Return the registered rules that fit the programme: a teacher's ask for what only a teacher's form says."""
    teachers = rule_set.project.programme.entry == Programme.Entry.TEACHER
    return {name: rule for name, rule in RULES.items() if teachers or schema_of(name).about == "school"}


def _hand(request, rule_set: RuleSet) -> rulesets.Hand:
    return rulesets.Hand(request.user, timezone.now(), rules_for(rule_set))


@require_safe
def rule_sets(request):
    """List every set of rules, what waits for somebody first, then the newest year."""
    found = seen_by(request.user).order_by(DRAFT_FIRST, "-project__year", "project__programme__phase", "project__title",
                                           "project", "-version")  # fmt: skip
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [(each, TONES[each.status], figure(each, "grant_amount")) for each in page.object_list]
    return render(request, "staff/rulesets.html", {"page": page, "rows": rows})


@require_safe
def rule_set(request, pk):
    """One set of rules as sentences, with what can be done with it."""
    found = _one(request, pk)
    before = _in_force_before(found)
    context = _about(request, found) | {
        "rules": rules_in_words(found),
        "plain": [(words, figure(found, name)) for name, words in PLAIN.items()],
        "terms": terms_in_words(found),
        "changes": changes(before, found) if before else [],
        "before": before,
        "others": seen_by(request.user).filter(project=found.project_id).exclude(pk=found.pk),
        "events": timeline(subject_of(found)),
    }
    return render(request, "staff/ruleset.html", context)


def _about(request, found: RuleSet) -> dict:
    return {
        "rule_set": found,
        "tone": TONES[found.status],
        "is_open": found.status in {S.DRAFT, S.SIGNED},
        "may_draft": may(request.user, "draft", found),
        "may_publish": may(request.user, "publish", found),
        "figures": rulesets.figures(found),
    }


def _in_force_before(found: RuleSet) -> RuleSet | None:
    """Return the published rules that this set takes the place of."""
    return found.project.rule_sets.published().filter(version__lt=found.version).first()


@require_POST
def draft(request, pk):
    """Copy published rules into a draft and go to its form."""
    found = _one(request, pk, "draft")
    try:
        made = rulesets.draft_from(found, by=request.user, at=timezone.now())
    except Refused as problem:
        return _back(request, found, problem)
    messages.success(request, f"Version {made.version} is a draft. Nobody is judged by it.")
    return redirect("admin:programmes_ruleset_edit", made.pk)


def _back(request, found: RuleSet, problem: Exception):
    messages.error(request, str(problem))
    return redirect(PAGE, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Change a draft; what is wrong is said at its field and nothing is saved."""
    found = _one(request, pk, "draft")
    if found.status not in {S.DRAFT, S.SIGNED}:
        return _back(request, found, Exception("Only a draft can be changed. Copy these rules into one."))
    families = list(Programme.objects.seen_by(request.user).values_list("family", "title"))
    form = RuleSetForm(
        request.POST or None, rule_set=found, known=rules_for(found), families=families,
        seen=rulesets.figures(found), add=request.GET.get("add", ""),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _changed(request, found, form):
        messages.success(request, "The draft is saved. Nobody is judged by it until two people have signed it.")
        return redirect(PAGE, found.pk)
    return render(request, "staff/ruleset_edit.html", _about(request, found) | {"form": form})


def _changed(request, found: RuleSet, form: RuleSetForm) -> bool:
    """Save the draft, or have the form say why not."""
    try:
        rulesets.change(found, form.values(), seen=form.cleaned_data["seen"], hand=_hand(request, found))
    except Refused as problem:
        form.refuse(problem.findings)
    except IllegalMove as problem:
        form.add_error(None, str(problem))
    return form.is_valid()


@require_safe
def who_differs(request, pk):
    """List who would be decided differently by these rules. Changes nothing."""
    found = _one(request, pk)
    if not _reads_applications(request.user, found):
        raise PermissionDenied
    result = replay.replay(found, user=request.user)
    page = Paginator(result.differs, ROWS).get_page(request.GET.get("page"))
    context = _about(request, found) | {"result": result, "moves": _moves(result), "page": page}
    return render(request, "staff/ruleset_replay.html", context | {"rows": _rows(request, found, page.object_list)})


def _reads_applications(user, found: RuleSet) -> bool:
    kind = SpecialistApplication if replay.is_teachers(found) else Application
    return user.has_perm(f"applications.view_{kind._meta.model_name}")


def _moves(result: replay.Replay) -> list[tuple]:
    labels = EligibilityCheck.Outcome
    return [(labels(was).label, labels(would_be).label, number) for was, would_be, number in result.moves]


def _rows(request, found: RuleSet, differs: list[replay.Differs]) -> list[dict]:
    """Return the rows of one page: the application, old and new outcome, and the findings that come and go."""
    wanted = [each.application for each in differs]
    applications = replay.applications_of(found, request.user).filter(pk__in=wanted)
    judged = {each.application: each for each in replay.judge(found, applications)}
    records = {each.pk: each for each in applications.select_related("school__establishment", "hub")}
    labels = EligibilityCheck.Outcome
    return [
        {
            "application": records[each.application],
            "who": _who(records[each.application]),
            "address": _address(records[each.application]),
            "was": (labels(each.was).label, OUTCOME_TONES[each.was]),
            "would_be": (labels(each.would_be).label, OUTCOME_TONES[each.would_be]),
            "gained": judged[each.application].gained(),
            "gone": judged[each.application].gone(),
        }
        for each in differs
        if each.application in records and each.application in judged
    ]


def _who(application: Application | SpecialistApplication) -> str:
    """Return the school, and the teacher before it where a teacher applied."""
    teacher = f"{application.name}, " if isinstance(application, SpecialistApplication) else ""
    return f"{teacher}{application.school.name}"


def _address(application: Application | SpecialistApplication) -> str:
    if not admin.site.is_registered(type(application)):
        return ""
    return reverse(f"admin:applications_{application._meta.model_name}_change", args=[application.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request, pk):
    """Show the exact figures, what they change and whom; sign them on POST, as the first person."""
    found = _one(request, pk, "draft")
    return _signing(request, found, S.DRAFT, rulesets.sign, "The figures are signed. A second person publishes them.")


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, pk):
    """Show the same to the second person, whose signature publishes the rules."""
    found = _one(request, pk, "publish")
    return _signing(request, found, S.SIGNED, rulesets.publish, "The rules are published.")


def _signing(request, found: RuleSet, needed: RuleSetStatus, action, said: str):
    if found.status != needed:
        return _back(
            request, found, Exception(f"That is not possible: these rules are “{found.get_status_display()}”.")
        )
    if request.method == "POST":
        try:
            action(found, seen=request.POST.get("figures", ""), hand=_hand(request, found))
        except (Refused, IllegalMove) as problem:
            return _back(request, found, problem)
        messages.success(request, said)
        return redirect(PAGE, found.pk)
    before, hand = _in_force_before(found), _hand(request, found)
    result = replay.replay(found, user=request.user) if _reads_applications(request.user, found) else None
    context = _about(request, found) | {
        "publishing": needed == S.SIGNED,
        "changes": changes(before, found) if before else [],
        "before": before,
        "against": rulesets.against(found, known=hand.known, today=hand.today),
        "same_person": found.signed_by_id == request.user.pk,
        "result": result,
        "moves": _moves(result) if result else [],
    }
    return render(request, "staff/ruleset_sign.html", context)


@require_POST
def withdraw_signature(request, pk):
    found = _one(request, pk, "draft")
    return _done(request, found, rulesets.withdraw_signature, "The signature is withdrawn: a draft again.")


@require_POST
def drop(request, pk):
    found = _one(request, pk, "draft")
    return _done(request, found, rulesets.drop, "The draft is dropped.")


def _done(request, found: RuleSet, action, said: str):
    try:
        action(found, by=request.user, at=timezone.now())
    except (Refused, IllegalMove) as problem:
        return _back(request, found, problem)
    messages.success(request, said)
    return redirect(PAGE, found.pk)
