"""Text on its way into HTML: everything that comes from data goes through `esc`."""

from __future__ import annotations

import html
from typing import Any


def esc(value: Any) -> str:
    """Return a value as HTML text in which nothing is markup and no template starts."""
    return html.escape(str(value)).replace("{", "&#123;").replace("}", "&#125;")


def tag(name: str, css: str, *inside: str) -> str:
    """Return an element with a class; what is inside must be escaped already."""
    return f'<{name} class="{css}">{"".join(inside)}</{name}>'
