"""Import folium without what no page uses: most of its Jinja templates, and requests.

Compiling its eighty templates at import took a fifth of the time to the first page (0.2 of 1.1 s
of processor time; a page uses four). requests took 0.05 s; folium only fetches addresses with it.
"""

import sys
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from typing import Any

import jinja2


class _Later:
    """A proxy of an object that is made at first use."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = cache(make)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copying and pickling look for
            raise AttributeError(name)
        return getattr(self._make(), name)


_at_once = jinja2.Template.__new__


def _later(cls: type, *args: Any, **options: Any) -> _Later:
    return _Later(partial(_at_once, cls, *args, **options))


jinja2.Template.__new__ = staticmethod(_later)  # type: ignore[method-assign]
_requests: Any = _Later(partial(import_module, "requests"))
sys.modules.setdefault("requests", _requests)
try:
    import folium
    import folium.plugins
    from branca.element import MacroElement
    from folium.template import Template
finally:
    if sys.modules["requests"] is _requests:
        del sys.modules["requests"]
    jinja2.Template.__new__ = staticmethod(_at_once)  # type: ignore[method-assign]

__all__ = ["MacroElement", "Template", "folium"]
