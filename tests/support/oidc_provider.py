"""A local OpenID Connect provider for tests: signed tokens, one user, no network."""

from __future__ import annotations

import secrets
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.support.app_server import PATIENCE, free_port

CLIENT, SECRET = "made-client", "made-secret"
PERSON = {"sub": "made-1", "email": "reader@example.org", "name": "A made reader"}


@dataclass
class Provider:
    """The authorization code flow of OpenID Connect.

    ``forged``: tokens are signed with a key that the provider does not publish.
    """

    url: str
    forged: bool = False
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "made"}))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def about(self, request: Request) -> Response:
        """Return the discovery document."""
        ends = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
        }
        told = {name: f"{self.url}/{end}" for name, end in ends.items()}
        return JSONResponse(
            {
                "issuer": self.url,
                **told,
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def authorize(self, request: Request) -> Response:
        """Show a consent page on which the user agrees or refuses."""
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT or asked.get("response_type") != "code":
            return Response("no such client", 400)
        code = secrets.token_hex(16)
        self.asked[code] = asked
        back = asked["redirect_uri"]
        yes = urlencode({"code": code, "state": asked["state"]})
        no = urlencode({"error": "access_denied", "state": asked["state"]})
        links = f"<a href='{back}?{yes}'>Agree</a> <a href='{back}?{no}'>Refuse</a>"
        return HTMLResponse(f"<link rel=icon href='data:,'>{links}")

    async def token(self, request: Request) -> Response:
        """Return a signed token for a code, once, to the client that requested the code."""
        form = await request.form()
        kind, _, said = request.headers.get("authorization", "").partition(" ")
        known = kind == "Basic" and b64decode(said).decode() == f"{CLIENT}:{SECRET}"
        asked = self.asked.pop(str(form.get("code")), None)
        if not known or asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            **PERSON,
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "nonce": asked.get("nonce"),
        }
        key = RSAKey.generate_key(2048, {"kid": "made"}) if self.forged else self.key
        signed = jwt.encode({"alg": "RS256", "kid": "made"}, claims, key)
        return JSONResponse(
            {
                "access_token": secrets.token_hex(16),
                "token_type": "Bearer",
                "expires_in": 600,
                "id_token": signed,
            }
        )

    def keys(self, request: Request) -> Response:
        """Return the public key that verifies tokens."""
        return JSONResponse({"keys": [self.key.as_dict(private=False, use="sig", alg="RS256")]})

    def routes(self) -> list[Route]:
        """Return the routes of the provider."""
        return [
            Route("/.well-known/openid-configuration", self.about),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/keys", self.keys),
        ]


@contextmanager
def run_provider() -> Iterator[Provider]:
    """Run a provider in a thread inside the block."""
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}")
    app = Starlette(routes=provider.routes())
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + PATIENCE
    while not server.started:
        assert time.monotonic() < end, "the provider does not start"
        thread.join(0.02)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
