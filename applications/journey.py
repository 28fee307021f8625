"""The pages of the application form: one thing a page, kept at every step, sent once."""

from functools import wraps
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.accounts import links
from hubportal.accounts.models import Hub
from hubportal.clock import london_date
from hubportal.history.actions import IllegalMove
from hubportal.ratelimit import limit
from hubportal.rules import Refused
from programmes.cohorts.windows import open_project, panel, window_of, windows, windows_of
from programmes.models import Cohort, Establishment, Programme, Project
from programmes.schools.answers import as_answers

from . import actions, checks, emails, forms, people_forms, signup_forms
from .answers import said_in
from .facts import rule_set_of
from .late.links import ASKS_SCHOOLS, cohort_of
from .models import Application
from .pages import missing, pages_of
from .states import Status
from .words import words_of

DEPARTMENT = {Programme.Entry.CONTINUE: signup_forms.MembersForm}
KEPT_DRAFTS = 20
URN_DIGITS = 6
URN_LOOKS_LIKE = "A URN has six digits, like 123456. Check it, or search by name, town or postcode."
LATE = "It lets your school apply late."
HOW_TO_CHANGE = "To change something, open the private link in our e-mail."


def public(view):
    """Open a page to people without an account, and keep it out of every cache."""
    return login_not_required(never_cache(view))


def posted(request):
    """Return what a form was sent, an empty form too, or None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def my_draft(view):
    """Give the view the draft of this browser; nobody else's is found. One that has been sent leads to its receipt."""

    @wraps(view)
    def opened(request, uid: UUID, **kwargs):
        if str(uid) not in request.session.get("drafts", []):
            return render(request, "applications/not_yours.html", status=404)
        application = get_object_or_404(Application.objects.with_details(), uid=uid)
        if application.status != Status.DRAFT and view.__name__ != "done":
            if request.method == "POST" and view.__name__ != "check":
                messages.error(request, "This form has been sent already, so the change was not kept. " + HOW_TO_CHANGE)
            return redirect("applications:done", uid=uid)
        return view(request, application, **kwargs)

    return public(opened)


def _may_hold(request, application: Application) -> bool:
    """Return whether this browser began it, or it is still empty: an address seen over a shoulder opens no answers."""
    mine = str(application.uid) in request.session.get("drafts", [])
    return mine or (application.status == Status.DRAFT and not (application.school_id or application.contact_email))


def hold_draft(request, application: Application) -> None:
    """Let this browser work on the draft."""
    mine = [uid for uid in request.session.get("drafts", []) if uid != str(application.uid)]
    request.session["drafts"] = [*mine, str(application.uid)][-KEPT_DRAFTS:]


def _project(slug: str, year: int) -> Project:
    found = Project.objects.published().with_details().filter(programme__slug=slug, year=year).first()
    if found is None:
        raise Http404
    return found


@public
@require_http_methods(["GET", "HEAD", "POST"])
@limit("start", "60/h")
def start(request, slug, year):
    """What one needs before one begins; the button begins. The same form sent twice begins one draft."""
    project = _project(slug, year)
    if project.programme.entry not in ASKS_SCHOOLS:  # teachers have a form of their own; what is offered has none
        return redirect("programmes:page", slug=slug)
    today = london_date(timezone.now())
    rows = windows(project, today=today)
    can_apply = any(state.can_apply for _, state in rows)
    if request.method == "POST" and can_apply:
        try:
            uid = UUID(request.POST.get("uid", ""))
        except ValueError:
            uid = uuid4()
        application = actions.start(project, uid, at=timezone.now())
        if not _may_hold(request, application):
            application = actions.start(project, uuid4(), at=timezone.now())
        hold_draft(request, application)
        return redirect("applications:school", uid=application.uid)
    words = words_of(project.programme)
    context = {"project": project, "rows": rows, "can_apply": can_apply, "uid": uuid4(), "words": words}
    if not can_apply:
        years = list(project.programme.projects.published().order_by("-year", "code"))
        context |= panel(project, rows, today=today)
        context["open_year"] = open_project(years, windows_of(years, today=today))
    return render(request, "applications/start.html", context)


@my_draft
@require_safe
def tasks(request, application):
    """The pages of the form with what is done and what is missing."""
    to_do = missing(application)
    rows = [(page.name, page.title, page.name not in to_do) for page in pages_of(application)]
    return render(request, "applications/tasks.html", {"application": application, "rows": rows, "missing": to_do})


def _next(request, application, page: str):
    """Go on: back to the check if one came from there, else to the next page that is missing."""
    to_do = missing(application)
    if "check" in (request.GET.get("from"), request.POST.get("from")) and not to_do:
        return redirect("applications:check", uid=application.uid)
    names = [each.name for each in pages_of(application)]
    after = [name for name in names[names.index(page) + 1 :] if name in to_do] or to_do
    return redirect(f"applications:{after[0]}" if after else "applications:check", uid=application.uid)


def show_page(request, application, page: str, form, template: str = "applications/form.html", status=200, **more):
    asked = pages_of(application)
    here = next(each for each in asked if each.name == page)
    number = asked.index(here)
    context = {
        "application": application,
        "form": form,
        "title": here.title,
        "intro": here.intro,
        "page": page,
        "number": number + 1,
        "of": len(asked),
        "back": f"applications:{asked[number - 1].name}" if number else "applications:tasks",
    }
    return render(request, template, context | more, status=status)


def simple(request, application, page: str, form, keep, **more):
    """Show a page's form, or keep what it says by `keep` and go on; `more` is for its template."""
    if request.method == "POST" and form.is_valid():
        try:
            keep()
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect("applications:done", uid=application.uid)
        return _next(request, application, page)
    return show_page(request, application, page, form, **more)


@my_draft
@require_safe
def school(request, application):
    """Search the register. Works without JavaScript; with it, suggestions appear while one types."""
    urn = request.GET.get("urn", "").strip()
    if urn.isdecimal() and len(urn) == URN_DIGITS:
        return redirect("applications:confirm_school", uid=application.uid, urn=int(urn))
    return _search(request, application, error=URN_LOOKS_LIKE if urn else "")


def _search(request, application, *, error="", status=200):
    q = request.GET.get("q", "").replace("\x00", "")[:200]
    found = as_answers(Establishment.objects.search(q, limit=20))
    more = {"q": q, "found": found, "searched": bool(q.strip()), "error": error}
    return show_page(request, application, "school", None, "applications/school.html", status, **more)


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_school(request, application, urn):
    """Show the school as the register has it, and which hub it would apply to; the button chooses both."""
    establishment = Establishment.objects.select_related("local_authority", "trust").filter(urn=urn).first()
    if establishment is None:
        return _search(request, application, error=f"No open school has the URN {urn}. {URN_LOOKS_LIKE}", status=404)
    today = london_date(timezone.now())
    rows, late = windows(application.project, today=today), cohort_of(application, today=today)
    if late:
        rows = [row for row in rows if row[0].pk == late]
    usual = [row for row in rows if row[0].hub.areas.filter(local_authority=establishment.local_authority).exists()]
    rows = usual + [row for row in rows if row not in usual]
    labels = {cohort.pk: f"{cohort.hub.name}. {LATE if late else state.text}" for cohort, state in rows}
    cohorts = Cohort.objects.filter(pk__in=labels).with_places_taken().select_related("hub")
    first = application.cohort_id or (rows[0][0].pk if rows else None)
    form = forms.HubForm(posted(request), cohorts=cohorts, labels=labels, initial={"cohort": first})
    form.fields["cohort"].choices = [(pk, label) for pk, label in labels.items()]
    if request.method == "POST" and form.is_valid():
        cohort = form.cleaned_data["cohort"]
        state = window_of(cohort, application.project, today=today)
        if state.can_apply or cohort.pk == late:
            return _choose(request, application, establishment, cohort)
        form.add_error("cohort", f"{cohort.hub.name}: {state.text} Choose another hub, or ask to be told next time.")
    earlier = (
        Application.objects.live()
        .filter(project=application.project, school__urns__establishment=establishment)
        .first()
    )
    return show_page(
        request,
        application,
        "school",
        form,
        "applications/confirm_school.html",
        establishment=establishment,
        usual=[row[0].hub for row in usual],
        earlier=earlier,
        title="Is this your school?",
        findings=_early_findings(application, establishment),
    )


def _choose(request, application, establishment, cohort):
    """Keep the school and go on; one that was sent meanwhile, from another tab, leads to its receipt."""
    try:
        actions.choose_school(application, establishment, cohort, at=timezone.now())
    except IllegalMove as problem:
        messages.error(request, str(problem))
        return redirect("applications:done", uid=application.uid)
    return _next(request, application, "school")


def _early_findings(application, establishment):
    """Return what the rules say of this school alone, so that nobody fills in a form in vain."""
    rule_set = rule_set_of(application, at=timezone.now())
    return checks.about_school(establishment, application.project.year, rule_set, at=timezone.now())


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request, application):
    names = ["contact_name", "contact_role", "contact_email", "contact_phone"]
    form = forms.ContactForm(posted(request), initial={name: getattr(application, name) for name in names})
    return simple(request, application, "contact", form, lambda: actions.answer(application, **form.cleaned_data))


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def head(request, application):
    initial = {"head_name": application.head_name, "head_email": application.head_email}
    form = forms.HeadForm(posted(request), initial=initial)
    return simple(request, application, "head", form, lambda: actions.answer(application, **form.cleaned_data))


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def advocates(request, application):
    asks = people_forms.form_of(application)
    form = asks(posted(request), initial=asks.initial_from(application))
    return simple(request, application, "advocates", form, lambda: actions.answer_advocates(application, form.people()))


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def department(request, application):
    asks = DEPARTMENT.get(application.project.programme.entry, forms.DepartmentForm)
    form = asks(posted(request), initial=application.answers)
    return simple(
        request,
        application,
        "department",
        form,
        lambda: actions.answer(application, answers=application.answers | form.cleaned_data),
    )


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
def commitments(request, application):
    asked = rule_set_of(application, at=timezone.now()).commitments
    ticked = [tick["code"] for tick in application.commitments]
    form = forms.CommitmentsForm(posted(request), asked=asked, initial={"commitments": ticked})

    def keep():
        at = timezone.now().isoformat()
        made = [row | {"at": at} for row in asked if row["code"] in form.cleaned_data["commitments"]]
        actions.answer(application, commitments=made)

    return simple(request, application, "commitments", form, keep)


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
@limit("submit", "120/h")
def check(request, application):
    """Everything that will be sent, with what the rules make of it; the button sends it, once."""
    if to_do := missing(application):
        return redirect(f"applications:{to_do[0]}", uid=application.uid)
    problems, status = [], 200
    if request.method == "POST":
        try:
            actions.submit(application, at=timezone.now())
            return redirect("applications:done", uid=application.uid)
        except Refused as refused:
            problems, status = refused.findings, 409
    context = {
        "application": application,
        "findings": [finding.as_dict() for finding in checks.preview(application, at=timezone.now())],
        "problems": problems,
        "nominees": application.nominees.all(),
        "said": said_in(application),
        "last": pages_of(application)[-1].name,
    }
    return render(request, "applications/check.html", context, status=status)


@my_draft
@require_safe
def done(request, application):
    """The receipt: reference and what happens next. Also where every repeat of the sending ends."""
    if application.status == Status.DRAFT:
        return redirect("applications:tasks", uid=application.uid)
    return render(request, "applications/done.html", {"application": application, "live": application.joined_to})


@my_draft
@require_http_methods(["GET", "HEAD", "POST"])
@limit("save", "20/h")
def save(request, application):
    """E-mail the private link with which one goes on later, on another machine, or a colleague does."""
    form = forms.SaveForm(posted(request), initial={"email": application.contact_email})
    if request.method == "POST" and form.is_valid():
        emails.draft_saved(application, form.cleaned_data["email"], at=timezone.now())
        return render(
            request, "applications/saved.html", {"application": application, "email": form.cleaned_data["email"]}
        )
    return render(
        request,
        "applications/save.html",
        {"application": application, "form": form, "title": "Save and come back later"},
    )


@public
@require_safe
def continue_(request, token):
    """Where a saved draft's link leads. A mail scanner may open it as often as it likes: the button goes on."""
    application = draft_of(token)
    context = {"application": application, "token": token}
    if application is None:
        context["hub"] = hub_of_link(token, emails.CONTINUE_LINK, Application)
    return render(request, "applications/continue.html", context, status=200 if application else 410)


@public
@require_POST
@limit("continue", "60/h")
def continue_now(request, token):
    application = draft_of(token)
    if application is None:
        return redirect("applications:continue", token=token)
    hold_draft(request, application)
    return redirect("applications:tasks", uid=application.uid)


def hub_of_link(token: str, purpose: str, model) -> Hub | None:
    """Return whose link this is or was, for its public contact; None when the link is unknown or not of a `model`."""
    link = links.find(token, purpose)
    label, _, pk = link.subject.partition(":") if link else ("", "", "")
    record = model.objects.select_related("hub").filter(pk=pk).first() if label == model._meta.label_lower else None
    return record and record.hub


def draft_of(token: str) -> Application | None:
    """Return the draft that an open link leads to, or None: unknown, expired, of another purpose, or sent meanwhile."""
    drafts = Application.objects.with_details().filter(status=Status.DRAFT)
    return links.record(token, emails.CONTINUE_LINK, drafts, at=timezone.now())
