"""Synthetic hostile files, built in code."""

from __future__ import annotations

import io
import json
import struct
import zipfile

import numpy as np
import pandas as pd

from tests.support.sample_files import KML_HEAD, kml, mark, workbook, zipped

VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'  # noqa: E501
GDALG = b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}'
ENTITY = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + ']><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&j;</name></Placemark></kml>'
).encode()
DOCTYPE = KML_HEAD.replace("<kml", '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x.dtd"><kml')
ENDLESS = (
    "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
    "SELECT x AS fid, NULL AS geom FROM n"
)
LISTED = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
    "VALUES ('endless', 'features', 'endless', 4326)"
)
TEXTS = (
    "{{ 7*7 }}",
    "{% for x in y %}",
    "${alert(1)}",
    "<script>alert(1)</script>",
    "![](http://127.0.0.1:9/x.png)",
    '=HYPERLINK("http://127.0.0.1:9")',
    "C:\\users\\x",
    "`backtick`",
    "</script>",
    "\u202ereversed",
    "'; DROP TABLE x; --",
)


def entry(name: str, body: bytes = b"x", *, mode: int = 0o100644, flags: int = 0) -> bytes:
    """Return an archive with one entry of the given name, mode and flags."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, body)
    whole = bytearray(out.getvalue())
    if flags:
        for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            struct.pack_into("<H", whole, whole.index(magic) + at, flags)
    return bytes(whole)


def zip_bomb(size: int = 20_000_000) -> bytes:
    return zipped({"made.shp": b"\x00" * size})


def zip_with_shared_bytes() -> bytes:
    """Return an archive with two directory entries for the same bytes."""
    whole = bytearray(zipped({"a.shp": b"x" * 50, "b.shp": b"x" * 50}, how=zipfile.ZIP_STORED))
    second = whole.index(b"PK\x01\x02", whole.index(b"PK\x01\x02") + 1)
    struct.pack_into("<I", whole, second + 42, 0)
    return bytes(whole)


def zip_with_wrong_size() -> bytes:
    """Return an archive whose directory understates the size of a file."""
    whole = bytearray(zipped({"doc.kml": kml(mark()) + b" " * 5_000_000}))
    at = whole.index(b"PK\x01\x02")
    struct.pack_into("<I", whole, at + 24, 100)
    struct.pack_into("<I", whole, 22, 100)
    return bytes(whole)


def vast_parquet() -> bytes:
    """Return a small Parquet file that decodes to gigabytes: a long text in many rows."""
    texts = pd.Categorical.from_codes(np.zeros(400_000, dtype=int), ["x" * 20_000])
    out = io.BytesIO()
    pd.DataFrame({"text": texts, "lat": 35.4, "lon": 35.9}).to_parquet(out)
    return out.getvalue()


def huge_sheet() -> bytes:
    body = workbook({"S": [["lat", "lon"], [35.4, 35.9]]})
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    return zipped(parts)


def unindexed() -> list[str]:
    names = (
        "insert",
        "update1",
        "update2",
        "update3",
        "update4",
        "update5",
        "update6",
        "update7",
        "delete",
    )
    return [f"DROP TRIGGER IF EXISTS rtree_things_geom_{name}" for name in names]


def garbage_parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }
    table = pa.table({"a": [1, 2], "geometry": pa.array([b"\x01garbage", b""], pa.binary())})
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), out)
    return out.getvalue()
