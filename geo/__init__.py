"""A map of public reporting: evidence, layers, views and the pictures made from them.

In a notebook, the same Selection as on the page::

    from geo import View, open_store, select

    selection = select(View(places=("khmeimim",)), open_store())
    selection.rows  # a GeoDataFrame, EPSG:4326
"""

from typing import Any

__all__ = ["View", "open_store", "select"]


def __getattr__(name: str) -> Any:
    """Import what a notebook needs when it is asked for: `import geo` alone stays light."""
    if name == "View":
        from geo.view import View

        return View
    if name == "select":
        from geo.selection import select

        return select
    if name == "open_store":
        from geo.shipped import open_with_shipped

        return open_with_shipped
    msg = f"module 'geo' has no attribute {name!r}"
    raise AttributeError(msg)
