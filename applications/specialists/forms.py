"""The pages of a teacher's application as forms: they parse, say how to mend what is wrong, and know no statuses."""

from datetime import date

from crispy_forms_gds.layout import Button, ConditionalQuestion, ConditionalRadios, Field, Size
from django import forms

from applications.forms import WORDS, Page, SaveForm, TidyField, email_field, name_field, text_field
from programmes.models import PostRole
from programmes.specialists.forms import DayField

YES_NO = [("yes", "Yes"), ("no", "No")]
DATE_FORMATS = ["%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%B %Y", "%b %Y", "%m/%Y", "%Y"]
KEY_STAGES = [("ks2", "Key Stage 2 or below"), ("ks3", "Key Stage 3"), ("ks4", "Key Stage 4"), ("ks5", "Key Stage 5")]
EARLIER_ROLES = [
    ("advocate", "Mastery Advocate or other lead teacher in a Work Group"),
    ("participant", "Participant in a Work Group"),
    ("lead", "Work Group Lead, or another leader for a Maths Hub"),
    ("pd_lead", "NCETM PD Lead, accredited"),
]

__all__ = ["SaveForm"]


def yes_no(label: str, missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=YES_NO, widget=forms.RadioSelect, error_messages={"required": missing}
    )


class AboutForm(Page):
    name = name_field("Your full name", "Enter your name.")
    former_names = TidyField(
        label="Previous names (optional)",
        max_length=200,
        required=False,
        help_text="If you taught under another name. Put a comma between two.",
        error_messages={"max_length": "Please keep the previous names to 200 characters."},
    )
    email = email_field(
        "Your e-mail address", "Enter your e-mail address.", help_text="We send your private link to it."
    )
    trn = TidyField(
        label="Teacher reference number, TRN (optional)",
        required=False,
        help_text="Seven digits, like 1234567.",
    )
    role = forms.ChoiceField(
        label="Your role at the school",
        choices=PostRole.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose your role."},
    )
    key_stages = forms.MultipleChoiceField(
        label="Which key stages do you teach?",
        choices=KEY_STAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one key stage."},
    )

    def layout(self):
        return [
            Field.text("name", autocomplete="name"),
            Field.text("former_names"),
            Field.text("email", autocomplete="email", spellcheck="false"),
            Field.text("trn", field_width=10, inputmode="numeric", autocomplete="off"),
            Field.radios("role", small=True),
            Field.checkboxes("key_stages", small=True),
        ]

    def clean_trn(self):
        digits = self.cleaned_data["trn"].replace(" ", "").replace("/", "").replace("-", "")
        if digits and not (digits.isascii() and digits.isdecimal() and len(digits) == 7):
            raise forms.ValidationError("A TRN has seven digits, like 1234567. Leave it empty if you do not know it.")
        return digits


class ExperienceForm(Page):
    """QTS, years, early career. `today` says which dates lie ahead."""

    qts = yes_no("Do you have qualified teacher status (QTS)?", "Choose whether you have QTS.")
    qts_on = DayField(
        label="When was it awarded?",
        required=False,
        input_formats=DATE_FORMATS,
        help_text="Like 1/9/2018. A month or a year is enough.",
        error_messages={"invalid": "Enter a date, like 1/9/2018, or a month or a year, like 9/2018 or 2018."},
    )
    years_teaching = forms.IntegerField(
        label="How many full years have you taught?",
        widget=forms.TextInput,
        min_value=0,
        max_value=60,
        error_messages={
            "required": "Enter how many years you have taught; 0 if less than one.",
            "invalid": "Enter a whole number, like 5.",
            "min_value": "Enter a number from 0 to 60.",
            "max_value": "Enter a number from 0 to 60.",
        },
    )
    is_ect = yes_no("Are you an early career teacher (ECT)?", "Choose whether you are an early career teacher.")
    earlier_roles = forms.MultipleChoiceField(
        label="Have you worked with a Maths Hub before? (optional)",
        help_text="Tick all that fit.",
        required=False,
        choices=EARLIER_ROLES,
        widget=forms.CheckboxSelectMultiple,
    )
    earlier_words = text_field("What was it, and when? (optional)", required=False)

    def __init__(self, *args, today: date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def layout(self):
        return [
            ConditionalRadios(
                "qts", ConditionalQuestion("Yes", Field.text("qts_on", field_width=20)), ConditionalQuestion("No")
            ),
            Field.text("years_teaching", field_width=2, inputmode="numeric"),
            Field.radios("is_ect", small=True),
            Field.checkboxes("earlier_roles", small=True),
            Field.textarea("earlier_words", rows=2),
        ]

    def clean(self):
        data = super().clean()
        if data.get("qts") != "yes":  # not shown then, so neither kept nor in the way
            self.errors.pop("qts_on", None)
            data["qts_on"] = None
        elif not data.get("qts_on") and "qts_on" not in self.errors:
            self.add_error("qts_on", "Enter when your QTS was awarded.")
        elif data.get("qts_on"):
            self._check_date(data["qts_on"])
        return data

    def _check_date(self, on: date) -> None:
        if on > self.today:
            self.add_error("qts_on", "This date lies ahead. Enter the date on which your QTS was awarded.")
        elif on.year < 1950:
            self.add_error("qts_on", "This date lies too far back. Check the year.")

    def kept(self) -> dict:
        """Return what the fields of the application become, with the answers of this page apart."""
        data = self.cleaned_data
        return {
            "qts": data["qts"] == "yes",
            "qts_on": data["qts_on"],
            "years_teaching": data["years_teaching"],
            "is_ect": data["is_ect"] == "yes",
        }


class StatementsForm(Page):
    """What the teacher writes. Working with other schools is asked for, or welcome, as the cohort's rules say."""

    own_practice = text_field(
        "Your own classroom: what do you do that is teaching for mastery, and what do you want to change?",
        "Write about your own classroom. Some sentences are enough.",
        help_text="Please do not name pupils.",
    )
    leading = text_field(
        "Leading others: when have you led colleagues' professional development, and what came of it?",
        "Write about leading others. If you have not done it yet, say what you would do.",
        help_text="If you have not done it yet, say what you would do.",
    )
    department = text_field(
        "Your department: what would you want to change there in your second year?",
        "Write about your department.",
        help_text="In year 2 specialists work with their own department.",
    )
    other_schools = text_field(
        "Other schools: what would you bring to work with them?",
        "Write about other schools.",
        help_text="From year 3 on specialists can lead Work Groups.",
    )

    def __init__(self, *args, other_schools_required: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not other_schools_required:
            field = self.fields["other_schools"]
            field.required, field.label = False, "Other schools: would you want to work with them later? (optional)"

    def layout(self):
        return [Field.textarea(name, rows=5, max_characters=WORDS) for name in self.fields]


class DatesForm(Page):
    """The central days, each by its date; while none is set, only what can never be."""

    can_come = forms.MultipleChoiceField(
        label="On which of these days can you come?",
        help_text="Untick a day on which you cannot come. It does not rule you out.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = text_field("Days on which you can never be released (optional)", required=False)

    def __init__(self, *args, central_days: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        if central_days:
            self.fields["can_come"].choices = central_days
        else:
            del self.fields["can_come"]
            self.helper.layout.fields.pop(0)

    def layout(self):
        return [Field.checkboxes("can_come"), Field.textarea("words", rows=2)]


class HeadForm(Page):
    """Who answers for the school. `own_email` is the applicant's, who cannot answer for it."""

    head_name = name_field("Headteacher's full name", "Enter the name of the person who answers for the school.")
    head_email = email_field(
        "Headteacher's e-mail address",
        "Enter the e-mail address of the person who answers for the school.",
        help_text="The school's office address will do if a person there passes it on.",
    )
    is_head = forms.BooleanField(
        label="I am the headteacher: the person above is our chair of governors or another senior leader",
        required=False,
    )

    def __init__(self, *args, own_email: str, **kwargs):
        self.own_email = own_email
        super().__init__(*args, **kwargs)

    def layout(self):
        return [Field.text("head_name"), Field.text("head_email", spellcheck="false"), Field.checkbox("is_head")]

    def clean_head_email(self):
        email = self.cleaned_data["head_email"]
        if email.lower() == self.own_email.lower():
            raise forms.ValidationError(
                "This is your own address, and you cannot answer for the school yourself. If you are the headteacher, "
                "give the chair of governors or another senior leader, and tick the box."
            )
        return email


class ContactForm(Page):
    button = "Save"
    name = name_field("Your full name", "Enter your name.")
    email = email_field(
        "Your e-mail address", "Enter your e-mail address.", help_text="We send your private link to it."
    )

    def layout(self):
        return [Field.text("name", autocomplete="name"), Field.text("email", autocomplete="email", spellcheck="false")]


class WithdrawForm(Page):
    button = "Withdraw my application"
    make_button = Button.warning
    note = text_field("Why? (optional; the hub reads it)", required=False)


class SupportForm(Page):
    """The school's answer: what it commits to, each tick by itself, and who comes to the launch."""

    button = "Send the school's answer"
    capacity = forms.ChoiceField(
        label="Who are you?",
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who you are."},
    )
    name = name_field("Your full name", "Enter your name.")
    ticked = forms.MultipleChoiceField(
        label="The school agrees to this:",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick each thing that the school agrees to."},
    )
    launch = forms.ChoiceField(
        label="Who comes to a part of the launch event with the teacher?",
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who comes to the launch."},
    )
    launch_name = name_field("The senior leader's full name", "", required=False)
    statement = text_field(
        "Why do you support this teacher?",
        "Write why you support this teacher. Some sentences are enough.",
        help_text="The hub's two readers see this.",
    )
    declaration = forms.BooleanField(
        label="What I have written is true, and I can answer for the school",
        error_messages={"required": "Tick to say that you can answer for the school."},
    )
    APPLICANT = "applicant"

    def __init__(self, *args, asked: list[dict], days: int | None, capacities, launches, **kwargs):
        self.asked, self.launches = asked, launches
        super().__init__(*args, **kwargs)
        self.fields["capacity"].choices = [*capacities, (self.APPLICANT, "I am the teacher who applies")]
        self.fields["launch"].choices = launches
        self.fields["ticked"].choices = [(row["code"], self._words(row, days)) for row in asked]
        self.helper.layout.fields[3] = self._launch()

    @staticmethod
    def _words(row: dict, days: int | None) -> str:
        return f"{row['text']} That is {days} days in year 1." if row["code"] == "release" and days else row["text"]

    def _launch(self):
        name = Field.text("launch_name")
        questions = [
            ConditionalQuestion(words, *([name] if value == "senior_leader" else [])) for value, words in self.launches
        ]
        return ConditionalRadios("launch", *questions)

    def layout(self):
        return [
            Field.radios("capacity", legend_size=Size.SMALL),
            Field.text("name", autocomplete="name"),
            Field.checkboxes("ticked", legend_size=Size.SMALL),
            "launch",
            Field.textarea("statement", rows=5, max_characters=WORDS),
            Field.checkbox("declaration"),
        ]

    def clean_capacity(self):
        if self.cleaned_data["capacity"] == self.APPLICANT:
            raise forms.ValidationError(
                "You cannot answer for the school yourself. Please pass this on to the chair of governors or another "
                "senior leader."
            )
        return self.cleaned_data["capacity"]

    def clean_ticked(self):
        ticked = self.cleaned_data["ticked"]
        if len(ticked) < len(self.asked):
            raise forms.ValidationError(
                "The programme needs all of them. If the school cannot agree to one, say no below, or talk to the hub."
            )
        return ticked

    def clean(self):
        data = super().clean()
        if data.get("launch") != "senior_leader":
            self.errors.pop("launch_name", None)
            data["launch_name"] = ""
        elif not data.get("launch_name") and "launch_name" not in self.errors:
            self.add_error("launch_name", "Enter the name of the senior leader who comes.")
        return data


class RefuseForm(Page):
    button = "Say no"
    make_button = Button.warning
    name = name_field("Your full name", "Enter your name.")
    note = text_field("What stands in the way? (optional; the hub reads it)", required=False)


class PassOnForm(Page):
    """Whom to ask instead. `own_email` is the applicant's."""

    button = "Pass it on"
    name = name_field("The other person's full name", "Enter the name of the person who should answer.")
    email = email_field(
        "The other person's e-mail address", "Enter the e-mail address of the person who should answer."
    )
    is_head = forms.BooleanField(label="I pass it on because I am the teacher who applies", required=False)

    def __init__(self, *args, own_email: str, **kwargs):
        self.own_email = own_email
        super().__init__(*args, **kwargs)

    def layout(self):
        return [Field.text("name"), Field.text("email", spellcheck="false"), Field.checkbox("is_head")]

    def clean_email(self):
        if self.cleaned_data["email"].lower() == self.own_email.lower():
            raise forms.ValidationError("This is the applicant's own address. Give somebody else's.")
        return self.cleaned_data["email"]
