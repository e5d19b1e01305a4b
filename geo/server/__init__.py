"""The routes beside Streamlit, the security headers, and what the process works on."""

from starlette.middleware import Middleware

from geo.server.gate import Gate
from geo.server.headers import SecurityHeaders
from geo.server.metrics import Observed
from geo.server.own import OwnCookie
from geo.server.routes import routes
from geo.server.shared import Shared
from geo.server.swift import Swift
from geo.server.warm import lifespan

middleware = [
    Middleware(Observed),
    Middleware(SecurityHeaders),
    Middleware(Gate),
    Middleware(Swift),
    Middleware(OwnCookie),
    Middleware(Shared),
]

__all__ = ["lifespan", "middleware", "routes"]
