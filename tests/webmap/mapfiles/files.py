"""A map file's way through its pages, for tests: sent, looked at, previewed, applied, undone."""

import json
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from gis_layers.geojson import to_geojson
from tests.clients import PageClient
from tests.journey.browser import Page
from webmap.accounts.queries import scope_of
from webmap.accounts.scope import Scope
from webmap.jobs import Job, Watch, run
from webmap.mapfiles.models import MapFile
from webmap.worker import load_jobs


def sent(client: PageClient, content: bytes, name: str = "bản đồ.geojson") -> Any:
    boundary, body = encode_multipart(
        {"file": FileStorage(BytesIO(content), name)}
    )  # the client would leave large files open
    kind = f'multipart/form-data; boundary="{boundary}"'
    return client.post("/import/map", data=body, content_type=kind, query_string={"lang": "en"})


def shown(client: PageClient, path: str, **query: Any) -> str:
    address, _, asked = path.partition("?")
    answer = client.get(address, query_string={"lang": "en", **dict(parse_qsl(asked)), **query})
    assert answer.status_code == 200, (path, answer.status_code)
    return unescape(answer.get_data(as_text=True))


def worked(session: Session, scope: Scope) -> Job:
    """Do what waits, as the worker does."""
    load_jobs()
    job = session.scalars(select(Job).order_by(Job.created_at.desc(), Job.id.desc()).limit(1)).one()
    run(Watch(job.id, dict(job.facts), scope), job.name)
    session.refresh(job)
    return job


class Walk:
    """One file, from the upload on."""

    def __init__(
        self, session: Session, client: PageClient, scope: Scope, content: bytes | Path, name: str = ""
    ) -> None:
        self.session, self.client, self.account_id = session, client, scope.account_id
        if isinstance(content, Path):
            content, name = content.read_bytes(), name or content.name
        answer = sent(client, content, name or "bản đồ.geojson")
        assert answer.status_code == 302, unescape(answer.get_data(as_text=True))
        self.place: str = answer.headers["Location"]
        self.page = shown(client, self.place)

    @property
    def scope(self) -> Scope:
        """As it stands now: whoever brings areas to the top of the tree is tied to them."""
        assert self.account_id is not None
        self.session.expire_all()
        return scope_of(self.session, self.account_id)

    @property
    def file(self) -> MapFile:
        self.session.expire_all()
        return self.session.get_one(MapFile, UUID(self.place.rpartition("/")[2]))

    def previewed(self, **changed: Any) -> Job:
        """Ask for the preview with what the page proposes, changed here and there."""
        answer = self.client.post(f"{self.place}/preview", data={**self.proposed(), **changed})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return worked(self.session, self.scope)

    def proposed(self) -> dict[str, Any]:
        """What the form holds when nothing is touched."""
        values: dict[str, Any] = {}
        for name, value in Page(self.client.get(self.place).get_data(as_text=True), self.place).form("/preview").values:
            if name != "csrf_token":
                values.setdefault(name, []).append(value)
        return values

    def totals(self) -> dict[str, dict[str, int]]:
        """How the features stand; what is wrong with them together is `findings`."""
        preview = self.file.preview
        assert preview is not None
        counts: dict[str, dict[str, int]] = preview["counts"]
        return {what: states for what, states in counts.items() if what != "finding"}

    def findings(self, *kinds: str) -> list[dict[str, Any]]:
        """The findings of some kinds."""
        preview = self.file.preview
        assert preview is not None
        return [one for one in preview["findings"] if one["kind"] in kinds]

    def applied(self, **given: Any) -> Job:
        self.client.post(f"{self.place}/apply", data=given)
        return worked(self.session, self.scope)

    def brought(self, **changed: Any) -> Job:
        """All the way: preview, then apply."""
        job = self.previewed(**changed)
        assert job.state == "done", job.error
        job = self.applied()
        assert job.state == "done", job.error
        return job


INSIDE = to_geojson(shapely.box(106.61, 17.26, 106.62, 17.27))
BESIDE = to_geojson(shapely.box(106.62, 17.26, 106.63, 17.27))
POINT = {"type": "Point", "coordinates": [106.61, 17.26]}


def villages(*rows: tuple[str, str, Any]) -> bytes:
    features = [
        {"type": "Feature", "properties": {"ma_thon": code, "ten_thon": name}, "geometry": shape}
        for code, name, shape in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
