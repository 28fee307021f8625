"""The page of the person who is signed in."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import sessions
from .models import HubMembership


@require_safe
def my(request):
    memberships = HubMembership.objects.filter(user=request.user).with_details()
    context = {"memberships": memberships, "has_second_factor": sessions.has_second_factor(request.user)}
    return render(request, "account/my.html", context)
