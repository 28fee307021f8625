"""The form in which a draft of rules is changed: its fields come from the rules themselves."""

import inspect
from decimal import Decimal

from crispy_forms.layout import LayoutObject
from crispy_forms_gds.layout import Field, Fieldset, Size
from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify

from applications.forms import Page, TidyField, TidyText
from applications.rules import LABELS
from applications.rules.parameters import Parameter, schema_of, table_row
from hubportal.clock import london_date
from hubportal.rules import Finding
from programmes.cohorts import rulesets
from programmes.models import Project, RuleSet

from .ruleset_fields import Number, of_parameter, of_table_row, of_term
from .ruleset_words import STEPS, term_name, terms_of

GONE = "gone"
NEW = "new"
PLAIN = ["effective_from", "grant_amount", "offer_days", "source", "confidence"]


class Folded(LayoutObject):
    """Fields that stand folded under a summary until somebody wants them, or one of them is wrong."""

    def __init__(self, summary: str, *fields):
        self.summary, self.fields = summary, list(fields)

    def render(self, form, context, template_pack=None, **kwargs):
        inner = self.get_rendered_fields(form, context, template_pack, **kwargs)
        wrong = any(form.errors.get(each.name) for each in self.get_field_names())
        return render_to_string("staff/ruleset_folded.html", {"summary": self.summary, "inner": inner, "open": wrong})


class RuleSetForm(Page):
    """One page with everything that a draft decides. `known` are the rules that fit the programme."""

    button = "Save the draft"

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    names = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2_000)
    effective_from = forms.DateField(
        label="In force from",
        help_text="Applications that are sent on this day or later are judged by these rules.",
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Give the day.", "invalid": "Enter a date, like 27/3/2027."},
    )
    grant_amount = forms.DecimalField(
        label="Grant to each school, in pounds (empty: each hub sets it)",
        required=False, min_value=Decimal(0), max_digits=8, decimal_places=2, widget=forms.TextInput,
        error_messages={
            "invalid": "Enter an amount, like 2000.", "min_value": "A grant cannot be less than £0.",
            "max_digits": "That is more than a grant can be.", "max_whole_digits": "That is more than a grant can be.",
            "max_decimal_places": "Enter pounds and pence, like 2000.50.",
        },
    )  # fmt: skip
    offer_days = Number(label="Days that a school has to answer an offer", least=1, most=365)
    source = TidyField(
        label="Source", max_length=200, help_text="Where the rules come from, so that others can look it up.",
        error_messages={"required": "Say where the rules come from: people will ask."},
    )  # fmt: skip
    confidence = forms.ChoiceField(label="How sure we are", choices=Project.Confidence.choices)

    def __init__(self, data=None, *, rule_set: RuleSet, known: dict, families: list, seen: str, add: str = ""):
        self.rule_set, self.known, self.families = rule_set, known, families
        self.base = {name: getattr(rule_set, name) for name in PLAIN} | {"seen": seen}
        self.rows = self._rows_named(data["names"]) if data and "names" in data else self._rows_with(add)
        self.base["names"] = ",".join(row["rule"] for row in self.rows)
        self.base_fields = dict(type(self).base_fields)  # this form's own: the rules decide what is on it
        self.sections = [
            *(self._rule(number, row) for number, row in enumerate(self.rows)), self._commitments(), self._terms(),
        ]  # fmt: skip
        super().__init__(data, initial=self.base)

    def layout(self):
        money = [Field.text("effective_from", field_width=10), Field.text("grant_amount", field_width=10),
                 Field.text("offer_days", field_width=3)]  # fmt: skip
        first = Fieldset(*money, legend="Dates and money", legend_size=Size.MEDIUM, legend_tag="h2")
        last = Fieldset("source", Field.select("confidence"), legend="Where it comes from", legend_size=Size.MEDIUM,
                        legend_tag="h2")  # fmt: skip
        return ["seen", "names", first, *filter(None, self.sections), last]

    def _rows_with(self, add: str) -> list[dict]:
        more = [{"rule": add}] if add in self.could_be_added() else []
        return [*self.rule_set.rules, *more]

    def _rows_named(self, names: str) -> list[dict]:
        """Return the rows that the page had, in its order; one that is new to the draft has nothing but its name."""
        left, rows = list(self.rule_set.rules), []
        for name in filter(None, names.split(",")):
            row = next((each for each in left if each["rule"] == name), None)
            rows.append(row or {"rule": name})
            if row:
                left.remove(row)
        return rows

    def could_be_added(self) -> dict[str, str]:
        """Return the rules that fit the programme and that the draft does not have, by name."""
        there = {row.get("rule") for row in self.rule_set.rules}
        return {name: LABELS.get(name, name) for name in self.known if name not in there}

    def _rule(self, number: int, row: dict):
        """Add the fields of one rule and return its part of the page."""
        name = row["rule"]
        steps = [(code, f"{words} it is asked") for code, words in STEPS.items()] + [(GONE, "Take this rule out")]
        self._add(f"r{number}_when", forms.ChoiceField(label="When", choices=steps), row.get("when", "check"))
        parts = [Field.select(f"r{number}_when")]
        for each in self._parameters(name):
            if each.kind == "table":
                parts += self._table(f"r{number}", row.get("table", []))
            else:
                given = row.get(each.name, self._default(name, each.name))
                self._add(f"r{number}_{each.name}", of_parameter(each, self.families), given)
                parts.append(self._in_layout(f"r{number}_{each.name}", each.kind))
        return Fieldset(*parts, legend=LABELS.get(name, "A rule that is not known"), legend_size=Size.MEDIUM,
                        legend_tag="h2")  # fmt: skip

    def _parameters(self, name: str) -> tuple[Parameter, ...]:
        return schema_of(name, self.known[name]).parameters if name in self.known else ()

    def _default(self, name: str, parameter: str):
        """Return what the rule takes where nothing is given; None where it must be given."""
        default = inspect.signature(self.known[name]).parameters[parameter].default
        return None if default is inspect.Parameter.empty else default

    def _in_layout(self, name: str, kind: str):
        if kind == "number":
            return Field.text(name, field_width=3)
        if kind == "yes_no":
            return Field.radios(name, inline=True, small=True)
        if kind in {"roles", "families"}:
            return Field.checkboxes(name, small=True)
        return Field.select(name) if kind == "family" else name

    def _table(self, prefix: str, table: list[dict]) -> list:
        rows = [(f"{prefix}_t{number}", row, f"Row {number + 1}. {table_row(row)}") for number, row in enumerate(table)]
        parts = []
        for name, row, words in [(f"{prefix}_t{NEW}", {"result": ""}, "Add a row in front of these"), *rows]:
            fields = of_table_row()
            for part, field in fields.items():
                given = row.get(part)
                self._add(f"{name}_{part}", field, {True: "yes", False: "no"}.get(given, given) if part == "section_41"
                          else given)  # fmt: skip
            parts.append(Folded(words, *(f"{name}_{part}" for part in fields)))
        return parts

    def _commitments(self):
        for number, row in enumerate(self.rule_set.commitments):
            self._add(f"c{number}", _wording(f"Commitment {number + 1} (empty: take it out)"), row["text"])
        self._add(f"c{NEW}", _wording("A new commitment (optional)"), "")
        names = [f"c{number}" for number in range(len(self.rule_set.commitments))]
        return Fieldset(*(Field.textarea(name, rows=2) for name in [*names, f"c{NEW}"]), legend="Commitments",
                        legend_size=Size.MEDIUM, legend_tag="h2")  # fmt: skip

    def _terms(self):
        names = []
        for number, (path, value) in enumerate(terms_of(self.rule_set.terms)):
            self._add(f"m{number}", of_term(value, term_name(path)), value)
            names.append(self._in_layout(f"m{number}", "yes_no" if isinstance(value, bool) else "number"))
        return names and Fieldset(*names, legend="Days and the like", legend_size=Size.MEDIUM, legend_tag="h2")

    def _add(self, name: str, field: forms.Field, value) -> None:
        self.base_fields[name] = field
        self.base[name] = value

    def clean_effective_from(self):
        on, today = self.cleaned_data["effective_from"], london_date(timezone.now())
        if found := rulesets.against_date(self.rule_set, on, today=today):
            raise forms.ValidationError(found[0].text)
        return on

    def clean(self):
        data = super().clean()
        for number, row in enumerate(self.rows):
            if row["rule"] not in self.known:
                if data.get(f"r{number}_when") != GONE:
                    self.add_error(f"r{number}_when", "There is no such rule for this programme. Take it out.")
            elif data.get(f"r{number}_when") == GONE:
                self._forget_errors(number)
            else:
                self._clean_table(number)
        return data

    def _forget_errors(self, number: int) -> None:
        """Let a rule go that is taken out, whatever its other fields say."""
        for name in [name for name in self.errors if name.startswith(f"r{number}_")]:
            del self.errors[name]

    def _clean_table(self, number: int) -> None:
        for name in self.fields:
            if name.startswith(f"r{number}_t") and name.endswith("_why"):
                result = self.cleaned_data.get(name.removesuffix("_why") + "_result")
                if result in {"refer", "ineligible"} and not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, "Give the reason: the school reads it.")

    def values(self) -> dict:
        """Return what the draft says by this form."""
        data = self.cleaned_data
        rules = [self._row(number, row) for number, row in enumerate(self.rows)
                 if data[f"r{number}_when"] != GONE]  # fmt: skip
        plain = {name: data[name] for name in PLAIN}
        return plain | {"rules": rules, "commitments": self._said_commitments(), "terms": self._said_terms()}

    def _row(self, number: int, row: dict) -> dict:
        made, when = {"rule": row["rule"]}, self.cleaned_data[f"r{number}_when"]
        if when != row.get("when", "check") or "when" in row:
            made["when"] = when
        for each in self._parameters(row["rule"]):
            if each.kind == "table":
                made["table"] = self._said_table(f"r{number}_t", row.get("table", []))
                continue
            value = self.cleaned_data[f"r{number}_{each.name}"]
            if isinstance(value, list) and sorted(value) == sorted(row.get(each.name) or []):
                value = row.get(each.name, value)  # the same ones, in the order that they had
            if each.name in row or value != self._default(row["rule"], each.name):
                made[each.name] = value
        return {name: value for name, value in made.items() if value not in (None, "")}

    def _said_table(self, prefix: str, table: list[dict]) -> list[dict]:
        made = []
        for number in [NEW, *range(len(table))]:
            said = {part: self.cleaned_data[f"{prefix}{number}_{part}"] for part in of_table_row()}
            if said["result"]:
                made.append({part: value for part, value in said.items() if value not in (None, "", [])})
        return made

    def _said_commitments(self) -> list[dict]:
        old = self.rule_set.commitments
        kept = [row | {"text": text} for number, row in enumerate(old) if (text := self.cleaned_data[f"c{number}"])]
        if text := self.cleaned_data[f"c{NEW}"]:
            kept.append({"code": _code(text, {row["code"] for row in old}), "text": text})
        return kept

    def _said_terms(self) -> dict:
        made: dict = {}
        for number, (path, _) in enumerate(terms_of(self.rule_set.terms)):
            inner = made
            for part in path[:-1]:
                inner = inner.setdefault(part, {})
            inner[path[-1]] = self.cleaned_data[f"m{number}"]
        return made

    def refuse(self, findings: list[Finding]) -> None:
        """Say what the action refused, at the field if it is on the page."""
        for finding in findings:
            on_page = finding.code in self.fields and not self.fields[finding.code].widget.is_hidden
            self.add_error(finding.code if on_page else None, finding.text)


def _wording(label: str) -> forms.CharField:
    return TidyText(label=label, max_length=400, required=False)


def _code(text: str, taken: set[str]) -> str:
    """Return a short name for a commitment that no other has."""
    word = slugify(text)[:24].strip("-").replace("-", "_") or "commitment"
    return next(code for n in range(1, 1_000) if (code := word if n == 1 else f"{word}_{n}") not in taken)
