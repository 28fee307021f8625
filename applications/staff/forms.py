"""What staff fill in to act on an application. Each form is one page and is given the application and the person."""

from collections.abc import Callable
from datetime import timedelta

from crispy_forms_gds.layout import Field
from django import forms
from django.utils import timezone

from applications import decisions, foci
from applications.endorsements import WORKING_DAYS_TO_ANSWER
from applications.forms import ContactForm, HeadForm, Page, text_field
from applications.models import Application
from applications.people_forms import AdvocatesForm, form_of
from hubportal.clock import london_date
from hubportal.messaging.reminders import next_working_day

OWN_WORDS = "own"


class ActForm(Page):
    """A form about one application. `impossible` says why nothing can be filled in, if that is so."""

    impossible = ""

    def __init__(self, data=None, *, application: Application, user, button: str, initial=None):
        self.button, self.application, self.user = button, application, user
        super().__init__(data, initial=initial)

    def layout(self):
        return [Field.textarea(name, rows=4) if self._is_long(name) else name for name in self.fields]

    def _is_long(self, name: str) -> bool:
        return isinstance(self.fields[name].widget, forms.Textarea)


class ConfirmForm(ActForm):
    """Nothing to fill in."""


class OfferForm(ActForm):
    """For which focus, where the school put some in order; nothing to fill in anywhere else."""

    def __init__(self, *args, application, **kwargs):
        self.free = foci.offerable(application)
        super().__init__(*args, application=application, **kwargs)

    def layout(self):
        if not self.free:
            return []
        self.fields["focus"] = forms.TypedChoiceField(
            label="For which focus? In the school's order",
            choices=[(each.pk, each.title) for each in self.free],
            coerce=int,
            widget=forms.RadioSelect,
            initial=self.free[0].pk,
            error_messages={"required": "Choose the focus.", "invalid_choice": "That focus has no room any more."},
        )
        return [Field.radios("focus", small=True)]

    @property
    def focus(self):
        return next((each for each in self.free if each.pk == self.cleaned_data.get("focus")), None)


class WaitlistForm(ActForm):
    note = text_field("A sentence for the school (optional; it reads this)", required=False)


class ReasonForm(ActForm):
    reason = text_field("Reason", "Give the reason.")


class LookForm(ActForm):
    reason = text_field("What should a person look at?", "Say what a person should look at.")


class LookedForm(ActForm):
    note = text_field("What did you find?", "Say what you found.")


class DeclineForm(ActForm):
    """Usual reasons in the words that the school reads, and room for one's own."""

    USUAL = [
        ("full", "All our places for this year are taken, and the waiting list is long."),
        ("not_for_you", "The programme is not meant for a school of your type; we will gladly suggest another."),
        ("done_before", "Your school has taken part in this programme before. The next step is a different one."),
        ("no_head", "The headteacher could not confirm that the school supports the commitments."),
        ("no_answer", "We asked for more information and did not receive it."),
        (OWN_WORDS, "Another reason: write it below"),
    ]
    usual = forms.ChoiceField(
        label="Reason, as the school will read it",
        choices=USUAL,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    words = text_field("Your own words (added to the reason)", required=False)

    def layout(self):
        return [Field.radios("usual", small=True), Field.textarea("words", rows=4)]

    def clean(self):
        data = super().clean()
        if data.get("usual") == OWN_WORDS and not data.get("words") and "words" not in self.errors:
            self.add_error("words", "Write the reason: the school reads it.")
        return data

    @property
    def reason(self) -> str:
        data = self.cleaned_data
        usual = "" if data["usual"] == OWN_WORDS else dict(self.USUAL)[data["usual"]]
        return "\n\n".join(part for part in (usual, data["words"]) if part)


class QuestionForm(ActForm):
    question = text_field("Question", "Write the question.", help_text="The school reads it as you write it.")
    answer_by = forms.DateField(
        label="Answer by",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Give the date.", "invalid": "Enter a date, like 27/3/2027."},
    )

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"answer_by": next_working_day(london_date(timezone.now()), WORKING_DAYS_TO_ANSWER)}
        super().__init__(*args, **kwargs)

    def layout(self):
        return [Field.textarea("question", rows=4), Field.text("answer_by", field_width=10)]

    def clean_answer_by(self):
        on, today = self.cleaned_data["answer_by"], london_date(timezone.now())
        if not today < on <= today + timedelta(days=365):
            raise forms.ValidationError("The date must lie ahead, and within a year.")
        return on


class OverrideForm(ActForm):
    code = forms.ChoiceField(
        label="What is to be set aside?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is to be set aside.", "invalid_choice": "Choose one of these."},
    )
    reason = text_field(
        "Why?", "Give the reason.", help_text="A second person reads it and agrees, or lets the finding stand."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = decisions.can_be_set_aside(self.application, at=timezone.now())
        self.fields["code"].choices = list({each.code: each.text for each in reversed(found)}.items())[::-1]

    def layout(self):
        return [Field.radios("code", small=True), Field.textarea("reason", rows=4)]


class ChosenField(forms.ModelChoiceField):
    """One of some records, each as a radio button with enough to tell it by."""

    def __init__(self, label: str, required: str, in_words: Callable, **kwargs):
        self.label_from_instance = in_words
        errors = {"required": required, "invalid_choice": "That one can no longer be chosen."}
        super().__init__(None, label=label, widget=forms.RadioSelect, empty_label=None, error_messages=errors, **kwargs)


def _application_in_words(other: Application) -> str:
    sent_on = london_date(other.submitted_at)
    return (
        f"{other.reference}: {other.school.name} (URN {other.school.urn}), sent on {sent_on.day} {sent_on:%B %Y} "
        f"by {other.contact_name}, {other.contact_email}"
    )


class MergeForm(ActForm):
    into = ChosenField("Which one goes on?", "Choose the application that goes on.", _application_in_words)
    note = text_field("Note (optional; kept in the history)", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = decisions.could_go_on(self.application).visible_to(self.user).with_details()
        self.fields["into"].queryset = found
        if not found:
            self.impossible = (
                "Your hub has no other application of this school that goes on, under this URN or another."
            )

    def layout(self):
        return [Field.radios("into", small=True), Field.textarea("note", rows=3)]


class TransferForm(ActForm):
    to = ChosenField(
        "Where to?",
        "Choose the hub and year.",
        lambda cohort: f"{cohort.hub}, {cohort.project.year_label}",
    )
    reason = text_field("Reason (kept in the history)", "Give the reason for the move.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = decisions.could_move_to(self.application, at=timezone.now())
        self.fields["to"].queryset = found
        if not found:
            self.impossible = "No other hub takes applications to this programme, nor this hub for another year."

    def layout(self):
        return [Field.radios("to", small=True), Field.textarea("reason", rows=3)]


class StaffHeadForm(ActForm):
    head_name = HeadForm.base_fields["head_name"]
    head_email = HeadForm.base_fields["head_email"]

    def __init__(self, *args, application, **kwargs):
        asked = application.endorsements.current().last() or application
        kwargs["initial"] = {
            "head_name": getattr(asked, "name", None) or application.head_name,
            "head_email": getattr(asked, "email", None) or application.head_email,
        }
        super().__init__(*args, application=application, **kwargs)


class StaffContactForm(ActForm):
    contact_name = ContactForm.base_fields["contact_name"]
    contact_role = ContactForm.base_fields["contact_role"]
    contact_email = ContactForm.base_fields["contact_email"]
    contact_phone = ContactForm.base_fields["contact_phone"]

    layout = ContactForm.layout

    def __init__(self, *args, application, **kwargs):
        kwargs["initial"] = {name: getattr(application, name) for name in self.base_fields}
        super().__init__(*args, application=application, **kwargs)


class StaffAdvocatesForm(AdvocatesForm, ActForm):
    def __init__(self, *args, application, **kwargs):
        asks = form_of(application)
        self.title, self.person = asks.title, asks.person
        kwargs["initial"] = AdvocatesForm.initial_from(application)
        super().__init__(*args, application=application, **kwargs)
