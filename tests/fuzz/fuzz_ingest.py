"""Feed mutated files to the readers under atheris: `make fuzz`, never part of `make test`.

The first byte selects the format, the rest is the file. A finding is any exception (readers
report faults in an ImportResult) or a result that breaks an invariant. Seeds are the valid and
hostile files of tests/unit/ingest, built in code; findings are kept in the given folder, by
default a temporary one.

    python tests/fuzz/fuzz_ingest.py [folder] [-max_total_time=60 and other options of libFuzzer]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

SUFFIXES = ("geojson", "gpkg", "kml", "kmz", "zip", "gpx", "parquet", "csv", "tsv", "xlsx")


def seeds() -> list[tuple[str, bytes]]:
    """Return small files of every format, valid and hostile, as (suffix, body)."""
    from tests.unit.ingest import (
        corpus_files,
        corpus_hostile,
        corpus_json,
        corpus_rows,
        corpus_tables,
    )

    parts = (corpus_files, corpus_hostile, corpus_json, corpus_rows, corpus_tables)
    files = [(one.name.rpartition(".")[2], one.body()) for part in parts for one in part.CASES]
    return [(suffix, body) for suffix, body in files if suffix in SUFFIXES and len(body) < 50_000]


def one_input(data: bytes) -> None:
    """Import one input; raise if the result breaks an invariant."""
    from geo.ingest import ImportOptions, Limits
    from geo.ingest.pipeline import run_pipeline
    from geo.ingest.report import format_report, report_csv

    if len(data) < 2:
        return
    limits = Limits(rows=1_000, vertices=10_000, columns=50, unpacked_bytes=5_000_000)
    name = f"a.{SUFFIXES[data[0] % len(SUFFIXES)]}"
    reading = run_pipeline(data[1:], name, ImportOptions(), limits)
    assert (reading.verdict == "reject") == (reading.accepted == 0)
    assert reading.frame.geometry.notna().all()
    assert format_report(reading)
    assert report_csv(reading)
    reading.as_layer()


def main() -> None:
    """Write the seeds and run atheris."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: python -m pip install atheris (Linux, CPython 3.11)")

    with atheris.instrument_imports(include=["geo.ingest"]):
        import geo.ingest.pipeline  # noqa: F401
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    corpus = Path(folders[0] if folders else tempfile.mkdtemp(prefix="fuzz-ingest-")).resolve()
    corpus.mkdir(parents=True, exist_ok=True)
    for number, (suffix, body) in enumerate(seeds()):
        (corpus / f"seed-{number:03}").write_bytes(bytes([SUFFIXES.index(suffix)]) + body)
    os.chdir(tempfile.mkdtemp(prefix="fuzz-ingest-work-"))
    atheris.Setup([sys.argv[0], *options, str(corpus)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
