"""Text on its way into HTML: everything that comes from data goes through `esc`."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import pandas as pd


def escape(value: Any) -> str:
    """Return a value as HTML text in which nothing is markup and no template starts."""
    return html.escape(str(value)).replace("{", "&#123;").replace("}", "&#125;")


def escape_markdown(text: str | None) -> str:
    """Return text for a label, in which nothing is markup: a picture would be fetched."""
    return "".join(
        f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|<>~$:" else letter for letter in text or ""
    )


def tag(name: str, css: str, *inside: str) -> str:
    """Return an element with a class; what is inside must be escaped already."""
    return f'<{name} class="{css}">{"".join(inside)}</{name}>'


def html_table(head: tuple[str, ...], rows: Iterable[tuple]) -> str:
    """Return a table; every cell is escaped, and an https address becomes a link.

    A column in which no row has anything is left out.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    kept = [i for i in range(len(head)) if not cells or any(row[i] for row in cells)]
    top = "".join(f"<th>{escape(head[i])}</th>" for i in kept)
    body = "".join("<tr>" + "".join(f"<td>{row[i]}</td>" for i in kept) + "</tr>" for row in cells)
    inside = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return tag("div", "wide", f"<table>{inside}</table>")


def _cell(value: object) -> str:
    text = "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
    if text.startswith("https://"):
        return f'<a href="{escape(text)}" target="_blank" rel="noopener">{escape(text)}</a>'
    return escape(text)
