"""The routes beside Streamlit, and the middleware of the app.

Nothing heavy is imported at the top, so that the server starts before geopandas is loaded.
"""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from geo.app_context import context_for_key
from geo.case_file import map_page_paths
from geo.server import tile_routes
from geo.server.copy_routes import get_copy
from geo.server.headers import SecurityHeaders
from geo.server.health import get_health, get_readiness
from geo.server.measure_routes import get_coordinates, get_measurement
from geo.server.metrics import RequestMetrics, get_metrics
from geo.server.page_shell import get_page, page_paths
from geo.server.public_cache import PublicCache
from geo.server.request_guard import RequestGuard, RequireOperator, RequireSignIn
from geo.server.responses import (
    NO_STORE,
    PRIVATE_REVALIDATE,
    REVALIDATE,
    error_response,
    errors_as_responses,
    etag_response,
    parse_request,
)
from geo.server.session_cookie import SessionCookie, parse_session_key
from geo.server.shared_files import SHARED_FILES, get_shared_file
from geo.server.speaker_notes import get_speaker_notes
from geo.server.streamlit_assets import StreamlitAssets
from geo.streamlit_bridge import base_path

GZIP = [Middleware(GZipMiddleware, minimum_size=800, compresslevel=4)]
SIGNED_IN = [Middleware(RequireSignIn)]
PACKED = [*SIGNED_IN, *GZIP]
# From the outermost to the innermost.
_CLASSES = (
    RequestMetrics,
    SecurityHeaders,
    RequestGuard,
    StreamlitAssets,
    SessionCookie,
    PublicCache,
)
middleware = [Middleware(one) for one in _CLASSES]


@errors_as_responses
def get_features(request: Request) -> Response:
    """Answer GET /features/<layer>?<view> with GeoJSON, an ETag and, on request, gzip."""
    from geo.mapping.features import encode_features
    from geo.selection import select

    view, _, where = parse_request(request)
    limit = where.settings.vector_limit
    name = request.path_params["layer"]
    selection = select(view, where.store)
    body = encode_features(name, selection, where.store, vector_limit=limit)
    cache = NO_STORE if selection.unreadable else PRIVATE_REVALIDATE
    return etag_response(request, body, tile_routes.GEOJSON, cache)


@errors_as_responses
def get_playback(request: Request) -> Response:
    """Answer GET /features/claims/playback?<view> with the claims of all days, for playback."""
    from geo.mapping.playback_data import encode_playback

    view, _, where = parse_request(request)
    body = encode_playback(view, where.store, vector_limit=where.settings.vector_limit)
    return etag_response(request, body, tile_routes.GEOJSON, PRIVATE_REVALIDATE)


@errors_as_responses
def get_relief(request: Request) -> Response:
    """Answer GET /map/base/<name>.webp (or .png) with a picture of the relief."""
    from geo.mapping.relief import MEDIA, find_relief_file

    path = find_relief_file(request.url.path.rpartition("/")[2])
    if not path:
        return error_response(404, f"The relief has no picture {request.path_params['name']!r}.")
    return etag_response(request, path.read_bytes(), MEDIA[path.suffix], REVALIDATE)


@errors_as_responses
def get_version(request: Request) -> Response:
    """Answer GET /map/version with the data version that the browser sees now, as text."""
    key = parse_session_key(request.headers.get("cookie"))
    version = context_for_key(key).store.version()
    return Response(version, media_type="text/plain", headers={"Cache-Control": NO_STORE})


def redirect_to_first_page(request: Request) -> Response:
    """Redirect to the root, the only address at which Streamlit serves the first page."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{query}", 302)


def redirect_to_slash(request: Request) -> Response:
    """Redirect "/ops/map" to "/ops/map/", which the page's relative addresses need."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{request.url.path.rpartition('/')[2]}/{query}", 302)


def answer_not_found(request: Request) -> Response:
    """Answer 404; Streamlit would answer 200 with its page."""
    return error_response(404, f"Nothing is served at {request.url.path!r}.")


def routes() -> list[BaseRoute]:
    """Return the routes that are matched before Streamlit's own, below `server.baseUrlPath`.

    Health checks ask a process itself, so they are answered at the root too.
    """
    base = base_path()
    outer = [*_status_routes(""), Route(base, redirect_to_slash)] if base else []
    return [*outer, *_status_routes(base), *_map_routes(base), *_page_routes(base)]


def _status_routes(base: str) -> list[BaseRoute]:
    return [
        Route(f"{base}/health", get_health),
        Route(f"{base}/ready", get_readiness),
        Route(f"{base}/metrics", get_metrics, middleware=[Middleware(RequireOperator)]),
    ]


def _map_routes(base: str) -> list[BaseRoute]:
    features, tiles, files = f"{base}/features", f"{base}/tiles", f"{base}/map"
    return [
        Route(f"{base}/copies/{{sha256}}", get_copy, middleware=SIGNED_IN),
        Route(f"{base}/copies/{{rest:path}}", answer_not_found, middleware=SIGNED_IN),
        Route(f"{features}/claims/playback", get_playback, middleware=PACKED),
        Route(f"{features}/{{layer}}", get_features, middleware=PACKED),
        Route(f"{features}/{{layer}}/within", tile_routes.get_features_within, middleware=PACKED),
        Route(f"{features}/{{layer}}/near", tile_routes.get_features_near, middleware=SIGNED_IN),
        Route(f"{features}/{{rest:path}}", answer_not_found, middleware=SIGNED_IN),
        Route(
            f"{tiles}/{{layer}}/{{z}}/{{x}}/{{y}}.png", tile_routes.get_tile, middleware=SIGNED_IN
        ),
        Route(f"{tiles}/{{rest:path}}", answer_not_found, middleware=SIGNED_IN),
        Route(f"{files}/grid", get_coordinates, middleware=SIGNED_IN),
        Route(f"{files}/measure", get_measurement, middleware=SIGNED_IN),
        *(Route(f"{files}/{name}", get_shared_file) for name in SHARED_FILES),
        Route(f"{files}/version", get_version, middleware=SIGNED_IN),
        *(Route(f"{files}/base/{{name}}{kind}", get_relief) for kind in (".png", ".webp")),
        Route(f"{files}/{{rest:path}}", answer_not_found),
    ]


def _page_routes(base: str) -> list[BaseRoute]:
    notes = [f"{base}/briefing/notes{ending}" for ending in ("", ".js", ".css")]
    return [
        *(Route(path, get_speaker_notes, middleware=SIGNED_IN) for path in notes),
        *(Route(f"{base}/{path}", redirect_to_first_page) for path in map_page_paths()[:1]),
        *(Route(base + path, get_page, middleware=GZIP) for path in page_paths()),
    ]
