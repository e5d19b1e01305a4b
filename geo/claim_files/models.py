"""The result of reading a claim file: rows with what they do, and faults with what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from geo.claim_files.columns import TableKind
from geo.errors import GeoError
from geo.ledger.models import Fields

RowStatus = Literal["new", "changed", "unchanged", "withdrawn", "conflict", "faulty"]


class CellError(GeoError):
    """A cell cannot be read as a value of its field."""

    def __init__(self, why: str, remedy: str, value: str | None = None) -> None:
        super().__init__(f"{why}; {remedy}")
        self.why = why
        self.remedy = remedy
        self.value = value
        """The part of the cell that is wrong; None: all of it."""


@dataclass(frozen=True)
class CellFault:
    """One fault of a claim file.

    `row` is the number that a spreadsheet shows (of a JSON file: of the record in its list, from
    1); 0 for the file as a whole.
    """

    table: str
    row: int
    field: str
    value: str
    why: str
    remedy: str

    def __str__(self) -> str:
        where = [self.table, f"row {self.row}" if self.row else "", self.field]
        value = f" ({self.value})" if self.value else ""
        return f"{', '.join(filter(None, where))}: {self.why}{value}; {self.remedy}"


@dataclass(frozen=True)
class RawRow:
    """One row as it was read: cells by column; only the columns that the table has."""

    kind: TableKind
    table: str
    number: int
    cells: Mapping[str, object]


@dataclass(frozen=True)
class FieldDifference:
    """A field that a file changes. `now` differs from `old` if it was changed meanwhile."""

    field: str
    old: object
    new: object
    now: object

    @property
    def contradicts(self) -> bool:
        """Whether the record was given another value since the file was written."""
        return self.now not in (self.old, self.new)


@dataclass(frozen=True)
class FileRow:
    """What one row of a file does to one record.

    Attributes
    ----------
    fields : dict or None
        The whole record as it would be kept; None if the row has faults or is withdrawn.
    filled : tuple of str
        Fields that were empty and follow from others.
    reason : str
        Why it is withdrawn.
    similar : tuple of str
        Ids of claims that say something alike.
    """

    kind: TableKind
    table: str
    number: int
    record: str
    status: RowStatus
    differences: tuple[FieldDifference, ...] = ()
    faults: tuple[CellFault, ...] = ()
    fields: Fields | None = None
    filled: tuple[str, ...] = ()
    reason: str = ""
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClaimFile:
    """A file that was read and compared with the records that are there."""

    name: str
    rows: tuple[FileRow, ...] = ()
    file_faults: tuple[CellFault, ...] = ()
    notes: tuple[str, ...] = ()
    head: int = 0
    """Number of the last event of the ledger when the file was compared."""
    exported: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids that the file was exported with, by kind of table; empty if it does not say."""
    named: bool = True
    """Whether `name` is that of a file; else words such as "the document"."""

    @property
    def title(self) -> str:
        """What a sentence calls the file: its name in quotes."""
        return repr(self.name) if self.named else self.name

    @property
    def faults(self) -> tuple[CellFault, ...]:
        """Every fault, those of the file first."""
        return (*self.file_faults, *(fault for row in self.rows for fault in row.faults))

    def list_rows(self, *statuses: RowStatus) -> tuple[FileRow, ...]:
        """Return the rows with one of some statuses, in the order of the file."""
        return tuple(row for row in self.rows if row.status in statuses)

    def count(self, status: RowStatus) -> int:
        """Return the number of rows with a status."""
        return len(self.list_rows(status))
