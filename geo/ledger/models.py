"""Records of the ledger: events, the changes in them, and the faults that a check finds."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

ReviewState = Literal["draft", "in review", "published", "withdrawn"]
RecordKind = Literal["claim", "source", "place", "origin", "system", "conflict"]
Action = Literal["draft", "submit", "return", "publish", "withdraw", "remark"]
Fields = dict[str, Any]
"""The fields of a record as JSON has them."""


def _round_to_utc(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


Moment = Annotated[AwareDatetime, AfterValidator(_round_to_utc)]
Filled = Annotated[str, Field(min_length=1, max_length=300)]


class LedgerRecord(BaseModel):
    """A frozen record of the ledger that rejects unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordChange(LedgerRecord):
    """What one act did to one record, whose id (of a system: its name) is `record`.

    `old` and `new` are all fields of the record before and after; None where there are none, or
    where the act leaves them as they are.
    """

    kind: RecordKind
    record: Filled
    action: Action
    old: Fields | None = None
    new: Fields | None = None


class Event(LedgerRecord):
    """One act of one person, with every change that it makes: all of them count, or none."""

    number: Annotated[int, Field(ge=1)]
    at: Moment
    by: Filled
    why: str
    changes: Annotated[tuple[RecordChange, ...], Field(min_length=1)]
    previous: str
    """The hash of the event before; empty for the first one."""
    hash: str
    """SHA-256 of the event's canonical JSON without this field."""


class Head(NamedTuple):
    """The last event of a ledger."""

    number: int
    hash: str


NO_EVENTS = Head(0, "")


@dataclass(frozen=True)
class LedgerFault:
    """Something that is wrong with a ledger, in words; `number` is the event's, 0 for none."""

    number: int
    kind: Literal["tampered", "lost", "cut off"]
    """ "cut off": writing was interrupted; the event was never confirmed to anybody."""
    why: str
    remedy: str

    def __str__(self) -> str:
        where = f"Event {self.number}" if self.number else "The ledger"
        return f"{where}: {self.why} {self.remedy}"
