"""Two processes on one ledger: open maps show a published change without being mounted anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.evidence import builtin_evidence
from geo.ledger import Desk, Records, open_ledger
from tests.support.app_server import IDLE, MAP, Server, serve_app
from tests.support.ledger_records import (
    ALL,
    ORIGIN,
    PLACE,
    SOURCE,
    SYSTEM,
    make_claim,
    make_new_claim,
)

HOLDS = f"""name => {{
    const frame = document.querySelector("{MAP}");
    const ids = frame?.contentWindow?.paintedSelection?.ids ?? [];
    return ids.includes(name) && frame.contentDocument.body;
}}"""
LACKS = f"""name => {{
    const ids = document.querySelector("{MAP}")?.contentWindow?.paintedSelection?.ids;
    return ids && !ids.includes(name);
}}"""

NEIGHBOURS = (("98", "khmeimim"), ("97", "tartus"))
COVERED = """marks => marks.filter(mark => {
    const { left, top, right, bottom } = mark.getBoundingClientRect();
    return [...mark.ownerDocument.querySelectorAll(".badge")].some(badge => {
        const other = badge.getBoundingClientRect();
        return left < other.right && right > other.left && top < other.bottom && bottom > other.top;
    });
}).map(mark => mark.closest(".site").dataset.place)"""


def open_map(page: Page, app: Server, path: str = "overview") -> None:
    page.goto(app.link(path))
    page.wait_for_function(HOLDS, arg="nyt-01")
    expect(page.locator(IDLE)).to_be_attached()
    page.evaluate(f"""() => {{ window.firstFrame = document.querySelector("{MAP}"); }}""")


def assert_same_frame(page: Page) -> None:
    same = f"""() => window.firstFrame === document.querySelector("{MAP}")
        && window.firstFrame.isConnected && !!window.firstFrame.contentWindow.paintedSelection"""
    assert page.evaluate(same)


@pytest.mark.parametrize("kind", ["folder", "database"])
def test_published_change_is_on_every_open_map_without_mounting_it_anew(
    request: pytest.FixtureRequest, open_page: Callable[..., Page], tmp_path: Path, kind: str
):
    folder = str(tmp_path / "ledger")
    address = folder if kind == "folder" else request.getfixturevalue("postgres").fresh()
    desk = Desk(open_ledger(address), builtin_evidence(), ALL, review_by_two=False)
    environment = {"LEDGER_URL": address}
    with (
        serve_app(log=tmp_path / "one.txt", **environment) as one,
        serve_app(log=tmp_path / "two.txt", **environment) as two,
    ):
        pages = [open_page(), open_page()]
        for page, app in zip(pages, (one, two), strict=True):
            open_map(page, app)
        desk.draft(Records((make_new_claim(),), (SOURCE,), (PLACE,), (ORIGIN,), (SYSTEM,)))
        name = "synthetic-paper-01"
        desk.publish([name], "checked")
        began = time.monotonic()
        for page in pages:
            page.wait_for_function(HOLDS, arg=name, polling=20)
            print(f"{kind}: painted {time.monotonic() - began:.2f} s after it was published")
            assert_same_frame(page)
            label = page.frame_locator(MAP).locator(".site[data-place='synthetic-yard'] .site-name")
            expect(label).to_have_text("Yard")
            expect(page.get_by_text("46 of 46 reports").first).to_be_visible()
        desk.withdraw([name], "an error")
        for page in pages:
            page.wait_for_function(LACKS, arg=name, polling=20)
            assert_same_frame(page)
            page.close()  # before its server ends


def test_draft_is_on_the_map_of_its_author_only(
    open_page: Callable[..., Page], visitors: Callable, tmp_path: Path
):
    address = str(tmp_path / "ledger")
    environment = {"LEDGER_URL": address, "EDIT_WITHOUT_SIGN_IN": "1"}
    desk = Desk(open_ledger(address), builtin_evidence(), ALL, review_by_two=False)
    own = {"OWN_FOLDER": str(tmp_path / "own")}
    with serve_app(log=tmp_path / "log.txt", **environment, **own) as app:
        author, reader = open_page(size=(1280, 800)), open_page()
        author.goto(app.link("evidence"))
        author.get_by_label("Your name, which stands at what you add or review").fill(ALL.name)
        author.get_by_role("button", name="Use this name").click()
        expect(author.get_by_text(f"You are {ALL.name}")).to_be_visible()
        for page in (author, reader):
            open_map(page, app)
        desk.draft(Records(claims=(make_claim("nyt-99"),)))
        author.wait_for_function(HOLDS, arg="nyt-99", polling=20)
        assert_same_frame(author)
        desk.draft(Records(claims=tuple(make_claim(f"nyt-{n}", place=p) for n, p in NEIGHBOURS)))
        author.wait_for_function(HOLDS, arg="nyt-97", polling=20)
        marks = author.frame_locator(MAP).locator(".draft-mark")
        expect(marks).to_have_count(2)
        assert marks.evaluate_all(COVERED) == []
        desk.publish(["nyt-99"])
        reader.wait_for_function(HOLDS, arg="nyt-99", polling=20)
        for page in (author, reader):
            page.close()  # before its server ends
