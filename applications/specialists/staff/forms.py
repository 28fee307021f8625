"""What staff fill in to act on a teacher's application. Each form is given the application."""

from datetime import date

from crispy_forms_gds.layout import Field
from django import forms
from django.utils import timezone

from applications.forms import HeadForm, Page, text_field
from applications.specialists.decisions import readers_for
from applications.specialists.forms import DATE_FORMATS, ContactForm, yes_no
from applications.specialists.models import CRITERIA, HIGHEST, LOWEST, SpecialistApplication
from hubportal.clock import london_date
from programmes.specialists.forms import DayField

NO_READER = {"required": "Choose a reader.", "invalid_choice": "Choose one of these people."}


class ActForm(Page):
    """A form about one application."""

    def __init__(self, data=None, *, application: SpecialistApplication, user, button: str, initial=None):
        self.button, self.application, self.user = button, application, user
        super().__init__(data, initial=initial)

    def layout(self):
        return [Field.textarea(name, rows=4) if self._is_long(name) else name for name in self.fields]

    def _is_long(self, name: str) -> bool:
        return isinstance(self.fields[name].widget, forms.Textarea)


class ConfirmForm(ActForm):
    """Nothing to fill in."""


class NoteForm(ActForm):
    note = text_field("What did you find?", "Say what you found.")


class ReasonForm(ActForm):
    reason = text_field("Reason", "Give the reason.")


class LetterForm(ActForm):
    reason = text_field(
        "Reason, as the teacher will read it", "Write the reason: the teacher reads it.", help_text="In the letter."
    )


class ReserveForm(ActForm):
    reason = text_field("A sentence for the letter (optional)", required=False)


class ReadersForm(ActForm):
    """Two different people of the hub."""

    first = forms.TypedChoiceField(label="First reader", coerce=int, error_messages=NO_READER)
    second = forms.TypedChoiceField(label="Second reader", coerce=int, error_messages=NO_READER)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {user.pk: user for user in readers_for(self.application)}
        chosen = [reading.reader_id for reading in self.application.readings.all()]
        for n, name in enumerate(("first", "second")):
            self.fields[name].choices = [
                ("", "Choose a person"),
                *((pk, str(user)) for pk, user in self.people.items()),
            ]
            self.fields[name].initial = chosen[n] if n < len(chosen) else None

    def layout(self):
        return [Field.select("first"), Field.select("second")]

    def clean(self):
        data = super().clean()
        if data.get("first") and data.get("first") == data.get("second"):
            self.add_error("second", "Choose two different people.")
        return data

    def readers(self) -> list:
        return [self.people[self.cleaned_data[name]] for name in ("first", "second")]


class FactsForm(ActForm):
    """What the teacher said of themselves, corrected after asking them."""

    qts = yes_no("Qualified teacher status (QTS)", "Choose whether they have QTS.")
    qts_on = DayField(
        label="Awarded on",
        required=False,
        input_formats=DATE_FORMATS,
        error_messages={"invalid": "Enter a date, like 1/9/2018, or a year."},
    )
    years_teaching = forms.IntegerField(
        label="Full years of teaching",
        min_value=0,
        max_value=60,
        widget=forms.TextInput,
        error_messages={"required": "Enter the years.", "invalid": "Enter a whole number."},
    )
    is_ect = yes_no("Early career teacher", "Choose whether they are an early career teacher.")
    note = text_field("Who told you, and when?", "Say who told you.")

    def __init__(self, data=None, *, application, **kwargs):
        said = {True: "yes", False: "no"}
        initial = {
            "qts": said.get(application.qts),
            "qts_on": application.qts_on,
            "years_teaching": application.years_teaching,
            "is_ect": said.get(application.is_ect),
        }
        super().__init__(data, application=application, **kwargs | {"initial": initial})

    def layout(self):
        return [
            Field.radios("qts", small=True, inline=True),
            Field.text("qts_on", field_width=10),
            Field.text("years_teaching", field_width=2),
            Field.radios("is_ect", small=True, inline=True),
            Field.textarea("note", rows=3),
        ]

    def clean_qts_on(self):
        on: date | None = self.cleaned_data["qts_on"]
        if on and on > london_date(timezone.now()):
            raise forms.ValidationError("This date lies ahead. Enter the date on which QTS was awarded.")
        return on

    def values(self) -> dict:
        data = self.cleaned_data
        return {
            "qts": data["qts"] == "yes",
            "qts_on": data["qts_on"],
            "years_teaching": data["years_teaching"],
            "is_ect": data["is_ect"] == "yes",
            "note": data["note"],
        }


class StaffHeadForm(ActForm, HeadForm):
    def __init__(self, data=None, *, application, **kwargs):
        initial = {"head_name": application.head_name, "head_email": application.head_email}
        super().__init__(data, application=application, **kwargs | {"initial": initial})


class StaffContactForm(ActForm, ContactForm):
    def __init__(self, data=None, *, application, **kwargs):
        initial = {"name": application.name, "email": application.email}
        super().__init__(data, application=application, **kwargs | {"initial": initial})


class ScoreForm(ActForm):
    """A reader's scores, 1 to 5 each, and notes for the panel."""

    notes = text_field("Notes for the panel (optional)", required=False)

    def layout(self):
        choices = [(str(n), str(n)) for n in range(LOWEST, HIGHEST + 1)]
        notes = self.fields.pop("notes")
        for name, label in CRITERIA.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                help_text=f"{LOWEST} is weak, {HIGHEST} is strong.",
                choices=choices,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages=dict.fromkeys(
                    ["required", "invalid_choice"], f"{label}: give a score from {LOWEST} to {HIGHEST}."
                ),
            )
        self.fields["notes"] = notes
        return [*(Field.radios(name, inline=True, small=True) for name in CRITERIA), Field.textarea("notes", rows=5)]

    def scores(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in CRITERIA}
