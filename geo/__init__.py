"""A map of public reporting: evidence, layers, views and the pictures made from them.

In a notebook, the same Selection as on the page::

    from geo import View, open_store, select

    selection = select(View(places=("harbour",)), open_store())
    selection.rows  # a GeoDataFrame, EPSG:4326
"""

from importlib import import_module
from typing import Any

__all__ = ["View", "open_store", "select"]

_WHERE = {
    "View": ("geo.view", "View"),
    "open_store": ("geo.builtin_layers", "open_with_builtin"),
    "select": ("geo.selection", "select"),
}


def __getattr__(name: str) -> Any:
    """Import the public names lazily, so that `import geo` stays fast."""
    if name not in _WHERE:
        msg = f"module 'geo' has no attribute {name!r}"
        raise AttributeError(msg)
    module, attribute = _WHERE[name]
    return getattr(import_module(module), attribute)
