"""What every page shares, from its one template in `templates/rows/`."""

from django import template

from hubportal.rows import render_rows

register = template.Library()


@register.simple_tag(takes_context=True)
def site_header(context) -> str:
    """Return the header; `staff` and `bare` come from the context. Without a request there is no menu."""
    request = context.get("request")
    bare = bool(context.get("bare")) or request is None
    return render_rows("header.html", {"staff": context.get("staff"), "bare": bare}, request)


@register.simple_tag(takes_context=True)
def pagination(context) -> str:
    """Return the links to the other pages of the context's `page`."""
    return render_rows("pagination.html", {"page": context["page"]}, context["request"])
