"""Shared by import tests: a valid file, tight limits, and a result as one text."""

from geo.ingest import ImportResult, Limits

GOOD = b"name,lat,lon\na,35.4011,35.9487\n"
QUICK = Limits(cpu_seconds=3, seconds=90, memory_bytes=700_000_000)


def result_text(reading: ImportResult) -> str:
    """Return all messages, rejected rows and repairs of an import result as one text."""
    faults = [
        f"{one.file} row {one.row} line {one.line} {one.field} {one.value} {one.why} {one.remedy}"
        for one in (*reading.rejected, *reading.undated)
    ]
    return "\n".join(
        [
            *(one.text for one in reading.messages),
            *faults,
            *(f"repair {one.id}" for one in reading.repairs),
        ]
    )
