"""Reading in this process, for all tests that are not about the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from geo.ingest import ImportOptions, ImportResult, Limits
from geo.ingest.pipeline import read_here
from geo.ingest.sandbox import runner

Read = Callable[..., ImportResult]


@pytest.fixture
def read(tmp_path, monkeypatch) -> Read:
    """Read bytes as a file of a name; choices as keywords."""
    monkeypatch.chdir(tmp_path)

    def reading(
        body: bytes, name: str, limits: Limits | None = None, **choices: Any
    ) -> ImportResult:
        return read_here(body, name, ImportOptions(**choices), limits or Limits())

    return reading


@pytest.fixture
def instead(monkeypatch):
    """Let the worker run some code in place of the readers; ``said`` makes it an answer."""

    def put(code: str) -> None:
        lines = (
            "import json, sys",
            "sys.path[:] = json.loads(sys.argv[1])",
            "import geo.ingest.pipeline as here",
            "from geo.ingest.base.limits import Limits",
            "from geo.ingest.base.diagnostics import Log",
            "def said(text):",
            "    log = Log('x', Limits())",
            "    log.say('error', text)",
            "    return here.rejected('x', log)",
            "def read_here(body, name, choices, limits):",
            *(f"    {line}" for line in code.splitlines()),
            "here.read_here = read_here",
            "from geo.ingest.sandbox.worker import main",
            "sys.exit(main())",
        )
        monkeypatch.setattr(runner, "_START", "\n".join(lines))

    return put
