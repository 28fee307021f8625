"""The pages of a teacher's application form: one thing a page, kept at every step, sent once."""

from functools import wraps
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import checks as school_checks
from applications.forms import HubForm, SaveForm
from applications.journey import HOW_TO_CHANGE, KEPT_DRAFTS, URN_DIGITS, URN_LOOKS_LIKE, hub_of_link, posted, public
from hubportal.accounts import links
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove
from hubportal.ratelimit import limit
from hubportal.rules import Refused
from programmes.cohorts.windows import open_project, window_of, windows, windows_of
from programmes.models import Cohort, Establishment, Programme, Project
from programmes.schools.answers import as_answers

from . import actions, checks, emails, forms
from .answers import answers_of, central_days
from .facts import rule_set_of
from .models import SpecialistApplication
from .states import SpecialistApplicationStatus as Status

PAGES = ["school", "about", "experience", "statements", "dates", "head_page"]
TITLES = {
    "school": "Find your school",
    "about": "About you",
    "experience": "Your experience",
    "statements": "What you want to do",
    "dates": "The days of the first year",
    "head_page": "Your headteacher",
}
DRAFTS = "specialist_drafts"


def my_draft(view):
    """Give the view the draft of this browser; nobody else's is found. One that has been sent leads to its receipt."""

    @wraps(view)
    def opened(request, uid: UUID, **kwargs):
        if str(uid) not in request.session.get(DRAFTS, []):
            return render(request, "applications/not_yours.html", status=404)
        application = get_object_or_404(SpecialistApplication.objects.with_details(), uid=uid)
        if application.status != Status.DRAFT and view.__name__ != "done":
            if request.method == "POST" and view.__name__ != "check":
                messages.error(request, "This form has been sent already, so the change was not kept. " + HOW_TO_CHANGE)
            return redirect("specialists:done", uid=uid)
        return view(request, application, **kwargs)

    return public(opened)


def _may_hold(request, application: SpecialistApplication) -> bool:
    mine = str(application.uid) in request.session.get(DRAFTS, [])
    return mine or (application.status == Status.DRAFT and not (application.school_id or application.email))


def _hold(request, application: SpecialistApplication) -> None:
    """Let this browser work on the draft."""
    mine = [uid for uid in request.session.get(DRAFTS, []) if uid != str(application.uid)]
    request.session[DRAFTS] = [*mine, str(application.uid)][-KEPT_DRAFTS:]


def _project(slug: str, year: int) -> Project:
    teachers = Project.objects.with_details().filter(programme__entry=Programme.Entry.TEACHER)
    found = teachers.filter(programme__slug=slug, year=year).exclude(published_at=None).first()
    if found is None:
        raise Http404
    return found


@public
@require_http_methods(["GET", "HEAD", "POST"])
@limit("start", "60/h")
def start(request, slug, year):
    """What one needs before one begins; the button begins. The same form sent twice begins one draft."""
    project = _project(slug, year)
    today = london_date(timezone.now())
    rows = windows(project, today=today)
    can_apply = any(state.can_apply for _, state in rows)
    if request.method == "POST" and can_apply:
        return _start(request, project)
    context = {"project": project, "rows": rows, "can_apply": can_apply, "uid": uuid4()}
    if not can_apply:
        years = list(project.programme.projects.order_by("-year", "code"))
        context["open_year"] = open_project(years, windows_of(years, today=today))
    return render(request, "specialists/start.html", context)


def _start(request, project: Project):
    try:
        uid = UUID(request.POST.get("uid", ""))
    except ValueError:
        uid = uuid4()
    application = actions.start(project, uid, at=timezone.now())
    if not _may_hold(request, application):
        application = actions.start(project, uuid4(), at=timezone.now())
    _hold(request, application)
    return redirect("specialists:school", uid=application.uid)


@my_draft
@require_safe
def tasks(request, application):
    """The pages of the form with what is done and what is missing."""
    missing = actions.what_is_missing(application)
    rows = [(name, TITLES[name], name not in missing) for name in PAGES]
    return render(request, "specialists/tasks.html", {"application": application, "rows": rows, "missing": missing})


def _next(request, application, page: str):
    """Go on: back to the check if one came from there, else to the next page that is missing."""
    missing = actions.what_is_missing(application)
    if "check" in (request.GET.get("from"), request.POST.get("from")) and not missing:
        return redirect("specialists:check", uid=application.uid)
    after = [name for name in PAGES[PAGES.index(page) + 1 :] if name in missing] or missing
    return redirect(f"specialists:{after[0]}" if after else "specialists:check", uid=application.uid)


def _page(request, application, page: str, form, template: str = "specialists/form.html", status=200, **more):
    before = PAGES.index(page) - 1
    context = {
        "application": application,
        "form": form,
        "title": TITLES[page],
        "page": page,
        "number": PAGES.index(page) + 1,
        "of": len(PAGES),
        "back": f"specialists:{PAGES[before]}" if before >= 0 else "specialists:tasks",
    }
    return render(request, template, context | more, status=status)


def _simple(request, application, page: str, form, values, **more):
    """Show a page's form, or keep what `values()` says and go on."""
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(application, **values())
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect("specialists:done", uid=application.uid)
        return _next(request, application, page)
    return _page(request, application, page, form, **more)


@my_draft
@require_safe
def school(request, application):
    """Search the register. Works without JavaScript; with it, suggestions appear while one types."""
    urn = request.GET.get("urn", "").strip()
    if urn.isdecimal() and len(urn) == URN_DIGITS:
        return redirect("specialists:confirm_school", uid=application.uid, urn=int(urn))
    return _search(request, application, error=URN_LOOKS_LIKE if urn else "")


def _search(request, application, *, error="", status=200):
    q = request.GET.get("q", "").replace("\x00", "")[:200]
    found = as_answers(Establishment.objects.search(q, limit=20))
    more = {"q": q, "found": found, "searched": bool(q.strip()), "error": error}
    return _page(request, application, "school", None, "specialists/school.html", status, **more)


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_school(request, application, urn):
    """Show the school as the register has it, and which hub one would apply to; the button chooses both."""
    establishment = Establishment.objects.select_related("local_authority", "trust").filter(urn=urn).first()
    if establishment is None:
        return _search(request, application, error=f"No open school has the URN {urn}. {URN_LOOKS_LIKE}", status=404)
    today = london_date(timezone.now())
    form, usual = _hub_form(request, application, establishment, today)
    if request.method == "POST" and form.is_valid():
        cohort = form.cleaned_data["cohort"]
        state = window_of(cohort, application.project, today=today)
        if state.can_apply:
            return _choose(request, application, establishment, cohort)
        form.add_error("cohort", f"{cohort.hub.name}: {state.text} Choose another hub, or ask to be told next time.")
    rule_set = rule_set_of(application, at=timezone.now())
    findings = school_checks.about_school(establishment, application.project.year, rule_set, at=timezone.now())
    more = {"establishment": establishment, "usual": usual, "title": "Is this your school?", "findings": findings}
    return _page(request, application, "school", form, "specialists/confirm_school.html", **more)


def _hub_form(request, application, establishment, today):
    rows = windows(application.project, today=today)
    usual = [row for row in rows if row[0].hub.areas.filter(local_authority=establishment.local_authority).exists()]
    rows = usual + [row for row in rows if row not in usual]
    labels = {cohort.pk: f"{cohort.hub.name}. {state.text}" for cohort, state in rows}
    cohorts = Cohort.objects.filter(pk__in=labels).with_places_taken().select_related("hub")
    first = application.cohort_id or (rows[0][0].pk if rows else None)
    form = HubForm(posted(request), cohorts=cohorts, labels=labels, initial={"cohort": first})
    form.fields["cohort"].choices = [(pk, label) for pk, label in labels.items()]
    return form, [row[0].hub for row in usual]


def _choose(request, application, establishment, cohort):
    try:
        actions.choose_school(application, establishment, cohort, at=timezone.now())
    except IllegalMove as problem:
        messages.error(request, str(problem))
        return redirect("specialists:done", uid=application.uid)
    return _next(request, application, "school")


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def about(request, application):
    names = ["name", "former_names", "email", "trn", "role", "key_stages"]
    form = forms.AboutForm(posted(request), initial={name: getattr(application, name) for name in names})
    return _simple(request, application, "about", form, lambda: form.cleaned_data)


def _yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no"}.get(value, "")


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def experience(request, application):
    initial = application.answers | {
        "qts": _yes_no(application.qts),
        "qts_on": application.qts_on,
        "years_teaching": application.years_teaching,
        "is_ect": _yes_no(application.is_ect),
    }
    form = forms.ExperienceForm(posted(request), initial=initial, today=london_date(timezone.now()))
    own = ["earlier_roles", "earlier_words"]
    return _simple(
        request,
        application,
        "experience",
        form,
        lambda: form.kept() | {"answers": application.answers | {name: form.cleaned_data[name] for name in own}},
    )


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request, application):
    terms = rule_set_of(application, at=timezone.now()).terms
    required = bool(terms.get("other_schools_required", True))
    form = forms.StatementsForm(posted(request), initial=application.answers, other_schools_required=required)
    return _simple(
        request,
        application,
        "statements",
        form,
        lambda: {"answers": application.answers | form.cleaned_data},
        intro="specialists/intro_statements.html",
    )


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def dates(request, application):
    days = central_days(rule_set_of(application, at=timezone.now()).terms)
    kept = application.answers.get("dates") or {"can_come": [on for on, _ in days]}
    form = forms.DatesForm(posted(request), initial=kept, central_days=days)
    return _simple(
        request,
        application,
        "dates",
        form,
        lambda: {"answers": application.answers | {"dates": form.cleaned_data}},
        intro="specialists/intro_dates.html",
        days=days,
        hub_says=application.cohort.details.get("central_days", "") if application.cohort else "",
    )


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def head(request, application):
    names = ["head_name", "head_email", "is_head"]
    initial = {name: getattr(application, name) for name in names}
    form = forms.HeadForm(posted(request), initial=initial, own_email=application.email)
    intro = "specialists/intro_head.html"
    return _simple(request, application, "head_page", form, lambda: form.cleaned_data, intro=intro)


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
@limit("submit", "120/h")
def check(request, application):
    """Everything that will be sent, with what the rules make of it; the button sends it, once."""
    if missing := actions.what_is_missing(application):
        return redirect(f"specialists:{missing[0]}", uid=application.uid)
    problems, status = [], 200
    if request.method == "POST":
        try:
            actions.submit(application, at=timezone.now())
            return redirect("specialists:done", uid=application.uid)
        except Refused as refused:
            problems, status = refused.findings, 409
    context = {
        "application": application,
        "findings": [finding.as_dict() for finding in checks.preview(application, at=timezone.now())],
        "problems": problems,
        "answers": answers_of(application),
    }
    return render(request, "specialists/check.html", context, status=status)


@my_draft
@require_safe
def done(request, application):
    """The receipt, the same whether or not the teacher had applied before: only their own mailbox may learn that."""
    if application.status == Status.DRAFT:
        return redirect("specialists:tasks", uid=application.uid)
    return render(request, "specialists/done.html", {"application": application})


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
@limit("save", "20/h")
def save(request, application):
    """E-mail the private link with which one goes on later or on another machine."""
    form = SaveForm(posted(request), initial={"email": application.email})
    context = {"application": application, "form": form, "title": "Save and come back later"}
    if request.method == "POST" and form.is_valid():
        emails.draft_saved(application, form.cleaned_data["email"], at=timezone.now())
        context["email"] = form.cleaned_data["email"]
        return render(request, "specialists/saved.html", context)
    return render(request, "specialists/save.html", context)


@public
@require_safe
def continue_(request, token):
    """Where a saved draft's link leads. A mail scanner may open it as often as it likes: the button goes on."""
    application = draft_of(token)
    context = {"application": application, "token": token}
    if application is None:
        context["hub"] = hub_of_link(token, emails.CONTINUE_LINK, SpecialistApplication)
    return render(request, "specialists/continue.html", context, status=200 if application else 410)


@public
@require_POST
@limit("continue", "60/h")
def continue_now(request, token):
    application = draft_of(token)
    if application is None:
        return redirect("specialists:continue", token=token)
    _hold(request, application)
    return redirect("specialists:tasks", uid=application.uid)


def draft_of(token: str) -> SpecialistApplication | None:
    """Return the draft that an open link leads to, or None: unknown, expired, of another purpose, or sent meanwhile."""
    drafts = SpecialistApplication.objects.with_details().filter(status=Status.DRAFT)
    return links.record(token, emails.CONTINUE_LINK, drafts, at=timezone.now())
