"""How large a file may be, and how much its reading may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.settings import Settings

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Limits of one reading; the defaults are those of the settings."""

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
    """On the clock, waiting for a free worker not counted."""
    memory_bytes: int = 1_500 * MB
    workers: int = 2
    """Files read at the same time in this process; others wait."""
    reported: int = 200
    """Set-aside rows that are reported one by one."""

    @classmethod
    def from_settings(cls, chosen: Settings | None = None) -> Limits:
        """Return the limits that the operator set.

        Raises
        ------
        geo.errors.SettingsError
            If a setting has a value that cannot be used.
        """
        if chosen is None:
            from geo.settings import settings  # late: a worker is told its limits

            chosen = settings()
        return cls(
            file_bytes=chosen.upload_file_mb * MB,
            unpacked_bytes=chosen.upload_unpacked_mb * MB,
            ratio=chosen.upload_ratio,
            entries=chosen.upload_entries,
            rows=chosen.upload_rows,
            vertices=chosen.upload_vertices,
            columns=chosen.upload_columns,
            cpu_seconds=chosen.upload_cpu_seconds,
            seconds=chosen.upload_seconds,
            memory_bytes=chosen.upload_memory_mb * MB,
            workers=chosen.upload_workers,
            reported=chosen.upload_reported,
        )
