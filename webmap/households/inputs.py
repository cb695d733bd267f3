"""What forms and programs may send about households. Texts stay texts here: `reading_forms` says what they mean."""

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from webmap.households.rules import PlaceSource

FROZEN = ConfigDict(extra="forbid", frozen=True)


class ContactInput(BaseModel):
    """How a household is reached and found. `version` is the one that was looked at."""

    model_config = FROZEN

    phone: str = ""
    house_number: str = ""
    alley_name: str = ""
    address: str = ""
    note: str = Field(default="", max_length=2000)
    version: int


class HouseholdInput(BaseModel):
    """A household that nobody had listed. `lon` and `lat` are of the building it was found missing in."""

    model_config = FROZEN

    area_id: int
    code: str = ""
    head_name: str = ""
    phone: str = ""
    house_number: str = ""
    alley_name: str = ""
    address: str = ""
    lon: FiniteFloat | None = Field(default=None, ge=-180, le=180)
    lat: FiniteFloat | None = Field(default=None, ge=-90, le=90)


class PersonInput(BaseModel):
    """A member of a household, as a form has it."""

    model_config = FROZEN

    full_name: str = ""
    sex: str = ""
    birth: str = ""
    citizen_id: str = ""
    insurance_code: str = ""
    phone: str = ""
    relationship: str = ""
    is_head: bool = False
    residency: str = "living"
    reason_group: str = ""
    version: int = 0


class CardInput(BaseModel):
    """A card of a person, as a form has it."""

    model_config = FROZEN

    category: str = ""
    number: str = ""
    valid_from: str = ""
    valid_to: str = ""


class PlaceInput(BaseModel):
    """Where a household stands."""

    model_config = FROZEN

    lon: FiniteFloat = Field(ge=-180, le=180)
    lat: FiniteFloat = Field(ge=-90, le=90)
    source: PlaceSource = PlaceSource.BY_HAND
    accuracy_metres: FiniteFloat | None = Field(default=None, ge=0, le=100_000)
