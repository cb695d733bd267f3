"""HTTP on both sides of a view: reading what was sent, telling errors, headers of every answer."""

import logging
from typing import Any, TypeVar

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from webmap.errors import N_, AppError, InvalidError, UnavailableError
from webmap.ids import uuid7

Model = TypeVar("Model", bound=BaseModel)
log = logging.getLogger("webmap")
csrf = CSRFProtect()

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self';"
    " img-src 'self' data: blob:; worker-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)

# What pydantic finds wrong, in sentences for people. What is not here cannot happen by using our pages.
UNUSABLE = N_("This cannot be used here.")
SENTENCES = {
    "missing": N_("This is missing."),
    "string_too_short": N_("Please fill this in."),
    "string_too_long": N_("This may have at most %(max_length)s characters."),
    "too_short": N_("Please choose at least %(min_length)s."),
    "too_long": N_("Please choose at most %(max_length)s."),
    "int_parsing": N_("This must be a whole number."),
    "int_from_float": N_("This must be a whole number."),
    "float_parsing": N_("This must be a number."),
    "finite_number": N_("This must be a number."),
    "date_from_datetime_parsing": N_("This is not a day of the calendar."),
    "date_parsing": N_("This is not a day of the calendar."),
    "enum": N_("Please choose one from the list."),
    "literal_error": N_("Please choose one from the list."),
    "greater_than_equal": N_("This must be at least %(ge)s."),
    "less_than_equal": N_("This may be at most %(le)s."),
    "greater_than": N_("This must be more than %(gt)s."),
    "less_than": N_("This must be less than %(lt)s."),
}


def body(model: type[Model]) -> Model:
    """The JSON that was sent, as a checked input. Raises InvalidError naming the fields."""
    try:
        return model.model_validate_json(request.get_data(cache=True) or b"null")
    except ValidationError as error:
        raise InvalidError(problems_of(error)) from error


def form(model: type[Model]) -> Model:
    """The form that was sent, as a checked input; repeated fields arrive as lists where the input wants one."""
    many = {
        name: field
        for name, field in model.model_fields.items()
        if "list" in str(field.annotation) or "tuple" in str(field.annotation)
    }
    values: dict[str, Any] = {
        key: request.form.getlist(key) if key in many else value.strip()
        for key, value in request.form.items()
        if key != "csrf_token"
    }
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidError(problems_of(error)) from error


def problems_of(error: ValidationError) -> tuple[tuple[str, str], ...]:
    """Each field that cannot be used, with a sentence in the reader's language."""
    return tuple((".".join(map(str, one["loc"])), _sentence(one)) for one in error.errors(include_url=False))


def _sentence(one: ErrorDetails) -> str:
    facts = one.get("ctx", {})
    if one["type"] == "value_error":  # said by a validator of ours, in a sentence marked with N_
        return str(gettext(str(facts["error"])))
    return str(gettext(SENTENCES.get(one["type"], UNUSABLE), **facts))


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """An address of ours to go on to, as given by `next=`; anything that leads elsewhere becomes `otherwise`."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    if "\\" in wanted or any(ord(letter) < 33 or ord(letter) == 127 for letter in wanted):
        return otherwise  # browsers read a backslash as a slash, and leave out tabs and line ends
    return wanted


def wants_json() -> bool:
    """Whether the caller is a program: answered with problem+json instead of a page."""
    return request.path.startswith(("/api/", "/tiles/")) or request.accept_mimetypes.best == "application/json"


def problem(status: int, code: str, title: str, **facts: Any) -> ResponseReturnValue:
    """The one shape of an error (RFC 9457), or its page."""
    if wants_json():
        answer = jsonify(type=f"about:blank#{code}", status=status, code=code, title=title, **facts)
        answer.mimetype = "application/problem+json"
        return answer, status
    return render_template("errors/problem.html", status=status, code=code, title=title, facts=facts), status


def tell_app_error(error: AppError) -> ResponseReturnValue:
    """An error that can be said to a person."""
    extra: dict[str, Any] = {}
    if isinstance(error, InvalidError) and error.problems:
        extra["problems"] = [{"field": field, "text": sentence} for field, sentence in error.problems]
    facts = {key: str(value) for key, value in error.facts.items()}
    return problem(error.status, error.code, gettext(error.text, **facts), **extra)


def tell_http_error(error: HTTPException) -> ResponseReturnValue:
    """What Flask itself refuses: unknown address, wrong method, too large."""
    titles = {
        404: gettext("This page or record does not exist, or it is not in your areas."),
        405: gettext("This cannot be done here."),
        413: gettext("The file is too large."),
    }
    status = error.code or 500
    return problem(status, f"http_{status}", titles.get(status, gettext("The request could not be understood.")))


def tell_csrf_error(_: CSRFError) -> ResponseReturnValue:
    """A form without its token: stale page, or somebody else's."""
    return problem(403, "csrf", gettext("This page is too old. Please reload it and try again."))


def tell_no_database(error: Exception) -> ResponseReturnValue:
    """The database does not answer, or is too busy: try again soon. A phone keeps what it has until then."""
    log.error("no database at %s %s: %s", request.method, request.path, error)
    answer = make_response(tell_app_error(UnavailableError()))
    answer.headers["Retry-After"] = "10"
    return answer


def tell_bug(error: Exception) -> ResponseReturnValue:
    """Anything else is a bug: logged whole, shown with a short number."""
    number = str(uuid7())[-8:]
    log.error("bug %s at %s %s", number, request.method, request.path, exc_info=error)
    return problem(500, "bug", gettext("Something went wrong. Please tell this number: %(number)s", number=number))


def finish(response: Response) -> Response:
    """Headers of every answer. Answers with personal data are never kept by the browser unless a view says so."""
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def install(app: Flask) -> None:
    """Put all of this around the app's views."""
    csrf.init_app(app)
    app.register_error_handler(AppError, tell_app_error)
    app.register_error_handler(CSRFError, tell_csrf_error)
    app.register_error_handler(HTTPException, tell_http_error)
    app.register_error_handler(OperationalError, tell_no_database)
    app.register_error_handler(PoolTimeoutError, tell_no_database)
    if not app.testing:
        app.register_error_handler(Exception, tell_bug)
    app.after_request(finish)
