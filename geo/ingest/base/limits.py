"""Limits of an import: size, rows, columns, time and memory."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

from geo.ingest.base.model import FileRejectedError

if TYPE_CHECKING:
    from geo.settings import Settings

MB = 1_000_000
SPLIT_OR_TRIM = "Split it, or keep the rows and columns that are needed."


@dataclass(frozen=True)
class Limits:
    """Limits of one import; the defaults are those of the settings."""

    file_bytes: int = 100 * MB
    unpacked_bytes: int = 500 * MB
    """Of everything in an archive, and of a Parquet file's columns."""
    ratio: int = 200
    """Unpacked to packed size of an archive that unpacks to more than 1 MB."""
    entries: int = 1_000
    rows: int = 500_000
    vertices: int = 5_000_000
    columns: int = 500
    cpu_seconds: int = 9
    seconds: int = 20
    """Wall-clock time, without the wait for a free worker."""
    memory_bytes: int = 1_500 * MB
    workers: int = 2
    """Files read at the same time in this process; others wait."""
    reported: int = 200
    """Rejected rows that are listed one by one."""

    @classmethod
    def from_settings(cls, chosen: "Settings | None" = None) -> Self:
        """Return the limits that the operator set; raises SettingsError if one is invalid."""
        from geo.settings import settings  # late: a worker receives its limits from the caller

        chosen = chosen or settings()
        values = {}
        for one in fields(cls):
            size = one.name.endswith("_bytes")
            name = f"{one.name.removesuffix('_bytes')}_mb" if size else one.name
            values[one.name] = getattr(chosen, f"upload_{name}") * (MB if size else 1)
        return cls(**values)

    def check_rows(self, count: int, noun: str = "rows", subject: str = "The file") -> None:
        """Raise FileRejectedError if a file, layer or sheet has too many rows."""
        if count > self.rows:
            why = f"{subject} has more than {self.rows:,} {noun}, which is the limit."
            raise FileRejectedError(why, f"Split it, or keep the {noun} that are needed.")

    def check_columns(self, count: int, noun: str = "columns", subject: str = "The file") -> None:
        """Raise FileRejectedError if a file, layer or sheet has too many columns."""
        if count > self.columns:
            why = f"{subject} has {count:,} {noun}; the limit is {self.columns:,}."
            raise FileRejectedError(why, "Keep the columns that are needed.")
