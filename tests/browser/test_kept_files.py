"""A kept image is shown in the panel, a kept copy is downloaded, and so is an evidence bundle."""

import json
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.evidence import builtin_evidence
from geo.export.bundle_check import verify_bundle
from geo.ledger import Desk, FolderLedger, Person
from geo.ledger.kept import keep_claim_image, keep_source_copy
from geo.media import check_kept_file
from tests.support.app_server import IDLE, Server, serve_app
from tests.unit.test_media import make_image

SOURCE = "nyt-2024-12-13"
SCRIPT = b"<!doctype html><script>document.title = 'ran'</script><p>An example"
CREDIT = "<img src=x onerror=alert(1)> {{7*7}}"


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("kept")
    person = Person("A. Author", frozenset({"reader", "author", "reviewer"}))
    ledger = FolderLedger(str(folder / "ledger"))
    desk = Desk(ledger, builtin_evidence(), person, review_by_two=False)
    keep_source_copy(desk, SOURCE, check_kept_file(SCRIPT, "file"))
    image = check_kept_file(make_image("PNG", (300, 200)), "file", image=True)
    words = {"credit": CREDIT, "alt": 'One colour" onload="alert(1)', "licence": "CC0"}
    keep_claim_image(desk, "nyt-01", image, **words, may_publish=True)
    desk.publish([("source", SOURCE), ("claim", "nyt-01")])
    with serve_app(log=folder / "log.txt", LEDGER_URL=str(folder / "ledger")) as server:
        yield server


def test_panel_shows_image_and_copy_and_the_page_gives_a_bundle(
    kept: Server, page: Page, tmp_path: Path
):
    page.goto(kept.link("khmeimim?sources=articles&claim=nyt-01&system=An-124"))
    expect(page.locator(IDLE)).to_be_attached()
    picture = page.locator("figure.report-image img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 300)
    expect(picture).to_have_attribute("alt", 'One colour" onload="alert(1)')
    expect(page.locator("figure.report-image figcaption")).to_have_text(f"Image: {CREDIT} (CC0)")
    with page.expect_download() as started:
        page.locator(".provenance a", has_text="HTML").click(modifiers=["Alt"])
    saved = tmp_path / "copy.html"
    started.value.save_as(saved)
    assert started.value.suggested_filename == f"{SOURCE}.html"
    assert saved.read_bytes() == SCRIPT

    page.get_by_text("Link, picture, slide, data and sources").click()
    button = page.get_by_role("button", name="Evidence bundle (zip)")
    expect(button).to_be_visible()
    with page.expect_download(timeout=60_000) as started:
        button.click()
    bundle = tmp_path / "bundle.zip"
    started.value.save_as(bundle)
    assert started.value.suggested_filename.endswith(".zip")
    report = verify_bundle(bundle)
    assert report.sound, str(report)
    assert report.link.startswith(kept.url)
    with zipfile.ZipFile(bundle) as pack:
        assert pack.read(f"copies/{sha256(SCRIPT).hexdigest()}.html") == SCRIPT
        claims = json.loads(pack.read("claims.json"))["claims"]
    assert "nyt-01" in [one["id"] for one in claims]
    assert f"{len(claims)} of " in report.counted


def test_address_of_a_copy_runs_nothing(kept: Server, page: Page):
    image = f"copies/{sha256(make_image('PNG', (300, 200))).hexdigest()}"
    answer = page.goto(kept.link(image))
    assert answer is not None
    assert "sandbox" in answer.headers["content-security-policy"]
    assert page.evaluate("document.contentType") == "image/png"
