"""The form of a cohort, and of the rooms for its foci."""

from django import forms
from django.forms.models import BaseInlineFormSet

from hubportal.clock import short_day

from .models import Cohort, Project
from .states import PlaceStatus
from .toset import blocking, in_details, leaves

DETAIL = "detail_"
SHORT_LINE = 200


def overlapping(opens_on, closes_on, others) -> Cohort | None:
    """Return the first of these cohorts whose window shares a day with the one from `opens_on` to `closes_on`."""
    dated = [other for other in others if other.opens_on and other.closes_on]
    return next((each for each in dated if each.opens_on <= closes_on and opens_on <= each.closes_on), None)


class CohortForm(forms.ModelForm):
    """What a hub says of its run of a project. What the project leaves to hubs is asked in fields of its own."""

    class Meta:
        model = Cohort
        fields = [
            "hub", "project", "capacity", "code", "grant_amount", "opens_on", "closes_on", "opens_about", "is_full",
            "contact_name", "contact_email",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.detail_fields:
            self.initial[name] = self.instance.details.get(name.removeprefix(DETAIL), "")

    @property
    def detail_fields(self) -> list[str]:
        return [name for name in self.base_fields if name.startswith(DETAIL)]

    def clean_capacity(self):
        """Refuse fewer places than are taken. The row is locked until the page is saved, so that no offer slips in."""
        capacity = self.cleaned_data["capacity"]
        if self.instance.pk:
            locked = Cohort.objects.select_for_update().get(pk=self.instance.pk)
            taken = locked.places.live().count()
            if capacity < taken:
                raise forms.ValidationError(f"{taken} places are taken or offered, so there cannot be fewer.")
        return capacity

    def clean_grant_amount(self):
        """Refuse another grant than the one that a school reads in an offer which it has not answered yet."""
        amount = self.cleaned_data["grant_amount"]
        if self.instance.pk:
            locked = Cohort.objects.select_for_update().get(pk=self.instance.pk)
            if amount != locked.grant_amount and locked.places.filter(status=PlaceStatus.OFFERED).exists():
                raise forms.ValidationError("Schools have offers that name the grant. Change it when all are answered.")
        return amount

    def clean(self):
        data = super().clean()
        opens_on, closes_on = data.get("opens_on"), data.get("closes_on")
        for given, missing in (("opens_on", "closes_on"), ("closes_on", "opens_on")):
            if data.get(given) and not data.get(missing) and missing not in self.errors:
                self.add_error(missing, "Give the first and the last day, or neither.")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", "The last day cannot come before the first.")
        elif opens_on and closes_on:
            self._refuse_overlap(opens_on, closes_on)
        self._keep_details(data)
        if opens_on:
            self._refuse_unset(data)
        return data

    def _refuse_overlap(self, opens_on, closes_on):
        """Refuse two years of one programme that take applications at once: schools would apply for the wrong one."""
        hub = self.cleaned_data.get("hub") or (self.instance.hub if self.instance.pk else None)
        project = self._project()
        if hub is None or project is None:
            return
        others = Cohort.objects.select_for_update(of=("self",)).filter(hub=hub, project__programme=project.programme_id)
        if other := overlapping(opens_on, closes_on, others.exclude(pk=self.instance.pk).select_related("project")):
            self.add_error(
                "opens_on",
                f"Your window for {other.project} is from {short_day(other.opens_on)} to {short_day(other.closes_on)}. "
                "One year of a programme takes applications at a time, so that no school applies for the wrong one.",
            )

    def _project(self) -> Project | None:
        return self.instance.project if self.instance.pk else self.cleaned_data.get("project")

    def _keep_details(self, data):
        said = {name.removeprefix(DETAIL): data.get(name, "") for name in self.detail_fields}
        self.instance.details = {**self.instance.details, **said}

    def _refuse_unset(self, data):
        """Refuse dates while the hub has not set what no source says and nobody can apply without."""
        project = self._project()
        if project is None or self.errors:
            return
        for name in ("code", "capacity", "grant_amount"):
            if name in data:
                setattr(self.instance, name, data[name])
        for fact in blocking(self.instance, project, foci_set=True):  # the rooms speak for themselves, below
            field = fact.field if fact.field in self.fields else DETAIL + fact.field
            text = f"Set this before you give dates: {fact.label}."
            self.add_error(field if field in self.fields else "opens_on", text)


def form_for(project: Project | None) -> type[CohortForm]:
    """Return the form of a cohort of this project, with a line for each thing that it leaves to hubs."""
    if project is None:
        return CohortForm
    lines = {
        DETAIL + row["field"]: forms.CharField(label=row["label"], max_length=SHORT_LINE, required=False)
        for row in in_details(project)
    }
    return type("CohortForm", (CohortForm,), lines)


class FocusRooms(BaseInlineFormSet):
    """The rooms for single foci. Dates wait for them where no source names the foci of the year."""

    def clean(self):
        super().clean()
        cohort = self.instance
        said = [form for form in self.forms if form.cleaned_data.get("focus") and not form.cleaned_data.get("DELETE")]
        for form in said:
            self._refuse_fewer(form)
        blocks = any(row["field"] == "foci" and row.get("blocks") for row in cohort.project.to_set)
        if cohort.opens_on and blocks and not said:
            raise forms.ValidationError("Say which foci your hub runs before you give dates.")

    def _refuse_fewer(self, form):
        focus, capacity = form.cleaned_data["focus"], form.cleaned_data.get("capacity")
        taken = self.instance.places.live().filter(focus=focus).count() if self.instance.pk else 0
        if capacity is not None and capacity < taken:
            form.add_error("capacity", f"{taken} places of this focus are taken or offered, so there cannot be fewer.")


def asks(project: Project | None) -> list[str]:
    """Return the fields of the form that only some projects ask for."""
    if project is None:
        return []
    own = [name for name in ("code", "grant_amount") if leaves(project, name)]
    return [*own, *(DETAIL + row["field"] for row in in_details(project))]
