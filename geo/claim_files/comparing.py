"""Compare one row of a file with the record that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.claim_files.cells import is_same_cell
from geo.claim_files.columns import FileColumn, TableKind, list_columns
from geo.claim_files.models import FieldDifference
from geo.ledger.models import Fields


@dataclass(frozen=True)
class Compared:
    """A record, as it was when the file was written and as it is, and what a row keeps of it."""

    base: Fields
    now: Fields

    def keeps(self, cell: object, column: FileColumn) -> bool:
        """Return whether a cell has the value that the file was written with."""
        return is_same_cell(cell, self.base.get(column.name), column)

    def merge(self, kind: TableKind, read: Mapping[str, object]) -> Fields:
        """Return the record as it is now, with the values that the row changes."""
        merged = dict(self.now)
        for column in list_columns(kind):
            if column.name in read and read[column.name] != self.base.get(column.name):
                merged[column.name] = read[column.name]
        return merged

    def list_differences(
        self, kind: TableKind, read: Mapping[str, object]
    ) -> tuple[FieldDifference, ...]:
        """Return the fields that the row changes and that do not have that value already."""
        found = []
        for column in list_columns(kind):
            name = column.name
            if name not in read:
                continue
            old, new, now = self.base.get(name), read[name], self.now.get(name)
            if new not in (old, now):
                found.append(FieldDifference(name, old, new, now))
        return tuple(found)
