"""What the queue can be narrowed to. Everything stands in the address; what makes no sense there is left out."""

import django_filters as filters

from applications.states import Status


class QueueFilter(filters.FilterSet):
    """Narrow applications. `projects` and `hubs` are the choices that the person has.

    Where nothing is narrowed, no form is made.
    """

    q = filters.CharFilter(method="search", label="Reference, school, URN or person", max_length=100)
    project = filters.ChoiceFilter(field_name="project_id", label="Programme and year", empty_label="All")
    hub = filters.ChoiceFilter(field_name="hub_id", label="Hub", empty_label="All")
    status = filters.ChoiceFilter(
        choices=[choice for choice in Status.choices if choice[0] != Status.DRAFT], label="Status", empty_label="All"
    )
    overdue = filters.ChoiceFilter(method="leave", choices=[("1", "Overdue only")], label="Overdue")

    def __init__(self, data, queryset, *, projects, hubs):
        super().__init__(data if any(map(data.get, self.base_filters)) else None, queryset)
        self.filters["project"].extra["choices"] = [(str(pk), label) for pk, label in projects]
        self.filters["hub"].extra["choices"] = [(str(pk), label) for pk, label in hubs]

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def leave(self, queryset, name, value):
        """Leave it to the queue, which knows the dates."""
        return queryset

    def chosen(self) -> dict[str, str]:
        """Return what is in force, by name."""
        if not self.is_bound:
            return {}
        self.form.is_valid()  # what is not valid is missing from cleaned_data
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def chips(self) -> list[dict]:
        """Return each filter in force, in words, for `components/filter_chips.html`."""
        return [
            {"key": name, "value": value, "label": self._in_words(name, value)} for name, value in self.chosen().items()
        ]

    def _in_words(self, name: str, value: str) -> str:
        choices = dict(self.filters[name].extra.get("choices", []))
        return str(choices.get(value, f"“{value}”"))
