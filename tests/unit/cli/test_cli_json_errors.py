"""With --json every outcome is one JSON value on stdout: a fault, wrong usage, a damaged ledger."""

import json

import pytest
from click.testing import CliRunner

from geo.cli.main import main
from tests.support.ledger_records import make_claim

UNKNOWN = {"claims withdraw x-99 --why error": 1, "claims log x-99": 1}
WRONG = {"claims withdraw": 2, "claims review x-99": 2, "claims import missing.xlsx": 2}
SOURCES = {"source keep missing.pdf --source x": 1, "source keep missing.pdf": 2}
OTHERS = {"claims verify missing.zip": 2, "claims log --since 2024-13-45": 1, "claims nothing": 2}


@pytest.fixture
def run(fresh_context, tmp_path):
    fresh_context(LEDGER_URL=str(tmp_path / "ledger"))

    def invoked(command: str, given: str | None = None):
        result = CliRunner().invoke(main, [*command.split(), "--json"], input=given)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result, json.loads(result.stdout)

    return invoked


@pytest.mark.parametrize(("command", "code"), (UNKNOWN | WRONG | SOURCES | OTHERS).items())
def test_failure_is_json_and_words(run, command, code):
    result, found = run(command)
    assert result.exit_code == code
    assert found["error"]
    assert found["error"] in result.stderr


def test_damaged_ledger_is_told_as_json(run, tmp_path):
    claims = json.dumps([make_claim("nyt-99", place="khmeimim")])
    _, found = run("claims add --stdin --submit", claims)
    assert found["kept"]["event"] == 1
    path = tmp_path / "ledger" / "events.jsonl"
    path.write_bytes(path.read_bytes().replace(b"crane", b"train"))
    result, found = run("claims review nyt-99 --publish")
    assert (result.exit_code, "nyt-99" in found["error"]) == (1, True)
    result, found = run("claims verify")
    assert (result.exit_code, found["sound"], len(found["faults"])) == (1, False, 1)
    assert set(found["faults"][0]) == {"event", "kind", "why", "remedy"}


def test_refused_records_are_listed_field_by_field(run, fresh_context, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html><title>synthetic</title></html>")
    result, found = run(f"source keep {page} --source nyt-2024-12-13 --accessed-on yesterday")
    assert result.exit_code == 1
    assert [fault["field"] for fault in found["faults"]] == ["accessed_on"]
    assert not (tmp_path / "ledger").exists()
