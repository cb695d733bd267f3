"""A person with a browser that has no JavaScript: opens pages, fills in their forms as they stand, presses buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """A form of a page, with what its fields hold."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """The forms of a page, its plain text and its links."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.named: dict[str, str] = {}  # where the link with these words leads
        self.words: list[str] = []
        self._select: str | None = None
        self._first_option: str | None = None
        self._textarea: str | None = None
        self._is_inside = False
        self._link: str | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        if tag == "a":
            self._link = attributes.get("href", "")
            self.links.append(self._link)
        if tag == "form":
            self._is_inside = True
            self.forms.append(Form(attributes.get("action") or self.address, attributes.get("method", "get").lower()))
        if not self._is_inside:
            return
        name = attributes.get("name", "")
        if name:
            self.forms[-1].names.add(name)
        if tag == "input" and name and "disabled" not in attributes:
            self._input(name, attributes)
        elif tag == "select":
            self._select, self._first_option = name, None
        elif tag == "option" and self._select:
            self._first_option = self._first_option if self._first_option is not None else attributes.get("value", "")
            if "selected" in attributes:
                self.forms[-1].values.append((self._select, attributes.get("value", "")))
                self._select = None

    def _input(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in attributes:
            return
        if kind not in ("file", "submit", "button"):
            self.forms[-1].values.append((name, attributes.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None
        if tag == "form":
            self._is_inside = False
        if tag == "select" and self._select:
            self.forms[-1].values.append((self._select, self._first_option or ""))
            self._select = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._link and data.strip():
            self.named[data.strip()] = self._link

    def form(self, action: str) -> Form:
        """The form whose address ends so."""
        return next(one for one in self.forms if one.action.rstrip("/").endswith(action))


@dataclass
class Person:
    """Somebody at a browser."""

    client: FlaskClient

    def open(self, path: str) -> Page:
        """Open a page, and follow where it leads."""
        return self._page(self.client.get(path, follow_redirects=True))

    def send(self, form: Form, **changes: Any) -> Page:
        """Send a form as it stands, but for what was changed. A list stands for several ticks."""
        values: dict[str, Any] = {}
        for name, value in form.values:
            values.setdefault(name, []).append(value)
        for name, value in changes.items():
            assert name in form.names, f"the form {form.action} has no field {name}: {sorted(form.names)}"
            values[name] = value
        kwargs: dict[str, Any] = {"query_string": values} if form.method == "get" else {"data": values}
        if any(isinstance(value, tuple) for value in changes.values()):
            kwargs["content_type"] = "multipart/form-data"
        answer = self.client.open(form.action, method=form.method.upper(), follow_redirects=True, **kwargs)
        return self._page(answer)

    def sign_in(self, username: str, password: str) -> Page:
        """Sign in on the page for it."""
        page = self.open("/sign-in")
        return self.send(page.form("/sign-in"), username=username, password=password)

    def _page(self, answer: TestResponse) -> Page:
        assert answer.status_code == 200, (
            f"{answer.request.path}: {answer.status_code} {answer.get_data(as_text=True)[:600]}"
        )
        return Page(answer.get_data(as_text=True), answer.request.path)


def a_file(content: bytes, name: str) -> tuple[BytesIO, str]:
    """A file as a form takes it."""
    return BytesIO(content), name
