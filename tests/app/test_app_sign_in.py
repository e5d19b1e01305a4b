"""Sign-in and upload limits: clear messages, no data shown or lost."""

import pytest
from streamlit.runtime.secrets import secrets_singleton
from streamlit.testing.v1 import AppTest

from geo.app_context import session_layers
from geo.page_registry import find_page, list_pages
from tests.app.test_app_layers import CSV, press, upload_file
from tests.support.app_elements import MAIN, assert_no_error, read_text
from tests.support.signed_cookie import auth_section

READER = {"is_logged_in": True, "email": "![x](http://127.0.0.1:9/x.png)reader@example.org"}


@pytest.fixture
def auth(monkeypatch):
    """Configure a sign-in."""
    monkeypatch.setattr(secrets_singleton, "_secrets", {"auth": auth_section()})


@pytest.fixture
def own_folder(tmp_path, use_store, monkeypatch):
    monkeypatch.setenv("OWN_FOLDER", str(tmp_path / "own"))
    use_store("")


def opened(path: str, query: dict[str, str], user: dict | None = None) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=30)
    at.switch_page(find_page(path).script)
    for name, text in query.items():
        at.query_params[name] = text
    at.user = user or {}
    return at.run()


@pytest.mark.parametrize("query", [{}, {"clean": "1"}, {"clean": "4:3", "claim": "x"}])
@pytest.mark.parametrize("path", [page.path for page in list_pages()])
def test_page_shows_only_a_button_until_sign_in(auth, path, query):
    at = opened(path, query)
    assert [one.label for one in at.button] == ["Sign in"]
    assert [one.value for one in at.title] == ["Sign in"]
    assert read_text(at).strip() == ""
    shown = (at.sidebar.text, at.sidebar.button, at.dataframe, at.selectbox, at.expander, at.error)
    assert not any(len(one) for one in shown)
    assert "page" not in at.session_state
    assert not at.exception


def test_signed_in_user_sees_the_page_and_can_sign_out(auth):
    at = assert_no_error(opened("overview", {}, READER))
    assert at.session_state["page"].selection.ids
    assert READER["email"] in [one.value for one in at.sidebar.text]
    press(at, "Sign out")
    assert [one.label for one in at.button] == ["Sign in"]


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_only_a_confirmed_sign_in_is_accepted(auth, said):
    at = opened("overview", {}, {"is_logged_in": said, "email": "x"})
    assert [one.label for one in at.button] == ["Sign in"]


def test_failing_sign_in_is_reported(monkeypatch):
    monkeypatch.setattr(secrets_singleton, "_secrets", {"auth": {"cookie_secret": "x"}})
    at = press(opened("overview", {}), "Sign in")
    assert not at.exception
    assert "Tell the operator" in at.error[0].value


def test_each_provider_has_a_button(monkeypatch):
    one = {"client_id": "x", "client_secret": "x", "server_metadata_url": "http://127.0.0.1:9"}
    section = {"redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "x"}
    secrets = {"auth": {**section, "first": one, "second": one}}
    monkeypatch.setattr(secrets_singleton, "_secrets", secrets)
    at = opened("overview", {})
    assert [one.label for one in at.button] == ["Sign in with first", "Sign in with second"]


def test_page_without_sign_in_configuration_has_no_button(open_page):
    at = assert_no_error(open_page())
    assert not any("Sign" in one.label for one in at.button)


def test_upload_rate_limit_reports_the_time_to_wait(open_page, own_folder, monkeypatch):
    monkeypatch.setenv("UPLOADS_PER_MINUTE", "1")
    at = assert_no_error(upload_file(open_page("layers"), "mine.csv", CSV))
    at = upload_file(at, "again.csv", CSV)
    told = " ".join(one.value for one in at.text)
    assert "1 times within a minute. Try again in" in told
    at = press(at, "Try again")
    at.session_state["upload_read"].job.wait(60)
    assert "Try again in" in " ".join(one.value for one in at.run().text)
    assert_no_error(upload_file(open_page("layers"), "mine.csv", CSV))


def test_session_layer_limit_is_reported_and_loses_no_layer(open_page, own_folder, monkeypatch):
    monkeypatch.setenv("OWN_LAYERS", "1")
    at = assert_no_error(
        press(upload_file(open_page("layers"), "mine.csv", CSV), "Accept the layer")
    )
    at = upload_file(at, "more.csv", CSV)
    told = " ".join(one.value for one in at.text)
    assert "as there may be (1). Remove one" in told
    at = press(at, "Accept the layer")
    assert "The layer was not kept." in [one.value for one in at.error]
    (info,) = session_layers().open(at.session_state["own_key"]).layers()
    assert info.title == "mine"
