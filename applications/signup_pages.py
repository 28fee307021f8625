"""The pages that only a department that goes on is asked, in the form and by its private link afterwards."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.ratelimit import limit
from programmes.cohorts.foci import rooms

from . import actions, closed, continuing, documents, signup_forms
from .answers import file_of, said_in
from .continuing import last_years_people
from .journey import my_draft, posted, simple
from .models import Application, Document
from .pages import page_of
from .school_pages import my_application, say_closed, say_done, show

TYPED = ("plan", "plan_priorities", "plan_measures")


def asked_for(name: str):
    """Open a page only in a form whose programme asks for it, and once the school and its hub are known."""

    def decorate(view):
        @my_draft
        @wraps(view)
        def opened(request, application, **kwargs):
            if page_of(application, name) is None:
                raise Http404
            if name == "foci" and not application.cohort_id:
                messages.error(request, "First find your school: each hub runs foci of its own.")
                return redirect("applications:school", uid=application.uid)
            return view(request, application, **kwargs)

        return opened

    return decorate


@asked_for("route")
@require_http_methods(["GET", "HEAD", "POST"])
def route(request, application):
    form = signup_forms.RouteForm(posted(request), initial=application.answers, year=application.project.year)
    return simple(
        request,
        application,
        "route",
        form,
        lambda: actions.answer(application, answers=application.answers | form.cleaned_data),
    )


@asked_for("foci")
@require_http_methods(["GET", "HEAD", "POST"])
def foci(request, application):
    run = rooms(application.cohort)
    form = _foci_form(request, application, run)
    return simple(
        request,
        application,
        "foci",
        form,
        lambda: continuing.answer_ranking(application, form.letters(), run),
        run=run,
    )


def _foci_form(request, application: Application, run) -> signup_forms.FociForm:
    initial = signup_forms.FociForm.initial_from(application.answers.get("foci", []))
    return signup_forms.FociForm(posted(request), run=run, initial=initial)


@asked_for("plan")
@require_http_methods(["GET", "HEAD", "POST"])
@limit("upload", "60/h")
def plan(request, application):
    kept = file_of(application)
    form = _plan_form(request, application, kept)
    return simple(
        request,
        application,
        "plan",
        form,
        lambda: continuing.answer_plan(application, form.said(), form.upload(), at=timezone.now()),
        template="applications/plan.html",
        kept=kept,
    )


def _plan_form(request, application: Application, kept, **more) -> signup_forms.PlanForm:
    initial = {name: application.answers.get(name, "") for name in TYPED}
    files = signup_forms.files_of(request)
    return signup_forms.PlanForm(posted(request), files, kept=kept is not None, initial=initial, **more)


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
def manage_foci(request, application, token):
    """Change the order of the foci, until a place is offered."""
    if not application.project.foci.exists():
        raise Http404
    if why := closed.foci(application):
        rows = [(row["key"], row["value"]) for row in said_in(application) if row["page"] == "foci"]
        return say_closed(request, token, application, "Your foci", why, rows)
    run = rooms(application.cohort)
    form = _foci_form(request, application, run)
    form.helper.layout.fields[-1].value = "Save the order"
    if request.method == "POST" and form.is_valid():
        return say_done(
            request,
            token,
            lambda: continuing.change_ranking(application, form.letters(), at=timezone.now()),
            "Your order is saved.",
        )
    return show(request, token, application, form, "Your foci", intro="applications/intro_foci.html", run=run)


@my_application
@require_http_methods(["GET", "HEAD", "POST"])
@limit("upload", "60/h")
def manage_plan(request, application, token):
    """Send or change the development plan."""
    if "plan" not in application.answers:
        raise Http404
    if why := closed.plan(application):
        rows = [(row["key"], row["value"]) for row in said_in(application) if row["page"] == "plan"]
        return say_closed(request, token, application, "Your development plan", why, rows)
    kept = file_of(application)
    form = _plan_form(request, application, kept, may_wait=False)
    form.helper.layout.fields[-1].value = "Send the plan"
    if request.method == "POST" and form.is_valid():
        return say_done(
            request,
            token,
            lambda: continuing.change_plan(application, form.said(), form.upload(), at=timezone.now()),
            "Your hub has the plan.",
        )
    more = {"intro": "applications/intro_plan.html", "kept": kept, "multipart": True}
    return show(request, token, application, form, "Your development plan", **more)


@my_application
@require_safe
def manage_plan_file(request, application, token) -> HttpResponse:
    """Hand the school its own file back."""
    found = Document.objects.filter(application=application).first()
    if found is None or application.answers.get("plan") != "file":
        raise Http404
    return documents.download(found)


@my_application
@require_POST
def manage_same(request, application, token):
    """Name the two who led last year again."""
    people = last_years_people(application)
    if not people or closed.names(application):
        messages.error(request, "We have no names from last year that could be used here. Please enter them.")
        return redirect("applications:manage_advocates", token=token)
    return say_done(
        request,
        token,
        lambda: actions.name_advocates(application, people, at=timezone.now()),
        "The names are saved.",
    )
