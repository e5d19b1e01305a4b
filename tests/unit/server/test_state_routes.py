"""Routes answer for an earlier state of the reports from the address alone."""

import json

import pytest
from starlette.applications import Starlette

from geo.app_context import context
from geo.builtin_layers import find_store
from geo.ledger import Records
from geo.server.routes import middleware, routes
from tests.support import ledger_days
from tests.support.app_elements import clear_caches
from tests.support.asgi_client import get
from tests.support.ledger_records import PLACE, SOURCE, make_claim

PAST = "sources=all&as_of=2025-03-02"
EVERY = "/features/claims?sources=all"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Share a ledger with the history of `ledger_days`."""
    monkeypatch.setenv("LEDGER_URL", str(tmp_path / "ledger"))
    monkeypatch.setenv("STORE_URL", "")
    clear_caches()
    yield ledger_days.write_history(tmp_path / "ledger")
    monkeypatch.undo()
    clear_caches()


@pytest.fixture
def app(desk):
    return Starlette(routes=routes(), middleware=middleware)


def ids(answer) -> set[str]:
    return {one["id"] for one in answer.json["features"]}


def test_address_shows_the_reports_as_they_stood(app):
    then, now = get(app, f"/features/claims?{PAST}"), get(app, EVERY)
    assert ids(then) - ids(now) == {ledger_days.WITHDRAWN}
    assert ids(now) - ids(get(app, f"{EVERY}&as_of=2025-02-28")) == {ledger_days.ADDED}
    assert then.json["token"] != now.json["token"]


def test_each_process_gives_the_same_answer(app):
    first = get(app, f"/features/claims?{PAST}")
    clear_caches()  # as another process, which has read nothing yet
    again = get(app, f"/features/claims?{PAST}")
    assert (first.body, first.headers["etag"]) == (again.body, again.headers["etag"])


def test_change_leaves_the_answer_of_an_earlier_state_as_it_is(app, desk):
    first = get(app, f"/features/claims?{PAST}")
    name = find_store(context().store, "2025-03-02").version()
    claim = make_claim("synthetic-01", source=SOURCE["id"], place=PLACE["id"])
    desk.draft(Records((claim,), (SOURCE,), (PLACE,)), "new")
    desk.publish(["synthetic-01"])
    clear_caches()
    assert "synthetic-01" in ids(get(app, EVERY))
    assert get(app, f"/features/claims?{PAST}").body == first.body
    assert find_store(context().store, name).version() == name
    places = [get(app, f"/features/places{query}") for query in ("", "?as_of=2025-03-02")]
    assert [PLACE["id"] in ids(one) for one in places] == [True, False]


def test_version_of_what_is_published_changes_with_it_and_not_with_a_draft(app, desk):
    first = get(app, "/map/version")
    claim = make_claim("synthetic-01", source=SOURCE["id"], place=PLACE["id"])
    desk.draft(Records((claim,), (SOURCE,), (PLACE,)), "new")
    assert get(app, "/map/version").body == first.body
    desk.publish(["synthetic-01"])
    assert get(app, "/map/version").body not in (first.body, b"")
    assert first.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("state", ["99-00000000", "2025-02-30", "x", "now"])
def test_state_that_is_none_is_a_bad_request(app, state):
    answer = get(app, f"/features/claims?as_of={state}")
    assert answer.status == 400
    assert "as_of" in json.loads(answer.body)["error"]
