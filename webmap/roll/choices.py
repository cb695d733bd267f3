"""What a person decides on a doubtful row: who it is, or nobody we know. Remembered for the rolls to come."""

from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webmap.accounts.scope import Scope
from webmap.roll import applying, matching, queries, runs
from webmap.roll.errors import RollBuiltUponError, RollBusyError, RollRowNotFoundError
from webmap.roll.matching import IDENTITY
from webmap.roll.models import RollCandidate, RollChoice, RollImport, RollRow

OPEN = ("checked", "applied")


def choose(session: Session, scope: Scope, roll_id: UUID, row_number: int, person_id: UUID | None) -> None:
    """Say who a doubtful row is; None is nobody we know. In an applied roll the row is written at once.

    The same choice twice is one choice. Raises RollRowNotFoundError for a row that does not wait or a person who was
    not offered for it.
    """
    roll = _open(session, scope, roll_id)
    row = _row(session, roll, row_number)
    if row.matched_by == "choice" and row.person_id == person_id:
        return
    if row.verdict != "doubtful":
        raise RollRowNotFoundError
    if person_id is not None and session.get(RollCandidate, (roll.id, row_number, person_id)) is None:
        raise RollRowNotFoundError
    _remember(session, scope, roll, row_number, person_id)
    row.matched_by, row.confidence, row.person_id = "choice", 1.0, person_id
    if person_id is None:
        row.verdict = "stranger"
    else:
        _settle(session, roll, row)
    session.flush()
    runs.note(session, scope, "choose person of roll row", roll, row_number=row_number, person_id=person_id)


def _settle(session: Session, roll: RollImport, row: RollRow) -> None:
    """The row has its person now: what it would do to her cards, unless another row has her already."""
    taken = select(RollRow.row_number).where(
        RollRow.import_id == roll.id,
        RollRow.person_id == row.person_id,
        RollRow.row_number != row.row_number,
        RollRow.verdict.in_(("add", "change", "same")),
    )
    first = session.scalar(taken.limit(1))
    if first is not None:
        facts = {"field": "full_name", "code": "same_as_row", "facts": {"row": first}, "is_fatal": False}
        row.verdict, row.reasons = "twice", [*row.reasons, facts]
        return
    session.flush()
    matching.restage(session, roll.area_id, roll.id, [row.row_number])
    found = session.execute(text("select card_id, verdict, changes from roll_settled")).one()
    row.card_id, row.verdict, row.changes = found.card_id, found.verdict, found.changes
    if roll.state == "applied" and row.verdict != "same":
        session.flush()
        applying.write_rows(session, roll, [row.row_number])


def take_back(session: Session, scope: Scope, roll_id: UUID, row_number: int) -> None:
    """Unsay a choice: the row is doubtful again, what it wrote is put back. Raises RollBuiltUponError."""
    roll = _open(session, scope, roll_id)
    row = _row(session, roll, row_number)
    if row.matched_by != "choice" or not queries.candidates_of(session, row):
        raise RollRowNotFoundError
    if roll.state == "applied":
        if queries.is_built_upon(session, roll, row_number):
            raise RollBuiltUponError
        applying.put_back(session, applying.changes_of(session, roll.id, row_number))
    identity = _identity(session, roll, row_number)
    session.execute(delete(RollChoice).where(RollChoice.area_id == roll.area_id, RollChoice.identity == identity))
    row.verdict, row.person_id, row.card_id, row.matched_by, row.confidence = "doubtful", None, None, None, None
    row.changes, row.reasons = {}, [one for one in row.reasons if one["code"] != "same_as_row"]
    session.flush()
    runs.note(session, scope, "unsay person of roll row", roll, row_number=row_number)


def last_choice(session: Session, roll: RollImport) -> int | None:
    """The row of this roll that was decided last, to be unsaid."""
    statement = text(
        "select r.row_number from roll_row r join roll_choice choice on choice.area_id = :area_id"
        f" and choice.identity = {IDENTITY} where r.import_id = :roll_id and r.matched_by = 'choice'"
        " and exists (select 1 from roll_candidate asked"
        "              where asked.import_id = r.import_id and asked.row_number = r.row_number)"
        " order by choice.chosen_at desc, r.row_number desc limit 1"
    ).bindparams(area_id=roll.area_id, roll_id=roll.id)
    found: int | None = session.scalar(statement)
    return found


def _remember(session: Session, scope: Scope, roll: RollImport, row_number: int, person_id: UUID | None) -> None:
    values = {
        "area_id": roll.area_id,
        "identity": _identity(session, roll, row_number),
        "person_id": person_id,
        "chosen_by": scope.account_id or roll.account_id,
        "chosen_at": func.clock_timestamp(),
    }
    keys = ["area_id", "identity"]
    session.execute(insert(RollChoice).values(values).on_conflict_do_update(index_elements=keys, set_=values))


def _identity(session: Session, roll: RollImport, row_number: int) -> str:
    statement = text(f"select {IDENTITY} from roll_row r where import_id = :roll_id and row_number = :row_number")
    return str(session.scalar(statement, {"roll_id": roll.id, "row_number": row_number}))


def _open(session: Session, scope: Scope, roll_id: UUID) -> RollImport:
    roll = queries.find(session, scope, roll_id, lock=True)
    if roll.state not in OPEN:
        raise RollBusyError
    return roll


def _row(session: Session, roll: RollImport, row_number: int) -> RollRow:
    row = session.get(RollRow, (roll.id, row_number), with_for_update=True)
    if row is None:
        raise RollRowNotFoundError
    return row
