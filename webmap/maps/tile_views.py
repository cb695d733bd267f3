"""Vector tiles over HTTP."""

import gzip
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, cast

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from gis_layers.errors import TileOutOfRangeError
from gis_layers.layers.catalogue import LAYERS
from gis_layers.layers.layer import Audience, Layer
from gis_layers.tiles import address, mvt
from gis_layers.types import TileAddress
from webmap import clock
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import EVERYBODY, Role
from webmap.accounts.scope import Scope
from webmap.areas.by_date import asked_day
from webmap.database.engine import answer
from webmap.errors import NotFoundError
from webmap.households import filters

blueprint = Blueprint("tiles", __name__, url_prefix="/tiles")

# What of these is shown changes with the doors of the scope only, and these are counted (map.version).
# A canvasser's doors also change with her walks.
COUNTED = ("households", "cells")
EVERYTHING = filters.HouseholdFilter()


@blueprint.get("/<name>/<int:z>/<int:x>/<int:y>.mvt")
@allow(*EVERYBODY)
def tile(name: str, z: int, x: int, y: int) -> ResponseReturnValue:
    """One tile of one layer; doors may be filtered as lists are, of areas `area` and `on` count. Browsers keep it."""
    scope = current_scope()
    layer = _layer(name, scope)
    square = _square(layer, z, x, y)
    wanted = filters.parse(request.args) if request.args and layer.can_be_filtered else EVERYTHING
    condition, parameters = _condition(wanted)
    is_counted = name in COUNTED and wanted == EVERYTHING and scope.role != Role.CANVASSER
    of_version, version = "map.version()" if is_counted else "null::numeric", None
    if is_counted and request.if_none_match:
        (version,) = answer(scope, f"select {of_version}", {}, "version numeric")
        if request.if_none_match.contains_weak(tag := _tag(scope, layer, square, version)):
            return _answer(b"", tag, status=304)

    def ask(drawing: str, given: Mapping[str, Any]) -> bytes | None:
        nonlocal version
        version, drawn = answer(scope, f"select {of_version}, ({drawing})", given, "version numeric, drawn bytea")
        return cast("bytes | None", drawn)

    of_areas: dict[str, Any] = {}
    if name == "areas":
        asked_for = filters.parse(request.args)
        of_areas = {"parent": asked_for.area or 0, "day": asked_day(request.args.get("on"))}
    packed = mvt.tile(ask, layer, square, condition=condition, parameters=parameters, **of_areas)
    tag = sha256(packed).hexdigest()[:32] if version is None else _tag(scope, layer, square, version)
    if request.if_none_match.contains_weak(tag):
        return _answer(b"", tag, status=304)
    return _answer(packed, tag, status=200 if packed else 204)


def _condition(wanted: filters.HouseholdFilter) -> tuple[str, dict[str, Any]]:
    if wanted == EVERYTHING:
        return "", {}
    numbers, parameters = filters.where_sql(wanted, clock.today())
    return f"household.number in ({numbers})", parameters


def _layer(name: str, scope: Scope) -> Layer:
    layer = LAYERS.get(name)
    if layer is None or (layer.audience == Audience.PERSONS and not scope.sees_persons):
        raise NotFoundError
    return layer


def _square(layer: Layer, z: int, x: int, y: int) -> TileAddress:
    try:
        square = address.checked(z, x, y)
    except TileOutOfRangeError as error:
        raise NotFoundError from error
    if not layer.min_zoom <= z <= layer.max_zoom:
        raise NotFoundError
    return square


def _tag(scope: Scope, layer: Layer, square: TileAddress, version: object) -> str:
    """A name for what the tile shows, found without drawing it."""
    facts = (scope.account_id, sorted(scope.area_ids), scope.sees_persons, layer.name, square, version)
    return sha256(repr(facts).encode()).hexdigest()[:32]


def _answer(packed: bytes, tag: str, status: int) -> Response:
    takes_gzip = request.accept_encodings["gzip"] > 0
    answer = make_response(packed if takes_gzip or not packed else gzip.decompress(packed), status)
    answer.mimetype = "application/vnd.mapbox-vector-tile"
    if packed and takes_gzip:
        answer.content_encoding = "gzip"
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.update(("Accept-Encoding", "Cookie"))
    return answer
