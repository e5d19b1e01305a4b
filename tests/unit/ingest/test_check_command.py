"""`python -m geo check FILE` and the import report as CSV."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from geo.cli.main import main
from geo.ingest import Message, report_csv
from geo.ingest.report import format_report
from tests.support.sample_files import collection, feature, text

GOOD = text("name,lat,lon", "a,35.4011,35.9487")
MIXED = text("name,lat,lon", "a,35.4011,35.9487", "b,north,35.9")


@pytest.fixture
def check(tmp_path):
    def run(body: bytes, name: str, *options: str):
        path = tmp_path / name
        path.write_bytes(body)
        result = CliRunner().invoke(main, ["check", str(path), *options])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.mark.parametrize(
    ("body", "code", "verdict"),
    [(GOOD, 0, "accept"), (MIXED, 0, "accept-with-warning"), (b"", 1, "reject")],
    ids=["good", "mixed", "empty"],
)
def test_check_with_json_gives_verdict_counts_and_faults(check, body, code, verdict):
    result = check(body, "a.csv", "--json")
    assert result.exit_code == code
    said = json.loads(result.stdout)
    assert said["verdict"] == verdict
    assert said["accepted"] == (0 if verdict == "reject" else 1)
    for fault in said["set_aside"]:
        assert {"row", "field", "value", "why", "remedy"} <= set(fault)
    if body == MIXED:
        (fault,) = said["set_aside"]
        assert (fault["row"], fault["field"], fault["value"], fault["line"]) == (
            2,
            "lat",
            "north",
            3,
        )


def test_check_with_json_gives_extent_days_and_layers(check):
    body = text("name,lat,lon,date", "a,35.4,35.9,2024-12-12", "b,34.9,36.3,")
    said = json.loads(check(body, "a.csv", "--json").stdout)
    assert said["bbox"] == [35.9, 34.9, 36.3, 35.4]
    assert (said["days"], said["undated"]) == (["2024-12-12", "2024-12-12"], 1)
    assert said["layers"] == []


def test_check_takes_the_crs_as_text(check):
    crs = "+proj=aeqd +lat_0=35.4 +lon_0=35.95 +datum=WGS84"
    said = check(text("name,x,y", "a,0,0", "b,120,300"), "a.csv", "--crs", crs).stdout
    assert "accepted, 2 rows between 35.400 and 35.403 N" in said
    assert "Choose a code" in check(GOOD, "a.csv", "--crs", "nowhere").stdout


def test_check_as_text_names_row_field_value_and_remedy(check):
    result = check(MIXED, "a.csv")
    assert result.exit_code == 0
    assert "accepted, with warnings, 1 row" in result.stdout
    assert "row 2 (line 3), lat “north”" in result.stdout
    assert "Give degrees from -90 to 90" in result.stdout


def test_check_without_a_file_is_a_usage_error(tmp_path):
    for words in (["check"], ["check", str(tmp_path)], ["check", str(tmp_path / "none.csv")]):
        assert CliRunner().invoke(main, words).exit_code == 2


def test_check_rejects_a_file_over_the_limit(check, monkeypatch):
    monkeypatch.setenv("UPLOAD_FILE_MB", "1")
    from geo.settings import settings

    settings.cache_clear()
    result = check(b"x" * 1_500_000, "a.csv")
    settings.cache_clear()
    assert result.exit_code == 1
    assert "the limit is 1 MB" in result.stdout


def test_text_report_escapes_terminal_control_characters(read):
    body = text("na\x1bme,lat,lon", "a,35.4,35.9487", "b,\x1b[31mnorth\u202e\x07,35.9")
    said = format_report(read(body, "a\x1b]0;x\x07.csv"))
    assert not {"\x1b", "\x07", "\u202e"} & set(said)
    assert "\\u001b" in said


def test_csv_report_contains_no_formulas(read):
    body = text(
        "name,lat,lon",
        "a,35.4,35.9487",
        "b,=1+cmd|' /C calc'!A0,35.9",
        "c,@SUM(A1),35.9",
        "d,-12.5x,35.9",
        '"e","""=2+3",35.9',
    )
    reading = read(body, "=a.csv")
    report = report_csv(reading)
    assert report.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(report.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["file", "row", "line", "field", "value", "why", "remedy"]
    faults = [row for row in rows[1:] if row[1]]
    assert [row[1] for row in faults] == ["2", "3", "4", "5"]
    for row in rows:
        assert not any(
            cell.lstrip("\"' ").startswith(("=", "@")) and not cell.startswith("'") for cell in row
        ), row


def test_csv_report_contains_every_warning(read):
    reading = read(collection(feature(None), feature()), "a.geojson")
    report = report_csv(reading).decode("utf-8-sig")
    loud = [one for one in reading.messages if one.level != "info"]
    assert loud
    assert all(isinstance(one, Message) and one.text in report for one in loud)
