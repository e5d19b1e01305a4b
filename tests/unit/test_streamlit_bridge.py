"""Streamlit's private parts exist unchanged, and only streamlit_bridge uses them.

After an upgrade, a failing test names the changed part and the function that uses it.
"""

import ast
import importlib
import inspect
import logging
import re
from copy import copy
from functools import reduce

import pytest

from geo import streamlit_bridge
from geo.settings import ASSETS, ROOT

BRIDGE = ROOT / "geo" / "streamlit_bridge.py"
PUBLIC = {"streamlit", "streamlit.errors"}
AUTH = "streamlit.auth_util"
SOCKET = "streamlit.web.server.starlette.starlette_websocket"
COOKIE = "streamlit.web.server.starlette.starlette_server_config"
# module, attribute, the function of the bridge that uses it
PRIVATE = [
    (SOCKET, "is_host_allowed", "is_host_allowed"),
    ("streamlit.runtime.secrets", "secrets_singleton", "is_sign_in_configured"),
    ("streamlit.runtime.secrets", "secrets_singleton.load_if_toml_exists", "is_sign_in_configured"),
    ("streamlit", "config.get_option", "is_sign_in_configured"),
    (AUTH, "get_secrets_auth_section", "sign_in_providers"),
    ("streamlit", "auth_util.get_origin_from_redirect_uri", "is_signed_in"),
    (SOCKET, "_get_signed_cookie_with_chunks", "is_signed_in"),
    (SOCKET, "_parse_decoded_user_cookie", "is_signed_in"),
    (COOKIE, "USER_COOKIE_NAME", "is_signed_in"),
    ("streamlit.runtime.scriptrunner", "get_script_run_ctx", "is_history_navigation"),
    ("streamlit", "runtime.exists", "uploaded_bytes"),
    ("streamlit", "runtime.get_instance", "uploaded_bytes"),
    ("streamlit.runtime.stats", "CacheStat.byte_length", "uploaded_bytes"),
    ("streamlit.runtime.stats", "ACTIVE_SESSIONS_FAMILY", "count_sessions"),
    ("streamlit.runtime.stats", "GaugeStat.value", "count_sessions"),
    ("streamlit", "logger.setup_formatter", "redirect_streamlit_logs"),
    ("streamlit", "logger.update_formatter", "redirect_streamlit_logs"),
    ("streamlit", "config.set_option", "disable_forced_gc"),
    ("streamlit", "net_util.get_external_ip", "disable_ip_lookup"),
    ("streamlit", "config._config_options", "reuse_theme_messages"),
    ("streamlit.runtime", "app_session._populate_theme_msg", "reuse_theme_messages"),
    ("streamlit", "config._server_mode", "local_url"),
    ("streamlit.web.server.server_util", "get_url", "local_url"),
    ("streamlit.web", "cli.main", "run_app"),
]
CALLS = [
    (SOCKET, "is_host_allowed", "is_host_allowed", ["host"]),
    (SOCKET, "_get_signed_cookie_with_chunks", "is_signed_in", ["cookies", "cookie_name"]),
    (SOCKET, "_parse_decoded_user_cookie", "is_signed_in", ["decoded_cookie", "origin"]),
    ("streamlit.logger", "setup_formatter", "redirect_streamlit_logs", ["logger"]),
    ("streamlit.net_util", "get_external_ip", "disable_ip_lookup", []),
    (
        "streamlit.runtime.app_session",
        "_populate_theme_msg",
        "reuse_theme_messages",
        ["msg", "section"],
    ),
]
OPTIONS = [
    ("runner.postScriptGC", "disable_forced_gc"),
    ("server.maxUploadSize", "set_upload_limit"),
    ("server.allowedHosts", "is_host_allowed"),
    ("server.address", "local_url"),
    ("secrets.files", "is_sign_in_configured"),
]


def attribute(module: str, path: str) -> object:
    """Return an attribute, or the submodule of that name."""
    first, *rest = path.split(".")
    try:
        found = importlib.import_module(f"{module}.{first}")
    except ModuleNotFoundError:
        found = getattr(importlib.import_module(module), first)
    return reduce(getattr, rest, found)


@pytest.mark.parametrize(("module", "path", "user"), PRIVATE)
def test_private_part_exists(module, path, user):
    assert callable(getattr(streamlit_bridge, user))
    try:
        attribute(module, path)
    except (ImportError, AttributeError) as error:
        pytest.fail(f"{module}.{path} changed ({error}): streamlit_bridge.{user} uses it")


@pytest.mark.parametrize(("module", "name", "user", "parameters"), CALLS)
def test_private_function_has_the_same_parameters(module, name, user, parameters):
    found = list(inspect.signature(attribute(module, name)).parameters)
    assert found == parameters, f"{module}.{name} changed: streamlit_bridge.{user} calls it"


@pytest.mark.parametrize(("option", "user"), OPTIONS)
def test_option_exists(option, user):
    from streamlit import config

    assert option in config.get_config_options(), f"{option}: streamlit_bridge.{user} uses it"


def test_run_context_has_the_history_flag():
    from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

    fields = inspect.signature(ScriptRunContext).parameters
    assert "is_history_navigation" in fields, "streamlit_bridge.is_history_navigation reads it"
    assert streamlit_bridge.is_history_navigation() is False


def test_theme_messages_are_the_same_when_they_are_used_again(monkeypatch):
    from streamlit import config
    from streamlit.proto.NewSession_pb2 import CustomThemeConfig
    from streamlit.runtime import app_session

    fresh = app_session._populate_theme_msg
    monkeypatch.setattr(app_session, "_populate_theme_msg", fresh)  # put back at the end
    config.get_config_options()

    def make(populate) -> bytes:
        theme = CustomThemeConfig()
        populate(theme)
        for part in ("light", "dark", "sidebar"):
            populate(getattr(theme, part), f"theme.{part}")
        return theme.SerializeToString(deterministic=True)

    streamlit_bridge.reuse_theme_messages()
    reused = app_session._populate_theme_msg
    assert [make(reused), make(reused)] == [make(fresh)] * 2
    changed = {**config._config_options}
    monkeypatch.setattr(config, "_config_options", changed)
    option = copy(config._config_options_template["theme.primaryColor"])
    option.set_value("#123456", "a test")
    changed["theme.primaryColor"] = option
    assert make(reused) == make(fresh)
    assert b"#123456" in make(reused)


def test_every_private_part_of_the_bridge_is_tested():
    known = [f"{module}.{path}." for module, path, _ in PRIVATE]
    for node in ast.walk(ast.parse(BRIDGE.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit"):
            for alias in node.names:
                part = f"{node.module}.{alias.name}."
                assert any(one.startswith(part) for one in known), f"{part} is not in PRIVATE"


@pytest.mark.parametrize("path", sorted((ROOT / "geo").rglob("*.py")), ids=lambda path: path.stem)
def test_only_the_bridge_uses_private_parts(path):
    if path == BRIDGE:
        return
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        private = [m for m in modules if m.partition(".")[0] == "streamlit" and m not in PUBLIC]
        assert not private, f"{path}:{node.lineno} uses {private}: move it to streamlit_bridge"
    assert not re.search(r"_stcore|ScriptRunContext|\bst\._\w", text), path


@pytest.mark.parametrize("prefix", streamlit_bridge.PAGE_CHUNKS)
def test_frontend_chunk_exists(prefix):
    assert any(name.startswith(f"{prefix}.") for name in streamlit_bridge.page_scripts()), (
        f"no script {prefix}.*.js: streamlit_bridge.page_scripts preloads it"
    )


def test_index_has_a_head_and_scripts_with_hashed_names():
    page = streamlit_bridge.index_html()
    assert "</head>" in page, "streamlit_bridge.index_html: page_shell adds links to the head"
    scripts = re.findall(r'(?:src|href)="\.(/static/[^"]+\.(?:js|css))"', page)
    assert scripts, "streamlit_bridge.index_html: no scripts below ./static/"
    for path in scripts:
        found = streamlit_bridge.HASHED_ASSET.fullmatch(path)
        assert found, f"{path}: streamlit_bridge.HASHED_ASSET does not match it"
        assert streamlit_bridge.static_file(found[1])


def test_elements_of_the_style_sheet_exist_in_the_frontend():
    named = set(re.findall(r'data-testid="(\w+)"', (ASSETS / "theme" / "app.css").read_text()))
    folder = streamlit_bridge.static_folder() / "static" / "js"
    for script in folder.glob("*.js"):
        if not named:
            return
        text = script.read_text("utf-8")
        named = {name for name in named if name not in text}
    assert not named, "assets/theme/app.css: no such element in Streamlit's frontend any more"


def test_reserved_paths_are_those_of_streamlits_routes():
    package = streamlit_bridge.static_folder().parent / "web" / "server" / "starlette"
    text = "".join(file.read_text("utf-8") for file in package.glob("*.py"))
    for path in (*streamlit_bridge.RESERVED_PATHS, streamlit_bridge.COMPONENT_PATH):
        assert path.strip("/") in text, f"{path}: streamlit_bridge.RESERVED_PATHS names it"


def test_streamlit_loggers_write_to_one_handler():
    from streamlit import logger

    before = logger.setup_formatter
    handler = logging.NullHandler()
    try:
        streamlit_bridge.redirect_streamlit_logs(handler)
        assert logger.get_logger("of_this_test").handlers == [handler]
    finally:
        logger.setup_formatter = before
        logger.update_formatter()
