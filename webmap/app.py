"""The app: settings, database, then the journey in order."""

import secrets
from importlib import import_module
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webmap import __version__, assets, http, i18n
from webmap.accounts import current, gate
from webmap.accounts.rules import LONGEST_SIGN_IN
from webmap.coverage.service import refresh_households
from webmap.database.engine import connect
from webmap.households import derived
from webmap.settings import Settings
from webmap.settings import settings as read_settings

# The order of the import contract in pyproject.toml and of docs/life-of-a-household.md.
JOURNEY = (
    "accounts",
    "house",
    "areas",
    "streets",
    "households",
    "coverage",
    "roll",
    "exports",
    "mapfiles",
    "campaigns",
    "support",
    "planning",
    "visits",
    "ledger",
    "maps",
    "reports",
)


# What coverage derives is worked out after every write of an earlier step, which may not import it.
derived.use(refresh_households)


def create_app(settings: Settings | None = None, *, database_url: str | None = None, testing: bool = False) -> Flask:
    """Make the app. `database_url` overrides the settings' (the private server's address, a test's database)."""
    chosen = settings or read_settings()
    app = Flask("webmap", static_folder=None)
    app.testing = testing
    app.config.update(
        SECRET_KEY=secret_key(chosen),
        SESSION_COOKIE_NAME="__Host-session" if chosen.is_https else "session",
        SESSION_COOKIE_SECURE=chosen.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The row of the sign-in says when it ends; the cookie is written once, at the sign-in.
        PERMANENT_SESSION_LIFETIME=LONGEST_SIGN_IN,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=chosen.upload_megabytes * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        WEBMAP=chosen,
    )
    url = database_url or chosen.database_url
    if url is None:
        raise ValueError("no database: set DATABASE_URL, or start with `webmap up`")
    load_models()
    app.extensions["engine"] = connect(url, chosen.threads)
    if chosen.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=chosen.trusted_proxies, x_proto=chosen.trusted_proxies)  # type: ignore[method-assign]
    current.install(app)
    i18n.install(app)
    http.install(app)
    assets.install(app)
    gate.install(app)
    app.jinja_env.globals.update(version=__version__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    register(app)
    return app


def load_models() -> None:
    """Import every capability's tables: a foreign key is only known when both ends are."""
    for step in JOURNEY:
        if (Path(__file__).parent / step / "models.py").exists():
            import_module(f"webmap.{step}.models")
    for part in ("webmap.households.importing.models", "webmap.households.past"):
        import_module(part)


def register(app: Flask) -> None:
    """Add the blueprint of every step of the journey that has pages."""
    for step in JOURNEY:
        folder = Path(__file__).parent / step
        for file in sorted(folder.glob("*views.py")):
            app.register_blueprint(import_module(f"webmap.{step}.{file.stem}").blueprint)


def secret_key(settings: Settings) -> str:
    """The given key, or one made once and kept in the data folder."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), "utf-8")
    return path.read_text("utf-8").strip()
