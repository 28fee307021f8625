"""What every request must be, and what every response says."""

from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

KNOWN_METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
SIGNED_OUT_AT = {"account_logout", "logout"}


def plain_requests(get_response):
    """Answer 400 to bytes that no page or database understands, 405 to methods that no page has, 413 to long bodies.

    PostgreSQL has no NUL in texts, so a NUL in an address would be a 500 wherever it is looked up.
    """

    def middleware(request):
        if not is_plain(request):
            return render(request, "400.html", status=400)
        if request.method not in KNOWN_METHODS:  # before CSRF, which would send them to look for a cookie
            return HttpResponseNotAllowed(KNOWN_METHODS)
        if is_too_long(request):
            return render(request, "413.html", status=413)
        return get_response(request)

    return middleware


def is_plain(request) -> bool:
    """Return whether path and query are UTF-8 without NUL. (Django has made broken UTF-8 in a path plain already.)"""
    try:
        return "\0" not in request.path_info + unquote_to_bytes(request.META.get("QUERY_STRING", "")).decode()
    except UnicodeDecodeError:
        return False


def is_too_long(request) -> bool:
    """Return whether a form, other than one with files, is longer than Django would read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    with_files = request.content_type == "multipart/form-data"
    return length.isdigit() and not with_files and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def bad_request(request, exception):
    """Answer 413 to what Django found too long, and 400 to the rest of what it could not read."""
    too_much = isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent))
    return render(request, "413.html" if too_much else "400.html", status=413 if too_much else 400)


def response_headers(get_response):
    """Keep private pages out of every cache, and every page to our own origin."""

    def middleware(request):
        response = get_response(request)
        # Django's own middleware sets the first three, but not where it refuses a request itself, for its host say.
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if is_private(request):
            add_never_cache_headers(response)
        if request.method == "POST" and _name(request) in SIGNED_OUT_AT:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


def is_private(request) -> bool:
    """Return whether the answer may show what only this visitor may see.

    That is: it answers a form, its address holds a token or a secret id, its page needs sign-in, or its session holds
    something.
    """
    match = request.resolver_match
    session = getattr(request, "session", None)
    return (
        request.method not in {"GET", "HEAD"}
        or (match is not None and bool({"token", "uid"} & match.kwargs.keys()))
        or (match is not None and getattr(match.func, "login_required", True))
        or (session is not None and session.accessed and not session.is_empty())
    )


def _name(request) -> str:
    return (request.resolver_match and request.resolver_match.url_name) or ""
