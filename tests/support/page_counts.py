"""Count the reports that each part of a page shows: words, symbols, bars, legend, table, file."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.sync_api import Download, Frame, Page, expect

from tests.support.app_server import IDLE, retry


def _sum(texts: list[str]) -> int:
    return sum(int(text.replace(",", "")) for text in texts if text.strip())


def _named(pattern: str, text: str) -> int:
    """Return the number that stands before some words of a text, 0 if they are not in it."""
    return _sum(re.findall(rf"([\d,]+) {pattern}", text))


def _count_in_words(page: Page) -> dict[str, int]:
    text = page.locator(".headline").inner_text()
    shown = re.search(r"([\d,]+) of [\d,]+ reports?", text)
    assert shown, text
    return {
        "headline": _sum([shown[1]]),
        "with no place": _named("with no place", text),
        "background": _named("background", text),
        "undated": _named("without a date", text),
    }


def _count_on_map(frame: Frame) -> dict[str, int]:
    def numbers(css: str) -> int:
        return _sum(frame.locator(css).all_inner_texts())

    names = [one.get_attribute("aria-label") or "" for one in frame.locator(".badge").all()]
    rule = "".join(frame.locator(".timeline-rule").all_inner_texts())
    return {
        "symbols": sum(_named("reports", name) for name in names),
        "bars": numbers(".day .number"),
        "lines": numbers(".span.shown b"),
        "rule": _sum(re.findall(r"(?:: |· )([\d,]+)", rule)),
        "places in the legend": numbers(".legend-place .legend-count"),
        "stances in the legend": numbers(".legend-stance .legend-count"),
    }


def _count_in_table(page: Page) -> int:
    page.locator("summary", has_text="Table: ").press("Enter")
    grid = page.locator("[data-testid=stDataFrame] [role=grid]").first
    grid.wait_for(state="attached")
    return int(grid.get_attribute("aria-rowcount") or 0) - 1


def _count_in_file(page: Page, folder: Path) -> int:
    page.locator("summary", has_text="Link, picture, slide, data").press("Enter")
    button = page.get_by_role("button", name="CSV (spreadsheet)")
    button.wait_for()
    expect(page.locator(IDLE)).to_be_attached()

    def download() -> Download:
        with page.expect_download(timeout=5_000) as started:
            button.click()  # 1 of some 430 under load started no download; why is not known
        return started.value

    target = folder / "rows.csv"
    retry(download).save_as(target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def assert_counts_agree(page: Page, frame: Frame, folder: Path, link: str) -> int:
    """Assert that all parts of a page show as many reports; return how many."""
    words, drawn = _count_in_words(page), _count_on_map(frame)
    shown = words["headline"]
    assert {
        "symbols and those with no place": drawn["symbols"] + words["with no place"],
        "bars, lines and those apart": (
            drawn["bars"] + drawn["lines"] + words["background"] + words["undated"]
        ),
        "rule under the bars": drawn["rule"],
        "places in the legend": drawn["places in the legend"],
        "stances in the legend": drawn["stances in the legend"],
        "table": _count_in_table(page) if shown else 0,
        "file": _count_in_file(page, folder),
    } == dict.fromkeys(
        (
            "symbols and those with no place",
            "bars, lines and those apart",
            "rule under the bars",
            "places in the legend",
            "stances in the legend",
            "table",
            "file",
        ),
        shown,
    ), link
    return shown
