"""Reading in this process, for all tests that are not about the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from geo.ingest import Choices, Limits, Reading
from geo.ingest.here import read_here

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path, monkeypatch) -> Read:
    """Read bytes as a file of a name; choices as keywords."""
    monkeypatch.chdir(tmp_path)

    def reading(body: bytes, name: str, limits: Limits | None = None, **choices: Any) -> Reading:
        return read_here(body, name, Choices(**choices), limits or Limits())

    return reading


def all_words(reading: Reading) -> str:
    """Everything that a reading says, in one text."""
    faults = [
        f"{one.file} row {one.row} line {one.line} {one.field} {one.value} {one.why} {one.remedy}"
        for one in reading.set_aside
    ]
    return "\n".join(
        [
            *(one.text for one in reading.messages),
            *faults,
            *(f"repair {one.id}" for one in reading.repairs),
        ]
    )
