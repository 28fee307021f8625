"""The pages of an application as forms: they parse, say how to mend what is wrong, and know nothing of statuses."""

import unicodedata

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, ConditionalQuestion, ConditionalRadios, Field, Layout, Size
from django import forms

from hubportal.accounts.models import Hub

from .models import Application, Endorsement

NAME, WORDS = 120, 2000


def tidy(text: str) -> str:
    """Return text without invisible control characters (they turn lines round or hide words); lines stay lines."""
    kept = (c for c in text if c in "\n\t\u200c\u200d" or unicodedata.category(c) not in {"Cc", "Cf"})
    return unicodedata.normalize("NFC", "".join(kept)).strip()


class TidyField(forms.CharField):
    """One line of text as people write it: any script, apostrophes, accents, emoji."""

    def to_python(self, value):
        return " ".join(tidy(super().to_python(value)).split())


class TidyText(forms.CharField):
    """Some lines of text."""

    widget = forms.Textarea

    def to_python(self, value):
        return tidy(super().to_python(value))


def name_field(label: str, missing: str, **more) -> forms.CharField:
    errors = {"required": missing, "max_length": f"The name can have {NAME} characters at the most."}
    return TidyField(label=label, max_length=NAME, error_messages=errors, **more)


def email_field(label: str, missing: str, **more) -> forms.EmailField:
    errors = {"required": missing, "max_length": "The e-mail address is too long: check it."}
    return forms.EmailField(label=label, max_length=254, error_messages=errors, **more)


def text_field(label: str, missing: str = "", *, required: bool = True, **more) -> forms.CharField:
    errors = {"required": missing, "max_length": f"Please keep it to {WORDS:,} characters."}
    return TidyText(label=label, max_length=WORDS, required=required, error_messages=errors, **more)


class Page(forms.Form):
    """A form that fills one page: fields, then one button."""

    button = "Save and continue"
    make_button = Button.primary

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page's own form tag has the token
        self.helper.layout = Layout(*self.layout(), self.make_button("save", self.button))

    def layout(self):
        return list(self.fields)


class ContactForm(Page):
    contact_name = name_field("Your full name", "Enter your name.")
    contact_role = forms.ChoiceField(
        label="What do you do at the school?",
        choices=Application.ContactRole.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you do at the school."},
    )
    contact_email = email_field(
        "Your work e-mail address", "Enter your e-mail address.", help_text="We send your private link to it."
    )
    contact_phone = TidyField(
        label="Telephone number (optional)",
        max_length=30,
        required=False,
        error_messages={"max_length": "The telephone number can have 30 characters at the most."},
    )

    def layout(self):
        return [
            Field.text("contact_name", autocomplete="name"),
            Field.radios("contact_role", small=True),
            Field.text("contact_email", autocomplete="email", spellcheck="false"),
            Field.text("contact_phone", field_width=20, autocomplete="tel"),
        ]


class HeadForm(Page):
    head_name = name_field("Headteacher's full name", "Enter the headteacher's name.")
    head_email = email_field(
        "Headteacher's e-mail address",
        "Enter the headteacher's e-mail address.",
        help_text="The school's office address will do if a person there passes it on.",
    )


YES_NO = [("yes", "Yes"), ("no", "No"), ("unsure", "I am not sure")]


class DepartmentForm(Page):
    teachers = forms.IntegerField(
        label="How many people teach maths at your school?",
        widget=forms.TextInput,
        min_value=1,
        max_value=100,
        error_messages={
            "required": "Enter how many people teach maths.",
            "invalid": "Enter a whole number, like 8.",
            "min_value": "Enter a number from 1 to 100.",
            "max_value": "Enter a number from 1 to 100.",
        },
    )
    non_specialists = forms.IntegerField(
        label="How many of them are not maths specialists?",
        widget=forms.TextInput,
        min_value=0,
        max_value=100,
        error_messages={
            "required": "Enter how many are not maths specialists; 0 if none.",
            "invalid": "Enter a whole number, like 2.",
            "min_value": "Enter a number from 0 to 100.",
            "max_value": "Enter a number from 0 to 100.",
        },
    )
    worked_before = forms.ChoiceField(
        label="Has your department worked with a Maths Hub before?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether your department has worked with a Maths Hub."},
    )
    which = text_field("If yes, what was it and when? (optional)", required=False)
    specialist = forms.ChoiceField(
        label="Does anybody in the department hold the title of Mastery Specialist?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether somebody is a Mastery Specialist."},
    )
    why = text_field(
        "Why would you like to take part, and why now?",
        "Tell us why you would like to take part. One sentence is enough.",
        help_text="Please do not name pupils.",
    )

    def layout(self):
        return [
            Field.text("teachers", field_width=3, inputmode="numeric"),
            Field.text("non_specialists", field_width=3, inputmode="numeric"),
            Field.radios("worked_before", small=True),
            Field.textarea("which", rows=2),
            Field.radios("specialist", small=True),
            Field.textarea("why", rows=6, max_characters=WORDS),
        ]

    def clean(self):
        data = super().clean()
        if data.get("non_specialists", 0) > data.get("teachers", 100):
            self.add_error("non_specialists", "This cannot be more than the number of people who teach maths.")
        return data


class CommitmentsForm(Page):
    """Each commitment is a tick of its own; its wording is kept with the tick."""

    commitments = forms.MultipleChoiceField(
        label="On behalf of the school, I agree that:",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick each commitment that the school can make."},
    )

    def __init__(self, *args, asked: list[dict], **kwargs):
        self.asked = asked
        super().__init__(*args, **kwargs)
        self.fields["commitments"].choices = [(row["code"], row["text"]) for row in asked]

    def layout(self):
        return [Field.checkboxes("commitments")]

    def clean_commitments(self):
        ticked = self.cleaned_data["commitments"]
        if len(ticked) < len(self.asked):
            raise forms.ValidationError(
                "The programme needs all of them. If your school cannot make one, please talk to your Maths Hub."
            )
        return ticked


class HubForm(Page):
    """Which hub to apply to, where there is a choice."""

    button = "Yes, this is my school"
    cohort = forms.ModelChoiceField(
        label="Which Maths Hub do you want to apply to?",
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose a Maths Hub.", "invalid_choice": "Choose one of these Maths Hubs."},
    )

    def __init__(self, *args, cohorts, labels: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts
        self.fields["cohort"].label_from_instance = lambda cohort: labels[cohort.pk]

    def layout(self):
        return [Field.radios("cohort", legend_size=Size.MEDIUM)]


class SaveForm(Page):
    button = "Send me the link"
    email = email_field("Your e-mail address", "Enter the e-mail address to which we should send the link.")

    def layout(self):
        return [Field.text("email", autocomplete="email", spellcheck="false")]


class InterestForm(Page):
    button = "Tell me when applications open"
    hub = forms.ModelChoiceField(
        label="Your Maths Hub",
        queryset=Hub.objects.none(),
        empty_label="Choose a hub",
        error_messages={"required": "Choose your Maths Hub.", "invalid_choice": "Choose one of these hubs."},
    )
    school_name = TidyField(
        label="Name of your school",
        max_length=200,
        error_messages={"required": "Enter the name of your school.", "max_length": "The name is too long."},
    )
    name = name_field("Your full name", "Enter your name.")
    email = email_field("Your work e-mail address", "Enter your e-mail address.")

    def __init__(self, *args, hubs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hub"].queryset = hubs


class HeadAnswerForm(Page):
    """The head's answer: yes, no, or somebody else's to give."""

    button = "Send my answer"
    ANSWERS = [
        ("head", Endorsement.Capacity.HEAD.label + ", and the school will do this"),
        (
            "for_school",
            "I am not the headteacher, but " + Endorsement.Capacity.FOR_SCHOOL.label + ", and it will do this",
        ),
        ("no", "No, the school cannot commit to this"),
        ("pass", "Somebody else should answer: pass it on"),
    ]
    ONLY_FOR = {"no": ["note"], "pass": ["other_name", "other_email"]}
    answer = forms.ChoiceField(
        label="Are you the headteacher, or can you accept for the school?",
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the four answers."},
    )
    name = name_field("Your full name", "Enter your name.")
    note = text_field("Only if you say no: what stands in the way? (optional; the hub reads it)", required=False)
    other_name = name_field("Only if you pass it on: the other person's full name", "", required=False)
    other_email = email_field("Only if you pass it on: the other person's e-mail address", "", required=False)

    def layout(self):
        no = [Field.textarea("note", rows=3)]
        pass_on = [Field.text("other_name"), Field.text("other_email", spellcheck="false")]
        shown_for = {"no": no, "pass": pass_on}
        answers = [ConditionalQuestion(words, *shown_for.get(value, [])) for value, words in self.ANSWERS]
        return [ConditionalRadios("answer", *answers), Field.text("name", autocomplete="name")]

    def clean(self):
        data = super().clean()
        for answer, names in self.ONLY_FOR.items():
            if data.get("answer") != answer:  # not shown then, so neither kept nor in the way
                for name in names:
                    self.errors.pop(name, None)
                    data[name] = ""
        if data.get("answer") == "pass":
            if not data.get("other_name") and "other_name" not in self.errors:
                self.add_error("other_name", "Enter the name of the person who should answer.")
            if not data.get("other_email") and "other_email" not in self.errors:
                self.add_error("other_email", "Enter the e-mail address of the person who should answer.")
        return data


class AnswerForm(Page):
    button = "Send the answer"
    answer = text_field("Your answer", "Enter your answer.")


class WithdrawForm(Page):
    button = "Withdraw the application"
    make_button = Button.warning
    note = text_field("Why? (optional; the hub reads it)", required=False)


class OfferForm(Page):
    button = "Send my answer"
    answer = forms.ChoiceField(
        label="Does your school take the place?",
        choices=[("accept", "Yes, we accept the place"), ("decline", "No, another school can have it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no."},
    )

    def layout(self):
        return [Field.radios("answer", legend_size=Size.MEDIUM)]
