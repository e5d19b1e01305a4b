"""Links of the page: relative, complete, and right below a path."""

import pytest

from geo.camera import Camera
from geo.ui.page_context import server_address
from geo.ui.view_links import view_address
from geo.view import View, from_query


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        ("http://127.0.0.1:8501", "http://127.0.0.1:8501"),
        ("http://127.0.0.1:8501/", "http://127.0.0.1:8501"),
        ("https://example.org/evidence", "https://example.org"),
        ("https://example.org/ops/map/evidence?claim=nyt-01", "https://example.org/ops/map"),
        ("https://example.org/ops/map/", "https://example.org/ops/map"),
    ],
)
def test_address_of_the_app_has_no_page(here, expected):
    assert server_address(here) == expected


def test_address_holds_the_view_without_its_camera():
    view = View(page="conflicts", sources="all", systems=("S-400", "Ka-52"), q="a&b#c")
    address = view_address(view, anchor="question-a")
    path, _, rest = address.partition("?")
    query, _, anchor = rest.partition("#")
    assert (path, anchor) == ("./conflicts", "question-a")
    assert from_query(query, page="conflicts") == (view, ())
    assert "at=" not in view_address(View(at=Camera(35, 36, 8)))
    assert view_address(View()) == "./?sources=articles"
