"""The routes beside Streamlit, the security headers, and what the process works on."""

from starlette.middleware import Middleware

from geo.server.headers import SecurityHeaders
from geo.server.metrics import Observed
from geo.server.public_cache import Shared
from geo.server.request_guard import Gate
from geo.server.routes import routes
from geo.server.session_cookie import OwnCookie
from geo.server.startup import lifespan
from geo.server.streamlit_assets import Swift

middleware = [
    Middleware(Observed),
    Middleware(SecurityHeaders),
    Middleware(Gate),
    Middleware(Swift),
    Middleware(OwnCookie),
    Middleware(Shared),
]

__all__ = ["lifespan", "middleware", "routes"]
