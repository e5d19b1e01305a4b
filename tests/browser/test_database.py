"""A database outage while a page is open: the page reports it and recovers."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from geo.store import LayerSpec
from geo.store.postgis.store import PostgisStore
from tests.support.app_server import expected_selection, read_painted, serve_app, wait_for_map
from tests.support.page_watch import PageWatch
from tests.support.postgres_server import Postgres, wait_for
from tests.support.sample_layers import sample

LINK = "layer=synthetic"


def ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/ready", timeout=20) as answer:
            return answer.status == 200
    except urllib.error.HTTPError:
        return False


def test_page_reports_a_database_outage_and_recovers(
    postgres: Postgres, open_page: Callable[..., Page], watch: PageWatch, tmp_path: Path
):
    url = postgres.fresh()
    with closing(PostgisStore(url)) as store:
        store.write("synthetic", sample(), LayerSpec(title="Synthetic rows"))
    # The map requests the link's layers at once, before the page reports which ones are left.
    watch.allowed = re.compile(r"/features/synthetic|/map/map\.js$")
    with serve_app(log=tmp_path / "log.txt", STORE_URL=url) as app:
        page = open_page()
        page.goto(app.link("overview", LINK))
        whole = expected_selection("overview", LINK, store=url)
        assert whole.layers[0].shown == 8
        ids = read_painted(wait_for_map(page, whole.token))["ids"]
        notice = page.get_by_text("Layers that cannot be read just now are left out.")
        expect(notice).to_have_count(0)

        postgres.stop()
        try:
            wait_for(lambda: not ready(app.url))
            page.get_by_role("button", name="Day before").click()
            expect(notice).to_be_visible()
            expect(
                page.get_by_text("synthetic: The layer database does not answer.")
            ).to_be_visible()
            page.get_by_role("button", name="Take all filters off").click()
        finally:
            postgres.start()
        expect(notice).to_have_count(0)  # without any input
        assert read_painted(wait_for_map(page, whole.token))["ids"] == ids
        expect(page).to_have_url(re.compile(LINK))
