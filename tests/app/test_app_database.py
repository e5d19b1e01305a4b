"""Pages on a database: layers are shown, an outage is reported, and it recovers."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.applications import Starlette

from geo.app_context import context
from geo.builtin_layers import open_with_builtin
from geo.errors import GeoError
from geo.server.health import warm_up_done
from geo.server.public_cache import PUBLIC, PublicCache
from geo.server.responses import NO_STORE
from geo.server.routes import routes
from geo.store import LayerSpec
from geo.store.copy import copy_layers
from geo.store.postgis.store import PostgisStore
from geo.ui import sidebar, store_status
from tests.support.app_elements import assert_no_error, clear_caches, link_values, read_count
from tests.support.asgi_client import get
from tests.support.postgres_server import Postgres, wait_for
from tests.support.sample_layers import sample

EVERY = 4  # seconds between a page's checks for missing layers
LINK = "layer=synthetic&from=2024-12-12&to=2024-12-12"


@pytest.fixture
def database(postgres: Postgres, use_store) -> Iterator[Postgres]:
    """A database of eight synthetic rows, which the pages use."""
    url = postgres.fresh()
    with closing(PostgisStore(url)) as store:
        store.write("synthetic", sample(), LayerSpec(title="Synthetic rows"))
    use_store(url)
    yield postgres
    if not answers():
        postgres.start()


def answers() -> bool:
    try:
        return not context().store.faults()
    except GeoError:
        return False


def layers(at) -> list[tuple]:
    return [
        (rows.title, rows.shown, rows.total) for rows in at.session_state["page"].selection.layers
    ]


def read_messages(at) -> str:
    return " ".join(part.value for part in (*at.sidebar.warning, *at.sidebar.text, *at.text))


def test_database_outage_is_reported_on_the_page_and_recovers(open_page, database):
    app = Starlette(routes=routes())
    at = assert_no_error(open_page("overview", LINK))
    before, counts = at.session_state["page"].selection.token, read_count(at)
    features = get(app, f"/features/synthetic?{LINK}")
    assert layers(at) == [("Synthetic rows", 5, 8)]
    assert not at.sidebar.warning

    database.stop()
    wait_for(lambda: not answers())
    at = assert_no_error(at.run())
    assert "Layers that cannot be read just now are left out." in read_messages(at)
    assert "synthetic: The layer database does not answer." in read_messages(at)
    assert (layers(at), read_count(at)) == ([], counts)
    assert link_values(at, "layer") == ["synthetic"]
    refused = get(app, f"/features/synthetic?{LINK}")
    assert refused.status == 503
    assert "does not answer" in refused.json["error"]
    assert get(app, f"/features/claims?{LINK}").status == 200
    warm_up_done.set()
    waiting = get(app, "/ready")
    assert (waiting.status, "does not answer" in waiting.json["error"]) == (503, True)
    new = assert_no_error(
        open_page("overview", LINK)
    )  # a link opened during the outage keeps the layer
    assert (layers(new), link_values(new, "layer")) == ([], ["synthetic"])

    database.start()
    wait_for(answers)
    for page in (at, new):
        page = assert_no_error(page.run())
        assert layers(page) == [("Synthetic rows", 5, 8)]
        assert page.session_state["page"].selection.token == before
        assert not page.sidebar.warning
    again = get(app, f"/features/synthetic?{LINK}")
    assert (again.status, again.body) == (200, features.body)


def test_page_without_a_reachable_database_shows_no_data(open_page, database):
    database.stop()
    at = open_page("overview", LINK)
    assert [part.value for part in at.error] == ["This page cannot be shown just now."]
    assert "The layer database does not answer." in read_messages(at)
    warm_up_done.set()
    assert get(Starlette(routes=routes()), "/ready").status == 503
    database.start()
    wait_for(answers)
    assert layers(assert_no_error(at.run())) == [("Synthetic rows", 5, 8)]


def test_temporarily_unreadable_layer_is_not_cached_as_missing(open_page, database, monkeypatch):
    monkeypatch.setenv("STORE_CONNECTIONS", "1")
    monkeypatch.setenv("STORE_WAIT_SECONDS", "0.1")
    clear_caches()
    app, store = PublicCache(Starlette(routes=routes())), context().store
    claims = f"/features/claims?{LINK}&v={store.version()}"
    with store.find_owner("synthetic")._engine.connect():  # takes the only connection
        at = assert_no_error(open_page("overview", LINK))
        assert (
            "synthetic: Layer 'synthetic' (database) cannot be read. All connections"
            in read_messages(at)
        )
        assert layers(at) == []
        refused = get(app, f"/features/synthetic?{LINK}")
        assert (refused.status, "are busy" in refused.json["error"]) == (503, True)
        without = get(app, claims)
        assert (without.status, without.headers["cache-control"]) == (200, NO_STORE)
    at = assert_no_error(at.run())
    assert layers(at) == [("Synthetic rows", 5, 8)]
    assert not at.sidebar.warning
    whole = get(app, claims)
    assert (whole.status, whole.headers["cache-control"]) == (200, PUBLIC)
    labels = [entry["label"] for entry in whole.json["legend"]]
    assert any(label.startswith("Synthetic rows · ") for label in labels)


def test_run_during_a_database_recovery_schedules_a_rerun(open_page, database, monkeypatch):
    at = assert_no_error(open_page("overview", LINK))
    due = []
    monkeypatch.setattr(store_status, "_until_it_changes", lambda _, when: due.append(when))
    database.stop()
    wait_for(lambda: not answers())
    render = sidebar.draw_sidebar

    def slowly(board):  # the database recovers during the run
        database.start()
        wait_for(answers)
        render(board)

    monkeypatch.setattr(sidebar, "draw_sidebar", slowly)
    at = assert_no_error(at.run())
    assert layers(at) == []
    assert "synthetic: Layer 'synthetic' (database) cannot be read." in read_messages(at)
    assert len(due) == 1
    assert due[0] < time.monotonic() + EVERY


def test_outage_of_database_claims_does_not_show_builtin_ones(open_page, database, use_store):
    url = database.fresh()
    with closing(PostgisStore(url)) as store:
        shipped = open_with_builtin()
        assert all(one.info for one in copy_layers(shipped, store, ["claims"]))
    use_store(url)
    at = assert_no_error(open_page("overview"))
    counts = read_count(at)
    database.stop()
    wait_for(lambda: not answers())
    at = at.run()
    assert [part.value for part in at.error] == ["This page cannot be shown just now."]
    assert "Layer 'claims' (database) cannot be read." in read_messages(at)
    database.start()
    wait_for(answers)
    assert read_count(assert_no_error(at.run())) == counts


def test_sharing_is_not_offered_on_a_database_store(open_page, database, monkeypatch, tmp_path):
    monkeypatch.setenv("SHARE_UPLOADS", "1")
    monkeypatch.setenv("OWN_FOLDER", str(tmp_path / "own"))
    clear_caches()
    at = open_page("layers")
    at.file_uploader[0].upload("mine.csv", b"name,lat,lon\na,35.4,35.9\n", "text/csv").run()
    at.session_state["upload_read"].job.wait(60)
    at = assert_no_error(at.run())
    assert any(button.label == "Accept the layer" for button in at.button)
    assert not any(box.label.startswith("Share it") for box in at.checkbox)
