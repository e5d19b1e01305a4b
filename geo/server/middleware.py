"""The ASGI middleware of the app, from the outermost to the innermost."""

from starlette.middleware import Middleware

from geo.server.headers import SecurityHeaders
from geo.server.metrics import RequestMetrics
from geo.server.public_cache import PublicCache
from geo.server.request_guard import RequestGuard
from geo.server.session_cookie import SessionCookie
from geo.server.streamlit_assets import StreamlitAssets

middleware = [
    Middleware(RequestMetrics),
    Middleware(SecurityHeaders),
    Middleware(RequestGuard),
    Middleware(StreamlitAssets),
    Middleware(SessionCookie),
    Middleware(PublicCache),
]
