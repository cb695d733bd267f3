"""Every setting, typed, from the environment. A default must be right in production and safe to publish."""

import os
from functools import cache
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once at start. `WEBMAP_<NAME>` sets a value; `WEBMAP_<NAME>_FILE` names a file that holds it."""

    model_config = SettingsConfigDict(env_prefix="WEBMAP_", frozen=True, extra="ignore", populate_by_name=True)

    # Where PostgreSQL with PostGIS is. Unset: the project starts its own private cluster in `data_dir`.
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    # Folder of the private cluster, uploaded files and the generated secret key.
    data_dir: Path = Path("data")
    # Signs sessions and forms. Unset: generated once and kept in `data_dir`.
    secret_key: SecretStr | None = None
    # Address the web server listens on.
    host: str = "127.0.0.1"
    # Port the web server listens on.
    port: int = Field(default=8000, ge=1, le=65535)
    # Threads of the web server, and size of its pool of database connections.
    threads: int = Field(default=8, ge=1, le=64)
    # Cookies are sent over HTTPS only. Switch off only for a machine that is reached as localhost.
    is_https: bool = True
    # How many reverse proxies in front may be believed about the caller's address.
    trusted_proxies: int = Field(default=0, ge=0, le=3)
    # Days until a sign-in must be renewed.
    session_days: int = Field(default=30, ge=1, le=90)
    # Wrong passwords for one account in fifteen minutes before it has to wait.
    login_attempts: int = Field(default=8, ge=3, le=100)
    # Households that a cell or a count must hold before somebody without the right to persons may see it.
    smallest_cell: int = Field(default=10, ge=1)
    # Largest file that may be uploaded, in megabytes.
    upload_megabytes: int = Field(default=64, ge=1, le=1024)
    # Largest number of rows of one spreadsheet.
    import_rows: int = Field(default=60_000, ge=100)
    # Largest number of rows of one roll of the insurance agency.
    roll_rows: int = Field(default=2_000_000, ge=100)
    # Outlines of two makers are one house when they share this part of what both cover (docs/decisions/0020).
    building_overlap: float = Field(default=0.25, gt=0, le=1)
    # They are also one house when this part of the lesser outline lies under better ones.
    building_cover: float = Field(default=0.7, gt=0, le=1)
    # Buildings of which a detector is less sure than this are not drawn and get no household, unless asked for.
    building_confidence: float = Field(default=0.7, ge=0, le=1)
    # How sure the place of an address must be to be taken; what is less sure goes to the review list.
    address_certainty: float = Field(default=0.8, gt=0, le=1)
    # Days after a visit reported a card from which on its absence from the roll is followed up.
    reported_late_days: int = Field(default=14, ge=1, le=365)
    # Folder of an operator's own .pmtiles basemaps. Unset: `basemaps` in `data_dir`.
    basemap_dir: Path | None = None
    # Log level: DEBUG, INFO, WARNING or ERROR.
    log_level: str = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _read_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in cls.model_fields:
            key = "DATABASE_URL" if name == "database_url" else f"WEBMAP_{name.upper()}"
            path = os.environ.get(f"{key}_FILE")
            if path and key not in os.environ:
                values["DATABASE_URL" if name == "database_url" else name] = Path(path).read_text("utf-8").strip()
        return values

    @model_validator(mode="after")
    def _absolute(self) -> Self:
        object.__setattr__(self, "data_dir", self.data_dir.expanduser().absolute())
        return self


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
