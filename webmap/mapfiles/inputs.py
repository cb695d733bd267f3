"""How a map file is to become areas, streets, buildings and water."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

OSM_LICENCE = "ODbL 1.0"
OSM_ATTRIBUTION = "© OpenStreetMap contributors"


class StreetsOrder(BaseModel):
    """What to take. `area_ids`: cut to these areas and 100 m around; empty: the whole file.

    `is_complete`: the file holds everything there is within its stated bounds, so what it does not hold is gone.
    `epsg` and `is_north_first` override what a GeoPackage or GeoJSON declares.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_name: str
    area_ids: tuple[int, ...] = ()
    is_complete: bool = False
    licence: str = OSM_LICENCE
    attribution: str = OSM_ATTRIBUTION
    dated_on: date | None = None
    epsg: int | None = None
    is_north_first: bool = False


class AreaFields(BaseModel):
    """Which field of a layer holds what. Empty: the file does not say it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = ""
    name: str = ""
    kind: str = ""
    parent_code: str = ""
    population: str = ""


class AreasOrder(BaseModel):
    """How a layer of a file is to become areas.

    `parent_id`: all belong to this area; None: each to the area its parent code names, else to the one it
    lies in. `epsg` overrides what the file declares. `is_new_map`: from `valid_from` on these are the areas of
    this level here; those before end on that day. A code may be another area's then than it was before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    layer: str
    level: str
    fields: AreaFields = Field(default_factory=AreaFields)
    parent_id: int | None = None
    is_top: bool = False
    is_new_map: bool = False
    valid_from: date
    epsg: int | None = None
    is_north_first: bool = False
    source_name: str
    licence: str = ""
    attribution: str = ""
    dated_on: date | None = None
