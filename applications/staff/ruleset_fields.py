"""A form field for each kind of parameter of a rule, and for a row of the table of school types."""

import re

from django import forms

from applications.forms import TidyField, TidyText
from applications.rules.parameters import PHASES, RESULTS, ROLES, TYPES, Parameter

YES_NO = [("yes", "Yes"), ("no", "No")]
ROLE_CHOICES = [(code, words[:1].upper() + words[1:]) for code, words in ROLES.items()]


class YesNo(forms.TypedChoiceField):
    """Yes or no as a choice, because an unticked box cannot be told from one that was not there."""

    def __init__(self, **kwargs):
        super().__init__(choices=YES_NO, coerce=lambda value: value == "yes", widget=forms.RadioSelect, **kwargs)

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)


class Number(forms.IntegerField):
    def __init__(self, *, least: int, most: int, **kwargs):
        said = f"Enter a number from {least} to {most}."
        errors = {"required": said, "invalid": "Enter a whole number, like 2.", "min_value": said, "max_value": said}
        super().__init__(widget=forms.TextInput, min_value=least, max_value=most, error_messages=errors, **kwargs)


class Codes(TidyField):
    """Codes of the register, written “1, 2, 34”."""

    def __init__(self, known: dict[int, str], what: str, **kwargs):
        self.known, self.what = known, what
        super().__init__(required=False, max_length=200, **kwargs)

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value):
        text = super().clean(value)
        found = re.split(r"[\s,;]+", text) if text else []
        unknown = [each for each in found if not (each.isascii() and each.isdigit() and int(each) in self.known)]
        if unknown:
            raise forms.ValidationError(f"No {self.what} has this code. Write codes like 1, 2, 34.")
        return [int(each) for each in found]


class Span(TidyField):
    """Two numbers, written “4 to 6”."""

    def prepare_value(self, value):
        return " to ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value):
        found = re.fullmatch(r"(\d{1,4}) to (\d{1,4})", super().clean(value))
        if not found or int(found[1]) > int(found[2]):
            raise forms.ValidationError("Enter two numbers, like 4 to 6.")
        return [int(found[1]), int(found[2])]


def of_parameter(each: Parameter, families: list[tuple[str, str]]) -> forms.Field:
    """Return the field of one parameter. A table is no single field."""
    about = {"label": each.label, "required": each.required, "help_text": each.help}
    if each.kind == "number":
        return Number(least=each.least, most=each.most, **about)
    if each.kind == "yes_no":
        return YesNo(**about | {"error_messages": {"required": "Choose yes or no."}})
    if each.kind == "family":
        return forms.ChoiceField(
            choices=families, error_messages={"required": "Choose the programme.", "invalid_choice": NO_PROGRAMME},
            **about,
        )  # fmt: skip
    if each.kind in {"roles", "families"}:
        choices = (
            [(code, words[:1].upper() + words[1:]) for code, words in ROLES.items()]
            if each.kind == "roles"
            else families
        )
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one."}, **about,
        )  # fmt: skip
    return TidyField(max_length=200, **about)


NO_PROGRAMME = "There is no such programme. Choose one of these."


def of_term(value, label: str) -> forms.Field:
    """Return the field of a term, by what it is now."""
    about = {"label": label}
    if isinstance(value, bool):
        return YesNo(**about)
    if isinstance(value, int):
        return Number(least=0, most=10_000, **about)
    return Span(**about) if isinstance(value, list) else TidyField(max_length=200, **about)


def of_table_row() -> dict[str, forms.Field]:
    """Return the fields of one row of the table, by name."""
    results = [*RESULTS.items(), ("", "Leave this row out")]
    phases = "; ".join(f"{code} {words}" for code, words in PHASES.items() if code)
    return {
        "result": forms.ChoiceField(label="What it comes to", choices=results, required=False),
        "why": TidyText(
            label="Why, as the school reads it", required=False, max_length=300,
            widget=forms.Textarea(attrs={"rows": 2}),
        ),
        "types": Codes(TYPES, "type of school", label="Types of school, by code", help_text="Empty: any type."),
        "phases": Codes(PHASES, "phase", label="Phases, by code", help_text=f"Empty: any. {phases}."),
        "above_age": Number(
            least=0, most=25, required=False, label="Only with pupils older than", help_text="Empty: any age."
        ),
        "section_41": forms.TypedChoiceField(
            label="Approved under section 41", required=False, empty_value=None,
            coerce=lambda value: value == "yes", choices=[("", "Either way"), *YES_NO],
        ),
    }  # fmt: skip
