"""How a map file is to become areas, streets, buildings and water."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from webmap.areas.inputs import ListOrder

OSM_LICENCE = "ODbL 1.0"
OSM_ATTRIBUTION = "© OpenStreetMap contributors"


Basemap = Literal["alleys", "buildings", "addresses", "water"]
BASEMAP: tuple[Basemap, ...] = ("alleys", "buildings", "addresses", "water")


class StreetLayer(BaseModel):
    """What the features of one layer become, and how it is to be read where it should not be as it says itself.

    `becomes` None: lines become alleys, surfaces buildings, points with a number addresses. `maker` is who drew the
    buildings (streets.rules.Maker), "" for OpenStreetMap.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    layer: str
    becomes: Basemap | None = None
    epsg: int | None = None
    is_north_first: bool = False
    letters: str = ""
    maker: str = ""


class StreetsOrder(BaseModel):
    """What to take. `area_ids`: cut to these areas and 100 m around; empty: the whole file.

    `is_complete`: the file holds everything there is within its stated bounds, so what it does not hold is gone.
    `kinds`: what is wanted of an OpenStreetMap file. `layers`: what is wanted of any other; empty: all, in the system
    of `epsg` and `is_north_first` if the file does not say it or says it wrongly.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_name: str
    area_ids: tuple[int, ...] = ()
    is_complete: bool = False
    kinds: tuple[Basemap, ...] = BASEMAP
    layers: tuple[StreetLayer, ...] = ()
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
    uuid: str = ""


class AreasOrder(BaseModel):
    """How a layer of a file is to become areas.

    `parent_id`: all belong to this area; None: each to the area its parent code names, else to the one it
    lies in. `epsg` overrides what the file declares. `is_new_map`: from `valid_from` on these are the areas of
    this level here; those before end on that day. A code may be another area's then than it was before.
    `only_name`: the name of a layer's one feature, which has no field for it. `repairs`: findings (by key) whose repair
    is wanted. `leaves_out`: features that cannot become areas are left out instead of stopping everything. `matches`:
    what a person said features are (by number): areas by id, None a new one.
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
    letters: str = ""
    only_name: str = ""
    repairs: tuple[str, ...] = ()
    leaves_out: bool = False
    matches: dict[int, int | None] = Field(default_factory=dict)
    source_name: str
    licence: str = ""
    attribution: str = ""
    dated_on: date | None = None


Becomes = Literal["areas", "alleys", "buildings", "addresses", "water", "basemap", "returning", "list", "nothing"]
TOP = "top"


class LayerChoice(BaseModel):
    """What one layer becomes, and how.

    `under`: "" each where it belongs, "top" to no area, else the id of the area of all. `epsg`, `is_north_first` and
    `letters` only where the layer says them wrongly, or not at all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    layer: str
    becomes: Becomes
    level: str = "village"
    fields: AreaFields = Field(default_factory=AreaFields)
    under: str = ""
    is_new_map: bool = False
    only_name: str = ""
    epsg: int | None = None
    is_north_first: bool = False
    letters: str = ""
    maker: str = ""


class Choices(BaseModel):
    """What becomes of a file: layer by layer, and for all of it the areas to cut to, the day, where it comes from.

    `matches`: layer by layer what a person said features are (by number): areas by id, None a new one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    layers: tuple[LayerChoice, ...]
    area_ids: tuple[int, ...] = ()
    is_complete: bool = False
    valid_from: date
    licence: str = ""
    attribution: str = ""
    dated_on: date | None = None
    repairs: tuple[str, ...] = ()
    leaves_out: bool = False
    matches: dict[str, dict[int, int | None]] = Field(default_factory=dict)

    def areas_orders(self, source_name: str) -> tuple[AreasOrder, ...]:
        """What is to become areas, the widest level first: villages may lie in communes of the same file."""
        depth = {level: at for at, level in enumerate(("country", "province", "district", "commune", "village"))}
        chosen = [one for one in self.layers if one.becomes == "areas"]
        return tuple(self._areas_order(one, source_name) for one in sorted(chosen, key=lambda one: depth[one.level]))

    def _areas_order(self, one: LayerChoice, source_name: str) -> AreasOrder:
        return AreasOrder(
            layer=one.layer,
            level=one.level,
            fields=one.fields,
            parent_id=int(one.under) if one.under.isdigit() else None,
            is_top=one.under == TOP,
            is_new_map=one.is_new_map,
            valid_from=self.valid_from,
            epsg=one.epsg,
            is_north_first=one.is_north_first,
            letters=one.letters,
            only_name=one.only_name,
            repairs=self.repairs,
            leaves_out=self.leaves_out,
            matches=self.matches.get(one.layer, {}),
            source_name=source_name,
            licence=self.licence,
            attribution=self.attribution,
            dated_on=self.dated_on,
        )

    def list_order(self, source_name: str) -> ListOrder | None:
        """How the file is to be taken as a national list; None when it is none."""
        if not any(one.becomes == "list" for one in self.layers):
            return None
        return ListOrder(
            source_name=source_name,
            licence=self.licence,
            attribution=self.attribution,
            dated_on=self.dated_on,
        )

    def streets_order(self, source_name: str) -> StreetsOrder | None:
        """What is to go into the basemap; None when nothing is."""
        chosen = [one for one in self.layers if one.becomes == "basemap" or one.becomes in BASEMAP]
        if not chosen:
            return None
        kinds = [one.becomes for one in chosen if one.becomes in BASEMAP]
        layers = tuple(
            StreetLayer(
                layer=one.layer,
                becomes=None if one.becomes == "basemap" else one.becomes,
                epsg=one.epsg,
                is_north_first=one.is_north_first,
                letters=one.letters,
                maker=one.maker if one.becomes == "buildings" else "",
            )
            for one in chosen
        )
        return StreetsOrder(
            source_name=source_name,
            area_ids=self.area_ids,
            is_complete=self.is_complete,
            kinds=BASEMAP if len(kinds) < len(chosen) else _with_numbers(kinds),
            layers=layers,
            licence=self.licence,
            attribution=self.attribution,
            dated_on=self.dated_on,
        )


def _with_numbers(kinds: list[Basemap]) -> tuple[Basemap, ...]:
    """Buildings bring their house numbers."""
    return tuple(kind for kind in BASEMAP if kind in kinds or (kind == "addresses" and "buildings" in kinds))
