"""Desks over a ledger in a folder, and files in every format."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geo.claim_files.models import ClaimFile
from geo.claim_files.reading import compare_rows, read_claim_file
from geo.claim_files.sheets import SheetReader
from geo.evidence import Evidence
from geo.ingest.readers.cell_tables import read_cell_tables
from geo.ingest.sandbox.cell_reader import cell_limits
from geo.ledger.desk import Desk
from geo.ledger.folder import FolderLedger
from geo.ledger.people import Person

ALL_ROLES = frozenset({"reader", "author", "reviewer"})
MakeDesk = Callable[..., Desk]
Read = Callable[..., ClaimFile]


@pytest.fixture
def make_desk(tmp_path: Path, builtin_records: Evidence) -> MakeDesk:
    ledger = FolderLedger(str(tmp_path / "ledger"))

    def made(name: str = "Ana", evidence: Evidence = builtin_records) -> Desk:
        return Desk(ledger, evidence, Person(name, ALL_ROLES), review_by_two=False)

    return made


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


@pytest.fixture
def read(desk: Desk) -> Read:
    """Read a file as the page does; XLSX and CSV in this process, so that tests are quick."""

    def made(body: bytes | str, name: str = "reports.csv", at: Desk = desk, **more) -> ClaimFile:
        data = body.encode() if isinstance(body, str) else body
        if name.endswith(".json"):
            return read_claim_file(data, name, at, **more)
        reader = SheetReader()
        reader.read(read_cell_tables(data, name, cell_limits()))
        return compare_rows(reader, name, at, **more)

    return made
