"""The process that reads: what stops it, what it cannot reach, and that its answer is whole."""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pandas as pd
import pytest

from geo.ingest import Choices, Limits, host, read_upload
from geo.ingest.here import read_here
from tests.unit.ingest.conftest import all_words
from tests.unit.ingest.hostile_making import huge_sheet
from tests.unit.ingest.making import (
    KML_HEAD,
    collection,
    feature,
    kml,
    mark,
    parquet,
    point,
    points,
    shapefile,
    text,
    zipped,
)

GOOD = text("name,lat,lon", "a,35.4011,35.9487")
QUICK = Limits(cpu_seconds=3, seconds=6, memory_bytes=700_000_000)


@pytest.fixture
def instead(monkeypatch):
    """Let the worker run some code in place of the readers; ``said`` makes it an answer."""

    def put(code: str) -> None:
        lines = (
            "import json, sys",
            "sys.path[:] = json.loads(sys.argv[1])",
            "import geo.ingest.here as here",
            "from geo.ingest.limits import Limits",
            "from geo.ingest.log import Log",
            "def said(text):",
            "    log = Log('x', Limits())",
            "    log.say('error', text)",
            "    return here.rejected('x', log)",
            "def read_here(body, name, choices, limits):",
            *(f"    {line}" for line in code.splitlines()),
            "here.read_here = read_here",
            "from geo.ingest.worker import main",
            "sys.exit(main())",
        )
        monkeypatch.setattr(host, "_START", "\n".join(lines))

    return put


@pytest.fixture
def listener():
    """A socket that listens on loopback and must stay silent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.fixture
def canary(tmp_path):
    path = tmp_path / "canary.geojson"
    path.write_bytes(collection(feature(word="CANARY")))
    return path


def test_endless_loop_is_stopped_by_the_processor_limit(instead):
    instead("while True: pass")
    reading = read_upload(GOOD, "a.csv", limits=replace(QUICK, seconds=60))
    assert reading.verdict == "reject"
    assert "longer than 3 seconds" in all_words(reading)


def test_worker_that_waits_for_ever_is_stopped_by_the_clock(instead):
    instead("import threading; threading.Event().wait()")
    reading = read_upload(GOOD, "a.csv", limits=Limits(seconds=2))
    assert "longer than 2 seconds" in all_words(reading)


def test_memory_hog_is_stopped(instead):
    instead("hog = [b'x' * 2**24 for _ in range(1_000)]")
    reading = read_upload(GOOD, "a.csv", limits=QUICK)
    assert reading.verdict == "reject"
    assert "700 MB" in all_words(reading)


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
def test_worker_that_breaks_gives_a_reject_in_words(instead, code):
    instead(code)
    reading = read_upload(GOOD, "a.csv", limits=QUICK)
    assert (reading.verdict, reading.accepted) == ("reject", 0)
    (message,) = reading.messages
    assert message.level == "error"
    assert "secret" not in message.text
    assert message.text.endswith((".",))


def test_large_file_of_the_worker_cannot_be_written(instead):
    instead("open('x', 'wb').write(bytes(400_000_000))")
    limits = Limits(file_bytes=1_000, unpacked_bytes=1_000)
    assert read_upload(GOOD, "a.csv", limits=limits).verdict == "reject"


def test_worker_reaches_no_other_file_no_network_and_no_program(
    instead, listener, canary, monkeypatch
):
    monkeypatch.setenv("A_PASSWORD", "CANARY")
    port = listener.getsockname()[1]
    instead(f"""
import ctypes, os, socket, subprocess, _socket, urllib.request
libc = ctypes.CDLL(None, use_errno=True)
def connected():
    handle = libc.socket(2, 1, 0)
    address = (2).to_bytes(2, 'little') + ({port}).to_bytes(2, 'big') + bytes([127, 0, 0, 1]) + bytes(8)
    return libc.connect(handle, address, 16) == 0
def opened():
    return libc.open({str(canary)!r}.encode(), 0) >= 0
attempts = (
    lambda: open({str(canary)!r}).read(),
    lambda: os.open({str(canary)!r}, 0),
    lambda: open({str(canary)!r}, 'w'),
    lambda: open('../x', 'w'),
    lambda: open('/etc/passwd').read(),
    lambda: socket.create_connection(('127.0.0.1', {port})),
    lambda: _socket.socket(),
    lambda: urllib.request.urlopen('http://127.0.0.1:{port}/'),
    lambda: subprocess.run(['true']),
    lambda: os.system('true'),
    lambda: 1 / bool(os.environ.get('A_PASSWORD')),
)
done = []
for number, attempt in enumerate(attempts):
    try:
        attempt()
        done.append(str(number))
    except (OSError, ZeroDivisionError):
        pass
from geo.ingest import guard
fenced = guard.fence.__module__ and libc.syscall(444, None, 0, 1) > 0
if fenced and opened(): done.append('opened')
if fenced and connected(): done.append('connected')
return said('done: ' + ' '.join(done) + '.')
""")  # noqa: E501
    assert all_words(read_upload(GOOD, "a.csv", limits=QUICK)) == "done: ."


def test_worker_has_two_drivers_and_a_private_folder(instead):
    instead(
        "from geo.store import gdal\nimport os\n"
        "return said(f'{sorted(gdal.load().list_drivers())} {sorted(os.listdir())}')"
    )
    said = all_words(read_upload(GOOD, "a.csv", limits=QUICK))
    assert said == "['ESRI Shapefile', 'GPKG'] ['job.json', 'upload']"


def hostile(path: str, url: str) -> dict[str, bytes]:
    vrt = (
        f'<OGRVRTDataSource><OGRVRTLayer name="canary"><SrcDataSource>{path}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()
    entity = f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "{path}">]>' + KML_HEAD[38:]
    dtd = f'<?xml version="1.0"?><!DOCTYPE kml SYSTEM "{url}/x.dtd">' + KML_HEAD[38:]
    link = f"<NetworkLink><Link><href>{url}/x.kml</href></Link></NetworkLink>"
    image = f'<description><![CDATA[<img src="{url}/x.png">]]></description>'
    crs = {"type": "link", "properties": {"href": f"{url}/crs", "type": "proj4"}}
    return {
        "a.geojson": collection(feature(a=1), crs=crs),
        "b.geojson": vrt,
        "c.kml": kml(mark(name="&x;"), head=entity),
        "d.kml": kml(mark(more=image), link, head=dtd),
        "e.zip": zipped(shapefile() | {"made.prj": f"+init=file:{path}".encode()}),
    }


def test_hostile_files_read_no_other_file_and_fetch_nothing(listener, canary):
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    for name, body in hostile(str(canary), url).items():
        reading = read_upload(body, name)
        assert "CANARY" not in all_words(reading) + reading.frame.to_csv(), name


def test_workbook_of_one_far_cell_is_rejected_for_its_memory():
    reading = read_upload(huge_sheet(), "a.xlsx", limits=QUICK)
    assert reading.verdict == "reject"
    assert "memory" in all_words(reading)


def test_file_over_the_limit_is_refused_without_a_worker(monkeypatch):
    monkeypatch.setattr(host, "_run", None)
    reading = read_upload(b"x" * 2_000, "a.csv", limits=Limits(file_bytes=1_000))
    assert reading.verdict == "reject"
    assert "the limit is" in all_words(reading)


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
    ],
    ids=["geojson", "parquet", "csv"],
)
def test_answer_of_the_worker_is_what_was_read(name, body, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    away, here = read_upload(body, name), read_here(body, name)
    pd.testing.assert_frame_equal(pd.DataFrame(away.frame), pd.DataFrame(here.frame))
    pd.testing.assert_frame_equal(away.times, here.times)
    for field in (
        "name",
        "verdict",
        "messages",
        "set_aside",
        "set_aside_rows",
        "guessed",
        "repairs",
    ):
        assert getattr(away, field) == getattr(here, field), field


def test_reading_leaves_nothing_behind_and_the_folder_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = os.getcwd()  # noqa: PTH109
    assert read_upload(GOOD, "../../evil.csv").name == "../../evil.csv"
    assert os.getcwd() == before  # noqa: PTH109
    assert list(tmp_path.iterdir()) == []


def test_readings_at_the_same_time_are_not_mixed_up():
    def read(number: int) -> object:
        body = text("name,lat,lon", f"own{number},35.4011,35.9487")
        return read_upload(body, f"{number}.csv").frame["name"][0]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [f"own{number}" for number in range(4)]


def test_no_more_workers_run_than_the_limit_says(monkeypatch):
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
        return 4, None

    monkeypatch.setattr(host, "_run", counted)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: read_upload(GOOD, f"{n}.csv", limits=Limits(workers=2)), range(8)))
    assert most == 2


def test_choices_reach_the_worker():
    chosen = Choices(date_from="", label="lat", coordinates=("lat", "lon"), repairs=("swap",))
    assert Choices.from_dict(json.loads(json.dumps(chosen.as_dict()))) == chosen
    reading = read_upload(GOOD, "a.csv", choices=chosen)
    assert reading.guessed.label == "lat"
    assert reading.frame.geometry[0].x == pytest.approx(35.4011)
