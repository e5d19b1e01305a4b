"""Addresses of views, for the links of the page: each opens in place and keeps the session."""

from dataclasses import replace
from urllib.parse import quote, urlencode

from geo.page_registry import EVIDENCE, first_page
from geo.ui.page_context import PageContext
from geo.view import View, to_query


def view_address(view: View, *, anchor: str = "") -> str:
    """Return the address of a view, relative to any page.

    The camera is left out: page.js adds the map's own.
    """
    view = replace(view, at=None, screen=None, scene=None)
    path = "" if view.page == first_page().path else view.page
    # An empty query means a click in the navigation, which keeps the session's view.
    address = f"./{path}?{to_query(view) or urlencode([('sources', view.sources)])}"
    return f"{address}#{quote(anchor)}" if anchor else address


def claim_address(page: PageContext, claim: str) -> str:
    """Return the address that opens a report: on this page if it has a panel, else the ledger."""
    has_panel = page.spec.frame is not None or page.spec.path == EVIDENCE
    opened = page.spec.path if has_panel else EVIDENCE
    return view_address(replace(page.view, page=opened, claim=claim))


def question_address(page: PageContext, conflict: str) -> str:
    """Return the address of a question on the page Conflicts."""
    return view_address(replace(page.view, page="conflicts"), anchor=question_anchor(conflict))


def question_anchor(conflict: str) -> str:
    """Return the id of a question's heading."""
    return f"question-{conflict}"


def view_of_origin(page: PageContext, origin: str) -> View:
    """Return the view of all reports that rest on one origin; nothing else filters them."""
    path = first_page().path if page.spec.places else page.spec.path
    view = page.view.without_filters()
    return replace(view, page=path, sources="all", origins=(origin,), claim=page.view.claim)
