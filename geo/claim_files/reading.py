"""Read a claim file: every row with what it does, and every fault of every row at once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from geo.claim_files.columns import TableKind, key_field
from geo.claim_files.cross_checks import add_cross_faults
from geo.claim_files.json_file import read_json
from geo.claim_files.models import CellFault, ClaimFile, FileRow, RawRow
from geo.claim_files.names import list_known
from geo.claim_files.parsing import CellParser
from geo.claim_files.record_book import RecordBook
from geo.claim_files.row_reader import RowReader
from geo.claim_files.sheets import SheetReader
from geo.claim_files.words import list_labels, list_words
from geo.evidence import Claim
from geo.ingest.base.safe_text import format_count, printable
from geo.ingest.readers.detect_format import detect_content
from geo.ingest.sandbox.cell_reader import cell_limits, check_size, read_untrusted_cells
from geo.ledger.desk import Desk

_JSON = (".json",)


def read_claim_file(
    body: bytes, name: str, desk: Desk, *, withdraw_missing: bool = False, why: str = ""
) -> ClaimFile:
    """Read an XLSX, CSV, TSV or JSON file and compare it with what the person sees.

    Nothing is kept. With `withdraw_missing` the claims that an exported file was written with and
    no longer has are withdrawn, for the reason `why`.

    Raises
    ------
    geo.ingest.base.model.FileRejectedError
        If no row of the file can be had: damaged, too large, of another kind.
    """
    reader = SheetReader()
    if PurePosixPath(name.lower()).suffix in _JSON and detect_content(body)[0] in ("json", "text"):
        check_size(body, cell_limits())
        read_json(body, reader)
    else:
        reader.read(read_untrusted_cells(body, name))
    return compare_rows(reader, name, desk, withdraw_missing=withdraw_missing, why=why)


def compare_rows(
    reader: SheetReader, name: str, desk: Desk, *, withdraw_missing: bool = False, why: str = ""
) -> ClaimFile:
    """Check the rows that a reader holds, and compare them with what the person sees."""
    book = RecordBook(desk.state(), desk.person.name)
    rows = _read_rows(reader, book, desk)
    if withdraw_missing:
        rows = (*rows, *_list_missing(reader, rows, book, why))
    return ClaimFile(
        printable(name, 120),
        add_cross_faults(_mark_faulty(rows, reader.faults), desk),
        tuple(reader.faults),
        tuple(reader.notes),
        book.state.head.number,
        reader.exported,
    )


def _read_rows(sheets: SheetReader, book: RecordBook, desk: Desk) -> tuple[FileRow, ...]:
    """Read rows table by table, those that others refer to first; return them as in the file."""
    raw = sheets.rows
    known = list_known(book.evidence)
    parser = CellParser(known, list_words(book.evidence), list_labels(book.evidence))
    reader = RowReader(book, parser, desk.new_claim_id)
    twice = _find_twice(raw)
    found: dict[int, FileRow] = {}
    for kind in ("systems", "origins", "places", "sources", "claims"):
        of_kind = [(at, row) for at, row in enumerate(raw) if row.kind == kind]
        for _, row in of_kind:
            reader.announce(row)
        for at, row in of_kind:
            found[at] = reader.read(row, twice.get(at, ""))
    if reader.unknown_versions:
        sheets.notes.append(
            f"{format_count(reader.unknown_versions, 'row')} of a version that is not known here: "
            "compared with the records as they are now."
        )
    return tuple(_find_similar(found[at], desk) for at in sorted(found))


def _mark_faulty(rows: Iterable[FileRow], faults: Iterable[CellFault]) -> tuple[FileRow, ...]:
    """Return the rows; one of which a part could not be read has a fault, and is not kept."""
    places = {(fault.table, fault.row) for fault in faults if fault.row}
    return tuple(
        replace(row, status="faulty", fields=None, differences=())
        if (row.table, row.number) in places
        else row
        for row in rows
    )


def _find_twice(raw: list[RawRow]) -> dict[int, str]:
    """Return, by position of a row, the row that has the same id before it."""
    first: dict[tuple[TableKind, str], int] = {}
    found = {}
    for at, row in enumerate(raw):
        name = str(row.cells.get(key_field(row.kind)) or "").strip()
        if name and first.setdefault((row.kind, name), at) != at:
            other = raw[first[row.kind, name]]
            found[at] = f"row {other.number} of {other.table}"
    return found


def _find_similar(row: FileRow, desk: Desk) -> FileRow:
    """Return a new claim with the ids of those that say something alike already."""
    if row.kind != "claims" or row.status != "new" or row.fields is None:
        return row
    alike = desk.find_similar(Claim.model_validate(row.fields))
    return replace(row, similar=tuple(one.id for one in alike))


def _list_missing(
    reader: SheetReader, rows: Iterable[FileRow], book: RecordBook, why: str
) -> Iterable[FileRow]:
    """Yield a withdrawal of each record that the file was exported with and no longer has."""
    if not reader.exported:
        reason = "the file does not say which records it was exported with"
        remedy = "write the reason into the column withdraw of each row instead"
        reader.faults.append(CellFault("", 0, "", "", reason, remedy))
        return
    there = {(row.kind, row.record) for row in rows}
    for record in reader.exported.get("claims", ()):
        if ("claims", record) not in there and book.find("claims", record) is not None:
            reason = why or "taken out of an exported file"
            yield FileRow("claims", "claims", 0, record, "withdrawn", reason=reason)


def count_faulty_rows(file: ClaimFile) -> int:
    """Return how many rows have a fault, those that could not be split into cells included."""
    places = {(fault.table, fault.row) for fault in file.faults if fault.row}
    return len(places)


def count_by_kind(rows: Iterable[FileRow]) -> Mapping[TableKind, int]:
    """Return how many rows there are of each kind of record."""
    return Counter(row.kind for row in rows)
