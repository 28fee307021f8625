"""What staff fill in to change a place. Each form is one page and is given the place and the person."""

from crispy_forms_gds.layout import Field, Fieldset
from django import forms
from django.utils import timezone

from applications.forms import Page, TidyText, email_field, name_field
from hubportal.clock import london_date, year_label
from hubportal.templatetags.hub import pounds
from programmes.cohorts.actions import grant_amount
from programmes.cohorts.changes import replaceable
from programmes.funding import leaving
from programmes.models import Cohort, Place, PostRole

ABOUT = {
    "no_reason": "reason", "ends_before": "until_on", "ends_late": "until_on", "begins_before": "from_on",
    "begins_late": "from_on", "judge": "judged", "nobody_chosen": "leave", "year": "to_year", "full": "to",
    "no_grant_amount": "to", "has_place": "to", "no_rules": "to",
}  # fmt: skip
"""At which field a finding is shown; one about an Advocate is shown at that Advocate's."""


class PlaceForm(Page):
    """A form about one place. `impossible` says why nothing can be filled in, if that is so."""

    impossible = ""

    def __init__(self, data=None, *, place: Place, user, button: str, initial=None):
        self.button, self.place, self.user = button, place, user
        self.prepare()
        super().__init__(data, initial=initial or self.starts_with())

    def prepare(self) -> None:
        """Look up what the fields are made of."""

    def starts_with(self) -> dict:
        return {}

    def layout(self):
        return [self.laid_out(name) for name in self.fields]

    def laid_out(self, name: str):
        widget = self.fields[name].widget
        if isinstance(widget, forms.Textarea):
            return Field.textarea(name, rows=3)
        return Field.radios(name, small=True) if isinstance(widget, forms.RadioSelect) else name

    def add_findings(self, findings) -> None:
        """Say each finding at its field."""
        for each in findings:
            code, _, number = each.code.partition(":")
            named = ("role_" if code == "no_leading_advocate" else "email_") + number
            name = named if number else ABOUT.get(code, code)
            self.add_error(name if name in self.fields else None, each.text)


def reason_field(label: str = "Reason") -> forms.CharField:
    errors = {"required": "Give the reason.", "max_length": "Please keep it to 200 characters."}
    help_text = "Staff see it. Name nobody: it is kept in the history."
    return TidyText(label=label, max_length=200, help_text=help_text, error_messages=errors)


def day_field(label: str, missing: str, **more) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": "Enter a date, like 27/3/2027."},
        **more,
    )


class ReasonForm(PlaceForm):
    reason = reason_field()


class ReplaceForm(PlaceForm):
    leave = forms.MultipleChoiceField(
        label="Who leaves?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Say below who follows. Leave the lines of who stays empty.",
        error_messages={"required": "Choose who leaves.", "invalid_choice": "Somebody else has just changed this."},
    )
    until_on = day_field("Last day of who leaves", "Give the last day.")
    from_on = day_field("First day of who follows", "Give the first day.")
    reason = reason_field("Why do they leave?")
    judged = forms.BooleanField(
        label="If neither leads in the department: I judge one of the roles to be similar to leading",
        required=False,
    )

    def prepare(self) -> None:
        self.advocates = list(replaceable(self.place))
        if not self.advocates:
            self.impossible = "No Advocate takes part for this place now."

    def starts_with(self) -> dict:
        today = london_date(timezone.now())
        only = {"leave": [str(self.advocates[0].pk)]} if len(self.advocates) == 1 else {}
        return {"until_on": today, "from_on": today, **only}

    def layout(self):
        self.fields["leave"].choices = [(each.pk, _called(each)) for each in self.advocates]
        groups = []
        for each in self.advocates:
            self.fields |= {
                f"name_{each.pk}": name_field("Full name", "Enter the name.", required=False),
                f"email_{each.pk}": email_field("Work e-mail address", "Enter the address.", required=False),
                f"role_{each.pk}": forms.ChoiceField(
                    label="Role", choices=[("", "Choose a role"), *PostRole.choices], required=False
                ),
            }
            names = [f"{name}_{each.pk}" for name in ("name", "email", "role")]
            groups.append(Fieldset(*names, legend=f"Who follows {each.person}?", legend_size="m"))
        return [
            Field.checkboxes("leave", small=True),
            *groups,
            Field.text("until_on", field_width=10),
            Field.text("from_on", field_width=10),
            Field.textarea("reason", rows=3),
            Field.checkbox("judged", small=True),
        ]

    def clean(self):
        data = super().clean()
        for number in data.get("leave", []):
            missing = {"name": "Enter the name.", "email": "Enter the address.", "role": "Choose the role."}
            for name, text in missing.items():
                field = f"{name}_{number}"
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, text)
        return data

    def new(self) -> dict[int, dict]:
        """Return who follows each Advocate that leaves."""
        data = self.cleaned_data
        return {
            int(number): {name: data[f"{name}_{number}"] for name in ("name", "email", "role")}
            for number in data["leave"]
        }


def _called(advocate) -> str:
    return f"{advocate.person}, {advocate.get_role_display().lower()}"


class DeferForm(PlaceForm):
    to_year = forms.TypedChoiceField(
        label="To which year?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the year.", "invalid_choice": "Choose a year of the list."},
    )
    reason = reason_field()

    def layout(self):
        self.fields["to_year"].choices = [(year, year_label(year)) for year in leaving.years_ahead(self.place)]
        return super().layout()


class CohortField(forms.ModelChoiceField):
    """A cohort with the room that it has and the grant that a place there brings."""

    def __init__(self, label: str):
        errors = {"required": "Choose where to.", "invalid_choice": "Choose one of the list."}
        super().__init__(
            Cohort.objects.none(), label=label, widget=forms.RadioSelect, empty_label=None, error_messages=errors
        )

    def offer(self, cohorts) -> None:
        self.in_force, self.queryset = {}, cohorts

    def label_from_instance(self, cohort):
        project = cohort.project
        if project.pk not in self.in_force:  # most cohorts are of one project, which is asked once
            self.in_force[project.pk] = project.rule_sets.in_force(london_date(timezone.now()))
        rule_set = self.in_force[project.pk]
        amount = grant_amount(cohort, rule_set) if rule_set else None
        money = f"grant there: {pounds(amount)}" if amount is not None else "grant there: not set yet"
        left = max(cohort.capacity - cohort.taken, 0)
        room = f"{left} place{'' if left == 1 else 's'} left" if left else "full"
        return f"{cohort.hub}: {cohort.project}. {room[:1].upper()}{room[1:]}; {money}"


class MoveForm(PlaceForm):
    to = CohortField("Where to?")
    reason = reason_field()

    def prepare(self) -> None:
        self.found = leaving.could_move_to(self.place)
        if not self.found:
            self.impossible = "No other hub runs this programme in this year, and your hub no other one like it."

    def layout(self):
        self.fields["to"].offer(self.found)
        return super().layout()


class TakeUpForm(PlaceForm):
    to = CohortField("Which year?")

    def prepare(self) -> None:
        self.found = leaving.could_take_up(self.place)
        if not self.found:
            self.impossible = "Your hub has no cohort of this programme for a later year yet. Add one first."

    def layout(self):
        self.fields["to"].offer(self.found)
        return super().layout()
