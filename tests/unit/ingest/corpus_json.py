"""GeoJSON cases."""

from __future__ import annotations

import json

from tests.support.sample_files import POINT, UTM, collection, feature, point
from tests.unit.ingest.corpus import NO, WARN, YES, case

BOWTIE = {"type": "Polygon", "coordinates": [[[36, 35], [37, 36], [37, 35], [36, 36], [36, 35]]]}
LINE = {"type": "LineString", "coordinates": [[36, 35], [36.5, 35.5]]}
SKY = {
    "time": 1733961600,
    "states": [
        ["made-1", "MADE1 ", "Nowhere", 1, 1, 36.1, 35.2, 9.0, False, *[0] * 5, "1", False, 0],
        ["made-2", "MADE2 ", "Nowhere", 1, 1, None, None, 9.0, False, *[0] * 5, "1", False, 0],
    ],
}

CASES = (
    case("geojson-plain", "a.geojson", collection(feature(name="a")), YES, 1),
    case("geojson-bare-geometry", "a.json", json.dumps(POINT).encode(), YES, 1),
    case("geojson-bare-feature", "a.json", json.dumps(feature(a=1)).encode(), YES, 1),
    case(
        "geojson-one-a-line",
        "a.geojsonl",
        b"\n".join(json.dumps(feature(n=n)).encode() for n in range(3)),
        YES,
        3,
    ),
    case(
        "geojson-a-line-is-broken",
        "a.ndjson",
        json.dumps(feature(a=1)).encode() + b'\n{"type": "Fea\n' + json.dumps(feature()).encode(),
        WARN,
        2,
        "row 2 line 2",
        "not JSON",
        aside=1,
    ),
    case("geojson-empty-file", "a.geojson", b"", NO, 0, "empty"),
    case("geojson-no-features", "a.geojson", collection(), NO, 0, "no features"),
    case("geojson-cut-off", "a.geojson", collection(feature(a=1))[:60], NO, 0, "line 1"),
    case("geojson-that-is-not", "a.geojson", b'{"a": 1}', NO, 0, "not GeoJSON"),
    case("geojson-topology", "a.json", b'{"type": "Topology", "objects": {}}', NO, 0, "TopoJSON"),
    case(
        "geojson-geometry-null",
        "a.geojson",
        collection(feature(a=1), feature(None, a=2)),
        WARN,
        1,
        "row 2",
        "no geometry",
        aside=1,
    ),
    case(
        "geojson-geometry-empty",
        "a.geojson",
        collection(feature(a=1), feature({"type": "Point", "coordinates": []})),
        WARN,
        1,
        "row 2",
        "empty",
        aside=1,
    ),
    case(
        "geojson-nan-and-infinity",
        "a.geojson",
        collection(feature(), feature(point(float("nan"), 35)), feature(point(35, float("inf")))),
        WARN,
        1,
        "row 2",
        "row 3",
        "finite",
        aside=2,
    ),
    case(
        "geojson-coordinate-is-text",
        "a.geojson",
        collection(feature(), feature({"type": "Point", "coordinates": ["35.9", 35]})),
        WARN,
        1,
        "row 2",
        "geometry",
        "not a coordinate",
        aside=1,
    ),
    case(
        "geojson-coordinate-alone",
        "a.geojson",
        collection(feature(), feature({"type": "Point", "coordinates": [35.9]})),
        WARN,
        1,
        "row 2",
        aside=1,
    ),
    case(
        "geojson-unknown-geometry",
        "a.geojson",
        collection(feature(), feature({"type": "Circle", "coordinates": [35, 35]})),
        WARN,
        1,
        "row 2",
        "Circle",
        aside=1,
    ),
    case(
        "geojson-not-a-feature",
        "a.geojson",
        collection(feature(), 7, "x"),
        WARN,
        1,
        "row 2",
        "row 3",
        aside=2,
    ),
    case(
        "geojson-bowtie",
        "a.geojson",
        collection(feature(), feature(BOWTIE)),
        WARN,
        2,
        "row 2",
        "1 invalid geometry mended (self-intersection)",
        "repair drop-invalid",
        "repair keep-invalid",
    ),
    case("geojson-mixed", "a.geojson", collection(feature(), feature(LINE)), YES, 2, "mixed"),
    case(
        "geojson-heights",
        "a.geojson",
        collection(feature({"type": "Point", "coordinates": [35.9487, 35.4, 48]})),
        YES,
        1,
        "Heights",
        "repair drop-zm",
    ),
    case(
        "geojson-swapped",
        "a.geojson",
        collection(feature(point(36.72, 34.88)), feature(point(33.5138, 36.2913))),
        WARN,
        2,
        "row 2",
        "swapped",
    ),
    case(
        "geojson-crs-named",
        "a.geojson",
        collection(
            feature(point(*UTM[0])),
            crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}},
        ),
        YES,
        1,
        "EPSG:32637",
    ),
    case(
        "geojson-crs-missing-projected",
        "a.geojson",
        collection(feature(point(*UTM[0]))),
        NO,
        0,
        "CRS",
        "repair assume-crs:EPSG:32637",
    ),
    case(
        "geojson-crs-unknown",
        "a.geojson",
        collection(
            feature(point(*UTM[0])),
            crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999999"}},
        ),
        NO,
        0,
        "crs",
    ),
    case(
        "geojson-odd-names",
        "a.geojson",
        collection(
            feature(
                **{
                    "style": 1,
                    "highlight": "x",
                    "__proto__": 2,
                    "fid": 3,
                    "geom": 4,
                    "Name": "a",
                    "name": "b",
                    "geometry": "c",
                    "{{x}}": "${y}",
                }
            )
        ),
        YES,
        1,
        "geometry_2",
    ),
    case(
        "geojson-odd-values",
        "a.geojson",
        collection(
            feature(a=[1, {"b": 2}], c={"d": None}, e=10**30, f="x" * 100_000, g=True),
            feature(a="text", c=3, e=1.5, g=None),
        ),
        YES,
        2,
    ),
    case(
        "geojson-half-characters",
        "a.geojson",
        b'{"type":"Feature","properties":{"a":"\\ud800x"},"geometry":'
        + json.dumps(POINT).encode()
        + b"}",
        YES,
        1,
    ),
    case(
        "geojson-nested-deeply",
        "a.geojson",
        b'{"type":"FeatureCollection","features":' + b"[" * 100_000,
        NO,
        0,
        "nested",
    ),
    case(
        "geojson-utf-16",
        "a.geojson",
        collection(feature(name="دمشق")).decode().encode("utf-16"),
        YES,
        1,
        "UTF-16",
    ),
    case(
        "geojson-ids-twice",
        "a.geojson",
        collection(*[feature(point(36 + n / 10, 35), id=f"x{n // 2}", n=n) for n in range(3)]),
        WARN,
        3,
        "id",
        "“x0”",
    ),
    case(
        "geojson-four-numbers-a-point",
        "a.geojson",
        collection(
            feature({"type": "LineString", "coordinates": [[36, 35, 9, 1], [37, 36, 9, 2]]})
        ),
        YES,
        1,
        "row 1",
        "More than three numbers",
    ),
    case(
        "geojson-open-ring",
        "a.geojson",
        collection(
            feature(a=1),
            feature({"type": "Polygon", "coordinates": [[[36, 35], [37, 36], [37, 35]]]}),
        ),
        WARN,
        2,
        "row 2",
        "closed",
    ),
    case("geojson-of-esri", "a.json", b'{"geometryType": "x", "features": []}', NO, 0, "Esri"),
    case(
        "opensky-answer",
        "states.json",
        json.dumps(SKY).encode(),
        WARN,
        1,
        "row 2",
        "OpenSky",
        aside=1,
    ),
    case(
        "opensky-nothing-flies", "a.json", b'{"time": 1, "states": null}', NO, 0, "without a type"
    ),
)
