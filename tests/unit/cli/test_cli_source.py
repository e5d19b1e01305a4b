"""`python -m geo source`: copies and images are kept by their SHA-256, as changes of records."""

import json
from hashlib import sha256

import pytest
from click.testing import CliRunner

from geo.cli.main import main
from geo.evidence import builtin_evidence
from geo.ledger import Desk, FolderLedger, make_person
from tests.unit.test_media import HTML, PDF, make_image

SOURCE, CLAIM = "wider-usni-2024-12-10", "nyt-01"
IMAGE = ("--claim", CLAIM, "--credit", "Nobody: an example", "--alt", "One colour")


@pytest.fixture
def ledger(fresh_context, tmp_path):
    fresh_context(LEDGER_URL=str(tmp_path / "ledger"))
    return FolderLedger(str(tmp_path / "ledger"))


@pytest.fixture
def keep(ledger, tmp_path):
    def kept(data: bytes, *words: str, name: str = "file"):
        file = tmp_path / name
        file.write_bytes(data)
        command = ["source", "keep", str(file), "--by", "B. Author", *words]
        result = CliRunner().invoke(main, command)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return kept


def desk(ledger) -> Desk:
    return Desk(ledger, builtin_evidence(), make_person("B. Author"))


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(PDF, "application/pdf"), (HTML, "text/html"), (make_image(), "image/png")],
)
def test_copy_is_kept_and_its_source_changed(ledger, keep, data, media_type):
    read = ("--accessed-on", "2024-12-11", "--archive-url", "https://archive.example.org/1")
    result = keep(data, "--source", SOURCE, *read, "--json")
    assert result.exit_code == 0, result.stderr
    digest = sha256(data).hexdigest()
    answer = json.loads(result.stdout)
    assert (answer["sha256"], answer["media_type"]) == (digest, media_type)
    assert ledger.read_copy(digest) == (data, media_type)
    source = desk(ledger).evidence().source_by_id[SOURCE]
    assert source.copy_sha256 == digest
    assert (str(source.accessed_on), source.archive_url) == ("2024-12-11", read[3])
    assert source.missing == {}
    [event] = ledger.read()
    [change] = event.changes
    assert (change.kind, change.record, change.action) == ("source", SOURCE, "draft")
    assert ledger.verify() == ()
    published = desk(ledger).publish([("source", SOURCE)])
    assert published.changes[0].new["copy_sha256"] == digest


def test_image_is_kept_beside_a_report(ledger, keep):
    data = make_image("JPEG")
    result = keep(data, *IMAGE, "--licence", "CC0", "--may-publish", "--submit")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == f"{sha256(data).hexdigest()}  JPEG, {len(data) / 1000:.1f} kB"
    claim = next(one for one in desk(ledger).evidence().claims if one.id == CLAIM)
    assert claim.image.model_dump() == {
        "sha256": sha256(data).hexdigest(),
        "credit": "Nobody: an example",
        "alt": "One colour",
        "licence": "CC0",
        "may_publish": True,
    }
    assert [one.action for one in ledger.read()[-1].changes] == ["draft", "submit"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--source", "nobody"), "There is no source 'nobody'"),
        (("--claim", "nobody", "--credit", "x", "--alt", "y"), "There is no report 'nobody'"),
        ((*IMAGE, "--may-publish"), "published only under a licence"),
        (("--source", SOURCE, "--accessed-on", "tomorrow"), "not a day"),
        (("--source", SOURCE, "--accessed-on", "2020-01-01"), "before it was published"),
        (("--source", SOURCE, "--archive-url", "javascript:1"), "not a web address"),
    ],
)
def test_what_cannot_be_kept_is_told_and_leaves_nothing(ledger, keep, words, why):
    result = keep(make_image(), *words)
    assert result.exit_code == 1
    assert why in result.stderr
    assert ledger.head().number == 0
    assert ledger.read_copy(sha256(make_image()).hexdigest()) is None


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--source", SOURCE, "--claim", CLAIM),
        ("--source", SOURCE, "--credit", "x"),
        ("--claim", CLAIM, "--credit", "x"),
        ("--claim", CLAIM, "--credit", "x", "--alt", "y", "--accessed-on", "2024-12-11"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(keep, words):
    assert keep(PDF, *words).exit_code == 2


def test_other_files_are_told(keep):
    result = keep(b"MZ", "--source", SOURCE)
    assert (result.exit_code, "is not PDF" in result.stderr) == (1, True)
    result = keep(PDF, *IMAGE)
    assert (result.exit_code, "PNG, JPEG or WebP" in result.stderr) == (1, True)
    missing = CliRunner().invoke(main, ["source", "keep", "no-such-file", "--source", SOURCE])
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (1, True)


def test_without_a_ledger_nothing_can_be_kept(fresh_context, tmp_path):
    fresh_context(LEDGER_URL="")
    (tmp_path / "a.pdf").write_bytes(PDF)
    words = ["source", "keep", str(tmp_path / "a.pdf"), "--source", SOURCE]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, "LEDGER_URL" in result.stderr) == (1, True)


def test_sources_are_listed_with_what_is_not_known(fresh_context):
    fresh_context(LEDGER_URL="")
    result = CliRunner().invoke(main, ["source", "list"])
    assert result.exit_code == 0
    assert "wider-tass-2021-05-27  TASS\n  Address: https://tass.com" in result.stdout
    assert "Kept copy: unknown" in result.stdout
    listed = json.loads(CliRunner().invoke(main, ["source", "list", "--json"]).stdout)
    assert len(listed) == len(builtin_evidence().sources)
