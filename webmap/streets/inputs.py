"""How a map file is to become streets, buildings and water."""

from datetime import date

from pydantic import BaseModel, ConfigDict

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
