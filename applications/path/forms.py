"""What a visitor says of the years before. Nothing of it is kept: it stands in the address of the page."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from crispy_forms_gds.layout import HTML, Field
from django import forms

from applications.forms import Page
from hubportal.clock import year_label
from hubportal.rules import Finding
from programmes.models import Establishment, LocalAuthority

from .facts import Been, History

FIRST_YEAR = 2014  # the first year of the programmes
FIRST_COHORT_BEGAN = 2016
BEEN = [
    ("no", "No, never"),
    ("now", "Yes, we are in it this year"),
    ("completed", "Yes, and we completed it"),
    ("part", "Yes, but we did not finish"),
    ("unsure", "I am not sure"),
]
STATUS = {"now": "active", "completed": "completed", "part": "part_completed"}
KINDS = {
    "secondary": ("A state-funded secondary, middle or all-through school", 34, Establishment.Phase.SECONDARY),
    "special": ("A special school with pupils over 11", 7, Establishment.Phase.NOT_APPLICABLE),
    "ap": ("Alternative provision or a pupil referral unit", 14, Establishment.Phase.NOT_APPLICABLE),
    "post16": ("A sixth form or a 16 to 19 college", 31, Establishment.Phase.POST_16),
    "primary": ("A primary school", 1, Establishment.Phase.PRIMARY),
    "independent": ("An independent school", 11, Establishment.Phase.NOT_APPLICABLE),
}
HIGH_AGES = {"primary": 11}


class BeforeForm(Page):
    """Two questions about the department, and which kind of school it is where no URN says so."""

    button = "Show what we can join"
    # Nameless: what a button would add to the address is nobody's answer.
    make_button = staticmethod(lambda name, words: HTML(f'<button class="govuk-button">{words}</button>'))

    kind = forms.ChoiceField(
        label="What kind of school is it?",
        choices=[(code, row[0]) for code, row in KINDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of school it is."},
    )
    been = forms.ChoiceField(
        label="Has your maths department been in Development?",
        choices=BEEN,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether your department has been in Development."},
    )
    year = forms.TypedChoiceField(
        label="If it has, in which school year?", coerce=int, empty_value=None, required=False
    )
    cohort = forms.TypedChoiceField(
        label="Is there a Mastery Specialist in your department?", coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args, this_year: int, first: str = "Development", by_urn: bool = False, **kwargs):
        self.by_urn = by_urn
        self.this_year = this_year
        super().__init__(*args, **kwargs)
        self.fields["been"].label = f"Has your maths department been in {first}?"
        years = [(year, year_label(year)) for year in range(this_year, FIRST_YEAR - 1, -1)]
        self.fields["year"].choices = [("", "Choose a year"), *years]
        began = enumerate(range(FIRST_COHORT_BEGAN, this_year + 1), start=1)
        cohorts = [(number, f"Yes, cohort {number}, begun in {year_label(year)}") for number, year in began]
        self.fields["cohort"].choices = [("", "No, or I am not sure"), *cohorts]
        if by_urn:
            del self.fields["kind"]

    def layout(self):
        kind = [] if self.by_urn else [Field.radios("kind", small=True)]
        return [*kind, Field.radios("been", small=True), Field.select("year"), Field.select("cohort")]

    def clean(self):
        data = super().clean()
        if data.get("been") in {"completed", "part"} and not data.get("year") and "year" not in self.errors:
            self.add_error("year", "Choose the school year in which it was.")
        return data

    def history(self, family: str) -> History:
        """Return what the visitor says of the years before; of `family`, the programme that one begins with."""
        data = self.cleaned_data
        status = STATUS.get(data["been"])
        year = self.this_year if data["been"] == "now" else data.get("year")
        been = (Been(family, year, status),) if status else ()
        cohorts = (data["cohort"],) if data.get("cohort") else ()
        return History(been, cohorts, whole=data["been"] == "no")


def made_up(kind: str, today: date) -> Establishment:
    """Return a school of this kind that nothing else is known of, for the rules to look at; it is never saved."""
    label, type_code, phase = KINDS[kind]
    return Establishment(
        urn=0,
        name=label,
        local_authority=LocalAuthority(code="", name=""),
        type_code=type_code,
        type_name=label,
        status=Establishment.State.OPEN,
        phase=phase,
        high_age=HIGH_AGES.get(kind, 16),
        low_age=16 if kind == "post16" else None,
        seen_on=today,
    )


def by_your_answer(findings: Iterable[Finding]) -> list[Finding]:
    """Return what the rules say of a made-up school: by its visitor's answer, for no register knows it."""
    said = "by your answer your school"
    return [replace(each, text=each.text.replace("the register says that this school", said)) for each in findings]
