"""The routes beside Streamlit, the security headers, and what the process works on."""

from starlette.middleware import Middleware

from geo.server.headers import SecurityHeaders
from geo.server.metrics import Observed
from geo.server.public_cache import PublicCache
from geo.server.request_guard import RequestGuard
from geo.server.routes import routes
from geo.server.session_cookie import OwnCookie
from geo.server.startup import lifespan
from geo.server.streamlit_assets import StreamlitAssets

middleware = [
    Middleware(Observed),
    Middleware(SecurityHeaders),
    Middleware(RequestGuard),
    Middleware(StreamlitAssets),
    Middleware(OwnCookie),
    Middleware(PublicCache),
]

__all__ = ["lifespan", "middleware", "routes"]
