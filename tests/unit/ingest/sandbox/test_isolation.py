"""Worker isolation: no other files, no network, no programs, no secrets."""

from __future__ import annotations

import socket

import pytest

from geo.ingest import read_upload
from tests.support.import_results import GOOD, QUICK, result_text
from tests.support.sample_files import KML_HEAD, collection, feature, kml, mark, shapefile, zipped


@pytest.fixture
def listener():
    """A loopback socket; the test fails if anything connects to it."""
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


def test_worker_cannot_reach_files_network_or_programs(instead, listener, canary, monkeypatch):
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
from geo.ingest.sandbox import isolation
fenced = isolation.apply_landlock.__module__ and libc.syscall(444, None, 0, 1) > 0
if fenced and opened(): done.append('opened')
if fenced and connected(): done.append('connected')
return reject_with('done: ' + ' '.join(done) + '.')
""")  # noqa: E501
    assert result_text(read_upload(GOOD, "a.csv", limits=QUICK)) == "done: ."


def test_worker_has_two_gdal_drivers_and_a_private_folder(instead):
    instead(
        "from geo.store.formats import gdal_drivers\nimport os\n"
        "drivers = gdal_drivers.import_pyogrio().list_drivers()\n"
        "return reject_with(f'{sorted(drivers)} {sorted(os.listdir())}')"
    )
    said = result_text(read_upload(GOOD, "a.csv", limits=QUICK))
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


def test_hostile_files_read_no_other_file_and_fetch_no_url(listener, canary):
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    for name, body in hostile(str(canary), url).items():
        reading = read_upload(body, name)
        assert "CANARY" not in result_text(reading) + reading.frame.to_csv(), name
