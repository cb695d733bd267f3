"""The tables in docs that code can make: settings, errors, jobs. `python -m tests.architecture.tables` writes them."""

import ast
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import webmap
from webmap import errors, jobs, settings
from webmap.errors import AppError

DOCS = Path(__file__).parent.parent.parent / "docs"
BEGIN, END = "<!-- made from the code: begin -->\n", "<!-- made from the code: end -->\n"


def settings_table() -> str:
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    comments = _comments_above_fields()
    for name, field in settings.Settings.model_fields.items():
        variable = field.validation_alias if isinstance(field.validation_alias, str) else f"WEBMAP_{name.upper()}"
        default = "unset" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{variable}` | {default} | {comments[name]} |")
    return "\n".join(rows) + "\n"


def errors_table() -> str:
    rows = ["| code | status | sentence | when |", "|---|---|---|---|"]
    known = sorted(_all_errors(), key=lambda error: (error.status, error.code))
    for error in known:
        when = inspect.cleandoc(error.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        rows.append(f"| `{error.code}` | {error.status} | {error.text} | {when} |")
    return "\n".join(rows) + "\n"


def jobs_table() -> str:
    _import_everything()
    rows = ["| job | what it does | where |", "|---|---|---|"]
    for name, function in sorted(jobs.REGISTER.items()):
        if not function.__module__.startswith("webmap."):
            continue  # a test's own
        what = inspect.cleandoc(function.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        rows.append(f"| `{name}` | {what} | `{function.__module__.replace('.', '/')}.py` |")
    return "\n".join(rows) + "\n"


TABLES = {"settings.md": settings_table, "errors.md": errors_table, "jobs.md": jobs_table}


def with_table(document: str, table: str) -> str:
    before, rest = document.split(BEGIN)
    return before + BEGIN + table + END + rest.split(END)[1]


def _comments_above_fields() -> dict[str, str]:
    lines = inspect.getsource(settings.Settings).splitlines()
    tree = ast.parse("\n".join(lines))
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            above = []
            for line in reversed(lines[: node.lineno - 1]):
                if not line.strip().startswith("#"):
                    break
                above.insert(0, line.strip().removeprefix("# "))
            found[node.target.id] = " ".join(above)
    return found


def _import_everything() -> None:
    for module in pkgutil.walk_packages(webmap.__path__, "webmap."):
        if not re.search(r"\.(__main__|_migrations.*)$", module.name):
            import_module(module.name)


def _all_errors(kind: type[AppError] = AppError) -> Iterator[type[AppError]]:
    if kind is AppError:
        _import_everything()
    for error in kind.__subclasses__():
        if error.__module__.startswith("webmap.") and error is not errors.AppError:
            yield error
        yield from _all_errors(error)


def main() -> None:
    for name, make in TABLES.items():
        path = DOCS / name
        path.write_text(with_table(path.read_text("utf-8"), make()), "utf-8")


if __name__ == "__main__":
    main()
