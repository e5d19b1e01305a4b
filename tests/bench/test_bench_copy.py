"""Copy a million points from a folder into PostGIS and back: seconds and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.bench.large_layers import write_big
from tests.support.postgres_server import Postgres

pytestmark = pytest.mark.bench

ROWS = int(os.environ.get("BENCH_COPY_ROWS", "1000000"))
MOST = 1.5e9  # bytes


def run(*arguments: str) -> tuple[float, float]:
    """Run a command; return its seconds and its peak memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "geo", *arguments])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - start, used.ru_maxrss * 1024


def test_copy_of_a_million_rows_to_postgis_and_back(postgres: Postgres, tmp_path: Path):
    there, back = tmp_path / "there", tmp_path / "back"
    there.mkdir()
    write_big(there, ROWS)
    url = postgres.fresh()
    figures = {
        "into the database": run("import", str(there), "--to", url),
        "and back": run("export-layers", str(back), "--from", url),
    }
    print(f"\n\n{ROWS:,} points copied")
    for what, (seconds, memory) in figures.items():
        print(f"{what:20}{seconds:9.1f} s {memory / 1e9:7.2f} GB")
        assert memory < MOST
    ids = [pq.read_table(path / "big.parquet", columns=["id"])["id"] for path in (there, back)]
    assert set(ids[0].to_pylist()) == set(ids[1].to_pylist())
