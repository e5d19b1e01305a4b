"""The speaker notes window runs only its own script."""

import re

import pytest
from starlette.applications import Starlette

from geo.mapping.theme import LIGHT
from geo.server.routes import middleware, routes
from tests.support.asgi_client import get

APP = Starlette(routes=routes(), middleware=middleware)


@pytest.mark.parametrize(
    ("address", "kind"), [("", "text/html"), (".js", "text/javascript"), (".css", "text/css")]
)
def test_notes_window_has_a_strict_content_security_policy(address, kind):
    answer = get(APP, f"/briefing/notes{address}")
    assert (answer.status, answer.kind) == (200, kind)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_notes_window_has_no_inline_script():
    page = get(APP, "/briefing/notes").body.decode()
    assert re.findall(r"<script[^>]*>", page) == ['<script src="notes.js" defer>']
    assert not re.search(r"\son\w+=|style=|javascript:", page)


def test_notes_script_writes_no_markup():
    script = get(APP, "/briefing/notes.js").body.decode()
    assert not re.search(r"innerHTML|insertAdjacent|outerHTML|eval|document\.write", script)


def test_notes_style_has_the_palette_of_the_map():
    assert LIGHT["accent"] in get(APP, "/briefing/notes.css").body.decode()


def test_other_paths_beside_the_notes_are_a_404():
    assert get(APP, "/briefing/notes.txt").status == 404
