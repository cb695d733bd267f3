"""Which language, and dates and numbers in it. Sentences in the code are English; the default is Vietnamese."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from babel.numbers import format_decimal, format_percent
from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.wrappers import Response

from webmap import clock
from webmap.errors import NotFoundError
from webmap.http import local_path
from webmap.words import word, words

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = ("vi", "en")
COOKIE = "language"


def choose() -> str:
    """The language of this request: asked for in the address, the account's, the cookie's, Vietnamese."""
    wanted = request.args.get("lang") or request.cookies.get(COOKIE)
    if not wanted and current_user and current_user.is_authenticated:
        wanted = current_user.language
    return wanted if wanted in LANGUAGES else "vi"


def day(value: date | None) -> str:
    """A day as people write it: 31/05/2026."""
    return "" if value is None else value.strftime("%d/%m/%Y")


def instant(value: datetime | None) -> str:
    """An instant on Vietnam's clock: 17:30, 31/05/2026."""
    return "" if value is None else value.astimezone(clock.VIETNAM).strftime("%H:%M, %d/%m/%Y")


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """A number with the language's separators: 1.234,5."""
    if value is None:
        return "–"
    return str(format_decimal(f"{value:.{digits}f}", locale=get_locale()))


def rate(part: int, whole: int, digits: int = 1) -> str:
    """A rate in percent: 93,4 %. Never clamped; nothing of nothing has no rate."""
    if whole == 0:
        return "–"
    zeros = "0" * digits
    return format_percent(part / whole, format=f"#,##0.{zeros}%" if digits else "#,##0%", locale=get_locale())


def switch(code: str) -> ResponseReturnValue:
    """Speak this language from now on, and go back to the page (one of ours only)."""
    if code not in LANGUAGES:
        raise NotFoundError
    return remember(redirect(local_path(request.args.get("next"))), code)


def remember(answer: Response, code: str) -> Response:
    """Let this browser remember the language, also before somebody has signed in."""
    answer.set_cookie(COOKIE, code, max_age=31_536_000, samesite="Lax", secure=request.is_secure, httponly=True)
    return answer


def _count_with_separators(app: Flask) -> None:
    """Let templates write "1.058 hộ": `ngettext` would put the bare number."""
    plain = cast("Callable[..., str]", app.jinja_env.globals["ngettext"])

    @pass_context
    def counted(context: Context, singular: str, plural: str, num: int, /, **given: Any) -> str:
        return plain(context, singular, plural, num, **{"num": number(num), **given})

    app.jinja_env.globals["ngettext"] = counted


def install(app: Flask) -> None:
    """Teach the app and its templates to speak."""
    Babel(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh", locale_selector=choose)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    filters: dict[str, Any] = {"day": day, "instant": instant, "number": number}
    app.jinja_env.filters.update(filters)
    _count_with_separators(app)
    app.jinja_env.globals.update(rate=rate, get_locale=get_locale, LANGUAGES=LANGUAGES, word=word, words=words)
    switch.allowed_roles = None  # type: ignore[attr-defined] # open before signing in
    app.add_url_rule("/language/<code>", "language", switch)
