"""The command line: output, error messages, exit codes 0 done, 1 failed, 2 wrong usage."""

import csv
import datetime as dt
import json
import shutil

import pytest
from click.testing import CliRunner

from geo.app_context import context
from geo.cli.main import main
from geo.selection import select
from geo.settings import ASSETS
from geo.view import View
from tests.support.layer_files import feature, write_layer

KHMEIMIM = "from=2024-12-12&to=2024-12-12&place=khmeimim"


@pytest.fixture
def run(fresh_context):
    fresh_context()

    def invoked(*words: str):
        result = CliRunner().invoke(main, words)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoked


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(ASSETS / "case", tmp_path / "evidence")


def break_record(folder) -> None:
    claims = json.loads((folder / "claims.json").read_text("utf-8"))
    claims["claims"][0]["source"] = "nobody"
    claims["claims"][1]["certainty"] = "sure"
    (folder / "claims.json").write_text(json.dumps(claims), encoding="utf-8")


def test_check_data_finds_no_fault_in_the_builtin_records(run):
    result = run("check-data")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "107 claims" in result.stdout


def test_check_data_finds_no_fault_in_a_valid_folder(run, folder):
    assert run("check-data", str(folder)).exit_code == 0
    assert json.loads(run("check-data", str(folder), "--json").stdout) == {"faults": []}


def test_check_data_reports_every_fault_of_a_folder(run, folder):
    break_record(folder)
    result = run("check-data", str(folder))
    assert (result.exit_code, result.stdout) == (1, "")
    for words in ("claims.json", "nyt-01", "nobody", "nyt-02", "sure"):
        assert words in result.stderr
    as_json = run("check-data", str(folder), "--json")
    assert as_json.exit_code == 1
    assert len(json.loads(as_json.stdout)["faults"]) >= 2


def test_check_data_of_a_missing_folder_fails_with_a_message(run, tmp_path):
    result = run("check-data", str(tmp_path / "nowhere"))
    assert result.exit_code == 1
    assert "claims.json" in result.stderr
    assert "Traceback" not in result.output


def test_select_prints_one_id_per_line(run):
    result = run("select", "--view", KHMEIMIM)
    assert result.exit_code == 0
    assert result.stdout.split("\n") == [
        "s400-11",
        "s400-12",
        "s400-13",
        "s400-14",
        "s400-20",
        "s400-22",
        "",
    ]
    assert result.stderr == ""


def test_select_with_json_gives_token_total_and_ids(run, builtin_store):
    answer = json.loads(run("select", "--view", "?system=S-400", "--json").stdout)
    chosen = select(View(systems=("S-400",)), builtin_store)
    assert answer == {"token": chosen.token, "total": 45, "ids": list(chosen.ids)}


def test_select_without_a_view_prints_the_claims_of_the_articles(run):
    assert len(run("select").stdout.split()) == 45


def test_select_with_no_matches_prints_nothing(run):
    for query in ("q=zeppelin", "from=2030-01-01&q=radar"):
        result = run("select", "--view", query)
        assert (result.exit_code, result.stdout) == (0, "")


def test_select_reports_unusable_parameters_beside_the_ids(run):
    result = run("select", "--view", f"{KHMEIMIM}&system=X-wing&colour=red")
    assert "s400-11" in result.stdout
    assert "X-wing" in result.stderr
    assert "colour" in result.stderr
    assert "X-wing" not in result.stdout


def test_layers_lists_the_builtin_layers(run):
    lines = run("layers").stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["claims", "places", "routes", "rings"]
    assert "107 rows" in lines[0]


def test_layers_reports_unreadable_layers_and_lists_the_rest(run, fresh_context, tmp_path):
    write_layer(tmp_path, [feature({"name": "a"})])
    (tmp_path / "broken.geojson").write_text("{")
    fresh_context(tmp_path)
    result = run("layers")
    assert result.exit_code == 0
    assert "own: own; 1 rows, point, no dates" in result.stdout
    assert "broken.geojson" in result.stderr
    answer = json.loads(run("layers", "--json").stdout)
    assert [one["name"] for one in answer["faults"]] == ["broken"]
    assert "own" in [one["name"] for one in answer["layers"]]


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("select", "--nonsense"),
        ("select", "extra"),
        ("serve", "--port", "0"),
        ("check-data", __file__),
    ],
)
def test_wrong_usage_exits_with_2_and_shows_the_usage(run, words):
    result = run(*words)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


@pytest.mark.parametrize("command", ["select", "layers"])
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("STORE_URL", "/nowhere-at-all"),
        ("STORE_URL", "postgresql://me:secret@host/db"),
        ("VECTOR_LIMIT", "many"),
    ],
)
def test_failure_exits_with_1_and_a_one_line_message(run, monkeypatch, command, variable, value):
    from geo.app_context import clear_context
    from geo.settings import settings

    monkeypatch.setenv(variable, value)
    settings.cache_clear()
    clear_context()
    result = run(command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr
    assert "secret" not in result.stderr


def test_help_lists_every_command(run):
    text = run("--help").stdout
    assert all(name in text for name in main.commands)


COMPARED = "compare?compare=2024-12-12&from=2024-12-13&to=2024-12-13"


def test_data_of_compare_has_both_sides(run, tmp_path):
    out = tmp_path / "both.csv"
    assert run("data", "--view", COMPARED, "--format", "csv", "--out", str(out)).exit_code == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig")))
    for day, side in ((12, "left"), (13, "right")):
        window = dt.date(2024, 12, day)
        expected = select(View(date_from=window, date_to=window), context().store).ids
        assert {row["id"] for row in rows if side in row["side"]} == set(expected)
    told = json.loads(run("select", "--view", COMPARED, "--json").stdout)
    assert told["ids"] == [row["id"] for row in rows]


def test_export_of_compare_says_how_many_reports_both_sides_have(run, tmp_path):
    out = tmp_path / "both.svg"
    made = run("export", "--view", COMPARED, "--format", "svg", "--out", str(out), "--json")
    assert made.exit_code == 0
    ids = json.loads(run("select", "--view", COMPARED, "--json").stdout)["ids"]
    assert json.loads(made.stdout)["ids"] == ids
    assert "12 December 2024 beside 13 December 2024" in out.read_text("utf-8")
