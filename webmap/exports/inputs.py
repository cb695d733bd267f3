"""What may be asked of an export."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from webmap.errors import N_

Layer = Annotated[str, StringConstraints(pattern="^(areas|alleys|buildings|address_points|households)$")]


class ExportOrder(BaseModel):
    """Which layers of an area, as what kind of file.

    `with_persons`: names, phones, addresses and notes of households too. `purpose`: what the households are wanted
    for, in the words of whoever asks; it is kept in the audit. `labels`: words for the styles in the reader's language.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Literal["gpkg", "geojson", "kml", "csv"] = "gpkg"
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
    with_persons: bool = False
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    labels: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def purpose_is_said(self) -> "ExportOrder":
        """Law 91/2025/QH15 on personal data wants to know what they are used for."""
        if "households" in self.layers and not self.purpose:
            raise ValueError(N_("Say what the households are needed for."))
        return self
