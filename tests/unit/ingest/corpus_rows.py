"""CSV and XLSX cases: dates, ids, unusual texts and sheets."""

from __future__ import annotations

import datetime as dt

import shapely

from tests.support.sample_files import text, workbook, zipped
from tests.unit.ingest.corpus import NO, WARN, YES, case
from tests.unit.ingest.corpus_tables import GOOD, HEAD

EWKB = shapely.to_wkb(
    shapely.set_srid(shapely.Point(222885, 3921801), 32637), hex=True, include_srid=True
)

CASES = (
    case(
        "csv-null-island",
        "a.csv",
        text(HEAD, GOOD, "b,0,0"),
        WARN,
        1,
        "row 2",
        "null island",
        aside=1,
    ),
    case(
        "csv-date-ambiguous",
        "a.csv",
        text(f"{HEAD},date", f"{GOOD},03/04/2024"),
        WARN,
        1,
        "row 1",
        "03/04/2024",
        "3 April 2024",
    ),
    case(
        "csv-date-settled-by-another-row",
        "a.csv",
        text(f"{HEAD},date", f"{GOOD},03/04/2024", f"{GOOD},02/28/2024"),
        YES,
        2,
        "4 March 2024",
    ),
    case(
        "csv-date-bad",
        "a.csv",
        text(f"{HEAD},date", f"{GOOD},2024-12-12", f"{GOOD},2024-13-45"),
        WARN,
        2,
        "row 2",
        "date",
        "2024-13-45",
        "undated",
        "repair reject-bad-dates",
    ),
    case(
        "csv-date-bad-in-the-only-row",
        "a.csv",
        text(f"{HEAD},date", f"{GOOD},2024-13-45"),
        WARN,
        1,
        "row 1",
        "date",
        "2024-13-45",
    ),
    case(
        "csv-date-is-a-month",
        "a.csv",
        text(f"{HEAD},date", f"{GOOD},2024-12-12", f"{GOOD},2024-12"),
        WARN,
        2,
        "row 2",
        "undated",
    ),
    case(
        "csv-end-before-start",
        "a.csv",
        text(
            f"{HEAD},start_date,end_date",
            f"{GOOD},2024-12-12,2024-12-13",
            f"{GOOD},2024-12-13,2024-12-12",
        ),
        WARN,
        2,
        "row 2",
        "end_date",
        "before it starts",
        "repair swap-dates",
    ),
    case(
        "csv-ids-twice",
        "a.csv",
        text("id,lat,lon", "7,35.4,35.9487", "7,34.9,35.89", "8,34.8,35.95"),
        WARN,
        3,
        "rows 1, 2",
        "“7”",
    ),
    case(
        "csv-rows-repeated", "a.csv", text(HEAD, GOOD, GOOD), WARN, 2, "row 2", "repair drop-copies"
    ),
    case(
        "csv-long-and-odd-texts",
        "a.csv",
        text(
            HEAD,
            f"{'x' * 100_000},35.4011,35.9487",
            "🚁 العربية {{7*7}} ${1},34.9,35.89",
            "=cmd|'/c calc'!A1,34.8,35.95",
        ),
        YES,
        3,
    ),
    case("csv-nul-and-controls", "a.csv", text(HEAD, "a\x00\x1b[31mb,35.4011,35.9487"), YES, 1),
    case(
        "csv-odd-column-names",
        "a.csv",
        text(
            "style,highlight,__proto__,fid,geom,geometry,Name,name,lat,lon",
            "1,2,3,4,5,6,7,8,35.4011,35.9487",
        ),
        YES,
        1,
        "geometry_2",
    ),
    case(
        "csv-that-is-json", "a.csv", b'{"type": "FeatureCollection", "features": []}', NO, 0, "JSON"
    ),
    case(
        "xlsx-plain",
        "a.xlsx",
        lambda: workbook(
            {
                "Sheet1": [
                    ["name", "lat", "lon", "date"],
                    ["a", 35.4011, 35.9487, dt.datetime(2024, 12, 12)],
                ]
            }
        ),
        YES,
        1,
    ),
    case(
        "xlsx-cell-is-text",
        "a.xlsx",
        lambda: workbook(
            {"Sheet1": [["name", "lat", "lon"], ["a", 35.4011, 35.9487], ["b", "north", 35.9]]}
        ),
        WARN,
        1,
        "row 2",
        "lat",
        "north",
        aside=1,
    ),
    case(
        "csv-titles-above-the-header",
        "a.csv",
        text("Synthetic report", "# made up", HEAD, GOOD, "b,north,35.9", ",,"),
        WARN,
        1,
        "2 lines above the header",
        "row 2 line 5",
        aside=1,
    ),
    case(
        "xlsx-title-above-the-header",
        "a.xlsx",
        lambda: workbook({"S": [["Synthetic"], [], ["lat", "lon"], [35.4, 35.9487], ["x", 35.9]]}),
        WARN,
        1,
        "row 3 of the sheet",
        "row 2 line 5",
        aside=1,
    ),
    case(
        "xlsx-two-sheets",
        "a.xlsx",
        lambda: workbook(
            {
                "One": [["name", "lat", "lon"], ["a", 35.4011, 35.9487]],
                "Two": [["name", "lat", "lon"], ["b", 34.9, 35.89]],
                "Notes": [["what"], ["nothing"]],
            }
        ),
        YES,
        2,
        "“One”",
        "“Two”",
        "“Notes”",
    ),
    case("xlsx-empty", "a.xlsx", lambda: workbook({"Sheet1": []}), NO, 0, "no rows"),
    case(
        "xlsx-header-only",
        "a.xlsx",
        lambda: workbook({"Sheet1": [["lat", "lon"]]}),
        NO,
        0,
        "no rows",
    ),
    case(
        "xlsx-cut-off",
        "a.xlsx",
        lambda: workbook({"S": [["lat", "lon"], [35.4, 35.9]]})[:900],
        NO,
        0,
        "damaged",
    ),
    case("xlsx-that-is-csv", "a.xlsx", text(HEAD, GOOD), NO, 0, "text"),
    case("xlsx-that-is-another-zip", "a.xlsx", lambda: zipped({"a.txt": b"x"}), NO, 0, "XLSX"),
    case(
        "csv-days-of-a-spreadsheet",
        "a.csv",
        text(f"{HEAD},Date", f"{GOOD},45638", f"{GOOD},45639.5"),
        WARN,
        2,
        "45638",
        "12 December 2024",
    ),
    case(
        "csv-numbers-that-are-no-days",
        "a.csv",
        text(f"{HEAD},day_count", f"{GOOD},45638", f"{GOOD},145639"),
        YES,
        2,
    ),
    case("csv-time-of-day-in-seconds", "a.csv", text(f"{HEAD},time", f"{GOOD},45638"), YES, 1),
    case(
        "csv-wkb-of-a-named-system",
        "a.csv",
        text("name,geom", f"a,{EWKB}", "b,0101zz"),
        WARN,
        1,
        "row 2",
        "geom",
        "EPSG:32637",
        aside=1,
    ),
    case(
        "csv-geojson-in-cells",
        "a.tsv",
        text("name\tplace", 'a\t{"type": "Point", "coordinates": [35.9487, 35.4011]}'),
        YES,
        1,
    ),
    case(
        "csv-latitude-over-90",
        "a.csv",
        text(HEAD, GOOD, "b,95.2,35.9"),
        WARN,
        1,
        "row 2",
        "lat 95.2",
        aside=1,
    ),
    case("csv-coarse-grid", "a.csv", text("mgrs", "36SYE6771721240", "36SYD"), WARN, 2, "row 2"),
    case("csv-that-is-a-web-page", "a.csv", b"<html><body>Sign in</body>", NO, 0, "web page"),
)
