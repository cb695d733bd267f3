"""What may come back of each layer, and the SQL that compares what came with what is here, all features at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Returns:
    """One layer on its way back: its table, the column of its shape, what may change, and whether new ones may come."""

    table: str
    shape: str
    texts: tuple[str, ...]
    flags: tuple[str, ...] = ()
    may_be_new: bool = False


RETURNS = {
    "areas": Returns("area", "boundary", ("name", "kind", "population")),
    "alleys": Returns(
        "alley", "line", ("name", "kind", "access", "closed_on"), ("has_gate", "is_walkable"), may_be_new=True
    ),
    "buildings": Returns(
        "building", "outline", ("house_number", "street", "kind", "levels"), ("is_shed",), may_be_new=True
    ),
    "address_points": Returns("address_point", "point", ("house_number", "street"), may_be_new=True),
    "households": Returns("household", "point", ("house_number", "alley_name", "address", "note")),
}

FLAGS = {
    "yes": "true",
    "true": "true",
    "1": "true",
    "có": "true",
    "no": "false",
    "false": "false",
    "0": "false",
    "không": "false",
}


def find(returns: Returns) -> str:
    """Which row of the table is each feature? Households and areas outside the scope do not exist."""
    key = "id" if returns.table == "household" else "uuid"
    mine = "select descendant_id from area_closure where ancestor_id = any(cast(:mine as int[]))"
    within = {
        "area": f"(:everything or found.id in ({mine}))",
        "household": f"(:everything or found.area_id in ({mine}))",
    }.get(
        returns.table,
        "(:everything or exists (select from area where id = any(cast(:mine as int[]))"
        f" and st_dwithin(area.boundary::geography, found.{returns.shape}::geography, 100)))",
    )
    row = "number" if returns.table == "household" else "id"
    return (
        f"update stage_returned one set row_id = found.{row} from {returns.table} found"
        f" where found.{key} = one.uuid and {within}"
    )


def differences(name: str, returns: Returns) -> str:
    """What differs from the row as it is now: fields the file holds, and a place moved by more than two centimetres."""
    row = "number" if returns.table == "household" else "id"
    differing = [
        f"case when given ? '{key}' and given ->> '{key}' is distinct from found.{key}::text then '{key}' end"
        for key in (*returns.texts, *returns.flags)
    ]
    place = (
        f"case when shape is not null and (found.{returns.shape} is null or"
        f" st_hausdorffdistance(shape, found.{returns.shape}) > 1.5e-7) then 'place' end"
    )
    new = "'added', null" if returns.may_be_new else "'refused', 'new_here'"
    return f"""
        update stage_returned one set
          differs = coalesce(array_remove(array[{", ".join(differing)}, {place}], null), '{{}}')
          from {returns.table} found where found.{row} = one.row_id and one.reason is null;
        update stage_returned set (verdict, reason) = (select 'refused', reason) where reason is not null;
        update stage_returned set (verdict, reason) = (select 'refused', 'unknown_id')
         where verdict is null and uuid is not null and row_id is null;
        update stage_returned set (verdict, reason) = (select {new}) where verdict is null and uuid is null;
        update stage_returned one set (verdict, reason) = (select 'refused', 'twice') from stage_returned other
         where one.uuid = other.uuid and other.number < one.number;
        update stage_returned set verdict = case when differs = '{{}}' then 'same' else 'changed' end
         where verdict is null;
        {CHECKS.get(name, "")}
    """


CHECKS = {
    "alleys": """
        update stage_returned set (verdict, reason) = (select 'refused', 'unknown_kind')
         where verdict in ('added', 'changed') and (
               coalesce(given ->> 'kind', 'alley') not in
               ('main', 'road', 'alley', 'path', 'steps', 'track', 'footway', 'bridge', 'ferry')
            or coalesce(given ->> 'access', 'public') not in ('public', 'private', 'forbidden'));
    """,
    "areas": """
        update stage_returned set (verdict, reason) = (select 'refused', 'no_name')
         where verdict = 'changed' and given ? 'name' and given ->> 'name' is null;
        update stage_returned set (verdict, reason) = (select 'refused', 'not_a_number')
         where verdict = 'changed' and given ->> 'population' !~ '^[0-9]{1,9}$';
    """,
    "buildings": """
        update stage_returned set (verdict, reason) = (select 'refused', 'not_levels')
         where verdict in ('added', 'changed') and given ->> 'levels' !~ '^[0-9]{1,3}$';
    """,
    "address_points": """
        update stage_returned set (verdict, reason) = (select 'refused', 'no_number')
         where verdict in ('added', 'changed') and given ->> 'house_number' is null
           and (given ? 'house_number' or uuid is null);
    """,
}
