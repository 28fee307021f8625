"""The pages that only a department that goes on is asked: how it comes, which focus, who leads, and its plan."""

from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms
from django.utils.datastructures import MultiValueDict

from hubportal.clock import year_label
from programmes.cohorts.foci import Room

from .documents import ACCEPTED, NotAccepted, look_at
from .forms import WORDS, YES_NO, Page, text_field, tidy

FIRST_YEAR, FIRST_COHORT, LAST_COHORT = 2014, 1, 40  # the first Maths Hubs; national cohorts of specialists


def number_field(label: str, missing: str, *, least: int, most: int, required: bool = True, **more):
    between = f"Enter a number from {least} to {most}."
    errors = {
        "required": missing,
        "invalid": "Enter a whole number, like 8.",
        "min_value": between,
        "max_value": between,
    }
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, error_messages=errors,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}), **more,
    )  # fmt: skip


class RouteForm(Page):
    """How the department comes to this phase. What is filled in for another route than the chosen one is dropped."""

    ROUTES = (
        ("development", "We did Development"),
        ("specialist", "Our department has a Mastery Specialist"),
        ("break", "We took part before and are coming back after a break"),
    )
    NEEDS = {"development": "route_year", "specialist": "route_cohort", "break": "route_year"}
    MISSING = {
        "route_year": "Choose the year in which your department last took part.",
        "route_cohort": "Enter the number of the specialist's cohort, like 6.",
    }
    route = forms.ChoiceField(
        label="Which of these is true?",
        choices=ROUTES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how your department comes to this."},
    )
    route_year = forms.TypedChoiceField(
        label="If you took part: in which year, the last time?", coerce=int, empty_value=None, required=False,
        error_messages={"invalid_choice": "Choose one of these years."},
    )  # fmt: skip
    route_cohort = number_field(
        "If you have a Mastery Specialist: of which national cohort?",
        "",
        least=FIRST_COHORT,
        most=LAST_COHORT,
        required=False,
        help_text="A number, like 6. The specialist knows it.",
    )

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        years = range(year - 1, FIRST_YEAR - 1, -1)
        self.fields["route_year"].choices = [("", "Choose a year"), *((each, year_label(each)) for each in years)]

    def layout(self):
        return [
            Field.radios("route", small=True, legend_size=Size.MEDIUM),
            Field.select("route_year"),
            Field.text("route_cohort", field_width=3),
        ]

    def clean(self):
        data = super().clean()
        needed = self.NEEDS.get(data.get("route"))
        for name, missing in self.MISSING.items():
            if name != needed:
                self.errors.pop(name, None)
                data[name] = None
            elif data.get(name) is None and name not in self.errors:
                self.add_error(name, missing)
        return data


class FociForm(Page):
    """The foci that the hub runs, in the school's order: a select for each place in the order."""

    WORDS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")  # no year had more than four

    def __init__(self, *args, run: list[Room], **kwargs):
        self.run = run
        super().__init__(*args, **kwargs)

    def layout(self):
        choices = [(room.focus.letter, room.label) for room in self.run]
        for n, word in enumerate(self.WORDS[: len(self.run)]):
            self.fields[f"focus_{n + 1}"] = forms.ChoiceField(
                label=f"{word} choice" + ("" if n == 0 else " (optional)"),
                choices=[("", "Choose a focus" if n == 0 else "No further choice"), *choices],
                required=n == 0,
                error_messages={
                    "required": "Choose the focus that you would like most.",
                    "invalid_choice": "Your hub does not run that focus. Choose one of these.",
                },
            )
        return [Field.select(name) for name in self.fields]

    def clean(self):
        data, seen = super().clean(), {}
        for name in self.fields:
            letter = data.get(name)
            if letter and letter in seen:
                self.add_error(name, f"This is your {seen[letter]} choice already. Choose another, or none.")
            elif letter:
                seen[letter] = self.fields[name].label.partition(" ")[0].lower()
        return data

    def letters(self) -> list[str]:
        return [letter for name in self.fields if (letter := self.cleaned_data.get(name))]

    @staticmethod
    def initial_from(letters: list[str]) -> dict:
        return {f"focus_{n}": letter for n, letter in enumerate(letters, start=1)}


class MembersForm(Page):
    """The whole department is the member: how large it is, who comes, and what it wishes for."""

    teachers = number_field(
        "How many people teach maths at your school?", "Enter how many people teach maths.", least=1, most=100
    )
    colleagues = forms.ChoiceField(
        label="Will colleagues join single sessions?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text="They need not be named now.",
        error_messages={"required": "Choose whether colleagues will join single sessions."},
    )
    colleagues_count = number_field("If yes, about how many?", "", least=1, most=100, required=False)
    support = forms.ChoiceField(
        label="Would you like a Mastery Specialist to support your department in school, if it is entitled to that?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text="Embedding: three days, in the year after Development was completed. Your hub offers it.",
        error_messages={"required": "Choose whether you would like support in school."},
    )
    hod_agrees = forms.ChoiceField(
        label="Does the head of department agree?",
        choices=[("self", "I am the head of department"), ("yes", "Yes"), ("no", "We have not talked about it yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the head of department agrees."},
    )

    def layout(self):
        return [
            Field.text("teachers", field_width=3),
            Field.radios("colleagues", small=True),
            Field.text("colleagues_count", field_width=3),
            Field.radios("support", small=True),
            Field.radios("hod_agrees", small=True),
        ]

    def clean(self):
        data = super().clean()
        if data.get("colleagues") != "yes":
            self.errors.pop("colleagues_count", None)
            data["colleagues_count"] = None
        elif (data.get("colleagues_count") or 0) > data.get("teachers", 100):
            self.add_error("colleagues_count", "This cannot be more than the number of people who teach maths.")
        return data


class OneFile(forms.FileField):
    """A file whose type its content shows."""

    widget = forms.FileInput(attrs={"class": "govuk-file-upload"})

    def to_python(self, data):
        if data in self.empty_values:
            return None
        try:
            return look_at(tidy(data.name), data.read(), size=data.size)
        except NotAccepted as problem:
            raise forms.ValidationError(str(problem)) from problem


class PlanForm(Page):
    """The department's development plan: typed, as a file, or later. `kept`: a file is there already."""

    GIVEN = (
        ("typed", "We type it here"),
        ("file", "We send a file"),
        ("later", "Not yet: we send it later by the private link"),
    )
    plan = forms.ChoiceField(
        label="How do you give us the plan?",
        choices=GIVEN,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you give us the plan."},
    )
    plan_priorities = text_field(
        "What the department will work on", required=False, help_text="The priorities, one a line."
    )
    plan_measures = text_field(
        "How you will know that it has worked", required=False, help_text="The measures of success."
    )
    file = OneFile(
        label="File", required=False, help_text=f"{ACCEPTED[:1].upper()}{ACCEPTED[1:]}. Name no pupil in it."
    )

    def __init__(self, *args, kept: bool = False, may_wait: bool = True, **kwargs):
        self.kept, self.may_wait = kept, may_wait
        super().__init__(*args, **kwargs)
        if not may_wait:
            self.fields["plan"].choices = self.GIVEN[:2]

    def layout(self):
        if self.kept:
            self.fields["file"].label = "Another file, in place of the one that we have"
        return [
            Field.radios("plan", small=True, legend_size=Size.MEDIUM),
            Fieldset(
                Field.textarea("plan_priorities", rows=4, max_characters=WORDS),
                Field.textarea("plan_measures", rows=4, max_characters=WORDS),
                legend="If you type it",
                legend_size=Size.MEDIUM,
            ),
            Fieldset(Field("file"), legend="If you send a file", legend_size=Size.MEDIUM),
        ]

    def clean(self):
        data = super().clean()
        given = data.get("plan")
        if given == "typed":
            for name, missing in (
                ("plan_priorities", "Enter what the department will work on."),
                ("plan_measures", "Enter how you will know that it has worked."),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        else:
            for name in ("plan_priorities", "plan_measures"):
                self.errors.pop(name, None)
        if given != "file":
            self._leave_out_the_file(data)
        elif not data.get("file") and not self.kept and "file" not in self.errors:
            self.add_error("file", "Choose the file with the plan.")
        return data

    def _leave_out_the_file(self, data: dict) -> None:
        """A file beside another answer would be lost in silence: ask which one counts."""
        if data.get("file") or "file" in self.errors:
            self.errors.pop("file", None)
            self.add_error("plan", "You have chosen a file as well. Choose “We send a file”, or take the file away.")

    def said(self) -> dict:
        """Return the answers as they are kept; texts of a plan that is not typed are not."""
        typed = self.cleaned_data["plan"] == "typed"
        return {
            "plan": self.cleaned_data["plan"],
            "plan_priorities": self.cleaned_data["plan_priorities"] if typed else "",
            "plan_measures": self.cleaned_data["plan_measures"] if typed else "",
        }

    def upload(self):
        return self.cleaned_data.get("file")


def files_of(request) -> MultiValueDict | None:
    """Return the files of a form that was sent, or None when the page is only looked at."""
    return request.FILES if request.method == "POST" else None
