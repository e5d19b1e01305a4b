"""Signs of the map within the page's own text: the marks of stances with their words."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from geo.mapping.symbols import SIGNS, STANCE
from geo.ui.html import escape, tag


def render_sign(path: str) -> str:
    """Return a sign; its outline is a mask, since an SVG element would be taken out of the HTML."""
    picture = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path fill='none' "
        f"stroke='black' stroke-width='1.5' d='{path}'/></svg>"
    )
    address = "data:image/svg+xml," + picture.replace("<", "%3C").replace(">", "%3E")
    return f'<i class="sign-mask" style="--sign: url(&quot;{address}&quot;)"></i>'


def render_stance(stance: str) -> Markup:
    """Return the mark of a stance with its words."""
    words = f"{render_sign(SIGNS['stance'][STANCE[stance].mark])} {escape(STANCE[stance].label)}"
    return Markup(f'<span class="stance-word {stance}">{words}</span>')


def render_stances(stances: Iterable[str]) -> str:
    """Return the legend of those stances that are given, in the order of the map's legend."""
    given = set(stances)
    items = [tag("span", f"stance-key {one}", render_stance(one)) for one in STANCE if one in given]
    return tag("p", "stance-legend", *items)
