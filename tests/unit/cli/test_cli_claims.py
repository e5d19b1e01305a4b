"""`claims …` with a real ledger in a folder: add, bring, review, withdraw, look back, verify."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from geo.app_context import clear_context, context
from geo.cli.main import main

OPTIONS = {
    "--source": "nyt-2024-12-13",
    "--place": "Khmeimim",
    "--says": "Three Il-76 stand on the northern apron.",
    "--system": "il 76",
    "--evidence": "Satellite imagery",
    "--observed-from": "13 Dec 2024",
    "--certainty": "observed",
    "--stance": "leaving",
}
ADD = ["claims", "add", *(word for pair in OPTIONS.items() for word in pair)]
ANA, BEN = ("--by", "Ana"), ("--by", "Ben")


@pytest.fixture
def run(fresh_context, tmp_path):
    fresh_context(LEDGER_URL=str(tmp_path / "ledger"))

    def invoked(*words: str, given: str | None = None, code: int = 0):
        result = CliRunner().invoke(main, words, input=given)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return invoked


def as_json(result) -> dict:
    return json.loads(result.stdout)


def test_a_report_goes_from_options_to_published_and_is_withdrawn(run):
    [row] = as_json(run(*ADD, *ANA, "--submit", "--json"))["rows"]
    name = row["id"]
    assert row["filled"] == [
        *("subject", "attributed_to", "observed_to", "date_class", "location_class", "origins"),
    ]
    assert name in run("claims", "review").stdout
    run("claims", "review", name, "--remark", "which apron?", *BEN)
    run("claims", "review", name, "--send-back", "name the apron", *BEN)
    run("claims", "review", name, "--submit", *ANA)
    queue = as_json(run("claims", "review", "--json"))["queue"]
    assert [remark["text"] for remark in queue[0]["remarks"]] == ["which apron?", "name the apron"]
    run("claims", "review", name, "--publish", "--why", "read it", *BEN)
    assert "Nothing waits" in run("claims", "review").stdout
    run("claims", "withdraw", name, "--why", "another day", *BEN)
    changes = as_json(run("claims", "log", name, "--json"))["changes"]
    assert [(one["verb"], one["by"], one["why"]) for one in changes] == [
        ("drafted", "Ana", "added"),
        ("asked for a review of", "Ana", "added"),
        ("sent back", "Ben", ""),
        ("asked for a review of", "Ana", ""),
        ("published", "Ben", "read it"),
        ("withdrew", "Ben", "another day"),
    ]
    remarks = as_json(run("claims", "log", name, "--json"))["remarks"]
    assert [one["text"] for one in remarks] == [
        *("which apron?", "name the apron", "another day"),
    ]
    assert "remark of Ben: which apron?" in run("claims", "log", name).stdout
    assert run("claims", "verify").stdout.startswith("6 events")
    assert as_json(run("claims", "verify", "--json"))["sound"] is True


def test_what_is_given_without_a_file_is_not_called_one(run):
    wrong = run(*ADD, "--certainty", "sure", *ANA, code=1)
    assert "the options: 1 row: 1 with faults" in wrong.output
    assert "1 thing is wrong with the options, so nothing of it is kept." in wrong.output
    document = run("claims", "add", "--stdin", *ANA, given='[{"source": 1}]', code=1)
    assert "wrong with the document" in document.output
    assert ".json" not in wrong.output + document.output


def test_add_names_no_option_that_only_import_has(run):
    good = {one.removeprefix("--").replace("-", "_"): text for one, text in OPTIONS.items()}
    good["systems"] = [good.pop("system")]
    given = json.dumps([good, good | {"certainty": "sure"}])
    refused = run("claims", "add", "--stdin", *ANA, given=given, code=1)
    assert "1 thing is wrong with the document" in refused.output
    assert "--good-rows" not in refused.output


def test_json_on_stdin_adds_reports_and_their_source(run):
    given = {
        "sources": [{"publisher": "Example Post", "url": "https://example.org", "set": "wider"}],
        "claims": [
            {
                "source": "example-post",
                "place": "tartus",
                "says": "A ship left.",
                "systems": ["frigate"],
                "evidence": "photo",
                "certainty": "stated",
                "stance": "leaving",
            }
        ],
    }
    answer = as_json(run("claims", "add", "--stdin", "--json", *ANA, given=json.dumps(given)))
    assert answer["counts"]["new"] == 2
    assert {one["kind"] for one in answer["kept"]["changes"]} == {"claim", "source"}
    assert answer["rows"][0]["id"].startswith("ext-")  # as the reports of its set


def test_faults_are_told_and_nothing_is_kept(run):
    result = run("claims", "add", "--source", "nobody", "--place", "Khmemim", *ANA, code=1)
    for words in ("no such source", "did you mean 'khmeimim'", "says: the cell is empty"):
        assert words in result.stderr
    assert run("claims", "verify").stdout.startswith("0 events: nothing was written")


def test_wrong_usage_is_two(run):
    run("claims", "add", code=2)
    run(*ADD, "--stdin", code=2)
    run("claims", "review", "nyt-01", code=2)
    run("claims", "review", "nyt-01", "--publish", "--remark", "x", code=2)
    run("claims", "review", "nyt-01", "nyt-02", "--remark", "x", code=2)
    run("claims", "withdraw", "nyt-01", code=2)


def test_commands_that_write_need_a_ledger(run, monkeypatch):
    from geo.settings import settings

    monkeypatch.setenv("LEDGER_URL", "")
    settings.cache_clear()
    for words in (ADD, ("claims", "review"), ("claims", "log"), ("claims", "verify")):
        assert "LEDGER_URL" in run(*words, code=1).stderr


def test_an_export_comes_back_edited(run, tmp_path):
    out = tmp_path / "reports.json"
    run("claims", "export", "--view", "from=2024-12-13&to=2024-12-13", "--format", "json",
        "--out", str(out))  # fmt: skip
    content = json.loads(out.read_text("utf-8"))
    unedited = run("claims", "import", str(out), *ANA, code=1)
    assert "Nothing in 'reports.json' is different" in unedited.stderr
    content["claims"][0]["certainty"] = "Stated"
    content["claims"][1]["withdraw"] = "wrong day"
    out.write_text(json.dumps(content), "utf-8")
    checked = as_json(run("claims", "import", str(out), "--check", "--json", *ANA))
    assert (checked["counts"]["changed"], checked["counts"]["withdrawn"]) == (1, 1)
    assert checked["kept"] is None
    kept = as_json(run("claims", "import", str(out), "--submit", "--json", *ANA))["kept"]
    assert [one["action"] for one in kept["changes"]] == ["draft", "submit", "withdraw"]


def test_good_rows_of_a_file_are_kept_when_asked(run, tmp_path):
    out = tmp_path / "reports.csv"
    head = "source,place,subject,says,evidence,observed_from,certainty,stance\n"
    good = "nyt-2024-12-13,khmeimim,S-400,It is there.,photo,2024-12-13,stated,neutral\n"
    out.write_text(head + good + good.replace("khmeimim", "nowhere"), "utf-8")
    refused = run("claims", "import", str(out), *ANA, code=1)
    assert "row 3, place: no such place (nowhere)" in refused.stderr
    assert "--good-rows" in refused.stderr
    assert "Event 1 by Ana" in run("claims", "import", str(out), "--good-rows", *ANA).stdout


def test_files_that_cannot_be_read_fail_in_words(run, tmp_path):
    bad = tmp_path / "x.xlsx"
    bad.write_bytes(b"PK\x03\x04 not a workbook")
    assert "damaged" in run("claims", "import", str(bad), *ANA, code=1).stderr


def test_workbooks_are_written(run, tmp_path):
    for words in (
        ("claims", "template"),
        ("claims", "export", "--view", "system=S-400"),
        ("data", "--format", "xlsx", "--view", "system=S-400"),
    ):
        out = tmp_path / f"{len(words)}.xlsx"
        run(*words, "--out", str(out))
        assert out.read_bytes().startswith(b"PK")


def test_log_since_a_day_or_an_event(run):
    name = as_json(run(*ADD, *ANA, "--json"))["rows"][0]["id"]
    assert name in run("claims", "log", "--since", "2020-01-01", *ANA).stdout
    assert name not in run("claims", "log", "--since", "2020-01-01", *BEN).stdout
    assert "Nothing was changed" in run("claims", "log", "--since", "1", *ANA).stdout
    assert "Nothing was changed" in run("claims", "log", "--since", "2999-01-01", *ANA).stdout
    for bad in ("99", "2024-02-30", "soon"):
        assert bad in run("claims", "log", "--since", bad, *ANA, code=1).stderr
    run("claims", "review", name, "--submit", *ANA)
    run("claims", "review", name, "--publish", *BEN)
    clear_context()
    version = context().store.version()
    assert "Nothing was changed" in run("claims", "log", "--since", version, *ANA).stdout
    assert "no record" in run("claims", "log", "nobody", *ANA, code=1).stderr


def test_a_tampered_ledger_is_told(run, tmp_path):
    run(*ADD, *ANA)
    changed = 0
    for path in (tmp_path / "ledger").rglob("*"):
        if path.is_file() and b"northern apron" in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(b"northern apron", b"southern apron"))
            changed += 1
    assert changed
    result = run("claims", "verify", code=1)
    assert "Event 1" in result.stderr


def test_a_bundle_is_verified_and_a_changed_file_in_it_told(run, tmp_path):
    out = tmp_path / "bundle.zip"
    run("export", "--view", "khmeimim?system=S-400", "--format", "bundle", "--out", str(out))
    assert as_json(run("claims", "verify", str(out), "--json"))["sound"] is True
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(out) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            body = before.read(name)
            after.writestr(name, body + b"x" if name.endswith(".csv") else body)
    assert ".csv" in run("claims", "verify", str(changed), code=1).stderr
    assert "cannot be read" not in run("claims", "verify", str(changed), "--json", code=1).stdout
    run("claims", "verify", str(tmp_path / "missing.zip"), code=2)


FAR = ("--source", "nyt-2024-12-13", "--place", "Tartus", "--says", "A ship is offshore.",
       "--system", "frigate", "--evidence", "Satellite imagery", "--observed-from", "13 Dec 2024",
       "--certainty", "observed", "--stance", "neutral")  # fmt: skip


def draft_fields(run, *words):
    [row] = as_json(run("claims", "add", *FAR, *words, *ANA, "--json"))["rows"]
    drafts = as_json(run("claims", "review", *ANA, "--json"))["drafts"]
    return next(one["fields"] for one in drafts if one["id"] == row["id"])


def test_a_distance_is_added_by_options_and_measured_from_the_place(run):
    fields = draft_fields(
        run, "--distance", "about 13 km", "--direction", "west", "--direction", "north-west"
    )
    assert fields["location_class"] == "distance"
    recipe = fields["distance"]
    assert recipe["centre"] == fields["place"]
    assert (recipe["distance_m"], recipe["tolerance_m"]) == (13_000, 1_000)
    assert (recipe["bearing_from"], recipe["bearing_to"]) == (247.5, 337.5)
    assert recipe["words"] == "about 13 km"


@pytest.mark.parametrize("spot", ["34.9, 35.8", "34°54'N 35°48'E", "34.9 35.8"])
def test_a_distance_from_a_position_has_it_as_its_centre(run, spot):
    words = ("--distance", "7 to 12 km", "--measured-from", spot, "--measured-from-name", "pier")
    recipe = draft_fields(run, *words, "--seaward")["distance"]
    assert recipe["centre"] == {"name": "pier", "lon": 35.8, "lat": 34.9}
    assert (recipe["min_m"], recipe["max_m"], recipe["seaward"]) == (7_000, 12_000, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--distance", "far away"), "'far away'"),
        (("--distance", "5 km", "--direction", "north", "--direction", "south"), "side by side"),
        (("--direction", "north"), "--distance"),
        (("--seaward",), "--distance"),
        (("--distance", "5 km", "--measured-from", "nowhere"), "'nowhere'"),
        (("--distance", "5 km", "--measured-from-name", "pier"), "--measured-from"),
    ],
)
def test_a_distance_that_cannot_be_read_is_refused_in_words(run, words, said):
    assert said in run("claims", "add", *FAR, *words, *ANA, code=2).output
