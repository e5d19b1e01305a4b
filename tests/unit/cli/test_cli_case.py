"""`new-case` writes a folder that every command can show; `check-data` lists its faults."""

import json
import shutil

import pytest
from click.testing import CliRunner

from geo.cli.main import main
from geo.evidence import load_evidence
from geo.settings import ASSETS


@pytest.fixture
def made(tmp_path):
    """A case as the command writes it."""
    folder = tmp_path / "my-case"
    done = CliRunner().invoke(main, ["new-case", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def test_new_case_meets_every_rule_and_says_how_to_show_it(made):
    done = CliRunner().invoke(main, ["check-data", str(made)])
    assert (done.exit_code, done.output) == (0, "2 claims meet every rule.\n")
    assert "CASE=" in (made / "README.md").read_text("utf-8")


def test_new_case_has_a_remark_in_each_file_and_names_its_content_examples(made):
    for path in made.glob("*.json"):
        assert json.loads(path.read_text("utf-8"))["note"]
    records = load_evidence(made)
    assert all("no source says" in claim.says for claim in records.claims)
    assert all("Example" in one.name for one in records.places)
    assert all("Example" in (one.publisher or "") for one in records.sources)


@pytest.mark.parametrize("there", ["folder", "file"])
def test_new_case_overwrites_nothing(tmp_path, there):
    folder = tmp_path / "kept"
    if there == "folder":
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
    else:
        folder.write_text("mine")
    done = CliRunner().invoke(main, ["new-case", str(folder)])
    assert done.exit_code == 1
    assert "nothing in it is overwritten" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert "mine" in ((folder / "mine.txt") if there == "folder" else folder).read_text()


def test_commands_show_the_new_case(made, monkeypatch):
    monkeypatch.setenv("CASE", str(made))
    done = CliRunner().invoke(main, ["select", "--view", "example-page?sources=all", "--json"])
    assert json.loads(done.output)["ids"] == ["example-01"]


def test_check_data_lists_every_fault_of_a_folder(made):
    shutil.copytree(ASSETS / "case" / "scenes", made / "scenes")
    done = CliRunner().invoke(main, ["check-data", str(made)])
    assert done.exit_code == 1
    assert done.output.count("there is no claim") > 20
    case = json.loads((made / "case.json").read_text("utf-8"))
    case["case"]["pages"][1] |= {"path": "about", "places": ["nowhere"], "colour": "red"}
    case["case"] |= {"time_zone": "Moon/Base", "frame": [1, 2, 1, 2], "briefing": "lost"}
    (made / "case.json").write_text(json.dumps(case), "utf-8")
    done = CliRunner().invoke(main, ["check-data", str(made), "--json"])
    faults = "\n".join(json.loads(done.output)["faults"])
    assert done.exit_code == 1
    for part in ("pages.1.path", "pages.1.colour", "time_zone", "frame"):
        assert f"case.json, record 1, {part}" in faults, faults


@pytest.mark.parametrize(("bearings", "dry"), [((60.0, 120.0), True), ((240.0, 300.0), False)])
def test_a_distance_at_sea_where_there_is_none_is_a_fault(tmp_path, bearings, dry):
    folder = tmp_path / "case"
    shutil.copytree(ASSETS / "case", folder)
    path = folder / "claims-wider.json"
    document = json.loads(path.read_text("utf-8"))
    claim = next(one for one in document["claims"] if (one.get("distance") or {}).get("seaward"))
    claim["distance"] |= dict(zip(("bearing_from", "bearing_to"), bearings, strict=True))
    path.write_text(json.dumps(document), "utf-8")
    done = CliRunner().invoke(main, ["check-data", str(folder)])
    if not dry:
        assert done.exit_code == 0, done.output
        return
    assert done.exit_code == 1
    [line] = done.output.strip().splitlines()
    for said in (claim["id"], "seaward", "no sea", "remove seaward"):
        assert said in line
