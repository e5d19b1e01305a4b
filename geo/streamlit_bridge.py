"""The only module that uses Streamlit's private parts; tests/unit/test_streamlit_bridge.py.

Each function says why the public API is not enough, and the public fallback where there is one.
After an upgrade the test names each private part that changed and the function that uses it.
Streamlit is imported inside the functions, so that the server starts before Streamlit is loaded.
"""

from __future__ import annotations

import itertools
import logging
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.protobuf.message import Message

# Paths that Streamlit's server reserves. No public name; fallback: none, they are in its URLs.
INTERNAL_PATH = "/_stcore/"
UPLOAD_PATH = f"{INTERNAL_PATH}upload_file/"
COMPONENT_PATH = "/component/"
RESERVED_PATHS = ("/static", "/media", "/component", "/_stcore/upload_file", "/_stcore")
SIGN_IN_PATHS = ("/auth", "/oauth2callback")
# Scripts of Streamlit's frontend whose name holds a hash of their content.
HASHED_ASSET = re.compile(
    r"/static/((?:js|css|media)/[\w.-]+\.[\w-]{8}\.(?:js|css|woff2))", re.ASCII
)
# Chunks of the frontend that every page of ours draws with, by the start of their file name.
PAGE_CHUNKS = ["Html", "purify.es", "Slider", "ComponentInstance", "Radio", "Multiselect", "Button"]
PAGE_CHUNKS += ["TextInput", "Selectbox"]
_IMPORT = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"', re.ASCII)


@lru_cache(maxsize=1)
def static_folder() -> Path:
    """Return the folder of Streamlit's index.html and frontend; nothing is in it if it is missing.

    Why: our routes answer with index.html and its scripts. Fallback: let Streamlit serve them.
    """
    spec = find_spec("streamlit")
    return Path((spec and spec.origin) or os.devnull).parent / "static"


@lru_cache(maxsize=1)
def index_html() -> str:
    """Return Streamlit's index.html; empty if it is missing.

    Why: stylesheet and security policy need it. Fallback: `st.html`, up to 0.4 s later.
    """
    page = static_folder() / "index.html"
    return page.read_text("utf-8") if page.is_file() else ""


def static_file(name: str) -> Path | None:
    """Return the file of a `HASHED_ASSET` name such as js/Html.aB3_xY-9.js; None if missing."""
    path = static_folder() / "static" / name
    return path if path.is_file() else None


def find_media_file(pattern: str) -> Path | None:
    """Return the first media file of the frontend whose name matches a pattern; None if missing.

    Why: its fonts are used in maps and pictures. Fallback: the system's fonts.
    """
    return min((static_folder() / "static" / "media").glob(pattern), default=None)


def page_scripts() -> list[str]:
    """Return the file names of `PAGE_CHUNKS` and what they import, without those of index.html.

    Why: a browser that fetches them early shows the first map 0.3 s sooner. Fallback: no preload.
    """
    scripts = static_folder() / "static" / "js"
    waiting = [path.name for part in PAGE_CHUNKS for path in scripts.glob(f"{part}.*.js")]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in found and (scripts / name).is_file() and name not in index_html():
            found[name] = None
            waiting += _IMPORT.findall((scripts / name).read_text("utf-8"))
    return list(found)


def base_path() -> str:
    """Return the path that `server.baseUrlPath` puts the app below, as "/ops/map"; "" is the root.

    Why: Streamlit moves its own routes below it, and not those given to `st.App`. `st.get_option`
    is public, but imports all of Streamlit. Fallback: `st.get_option`.
    """
    from streamlit import config

    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def is_host_allowed(host: str | None) -> bool:
    """Return whether `server.allowedHosts` allows a Host header; an empty list allows all.

    Why: Streamlit applies it to its websocket only. Fallback: `st.get_option` and own matching.
    """
    from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

    return is_host_allowed(host)


def is_sign_in_configured() -> bool:
    """Return whether the secrets have an `[auth]` section; unreadable secrets deny everyone.

    Why: `st.secrets` raises outside of a session where there is no file, and an unreadable file
    must not open what was closed. Fallback: `"auth" in st.secrets`, errors taken as True.
    """
    from streamlit import config
    from streamlit.runtime.secrets import secrets_singleton

    if secrets_singleton.load_if_toml_exists():
        return "auth" in secrets_singleton
    return any(Path(path).exists() for path in config.get_option("secrets.files"))


def sign_in_providers() -> list[str]:
    """Return the names of the sign-in providers; "" is the one without a name.

    Why: `st.login` needs the name, and no public call lists them. Fallback: `st.secrets["auth"]`.
    """
    from streamlit.auth_util import get_secrets_auth_section

    section: Mapping[str, object] = get_secrets_auth_section() or {}
    named = [str(name) for name, value in section.items() if isinstance(value, Mapping)]
    return ["", *named] if "client_id" in section or not named else named


def is_signed_in(cookies: Mapping[str, str]) -> bool:
    """Return whether cookies hold Streamlit's signed proof of a sign-in on this site.

    Why: `st.user` exists in a page's session only, and our routes have none. Fallback: none.
    """
    from streamlit import auth_util
    from streamlit.web.server.starlette import starlette_websocket
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    origin = auth_util.get_origin_from_redirect_uri() if is_sign_in_configured() else None
    if not origin:
        return False
    proof = starlette_websocket._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    if not proof:
        return False
    user = starlette_websocket._parse_decoded_user_cookie(proof, origin)
    return user.get("is_logged_in") is True


def is_history_navigation() -> bool:
    """Return whether this run started because somebody went back or forward in the browser.

    Why: the address then counts, else the session's view. Fallback: False, and reload by hand.
    """
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def uploaded_bytes() -> int:
    """Return the memory that the uploaded files of all open pages take, in bytes.

    Why: UPLOAD_HELD_MB limits it. Fallback: the metric of `/_stcore/metrics`.
    """
    from streamlit import runtime
    from streamlit.runtime.stats import CacheStat

    if not runtime.exists():
        return 0
    stats = runtime.get_instance().uploaded_file_mgr.get_stats()
    every = itertools.chain.from_iterable(stats.values())
    return sum(one.byte_length for one in every if isinstance(one, CacheStat))


def count_sessions() -> int:
    """Return the number of open sessions. Why: /metrics. Fallback: `/_stcore/metrics`."""
    from streamlit import runtime
    from streamlit.runtime.stats import ACTIVE_SESSIONS_FAMILY, GaugeStat

    if not runtime.exists():
        return 0
    stats = runtime.get_instance().stats_mgr.get_stats(family_names=[ACTIVE_SESSIONS_FAMILY])
    every = itertools.chain.from_iterable(stats.values())
    return sum(int(one.value) for one in every if isinstance(one, GaugeStat))


def redirect_streamlit_logs(handler: logging.Handler) -> None:
    """Make the loggers that Streamlit made, and will make, write to this handler only.

    Why: each has a console handler. Fallback: `logger.messageFormat`, with what was filled in.
    """
    from streamlit import logger as streamlit_logger

    def attach(logger: logging.Logger) -> None:
        # uvicorn's access log would hold addresses with their queries
        logger.handlers = [] if logger.name == "uvicorn.access" else [handler]

    streamlit_logger.setup_formatter = attach  # type: ignore[assignment]
    streamlit_logger.update_formatter()


def disable_forced_gc() -> None:
    """Disable the full garbage collection that Streamlit runs after each run of a page.

    Why: it took 60 ms of the 83 ms that a change cost with 100 viewers; memory stayed flat.
    Fallback: `--runner.postScriptGC false`; `st.set_option` refuses this option.
    """
    from streamlit import config

    config.set_option("runner.postScriptGC", False, "geo.server.startup")


def reuse_theme_messages() -> None:
    """Make the theme's part of the message that begins each run once for each configuration.

    Why: it took 1.3 ms of each run, to make the same bytes. Fallback: none; leave it out.
    """
    from streamlit import config
    from streamlit.runtime import app_session

    populate = app_session._populate_theme_msg
    made: dict[str, Message] = {}
    of: object = None

    def populate_once(msg: Message, section: str = "theme") -> None:
        nonlocal of
        if of is not config._config_options:  # a new object when config.toml is read again
            of = config._config_options
            made.clear()
        if section not in made:
            fresh = type(msg)()
            populate(fresh, section)
            made[section] = fresh
        if made[section].ByteSize():  # else the field stays unset
            msg.MergeFrom(made[section])

    app_session._populate_theme_msg = populate_once


def disable_ip_lookup() -> None:
    """Keep Streamlit from asking an internet site for the address of this machine.

    Why: it would for each websocket of an unknown Origin. Fallback: `browser.serverAddress`.
    """
    from streamlit import net_util

    net_util.get_external_ip = lambda: None


def local_url() -> str | None:
    """Return the app's URL for a browser on this machine; None if another server runs it.

    Why: it is printed at the start. Fallback: print none.
    """
    from streamlit import config
    from streamlit.web.server.server_util import get_url

    if config._server_mode != "starlette-app":
        return None
    address = config.get_option("server.address")
    return get_url("localhost" if address in (None, "", "0.0.0.0", "::") else address)


def set_upload_limit(megabytes: int) -> None:
    """Set the largest file that Streamlit takes; its upload area shows the figure.

    Why: `st.set_option` refuses this option. Fallback: `--server.maxUploadSize`.
    """
    from streamlit import config

    config.set_option("server.maxUploadSize", megabytes, "UPLOAD_FILE_MB")


def run_app(script: str, port: int) -> None:
    """Run `streamlit run` in this process. Fallback: the command itself, in a child process."""
    from streamlit.web import cli

    cli.main(["run", script, "--server.port", str(port)], standalone_mode=True)
