"""Write synthetic points by the million, without a geometry object for each."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geo.store.formats.geoparquet_writer import ROW_GROUP

WEST, SOUTH, EAST, NORTH = 33.5, 32.0, 39.0, 37.5
PILES, WIDE = 60, 0.25  # centres and widths of clusters, in degrees
DAYS = (20058, 20087)  # 1 to 30 December 2024, days since 1970


def write_big(folder: Path, count: int, name: str = "big") -> Path:
    """Write a layer of clustered points over western Syria, along a Z-order curve."""
    random = np.random.default_rng(20241208)
    middle = random.uniform((WEST, SOUTH), (EAST, NORTH), (PILES, 2))
    places = middle[random.integers(0, PILES, count)] + random.normal(0, WIDE, (count, 2))
    places = places[np.argsort(_along_curve(places), kind="stable")]
    path = folder / f"{name}.parquet"
    about = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": ["Point"],
                "bbox": [*places.min(axis=0), *places.max(axis=0)],
                "covering": {
                    "bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}
                },
            }
        },
    }
    schema = _rows(places[:1], 0, random).schema.with_metadata({"geo": json.dumps(about)})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, count, 20 * ROW_GROUP):
            part = places[start : start + 20 * ROW_GROUP]
            writer.write_table(_rows(part, start, random).cast(schema), row_group_size=ROW_GROUP)
    layer = {
        "name": name,
        "title": "Synthetic points",
        "file": path.name,
        "id": "id",
        "time": ["day", "day"],
        "label": "name",
    }
    (folder / "catalogue.json").write_text(json.dumps({"layers": [layer]}))
    return path


def _rows(places: np.ndarray, start: int, random: np.random.Generator) -> pa.Table:
    count = len(places)
    numbers = np.arange(start, start + count)
    wkb = np.empty((count, 21), dtype=np.uint8)
    wkb[:, :5] = (1, 1, 0, 0, 0)
    wkb[:, 5:] = np.ascontiguousarray(places, dtype="<f8").view(np.uint8).reshape(count, 16)
    days = random.integers(DAYS[0], DAYS[1] + 1, count) * 86_400_000_000
    offsets = pa.py_buffer(np.arange(0, 21 * (count + 1), 21, dtype=np.int32))
    shapes = pa.Array.from_buffers(pa.binary(), count, [None, offsets, pa.py_buffer(wkb)])
    x, y = (pa.array(np.ascontiguousarray(one)) for one in places.T)
    kinds = pa.array(np.array(["radar", "lorry", "ship"])[random.integers(0, 3, count)])
    return pa.table(
        {
            "id": pa.array([f"big-{number}" for number in numbers]),
            "name": pa.array([f"Synthetic {number}" for number in numbers]),
            "day": pa.array(days, pa.timestamp("us")),
            "kind": kinds,
            "geometry": shapes,
            "bbox": pa.StructArray.from_arrays([x, y, x, y], ["xmin", "ymin", "xmax", "ymax"]),
        }
    )


def _along_curve(places: np.ndarray) -> np.ndarray:
    """Return each point's index along a Z-order curve of 1024 by 1024 cells."""
    low, high = places.min(axis=0), places.max(axis=0)
    cells = ((places - low) / (high - low) * 1023).astype(np.int64)
    return sum(
        ((cells[:, axis] >> bit) & 1) << (2 * bit + axis) for axis in (0, 1) for bit in range(10)
    )
