"""The form by which staff let one school apply late."""

from datetime import timedelta

from crispy_forms_gds.layout import Field
from django import forms

from applications.forms import Page, TidyField, email_field, name_field
from hubportal.templatetags.hub import short_day

LONGEST = timedelta(days=60)


class LateForm(Page):
    button = "Send the link"
    school_name = TidyField(
        label="Name of the school",
        max_length=200,
        error_messages={"required": "Enter the name of the school.", "max_length": "The name is too long."},
    )
    contact_name = name_field("Who at the school gets the link", "Enter the name of the person who gets the link.")
    contact_email = email_field("Their work e-mail address", "Enter the address to which the link goes.")
    reason = TidyField(
        label="Why may this school apply late?",
        max_length=300,
        help_text="For your colleagues. The school does not see it. Name no pupil.",
        error_messages={"required": "Say why.", "max_length": "Keep it to 300 characters."},
    )
    until_on = forms.DateField(
        label="Until when does the link work?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Enter the last day.", "invalid": "Enter a day, like 2027-02-05."},
    )

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def layout(self):
        return [
            Field.text("school_name"),
            Field.text("contact_name", autocomplete="off"),
            Field.text("contact_email", spellcheck="false", autocomplete="off"),
            Field.text("reason"),
            Field.text("until_on", field_width=10),
        ]

    def clean_until_on(self):
        until_on = self.cleaned_data["until_on"]
        if until_on < self.today:
            raise forms.ValidationError("The last day lies in the past.")
        if until_on > self.today + LONGEST:
            latest = short_day(self.today + LONGEST)
            raise forms.ValidationError(f"A late link works for 60 days at the most, so until {latest}.")
        return until_on
