"""Serve the speaker's window: a static page whose content comes from the stage's window."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from geo.mapping.frontend_assets import FRONTEND, share_fonts

FILES = {
    "html": FRONTEND / "notes.html",
    "js": FRONTEND / "dist" / "notes.js",
    "css": FRONTEND / "styles" / "notes.css",
}
MEDIA_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def get_speaker_notes(request: Request) -> Response:
    """Answer GET /briefing/notes, notes.js and notes.css."""
    from geo.mapping.theme import build_style_sheet

    kind = request.url.path.rpartition("notes")[2].removeprefix(".") or "html"
    text = FILES[kind].read_text("utf-8")
    if kind == "css":
        text = share_fonts(f"{build_style_sheet()}\n{text}")
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return Response(text, media_type=MEDIA_TYPES[kind], headers=headers)
