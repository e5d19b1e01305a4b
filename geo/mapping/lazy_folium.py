"""Import folium with lazy compilation of its eighty Jinja templates; a page uses four.

Compiling them at import took a fifth of the time to the first page (0.2 of 1.1 s of processor
time).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import jinja2


class _Later:
    """A proxy that compiles its template at first use."""

    def __init__(self, make: Callable[[], jinja2.Template]) -> None:
        self._make = cache(make)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copying and pickling look for
            raise AttributeError(name)
        return getattr(self._make(), name)


_at_once = jinja2.Template.__new__


def _later(cls: type, *args: Any, **options: Any) -> _Later:
    return _Later(partial(_at_once, cls, *args, **options))


jinja2.Template.__new__ = staticmethod(_later)  # type: ignore[method-assign]
try:
    import folium
    import folium.plugins
    from folium.template import Template
finally:
    jinja2.Template.__new__ = staticmethod(_at_once)  # type: ignore[method-assign]

__all__ = ["Template", "folium"]
