"""The routes beside Streamlit, the security headers, and what the process works on."""

from starlette.middleware import Middleware

from geo.server.headers import SecurityHeaders
from geo.server.metrics import RequestMetrics
from geo.server.public_cache import PublicCache
from geo.server.request_guard import RequestGuard
from geo.server.routes import routes
from geo.server.session_cookie import SessionCookie
from geo.server.startup import lifespan
from geo.server.streamlit_assets import StreamlitAssets

middleware = [
    Middleware(RequestMetrics),
    Middleware(SecurityHeaders),
    Middleware(RequestGuard),
    Middleware(StreamlitAssets),
    Middleware(SessionCookie),
    Middleware(PublicCache),
]

__all__ = ["lifespan", "middleware", "routes"]
