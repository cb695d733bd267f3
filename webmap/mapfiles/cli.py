"""`webmap import map FILE…`: what the page does, from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.areas import queries as areas
from webmap.areas.cli import closing_pool, import_group
from webmap.areas.errors import REFUSALS, UNREADABLE
from webmap.areas.map_reading import looked_at
from webmap.areas.models import Area
from webmap.database.address import database_address
from webmap.database.engine import patient_transaction
from webmap.errors import AppError
from webmap.ids import uuid7
from webmap.mapfiles import features, proposals, service
from webmap.mapfiles.inputs import TOP, Becomes, Choices, LayerChoice
from webmap.mapfiles.looks import as_json, near, with_list
from webmap.mapfiles.models import MapFile
from webmap.mapfiles.name_choices import A_NEW_ONE
from webmap.mapfiles.sentences import finding_text

if TYPE_CHECKING:
    from datetime import datetime

Given = dict[str, Any]
KINDS = ("areas", "alleys", "buildings", "addresses", "water", "basemap")
FIELD = "uuid, code, name, kind, parent_code, population."


def register(main: click.Group) -> None:
    """Add this capability's commands."""
    import_group(main).add_command(map_command)


@click.command("map")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "becomes", type=click.Choice(KINDS), help="What the layers become. Default: as proposed.")
@click.option("--layer", help="Only this layer of the file.")
@click.option("--level", type=click.Choice(["country", "province", "district", "commune", "village"]))
@click.option("--under", metavar="CODE", help="Code of the area that all of them belong to.")
@click.option("--top", is_flag=True, help="They belong to no area: the top of the tree.")
@click.option("--field", "roles", multiple=True, metavar="ROLE=FIELD", help=FIELD)
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="Since when areas are so. Default: 2025-07-01.")
@click.option("--new-map", is_flag=True, help="Areas of before end where these begin.")
@click.option("--area", "codes", multiple=True, metavar="CODE", help="Cut streets to the area of this code.")
@click.option("--complete", is_flag=True, help="What the file does not hold within its bounds is gone: remove it.")
@click.option("--epsg", type=int, help="Coordinate system, when the file does not say it or says it wrongly.")
@click.option("--north-first", is_flag=True, help="x is north and y is east.")
@click.option("--letters", help="Encoding of the texts, when it was not recognised: tcvn3, vni, windows-1258 ...")
@click.option("--licence")
@click.option("--attribution")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="Day of the data.")
@click.option("--repair", is_flag=True, help="Repair what offers a repair: overlaps, gaps.")
@click.option("--match", "matches", multiple=True, metavar="ROW=CODE", help="What a row is by its name; CODE or new.")
@click.option("--leave-out", is_flag=True, help="Leave out what cannot be used, instead of changing nothing.")
@click.option("--check", is_flag=True, help="Only say what would change.")
@click.option("--yes", is_flag=True, help="Do not ask before changing the map.")
def map_command(**given: Any) -> None:
    """Bring map FILES in: areas, ways, buildings, water, house numbers; the kind is known by the content."""
    with database_address() as url, closing_pool(url):
        for path in given["files"]:
            try:
                _one(path, given)
            except AppError as error:
                reason = UNREADABLE.get(str(error.facts.get("reason")), "")
                text = error.text % {**error.facts, "reason": reason}
                raise click.ClickException(f"{path.name}: {text}") from error


def _one(path: Path, given: Given) -> None:
    with patient_transaction(SYSTEM) as session:
        look = with_list(as_json(looked_at(path, areas.extent(session, SYSTEM), is_patient=True)), path)
        chosen = _chosen(session, look, path, given)
        _say_layers(path, chosen)
        with session.begin_nested() as before:
            file = _file(session, path, look, chosen)
            told = service.preview(session, SYSTEM, file, path, lambda _: None)
            if given["repair"]:
                chosen = chosen.model_copy(update={"repairs": tuple(one["key"] for one in told["findings"])})
                file.choices = chosen.model_dump(mode="json")
                told = service.preview(session, SYSTEM, file, path, lambda _: None)
            totals = _say(session, file, told)
            before.rollback()
    if given["check"]:
        return
    if totals["refused"] and told["counts"].get("area", {}).get("refused") and not given["leave_out"]:
        raise click.ClickException("Nothing was changed.")
    if not (totals["new"] or totals["changed"] or totals["gone"] or told["ended"]):
        return
    if not given["yes"] and not click.confirm("Change the map?"):
        raise click.Abort
    with patient_transaction(SYSTEM) as session:
        file = _file(session, path, look, chosen)
        done = service.apply(session, SYSTEM, file, path, lambda _: None)
        session.delete(file)
    click.echo(
        f"Done: {done.counts['added']} added, {done.counts['changed']} changed, {done.counts['removed']} removed."
    )


def _file(session: Session, path: Path, look: Given, chosen: Choices) -> MapFile:
    file = MapFile(
        id=uuid7(),
        name=path.name,
        bytes=path.stat().st_size,
        uploaded_at=clock.now(),
        look=look,
        choices=chosen.model_dump(mode="json"),
    )
    session.add(file)
    session.flush()
    return file


def _chosen(session: Session, look: Given, path: Path, given: Given) -> Choices:
    box = near(look)
    around = [] if box is None else areas.with_boundary_near(session, SYSTEM, box)
    proposal = proposals.proposed(look, path.name, around, is_top_free=True)
    said: Given = {
        "layers": tuple(_layer(session, one, given) for one in proposal.layers),
        "area_ids": _ids(session, given["codes"]),
        "is_complete": given["complete"],
        "leaves_out": given["leave_out"],
        "matches": _matches(session, proposal, given["matches"]),
    }
    for role in ("licence", "attribution"):
        if given[role] is not None:
            said[role] = given[role]
    for role, option in (("valid_from", "valid_from"), ("dated_on", "dated")):
        if given[option] is not None:
            said[role] = cast("datetime", given[option]).date()
    return proposal.model_copy(update=said)


def _matches(session: Session, chosen: Choices, said: tuple[str, ...]) -> dict[str, dict[int, int | None]]:
    """What rows are by their names; said once, for every layer that is taken."""
    matches: dict[int, int | None] = {}
    for one in said:
        number, _, code = one.partition("=")
        if not number.isdecimal() or not code:
            raise click.ClickException(f"--match {one}: give it as ROW=CODE, or ROW=new.")
        matches[int(number)] = None if code == A_NEW_ONE else _ids(session, (code,))[0]
    return {layer.layer: matches for layer in chosen.layers} if matches else {}


def _layer(session: Session, one: LayerChoice, given: Given) -> LayerChoice:
    if given["layer"] is not None and one.layer != given["layer"]:
        return one.model_copy(update={"becomes": "nothing"})
    said: Given = {}
    if given["becomes"] and one.becomes != given["becomes"]:
        is_osm = one.layer == one.becomes  # the layers of an OpenStreetMap file are what they are
        said["becomes"] = cast("Becomes", "nothing" if is_osm else given["becomes"])
    if given["level"]:
        said["level"] = given["level"]
        said["under"] = ""
    if given["top"]:
        said["under"] = TOP
    if given["under"]:
        said["under"] = str(_ids(session, (given["under"],))[0])
    if given["roles"]:
        roles = dict(role.split("=", 1) for role in given["roles"] if "=" in role)
        said["fields"] = one.fields.model_validate({**one.fields.model_dump(), **roles})
    if given["epsg"]:
        said["epsg"], said["is_north_first"] = given["epsg"], given["north_first"]
    if given["letters"]:
        said["letters"] = given["letters"]
    said["is_new_map"] = given["new_map"]
    return one.model_copy(update=said)


def _ids(session: Session, codes: tuple[str, ...]) -> tuple[int, ...]:
    found = session.execute(select(Area.code, Area.id).where(Area.code.in_(codes), Area.valid_to.is_(None)))
    ids: dict[str, int] = {code: area_id for code, area_id in found}  # noqa: C416 - rows are no pairs to mypy
    if missing := [code for code in codes if code not in ids]:
        raise click.ClickException(f"There is no open area with the code {', '.join(missing)}.")
    return tuple(ids[code] for code in codes)


def _say_layers(path: Path, chosen: Choices) -> None:
    for one in chosen.layers:
        level = f" ({one.level})" if one.becomes == "areas" else ""
        click.echo(f"{path.name}: {one.layer} -> {one.becomes}{level}")


def _say(session: Session, file: MapFile, told: Given) -> dict[str, int]:
    for one in features.all_of(session, file.id, "refused"):
        reason = one.facts.get("reason", "")
        sentence = REFUSALS.get(reason, f"{one.name} {reason}") if one.what == "area" else f"{one.name}: {reason}"
        click.echo(sentence % {"number": one.number, "about": one.facts.get("about", "")}, err=True)
        if choice := one.facts.get("choice"):
            offered = [said for _, said in choice["offered"]] + ([A_NEW_ONE] if choice["can_be_new"] else [])
            click.echo(f"  --match {one.number}=CODE: " + "; ".join(offered), err=True)
    for finding in told["findings"]:
        text = finding_text(finding) or finding["kind"]
        names = [*finding["names"], *(f"{name} (on the map)" for name in finding["known"])]
        size = f"{finding['square_metres'] / 1e6:.4f} km²"
        done = " Repaired." if finding["is_mended"] else ""
        click.echo(text % {"names": ", ".join(names), "parent": finding["parent"], "size": size} + done)
    for what, states in told["counts"].items():
        if what != "finding":
            click.echo(f"{what}: " + _figures(states))
    return features.totals(told["counts"])


def _figures(states: dict[str, int]) -> str:
    words: dict[str, str] = {"new": "new", "changed": "changed", "gone": "gone", "same": "as they were"}
    figures = ", ".join(f"{states.get(state, 0)} {word}" for state, word in words.items())
    return f"{figures}, {states.get('refused', 0)} refused."
