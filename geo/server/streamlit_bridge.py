"""What the server borrows from Streamlit, so that an operator sets each thing once.

Streamlit applies `server.allowedHosts` and its sign-in to its websocket only (1.67). Here our
routes ask the same functions, so that both judge alike. Streamlit is imported when it is first
asked, not when the server's modules are.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path


def is_host_allowed(host: str | None) -> bool:
    """Whether `server.allowedHosts` names the host of a request; with an empty list, any is."""
    from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

    return is_host_allowed(host)


def is_sign_in_configured() -> bool:
    """Whether the operator set up a sign-in: there is `[auth]` in the secrets.

    Secrets that are there and cannot be read are taken for a sign-in that nobody passes: a slip
    of the pen must not open what was closed.
    """
    from streamlit import config
    from streamlit.runtime.secrets import secrets_singleton

    if secrets_singleton.load_if_toml_exists():
        return "auth" in secrets_singleton
    return any(Path(path).exists() for path in config.get_option("secrets.files"))


def is_signed_in(cookies: Mapping[str, str]) -> bool:
    """Whether cookies hold Streamlit's own proof that somebody signed in, on this very site."""
    from streamlit import auth_util
    from streamlit.web.server.starlette import starlette_websocket as streamlits
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    origin = auth_util.get_origin_from_redirect_uri() if is_sign_in_configured() else None
    if not origin:
        return False
    proof = streamlits._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    if not proof:
        return False
    return streamlits._parse_decoded_user_cookie(proof, origin).get("is_logged_in") is True


def uploaded_bytes() -> int:
    """Return how much memory the files take that people brought and whose pages are open."""
    from streamlit import runtime
    from streamlit.runtime.stats import CacheStat

    if not runtime.exists():
        return 0
    stats = runtime.get_instance().uploaded_file_mgr.get_stats()
    return sum(
        one.byte_length for family in stats.values() for one in family if isinstance(one, CacheStat)
    )


def count_sessions() -> int:
    """Return how many pages are open in browsers now."""
    from streamlit import runtime
    from streamlit.runtime.stats import ACTIVE_SESSIONS_FAMILY, GaugeStat

    if not runtime.exists():
        return 0
    stats = runtime.get_instance().stats_mgr.get_stats(family_names=[ACTIVE_SESSIONS_FAMILY])
    return sum(
        int(one.value) for family in stats.values() for one in family if isinstance(one, GaugeStat)
    )


def redirect_streamlit_logs(handler: logging.Handler) -> None:
    """Let the loggers that Streamlit made, and will make, write to a handler alone."""
    from streamlit import logger as streamlits

    def attach(one: logging.Logger) -> None:
        # uvicorn writes addresses, queries included, as soon as somebody listens
        one.handlers = [] if one.name == "uvicorn.access" else [handler]

    streamlits.setup_formatter = attach  # type: ignore[assignment]
    streamlits.update_formatter()


def disable_forced_gc() -> None:
    """Switch off the full collection of garbage that Streamlit runs after each run of a page.

    With 100 viewers it took 60 ms of the 83 that a change cost (py-spy): it walks through what all
    of them hold, on every change of each. Python collects by itself, the more rarely the more there
    is, and memory stayed flat.
    """
    from streamlit import config

    config.set_option("runner.postScriptGC", False, "geo.server.startup")


def disable_ip_lookup() -> None:
    """Keep Streamlit from asking a site on the internet for this machine's address.

    It would for each websocket whose Origin it does not know.
    """
    from streamlit import net_util

    net_util.get_external_ip = lambda: None


def local_url() -> str | None:
    """Return where a browser on this machine finds the app; None where Streamlit does not know."""
    from streamlit import config
    from streamlit.web.server.server_util import get_url

    if config._server_mode != "starlette-app":  # another server runs it, on a port of its own
        return None
    listens = config.get_option("server.address")
    return get_url("localhost" if listens in (None, "", "0.0.0.0", "::") else listens)


def set_upload_limit(megabytes: int) -> None:
    """Let Streamlit take files of that size at most, and say so where a file is dropped."""
    from streamlit import config

    config.set_option("server.maxUploadSize", megabytes, "UPLOAD_FILE_MB")
