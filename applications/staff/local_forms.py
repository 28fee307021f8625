"""The form of a hub's own programme."""

from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms

from applications.forms import Page, TidyField, email_field, name_field, text_field
from applications.rules import LABELS, RULES
from hubportal.clock import year_label
from programmes.cohorts.local import Plan, sections_of
from programmes.models import Cohort, Programme, Project, RuleSet

SECTIONS = 4
TEMPLATE = "sec-development"
HISTORY = ["took_part_or_specialist", "completed_before"]
"""Rules of other families that a school's form for a hub's own programme can answer to."""


def offered_rules(family: str) -> dict[str, dict]:
    """Return each rule that a hub may choose, with the parameters that it has in the newest national rules."""
    rows: dict[str, dict] = {}
    national = RuleSet.objects.published().filter(project__programme__hub=None)
    newest = national.order_by("-project__year", "-version").select_related("project__programme")
    for rule_set in sorted(newest, key=lambda each: each.project.programme_id != TEMPLATE):
        here = rule_set.project.programme.entry == Programme.Entry.APPLY
        for row in rule_set.rules:
            if here or row["rule"] in HISTORY:
                rows.setdefault(row["rule"], row)
    for name in RULES:  # an installation without the national files has these
        if name in {"window_open", "open_or_opening", "within_hub_area", "commitments_made"}:
            rows.setdefault(name, {"rule": name})
    if "not_already_in" in rows:
        rows["not_already_in"] = rows["not_already_in"] | {"family": family}
    return rows


class LocalForm(Page):
    """One page, in four parts. What is published keeps its rules, places and dates: those have pages of their own."""

    title = TidyField(label="Title", max_length=120, error_messages={"required": "Enter the title."})
    summary = TidyField(
        label="What it is, in one or two sentences",
        max_length=300,
        error_messages={"required": "Say in a sentence what it is.", "max_length": "Keep it to 300 characters."},
    )
    commitments = text_field("What a school commits to, one to a line", required=False)
    capacity = forms.IntegerField(
        label="How many schools can take part?", widget=forms.TextInput, min_value=0, max_value=500, required=False
    )
    opens_on = forms.DateField(label="First day for applications", required=False)
    closes_on = forms.DateField(label="Last day for applications", required=False)
    grant_amount = forms.DecimalField(
        label="Grant to each school, in pounds",
        widget=forms.TextInput,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
    )
    offer_days = forms.IntegerField(
        label="Days to answer an offer", widget=forms.TextInput, min_value=1, max_value=365, initial=14
    )
    contact_name = name_field("Who answers for it (optional)", "", required=False)
    contact_email = email_field("Address for questions (optional; else the hub's)", "", required=False)
    UNTIL_PUBLISHED = (
        "year", "rules", "commitments", "capacity", "opens_on", "closes_on", "grant_amount", "offer_days",
        "contact_name", "contact_email",
    )  # fmt: skip
    button = "Save"

    def __init__(self, *args, hub, family, today, programme=None, published=False, **kwargs):
        self.hub, self.today, self.programme, self.published = hub, today, programme, published
        self.rows = offered_rules(family)
        super().__init__(*args, **kwargs)

    def layout(self):
        for name in ("opens_on", "closes_on"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        this = self.today.year if self.today.month >= 9 else self.today.year - 1
        years = [(year, year_label(year)) for year in (this, this + 1)]
        self.fields["year"] = forms.TypedChoiceField(
            label="Academic year",
            choices=years,
            coerce=int,
            error_messages={"invalid_choice": "Choose one of these years.", "required": "Choose the year."},
        )
        self.fields["rules"] = forms.MultipleChoiceField(
            label="Which rules decide whether a school is eligible?",
            choices=[(name, LABELS[name]) for name in self.rows],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": "Choose from these rules only."},
        )
        for n in range(1, SECTIONS + 1):
            self.fields[f"heading_{n}"] = TidyField(label="Heading", max_length=120, required=False)
            self.fields[f"text_{n}"] = text_field("Text (an empty line begins a new paragraph)", required=False)
        if self.published:
            for name in self.UNTIL_PUBLISHED:
                del self.fields[name]
        return self._parts()

    def _parts(self):
        sections = [
            Fieldset(
                Field.text(f"heading_{n}"),
                Field.textarea(f"text_{n}", rows=4),
                legend=f"Section {n} of its page",
                legend_size=Size.SMALL,
            )
            for n in range(1, SECTIONS + 1)
        ]
        words = [Field.text("title"), Field.text("summary"), *sections]
        if self.published:
            return words
        return [
            *words,
            Field.select("year"),
            Field.textarea("commitments", rows=6),
            Field.checkboxes("rules", legend_size=Size.MEDIUM, small=True),
            Field.text("capacity", field_width=3),
            Field.text("opens_on", field_width=10),
            Field.text("closes_on", field_width=10),
            Field.text("grant_amount", field_width=5),
            Field.text("offer_days", field_width=3),
            Field.text("contact_name"),
            Field.text("contact_email", spellcheck="false"),
        ]

    def clean_grant_amount(self):
        return self.cleaned_data["grant_amount"] or 0

    def clean(self):
        data = super().clean()
        for n in range(1, SECTIONS + 1):
            if data.get(f"text_{n}") and not data.get(f"heading_{n}"):
                self.add_error(f"heading_{n}", "Give this section a heading.")
            if data.get(f"heading_{n}") and not data.get(f"text_{n}"):
                self.add_error(f"text_{n}", "Write the text of this section, or leave its heading empty too.")
        opens_on, closes_on = data.get("opens_on"), data.get("closes_on")
        if bool(opens_on) != bool(closes_on):
            self.add_error("closes_on" if opens_on else "opens_on", "Give the first and the last day, or neither.")
        elif opens_on and closes_on < opens_on:
            self.add_error("closes_on", "The last day cannot come before the first.")
        return data

    def plan(self) -> Plan:
        """Return what was filled in; of what is published, the rest as it stands is not asked and stays."""
        data = self.cleaned_data
        lines = [" ".join(line.split()) for line in data.get("commitments", "").splitlines()]
        return Plan(
            title=data["title"],
            summary=data["summary"],
            year=data.get("year", 0),
            sections=[
                {"heading": data[f"heading_{n}"], "paragraphs": _paragraphs(data[f"text_{n}"])}
                for n in range(1, SECTIONS + 1)
                if data[f"heading_{n}"]
            ],
            rules=[self.rows[name] for name in self.rows if name in data.get("rules", [])],
            commitments=[{"code": f"c{n}", "text": line} for n, line in enumerate(filter(None, lines), 1)],
            grant_amount=data.get("grant_amount") or 0,
            offer_days=data.get("offer_days", 14),
            capacity=data.get("capacity") or 0,
            opens_on=data.get("opens_on"),
            closes_on=data.get("closes_on"),
            contact_name=data.get("contact_name", ""),
            contact_email=data.get("contact_email", ""),
        )


def _paragraphs(text: str) -> list[str]:
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


def initial_of(programme: Programme, project: Project, cohort: Cohort, rule_set: RuleSet) -> dict:
    """Return what the form shows of a programme that exists."""
    names = ("capacity", "opens_on", "closes_on", "contact_name", "contact_email")
    values = {name: getattr(cohort, name) for name in names} | {
        "title": programme.title,
        "summary": programme.summary,
        "year": project.year,
        "commitments": "\n".join(row["text"] for row in rule_set.commitments),
        "rules": [row["rule"] for row in rule_set.rules],
        "grant_amount": rule_set.grant_amount,
        "offer_days": rule_set.offer_days,
    }
    for n, section in enumerate(sections_of(project)[:SECTIONS], 1):
        values[f"heading_{n}"] = section["heading"]
        values[f"text_{n}"] = "\n\n".join(section.get("paragraphs", []))
    return values
