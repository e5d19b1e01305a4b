"""GeoPackage, KML, KMZ, zipped shapefiles, GPX and GeoParquet."""

from __future__ import annotations

import pandas as pd
import shapely

from tests.support.sample_files import (
    TWO,
    UTM,
    gpkg,
    gpx,
    kml,
    mark,
    parquet,
    points,
    shapefile,
    zipped,
)
from tests.unit.ingest.corpus import NO, WARN, YES, case

ARABIC = points(*TWO, name=["مطار حميميم", "ميناء طرطوس"])
WPT = '<wpt lat="35.4011" lon="35.9487"><name>a</name></wpt>'
TRK = (
    '<trk><name>t</name><trkseg><trkpt lat="35.4" lon="35.95"><time>2024-12-12T10:00:00Z</time>'
    '</trkpt><trkpt lat="35.5" lon="36"><time>2024-12-13T10:00:00Z</time></trkpt></trkseg></trk>'
)

CASES = (
    case("gpkg-plain", "a.gpkg", gpkg, YES, 2),
    case(
        "gpkg-two-layers",
        "a.gpkg",
        lambda: gpkg({"one": points(*TWO), "two": points(*TWO)}),
        YES,
        4,
        "“one”",
        "“two”",
    ),
    case(
        "gpkg-projected",
        "a.gpkg",
        lambda: gpkg({"one": points(*UTM, crs="EPSG:32637")}),
        YES,
        2,
        "EPSG:32637",
    ),
    case(
        "gpkg-without-crs", "a.gpkg", lambda: gpkg({"one": points(*TWO, crs=None)}), YES, 2, "CRS"
    ),
    case(
        "gpkg-says-utm-holds-degrees",
        "a.gpkg",
        lambda: gpkg({"one": points(*TWO, crs="EPSG:32637")}),
        NO,
        0,
        "look like degrees",
        "repair assume-crs:EPSG:4326",
    ),
    case(
        "gpkg-geometry-null",
        "a.gpkg",
        lambda: gpkg(
            {"things": points(*TWO).set_geometry([shapely.Point(*TWO[0]), None], crs="EPSG:4326")}
        ),
        WARN,
        1,
        "row 2",
        "no geometry",
        aside=1,
    ),
    case("gpkg-cut-off", "a.gpkg", lambda: gpkg()[:5000], NO, 0),
    case("gpkg-that-is-csv", "a.gpkg", b"name,lat,lon\na,35,36\n", NO, 0, "text"),
    case("kml-plain", "a.kml", kml(mark()), YES, 1),
    case(
        "kml-folders",
        "a.kml",
        kml(
            "<Folder><name>North</name>",
            mark(),
            "</Folder><Folder><name>South</name>",
            mark("35.89,34.9"),
            "</Folder>",
        ),
        YES,
        2,
        "“North”",
        "“South”",
    ),
    case(
        "kml-bad-coordinates",
        "a.kml",
        kml(mark(), mark("east,35.4"), mark("35.9")),
        WARN,
        1,
        "row 2",
        "row 3",
        "east,35.4",
        aside=2,
    ),
    case("kml-nan", "a.kml", kml(mark(), mark("nan,35.4")), WARN, 1, "row 2", "finite", aside=1),
    case(
        "kml-no-geometry",
        "a.kml",
        kml(mark(), "<Placemark><name>b</name></Placemark>"),
        WARN,
        1,
        "row 2",
        "no geometry",
        aside=1,
    ),
    case(
        "kml-address-only",
        "a.kml",
        kml(mark(), "<Placemark><address>Homs</address></Placemark>"),
        WARN,
        1,
        "row 2",
        "not looked up",
        aside=1,
    ),
    case("kml-no-placemarks", "a.kml", kml(), NO, 0, "no placemarks"),
    case("kml-not-well-formed", "a.kml", kml(mark())[:-20], NO, 0, "line 1"),
    case("kml-that-is-gpx", "a.kml", gpx(WPT), NO, 0, "not KML", "gpx"),
    case(
        "kml-overlay-only",
        "a.kml",
        kml("<GroundOverlay><Icon><href>x.png</href></Icon></GroundOverlay>", mark()),
        YES,
        1,
        "overlay",
    ),
    case(
        "kml-time-span-backwards",
        "a.kml",
        kml(
            mark(more="<TimeSpan><begin>2024-12-13</begin><end>2024-12-12</end></TimeSpan>"),
            mark(more="<TimeSpan><begin>2024-12-12</begin><end>2024-12-13</end></TimeSpan>"),
        ),
        WARN,
        2,
        "row 1",
        "before it starts",
    ),
    case("kmz-plain", "a.kmz", zipped({"doc.kml": kml(mark()), "files/i.png": b"x"}), YES, 1),
    case("kmz-without-kml", "a.kmz", zipped({"a.txt": b"x"}), NO, 0, "no .kml"),
    case("gpx-waypoint-and-track", "a.gpx", gpx(WPT, TRK), YES, 2, "“waypoints”", "mixed"),
    case(
        "gpx-bad-latitude",
        "a.gpx",
        gpx(WPT, WPT.replace("35.4011", "high")),
        WARN,
        1,
        "row 2",
        "lat",
        "high",
        aside=1,
    ),
    case("gpx-empty", "a.gpx", gpx(), NO, 0, "no waypoint"),
    case("shp-plain", "a.zip", lambda: zipped(shapefile()), YES, 2),
    case(
        "shp-in-a-folder",
        "a.zip",
        lambda: zipped({f"in/{n}": b for n, b in shapefile().items()}),
        YES,
        2,
    ),
    case("shp-without-prj", "a.zip", lambda: zipped(shapefile(without=[".prj"])), WARN, 2, ".prj"),
    case(
        "shp-without-prj-projected",
        "a.zip",
        lambda: zipped(shapefile(points(*UTM, crs="EPSG:32637"), without=[".prj"])),
        NO,
        0,
        "CRS",
        "repair assume-crs:EPSG:32637",
    ),
    case(
        "shp-projected",
        "a.zip",
        lambda: zipped(shapefile(points(*UTM, crs="EPSG:32637"))),
        YES,
        2,
        "Reprojected",
    ),
    case(
        "shp-without-shx",
        "a.zip",
        lambda: zipped(shapefile(without=[".shx"])),
        NO,
        0,
        ".shx",
        "repair rebuild-shx",
    ),
    case("shp-without-dbf", "a.zip", lambda: zipped(shapefile(without=[".dbf"])), WARN, 2, ".dbf"),
    case(
        "shp-cp1256",
        "a.zip",
        lambda: zipped(shapefile(ARABIC, encoding="cp1256", without=[".cpg"])),
        YES,
        2,
        "1256",
    ),
    case(
        "shp-two",
        "a.zip",
        lambda: zipped(shapefile(stem="one") | shapefile(stem="two")),
        YES,
        4,
        "“one”",
        "“two”",
    ),
    case("shp-none-in-it", "a.zip", zipped({"a.csv": b"lat,lon\n35,36\n"}), NO, 0, "no shapefile"),
    case("shp-crc-error", "a.zip", lambda: _spoiled(zipped(shapefile(), how=0)), NO, 0, "damaged"),
    case("shp-cut-off", "a.zip", lambda: zipped(shapefile())[:-100], NO, 0, "damaged"),
    case("parquet-plain", "a.parquet", parquet, YES, 2),
    case(
        "parquet-projected", "a.geoparquet", lambda: parquet(points(*UTM, crs="EPSG:32637")), YES, 2
    ),
    case(
        "parquet-without-places",
        "a.parquet",
        lambda: parquet(pd.DataFrame({"lat": [35.4, None], "lon": [35.9487, 36.0]})),
        WARN,
        1,
        "row 2",
        "lat",
        aside=1,
    ),
    case("parquet-cut-off", "a.parquet", lambda: parquet()[:-10], NO, 0, "breaks off"),
    case(
        "parquet-scrambled",
        "a.parquet",
        lambda: b"PAR1" + bytes(range(256)) * 4 + b"PAR1",
        NO,
        0,
        "damaged",
    ),
)


def _spoiled(body: bytes) -> bytes:
    """Change one byte of the first file's content, so that its checksum is wrong."""
    at = body.index(b"PK\x01\x02") - 30
    return body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :]
