"""Fixtures that import files in-process or replace the worker's code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from geo.ingest import ImportOptions, ImportResult, Limits
from geo.ingest.pipeline import run_pipeline
from geo.ingest.sandbox import runner

Read = Callable[..., ImportResult]


@pytest.fixture
def read(tmp_path, monkeypatch) -> Read:
    """Import bytes under a file name, in-process; keywords are ImportOptions."""
    monkeypatch.chdir(tmp_path)

    def reading(
        body: bytes, name: str, limits: Limits | None = None, **options: Any
    ) -> ImportResult:
        return run_pipeline(body, name, ImportOptions(**options), limits or Limits())

    return reading


@pytest.fixture
def instead(monkeypatch):
    """Replace the worker's pipeline by code; it may return ``reject_with(text)``."""

    def put(code: str) -> None:
        lines = (
            "import json, sys",
            "sys.path[:] = json.loads(sys.argv[1])",
            "import geo.ingest.pipeline as pipeline",
            "from geo.ingest.base.limits import Limits",
            "from geo.ingest.base.diagnostics import Diagnostics",
            "def reject_with(text):",
            "    log = Diagnostics('x', Limits())",
            "    log.add_message('error', text)",
            "    return pipeline.build_rejected('x', log)",
            "def run_pipeline(body, name, options, limits):",
            *(f"    {line}" for line in code.splitlines()),
            "pipeline.run_pipeline = run_pipeline",
            "from geo.ingest.sandbox.worker import main",
            "sys.exit(main())",
        )
        monkeypatch.setattr(runner, "_START", "\n".join(lines))

    return put
