"""The pages on which staff correct a person's record, and join two records of one person."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from hubportal.history.actions import IllegalMove
from hubportal.rules import Refused
from hubportal.templatetags.hub import short_day

from . import corrections, hanging, joining
from .duplicates import pairs, with_details
from .forms import AddressForm, FindForm, JoinForm, NameForm
from .models import Person, PersonEmail

CHANGE = "admin:programmes_person_change"
DUPLICATES = "admin:programmes_person_duplicates"
FOUND = 20


@dataclass(frozen=True)
class Side:
    """One of two records, with all that the reader may see of it."""

    person: Person
    rows: list[tuple[str, list[str]]]


def person_for(user, pk: int) -> Person:
    """Return a person whom `user` may see and correct. Raises Http404 or PermissionDenied."""
    found = Person.objects.visible_to(user).kept().prefetch_related("emails", "names", "accreditations")
    person = get_object_or_404(found.with_posts_for(user), pk=pk)
    if not hanging.may_decide(user, person):
        raise PermissionDenied
    return person


def side_by_side(people, user) -> list[Side]:
    return [Side(each, _rows(each, user)) for each in people]


def _rows(person: Person, user) -> list[tuple[str, list[str]]]:
    names = [f"{each.name}, until {short_day(each.until_on)}" for each in person.names.all()]
    posts = [f"{post.get_role_display()}, {post.school}, {_from_to(post)}" for post in person.shown_posts]
    accredited = [f"{each.get_kind_display()}, {_from_to(each)}" for each in person.accreditations.all()]
    return [
        ("Name", [person.name]),
        ("Former names", names),
        ("Teacher reference number", [person.trn] if person.trn else []),
        ("E-mail addresses", [each.email for each in person.emails.all()]),
        ("Posts", posts),
        ("Accreditations", accredited),
        ("Places and cohorts", hanging.shown(person, user)),
        ("Record", [f"Number {person.pk}, since {short_day(person.created_at)}"]),
    ]


def _from_to(each) -> str:
    return f"from {short_day(each.from_on)}" + (f" until {short_day(each.until_on)}" if each.until_on else "")


def rename(request, pk, page):
    """Correct the name or number of a person, with what is kept of the name before."""
    person = person_for(request.user, pk)
    form = NameForm(request.POST or None, initial={"name": person.name, "trn": person.trn})
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        if _tried(form, lambda: corrections.rename(person, **form.cleaned_data, by=request.user, at=at)):
            messages.success(request, "The name and number are saved.")
            return redirect(CHANGE, pk)
    return page("admin/people_form.html", title=f"Name of {person}", person=person, form=form, button="Save")


def add_address(request, pk, page):
    person = person_for(request.user, pk)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at, email = timezone.now(), form.cleaned_data["email"]
        if _tried(form, lambda: corrections.add_address(person, email, by=request.user, at=at)):
            messages.success(request, "The address is saved.")
            return redirect(CHANGE, pk)
    return page("admin/people_form.html", title=f"Another address of {person}", person=person, form=form, button="Add")


def remove_address(request, pk, address, page):
    """Ask first, and remove the address on POST."""
    person = person_for(request.user, pk)
    found = get_object_or_404(PersonEmail, pk=address, person=person)
    if request.method == "POST":
        _said(request, lambda at: corrections.remove_address(person, found.pk, by=request.user, at=at), "Removed.")
        return redirect(CHANGE, pk)
    return page("admin/people_remove.html", title=f"Remove an address of {person}", person=person, address=found)


def find(request, pk, page):
    """Ask which other record is of the same person: by name or address, among those that the reader may see."""
    person = person_for(request.user, pk)
    form = FindForm(request.GET or None)
    found = _matching(request.user, form.cleaned_data["q"], person) if form.is_bound and form.is_valid() else None
    return page("admin/people_find.html", title=f"The same person as {person}", person=person, form=form, found=found)


def _matching(user, words: str, person: Person):
    people = Person.objects.visible_to(user).kept().exclude(pk=person.pk).prefetch_related("emails")
    return list((people.filter(name__icontains=words) | people.filter(emails__email__iexact=words)).distinct()[:FOUND])


def join(request, pk, other, page):
    """Show two records side by side with what joining means; ask for it on POST, or say that they are two people."""
    person, into = person_for(request.user, pk), person_for(request.user, other)
    if person.pk == into.pk:
        raise Http404
    form = JoinForm(request.POST if request.POST.get("verb") == "ask" else None)
    if request.method == "POST" and request.POST.get("verb") == "two":
        said = "They are kept as two people, and nobody is asked again."
        _said(request, lambda at: joining.are_two(person, into, by=request.user, at=at), said)
        return redirect(DUPLICATES)
    if form.is_bound and form.is_valid():
        reason, at = form.cleaned_data["reason"], timezone.now()
        if _tried(form, lambda: joining.ask(person, into, reason=reason, by=request.user, at=at)):
            messages.success(request, "A second person of your hub can agree now.")
            return redirect(CHANGE, into.pk)
    return page(
        "admin/people_join.html",
        title=f"Join {person} into {into}" if person.name != into.name else f"Join two records of {person}",
        person=person,
        into=into,
        sides=side_by_side([person, into], request.user),
        means=joining.consequences(person, into),
        findings=list(joining.against(person, into)),
        asked=joining.between(person, into).waiting().first(),
        form=form,
    )


def duplicates(request, page):
    """List the people of the reader's hubs who may be one."""
    user = request.user
    if not (user.is_superuser or user.hubs_where(hanging.PERMISSION)):
        raise PermissionDenied
    found = with_details(pairs(Person.objects.visible_to(user)))
    return page("admin/people_duplicates.html", title="People who may be one", found=found)


def answer(request, asked, verb):
    """Agree to join two records, as the second person, or keep them apart; return whether that was done."""
    if not hanging.may_decide(request.user, asked.into) and not hanging.may_decide(request.user, asked.person):
        raise PermissionDenied
    action, said = {
        "agree": (joining.agree, "The two records are one now."),
        "reject": (joining.reject, "They are kept as two people."),
    }[verb]
    _said(request, lambda at: action(asked, by=request.user, at=at), said)


def _tried(form, action) -> bool:
    """Do it, or say at the field why not; return whether it was done."""
    try:
        action()
    except IllegalMove as problem:
        form.add_error(None, str(problem))
    except Refused as refused:
        for each in refused.findings:
            form.add_error(each.code if each.code in form.fields else None, each.text)
    else:
        return True
    return False


def _said(request, action, said: str) -> None:
    try:
        action(timezone.now())
    except (IllegalMove, Refused) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said)
