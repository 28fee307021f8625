"""How the portal writes dates, times, money and academic years, and the links of filtered lists.

Loaded into every template (`builtins` in the settings), so no page needs `{% load hub %}`.
"""

from datetime import date, datetime, time
from decimal import Decimal

from django import template
from django.core.paginator import Paginator

from hubportal import clock

register = template.Library()


def _london_date(value: date | datetime) -> date:
    return clock.london_date(value) if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """Return “Tuesday 3 March 2026”, the date in London; nothing for None."""
    if not value:
        return ""
    on = _london_date(value)
    return f"{on:%A} {on.day} {on:%B %Y}"


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Return “3 March 2026”, the date in London; nothing for None."""
    if not value:
        return ""
    return clock.short_day(_london_date(value))


@register.filter(name="clock")
def clock_time(value: datetime | time | None) -> str:
    """Return “4pm”, “5:30pm”, “midday” or “midnight”, London time; nothing for None."""
    if value is None or value == "":
        return ""
    at = value.astimezone(clock.LONDON).time() if isinstance(value, datetime) else value
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


@register.filter
def when(value: datetime | None) -> str:
    """Return “Tuesday 3 March 2026 at 4pm”, London time; nothing for None."""
    return f"{day(value)} at {clock_time(value)}" if value else ""


@register.filter
def iso_day(value: str) -> str:
    """Return “3 March 2026” for “2026-03-03”, as findings keep dates; what is not a date comes back as it is."""
    try:
        return short_day(date.fromisoformat(value))
    except (TypeError, ValueError):
        return value


@register.filter
def pounds(amount: Decimal | int | None) -> str:
    """Return “£2,000”, or “£2,000.50” where there are pence; nothing for None."""
    if amount is None or amount == "":
        return ""
    amount = Decimal(amount)
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"-£{text}" if amount < 0 else f"£{text}"


@register.filter
def year_label(year: int | None) -> str:
    """Return “2026/27” for 2026; nothing for None."""
    return clock.year_label(year) if year else ""


@register.filter
def page_numbers(paginator: Paginator, number: int) -> list[int | None]:
    """Return the page numbers to offer beside page `number`; None stands for those left out."""
    shown = paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return [None if each == paginator.ELLIPSIS else each for each in shown]


@register.simple_tag(takes_context=True)
def query_without(context, key: str, value: str = "") -> str:
    """Return this page's query string less `value` of `key` (less every value when none is named), from page one.

    For the chips that take a filter away; `{% querystring %}` does the rest.
    """
    query = context["request"].GET.copy()
    kept = [each for each in query.getlist(key) if value and each != str(value)]
    query.setlist(key, kept)
    query.pop("page", None)
    return f"?{query.urlencode()}"
