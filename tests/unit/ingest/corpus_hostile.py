"""Hostile files: they point at other files, exhaust memory or try to run code."""

from __future__ import annotations

import json

from tests.support.hostile_files import (
    DOCTYPE,
    ENDLESS,
    ENTITY,
    GDALG,
    LAUGHS,
    LISTED,
    TEXTS,
    VRT,
    entry,
    garbage_parquet,
    unindexed,
    vast_parquet,
    zip_bomb,
    zip_with_shared_bytes,
    zip_with_wrong_size,
)
from tests.support.sample_files import (
    KML_HEAD,
    POINT,
    TWO,
    collection,
    feature,
    gpkg,
    kml,
    mark,
    points,
    shapefile,
    sqlite_file,
    text,
    zipped,
)
from tests.unit.ingest.corpus import NO, WARN, YES, case

CASES = (
    *(
        case(f"vrt-named-{suffix}", f"a.{suffix}", VRT, NO, 0)
        for suffix in ("geojson", "gpkg", "kml", "gpx", "csv", "zip", "parquet", "xlsx")
    ),
    case("gdalg-named-geojson", "a.geojson", GDALG, NO, 0, "not GeoJSON"),
    case("gdalg-named-csv", "a.csv", GDALG, NO, 0, "JSON"),
    case("gdalg-named-gpkg", "a.gpkg", GDALG, NO, 0, "JSON"),
    case(
        "xml-external-entity",
        "a.kml",
        (ENTITY + kml("&x;", mark(), head=KML_HEAD[38:]).decode()).encode(),
        NO,
        0,
        "entities",
    ),
    case(
        "xml-external-entity-gpx",
        "a.gpx",
        (ENTITY + "<gpx><wpt lat='1' lon='2'/>&x;</gpx>").encode(),
        NO,
        0,
        "entities",
    ),
    case("xml-billion-laughs", "a.kml", LAUGHS, NO, 0, "entities"),
    case("xml-external-dtd-is-not-fetched", "a.kml", kml(mark(), head=DOCTYPE), YES, 1),
    case(
        "xml-nested-deeply",
        "a.kml",
        kml("<Folder>" * 500, mark(), "</Folder>" * 500),
        NO,
        0,
        "nested",
    ),
    case(
        "kml-network-link",
        "a.kml",
        kml(
            mark(), "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
        ),
        WARN,
        1,
        "network link",
        "not followed",
    ),
    case(
        "kml-network-link-only",
        "a.kml",
        kml("<NetworkLink><Link><href>file:///etc/passwd</href></Link></NetworkLink>"),
        NO,
        0,
        "network link",
    ),
    case(
        "geojson-crs-link",
        "a.geojson",
        collection(
            feature(a=1),
            crs={"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}},
        ),
        WARN,
        1,
        "never followed",
    ),
    case(
        "geojson-crs-names-a-file",
        "a.geojson",
        collection(
            feature(a=1), crs={"type": "name", "properties": {"name": "+init=file:/etc/passwd"}}
        ),
        WARN,
        1,
        "never followed",
    ),
    case(
        "geojson-nested-collections",
        "a.geojson",
        collection(feature(a=1))[:-2]
        + b', {"type": "Feature", "properties": {}, "geometry": '
        + b'{"type": "GeometryCollection", "geometries": [' * 5_000
        + json.dumps(POINT).encode()
        + b"]}" * 5_000
        + b"}]}",
        NO,
        0,
        "nested",
    ),
    case(
        "geojson-number-no-float-holds",
        "a.geojson",
        collection(feature({"type": "Point", "coordinates": [10**1_000, 35]}), feature(a=1)),
        WARN,
        1,
        "row 1",
        "too large",
        aside=1,
    ),
    case(
        "geojson-huge-number",
        "a.geojson",
        b'{"type":"Point","coordinates":[35,' + b"9" * 10_000 + b"]}",
        NO,
        0,
    ),
    case("zip-path-upwards", "a.zip", entry("../../made.shp"), NO, 0, "outside of itself"),
    case("zip-absolute-path", "a.zip", entry("/etc/made.shp"), NO, 0, "outside of itself"),
    case("zip-drive", "a.zip", entry("C:\\made.shp"), NO, 0, "outside of itself"),
    case("zip-backslash-upwards", "a.kmz", entry("..\\doc.kml"), NO, 0, "outside of itself"),
    case("zip-symlink", "a.zip", entry("made.shp", b"/etc/passwd", mode=0o120777), NO, 0, "link"),
    case("zip-encrypted", "a.zip", entry("made.shp", flags=1), NO, 0, "encrypted"),
    case(
        "zip-in-zip", "a.zip", zipped({"inner.zip": zipped({"a": b"x"})}), NO, 0, "another archive"
    ),
    case("zip-bomb", "a.zip", zip_bomb, NO, 0, "times its size"),
    case("zip-bomb-kmz", "a.kmz", lambda: zipped({"doc.kml": b" " * 20_000_000}), NO, 0, "times"),
    case("zip-overlapping", "a.zip", zip_with_shared_bytes, NO, 0, "overlap"),
    case("zip-size-is-a-lie", "a.kmz", zip_with_wrong_size, NO, 0),
    case(
        "zip-many-entries",
        "a.zip",
        lambda: zipped({f"{n}.txt": b"" for n in range(1_500)}),
        NO,
        0,
        "1,500 files",
    ),
    case("zip-empty", "a.zip", zipped({}), NO, 0, "empty"),
    case(
        "shp-that-is-vrt", "a.zip", lambda: zipped(shapefile() | {"made.shp": VRT}), NO, 0, ".shp"
    ),
    case(
        "shp-prj-names-a-file",
        "a.zip",
        lambda: zipped(shapefile() | {"made.prj": b"+init=file:/etc/passwd"}),
        WARN,
        2,
        ".prj",
    ),
    case(
        "shp-header-lies",
        "a.zip",
        lambda: zipped(shapefile() | {"made.shx": b"\x00" * 100}),
        NO,
        0,
        "damaged",
    ),
    case("gpkg-endless-view", "a.gpkg", lambda: gpkg(None, ENDLESS, LISTED), WARN, 2, "“endless”"),
    case(
        "gpkg-trigger",
        "a.gpkg",
        lambda: gpkg(None, "CREATE TRIGGER t AFTER INSERT ON things BEGIN SELECT 1; END"),
        YES,
        2,
    ),
    case(
        "gpkg-own-table-is-a-view",
        "a.gpkg",
        lambda: gpkg(
            None,
            "ALTER TABLE gpkg_extensions RENAME TO other",
            "CREATE VIEW gpkg_extensions AS SELECT * FROM other",
        ),
        NO,
        0,
        "view",
    ),
    case(
        "sqlite-named-gpkg",
        "a.gpkg",
        lambda: sqlite_file("CREATE TABLE t (a)"),
        NO,
        0,
        "not a GeoPackage",
    ),
    case(
        "sqlite-named-geojson",
        "a.geojson",
        lambda: sqlite_file("CREATE TABLE t (a)"),
        NO,
        0,
        "SQLite",
    ),
    case(
        "gpkg-names-no-column",
        "a.gpkg",
        lambda: gpkg(None, "UPDATE gpkg_geometry_columns SET column_name = 'none'"),
        NO,
        0,
        "“things” cannot be read",
    ),
    case(
        "gpkg-without-geometry-table",
        "a.gpkg",
        lambda: gpkg(None, "DROP TABLE gpkg_geometry_columns"),
        NO,
        0,
        "“things”",
    ),
    case(
        "gpkg-broken-blob",
        "a.gpkg",
        lambda: gpkg(
            {"things": points(*TWO)},
            *unindexed(),
            "UPDATE things SET geom = X'4750' WHERE fid = 2",
        ),
        WARN,
        1,
        "row 2",
        aside=1,
    ),
    case("parquet-bomb", "a.parquet", vast_parquet, NO, 0, "too large"),
    case(
        "parquet-geometry-is-garbage",
        "a.parquet",
        garbage_parquet,
        NO,
        0,
        "row 1",
        "cannot be decoded",
        aside=2,
    ),
    case(
        "xlsx-entity",
        "a.xlsx",
        lambda: zipped({"[Content_Types].xml": ENTITY.encode() + b"<x>&x;</x>"}),
        NO,
        0,
        "entities",
    ),
    case(
        "csv-many-columns",
        "a.csv",
        text(",".join(f"c{n}" for n in range(5_000)), "1"),
        NO,
        0,
        "5,000 columns",
    ),
    case("name-is-a-path", "../../etc/a.csv", text("lat,lon", "35.4,35.9487"), YES, 1),
    case("name-has-no-suffix", "passwd", text("lat,lon", "35.4,35.9"), NO, 0, "extension"),
    case("name-of-an-old-workbook", "a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), NO, 0, ".xlsx"),
    case(
        "hostile-texts",
        "a.geojson",
        collection(*[feature(**{one: other}) for one in TEXTS for other in TEXTS]),
        YES,
        121,
    ),
)
