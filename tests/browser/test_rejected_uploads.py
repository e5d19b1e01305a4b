"""A rejected upload: the page states the limit and the remedy."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.app_server import IDLE, Server, serve_app


def _upload(page: Page, server: Server, size: int) -> None:
    page.goto(server.link("layers"))
    expect(page.locator(IDLE)).to_be_attached()
    page.locator("input[type=file]").set_input_files(
        {"name": "made.csv", "mimeType": "text/csv", "buffer": b"name,lat,lon\n" + b"x" * size}
    )


def test_rejected_upload_names_the_limit_and_the_remedy(tmp_path: Path, browser: Browser):
    limits = {"UPLOAD_FILE_MB": "3", "UPLOAD_HELD_MB": "1", "OWN_FOLDER": str(tmp_path / "own")}
    with serve_app(log=tmp_path / "log.txt", **limits) as server:
        made = browser.new_context()
        page = made.new_page()
        try:
            _upload(page, server, 4_000_000)
            box = page.get_by_test_id("stFileUploader")
            expect(box).to_contain_text("File must be 3.0MB or smaller")
            _upload(page, server, 2_000_000)
            expect(box).to_contain_text("status code 503")
            told = page.get_by_test_id("stCaptionContainer").filter(has_text="up to 3 MB")
            expect(told).to_contain_text("but just now the server has room for 1 MB")
            told.get_by_test_id("stTooltipIcon").hover()
            remedy = "503: the server has no memory left for it; try again"
            expect(page.get_by_text(remedy)).to_be_visible()
            _upload(page, server, 10)
            expect(page.get_by_role("heading", name="made.csv")).to_be_visible()
            expect(told).to_have_count(0)
        finally:
            made.close()
