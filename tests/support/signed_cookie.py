"""Sign-in cookies as Streamlit sets them, without a provider or network."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

from starlette.responses import Response
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette import starlette_auth_routes

SITE = "http://127.0.0.1:8501"


def auth_section(site: str = SITE) -> dict[str, str]:
    """Return an [auth] section for secrets.toml."""
    return {
        "redirect_uri": f"{site}/oauth2callback",
        "cookie_secret": "a secret of these tests alone",
        "client_id": "synthetic",
        "client_secret": "synthetic",
        "server_metadata_url": "http://127.0.0.1:9/.well-known/openid-configuration",
    }


def sign_in_cookies(user: dict, site: str = SITE, section: dict | None = None) -> dict[str, str]:
    """Return the cookies that Streamlit sets after a sign-in."""
    before = secrets_singleton._secrets
    secrets_singleton._secrets = {"auth": section or auth_section(site)}
    try:
        answer = Response()
        told = {**user, "origin": site, "is_logged_in": True, "provider": "default"}
        signed = starlette_auth_routes._set_auth_cookie(answer, told, {"id_token": "x"})
        # In a thread of its own: after browser tests, this thread already has an event loop.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, signed).result()
    finally:
        secrets_singleton._secrets = before
    jar = SimpleCookie()
    for name, value in answer.raw_headers:
        if name == b"set-cookie":
            jar.load(value.decode())
    return {name: morsel.value for name, morsel in jar.items()}
