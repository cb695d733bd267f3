"""Texts of forms -> facts, by the same rules as an imported file; what cannot be read is named field by field."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from webmap import clock
from webmap.errors import InvalidError
from webmap.households.importing import cleaning, words
from webmap.households.importing.dates import Birth, clean_birth, clean_day
from webmap.households.importing.phones import clean_phone
from webmap.households.importing.results import Found, Trouble
from webmap.households.inputs import CardInput, ContactInput, HouseholdInput, PersonInput
from webmap.households.rules import ReasonGroup, Residency

T = TypeVar("T")


class FormError(InvalidError):
    """Some fields of a form cannot be used; `troubles` has the reason for each."""

    code = "form_not_understood"

    def __init__(self, troubles: dict[str, Trouble]) -> None:
        super().__init__(tuple((name, trouble.code) for name, trouble in troubles.items()))
        self.troubles = troubles


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as a form says it."""

    full_name: str
    sex: str | None
    birth: Birth | None
    citizen_id: str | None
    insurance_code: str | None
    phone: str | None
    relationship: str | None
    is_head: bool
    residency: str
    reason_group: str | None


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A card as a form says it."""

    category: str
    number: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """How a household is reached and found."""

    phone: str | None
    house_number: str | None
    alley_name: str | None
    address: str | None
    note: str | None = None


class _Troubles(dict[str, Trouble]):
    """Collects troubles by field while values are taken."""

    def take(self, name: str, result: Found[T] | Trouble | None) -> T | None:
        if isinstance(result, Trouble):
            self[name] = result
            return None
        return result.value if result else None

    def settle(self) -> None:
        if self:
            raise FormError(dict(self))


def read_contact(given: ContactInput | HouseholdInput) -> ContactFacts:
    """Read phone and address. Raises FormError."""
    troubles = _Troubles()
    facts = ContactFacts(
        phone=troubles.take("phone", clean_phone(given.phone)),
        house_number=troubles.take("house_number", cleaning.clean_text(given.house_number, 40)),
        alley_name=troubles.take("alley_name", cleaning.clean_text(given.alley_name, 100)),
        address=troubles.take("address", cleaning.clean_text(given.address)),
        note=given.note.strip() or None if isinstance(given, ContactInput) else None,
    )
    troubles.settle()
    return facts


def read_person(given: PersonInput) -> PersonFacts:
    """Read a member of a household. Raises FormError."""
    troubles = _Troubles()
    name = troubles.take("full_name", cleaning.clean_name(given.full_name))
    if name is None and "full_name" not in troubles:
        troubles["full_name"] = Trouble("name_missing")
    facts = PersonFacts(
        full_name=name or "",
        sex=troubles.take("sex", words.clean_sex(given.sex)),
        birth=troubles.take("birth", clean_birth(given.birth, clock.today())),
        citizen_id=troubles.take("citizen_id", cleaning.clean_citizen_id(given.citizen_id)),
        insurance_code=troubles.take("insurance_code", cleaning.clean_insurance_code(given.insurance_code)),
        phone=troubles.take("phone", clean_phone(given.phone)),
        relationship=None
        if given.is_head
        else troubles.take("relationship", cleaning.clean_text(given.relationship, 60)),
        is_head=given.is_head,
        residency=given.residency if given.residency in set(Residency) else "",
        reason_group=given.reason_group if given.reason_group in set(ReasonGroup) else None,
    )
    if not facts.residency:
        troubles["residency"] = Trouble("unknown_residency", {"text": given.residency[:60]})
    _compare(facts, troubles)
    troubles.settle()
    return facts


def _compare(facts: PersonFacts, troubles: _Troubles) -> None:
    stated = cleaning.born_of_citizen_id(facts.citizen_id) if facts.citizen_id else None
    if stated and facts.birth and facts.birth.year != stated[0]:
        said = {"says": stated[0], "birth": facts.birth.year}
        troubles["citizen_id"] = Trouble("citizen_id_birth", {"text": facts.citizen_id or "", **said})
    elif stated and facts.sex and facts.sex != stated[1]:
        troubles["citizen_id"] = Trouble("citizen_id_sex", {"text": facts.citizen_id or ""})


def read_card(given: CardInput) -> CardFacts:
    """Read a card. Raises FormError."""
    troubles = _Troubles()
    today = clock.today()
    number = troubles.take("number", cleaning.clean_card_number(given.number))
    printed = cleaning.category_of_card(number) if number else None
    category = troubles.take("category", words.clean_category(given.category)) or printed
    first = troubles.take("valid_from", clean_day(given.valid_from, today))
    last = troubles.take("valid_to", clean_day(given.valid_to, today))
    if category is None and "category" not in troubles:
        troubles["category"] = Trouble("no_category")
    if printed and category and printed != category:
        troubles["number"] = Trouble("card_category_differs", {"printed": printed, "given": category})
    if first is None and "valid_from" not in troubles:
        troubles["valid_from"] = Trouble("card_without_days")
    if first and last and last < first:
        days = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        troubles["valid_to"] = Trouble("ends_before_it_begins", days)
    troubles.settle()
    return CardFacts(category or "", number, first or today, last)
