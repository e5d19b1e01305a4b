"""The worker process: limits, crashes and the transfer of its result."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from geo.ingest import ImportOptions, Limits, read_upload
from geo.ingest.pipeline import run_pipeline
from geo.ingest.sandbox import result_codec, runner
from tests.support.hostile_files import huge_sheet
from tests.support.import_results import GOOD, QUICK, result_text
from tests.support.sample_files import (
    UTM,
    collection,
    feature,
    kml,
    mark,
    parquet,
    point,
    points,
    shapefile,
    text,
    workbook,
    zipped,
)
from tests.support.sample_layers import as_fatal_parquet


def test_endless_loop_is_stopped_by_the_cpu_limit(instead):
    instead("while True: pass")
    reading = read_upload(GOOD, "a.csv", limits=QUICK)
    assert reading.verdict == "reject"
    assert "longer than 3 seconds" in result_text(reading)


def test_idle_worker_is_stopped_by_the_time_limit(instead):
    instead("import threading; threading.Event().wait()")
    reading = read_upload(GOOD, "a.csv", limits=Limits(seconds=2))
    assert "longer than 2 seconds" in result_text(reading)


def test_worker_over_the_memory_limit_is_stopped(instead):
    instead("hog = [b'x' * 2**24 for _ in range(1_000)]")
    reading = read_upload(GOOD, "a.csv", limits=QUICK)
    assert reading.verdict == "reject"
    assert "700 MB" in result_text(reading)


def test_worker_killed_from_outside_is_not_reported_as_out_of_memory(instead):
    instead("import ctypes, os; ctypes.CDLL(None).kill(os.getpid(), 9)")
    reading = read_upload(GOOD, "a.csv", limits=QUICK)
    assert reading.verdict == "reject"
    assert "stopped the reader" in result_text(reading)
    assert "takes more memory" not in result_text(reading)


@pytest.mark.parametrize(
    "code",
    [
        "import ctypes; ctypes.string_at(0)",
        "import os; os._exit(0)",
        "import os; os.abort()",
        "raise RuntimeError('{{secret}}')",
        "raise SystemExit(7)",
        "open('reading.json', 'w').write('{'); import os; os._exit(0)",
    ],
)
def test_crashed_worker_gives_a_rejected_result_with_a_message(instead, code):
    instead(code)
    reading = read_upload(GOOD, "a.csv", limits=QUICK)
    assert (reading.verdict, reading.accepted) == ("reject", 0)
    (message,) = reading.messages
    assert message.level == "error"
    assert "secret" not in message.text
    assert message.text.endswith((".",))


def test_worker_cannot_write_a_large_file(instead):
    instead("open('x', 'wb').write(bytes(400_000_000))")
    limits = Limits(file_bytes=1_000, unpacked_bytes=1_000)
    assert read_upload(GOOD, "a.csv", limits=limits).verdict == "reject"


def test_workbook_with_one_distant_cell_hits_the_memory_limit():
    reading = read_upload(huge_sheet(), "a.xlsx", limits=QUICK)
    assert reading.verdict == "reject"
    assert "memory" in result_text(reading)


def test_file_over_the_limit_is_rejected_without_a_worker(monkeypatch):
    monkeypatch.setattr(runner, "run_worker", None)
    reading = read_upload(b"x" * 2_000, "a.csv", limits=Limits(file_bytes=1_000))
    assert reading.verdict == "reject"
    assert "the limit is" in result_text(reading)


ODD = [
    feature(
        point(35.9487, 35.4011),
        a=1,
        b="x" * 100_000,
        c=[1, [2]],
        d=True,
        e=0.5,
        f=10**30,
        **{"__proto__": "🚁 العربية", "style": {"a": [1]}, "name": "a\x00b"},
    ),
    feature(point(35.89, 34.9), a=None, b=None, c="text", d=None, e=None, Name="2024-12-12"),
]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.geojson", collection(*ODD, feature(None))),
        (
            "a.parquet",
            parquet(
                points(
                    (35.9487, 35.4),
                    (35.89, 34.9),
                    n=[1, 2],
                    when=pd.to_datetime(["2024-12-12T10:00Z", None]),
                )
            ),
        ),
        ("a.csv", text("id,when,lat,lon,n", "007,2024-12-12,35.4,35.9487,1", "8,,34.9,35.89,")),
        ("a.zip", zipped(shapefile(points(*UTM, crs="EPSG:32637")))),
        ("a.xlsx", workbook({"S": [["lat", "lon", "day"], [35.4, 35.9487, "12/12/2024"]]})),
        ("a.tsv", text("name\tmgrs\twhen", "a\t36SYE6771721240\t2024-12-12 10:00")),
        ("a.kmz", zipped({"doc.kml": kml(mark())})),
    ],
    ids=["geojson", "parquet", "csv", "shapefile", "workbook", "mgrs", "kmz"],
)
def test_worker_result_equals_the_in_process_result(name, body, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chosen = ImportOptions(time_zone="Asia/Damascus")
    away, here = read_upload(body, name, chosen), run_pipeline(body, name, chosen)
    pd.testing.assert_frame_equal(pd.DataFrame(away.frame), pd.DataFrame(here.frame))
    pd.testing.assert_frame_equal(away.times, here.times)
    for field in (
        "name",
        "verdict",
        "messages",
        "rejected",
        "rejected_count",
        "detected",
        "repairs",
    ):
        assert getattr(away, field) == getattr(here, field), field


def test_forged_worker_result_is_not_loaded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result_codec.write_result(run_pipeline(GOOD, "a.csv"), tmp_path)
    assert result_codec.read_result(tmp_path, 10_000).accepted == 1
    with pytest.raises(ValueError, match="too large"):
        result_codec.read_result(tmp_path, 10)
    table = pa.table(
        {"c0": pa.array(["x"] * 9).dictionary_encode()}
    )  # small, but large once decoded
    with pa.ipc.new_file(tmp_path / result_codec.ROWS, table.schema) as file:
        file.write_table(table)
    with pytest.raises(ValueError, match="type that none writes"):
        result_codec.read_result(tmp_path, 10_000)


@pytest.mark.parametrize("name", [result_codec.ROWS, result_codec.SUMMARY])
@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_worker_result_that_is_no_plain_file_is_not_opened(name, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result_codec.write_result(run_pipeline(GOOD, "a.csv"), tmp_path)
    path = tmp_path / name
    path.rename(tmp_path / "elsewhere")
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises((ValueError, OSError)):
        result_codec.read_result(tmp_path, 10_000)


def test_fatal_parquet_footer_crashes_only_the_worker(tmp_path):
    body = as_fatal_parquet(tmp_path / "a.parquet").read_bytes()
    reading = read_upload(body, "a.parquet")
    assert reading.verdict == "reject"
    assert "crashed on this file" in result_text(reading) or "damaged" in result_text(reading)


def test_import_leaves_no_files_and_keeps_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = os.getcwd()  # noqa: PTH109
    assert read_upload(GOOD, "../../evil.csv").name == "../../evil.csv"
    assert os.getcwd() == before  # noqa: PTH109
    assert list(tmp_path.iterdir()) == []


def test_parallel_imports_are_not_mixed_up():
    def read(number: int) -> object:
        body = text("name,lat,lon", f"own{number},35.4011,35.9487")
        return read_upload(body, f"{number}.csv").frame["name"][0]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [f"own{number}" for number in range(4)]


def test_module_paths_survive_a_concurrent_change_of_sys_path(monkeypatch, tmp_path):
    """Streamlit adds a script's folder to sys.path and removes it, on another thread."""
    before = runner._module_paths()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    real = Path.exists

    def exists(path: Path) -> bool:
        with suppress(ValueError):
            sys.path.remove(str(tmp_path))
        return real(path)

    monkeypatch.setattr(Path, "exists", exists)
    assert [place for place in runner._module_paths() if place != str(tmp_path)] == before


def test_folder_of_a_running_page_hides_no_module_of_the_worker(monkeypatch):
    """Streamlit adds it while a page runs, and its html.py hid the standard library's."""
    from geo.settings import ROOT

    monkeypatch.syspath_prepend(str(ROOT / "geo" / "ui"))
    kml = b"<kml><Document><Placemark><Point><coordinates>36,35</coordinates></Point></Placemark>"
    result = read_upload(kml + b"</Document></kml>", "a.kml")
    assert result.accepted == 1, result.messages


def test_worker_limit_bounds_the_parallel_workers(monkeypatch):
    running, most, lock = 0, 0, threading.Lock()

    def counted(folder, limits):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        done = threading.Event()
        done.wait(0.02)
        with lock:
            running -= 1
        return 4

    monkeypatch.setattr(runner, "run_worker", counted)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: read_upload(GOOD, f"{n}.csv", limits=Limits(workers=2)), range(8)))
    assert most == 2


def test_import_options_reach_the_worker():
    chosen = ImportOptions(date_from="", label="lat", coordinates=("lat", "lon"), repairs=("swap",))
    assert ImportOptions.from_dict(json.loads(json.dumps(asdict(chosen)))) == chosen
    reading = read_upload(GOOD, "a.csv", options=chosen)
    assert reading.detected.label == "lat"
    assert reading.frame.geometry[0].x == pytest.approx(35.4011)
