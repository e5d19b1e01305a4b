import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.evidence import Evidence, RecordFault, check_evidence, load_evidence
from geo.evidence.layer_tables import build_claims_frame

SHIPPED = Path(__file__).resolve().parents[3] / "assets" / "case"
KEYS = {"claims-wider.json": "claims"}


@pytest.fixture(scope="session")
def shipped() -> Path:
    return SHIPPED


@pytest.fixture(scope="session")
def evidence(shipped) -> Evidence:
    return load_evidence(shipped)


@pytest.fixture(scope="session")
def claims(evidence):
    return build_claims_frame(evidence)


class Folder:
    """A copy of the built-in records that a test may change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def change(self, file: str, edit: Callable[[list | dict], None]) -> None:
        content = json.loads((self.path / file).read_text(encoding="utf-8"))
        edit(content[KEYS.get(file, Path(file).stem)])
        (self.path / file).write_text(json.dumps(content), encoding="utf-8")

    def set(self, file: str, record: str, **values) -> None:
        """Change values of one record."""

        def edit(records):
            next(r for r in records if r.get("id", r.get("name")) == record).update(values)

        self.change(file, edit)

    def add(self, file: str, like: str, **values) -> None:
        """Add a copy of one record with changed values."""

        def edit(records):
            records.append({**next(r for r in records if r.get("id") == like), **values})

        self.change(file, edit)

    def write(self, file: str, text: str | bytes) -> None:
        (self.path / file).write_bytes(text if isinstance(text, bytes) else text.encode())

    @property
    def faults(self) -> list[RecordFault]:
        return check_evidence(self.path)

    @property
    def places_of_faults(self) -> list[tuple[str, str, str]]:
        return [(fault.file, fault.record, fault.field) for fault in self.faults]


@pytest.fixture
def folder(tmp_path) -> Folder:
    copied = tmp_path / "evidence"
    shutil.copytree(SHIPPED, copied)
    return Folder(copied)
