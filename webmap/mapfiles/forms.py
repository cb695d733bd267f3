"""The forms of the import page, and the orders they make."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from webmap.mapfiles.inputs import OSM_ATTRIBUTION, OSM_LICENCE, AreaFields, AreasOrder, StreetsOrder

Text = Annotated[str, Field(max_length=200)]
Maybe = BeforeValidator(lambda value: None if value == "" else value)
MaybeNumber = Annotated[int | None, Maybe]
MaybeDay = Annotated[date | None, Maybe]
TOP = "top"


class AreasForm(BaseModel):
    """Areas of one layer. `under`: "" each where it belongs, "top" to no area, else the id of the area of all."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    layer: Text
    level: Annotated[str, Field(pattern="^(country|province|district|commune|village)$")]
    code: Text = ""
    name: Text = ""
    kind: Text = ""
    parent_code: Text = ""
    population: Text = ""
    under: Annotated[str, Field(pattern=r"^(|top|\d{1,9})$")] = ""
    valid_from: date
    epsg: MaybeNumber = None
    north_first: bool = False
    licence: Text = ""
    attribution: Text = ""
    dated_on: MaybeDay = None

    def order(self, source_name: str) -> AreasOrder:
        """What the import is to do."""
        fields = AreaFields(**{role: getattr(self, role) for role in AreaFields.model_fields})
        return AreasOrder(
            layer=self.layer,
            level=self.level,
            fields=fields,
            parent_id=int(self.under) if self.under.isdigit() else None,
            is_top=self.under == TOP,
            valid_from=self.valid_from,
            epsg=self.epsg,
            is_north_first=self.north_first,
            source_name=source_name,
            licence=self.licence,
            attribution=self.attribution,
            dated_on=self.dated_on,
        )


class StreetsForm(BaseModel):
    """Streets, buildings and water, cut to areas."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    area_ids: tuple[int, ...] = ()
    is_complete: bool = False
    licence: Text = OSM_LICENCE
    attribution: Text = OSM_ATTRIBUTION
    dated_on: MaybeDay = None
    epsg: MaybeNumber = None
    north_first: bool = False

    def order(self, source_name: str) -> StreetsOrder:
        """What the import is to do."""
        return StreetsOrder(
            source_name=source_name,
            area_ids=self.area_ids,
            is_complete=self.is_complete,
            licence=self.licence,
            attribution=self.attribution,
            dated_on=self.dated_on,
            epsg=self.epsg,
            is_north_first=self.north_first,
        )
